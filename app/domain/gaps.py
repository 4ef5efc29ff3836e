"""The gap between two groups, or to an official comparator: of one period and grain, with its sign stated (C10)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.domain.figures import Figure
from app.domain.framework_vocabulary import DefinitionStatus, Direction
from app.domain.measure_vocabulary import OfficialScope
from app.domain.promises import Known, Promise, Series

GAP: Final = "gap.group_minus_other"
"""Positive where the group stands higher than what it is laid beside."""


class NoGapBecause(StrEnum):
    METRIC_UNKNOWN = "metric_unknown"
    METRIC_UNDEFINED = "metric_undefined"
    DIRECTION_UNKNOWN = "direction_unknown"
    READING_MISSING = "reading_missing"
    COMPARATOR_MISSING = "comparator_missing"
    VALUE_ABSENT = "value_absent"


@dataclass(frozen=True)
class Gap:
    """Group minus other, and how far the group is behind: positive where it does worse by the metric's direction."""

    value: Decimal
    behind: Decimal
    figure: Figure
    other: Figure
    direction: Direction


@dataclass(frozen=True)
class NoGap:
    """Why there is no gap to tell, and whichever of the two figures there is."""

    why: NoGapBecause
    sentence: str
    figure: Figure | None = None
    other: Figure | None = None


def gap_between(
    metric: str,
    known: Known,
    *,
    group_id: UUID | None,
    other: UUID | OfficialScope | None,
    promise: Promise | None = None,
) -> Gap | NoGap:
    """The latest gap; of a promise, the one that belongs to its time. A group that is null stands for all pupils."""
    if refused := _refused(metric, known, other):
        return refused
    measure = known.measures[metric].metric
    label, direction = measure.label, measure.direction
    assert direction is not None
    mine: Series = (metric, group_id, None)
    figure = known.of_promise(promise, mine) if promise else known.latest(mine)
    if figure is None:
        return NoGap(NoGapBecause.READING_MISSING, f"There is no reading of {label} for this group.")
    beside = _beside(metric, known, figure, group_id, other)
    if beside is None:
        sentence = (
            f"There is no figure of {label} to lay beside it for {figure.starts_on:%-d %B %Y} to {figure.ends_on:%-d %B %Y}. "
            "Record the one of the same period."
        )
        return NoGap(NoGapBecause.COMPARATOR_MISSING, sentence, figure)
    if figure.value is None or beside.value is None:
        sentence = f"One of the two figures of {label} has no value, so there is no gap to tell."
        return NoGap(NoGapBecause.VALUE_ABSENT, sentence, figure, beside)
    value = figure.value - beside.value
    return Gap(value, -value if direction is Direction.HIGHER else value, figure, beside, direction)


def _refused(metric: str, known: Known, other: UUID | OfficialScope | None) -> NoGap | None:
    """Why no gap of this metric is told, whatever the figures."""
    if metric not in known.measures:
        return NoGap(NoGapBecause.METRIC_UNKNOWN, f"The trust has no metric {metric}. Add it, with its direction.")
    measure = known.measures[metric].metric
    if isinstance(other, OfficialScope) and measure.definition_status is DefinitionStatus.LOCAL_UNDEFINED:
        sentence = f"Nobody has said how {measure.label} is made, so no official figure stands beside it. Define the metric first."
        return NoGap(NoGapBecause.METRIC_UNDEFINED, sentence)
    if measure.direction is None:
        sentence = f"Nobody has said which way {measure.label} gets better, so nobody is behind. Say so in the metric."
        return NoGap(NoGapBecause.DIRECTION_UNKNOWN, sentence)
    return None


def _beside(
    metric: str, known: Known, figure: Figure, group_id: UUID | None, other: UUID | OfficialScope | None
) -> Figure | None:
    """An official figure of all pupils it speaks of; where it has none, the one for the same group."""
    if not isinstance(other, OfficialScope):
        return known.same_period((metric, other, None), figure)
    of_all = known.same_period((metric, None, other), figure)
    return of_all or known.same_period((metric, group_id, other), figure)
