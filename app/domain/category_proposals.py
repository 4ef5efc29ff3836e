"""What the measures of a framework suggest together, and the least that would have to change for a better stage."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

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


@dataclass(frozen=True, slots=True, eq=False)
class Goal:
    """Where a metric has to move to: the nearest value that satisfies, or just beyond it; or a grade, by its steps away."""

    tests: MetricTests
    to: str
    value: Decimal
    included: bool
    grade: str | None = None
    steps: int | None = None


class Change(NamedTuple):
    """One metric that has to move. Share: how far, of the metric's whole range; none where that is not known."""

    goal: Goal
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
Goals: TypeAlias = tuple[Goal, ...] | Unreachable
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
    """To the stage after the one suggested or pointed to, in the order of what they ask for.

    In a conflict the way leads to the latest stage pointed to, which other metrics keep back: nothing is told to get worse.
    Where no metric points anywhere there is a way to every stage. Every metric that keeps the stage from being suggested has
    to change, no other has to, and each to the nearest value that serves: so each way has the fewest changes there can be,
    and of those the smallest sum of shares.
    """
    if proposal.agreement is Agreement.NO_RULE:
        return NoWayOut.NO_RULE
    if any(one.piece is None for one in inputs):
        return NoWayOut.INPUTS_MISSING
    targets = _targets(rules, proposal)
    if not targets:
        return NoWayOut.LAST_STAGE
    return tuple(sorted((_way(rules, inputs, target) for target in targets), key=_order))


def _targets(rules: StageRules, proposal: Proposal) -> Sequence[int]:
    if not proposal.named:
        return range(len(rules.stages))
    if proposal.stage is None and proposal.agreement is Agreement.CONFLICT:
        cautious = rules.policy is MeasurePolicy.MOST_CAUTIOUS
        return [proposal.named[0] if cautious else proposal.named[-1]]
    now = proposal.named[-1] if proposal.stage is None else proposal.stage
    return [now + 1] if now + 1 < len(rules.stages) else []


def _order(way: Way) -> tuple[bool, int, bool, Decimal, int]:
    share = way.share
    return bool(way.obstacles), len(way.changes), share is None, share or Decimal(), way.stage


def _way(rules: StageRules, inputs: Sequence[Input], target: int) -> Way:
    changes: list[Change] = []
    obstacles: list[tuple[MetricTests, Unreachable]] = []
    for group, given in zip(rules.groups, inputs, strict=True):
        assert given.piece is not None, "ways are worked out where nothing is missing"
        key = (given.piece, target)
        if key not in group.goals:
            group.goals[key] = _goals(group, given.piece, target, rules.policy)
        goals: Goals = group.goals[key]
        if isinstance(goals, Unreachable):
            obstacles.append((group, goals))
        elif goals:
            changes.append(_nearest(goals, given.value))
    return Way(target, tuple(changes), tuple(obstacles))


def _nearest(goals: tuple[Goal, ...], value: Decimal | None) -> Change:
    """The nearer of the values above and below; of two as near the one above."""
    goal, span = goals[0], goals[0].tests.span
    if value is None:
        return Change(goal, Decimal(goal.steps) / span if goal.steps is not None and span else None)
    distance = abs(goal.value - value)
    for other in goals[1:]:
        if abs(other.value - value) < distance:
            goal, distance = other, abs(other.value - value)
    return Change(goal, distance / span if span else None)


def _goals(group: MetricTests, piece: Piece, target: int, policy: MeasurePolicy) -> Goals:
    """The nearest values above and below a piece that serve, or the nearest grade; none where the piece serves itself."""
    if serves(group, piece, target, policy):
        return ()
    if policy is not MeasurePolicy.MOST_CAUTIOUS and group.pointing and target not in group.pointing:
        return Unreachable.NO_MEASURE
    if group.graded:
        return _grade(group, group.graded, piece, target, policy) or Unreachable.NO_VALUE
    return _values(group, piece, target, policy) or Unreachable.NO_VALUE


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


def _values(group: MetricTests, piece: Piece, target: int, policy: MeasurePolicy) -> tuple[Goal, ...]:
    place = group.pieces.index(piece)
    serving = [at for at, one in enumerate(group.pieces) if one.allowed and serves(group, one, target, policy)]
    above = next((group.pieces[at].range for at in serving if at > place), None)
    below = next((group.pieces[at].range for at in reversed(serving) if at < place), None)
    found = []
    if above is not None and above.lo is not None:
        found.append(Goal(group, _says(above, up=True), above.lo, above.lo_included))
    if below is not None and below.hi is not None:
        found.append(Goal(group, _says(below, up=False), below.hi, below.hi_included))
    return tuple(found)


def _says(stretch: Range, *, up: bool) -> str:
    bound, included = (stretch.lo, stretch.lo_included) if up else (stretch.hi, stretch.hi_included)
    assert bound is not None, "a stretch on this side has an end on that one"
    plain = f"{bound.normalize():f}"
    if included:
        return plain
    return f"above {plain}" if up else f"below {plain}"


def _grade(group: MetricTests, graded: Graded, piece: Piece, target: int, policy: MeasurePolicy) -> tuple[Goal, ...]:
    """The nearest in the order of its inspection framework, counted from the grade farthest off; of two the better."""
    ranks = [rank for code in piece.grades if (rank := graded.grades[code].rank) is not None]
    found = [
        (max(abs(rank - grade.rank) for rank in ranks) if ranks else 0, grade.rank, code, grade)
        for code, grade in graded.grades.items()
        if grade.rank is not None and serves(group, group.of_grades(frozenset({code})), target, policy)
    ]
    if not found:
        return ()
    steps, rank, code, grade = min(found, key=lambda one: one[:3])
    return (Goal(group, f"grade {grade.grade}", Decimal(rank), True, code, steps if ranks else None),)
