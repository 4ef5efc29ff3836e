"""The milestone state machine: every cell of it, every guard, and what holds after any run of moves."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.dates import Due, read_due
from app.domain.errors import Fault, Forbidden, IllegalMove, Invalid, Refusal
from app.domain.events import Event, Verb
from app.domain.framework_vocabulary import Direction
from app.domain.milestone_moves import FINAL, NEXT
from app.domain.milestones import Milestone, Submission, satisfies
from app.domain.vocabulary import Comparator, Confidence, DateMoveReason, DueKind, MeasureKind
from app.domain.vocabulary import MilestoneStatus as S

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
DUE = read_due("20 November 2026")
LATER = read_due("end of March 2027")

# Section 4 of DOMAIN.md written out by hand, row by row: from, to, what it is called.
AGREED = {
    ("planned", "in_progress"): "started",
    ("planned", "submitted"): "submitted",
    ("planned", "deferred"): "deferred",
    ("planned", "withdrawn"): "withdrawn",
    ("planned", "superseded"): "superseded",
    ("in_progress", "submitted"): "submitted",
    ("in_progress", "not_met"): "not_met",
    ("in_progress", "deferred"): "deferred",
    ("in_progress", "withdrawn"): "withdrawn",
    ("in_progress", "superseded"): "superseded",
    ("submitted", "in_progress"): "returned",
    ("submitted", "met"): "met",
    ("submitted", "partly_met"): "partly_met",
    ("submitted", "not_met"): "not_met",
    ("submitted", "withdrawn"): "withdrawn",
    ("submitted", "superseded"): "superseded",
    ("partly_met", "in_progress"): "carried_forward",
    ("partly_met", "withdrawn"): "withdrawn",
    ("partly_met", "superseded"): "superseded",
    ("not_met", "in_progress"): "carried_forward",
    ("not_met", "withdrawn"): "withdrawn",
    ("not_met", "superseded"): "superseded",
    ("met", "in_progress"): "reopened",
    ("met", "superseded"): "superseded",
    ("deferred", "in_progress"): "resumed",
    ("deferred", "withdrawn"): "withdrawn",
    ("deferred", "superseded"): "superseded",
    ("withdrawn", "superseded"): "superseded",
}
CELLS = [(before, after) for before in S for after in S]
ILLEGAL = [cell for cell in CELLS if cell not in AGREED]
BY_REVIEWER = {"returned", "met", "partly_met", "not_met", "reopened", "withdrawn", "superseded"}
WITH_REASON = {"returned", "partly_met", "not_met", "reopened", "withdrawn"}
WITH_EVIDENCE = {"submitted"}
WITH_DUE = {"deferred", "carried_forward"}


def milestone(status: S = S.PLANNED, **values: Any) -> Milestone:
    """A milestone in that status, as the moves before would have left it."""
    made = Milestone(trust_id=uuid4(), plan_id=uuid4(), code="M1", no=1, label="Books are marked.", area_id=uuid4())
    made.first_due(values.pop("due", DUE))
    made.status = status
    if status not in (S.PLANNED, S.IN_PROGRESS, S.DEFERRED):
        made.submitted_by = "key:lead"
    if status is S.MET:
        made.met_on, made.achieved_value = date(2026, 11, 21), Decimal("91.0")
    for name, value in values.items():
        setattr(made, name, value)
    return made


def numeric(comparator: Comparator | None, value: str) -> Milestone:
    return milestone(S.SUBMITTED, measured=MeasureKind.NUMERIC, comparator=comparator, value=Decimal(value))


def given_all(**other: Any) -> Submission:
    """Everything any move could ask for."""
    values: dict[str, Any] = {
        "on": TODAY,
        "now": NOW,
        "by": "key:head",
        "reason": "Agreed at the review.",
        "has_evidence": True,
        "due": LATER,
        "due_reason": DateMoveReason.STAFFING,
        "may_review": True,
        "may_submit": True,
    }
    return Submission(**{**values, **other})


def refused(made: Milestone, act: Callable[[], object]) -> Refusal:
    """The refusal, once it is seen that it changed nothing."""
    before = made.state()

    with pytest.raises(Refusal) as caught:
        act()

    assert made.state() == before
    return caught.value


def moved(before: dict[str, Any], made: Milestone) -> dict[str, Any]:
    return {name: value for name, value in made.state().items() if value != before[name]}


@pytest.mark.parametrize("cell", sorted(AGREED), ids="-".join)
def test_every_agreed_move_is_made_and_tells_exactly_what_it_changed(cell: tuple[str, str]) -> None:
    before, after = S(cell[0]), S(cell[1])
    verb = Verb(AGREED[cell])
    made = milestone(before)
    state = made.state()

    event = made.move(after, given_all())

    expected: dict[str, Any] = {"status": after}
    if verb in WITH_DUE:
        expected |= {
            "due_printed": "end of March 2027",
            "due_kind": DueKind.MONTH_END,
            "due_starts_on": LATER.starts_on,
            "due_ends_on": date(2027, 3, 31),
            "due_moves": 1,
        }
    if verb is Verb.SUBMITTED:
        expected["submitted_by"] = "key:head"
    if verb is Verb.MET:
        expected["met_on"] = TODAY
    if verb is Verb.WITHDRAWN:
        expected["withdrawn_at"] = NOW
    if verb is Verb.REOPENED:
        expected |= {"met_on": None, "achieved_value": None}
    detail = {"because": DateMoveReason.STAFFING} if verb in WITH_DUE else {}
    assert moved(state, made) == expected
    assert event == Event(record=made, verb=verb, reason="Agreed at the review.", on=TODAY, detail=detail)
    assert event.type == f"milestone.{AGREED[cell]}"


@pytest.mark.parametrize("cell", sorted(ILLEGAL), ids="-".join)
def test_every_other_move_is_refused_with_the_legal_ones(cell: tuple[str, str]) -> None:
    before, after = S(cell[0]), S(cell[1])
    made = milestone(before)

    refusal = refused(made, lambda: made.move(after, given_all()))

    legal = {to for start, to in AGREED if start == before}
    assert isinstance(refusal, IllegalMove)
    assert set(refusal.legal) == legal
    assert len(refusal.legal) == len(legal)
    words = [to.replace("_", " ") for to in refusal.legal]
    can = f"It can become {' or '.join([', '.join(words[:-1]), words[-1]])}." if len(words) > 1 else ""
    can = can or (f"It can become {words[0]}." if words else "It is final.")
    article = "An" if before is S.IN_PROGRESS else "A"
    sentence = f"{article} {before.replace('_', ' ')} milestone cannot become {after.replace('_', ' ')}. {can}"
    assert refusal.sentence == sentence


def test_the_table_has_no_more_and_no_fewer_moves_than_were_agreed() -> None:
    table = {(str(before), str(after)): str(move.verb) for before, row in NEXT.items() for after, move in row.items()}

    assert table == AGREED
    assert len(CELLS) == 81


def test_met_withdrawn_and_superseded_are_final() -> None:
    assert {S.MET, S.WITHDRAWN, S.SUPERSEDED} == FINAL
    assert {str(after) for before, after in AGREED if before == "superseded"} == set()
    assert {after for before, after in AGREED if before == "withdrawn"} == {"superseded"}
    assert {after for before, after in AGREED if before == "met"} == {"in_progress", "superseded"}


@pytest.mark.parametrize("cell", sorted(AGREED), ids="-".join)
def test_every_move_asks_for_what_it_needs_and_for_no_more(cell: tuple[str, str]) -> None:
    before, after, verb = S(cell[0]), S(cell[1]), AGREED[cell]
    lacking = {
        "may_review": (False, verb in BY_REVIEWER, None),
        "may_submit": (False, verb not in BY_REVIEWER, None),
        "reason": (None, verb in WITH_REASON, Fault("/reason", "reason-missing", "")),
        "has_evidence": (False, verb in WITH_EVIDENCE, Fault("/evidence", "evidence-missing", "")),
        "due": (None, verb in WITH_DUE, Fault("/due", "due-missing", "")),
        "due_reason": (None, verb in WITH_DUE, Fault("/dueReason", "due-reason-missing", "")),
    }
    for name, (absent, is_needed, fault) in lacking.items():
        made = milestone(before)
        act = lambda made=made, name=name, absent=absent: made.move(after, given_all(**{name: absent}))  # noqa: E731  said where it is done
        if not is_needed:
            act()
            assert made.status is after, name
            continue

        refusal = refused(made, act)

        if fault is None:
            assert isinstance(refusal, Forbidden)
        else:
            assert isinstance(refusal, Invalid)
            assert [(one.pointer, one.code) for one in refusal.faults] == [(fault.pointer, fault.code)]


@pytest.mark.parametrize("empty", ["", None])
def test_an_empty_reason_is_no_reason(empty: str | None) -> None:
    made = milestone(S.SUBMITTED)

    refusal = refused(made, lambda: made.move(S.IN_PROGRESS, given_all(reason=empty)))

    assert refusal.sentence == "This transition needs a reason. Say why in a sentence."


@pytest.mark.parametrize("cell", sorted(AGREED), ids="-".join)
def test_nothing_happens_tomorrow(cell: tuple[str, str]) -> None:
    made = milestone(S(cell[0]))

    refusal = refused(made, lambda: made.move(S(cell[1]), given_all(on=TODAY + timedelta(days=1))))

    sentence = "Something that has happened cannot lie in the future. Give today or an earlier day."
    assert refusal.faults == (Fault("/on", "date-in-future", sentence),)


@pytest.mark.parametrize("due", [read_due("On-going"), read_due("soon"), read_due("Autumn term")])
def test_a_newly_agreed_date_has_a_last_day(due: Due) -> None:
    deferred, moved_on = milestone(S.PLANNED), milestone(S.PLANNED)
    sentence = 'A newly agreed date has to name a last day, such as "12 March 2027" or "end of March 2027".'

    first = refused(deferred, lambda: deferred.move(S.DEFERRED, given_all(due=due)))
    second = refused(moved_on, lambda: moved_on.move_due(due, because=DateMoveReason.OTHER, reason=None))

    assert first.faults == second.faults == (Fault("/due", "due-unresolved", sentence),)


def test_the_same_date_is_no_newly_agreed_one() -> None:
    made = milestone(S.PLANNED)

    refusal = refused(made, lambda: made.move_due(DUE, because=DateMoveReason.OTHER, reason=None))

    sentence = "It is due by 20 November 2026 already. Give another date."
    assert refusal.faults == (Fault("/due", "due-unchanged", sentence),)


def test_a_date_that_is_no_text_is_no_new_date() -> None:
    made = milestone(S.PLANNED)

    refusal = refused(made, lambda: made.move(S.DEFERRED, given_all(due=Due(None, DueKind.NONE))))

    assert [fault.code for fault in refusal.faults] == ["due-missing"]


@pytest.mark.parametrize("before", [S.IN_PROGRESS, S.SUBMITTED])
def test_a_milestone_is_not_judged_not_met_before_its_last_day(before: S) -> None:
    early, on_the_day = milestone(before), milestone(before)

    refusal = refused(early, lambda: early.move(S.NOT_MET, given_all(on=date(2026, 11, 19))))
    on_the_day.move(S.NOT_MET, given_all(on=date(2026, 11, 20)))

    sentence = "It is due by 20 November 2026: before that day it cannot be judged not met."
    assert refusal.faults == (Fault("/on", "before-due", sentence),)
    assert on_the_day.status is S.NOT_MET


def test_a_milestone_with_no_resolved_date_can_be_judged_not_met_on_any_day() -> None:
    made = milestone(S.SUBMITTED, due=read_due("when staffing allows"))

    made.move(S.NOT_MET, given_all())

    assert (made.status, made.due_ends_on) == (S.NOT_MET, None)


@pytest.mark.parametrize(
    ("comparator", "reached", "is_met"),
    [
        (Comparator.ABOVE, "92.8", False),
        (Comparator.ABOVE, "92.80", False),
        (Comparator.ABOVE, "92.80000000000000000001", True),
        (Comparator.AT_LEAST, "92.8", True),
        (Comparator.AT_LEAST, "92.800", True),
        (Comparator.AT_LEAST, "92.79999999999999999999", False),
        (Comparator.BELOW, "92.8", False),
        (Comparator.BELOW, "92.79999999999999999999", True),
        (Comparator.AT_MOST, "92.8", True),
        (Comparator.AT_MOST, "92.80000000000000000001", False),
        (Comparator.EQUAL, "92.80", True),
        (Comparator.EQUAL, "92.81", False),
        (None, "92.8", True),
        (None, "92.7", False),
    ],
)
def test_a_number_is_compared_exactly_as_printed(comparator: Comparator | None, reached: str, is_met: bool) -> None:  # noqa: FBT001  pytest
    made = numeric(comparator, "92.8")
    act = lambda: made.move(S.MET, given_all(value=Decimal(reached)))  # noqa: E731  said where it is done
    assumed = {"comparatorAssumed": True} if comparator is None else {}

    if is_met:
        event = act()
        assert (made.status, made.met_on, made.achieved_value) == (S.MET, TODAY, Decimal(reached))
        assert event == Event(record=made, verb=Verb.MET, reason="Agreed at the review.", on=TODAY, detail=assumed)
    else:
        refusal = refused(made, act)
        wanted = (comparator or Comparator.AT_LEAST).replace("_", " ")
        sentence = f"{reached} does not satisfy {wanted} 92.8. Give the value reached, or override with a reason."
        assert refusal.faults == (Fault("/value", "value-not-reached", sentence),)


@pytest.mark.parametrize(("direction", "reached"), [(Direction.HIGHER, "93"), (Direction.LOWER, "92"), (None, "93")])
def test_without_a_comparator_the_metrics_direction_says_what_reaches_a_number(
    direction: Direction | None, reached: str
) -> None:
    made, short = numeric(None, "92.8"), numeric(None, "92.8")
    other = "92" if reached == "93" else "93"

    event = made.move(S.MET, given_all(value=Decimal(reached), direction=direction))

    assert event.detail == {"comparatorAssumed": True}
    refusal = refused(short, lambda: short.move(S.MET, given_all(value=Decimal(other), direction=direction)))
    assert [fault.code for fault in refusal.faults] == ["value-not-reached"]


def test_a_numeric_milestone_is_confirmed_with_a_value_or_overridden_with_a_reason() -> None:
    silent, unexplained, explained = (numeric(Comparator.AT_LEAST, "90") for _ in range(3))

    no_value = refused(silent, lambda: silent.move(S.MET, given_all()))
    no_reason = refused(unexplained, lambda: unexplained.move(S.MET, given_all(override=True, reason=None)))
    event = explained.move(S.MET, given_all(override=True, value=Decimal(89)))

    assert [(fault.pointer, fault.code) for fault in no_value.faults] == [("/value", "value-missing")]
    assert [(fault.pointer, fault.code) for fault in no_reason.faults] == [("/reason", "reason-missing")]
    assert event.detail == {"override": True}
    assert (explained.status, explained.achieved_value) == (S.MET, Decimal(89))


def test_an_override_of_an_assumed_comparator_says_both() -> None:
    made = numeric(None, "90")

    event = made.move(S.MET, given_all(override=True))

    assert event.detail == {"comparatorAssumed": True, "override": True}


def test_a_threshold_that_is_not_there_is_reached_by_nothing() -> None:
    assert [satisfies(Decimal(1), comparator, None) for comparator in Comparator] == [False] * 5


def test_where_the_trust_asks_for_it_somebody_else_confirms() -> None:
    own, other, lax = (milestone(S.SUBMITTED) for _ in range(3))

    refusal = refused(own, lambda: own.move(S.MET, given_all(by="key:lead", reviewer_must_differ=True)))
    other.move(S.MET, given_all(by="key:head", reviewer_must_differ=True))
    lax.move(S.MET, given_all(by="key:lead"))

    assert isinstance(refusal, Forbidden)
    assert refusal.sentence == "Your trust asks that somebody else judges a milestone than submitted it."
    assert (other.status, lax.status) == (S.MET, S.MET)


def test_reopening_forgets_when_it_was_met_and_superseding_does_not() -> None:
    reopened, superseded = milestone(S.MET), milestone(S.MET)

    reopened.move(S.IN_PROGRESS, given_all())
    superseded.move(S.SUPERSEDED, given_all())

    assert (reopened.met_on, reopened.achieved_value) == (None, None)
    assert (superseded.met_on, superseded.achieved_value) == (date(2026, 11, 21), Decimal("91.0"))


@pytest.mark.parametrize("status", list(S))
@pytest.mark.parametrize("confidence", list(Confidence))
def test_confidence_is_judged_until_the_end_and_never_changes_the_status(status: S, confidence: Confidence) -> None:
    made = milestone(status)
    state = made.state()
    act = lambda: made.rate(confidence, rationale="Two staff left.")  # noqa: E731  said where it is done

    if status in ("met", "withdrawn", "superseded"):
        refusal = refused(made, act)
        assert isinstance(refusal, Invalid)
        return
    event = act()

    assert moved(state, made) in ({"confidence": confidence}, {})
    assert made.confidence is confidence
    assert event == Event(record=made, verb=Verb.RATED, reason="Two staff left.")


@pytest.mark.parametrize("status", list(S))
def test_another_date_is_agreed_until_the_end_and_the_baseline_stays(status: S) -> None:
    made = milestone(status)
    act = lambda: made.move_due(LATER, because=DateMoveReason.CLOSURE, reason="Snow.")  # noqa: E731  said where it is done

    if status in ("met", "withdrawn", "superseded"):
        refusal = refused(made, act)
        assert refusal.sentence == f"The date of a {status} milestone does not move any more."
        return
    event = act()

    assert event == Event(record=made, verb=Verb.DUE_MOVED, reason="Snow.", detail={"because": DateMoveReason.CLOSURE})
    assert (made.due_ends_on, made.due_moves, made.baseline_due_on) == (date(2027, 3, 31), 1, date(2026, 11, 20))


DUES = [None, DUE, LATER, read_due("On-going"), read_due("soon"), read_due("Autumn term 2030")]
ACTS = st.one_of(
    st.tuples(
        st.just("move"),
        st.sampled_from(list(S)),
        st.fixed_dictionaries(
            {
                "on": st.dates(date(2026, 11, 10), date(2026, 11, 25)),
                "by": st.sampled_from(["key:lead", "key:head"]),
                "reason": st.sampled_from([None, "", "Because."]),
                "has_evidence": st.booleans(),
                "due": st.sampled_from(DUES),
                "due_reason": st.sampled_from([None, DateMoveReason.OTHER]),
                "value": st.sampled_from([None, Decimal("89.9"), Decimal("90.0"), Decimal("90.1")]),
                "override": st.booleans(),
                "may_review": st.sampled_from([True, True, True, False]),
                "may_submit": st.sampled_from([True, True, True, False]),
                "reviewer_must_differ": st.booleans(),
            }
        ),
    ),
    st.tuples(st.just("rate"), st.sampled_from(list(Confidence)), st.just({})),
    st.tuples(st.just("due"), st.sampled_from(DUES[1:]), st.just({})),
)
DATES = {"due_printed", "due_kind", "due_starts_on", "due_ends_on", "due_unresolved", "due_assumed", "due_moves"}
MAY_CHANGE = {
    **{verb: {"status"} for verb in ("started", "returned", "partly_met", "not_met", "resumed")},
    "withdrawn": {"status", "withdrawn_at"},
    "superseded": {"status"},
    "submitted": {"status", "submitted_by"},
    "met": {"status", "met_on", "achieved_value"},
    "reopened": {"status", "met_on", "achieved_value"},
    "deferred": {"status", *DATES},
    "carried_forward": {"status", *DATES},
    "rated": {"confidence"},
    "due_moved": DATES,
}


def act_on(made: Milestone, act: tuple[str, Any, dict[str, Any]]) -> Event:
    kind, what, given = act
    if kind == "rate":
        return made.rate(what, rationale="It is so.")
    if kind == "due":
        return made.move_due(what, because=DateMoveReason.OTHER, reason=None)
    return made.move(what, Submission(now=NOW, **given))


@given(st.lists(ACTS, max_size=30), st.sampled_from([MeasureKind.NUMERIC, MeasureKind.QUALITATIVE]))
def test_any_run_of_acts_changes_exactly_what_its_events_say_or_nothing(
    acts: list[tuple[str, Any, dict[str, Any]]], measured: MeasureKind
) -> None:
    made = milestone(measured=measured, comparator=Comparator.AT_LEAST, value=Decimal(90))
    moves = 0
    for act in acts:
        before = made.state()
        try:
            event = act_on(made, act)
        except Refusal as refusal:
            legal = {to for start, to in AGREED if start == before["status"]}
            assert made.state() == before
            assert set(getattr(refusal, "legal", legal)) == legal  # noqa: PT017  refusals and events take turns here
            continue
        after = made.state()
        changed = {name for name, value in after.items() if value != before[name]}

        assert changed <= MAY_CHANGE[event.verb]
        assert ("status" in changed) is (act[0] == "move")
        assert event.record is made
        if act[0] == "move":
            assert AGREED[before["status"], after["status"]] == event.verb
            assert (after["met_on"] is not None) is (
                after["status"] == "met" or (after["status"] == "superseded" and before["met_on"] is not None)
            )
        moves += event.verb in ("deferred", "carried_forward", "due_moved")
        assert made.due_moves == moves
        assert made.baseline_due_on == date(2026, 11, 20)
