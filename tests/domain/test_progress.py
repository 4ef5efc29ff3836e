"""How far a plan has come: counts that add up, and percentages of what is counted."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.domain.progress import by_area, by_lead, by_objective, due_soon, overdue, tally_actions, tally_milestones
from app.domain.rounding import percent, rounded
from app.domain.vocabulary import ActionStatus, MilestoneStatus, Timeliness
from tests.domain.plan_facts import AREA, LEAD, OBJECTIVE, PRIORITY, action, known, milestone, plan

ACTIONS = st.lists(
    st.builds(
        action,
        code=st.uuids().map(str),
        status=st.sampled_from(ActionStatus),
        area_id=st.sampled_from([AREA.id, PRIORITY.id]),
        objective_id=st.sampled_from([OBJECTIVE.id, None]),
        is_overdue=st.booleans(),
        lead_ids=st.sampled_from([(), (LEAD.id,)]),
    ),
    max_size=12,
)
MILESTONES = st.lists(
    st.builds(
        milestone,
        code=st.uuids().map(str),
        status=st.sampled_from(MilestoneStatus),
        timeliness=st.sampled_from(Timeliness),
        area_id=st.sampled_from([AREA.id, PRIORITY.id]),
        objective_id=st.sampled_from([OBJECTIVE.id, None]),
    ),
    max_size=12,
)


@given(actions=ACTIONS, milestones=MILESTONES)
def test_parts_add_up_to_the_whole(actions: list, milestones: list) -> None:  # type: ignore[type-arg]  # made above
    facts = plan(areas=(AREA, PRIORITY), objectives=(OBJECTIVE,), actions=actions, milestones=milestones)

    whole = tally_actions(actions), tally_milestones(milestones)

    for shares in (by_area(facts), by_objective(facts)):
        assert sum(share.actions.total for share in shares) == whole[0].total == len(actions)
        assert sum(share.actions.done for share in shares) == whole[0].done
        assert sum(share.milestones.counted for share in shares) == whole[1].counted
        assert sum(share.milestones.overdue for share in shares) == whole[1].overdue
    assert sum(share.actions.overdue for share in by_lead(facts)) == whole[0].overdue


@given(actions=ACTIONS)
def test_no_more_is_done_than_is_counted_and_of_nothing_there_is_no_percentage(actions: list) -> None:  # type: ignore[type-arg]  # made above
    tally = tally_actions(actions)

    assert tally.done <= tally.counted <= tally.total
    assert (tally.percent_done is None) == (tally.counted == 0)
    assert sum(tally.by_status.values()) == tally.total


def test_a_cancelled_action_is_not_counted() -> None:
    statuses = (ActionStatus.COMPLETE, ActionStatus.CANCELLED, ActionStatus.IN_PROGRESS, ActionStatus.NOT_STARTED)

    tally = tally_actions(action(status=status) for status in statuses)

    assert (tally.total, tally.counted, tally.done, tally.percent_done) == (4, 3, 1, Decimal("33.3"))


def test_withdrawn_and_superseded_milestones_are_not_counted_and_partly_met_is_not_met() -> None:
    statuses = (
        MilestoneStatus.MET,
        MilestoneStatus.PARTLY_MET,
        MilestoneStatus.NOT_MET,
        MilestoneStatus.WITHDRAWN,
        MilestoneStatus.SUPERSEDED,
    )

    tally = tally_milestones(milestone(status=status) for status in statuses)

    assert (tally.total, tally.counted, tally.done) == (5, 3, 1)


def test_an_action_that_two_lead_is_counted_for_each_and_one_that_nobody_leads_comes_last() -> None:
    other = known("JWe")
    facts = plan(
        actions=(action("A1", lead_ids=(LEAD.id, other)), action("A2", lead_ids=(other,)), action("A3", lead_ids=()))
    )

    shares = by_lead(facts)

    assert [(share.of, share.actions.total) for share in shares] == [(other, 2), (LEAD.id, 1), (None, 1)]


def test_the_longest_overdue_comes_first_among_actions_and_milestones() -> None:
    late = milestone("M1", timeliness=Timeliness.OVERDUE, due_ends_on=date(2026, 12, 1))
    later = action("A1", is_overdue=True, due_ends_on=date(2027, 1, 31))
    soon = action("A2", is_due_soon=True, due_ends_on=date(2027, 2, 12))
    facts = plan(actions=(later, soon), milestones=(late, milestone("M2")))

    assert (overdue(facts), due_soon(facts)) == ([late, later], [soon])


@given(value=st.decimals(-1000, 1000, places=3))
def test_a_figure_is_rounded_alike_on_either_side_of_zero(value: Decimal) -> None:
    assert rounded(-value, decimals=1) == -rounded(value, decimals=1)


def test_a_half_goes_away_from_zero() -> None:
    assert [rounded(Decimal(value)) for value in ("0.5", "1.5", "2.5", "-2.5", "2.49")] == [1, 2, 3, -3, 2]
    assert percent(1, 16) == Decimal("6.3")
    assert percent(0, 0) is None
