"""Memberships on a real PostgreSQL: what the log tells of them, what it keeps apart, and what is refused."""

from uuid import UUID

import asyncpg
import pytest

from app.commands.memberships import (
    Newcomer,
    add_member,
    assign_member,
    confirm_member,
    end_member,
    propose_member,
    sign_out_member,
)
from app.commands.records import create
from app.domain import ids
from app.domain.academies import Academy
from app.domain.actor import Actor
from app.domain.errors import Conflict, Forbidden, NotFound, StaleVersion
from app.domain.events import created
from app.domain.memberships import Membership, MembershipStatus
from app.domain.roles import Permission, Role
from app.domain.trusts import Trust
from app.domain.vocabulary import TrustKind
from tests.commands.ledger import nothing_written, refused, said, superuser, telling
from tests.conftest import Installation

TRUST = ids.trust_id("kestrel")
ISSUER = "https://login.example.org"


async def found(installation: Installation) -> UUID:
    """The trust with one academy."""
    async with installation.database.begin(installation.actor("kestrel")) as work:
        trust = Trust.named(TRUST, code="kestrel", name="Kestrel", kind=TrustKind.MULTI_ACADEMY_TRUST)
        work.add(trust)
        work.record(created(trust))
        return (await create(work, Academy, {"code": "oak", "name": "Oak Academy"})).id


def newcomer(subject: str = "s", *roles: Role, academies: frozenset[str] | None = None) -> Newcomer:
    return Newcomer(
        membership_id=ids.uuid7(), issuer=ISSUER, subject=subject, label="A Name", roles=frozenset(roles),
        academy_codes=academies,
    )  # fmt: skip


async def proposed(installation: Installation, who: Newcomer) -> Membership:
    async with installation.database.begin(who.actor(TRUST)) as work:
        return await propose_member(work, who)


async def test_the_log_knows_a_newcomer_by_id_and_their_name_stands_beside_it(empty: Installation) -> None:
    oak = await found(empty)
    who = newcomer("s", Role.ACADEMY_HEAD, academies=frozenset({"oak", "nowhere"}))
    async with telling(empty) as told:
        membership = await proposed(empty, who)

    after = {
        "id": str(membership.id), "version": 1, "issuer": ISSUER, "kind": "person", "roles": ["academy_head"],
        "academyIds": [str(oak)], "status": "proposed", "sessionsFrom": told.events[0]["data"]["after"]["sessionsFrom"],
    }  # fmt: skip
    assert [said(event) for event in told.events] == [
        {
            "type": "membership.proposed", "noun": "membership", "subject": str(membership.id), "plan": None,
            "academies": [str(oak)], "actor": f"user:{membership.id}", "channel": "pages", "on": None, "detail": {},
            "data": {"before": {}, "after": after}, "reason": None, "texts": {"subject": "s", "label": "A Name"},
        }
    ]  # fmt: skip


async def test_one_subject_is_proposed_once(empty: Installation) -> None:
    await found(empty)
    await proposed(empty, newcomer())

    async with refused(empty, Conflict, "The trust already has a membership of this subject of this issuer."):
        await proposed(empty, newcomer())


async def test_nobody_is_proposed_to_a_trust_that_is_not_there(empty: Installation) -> None:
    sentence = "The trust that this identity provider is for is not on this installation."
    async with refused(empty, NotFound, sentence):
        await proposed(empty, newcomer())


async def test_a_membership_goes_its_way_and_each_step_is_told(empty: Installation) -> None:
    oak = await found(empty)
    who = await proposed(empty, newcomer())
    async with telling(empty) as told:
        async with empty.database.begin(empty.actor("kestrel")) as work:
            await confirm_member(work, who.id, [Role.READER], None, version=1)
        async with empty.database.begin(empty.actor("kestrel")) as work:
            await assign_member(work, who.id, [Role.ACADEMY_HEAD], [oak], version=2)
        async with empty.database.begin(empty.actor("kestrel")) as work:
            await assign_member(work, who.id, [Role.ACADEMY_HEAD], [oak], version=3)
        async with empty.database.begin(empty.actor("kestrel")) as work:
            await sign_out_member(work, who.id, version=3)
        async with empty.database.begin(empty.actor("kestrel")) as work:
            await end_member(work, who.id, version=4, reason="Left.")

    assert told.types == ["membership.confirmed", "membership.changed", "membership.signed_out", "membership.ended"]
    assert told.events[1]["data"] == {
        "before": {"roles": ["reader"], "academyIds": None, "version": 2},
        "after": {"roles": ["academy_head"], "academyIds": [str(oak)], "version": 3},
    }
    assert told.events[-1]["reason"] == "Left."


