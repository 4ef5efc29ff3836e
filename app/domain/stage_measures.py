"""What the measures of a framework say of one metric: the stages a value, or an inspection grade, points to."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

from app.domain.framework_vocabulary import MeasurePolicy, MeasureRole, NestedReading
from app.domain.frameworks import Framework
from app.domain.inspection import InspectionFramework, InspectionGrade
from app.domain.measure_vocabulary import Verdict
from app.domain.metrics import Metric
from app.domain.ranges import EVERY_VALUE, Cut, Range, partition
from app.domain.stages import IndicativeMeasure, MaturityStage


class PointRule(StrEnum):
    """How a value or grade came to point to stages, or to none."""

    ONE_MATCH = "measure.one_match"
    FIRST_MATCH = "measure.first_match"
    SEVERAL_MATCH = "measure.several_match"
    SEVERAL_GRADES = "measure.several_grades"
    NO_MATCH = "measure.no_match"
    POINTS_NOWHERE = "measure.entry_and_exit_alone"


@dataclass(frozen=True, slots=True)
class StageTest:
    """One indicative measure: the stage it stands under, by its place, and what it asks for."""

    code: str
    stage: int
    role: MeasureRole
    needs: str
    printed: str | None
    range: Range | None = None
    grade: str | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    test: StageTest
    verdict: Verdict


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """What is so of every value in a stretch of numbers, or of whoever was given these grades. Stages by their places.

    `matches` are the stages whose profile is satisfied literally, `points` those it stands for as the framework is read.
    """

    says: str
    criteria: tuple[Criterion, ...]
    matches: tuple[int, ...]
    points: tuple[int, ...]
    rule: PointRule
    range: Range = EVERY_VALUE
    grades: frozenset[str] = frozenset()
    allowed: bool = True


@dataclass(frozen=True, slots=True)
class Graded:
    """The inspection framework whose grades are tested."""

    framework: InspectionFramework
    grades: Mapping[str, InspectionGrade]

    @property
    def steps(self) -> int:
        """From its worst grade to its best."""
        ranks = [one.rank for one in self.grades.values() if one.rank is not None]
        return max(ranks) - min(ranks) if ranks else 0


@dataclass(frozen=True, eq=False)
class MetricTests:
    """All tests of one metric by values, or by the grades of one inspection framework, ready to be asked."""

    metric: str
    tests: tuple[StageTest, ...]
    nested: NestedReading
    definition: Metric | None = None
    graded: Graded | None = None
    pieces: tuple[Piece, ...] = ()
    goals: dict[tuple[Piece, int], Any] = field(default_factory=dict)
    """What has to change, by where a value is and which stage is aimed at; filled as it is asked."""
    _starts: list[Cut] = field(default_factory=list)
    _of_grades: dict[frozenset[str], Piece] = field(default_factory=dict)

    @cached_property
    def pointing(self) -> frozenset[int]:
        """The stages that this metric can point to at all."""
        return frozenset(test.stage for test in self.tests if test.role is MeasureRole.PROFILE)

    @cached_property
    def span(self) -> Decimal | None:
        """How far apart the ends of the metric's range are; of grades, the steps from the worst to the best."""
        if self.graded is not None:
            return Decimal(self.graded.steps) or None
        metric = self.definition
        if metric is None or metric.range_min is None or metric.range_max is None:
            return None
        return metric.range_max - metric.range_min

    def place_of(self, value: Decimal) -> int:
        return bisect_right(self._starts, (value, 0)) - 1

    def of_value(self, value: Decimal) -> Piece:
        return self.pieces[self.place_of(value)]

    def of_grades(self, grades: frozenset[str]) -> Piece:
        """Of areas with different grades a test of one of these grades is ambiguous."""
        if grades not in self._of_grades:
            verdicts = [_by_grades(test, grades) for test in self.tests]
            self._of_grades[grades] = _piece(self, verdicts, says=", ".join(sorted(grades)), grades=grades)
        return self._of_grades[grades]


@dataclass(frozen=True, eq=False)
class StageRules:
    """A framework's stages in order and all it measures them by, compiled once and asked of every academy."""

    framework: Framework
    stages: tuple[MaturityStage, ...]
    groups: tuple[MetricTests, ...]

    @property
    def policy(self) -> MeasurePolicy:
        return self.framework.measure_policy


