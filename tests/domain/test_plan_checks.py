"""The checks of a plan: what each finds, what it leaves alone, what it cannot answer, what is waived."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.check_waivers import CheckWaiver
from app.domain.framework_vocabulary import DefinitionStatus
from app.domain.intervals import Calendar, TermDates
from app.domain.plan_checks import Checking, Concern, Measure, check_plan, two_terms_back, waiver_of
from app.domain.plan_facts import ObjectiveFact, Promise, StepFact, WindowFact
from app.domain.vocabulary import ActionStatus, Comparator, DueKind, MeasureKind, MilestoneStatus, PlanRule
from tests.domain.plan_facts import (
    AREA,
    LEAD,
    OBJECTIVE,
    PRIORITY,
    TODAY,
    action,
    finding,
    flag,
    known,
    milestone,
    phase,
    plan,
    target,
)

TERMS = Calendar(
    terms=(
        TermDates("Autumn", "2026/27", date(2026, 9, 3), date(2026, 12, 18)),
        TermDates("Spring", "2026/27", date(2027, 1, 4), date(2027, 3, 25)),
    )
)


def found(
    rule: PlanRule, *, calendar: Calendar = TERMS, metrics: Any = None, load: int = 13, **parts: Any
) -> list[str]:
    """The sentences of one rule."""
    asked = Checking(plan=plan(**parts), calendar=calendar, metrics=metrics or {}, heavy_load=load)
    return [one.sentence for one in check_plan(asked)[0] if one.rule is rule]


def unanswered(rule: PlanRule, *, calendar: Calendar = TERMS, **parts: Any) -> list[str]:
    asked = Checking(plan=plan(**parts), calendar=calendar, metrics={})
    return [one.sentence for one in check_plan(asked)[1] if one.rule is rule]


def ladder(*values: float, comparator: Comparator | None = None, group: str = "all", metric: str = "a8") -> list[Any]:
    """A target for each phase, 1 and onward."""
    return [
        target(
            f"{metric}-{group}-{no}",
            phase_id=phase(no).id,
            metric=metric,
            group_id=known(group),
            value=Decimal(str(value)),
            comparator=comparator,
        )
        for no, value in enumerate(values, 1)
    ]


PHASES = (phase(1), phase(2), phase(3))


def test_an_objective_needs_a_target_or_a_numeric_milestone() -> None:
    served = OBJECTIVE.model_copy(update={"target_ids": (known("T"),)})
    rule = PlanRule.OBJECTIVE_WITHOUT_MEASURE

    assert found(rule, objectives=(OBJECTIVE,)) == [
        "O1 serves no target and has no numeric milestone: say how it is measured."
    ]
    assert found(rule, objectives=(served,)) == []
    assert found(rule, objectives=(OBJECTIVE,), milestones=(milestone(measured=MeasureKind.NUMERIC),)) == []
    assert found(rule, objectives=(OBJECTIVE,), milestones=(milestone(),)) != []


def test_a_priority_without_objectives_is_held_to_the_same() -> None:
    rule = PlanRule.OBJECTIVE_WITHOUT_MEASURE
    criterion = milestone(objective_id=None, area_id=PRIORITY.id, measured=MeasureKind.NUMERIC)

    assert found(rule, areas=(PRIORITY,)) == [
        "P1 (teaching) has no target and no numeric criterion: say how it is measured."
    ]
    assert found(rule, areas=(PRIORITY,), milestones=(criterion,)) == []
    assert found(rule, areas=(AREA,)) == []


def test_an_open_action_needs_a_lead_and_a_date_of_its_own_or_of_a_step() -> None:
    bare = action(lead_ids=(), due_kind=DueKind.NONE, due_ends_on=None)
    step = StepFact(id=known("S"), code="S", no=1, action_id=bare.id, due_kind=DueKind.RECURRING)
    done = bare.model_copy(update={"status": ActionStatus.COMPLETE})

    assert found(PlanRule.ACTION_WITHOUT_LEAD, actions=(bare,)) == ["O1-A1 is led by nobody: name a lead."]
    assert found(PlanRule.ACTION_WITHOUT_DATE, actions=(bare,)) == ["O1-A1 has no date: agree one."]
    assert found(PlanRule.ACTION_WITHOUT_DATE, actions=(bare,), steps=(step,)) == []
    assert found(PlanRule.ACTION_WITHOUT_LEAD, actions=(done, action("A2"))) == []
    assert found(PlanRule.ACTION_WITHOUT_DATE, actions=(done, action("A2"))) == []


def test_an_open_milestone_needs_a_date_within_the_plan() -> None:
    undated = milestone("M1", due_kind=DueKind.NONE, due_ends_on=None)
    late, last = milestone("M2", due_ends_on=date(2027, 9, 1)), milestone("M3", due_ends_on=date(2027, 8, 31))
    met = late.model_copy(update={"status": MilestoneStatus.MET})

    assert found(PlanRule.MILESTONE_WITHOUT_DATE, milestones=(undated, last)) == ["M1 has no date: agree one."]
    assert found(PlanRule.MILESTONE_AFTER_PLAN, milestones=(undated, late, last)) == [
        "M2 is due by 1 September 2027, after the plan ends on 31 August 2027."
    ]
    assert found(PlanRule.MILESTONE_AFTER_PLAN, milestones=(met,)) == []


def test_a_target_easier_than_in_the_phase_before_is_found_by_the_metrics_direction() -> None:
    rule, targets = PlanRule.TARGET_EASIER, ladder(27.5, 21)

    higher = found(rule, targets=targets, phases=PHASES, metrics={"a8": Measure(higher_is_better=True)})
    lower = found(rule, targets=targets, phases=PHASES, metrics={"a8": Measure(higher_is_better=False)})

    assert higher == ["a8-all-2 asks for 21 where a8-all-1 asked for 27.5, and higher is better."]
    assert lower == []


def test_without_a_direction_a_comparator_says_it_then_most_of_the_groups() -> None:
    rule = PlanRule.TARGET_EASIER
    falling = ladder(27.5, 21, group="sen")
    rising = [*ladder(36.3, 38, group="boys"), *ladder(37.4, 39)]

    by_comparator = found(rule, targets=ladder(27.5, 21, comparator=Comparator.BELOW), phases=PHASES)
    by_others = found(rule, targets=[*falling, *rising], phases=PHASES)
    torn = unanswered(rule, targets=[*falling, *ladder(36.3, 38, group="boys")], phases=PHASES)

    assert by_comparator == []
    assert by_others == ["a8-sen-2 asks for 21 where a8-sen-1 asked for 27.5, and higher is better."]
    assert torn == ["Nobody has said which way a8 gets better. Record the metric."]


def test_a_metric_that_nobody_says_the_direction_of_is_told_and_not_guessed() -> None:
    rule = PlanRule.TARGET_EASIER

    assert found(rule, targets=ladder(40, 43), phases=PHASES) == []
    assert unanswered(rule, targets=ladder(40, 43), phases=PHASES) == [
        "Nobody has said which way a8 gets better. Record the metric."
    ]
    assert unanswered(rule, targets=ladder(40, 40), phases=PHASES) == []


def test_two_targets_of_one_phase_are_no_step_down() -> None:
    high, low = (one.model_copy(update={"phase_id": phase(1).id}) for one in ladder(40, 35))
    metrics = {"a8": Measure(higher_is_better=True)}

    assert found(PlanRule.TARGET_EASIER, targets=(high, low), phases=PHASES, metrics=metrics) == []


def test_a_milestone_taken_back_measures_no_objective_and_finishes_none() -> None:
    taken_back = milestone(measured=MeasureKind.NUMERIC, status=MilestoneStatus.WITHDRAWN)
    parts: dict[str, Any] = {"objectives": (OBJECTIVE,), "milestones": (taken_back,)}

    assert len(found(PlanRule.OBJECTIVE_WITHOUT_MEASURE, **parts)) == 1
    assert found(PlanRule.OBJECTIVE_WITHOUT_EVIDENCE, **parts) == found(
        PlanRule.OBJECTIVE_WITHOUT_EVIDENCE, objectives=(OBJECTIVE,)
    )


def test_a_target_easier_than_it_first_was_is_found() -> None:
    (rung,) = ladder(90, comparator=Comparator.AT_LEAST)
    versions = (Promise(revision=1, value=Decimal(93)), Promise(revision=2, value=Decimal(90)))
    revised = rung.model_copy(update={"revision": 2, "versions": versions})

    assert found(PlanRule.TARGET_EASIER, targets=(revised,), phases=PHASES) == [
        "a8-all-1 asks for 90 where its version 1 asked for 93, and higher is better."
    ]


@given(values=st.lists(st.decimals(0, 100, places=1), min_size=2, max_size=3), higher=st.booleans())
def test_a_ladder_that_never_sinks_is_never_found(values: list[Decimal], *, higher: bool) -> None:
    climbing = [float(value) for value in sorted(values, reverse=not higher)]

    metrics = {"a8": Measure(higher_is_better=higher)}

    assert found(PlanRule.TARGET_EASIER, targets=ladder(*climbing), phases=PHASES, metrics=metrics) == []


def test_a_finding_needs_an_objective() -> None:
    answering = OBJECTIVE.model_copy(update={"finding_id": known("AFI 1")})

    sentences = found(
        PlanRule.FINDING_WITHOUT_OBJECTIVE, findings=(finding("AFI 1"), finding("AFI 2")), objectives=(answering,)
    )

    assert sentences == ["AFI 2 is answered by no objective: set one, or name the one that answers it."]


@pytest.mark.parametrize(
    ("open_actions", "expected"),
    [(12, []), (13, ["ADo leads 13 open actions, where 13 are too many: give some to others."])],
)
def test_too_much_on_one_person_is_counted_from_open_actions(open_actions: int, expected: list[str]) -> None:
    actions = [action(f"A{no}") for no in range(open_actions)]
    done = [action(f"B{no}", status=ActionStatus.COMPLETE) for no in range(5)]

    assert found(PlanRule.TOO_MUCH_ON_ONE, actions=(*actions, *done)) == expected


def test_an_open_objective_needs_evidence_in_two_terms() -> None:
    rule = PlanRule.OBJECTIVE_WITHOUT_EVIDENCE

    def seen(on: date | None) -> tuple[ObjectiveFact, ...]:
        return (OBJECTIVE.model_copy(update={"last_evidence_on": on}),)

    unmet = (milestone(),)
    sentence = "O1 has had no evidence since 3 September 2026, the start of the last term."
    assert found(rule, objectives=seen(None), milestones=unmet) == [sentence]
    assert found(rule, objectives=seen(date(2026, 9, 2)), milestones=unmet) == [sentence]
    assert found(rule, objectives=seen(date(2026, 9, 3)), milestones=unmet) == []
    assert found(rule, objectives=seen(None), milestones=(milestone(status=MilestoneStatus.MET),)) == []


def test_without_the_trusts_calendar_evidence_is_not_judged() -> None:
    rule = PlanRule.OBJECTIVE_WITHOUT_EVIDENCE

    assert found(rule, objectives=(OBJECTIVE,), calendar=Calendar()) == []
    assert unanswered(rule, objectives=(OBJECTIVE,), calendar=Calendar()) == [
        "The trust's calendar does not hold the two terms up to 10 February 2027. Add them."
    ]


@pytest.mark.parametrize(
    ("day", "since"),
    [
        (date(2026, 12, 31), None),
        (date(2027, 1, 4), date(2026, 9, 3)),
        (date(2027, 4, 20), date(2026, 9, 3)),
        (date(2027, 9, 1), None),
    ],
)
def test_two_terms_are_those_of_the_calendar_as_far_as_it_reaches(day: date, since: date | None) -> None:
    assert two_terms_back(TERMS, day) == since


def test_a_metric_has_to_be_recorded_defined_and_fed() -> None:
    (named,) = ladder(40)
    undefined = Measure(definition_status=DefinitionStatus.LOCAL_UNDEFINED, is_fed=False)
    rules = (PlanRule.METRIC_UNDEFINED, PlanRule.METRIC_WITHOUT_FEED)

    def told(metrics: dict[str, Measure]) -> list[list[str]]:
        return [found(rule, targets=(named,), metrics=metrics) for rule in rules]

    assert told({}) == [["a8-all-1 names the metric a8, which is not recorded."], []]
    assert told({"a8": undefined}) == [["a8-all-1 names the metric a8, and nobody has said how it is made."], []]
    assert told({"a8": Measure(is_fed=False)}) == [[], ["a8-all-1 names the metric a8, of which no value has arrived."]]
    assert told({"a8": Measure(is_fed=True)}) == told({"a8": Measure(is_fed=None)}) == [[], []]


def test_windows_that_run_backwards_and_what_is_flagged_are_out_of_sequence() -> None:
    def window(no: int, ends_on: date) -> WindowFact:
        return WindowFact(id=known(f"W{no}"), code=f"W{no}", no=no, phase_id=phase(1).id, due_ends_on=ends_on)

    windows = (window(1, date(2026, 12, 1)), window(2, date(2026, 11, 1)))
    sentences = found(
        PlanRule.OUT_OF_SEQUENCE,
        windows=windows,
        milestones=(milestone(),),
        flags=(flag("sequence_conflict", "milestone", known("O1-M1")),),
    )

    assert sentences == ["W2 ends before W1, which comes first.", "O1-M1: It is unclear."]


@given(days=st.none() | st.integers(-3, 3), withdrawn=st.booleans(), same=st.booleans())
def test_a_waiver_stands_until_its_last_day_for_its_own_rule_and_record(
    *, days: int | None, withdrawn: bool, same: bool
) -> None:
    concern = Concern(PlanRule.ACTION_WITHOUT_LEAD, known("A1"), "It is led by nobody.")
    waiver = CheckWaiver(
        trust_id=known("trust"),
        plan_id=known("plan"),
        rule=str(PlanRule.ACTION_WITHOUT_LEAD),
        subject_id=known("A1" if same else "A2"),
        because="The post is being filled.",
        until=None if days is None else TODAY + timedelta(days=days),
        withdrawn_at=datetime(2027, 1, 1, tzinfo=UTC) if withdrawn else None,
    )

    standing = waiver_of(concern, [waiver], on=TODAY)

    assert (standing is waiver) == (same and not withdrawn and (days is None or days >= 0))
    assert waiver_of(Concern(PlanRule.ACTION_WITHOUT_DATE, known("A1"), "x"), [waiver], on=TODAY) is None


def test_a_plan_in_order_raises_no_concern() -> None:
    objective = OBJECTIVE.model_copy(
        update={"target_ids": (known("a8-all-1"),), "last_evidence_on": TODAY, "finding_id": known("AFI 1")}
    )
    whole = plan(
        objectives=(objective,),
        findings=(finding("AFI 1"),),
        actions=(action(),),
        milestones=(milestone(),),
        targets=ladder(40),
        phases=PHASES,
    )

    asked = Checking(plan=whole, calendar=TERMS, metrics={"a8": Measure(higher_is_better=True, is_fed=True)})

    assert check_plan(asked) == ([], [])
    assert LEAD.id in whole.records
