"""What measures suggest together, and the way out: generated frameworks against trying every change there is."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.category_proposals import Input, NoWayOut, Unreachable, propose, ways_out
from app.domain.framework_vocabulary import MeasurePolicy, MeasureRole, NestedReading
from app.domain.review_vocabulary import Agreement
from app.domain.stage_measures import StageRules
from app.domain.vocabulary import Comparator
from tests.domain.stage_rules import Test, metric, rules_of
from tests.domain.test_stage_measures import PROGRESS_8

GRADED = tuple(Test(no, "ofsted", grade=5 - no) for no in (1, 2, 3, 4))
SCALE = [Decimal(step) / 2 for step in range(-6, 7)]
METRICS = {code: metric(code, "-3", "3") for code in ("a", "b")}
_NEXT = (one + Decimal(step) for one in SCALE for step in ("-0.01", "0.01"))
BESIDE = [*SCALE, *(value for value in _NEXT if -3 <= value <= 3)]
"""Every end of every interval, and values just beyond it where it is open."""
GENERATED = st.lists(
    st.builds(
        Test,
        stage=st.integers(1, 3),
        metric=st.sampled_from(sorted(METRICS)),
        comparator=st.sampled_from([Comparator.AT_LEAST, Comparator.AT_MOST]),
        value=st.sampled_from(SCALE),
        role=st.sampled_from([MeasureRole.PROFILE, MeasureRole.PROFILE, MeasureRole.ENTRY, MeasureRole.EXIT]),
    ),
    min_size=1,
    max_size=8,
)


def s2(policy: MeasurePolicy = MeasurePolicy.REPORT) -> StageRules:
    known = {"p8": metric("p8", "-2", "2")}
    return rules_of([*PROGRESS_8, *GRADED], nested=NestedReading.FIRST_MATCH, policy=policy, metrics=known)


def known(rules: StageRules, *given: Decimal | str | int | None) -> list[Input]:
    """Values of metrics, grades of inspections, None of what is missing, in the order of the rules' groups."""
    inputs = []
    for group, one in zip(rules.groups, given, strict=True):
        if one is None:
            inputs.append(Input())
        elif group.graded:
            inputs.append(Input(group.of_grades(frozenset({f"overall-{one}"}))))
        else:
            inputs.append(Input(group.of_value(Decimal(one)), Decimal(one)))
    return inputs


@pytest.mark.parametrize(
    ("score", "grade", "agreement", "reported", "cautious"),
    [
        ("-0.5", 4, Agreement.AGREE, 0, 0),
        ("-0.49", 3, Agreement.AGREE, 1, 1),
        ("0.00", 3, Agreement.CONFLICT, None, 1),
        ("0.00", 2, Agreement.AGREE, 2, 2),
        ("0.25", 2, Agreement.PARTIAL, None, 2),
        ("0.26", 1, Agreement.AGREE, 3, 3),
        ("-0.5", 1, Agreement.CONFLICT, None, 0),
        (None, 3, Agreement.PARTIAL, None, 1),
        ("0.25", None, Agreement.NONE, None, None),
        (None, None, Agreement.NONE, None, None),
    ],
)
def test_progress_8_and_the_grade_agree_conflict_or_fall_short(
    score: str | None, grade: int | None, agreement: Agreement, reported: int | None, cautious: int | None
) -> None:
    told, careful = s2(), s2(MeasurePolicy.MOST_CAUTIOUS)

    one, other = propose(told, known(told, score, grade)), propose(careful, known(careful, score, grade))

    assert (one.agreement, one.stage) == (agreement, reported)
    assert (other.agreement, other.stage) == (agreement, cautious)


def test_where_no_rule_is_printed_nothing_is_suggested_and_no_way_out_offered() -> None:
    rules = rules_of([])
    proposal = propose(rules, [])

    assert (proposal.agreement, proposal.stage, proposal.rule) == (Agreement.NO_RULE, None, "stage.no_rule_printed")
    assert ways_out(rules, [], proposal) is NoWayOut.NO_RULE


def test_no_way_out_is_offered_while_anything_is_missing() -> None:
    rules = s2(MeasurePolicy.MOST_CAUTIOUS)
    inputs = known(rules, "-0.3", None)

    assert ways_out(rules, inputs, propose(rules, inputs)) is NoWayOut.INPUTS_MISSING


def test_the_way_out_names_the_nearest_value_and_grade() -> None:
    rules = s2()
    inputs = known(rules, "0.1", 2)

    ways = ways_out(rules, inputs, propose(rules, inputs))

    assert not isinstance(ways, NoWayOut)
    (way,) = ways
    score, grade = way.changes
    assert (score.goal.to, score.goal.value, score.goal.included) == ("above 0.25", Decimal("0.25"), False)
    assert (grade.goal.to, grade.goal.grade, grade.goal.steps) == ("grade 1", "overall-1", 1)
    assert (score.share, grade.share) == (Decimal("0.0375"), Decimal(1) / 3)
    assert (way.stage, way.obstacles) == (3, ())


