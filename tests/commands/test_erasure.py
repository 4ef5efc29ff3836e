"""Erasing what is held of somebody, and what is past its time: the tables, the log, and what the past then says."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from typer.testing import CliRunner

from app import data_protection
from app.commands import records
from app.commands.erasure import erase_subject, keep_of
from app.commands.memberships import add_member
from app.commands.milestones import add_evidence
from app.config import Settings
from app.data_protection import keep_schedule, schedule_of
from app.db.database import Database
from app.db.embedded import EmbeddedPostgres
from app.db.verification import verify, verify_all
from app.domain.academies import Academy
from app.domain.actor import Actor
from app.domain.erasure import ERASED
from app.domain.errors import Invalid, NotFound
from app.domain.events import Event, Verb
from app.domain.evidence import Evidence
from app.domain.measure_vocabulary import ObservationKind
from app.domain.memberships import Membership, MembershipStatus
from app.domain.milestones import Milestone
from app.domain.model import KEPT
from app.domain.observations import Observation
from app.domain.roles import Role
from app.domain.subjects import Subject
from app.installation import Installation as Installed
from app.queries.memberships import MEMBERSHIPS
from app.queries.milestones import EVIDENCE
from app.queries.observations import OBSERVATIONS
from app.queries.reading import Moment, read_record
from app.queries.subject_access import export_subject, find_key, find_member, find_person
from tests.commands.ledger import nothing_written, superuser, telling
from tests.conftest import Installation, _installed

_ANSWER = """insert into idempotency (trust_id, actor, route, key, fingerprint, body, created_at)
  values ($1, 'key:somebody', 'r', $2, '', $3, $4)"""
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


async def confirmed(held: Held, subject: UUID, guesses: list[str]) -> set[str]:
    """Those guesses that make a digest in the log, with the salt that stands beside it."""
    query = """select x.salt, convert_from(e.body, 'UTF8') as body from event e
      join event_text x using (trust_id, position) where e.subject_id = $1"""
    async with superuser(held.installation) as connection:
        rows = await connection.fetch(query, subject)
    assert rows
    return {
        one for one in guesses for row in rows if hashlib.sha256(row["salt"] + one.encode()).hexdigest() in row["body"]
    }


async def answers_of(held: Held, trust: UUID | None = None) -> set[str]:
    query = "select key from idempotency where trust_id = $1 and actor = 'key:somebody'"
    async with superuser(held.installation) as connection:
        return {row["key"] for row in await connection.fetch(query, trust or held.actor.trust_id)}


@asynccontextmanager
async def rolled_back(connection: asyncpg.Connection) -> AsyncIterator[None]:
    transaction = connection.transaction(isolation="repeatable_read")
    await transaction.start()
    yield
    await transaction.rollback()


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


async def test_no_guess_at_what_was_erased_can_be_confirmed(held: Held) -> None:
    member = await held.member("Guessed Person")
    walk = await held.observe(date(2026, 9, 9), strengths="Guessed Person explained.", next_steps="More of it.")
    other = await held.observe(date(2026, 9, 9), strengths="Somebody explained.")
    guesses = ["Guessed Person", "at-the-provider-Guessed Person", "Guessed Person explained.", "More of it."]
    async with held.installation.database.begin(held.actor) as work:
        record = await work.find(Observation, walk)
        assert record is not None
        work.record(Event(record=record, verb=Verb.WITHDRAWN, reason="Guessed Person asked."))

    async with held.operations.begin(held.actor) as work:
        await erase_subject(work, Subject.member(member, "Guessed Person"))

    guesses += ["Guessed Person asked.", "Somebody explained."]
    assert {one: await confirmed(held, one, guesses) for one in (member, walk, other)} == {
        member: set(), walk: set(), other: {"Somebody explained."},
    }  # fmt: skip
    told = await held.read(OBSERVATIONS, walk)
    assert (told["strengths"], told["nextSteps"]) == (None, None)
    assert await held.faults() == []


async def test_a_name_inside_a_word_and_what_others_are_called_stay(held: Held) -> None:
    member, other = await held.member("Ann"), await held.member("Ann Other")
    inside = await held.note("The planning channel met.")
    named = await held.note("Seen by ANN, twice.")
    before = now()

    async with held.operations.begin(held.actor) as work:
        counts = await erase_subject(work, Subject.member(member, "Ann"))

    assert counts == {"membership": 1, "evidence": 1, "texts beside events": 2}
    notes = [(await held.read(EVIDENCE, one, then))["note"] for one in (inside, named) for then in (None, before)]
    assert notes == ["The planning channel met."] * 2 + [ERASED] * 2
    shown = [await held.read(MEMBERSHIPS, other, then) for then in (None, before)]
    assert [(one["label"], one["subject"]) for one in shown] == [("Ann Other", "at-the-provider-Ann Other")] * 2
    assert await held.faults() == []


async def test_a_version_that_names_somebody_goes_and_the_next_that_does_not_stays(held: Held) -> None:
    note = await held.note("Versioned Person (again) saw it.")
    before = now()
    async with held.installation.database.begin(held.actor) as work:
        await records.change(work, Evidence, note, {"note": "It was seen."}, version=1)

    async with held.operations.begin(held.actor) as work:
        counts = await erase_subject(work, Subject(name="somebody", mentions=("Versioned Person (again)",)))

    assert counts == {"texts beside events": 1}
    assert [(await held.read(EVIDENCE, note, then))["note"] for then in (before, None)] == [ERASED, "It was seen."]
    assert await held.faults() == []


async def test_a_forged_text_is_found_where_the_log_no_longer_has_it(held: Held) -> None:
    walk = await held.observe(date(2026, 9, 10), strengths="As it was.")
    async with superuser(held.installation) as connection, rolled_back(connection):
        empty = """update event_text x set fields = '{"strengths": null}' from event e
          where e.trust_id = x.trust_id and e.position = x.position and e.subject_id = $1"""
        await connection.execute(empty, walk)
        await connection.execute("update observation set strengths = 'As it never was.' where id = $1", walk)
        forged = await verify(connection, held.actor.trust_id)

    assert forged.fault == f"the table observation holds something that no event tells of, in {walk}"
    assert await held.faults() == []


async def test_answers_that_tell_what_is_erased_are_forgotten_however_they_spell_it(held: Held) -> None:
    name, walk = 'Zoë "Zed" Spelled', await held.observe(date(2020, 2, 3), strengths="Long ago.")
    kept = {
        "plainly": json.dumps({"note": f"{name} saw."}, ensure_ascii=False),
        "escaped": json.dumps({"note": f"{name} saw."}),
        "of the record": json.dumps({"id": str(walk), "strengths": "Long ago."}),
        "of another": json.dumps({"note": "Somebody saw.", "id": str(UUID(int=1))}),
    }
    async with superuser(held.installation) as connection:
        await connection.executemany(
            _ANSWER, [(held.actor.trust_id, key, body.encode(), now()) for key, body in kept.items()]
        )

    async with held.operations.begin(held.actor) as work:
        counts = await erase_subject(work, Subject(name="somebody", mentions=(name,)))
    assert counts == {"answers kept for retries": 2}
    assert await answers_of(held) == {"of the record", "of another"}

    await keep_schedule(held.operations, held.actor, schedule_of(Settings().retention), apply=True)
    assert await answers_of(held) == {"of another"}


async def test_the_command_looks_for_a_members_name_in_texts_only_where_it_is_mentioned(
    held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = await held.member("Unasked Person")
    await held.note("Unasked Person saw it.")
    monkeypatch.setattr("app.installation.DATABASE", held.installation.name)
    monkeypatch.setattr(
        data_protection, "installed", lambda settings: nullcontext(Installed(settings, held.installation.server))
    )
    asked = ["erase", "--trust", TRUST, "--member", str(member)]

    async with nothing_written(held.installation):
        runs = [
            await asyncio.to_thread(CliRunner().invoke, data_protection.subject_app, [*asked, *more])
            for more in ((), ("--mentions", "unasked person"))
        ]

    assert [[line for line in run.stdout.splitlines() if line.startswith("Would")] for run in runs] == [
        ["Would erase: 1 membership", "Would erase: 1 texts beside events"],
        ["Would erase: 1 evidence", "Would erase: 1 membership", "Would erase: 2 texts beside events"],
    ]


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
        await connection.execute(_ANSWER, UUID(int=1), "old, of another trust", b"{}", now() - timedelta(days=31))
    async with nothing_written(held.installation):
        counted = await keep_schedule(held.operations, held.actor, schedule, apply=False)

    async with telling(held.installation) as told:
        erased = await keep_schedule(held.operations, held.actor, schedule, apply=True)

    assert counted == erased == {"observation": 1, "notes of sensitive reads": 1, "answers kept for retries": 1}
    assert told.types == ["observation.erased"]
    shown = {"strengths", "nextSteps"}
    assert {name: value for name, value in (await held.read(OBSERVATIONS, old)).items() if name in shown} == {
        "strengths": None, "nextSteps": None,
    }  # fmt: skip
    assert (await held.read(OBSERVATIONS, old, before))["strengths"] is None
    assert (await held.read(OBSERVATIONS, young))["strengths"] == "Lately."
    assert await keep_schedule(held.operations, held.actor, schedule, apply=True) == {}
    assert await answers_of(held, UUID(int=1)) == {"old, of another trust"}
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

    assert granted == personal | versions | ending | log | {
        "event_text.salt",
        "event_text.reason",
        "event_text.fields",
    }


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