async def test_who_may_not_administer_members_is_told_so_before_anything_else(empty: Installation) -> None:
    await found(empty)
    who = await proposed(empty, newcomer())
    executive = empty.actor("kestrel", Role.TRUST_EXECUTIVE)
    async with nothing_written(empty):
        for act in (
            lambda work: add_member(work, {"issuer": ISSUER, "subject": "x", "roles": [Role.READER]}),
            lambda work: confirm_member(work, who.id, None, None, version=9),
            lambda work: assign_member(work, who.id, [Role.READER], None, version=9),
            lambda work: end_member(work, who.id, version=9, reason=None),
            lambda work: sign_out_member(work, who.id, version=9),
        ):
            with pytest.raises(Forbidden, match="manage_members"):
                async with empty.database.begin(executive) as work:
                    await act(work)


async def test_an_administrator_gives_no_more_than_they_have(empty: Installation) -> None:
    oak = await found(empty)
    who = await proposed(empty, newcomer("s", Role.ADMINISTRATOR))
    scopes = frozenset({Permission.MANAGE_MEMBERS, Permission.READ})
    narrow = Actor(TRUST, "narrow", frozenset({Role.ADMINISTRATOR}), scopes=scopes)
    local = empty.actor("kestrel", academies=frozenset({oak}))
    more = "A membership cannot be given more than whoever gives it may do. Name fewer roles, or narrower scopes."
    wider = "A membership cannot see more academies than whoever gives it. Name your own in academyIds."

    async with refused(empty, Forbidden, more), empty.database.begin(narrow) as work:
        await confirm_member(work, who.id, None, None, version=1)
    async with refused(empty, Forbidden, more), empty.database.begin(narrow) as work:
        await add_member(work, {"issuer": ISSUER, "subject": "x", "roles": [Role.REVIEWER]})
    async with refused(empty, Forbidden, wider), empty.database.begin(local) as work:
        await add_member(work, {"issuer": ISSUER, "subject": "x", "roles": [Role.GOVERNOR]})
    unseen = f"There is no membership with the id {who.id}."
    async with refused(empty, NotFound, unseen), empty.database.begin(local) as work:
        await end_member(work, who.id, version=9, reason=None)


async def test_a_change_of_an_older_version_is_refused(empty: Installation) -> None:
    await found(empty)
    async with empty.database.begin(empty.actor("kestrel")) as work:
        who = await add_member(work, {"issuer": ISSUER, "subject": "x", "roles": [Role.READER]})
    assert (who.status, who.version) == (MembershipStatus.ACTIVE, 1)

    async with nothing_written(empty):
        with pytest.raises(StaleVersion):
            async with empty.database.begin(empty.actor("kestrel")) as work:
                await end_member(work, who.id, version=2, reason=None)


async def test_a_person_signs_themselves_out_and_nobody_else(empty: Installation) -> None:
    await found(empty)
    async with empty.database.begin(empty.actor("kestrel")) as work:
        who = await add_member(work, {"issuer": ISSUER, "subject": "x", "roles": [Role.READER]})
        other = await add_member(work, {"issuer": ISSUER, "subject": "y", "roles": [Role.READER]})
    async with empty.database.begin(who.actor("rest")) as work:
        await sign_out_member(work, who.id, version=None)

    with pytest.raises(Forbidden, match="manage_members"):
        async with empty.database.begin(who.actor("rest")) as work:
            await sign_out_member(work, other.id, version=None)


async def test_the_database_holds_no_membership_in_force_without_a_role(empty: Installation) -> None:
    async with superuser(empty) as connection:
        with pytest.raises(asyncpg.CheckViolationError, match="ck_membership_roles"):
            await connection.execute(
                "insert into membership (trust_id, id, version, issuer, subject, kind, roles, status, sessions_from)"
                " values ($1, $1, 1, 'i', 's', 'person', '{}', 'active', now())", TRUST,
            )  # fmt: skip
