"""Academies' numbers, plans and keys: what is made, what the log tells of it, and what is refused."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from app.commands.academies import identify_academy
from app.commands.keys import make_key, revoke_key
from app.commands.plans import make_plan, widen_plan
from app.commands.records import create
from app.domain import ids
from app.domain.academies import Academy, AcademyIdentifier
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from app.domain.keys import ApiKey
from app.domain.plans import Plan, PlanAcademy
from app.domain.roles import Permission, Role
from app.domain.vocabulary import IdentifierKind, PlanType
from tests.commands.ledger import nothing_written, refused, said, superuser, telling
from tests.conftest import Installation

TRUST = ids.trust_id("kestrel")
PEPPER = b"pepper"


async def an_academy(installation: Installation, code: str) -> UUID:
    async with installation.database.begin(installation.actor("kestrel")) as work:
        return (await create(work, Academy, {"code": code, "name": f"{code} Academy"})).id


def plan(code: str, *academies: UUID) -> dict[str, object]:
    return {
        "code": code,
        "title": f"{code} plan",
        "type": PlanType.IMPROVEMENT,
        "starts_on": date(2026, 9, 1),
        "ends_on": date(2027, 8, 31),
        "academy_ids": list(academies),
    }


def urn(academy: UUID, value: str, valid_from: date) -> dict[str, object]:
    return {"academy_id": academy, "kind": IdentifierKind.URN, "value": value, "valid_from": valid_from}


async def test_a_new_urn_keeps_the_academy_and_ends_the_former_the_day_before(empty: Installation) -> None:
    oak = await an_academy(empty, "oak")
    async with empty.database.begin(empty.actor("kestrel")) as work:
        first = await identify_academy(work, urn(oak, "100001", date(2015, 9, 1)))

    async with telling(empty) as told, empty.database.begin(empty.actor("kestrel")) as work:
        second = await identify_academy(work, urn(oak, "137083", date(2020, 9, 1)))

    shared = {"noun": "academy_identifier", "plan": None, "academies": [str(oak)], "actor": "test", "channel": "rest"}
    shared |= {"detail": {}, "reason": None, "texts": {}}
    ended = {"before": {"validTo": None, "version": 1}, "after": {"validTo": "2020-08-31", "version": 2}}
    made = {"id": str(second.id), "academyId": str(oak), "kind": "urn", "value": "137083", "validFrom": "2020-09-01"}
    made |= {"validTo": None, "version": 1, "withdrawnAt": None}
    assert [said(event) for event in told.events] == [
        {**shared, "type": "academy_identifier.ended", "subject": str(first.id), "on": "2020-08-31", "data": ended},
        {
            **shared,
            "type": "academy_identifier.created",
            "subject": str(second.id),
            "on": None,
            "data": {"before": {}, "after": made},
        },
    ]
    async with empty.database.begin(empty.actor("kestrel")) as work:
        kept = sorted(await work.where(AcademyIdentifier), key=lambda one: one.valid_from)
        assert [(one.academy_id, one.value, one.valid_to) for one in kept] == [
            (oak, "100001", date(2020, 8, 31)),
            (oak, "137083", None),
        ]


async def test_numbers_of_other_kinds_and_those_ended_before_are_left_alone(empty: Installation) -> None:
    oak = await an_academy(empty, "oak")
    ukprn = {"academy_id": oak, "kind": IdentifierKind.UKPRN, "value": "10035678", "valid_from": date(2010, 1, 1)}
    async with empty.database.begin(empty.actor("kestrel")) as work:
        await identify_academy(work, ukprn)
        await identify_academy(work, {**urn(oak, "100001", date(2010, 1, 1)), "valid_to": date(2012, 1, 1)})

    async with telling(empty) as told, empty.database.begin(empty.actor("kestrel")) as work:
        await identify_academy(work, urn(oak, "137083", date(2020, 9, 1)))

    assert told.types == ["academy_identifier.created"]


async def test_a_number_from_no_later_day_is_refused(empty: Installation) -> None:
    oak = await an_academy(empty, "oak")
    async with empty.database.begin(empty.actor("kestrel")) as work:
        await identify_academy(work, urn(oak, "137083", date(2020, 9, 1)))

    sentence = "The academy already has a URN from 2020-09-01. Give a later day."
    for day in (date(2020, 9, 1), date(2019, 9, 1)):
        async with refused(empty, Conflict, sentence), empty.database.begin(empty.actor("kestrel")) as work:
            await identify_academy(work, urn(oak, "137084", day))


async def test_a_malformed_number_and_an_unknown_academy_are_refused(empty: Installation) -> None:
    oak, unknown = await an_academy(empty, "oak"), uuid4()
    async with empty.database.begin(empty.actor("kestrel")) as work:
        await identify_academy(work, urn(oak, "100001", date(2015, 9, 1)))

    async with refused(empty, Invalid, "A URN is six digits."), empty.database.begin(empty.actor("kestrel")) as work:
        await identify_academy(work, urn(oak, "13708", date(2020, 9, 1)))
    sentence = f"There is no academy with the id {unknown}."
    async with refused(empty, NotFound, sentence), empty.database.begin(empty.actor("kestrel")) as work:
        await identify_academy(work, urn(unknown, "137083", date(2020, 9, 1)))


async def test_an_academy_head_does_not_give_numbers(empty: Installation) -> None:
    oak = await an_academy(empty, "oak")
    head = empty.actor("kestrel", Role.ACADEMY_HEAD, academies=frozenset({oak}))

    sentence = "This credential may not do that: it lacks the permission write_organisation. Ask an administrator of your trust."
    async with refused(empty, Forbidden, sentence), empty.database.begin(head) as work:
        await identify_academy(work, urn(oak, "137083", date(2020, 9, 1)))


async def test_a_plan_is_made_with_its_academies(empty: Installation) -> None:
    oak, elm = await an_academy(empty, "oak"), await an_academy(empty, "elm")

    async with telling(empty) as told, empty.database.begin(empty.actor("kestrel")) as work:
        made = await make_plan(work, plan("sip", oak, elm))

    assert told.types == ["plan.created", "plan_academy.created", "plan_academy.created"]
    both = sorted([str(oak), str(elm)])
    assert [event["academies"] for event in told.events[:1]] == [both]
    assert [event["academies"] for event in told.events[1:]] == [[str(oak)], [str(elm)]]
    assert {event["plan"] for event in told.events} == {str(made.id)}
    assert told.events[0]["data"] == {
        "before": {},
        "after": {
            "id": str(made.id),
            "version": 1,
            "withdrawnAt": None,
            "sourceDocument": None,
            "sourceLine": None,
            "code": "sip",
            "title": "sip plan",
            "type": "improvement",
            "status": "active",
            "startsOn": "2026-09-01",
            "endsOn": "2027-08-31",
            "printedPeriod": None,
            "issuedPrinted": None,
            "partial": False,
            "aspiration": None,
        },
    }


async def test_an_academy_head_makes_plans_for_their_own_academy_only(empty: Installation) -> None:
    oak, elm = await an_academy(empty, "oak"), await an_academy(empty, "elm")
    head = empty.actor("kestrel", Role.ACADEMY_HEAD, academies=frozenset({oak}))

    async with telling(empty) as told, empty.database.begin(head) as work:
        await make_plan(work, plan("own", oak))

    assert told.types == ["plan.created", "plan_academy.created"]
    sentence = "You may make plans for your own academies. Name them in academyIds."
    async with refused(empty, Forbidden, sentence), empty.database.begin(head) as work:
        await make_plan(work, plan("whole"))
    unseen = f"There is no academy with the id {elm}."
    async with refused(empty, NotFound, unseen), empty.database.begin(head) as work:
        await make_plan(work, plan("theirs", elm))
    async with refused(empty, NotFound, unseen), empty.database.begin(head) as work:
        await make_plan(work, plan("both", oak, elm))


async def test_a_leader_makes_no_plan(empty: Installation) -> None:
    sentence = (
        "This credential may not do that: it lacks the permission write_plans. Ask an administrator of your trust."
    )
    async with (
        refused(empty, Forbidden, sentence),
        empty.database.begin(empty.actor("kestrel", Role.SENIOR_LEADER)) as work,
    ):
        await make_plan(work, plan("sip"))


async def test_a_plan_that_ends_before_it_begins_or_repeats_a_code_is_refused(empty: Installation) -> None:
    async with empty.database.begin(empty.actor("kestrel")) as work:
        await make_plan(work, plan("sip"))

    ended = {**plan("late"), "ends_on": date(2026, 8, 31)}
    async with (
        refused(empty, Invalid, "A plan cannot end before it begins."),
        empty.database.begin(empty.actor("kestrel")) as work,
    ):
        await make_plan(work, ended)
    async with (
        refused(empty, Conflict, "The trust already has a plan with this code. Choose another code."),
        empty.database.begin(empty.actor("kestrel")) as work,
    ):
        await make_plan(work, plan("sip"))


async def test_a_plan_is_widened_by_one_academy_once(empty: Installation) -> None:
    oak, elm = await an_academy(empty, "oak"), await an_academy(empty, "elm")
    async with empty.database.begin(empty.actor("kestrel")) as work:
        made = await make_plan(work, plan("sip", oak))

    async with telling(empty) as told, empty.database.begin(empty.actor("kestrel")) as work:
        await widen_plan(work, {"plan_id": made.id, "academy_id": elm})

    assert told.types == ["plan_academy.created"]
    sentence = "The plan is already for this academy."
    async with refused(empty, Conflict, sentence), empty.database.begin(empty.actor("kestrel")) as work:
        await widen_plan(work, {"plan_id": made.id, "academy_id": elm})
    async with empty.database.begin(empty.actor("kestrel")) as work:
        assert {link.academy_id for link in await work.where(PlanAcademy, plan_id=made.id)} == {oak, elm}


async def test_a_record_of_another_trust_is_not_there(empty: Installation) -> None:
    async with empty.database.begin(empty.actor("kestrel")) as work:
        made = await make_plan(work, plan("sip"))

    with pytest.raises(NotFound):
        async with empty.database.begin(empty.actor("larkfield")) as work:
            await work.get(Plan, made.id)


async def test_a_key_is_made_with_its_secret_kept_out_of_the_log_and_the_table(empty: Installation) -> None:
    oak = await an_academy(empty, "oak")
    values = {"label": "report", "roles": [Role.SENIOR_LEADER], "scopes": [Permission.READ], "academy_ids": [oak]}

    async with telling(empty) as told, empty.database.begin(empty.actor("kestrel")) as work:
        key, text = await make_key(work, values, environment="test", pepper=PEPPER)
        today, now = work.today, work.now

    instant = now.isoformat().replace("+00:00", "Z")
    assert told.types == ["api_key.created"]
    assert told.events[0]["data"]["after"] == {
        "id": str(key.id),
        "version": 1,
        "code": text.code,
        "label": "report",
        "roles": ["senior_leader"],
        "scopes": ["read"],
        "academyIds": [str(oak)],
        "documentsOnly": False,
        "integration": None,
        "createdAt": instant,
        "expiresOn": str(today + timedelta(days=400)),
        "revokedAt": None,
    }
    async with superuser(empty) as connection:
        rows = await connection.fetchval("select string_agg(k::text, '') from api_key k")
        bodies = await connection.fetchval("select string_agg(convert_from(body, 'UTF8'), '') from event")
    assert text.secret not in rows + bodies
    assert text.digest(PEPPER).hex() in rows
    assert text.digest(PEPPER).hex() not in bodies


@pytest.mark.parametrize("days", [-1, 401])
async def test_a_key_works_for_at_most_400_days_from_today_on(empty: Installation, days: int) -> None:
    sentence = "A key works for at most 400 days. Give an earlier last day, from today on."

    async with refused(empty, Invalid, sentence), empty.database.begin(empty.actor("kestrel")) as work:
        values = {"label": "x", "roles": [Role.READER], "expires_on": work.today + timedelta(days=days)}
        await make_key(work, values, environment="test", pepper=PEPPER)


async def test_a_key_names_academies_that_exist_and_is_made_by_who_may(empty: Installation) -> None:
    unknown = uuid4()
    values = {"label": "x", "roles": [Role.READER], "academy_ids": [unknown]}

    async with (
        refused(empty, NotFound, f"There is no academy with the id {unknown}."),
        empty.database.begin(empty.actor("kestrel")) as work,
    ):
        await make_key(work, values, environment="test", pepper=PEPPER)
    sentence = (
        "This credential may not do that: it lacks the permission manage_keys. Ask an administrator of your trust."
    )
    executive = empty.actor("kestrel", Role.TRUST_EXECUTIVE)
    async with refused(empty, Forbidden, sentence), empty.database.begin(executive) as work:
        await make_key(work, {"label": "x", "roles": [Role.READER]}, environment="test", pepper=PEPPER)


async def test_a_credential_makes_no_key_that_may_do_or_see_more_than_itself(empty: Installation) -> None:
    oak, elm = await an_academy(empty, "oak"), await an_academy(empty, "elm")
    narrow = empty.actor("kestrel", academies=frozenset({oak}))
    scoped = ApiKey(
        trust_id=TRUST, code="c", label="l", digest=b"", roles=["administrator"],
        scopes=["manage_keys", "read"], created_at=empty.database.clock(), expires_on=date(2030, 1, 1),
    ).actor("rest")  # fmt: skip
    reader = {"label": "x", "roles": [Role.READER], "scopes": [Permission.READ]}

    more = "A key cannot be given more than whoever gives it may do. Name fewer roles, or narrower scopes."
    for values in ({"label": "x", "roles": [Role.ADMINISTRATOR]}, {"label": "x", "roles": [Role.READER]}):
        async with refused(empty, Forbidden, more), empty.database.begin(scoped) as work:
            await make_key(work, values, environment="test", pepper=PEPPER)
    wider = "A key cannot see more academies than whoever gives it. Name your own in academyIds."
    async with refused(empty, Forbidden, wider), empty.database.begin(narrow) as work:
        await make_key(work, reader, environment="test", pepper=PEPPER)
    async with (
        refused(empty, NotFound, f"There is no academy with the id {elm}."),
        empty.database.begin(narrow) as work,
    ):
        await make_key(work, {**reader, "academy_ids": [oak, elm]}, environment="test", pepper=PEPPER)
    async with empty.database.begin(scoped) as work:
        await make_key(work, reader, environment="test", pepper=PEPPER)
    async with empty.database.begin(narrow) as work:
        await make_key(work, {**reader, "academy_ids": [oak]}, environment="test", pepper=PEPPER)


def test_what_a_key_was_once_given_and_there_is_no_more_gives_nothing() -> None:
    given = {"trust_id": TRUST, "code": "c", "label": "l", "digest": b""}
    days = {"created_at": datetime(2026, 1, 1, tzinfo=UTC), "expires_on": date(2030, 1, 1)}
    former = ApiKey(**given, **days, roles=["leader"]).actor("rest")
    both = ApiKey(**given, **days, roles=["leader", "reader"], scopes=["read", "read_all"]).actor("rest")

    assert (former.roles, former.permissions) == (frozenset(), frozenset())
    assert (both.roles, both.scopes) == ({Role.READER}, {Permission.READ})


async def test_a_key_is_revoked_once_at_the_version_that_was_read(empty: Installation) -> None:
    async with empty.database.begin(empty.actor("kestrel")) as work:
        key, _ = await make_key(work, {"label": "x", "roles": [Role.READER]}, environment="test", pepper=PEPPER)
    async with nothing_written(empty):
        with pytest.raises(StaleVersion):
            async with empty.database.begin(empty.actor("kestrel")) as work:
                await revoke_key(work, key.id, version=7)

    async with telling(empty) as told, empty.database.begin(empty.actor("kestrel")) as work:
        await revoke_key(work, key.id, version=1)
        instant = work.now.isoformat().replace("+00:00", "Z")

    revoked = {"before": {"revokedAt": None, "version": 1}, "after": {"revokedAt": instant, "version": 2}}
    assert [(event["type"], event["data"]) for event in told.events] == [("api_key.revoked", revoked)]
    async with (
        refused(empty, Conflict, "This key is already revoked."),
        empty.database.begin(empty.actor("kestrel")) as work,
    ):
        await revoke_key(work, key.id, version=None)
