"""What the measures of a framework suggest together, and the least that would have to change for a better stage."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias

from app.domain.framework_vocabulary import MeasurePolicy, MeasureRole
from app.domain.measure_vocabulary import Verdict
from app.domain.ranges import Range
from app.domain.review_vocabulary import Agreement
from app.domain.stage_measures import Graded, MetricTests, Piece, StageRules


class NoWayOut(StrEnum):
    """Why no way to a better stage is offered."""

    NO_RULE = "no_rule"
    INPUTS_MISSING = "inputs_missing"
    LAST_STAGE = "last_stage"


class Unreachable(StrEnum):
    """Why measures alone lead to no suggestion of a stage."""

    NO_MEASURE = "no_measure_of_this_stage"
    NO_VALUE = "no_value_satisfies"


@dataclass(frozen=True, slots=True)
class Input:
    """What is known of one metric: the piece its value or grades are in; none where it cannot be judged."""

    piece: Piece | None = None
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Stages by their places. `named` are those that single metrics point to; `barred` entry criteria that are not met."""

    agreement: Agreement
    stage: int | None
    named: tuple[int, ...]
    barred: tuple[str, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class Change:
    """One metric that has to move: to the nearest value or grade that satisfies. Share: of the metric's whole range."""

    tests: MetricTests
    to: str
    value: Decimal
    included: bool
    grade: str | None
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class Way:
    """What would have to change for a stage to be suggested, and where nothing would do, which metrics stand in the way."""

    stage: int
    changes: tuple[Change, ...]
    obstacles: tuple[tuple[MetricTests, Unreachable], ...] = ()

    @property
    def share(self) -> Decimal | None:
        """The sum of the changes' shares; none where the range of one of the metrics is not known."""
        shares = [change.share for change in self.changes]
        return None if None in shares else sum((one for one in shares if one is not None), Decimal())


Ways: TypeAlias = tuple[Way, ...]
POLICY_RULES: Final = {
    MeasurePolicy.REPORT: "stage.each_measure_reported",
    MeasurePolicy.ALL: "stage.all_measures_agree",
    MeasurePolicy.MOST_CAUTIOUS: "stage.earliest_of_measures",
}
NO_RULE: Final = "stage.no_rule_printed"


def propose(rules: StageRules, inputs: Sequence[Input]) -> Proposal:
    """`inputs` stand in the order of the rules' groups."""
    rule = POLICY_RULES[rules.policy]
    pointing = [
        one.piece.points if one.piece else () for group, one in zip(rules.groups, inputs, strict=True) if group.pointing
    ]
    if not pointing:
        return Proposal(Agreement.NO_RULE, None, (), (), NO_RULE)
    agreement = _agreement(pointing)
    named = tuple(sorted({stage for points in pointing for stage in points}))
    if rules.policy is MeasurePolicy.MOST_CAUTIOUS:
        stage = named[0] if named else None
    else:
        stage = named[0] if agreement is Agreement.AGREE else None
    barred = () if stage is None else _barred(inputs, stage)
    if barred:
        return Proposal(Agreement.CONFLICT, None, named, barred, rule)
    return Proposal(agreement, stage, named, (), rule)


def _agreement(pointing: Sequence[tuple[int, ...]]) -> Agreement:
    """Agree: every metric points to one stage, the same. Conflict: no stage fits all that point to any."""
    speaking = [set(points) for points in pointing if points]
    if not speaking:
        return Agreement.NONE
    if not set.intersection(*speaking):
        return Agreement.CONFLICT
    agreed = len(speaking) == len(pointing) and all(len(points) == 1 for points in speaking)
    return Agreement.AGREE if agreed else Agreement.PARTIAL


def _barred(inputs: Iterable[Input], stage: int) -> tuple[str, ...]:
    return tuple(
        one.test.code
        for given in inputs
        if given.piece
        for one in given.piece.criteria
        if one.test.role is MeasureRole.ENTRY and one.test.stage == stage and one.verdict is Verdict.NOT_MET
    )


def ways_out(rules: StageRules, inputs: Sequence[Input], proposal: Proposal) -> Ways | NoWayOut:
    """To the stage after the one suggested; where none is, after each stage that a metric points to.

    Every metric that keeps the stage from being suggested has to change, no other has to, and each to the nearest value
    that serves: so each way has the fewest changes there can be, and of those the smallest sum of shares. Ways stand in
    that order, the ones that no values lead to last.
    """
    if proposal.agreement is Agreement.NO_RULE:
        return NoWayOut.NO_RULE
    if any(one.piece is None for one in inputs):
        return NoWayOut.INPUTS_MISSING
    last = len(rules.stages) - 1
    now = (proposal.stage,) if proposal.stage is not None else proposal.named
    targets = sorted({stage + 1 for stage in now if stage < last}) if now else list(range(last + 1))
    if not targets:
        return NoWayOut.LAST_STAGE
    return tuple(sorted((_way(rules, inputs, target) for target in targets), key=_order))


def _order(way: Way) -> tuple[bool, int, bool, Decimal, int]:
    share = way.share
    return bool(way.obstacles), len(way.changes), share is None, share or Decimal(), way.stage


def _way(rules: StageRules, inputs: Sequence[Input], target: int) -> Way:
    changes: list[Change] = []
    obstacles: list[tuple[MetricTests, Unreachable]] = []
    for group, given in zip(rules.groups, inputs, strict=True):
        assert given.piece is not None, "ways are worked out where nothing is missing"
        if serves(group, given.piece, target, rules.policy):
            continue
        found = _change(group, given, target, rules.policy)
        if isinstance(found, Change):
            changes.append(found)
        else:
            obstacles.append((group, found))
    return Way(target, tuple(changes), tuple(obstacles))


def serves(group: MetricTests, piece: Piece, target: int, policy: MeasurePolicy) -> bool:
    """Whether these values leave the way to a stage open: they point to it, let in and let out of the stage before."""
    for one in piece.criteria:
        lets_in = one.test.role is MeasureRole.ENTRY and one.test.stage == target
        lets_out = one.test.role is MeasureRole.EXIT and one.test.stage == target - 1
        if (lets_in or lets_out) and one.verdict is not Verdict.MET:
            return False
    if not group.pointing:
        return True
    if policy is not MeasurePolicy.MOST_CAUTIOUS:
        return piece.points == (target,)
    if piece.points:
        return min(piece.points) >= target
    return max(group.pointing) < target


def _change(group: MetricTests, given: Input, target: int, policy: MeasurePolicy) -> Change | Unreachable:
    assert given.piece is not None, "asked where nothing is missing"
    key = (given.piece, target)
    if key not in group.nearest:
        group.nearest[key] = _nearest(group, given.piece, target, policy)
    found: tuple[Change, ...] | Unreachable = group.nearest[key]
    if not isinstance(found, tuple):
        return found
    if given.value is None:
        return found[0]
    value = given.value
    change = min(found, key=lambda one: abs(one.value - value)) if len(found) > 1 else found[0]
    return replace(change, share=abs(change.value - value) / group.span) if group.span else change


def _nearest(group: MetricTests, piece: Piece, target: int, policy: MeasurePolicy) -> tuple[Change, ...] | Unreachable:
    """The nearest values above and below a piece that serve; of grades the one nearest grade."""
    if policy is not MeasurePolicy.MOST_CAUTIOUS and group.pointing and target not in group.pointing:
        return Unreachable.NO_MEASURE
    if group.graded:
        return _other_grade(group, group.graded, piece, target, policy) or Unreachable.NO_VALUE
    return _other_values(group, piece, target, policy) or Unreachable.NO_VALUE


def _other_values(group: MetricTests, piece: Piece, target: int, policy: MeasurePolicy) -> tuple[Change, ...]:
    place = group.pieces.index(piece)
    serving = [at for at, one in enumerate(group.pieces) if one.allowed and serves(group, one, target, policy)]
    above = next((group.pieces[at].range for at in serving if at > place), None)
    below = next((group.pieces[at].range for at in reversed(serving) if at < place), None)
    found = []
    if above is not None and above.lo is not None:
        found.append(Change(group, _says(above, up=True), above.lo, above.lo_included, None, None))
    if below is not None and below.hi is not None:
        found.append(Change(group, _says(below, up=False), below.hi, below.hi_included, None, None))
    return tuple(found)


def _says(stretch: Range, *, up: bool) -> str:
    bound, included = (stretch.lo, stretch.lo_included) if up else (stretch.hi, stretch.hi_included)
    if included:
        return f"{bound:f}"
    return f"above {bound:f}" if up else f"below {bound:f}"


def _other_grade(
    group: MetricTests, graded: Graded, piece: Piece, target: int, policy: MeasurePolicy
) -> tuple[Change, ...]:
    """The nearest in the order of its inspection framework, counted from the grade farthest off; of two the better."""
    ranks = [rank for code in piece.grades if (rank := graded.grades[code].rank) is not None]
    found = [
        (max(abs(rank - grade.rank) for rank in ranks) if ranks else 0, grade.rank, code, grade)
        for code, grade in graded.grades.items()
        if grade.rank is not None and serves(group, group.of_grades(frozenset({code})), target, policy)
    ]
    if not found:
        return ()
    steps, _, code, grade = min(found, key=lambda one: one[:3])
    share = Decimal(steps) / group.span if ranks and group.span else None
    return (Change(group, f"grade {grade.grade}", Decimal(grade.rank or 0), True, code, share),)