def compile_rules(
    framework: Framework,
    stages: Iterable[MaturityStage],
    measures: Iterable[IndicativeMeasure],
    *,
    metrics: Mapping[str, Metric],
    grades: Mapping[UUID, InspectionGrade],
    inspections: Mapping[UUID, InspectionFramework],
) -> StageRules:
    ordered = tuple(sorted(stages, key=lambda stage: stage.no))
    places = {stage.id: place for place, stage in enumerate(ordered)}
    tests: dict[tuple[str, UUID | None], list[StageTest]] = {}
    for measure in sorted(measures, key=lambda one: (places[one.stage_id], one.no, one.code)):
        grade = grades[measure.inspection_grade_id] if measure.inspection_grade_id else None
        key = (measure.metric, grade.inspection_framework_id if grade else None)
        tests.setdefault(key, []).append(_test(measure, places[measure.stage_id], grade))
    groups = []
    for (metric, by), of_metric in tests.items():
        if by is None:
            groups.append(by_values(metric, of_metric, framework.nested_reading, metrics.get(metric)))
        else:
            of_framework = {one.code: one for one in grades.values() if one.inspection_framework_id == by}
            graded = Graded(inspections[by], of_framework)
            groups.append(MetricTests(metric, tuple(of_metric), framework.nested_reading, None, graded))
    return StageRules(framework, ordered, tuple(groups))


def by_values(
    metric: str, tests: Sequence[StageTest], nested: NestedReading, definition: Metric | None = None
) -> MetricTests:
    """The tests of one metric, with the number line cut wherever another of them holds."""
    found = MetricTests(metric, tuple(tests), nested, definition)
    ranges = [test.range for test in tests if test.range is not None]
    whole = definition.range if definition is not None else EVERY_VALUE
    pieces = [
        _piece(
            found,
            [Verdict.MET if place in holding else Verdict.NOT_MET for place in range(len(tests))],
            says=str(stretch),
            range=stretch,
            allowed=len(tests) in holding,
        )
        for stretch, holding in partition([*ranges, whole])
    ]
    starts = [piece.range.start for piece in pieces]
    return MetricTests(metric, tuple(tests), nested, definition, pieces=tuple(pieces), _starts=starts)


def _test(measure: IndicativeMeasure, stage: int, grade: InspectionGrade | None) -> StageTest:
    needs = f"grade {grade.grade}" if grade else str(measure.range)
    code = grade.code if grade else None
    return StageTest(measure.code, stage, measure.role, needs, measure.printed, measure.range, code)


def _by_grades(test: StageTest, grades: frozenset[str]) -> Verdict:
    if test.grade not in grades:
        return Verdict.NOT_MET
    return Verdict.MET if len(grades) == 1 else Verdict.AMBIGUOUS


def _piece(
    of: MetricTests,
    verdicts: Sequence[Verdict],
    *,
    says: str,
    range: Range = EVERY_VALUE,  # noqa: A002  the range of the piece
    grades: frozenset[str] = frozenset(),
    allowed: bool = True,
) -> Piece:
    criteria = tuple(Criterion(test, verdict) for test, verdict in zip(of.tests, verdicts, strict=True))
    profiles: dict[int, list[Verdict]] = {}
    for one in criteria:
        if one.test.role is MeasureRole.PROFILE:
            profiles.setdefault(one.test.stage, []).append(one.verdict)
    matches = tuple(stage for stage, found in profiles.items() if set(found) == {Verdict.MET})
    possible = tuple(stage for stage, found in profiles.items() if Verdict.NOT_MET not in found)
    points, rule = _read(matches, possible, of.nested, points_at_all=bool(profiles))
    return Piece(says, criteria, matches, points, rule, range, grades, allowed)


def _read(
    matches: tuple[int, ...], possible: tuple[int, ...], nested: NestedReading, *, points_at_all: bool
) -> tuple[tuple[int, ...], PointRule]:
    """The stages that are stood for, and the rule that says so."""
    if not points_at_all:
        return (), PointRule.POINTS_NOWHERE
    if possible != matches:
        return possible, PointRule.SEVERAL_GRADES
    if not matches:
        return (), PointRule.NO_MATCH
    if len(matches) == 1:
        return matches, PointRule.ONE_MATCH
    if nested is NestedReading.FIRST_MATCH:
        return matches[:1], PointRule.FIRST_MATCH
    return matches, PointRule.SEVERAL_MATCH
