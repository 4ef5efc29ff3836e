"""Erasing what is held of somebody, and what is past its time: the tables, the log, and what the past then says."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio

from app.commands import records
from app.commands.erasure import erase_subject, keep_of
from app.commands.memberships import add_member
from app.commands.milestones import add_evidence
from app.config import Settings
from app.data_protection import keep_schedule, schedule_of
from app.db.database import Database
from app.db.embedded import EmbeddedPostgres
from app.db.verification import verify_all
from app.domain.academies import Academy
from app.domain.actor import Actor
from app.domain.erasure import ERASED
from app.domain.errors import Invalid, NotFound
from app.domain.measure_vocabulary import ObservationKind
from app.domain.memberships import Membership, MembershipStatus
from app.domain.milestones import Milestone
from app.domain.model import KEPT
from app.domain.observations import Observation
from app.domain.roles import Role
from app.domain.subjects import Subject
from app.queries.milestones import EVIDENCE
from app.queries.observations import OBSERVATIONS
from app.queries.reading import Moment, read_record
from app.queries.subject_access import export_subject, find_key, find_member, find_person
from tests.commands.ledger import nothing_written, superuser, telling
from tests.conftest import Installation, _installed

NAME = "Quilla Canaryfield"
TRUST = "kestrel"


@dataclass
class Held:
    """A trust in which somebody has signed in and was written about."""

    installation: Installation
    operations: Database
    academy: UUID
    milestone: UUID

    @property
    def actor(self) -> Actor:
        return self.installation.actor(TRUST)

    async def member(self, name: str) -> UUID:
        values = {
            "issuer": "https://id.example",
            "subject": f"at-the-provider-{name}",
            "label": name,
            "roles": [Role.OBSERVER],
        }
        async with self.installation.database.begin(self.actor) as work:
            return (await add_member(work, values)).id

    async def note(self, text: str, by: Actor | None = None) -> UUID:
        async with self.installation.database.begin(by or self.actor) as work:
            values = {"milestone_id": self.milestone, "note": text}
            return (await add_evidence(work, values)).id

    async def observe(self, on: date, **texts: str) -> UUID:
        values = {"academy_id": self.academy, "kind": ObservationKind.LEARNING_WALK, "on": on, **texts}
        async with self.installation.database.begin(self.actor) as work:
            return (await records.create(work, Observation, values)).id

    async def read(self, noun: Any, record_id: UUID, as_of: datetime | None = None) -> dict[str, Any]:
        async with self.installation.database.reader(self.actor, noting="test") as reader:
            told: dict[str, Any] = json.loads((await read_record(reader, noun, record_id, Moment(now(), as_of))).body)
        return told

    async def faults(self) -> list[str]:
        connection = await asyncpg.connect(
            self.installation.dsn("milepost_ops"), server_settings={"search_path": "app, public"}
        )
        try:
            return [verdict.fault for verdict in await verify_all(connection) if verdict.fault]
        finally:
            await connection.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def held(server: EmbeddedPostgres, packed_template: str) -> AsyncIterator[Held]:
    """One for all tests here; each writes about somebody of its own."""
    async for installation in _installed(server, packed_template):
        async with operating(installation) as operations:
            async with installation.database.begin(installation.actor(TRUST)) as work:
                [academy, *_], [milestone, *_] = await work.where(Academy), await work.where(Milestone)
            yield Held(installation, operations, academy.id, milestone.id)


@asynccontextmanager
async def operating(installation: Installation) -> AsyncIterator[Database]:
    database = Database(installation.dsn("milepost_ops"), pool_size=2)
    await database.open()
    yield database
    await database.close()


def now() -> datetime:
    return datetime.now(UTC)


async def test_an_erased_member_is_forgotten_by_the_tables_the_log_and_the_past(held: Held) -> None:
    member = await held.member(NAME)
    note = await held.note(f"{NAME} saw it.")
    other = await held.note("Somebody saw it.")
    before = now()
    subject = Subject.member(member, NAME)

    async with telling(held.installation) as told, held.operations.begin(held.actor) as work:
        counts = await erase_subject(work, subject)

    assert counts == {"membership": 1, "evidence": 1, "texts beside events": 2}
    assert [(event["type"], event["texts"]) for event in told.events] == [
        ("membership.ended", {}),
        ("membership.erased", {"label": None, "subject": f"erased:{member}"}),
        ("evidence.erased", {"note": ERASED}),
    ]
    assert all(NAME not in json.dumps(event) for event in told.events)
    assert (await held.read(EVIDENCE, note))["note"] == ERASED
    assert (await held.read(EVIDENCE, note, before))["note"] == ERASED
    assert (await held.read(EVIDENCE, other, before))["note"] == "Somebody saw it."
    async with held.installation.database.begin(held.actor) as work:
        ended = await work.find(Membership, member)
    assert ended is not None
    assert (ended.status, ended.label, ended.subject) == (MembershipStatus.ENDED, None, f"erased:{member}")
    assert await held.faults() == []
    async with held.operations.begin(held.actor) as work:
        assert await erase_subject(work, subject) == {}


async def test_a_rehearsed_erasure_counts_and_changes_nothing(held: Held) -> None:
    member = await held.member("Rehearsed Person")
    await held.note("Rehearsed Person was there.")

    async with nothing_written(held.installation), held.operations.rehearsal(held.actor) as work:
        counts = await erase_subject(work, Subject.member(member, "Rehearsed Person"))

    assert counts == {"membership": 1, "evidence": 1, "texts beside events": 2}


async def test_the_application_itself_may_erase_nothing_from_the_log(held: Held) -> None:
    await held.note("Unerased Person was there.")

    async with nothing_written(held.installation):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with held.installation.database.begin(held.actor) as work:
                await erase_subject(work, Subject(name="nobody", mentions=("Unerased Person",)))


async def test_what_is_held_of_somebody_is_told_and_noted(held: Held) -> None:
    member = await held.member("Told Person")
    by = Actor(held.actor.trust_id, f"user:{member}", frozenset({Role.ADMINISTRATOR}))
    mine = await held.note("Seen by me.", by)
    walk = await held.observe(date(2026, 10, 6), strengths="Told Person asked everybody.")
    await held.observe(date(2026, 10, 6), strengths="Somebody else asked.")

    async with held.installation.database.reader(held.actor, noting="subject access export") as reader:
        told = await export_subject(reader, await find_member(reader, member))

    assert {noun: [row["id"] for row in rows] for noun, rows in told["records"].items()} == {
        "evidence": [str(mine)], "membership": [str(member)], "observation": [str(walk)],
    }  # fmt: skip
    assert told["lookedFor"] == ["Told Person"]
    assert [event["type"] for event in told["events"]] == [
        "membership.created",
        "evidence.created",
        "observation.created",
    ]
    assert "digest" not in json.dumps(told["records"])
    async with superuser(held.installation) as connection:
        noted = await connection.fetch("select record_id, purpose from sensitive_read where purpose like 'subject%'")
    assert [tuple(row) for row in noted] == [(walk, "subject access export")]


async def test_whoever_the_trust_does_not_know_has_no_export(held: Held) -> None:
    unknown = UUID(int=1)
    async with held.installation.database.reader(held.actor, noting="test") as reader:
        with pytest.raises(NotFound, match=r"^There is no membership with the id"):
            await find_member(reader, unknown)
        with pytest.raises(NotFound, match=r"^There is no person with the code nobody\."):
            await find_person(reader, "nobody")
        with pytest.raises(NotFound, match=r"^There is no key with the code nobody\."):
            await find_key(reader, "nobody")


async def test_what_stays_is_told_with_its_reason(held: Held) -> None:
    member = await held.member("Staying Person")
    by = Actor(held.actor.trust_id, f"user:{member}", frozenset({Role.ADMINISTRATOR}))
    await held.note("Seen.", by)

    async with held.operations.rehearsal(held.actor) as work:
        kept = await keep_of(work, Subject.member(member, "Staying Person", "Staying"))

    assert kept == {"events they made: the log knows an id, and no longer whose": 1}


async def test_texts_past_their_time_are_erased_and_those_within_it_stay(held: Held) -> None:
    schedule = schedule_of(Settings().retention)
    old = await held.observe(date(2020, 1, 15), strengths="Long ago.", next_steps="Then.")
    young = await held.observe(date(2026, 1, 15), strengths="Lately.")
    before = now()
    async with superuser(held.installation) as connection:
        await connection.execute(
            "insert into sensitive_read values ($1, '2015-01-01', 'key:x', 'observation', $2, 'rest', 'old')",
            held.actor.trust_id,
            old,
        )
        await connection.execute(
            "insert into idempotency (trust_id, actor, route, key, fingerprint, created_at) values ($1, 'a', 'r', 'old', '', $2)",
            held.actor.trust_id, now() - timedelta(days=31),
        )  # fmt: skip
    async with nothing_written(held.installation):
        counted = await keep_schedule(held.operations, held.actor, schedule, apply=False)

    async with telling(held.installation) as told:
        erased = await keep_schedule(held.operations, held.actor, schedule, apply=True)

    assert (
        counted
        == erased
        == {"observation": 1, "notes of sensitive reads": 1, "answers kept for retries (of all trusts)": 1}
    )
    assert told.types == ["observation.erased"]
    shown = {"strengths", "nextSteps"}
    assert {name: value for name, value in (await held.read(OBSERVATIONS, old)).items() if name in shown} == {
        "strengths": None, "nextSteps": None,
    }  # fmt: skip
    assert (await held.read(OBSERVATIONS, old, before))["strengths"] is None
    assert (await held.read(OBSERVATIONS, young))["strengths"] == "Lately."
    assert await keep_schedule(held.operations, held.actor, schedule, apply=True) == {}
    assert await held.faults() == []


async def test_the_operations_role_may_erase_personal_text_and_no_other_column(held: Held) -> None:
    query = """select table_name || '.' || column_name from information_schema.column_privileges
      where grantee = 'milepost_ops' and privilege_type = 'UPDATE' and table_schema = 'app'"""
    async with superuser(held.installation) as connection:
        granted = {row[0] for row in await connection.fetch(query)}
    personal = {f"{kind.noun()}.{column}" for kind in KEPT for column in kind.PERSONAL}
    versions = {f"{kind.noun()}.version" for kind in KEPT if kind.PERSONAL}
    ending = {"membership.status", "membership.sessions_from"}
    log = {f"event_head.{name}" for name in ("trust_id", "position", "hash", "recorded_at")}

    assert granted == personal | versions | ending | log | {"event_text.reason", "event_text.fields"}


@pytest.mark.parametrize("field", ["note", "link"])
async def test_a_pupils_number_is_refused_and_nothing_is_written(held: Held, field: str) -> None:
    values = {"milestone_id": held.milestone, "note": "Seen.", field: "Pupil A123456789012 was there."}

    async with nothing_written(held.installation):
        with pytest.raises(Invalid) as caught:
            async with held.installation.database.begin(held.actor) as work:
                await add_evidence(work, values)

    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [(f"/{field}", "pupil-number")]


async def test_no_table_holds_anything_shaped_like_a_pupils_number(held: Held) -> None:
    upn = r"(?<![0-9A-Za-z])[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z](?![0-9A-Za-z])"
    async with superuser(held.installation) as connection:
        tables = [row[0] for row in await connection.fetch("select tablename from pg_tables where schemaname = 'app'")]
        found = {
            name: await connection.fetchval(f"select count(*) from {name} t where t::text ~* $1", upn)
            for name in tables
        }
        bodies = await connection.fetchval("select count(*) from event where convert_from(body, 'UTF8') ~* $1", upn)
        seen = await connection.fetchval("select 'pupil A123456789012.' ~* $1", upn)

    assert seen, "what is looked for would be found"
    assert (bodies, {name: count for name, count in found.items() if count}) == (0, {})
