"""Trajectories and runways, as they are published: where an academy stands on the way to a promise (C9)."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import Field

from app.domain.evaluation import Evaluation, comparator_of
from app.domain.figures import Figure
from app.domain.framework_vocabulary import DayBasis
from app.domain.promises import Known, Promise
from app.domain.trajectories import Point, PointSource, Standing, expected_by, runway, standing
from app.domain.vocabulary import Comparator
from app.queries.comparison import Number
from app.queries.figures import FigureUsed
from app.queries.published import Published


class TrajectoryPoint(Published):
    """A value that is expected by a day."""

    on: date
    value: Number
    comparator: Comparator | None
    source: PointSource
    id: UUID
    code: str | None
    printed: str | None


class RunwayLeft(Published):
    """What is left to do, and the time there is for it."""

    endsOn: date
    remaining: Number = Field(description="The change that is still needed; 0: none.")
    weeksLeft: Number
    basis: DayBasis = Field(
        description="`school`: weeks of five school days by the trust's calendar; `calendar`: of seven days."
    )
    perWeek: Number | None = Field(description="To four decimals, a half away from zero; null: no week is left.")


class TrajectoryOf(Published):
    """The dated points that lead there, and where the academy stands on the way."""

    rule: str = Field(description="Stepwise, or linear between points where that was asked for.")
    points: list[TrajectoryPoint]
    expected: Number | None = Field(
        description="By the day asked about; null: before the first point, or points disagree."
    )
    pointsDisagree: bool = Field(description="Whether points of one day ask for different values.")
    current: FigureUsed | None = Field(description="How things stand, whatever was promised for when.")
    difference: Number | None = Field(description="Current value minus the expected one.")
    standing: Standing | None
    runway: RunwayLeft | None


def trajectory_of(
    promise: Promise, found: Evaluation, way: list[Point], known: Known, *, interpolate: bool
) -> TrajectoryOf | None:
    """The way there, of promises with a number whose day is known or that points lead up to."""
    measure = known.measures.get(promise.metric or "")
    if promise.value is None or not way:
        return None
    expected = expected_by(way, known.on, interpolate=interpolate)
    comparator = comparator_of(promise, measure.metric.direction) if measure else promise.comparator
    current = _current(promise, found, known)
    value = current.value if current and not promise.is_gap else found.value
    difference = value - expected.value if value is not None and expected.value is not None else None
    return TrajectoryOf(
        rule=expected.rule,
        points=[TrajectoryPoint(**vars(one)) for one in way],
        expected=expected.value,
        pointsDisagree=expected.disagrees,
        current=FigureUsed.of(current) if current else None,
        difference=difference,
        standing=standing(difference, comparator) if difference is not None and comparator else None,
        runway=_runway(promise, value, comparator, known),
    )


def _current(promise: Promise, found: Evaluation, known: Known) -> Figure | None:
    """The latest figure there is. Of gaps and of what is observed, the one the verdict rests on."""
    measure = known.measures.get(promise.metric or "")
    if measure is None or measure.is_observed or promise.is_gap:
        return found.figure
    return known.latest((measure.metric.code, promise.group_id, None))


def _runway(promise: Promise, value: Decimal | None, comparator: Comparator | None, known: Known) -> RunwayLeft | None:
    if value is None or promise.value is None or promise.ends_on is None or comparator is None:
        return None
    left = runway(value, promise.value, comparator, on=known.on, ends_on=promise.ends_on, calendar=known.calendar)
    return RunwayLeft(
        endsOn=left.ends_on,
        remaining=left.remaining,
        weeksLeft=left.weeks_left,
        basis=left.basis,
        perWeek=left.per_week,
    )