def test_beyond_the_last_stage_there_is_no_way() -> None:
    rules = s2()
    inputs = known(rules, "1", 1)

    assert ways_out(rules, inputs, propose(rules, inputs)) is NoWayOut.LAST_STAGE


def test_a_conflict_ends_where_the_others_catch_up_and_nothing_gets_worse() -> None:
    rules = s2()
    inputs = known(rules, "-0.6", 1)

    ways = ways_out(rules, inputs, propose(rules, inputs))

    assert not isinstance(ways, NoWayOut)
    assert [(way.stage, [change.goal.to for change in way.changes]) for way in ways] == [(3, ["above 0.25"])]


def test_of_an_unknown_range_no_share_is_told() -> None:
    rules = rules_of(PROGRESS_8, nested=NestedReading.FIRST_MATCH)
    inputs = known(rules, "-0.1")

    ways = ways_out(rules, inputs, propose(rules, inputs))

    assert not isinstance(ways, NoWayOut)
    assert [(change.goal.to, change.share) for change in ways[0].changes] == [("0", None)]
    assert ways[0].share is None


def test_a_metric_with_no_measure_of_the_stage_stands_in_the_way() -> None:
    rules = rules_of([*PROGRESS_8, Test(1, "x", Comparator.BELOW, Decimal(1)), Test(2, "x", Comparator.AT_LEAST, Decimal(1))],
                     nested=NestedReading.FIRST_MATCH)  # fmt: skip
    inputs = known(rules, "-0.1", 1)

    ways = ways_out(rules, inputs, propose(rules, inputs))

    assert not isinstance(ways, NoWayOut)
    assert [(tests.metric, why) for tests, why in ways[0].obstacles] == [("x", Unreachable.NO_MEASURE)]


def test_an_entry_criterion_that_is_not_met_keeps_its_stage_from_being_suggested() -> None:
    entry = Test(2, "attendance", Comparator.AT_LEAST, Decimal(90), role=MeasureRole.ENTRY)
    rules = rules_of([*PROGRESS_8, entry], nested=NestedReading.FIRST_MATCH)

    barred, open_ = (propose(rules, known(rules, "-0.1", attendance)) for attendance in (89, 90))

    assert (barred.agreement, barred.stage, barred.barred) == (Agreement.CONFLICT, None, ("m4",))
    assert (open_.agreement, open_.stage, open_.barred) == (Agreement.AGREE, 1, ())


def suggests(rules: StageRules, values: Sequence[Decimal], target: int) -> bool:
    """Whether a stage, or by the most cautious policy that one or a later one, is what values come to.

    Leaving the stage before needs its exit criteria as well, and a metric that points to nothing opens no way.
    """
    inputs = known(rules, *values)
    proposal = propose(rules, inputs)
    for group, one in zip(rules.groups, inputs, strict=True):
        assert one.piece is not None
        for criterion in one.piece.criteria:
            wanted = (criterion.test.role, criterion.test.stage) in {
                (MeasureRole.ENTRY, target), (MeasureRole.EXIT, target - 1),
            }  # fmt: skip
            if wanted and criterion.verdict != "met":
                return False
        if group.pointing and not one.piece.points and max(group.pointing) >= target:
            return False
    if not any(group.pointing for group in rules.groups):
        return True
    if rules.policy is MeasurePolicy.MOST_CAUTIOUS:
        return all(stage >= target for stage in proposal.named)
    return proposal.named == (target,) and proposal.agreement is Agreement.AGREE


@settings(max_examples=20, deadline=None)
@given(
    GENERATED,
    st.tuples(*[st.sampled_from(SCALE)] * 2),
    st.sampled_from(NestedReading),
    st.sampled_from(MeasurePolicy),
)
def test_no_other_change_is_smaller_than_the_one_told(
    tests: list[Test], given_: tuple[Decimal, ...], nested: NestedReading, policy: MeasurePolicy
) -> None:
    rules = rules_of(tests, stages=3, nested=nested, policy=policy, metrics=METRICS)
    values = given_[: len(rules.groups)]
    inputs = known(rules, *values)
    ways = ways_out(rules, inputs, propose(rules, inputs))
    if isinstance(ways, NoWayOut):
        return

    for way in ways:
        found = [
            (
                sum(a != b for a, b in zip(tried, values, strict=True)),
                sum((abs(a - b) for a, b in zip(tried, values, strict=True)), Decimal()) / 6,
            )
            for tried in product(BESIDE, repeat=len(values))
            if suggests(rules, tried, way.stage)
        ]
        if way.obstacles:
            assert found == []
            continue
        count, share = min(found)
        assert len(way.changes) == count
        assert way.share is not None
        rounding = Decimal("1e-20")
        assert share - Decimal("0.01") <= way.share <= share + rounding
