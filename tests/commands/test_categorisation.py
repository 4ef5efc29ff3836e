"""Categories decided: what a decision rests on, that the suggestion is kept with it, and what is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.commands.categorisation import decide_category, suggest_category
from app.domain.actor import Actor
from app.domain.categorisation import CategoryDecision
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.review_vocabulary import Agreement
from app.domain.roles import Role
from tests.commands.ledger import nothing_written, refused, stopped, superuser, telling
from tests.conftest import Installation

TODAY = datetime.now(UTC).date()


@dataclass
class Meeting:
    """The trust of S2, one of its academies, its framework and the stages by code."""

    installation: Installation
    academy: UUID
    framework: UUID
    stages: Mapping[str, UUID]

    async def decide(self, stage: str = "2", *, by: Actor | None = None, **more: Any) -> CategoryDecision:
        values = {
            "academy_id": self.academy, "framework_id": self.framework, "stage_id": self.stages[stage], "decided_on": TODAY,
            "effective_from": TODAY, "chair_role": "CEO", "reason": "The visits in May said so.", **more,
        }  # fmt: skip
        async with self.installation.database.begin(by or self.actor()) as work:
            return await decide_category(work, values)

    def actor(self, *roles: Role, academies: frozenset[UUID] | None = None) -> Actor:
        return self.installation.actor("merlin", *(roles or (Role.TRUST_EXECUTIVE,)), academies=academies)


@pytest.fixture
async def meeting(packed: Installation) -> Meeting:
    async with superuser(packed) as connection:
        academy = await connection.fetchval("select id from academy where code = 'fellside'")
        framework = await connection.fetchval("select id from framework where code = 'secondary-strategy'")
        stages = await connection.fetch("select code, id from maturity_stage where framework_id = $1", framework)
    return Meeting(packed, academy, framework, dict(stages))


async def test_the_present_suggestion_is_put_on_record_with_the_decision(meeting: Meeting) -> None:
    async with telling(meeting.installation, "merlin") as told:
        decision = await meeting.decide(attendees=["Principal"])

    assert told.types == ["category_suggestion.created", "category_decision.created"]
    suggestion, decided = (event["data"]["after"] for event in told.events)
    assert decided["suggestionId"] == suggestion["id"] == str(decision.suggestion_id)
    assert (suggestion["agreement"], suggestion["stageId"], suggestion["on"]) == ("none", None, str(TODAY))
    explained = suggestion["explanation"]
    assert explained["missing"] == ["progress-8", "ofsted-overall"]
    assert explained["framework"]["id"] == str(meeting.framework)
    assert (decision.no, decision.attendees, decision.evidence) == (1, ["Principal"], [])


async def test_a_decision_without_a_suggestion_to_rest_on_says_why(meeting: Meeting) -> None:
    sentence = "This decision has no suggestion to rest on. Say why in its reason."
    async with refused(meeting.installation, Invalid, sentence):
        await meeting.decide(reason=None)


async def test_another_decision_for_the_same_day_takes_its_place(meeting: Meeting) -> None:
    numbers = [(await meeting.decide(stage)).no for stage in ("1", "2")]
    ahead = await meeting.decide("3", effective_from=TODAY + timedelta(days=90))

    assert (numbers, ahead.no) == ([1, 2], 1)


async def test_what_the_framework_does_not_carry_is_refused_all_at_once(meeting: Meeting) -> None:
    async with nothing_written(meeting.installation):
        with stopped(Invalid) as caught:
            await meeting.decide(
                stage_id=uuid4(),
                evidence=["hearsay"],
                decided_on=TODAY + timedelta(days=1),
                next_review_on=date(2100, 1, 1),
            )

    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [
        ("/decidedOn", "in-future"),
        ("/stageId", "unknown-stage"),
        ("/evidence/0", "unknown-evidence"),
    ]


async def test_only_a_framework_in_force_on_the_first_day_is_decided_by(meeting: Meeting) -> None:
    async with superuser(meeting.installation) as connection:
        await connection.execute("update framework set valid_to = '2026-08-31' where id = $1", meeting.framework)

    sentence = (
        "Edition 1 of secondary-strategy is not in force on 2026-09-01. "
        "Name the edition that is, or publish this one first."
    )
    async with refused(meeting.installation, Invalid, sentence):
        await meeting.decide(effective_from=date(2026, 9, 1))


async def test_only_who_decides_categories_of_the_academy_does(meeting: Meeting) -> None:
    head = meeting.actor(Role.ACADEMY_HEAD)
    stranger = meeting.actor(academies=frozenset({uuid4()}))

    async with nothing_written(meeting.installation):
        with stopped(Forbidden):
            await meeting.decide(by=head)
        with stopped(NotFound):
            await meeting.decide(by=stranger)


async def test_a_suggestion_put_on_record_before_the_meeting_is_the_one_named(meeting: Meeting) -> None:
    async with meeting.installation.database.begin(meeting.actor()) as work:
        suggestion = await suggest_category(work, {"academy_id": meeting.academy})
    async with telling(meeting.installation, "merlin") as told:
        decision = await meeting.decide(suggestion_id=suggestion.id)

    assert (suggestion.framework_id, suggestion.on, suggestion.agreement) == (meeting.framework, TODAY, Agreement.NONE)
    assert (decision.suggestion_id, told.types) == (suggestion.id, ["category_decision.created"])
    async with refused(meeting.installation, NotFound, f"There is no category suggestion with the id {UUID(int=9)}."):
        await meeting.decide(suggestion_id=UUID(int=9))
