"""What is known of one metric of an academy: which reading or inspection judgements count, and why there may be none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from app.domain.category_proposals import Input
from app.domain.inspection import InspectionGrade
from app.domain.measure_vocabulary import Absence
from app.domain.stage_measures import Graded, MetricTests
from app.domain.suppositions import NOTHING_SUPPOSED, Supposition


class NotEvaluable(StrEnum):
    """Why a metric cannot be judged. A missing value is never zero, and a grade of another framework never stands in."""

    METRIC_UNKNOWN = "metric_unknown"
    NO_READING = "no_reading"
    NO_VALUE = "no_value"
    NOT_INSPECTED = "not_inspected"
    INSPECTION_FRAMEWORK_ENDED = "inspection_framework_ended"
    NO_GRADE = "no_grade"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A grade given to an academy, for an area or (with none) for the school as a whole."""

    framework_id: UUID
    grade: str
    inspected_on: date
    area: str | None = None
    outcome_id: UUID | None = None


class FigureKnown(NamedTuple):
    """A value or the reason why there is none, and the reading as it is told in answers: JSON."""

    value: Decimal | None
    absence: Absence | None
    told: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    """What is known of one metric, as the rules take it, with what it rests on or why it cannot be judged."""

    given: Input
    why: NotEvaluable | None = None
    figure: FigureKnown | None = None
    used: tuple[Judgement, ...] = ()
    supposed: bool = False


_SENTENCES: Final = {
    NotEvaluable.METRIC_UNKNOWN: "The trust has no metric {metric}, so it has no readings. Add it, or correct the framework.",
    NotEvaluable.NO_READING: "There is no reading of {metric} for all pupils of a period that has ended by this day.",
    NotEvaluable.NO_VALUE: "The latest reading of {metric} has no value: {absence}. An earlier one does not stand in for it.",
    NotEvaluable.NOT_INSPECTED: "No judgement by {inspection} is recorded.",
    NotEvaluable.INSPECTION_FRAMEWORK_ENDED: (
        "Inspections by {inspection} ended on {ended}, and none of this academy is recorded. "
        "Grades of another inspection framework are not translated into it."
    ),
    NotEvaluable.NO_GRADE: "What was judged by {inspection} is no grade: {grade}.",
}


def why_not(reason: NotEvaluable, tests: MetricTests, *, absence: Absence | None = None, grade: str = "") -> str:
    inspection = tests.graded.framework if tests.graded else None
    return _SENTENCES[reason].format(
        metric=tests.metric,
        absence=absence.replace("_", " ") if absence else "",
        inspection=inspection.label if inspection else "",
        ended=inspection.valid_to if inspection else "",
        grade=grade,
    )


def judge(
    tests: MetricTests,
    figures: Mapping[str, FigureKnown],
    judgements: Iterable[Judgement],
    *,
    on: date,
    supposed: Supposition = NOTHING_SUPPOSED,
) -> Judged:
    """What is supposed goes before what is known. `figures` are the readings to use, by metric."""
    if tests.graded is not None:
        return _by_grades(tests, tests.graded, judgements, on=on, supposed=supposed)
    if tests.metric in supposed.values:
        value = supposed.values[tests.metric]
        return Judged(Input(tests.of_value(value), value), supposed=True)
    figure = figures.get(tests.metric)
    if figure is None:
        unknown = tests.definition is None
        return Judged(Input(), NotEvaluable.METRIC_UNKNOWN if unknown else NotEvaluable.NO_READING)
    if figure.value is None:
        return Judged(Input(), NotEvaluable.NO_VALUE, figure)
    return Judged(Input(tests.of_value(figure.value), figure.value), None, figure)


def _by_grades(
    tests: MetricTests, graded: Graded, judgements: Iterable[Judgement], *, on: date, supposed: Supposition
) -> Judged:
    code = supposed.grade_of(tests)
    used = [Judgement(graded.framework.id, code, on)] if code else judgements_to_use(judgements, tests, on=on)
    found = grades_of(used, tests, on=on)
    if isinstance(found, NotEvaluable):
        return Judged(Input(), found, used=tuple(used), supposed=code is not None)
    return Judged(Input(tests.of_grades(found)), used=tuple(used), supposed=code is not None)


def judgements_to_use(given: Iterable[Judgement], tests: MetricTests, *, on: date) -> list[Judgement]:
    """Of each area the latest judgement by the day.

    Where an area has the metric's own code, it alone; else the judgement of the whole school; else every area that is given
    grades of the kind that the measures ask for.
    """
    graded = tests.graded
    if graded is None:
        return []
    latest: dict[str | None, Judgement] = {}
    for one in sorted(given, key=lambda one: (one.inspected_on, str(one.outcome_id))):
        if one.framework_id == graded.framework.id and one.inspected_on <= on:
            latest[one.area] = one
    for area in (tests.metric, None):
        if area in latest:
            return [latest[area]]
    kinds = {graded.grades[test.grade].verdict for test in tests.tests if test.grade}
    return [one for one in latest.values() if graded.grades[one.grade].verdict in kinds]


def grades_of(used: Iterable[Judgement], tests: MetricTests, *, on: date) -> frozenset[str] | NotEvaluable:
    """The grades that count, or why there are none."""
    graded = tests.graded
    assert graded is not None, "asked of metrics tested by grades"
    codes = {one.grade for one in used}
    if not codes:
        ended = graded.framework.valid_to is not None and graded.framework.valid_to < on
        return NotEvaluable.INSPECTION_FRAMEWORK_ENDED if ended else NotEvaluable.NOT_INSPECTED
    return frozenset(code for code in codes if _is_grade(code, tests, graded.grades)) or NotEvaluable.NO_GRADE


def _is_grade(code: str, tests: MetricTests, grades: Mapping[str, InspectionGrade]) -> bool:
    """Whether it has a place in an order, is met or not met, or is asked for by name."""
    return grades[code].rank is not None or any(test.grade == code for test in tests.tests)
