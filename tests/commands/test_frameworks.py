"""Editions of a framework: how one comes into force and gives way, how the next is made, and that what is published stays."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio

from app.commands.flags import resolve_flag
from app.commands.frameworks import end_framework, next_edition, publish, withdraw_draft
from app.commands.records import change, create, withdraw
from app.db.embedded import EmbeddedPostgres
from app.db.unit_of_work import UnitOfWork
from app.db.verification import verify_all
from app.domain.assurance import AssuranceSection
from app.domain.benchmarks import Benchmark
from app.domain.cadences import CadenceRule
from app.domain.entity import Entity, Withdrawable
from app.domain.errors import Conflict, Fault, Forbidden, Invalid, NotFound, Refusal, StaleVersion
from app.domain.flags import DataQualityFlag
from app.domain.framework_statements import FrameworkStatement
from app.domain.framework_vocabulary import FrameworkStatementKind
from app.domain.frameworks import Framework
from app.domain.indicators import Band, BandStatement
from app.domain.inspection import InspectionFramework, InspectionGrade
from app.domain.model import ABOVE, FRAMEWORK_PARTS
from app.domain.ratings import RatingLevel, RatingScale
from app.domain.roles import Role
from app.domain.strands import Strand
from app.domain.template_items import TemplateItem
from app.domain.vocabulary import Sector
from app.operations.bodies import creation
from app.queries.frameworks import FRAMEWORKS
from app.queries.nouns import NOUNS
from app.queries.reading import Moment, read_tree
from tests.api.samples import SAMPLES
from tests.commands.ledger import ledger, nothing_written, refused, said, stopped, superuser, telling
from tests.conftest import Installation, _installed

FIRST, SECOND = date(2025, 9, 1), date(2026, 9, 1)
LAST_OF_FIRST = date(2026, 8, 31)
NOUN_OF = {noun.entity: noun for noun in NOUNS.values()}
PLURAL_OF = {kind: noun.plural for kind, noun in NOUN_OF.items()}
PLURALS_OF_PARTS = {NOUN_OF[kind].plural for kind in FRAMEWORK_PARTS}
LACKS = "This credential may not do that: it lacks the permission write_frameworks. Ask an administrator of your trust."
TWO_EDITIONS = (
    "Two editions of one framework cannot be in force on one day. Let the new one begin after the other ends."
)
TWO_FRAMEWORKS = "Another framework for the same kind of school is in force on one of these days. End it first."
WITHDRAWN = "This draft is withdrawn, so nothing in it changes any more."
Ids = dict[str, UUID]


def published(code: str, edition: int = 1) -> str:
    return (
        f"Edition {edition} of {code} is published, so nothing in it changes any more. "
        "Make a new edition and change that."
    )


def overlap(other: int, days_of_it: str, edition: int) -> str:
    return (
        f"Edition {other} is in force on some of these days ({days_of_it}). Let edition {edition} have days of its own."
    )


def columns(kind: type[Entity], made: Ids, mark: str) -> dict[str, Any]:
    """The sample of its noun, as column values."""
    noun = NOUN_OF[kind]
    body = json.dumps(SAMPLES[noun.plural](made, mark), default=str)
    values = creation(kind, noun.title).model_validate_json(body).model_dump()
    return {name: value for name, value in values.items() if name != "id"}


async def draft(installation: Installation, code: str = "offer", **values: Any) -> UUID:
    async with installation.database.begin(installation.actor("kestrel")) as work:
        return (await create(work, Framework, {"code": code, "title": code, **values})).id


async def whole_draft(installation: Installation, mark: str, **values: Any) -> Ids:
    """A draft with a record of every kind, and the id of each by its plural."""
    made: Ids = {}
    kinds: tuple[type[Entity], ...] = (InspectionFramework, InspectionGrade, Framework, *FRAMEWORK_PARTS)
    async with installation.database.begin(installation.actor("kestrel")) as work:
        for kind in kinds:
            more = values if kind is Framework else {}
            made[PLURAL_OF[kind]] = (await create(work, kind, {**columns(kind, made, mark), **more})).id
    return made


async def put_in_force(
    installation: Installation, framework_id: UUID, valid_from: date | None = None, valid_to: date | None = None
) -> Framework:
    async with installation.database.begin(installation.actor("kestrel")) as work:
        return await publish(work, framework_id, valid_from=valid_from, valid_to=valid_to, version=1)


async def days(installation: Installation) -> dict[tuple[str, int], tuple[str, date | None, date | None]]:
    """What every framework is, and from when to when it is in force."""
    async with installation.database.begin(installation.actor("kestrel")) as work:
        found = await work.where(Framework)
        return {(one.code, one.edition): (one.status.value, one.valid_from, one.valid_to) for one in found}


async def test_a_draft_is_published_for_its_days_and_the_log_says_so(empty: Installation) -> None:
    framework_id = await draft(empty)

    async with telling(empty) as told:
        made = await put_in_force(empty, framework_id, FIRST, LAST_OF_FIRST)

    assert made.published_at is not None
    instant = made.published_at.isoformat().replace("+00:00", "Z")
    before = {"status": "draft", "publishedAt": None, "validFrom": None, "validTo": None, "version": 1}
    after = {"status": "published", "publishedAt": instant, "validFrom": "2025-09-01", "validTo": "2026-08-31"}
    assert [said(event) for event in told.events] == [
        {
            "type": "framework.published",
            "noun": "framework",
            "subject": str(framework_id),
            "plan": None,
            "academies": [],
            "actor": "test",
            "channel": "rest",
            "on": None,
            "detail": {},
            "data": {"before": before, "after": {**after, "version": 2}},
            "reason": None,
            "texts": {},
        }
    ]
    assert await days(empty) == {("offer", 1): ("published", FIRST, LAST_OF_FIRST)}


async def test_the_edition_in_force_gives_way_the_day_before_the_next_begins(empty: Installation) -> None:
    former = await draft(empty)
    await put_in_force(empty, former)
    later = await draft(empty, edition=2)

    async with telling(empty) as told:
        await put_in_force(empty, later, SECOND)

    assert told.types == ["framework.superseded", "framework.published"]
    superseded = said(told.events[0])
    assert (superseded["subject"], superseded["detail"]) == (str(former), {"by": 2})
    assert superseded["data"] == {
        "before": {"status": "published", "validTo": None, "version": 2},
        "after": {"status": "superseded", "validTo": "2026-08-31", "version": 3},
    }
    assert await days(empty) == {
        ("offer", 1): ("superseded", None, LAST_OF_FIRST),
        ("offer", 2): ("published", SECOND, None),
    }


async def test_an_edition_that_ended_the_day_before_gives_way_and_keeps_its_last_day(empty: Installation) -> None:
    await put_in_force(empty, await draft(empty), FIRST, LAST_OF_FIRST)
    later = await draft(empty, edition=2)

    async with telling(empty) as told:
        await put_in_force(empty, later, SECOND)

    assert told.types == ["framework.superseded", "framework.published"]
    assert told.events[0]["data"] == {
        "before": {"status": "published", "version": 2},
        "after": {"status": "superseded", "version": 3},
    }
    assert await days(empty) == {
        ("offer", 1): ("superseded", FIRST, LAST_OF_FIRST),
        ("offer", 2): ("published", SECOND, None),
    }


async def test_an_edition_that_ended_sooner_is_left_as_it_is(empty: Installation) -> None:
    await put_in_force(empty, await draft(empty), FIRST, date(2026, 8, 30))
    later = await draft(empty, edition=2)

    async with telling(empty) as told:
        await put_in_force(empty, later, SECOND)

    assert told.types == ["framework.published"]
    assert await days(empty) == {
        ("offer", 1): ("published", FIRST, date(2026, 8, 30)),
        ("offer", 2): ("published", SECOND, None),
    }


async def test_an_earlier_edition_may_be_published_for_days_that_no_other_has(empty: Installation) -> None:
    await put_in_force(empty, await draft(empty, edition=2), SECOND)
    former = await draft(empty)

    async with refused(empty, Conflict, overlap(2, "2026-09-01 to further notice", 1)):
        await put_in_force(empty, former, FIRST, SECOND)
    await put_in_force(empty, former, FIRST, LAST_OF_FIRST)

    assert await days(empty) == {
        ("offer", 1): ("published", FIRST, LAST_OF_FIRST),
        ("offer", 2): ("published", SECOND, None),
    }


async def test_while_an_edition_is_published_the_next_names_its_first_day(empty: Installation) -> None:
    await put_in_force(empty, await draft(empty), FIRST)
    later = await draft(empty, edition=2)

    sentence = "Edition 1 is published. Say from which day edition 2 takes over: validFrom."
    async with refused(empty, Conflict, sentence):
        await put_in_force(empty, later)


async def test_two_editions_in_force_on_one_day_are_refused(empty: Installation) -> None:
    await put_in_force(empty, await draft(empty), FIRST)
    later = await draft(empty, edition=2)

    same_day = "Edition 1 is in force from 2025-09-01. Let edition 2 begin after that day, not on 2025-09-01."
    async with refused(empty, Conflict, same_day):
        await put_in_force(empty, later, FIRST)
    async with refused(empty, Conflict, overlap(1, "2025-09-01 to further notice", 2)):
        await put_in_force(empty, later, date(2024, 9, 1))
    await put_in_force(empty, later, SECOND)
    third = await draft(empty, edition=3)
    async with refused(empty, Conflict, overlap(1, "2025-09-01 to 2026-08-31", 3)):
        await put_in_force(empty, third, date(2026, 1, 1), date(2026, 2, 1))
    async with refused(empty, Conflict, overlap(1, "2025-09-01 to 2026-08-31", 3)):
        await put_in_force(empty, third, LAST_OF_FIRST, LAST_OF_FIRST)
    async with refused(empty, Conflict, overlap(1, "2025-09-01 to 2026-08-31", 3)):
        await put_in_force(empty, third, date(2024, 9, 1), FIRST)
    await put_in_force(empty, third, date(2024, 9, 1), date(2025, 8, 31))


async def test_an_edition_without_a_beginning_leaves_no_days_before_it(empty: Installation) -> None:
    await put_in_force(empty, await draft(empty))
    await put_in_force(empty, await draft(empty, edition=2), SECOND)
    third = await draft(empty, edition=3)

    async with refused(empty, Conflict, overlap(1, "the beginning to 2026-08-31", 3)):
        await put_in_force(empty, third, date(1990, 9, 1), date(1991, 8, 31))


@pytest.mark.parametrize("sector", [Sector.PRIMARY, None])
async def test_two_frameworks_for_one_kind_of_school_on_one_day_are_refused(
    empty: Installation, sector: Sector | None
) -> None:
    await put_in_force(empty, await draft(empty, sector=sector), FIRST, LAST_OF_FIRST)
    other = await draft(empty, "other", sector=sector)

    async with refused(empty, Conflict, TWO_FRAMEWORKS):
        await put_in_force(empty, other)
    async with refused(empty, Conflict, TWO_FRAMEWORKS):
        await put_in_force(empty, other, LAST_OF_FIRST)
    await put_in_force(empty, other, SECOND)

    assert await days(empty) == {
        ("offer", 1): ("published", FIRST, LAST_OF_FIRST),
        ("other", 1): ("published", SECOND, None),
    }


async def test_frameworks_for_different_kinds_of_school_are_in_force_side_by_side(empty: Installation) -> None:
    for sector in Sector:
        await put_in_force(empty, await draft(empty, sector, sector=sector), FIRST)

    assert await days(empty) == {(sector, 1): ("published", FIRST, None) for sector in Sector}


async def test_days_the_wrong_way_round_and_stale_or_unknown_drafts_are_refused(empty: Installation) -> None:
    framework_id, unknown = await draft(empty), uuid4()

    async with nothing_written(empty):
        with stopped(Invalid) as caught:
            await put_in_force(empty, framework_id, SECOND, LAST_OF_FIRST)
    sentence = "It would end on 2026-08-31, before it begins on 2026-09-01. Put the two in order."
    assert caught.value.sentence == sentence
    assert caught.value.faults == (Fault("/validTo", "dates-reversed", sentence),)
    async with refused(empty, NotFound, f"There is no framework with the id {unknown}."):
        await put_in_force(empty, unknown)
    async with empty.database.begin(empty.actor("kestrel")) as work:
        await change(work, Framework, framework_id, {"title": "Our offer"}, version=1)
    stale = "You changed version 1 of this record, but it is now at version 2. Read it again and repeat your change."
    async with refused(empty, StaleVersion, stale):
        await put_in_force(empty, framework_id)


async def test_of_two_editions_published_at_once_one_is_refused(empty: Installation) -> None:
    await put_in_force(empty, await draft(empty), FIRST)
    drafts = [await draft(empty, edition=edition) for edition in (2, 3)]

    made = await asyncio.gather(*(put_in_force(empty, one, SECOND) for one in drafts), return_exceptions=True)

    assert sorted(isinstance(one, Refusal) for one in made) == [False, True], made
    statuses = sorted(status for status, _, _ in (await days(empty)).values())
    assert statuses == ["draft", "published", "superseded"]


@dataclass
class Kept:
    """An installation for tests that leave it as it is: a framework of every kind of record that is published, and one in draft."""

    installation: Installation
    published: Ids
    draft: Ids


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def kept(server: EmbeddedPostgres, empty_template: str) -> AsyncIterator[Kept]:
    async for installation in _installed(server, empty_template):
        made = Kept(
            installation,
            await whole_draft(installation, "zz"),
            await whole_draft(installation, "yy", sector=Sector.SECONDARY),
        )
        await put_in_force(installation, made.published["frameworks"], FIRST)
        yield made


def a_change_of(kind: type[Withdrawable]) -> dict[str, Any]:
    return {"no": 7} if "no" in kind.model_fields else {"label": "Otherwise"}


@pytest.mark.parametrize("kind", FRAMEWORK_PARTS, ids=lambda kind: kind.noun())
async def test_nothing_in_a_published_framework_changes(kept: Kept, kind: type[Withdrawable]) -> None:
    it, made, record_id = kept.installation, kept.published, kept.published[PLURAL_OF[kind]]
    acts: tuple[Callable[[UnitOfWork], Awaitable[Entity]], ...] = (
        lambda work: create(work, kind, columns(kind, made, "new")),
        lambda work: change(work, kind, record_id, a_change_of(kind), version=1),
        lambda work: withdraw(work, kind, record_id, version=1, reason="No longer meant."),
    )

    async with nothing_written(it):
        for act in acts:
            with stopped(Conflict) as caught:
                async with it.database.begin(it.actor("kestrel")) as work:
                    await act(work)
            assert caught.value.sentence == published("zz")


@pytest.mark.parametrize("kind", FRAMEWORK_PARTS, ids=lambda kind: kind.noun())
async def test_everything_in_a_draft_changes(kept: Kept, kind: type[Withdrawable]) -> None:
    """The teeth of the test above: what is refused there is done here, in a transaction that is undone."""
    it, record_id = kept.installation, kept.draft[PLURAL_OF[kind]]
    more = {"context": "bands"} if kind.noun() == "rating_label" else {"no": 9} if "no" in kind.model_fields else {}

    async with it.database.rehearsal(it.actor("kestrel")) as work:
        made = await create(work, kind, {**columns(kind, kept.draft, "new"), **more})
        altered = await change(work, kind, record_id, a_change_of(kind), version=1)
        await withdraw(work, kind, made.id, version=1, reason="No longer meant.")

    assert (made.version, altered.version, work.entries) == (2, 2, 3)


async def test_the_record_of_a_published_framework_is_neither_changed_nor_withdrawn_nor_published_again(
    kept: Kept,
) -> None:
    it, framework_id = kept.installation, kept.published["frameworks"]
    actor = it.actor("kestrel")

    for values in ({"title": "Otherwise"}, {"sector": None}, {"valid_from": None}, {"valid_to": SECOND}):
        async with refused(it, Conflict, published("zz")), it.database.begin(actor) as work:
            await change(work, Framework, framework_id, values, version=2)
    for withdrawing in (withdraw, withdraw_draft):
        async with refused(it, Conflict, published("zz")), it.database.begin(actor) as work:
            await withdrawing(work, Framework, framework_id, version=2, reason="No longer meant.")
    async with refused(it, Conflict, published("zz")), it.database.begin(actor) as work:
        await publish(work, framework_id, valid_from=FIRST, valid_to=None, version=2)


async def test_a_superseded_edition_changes_as_little_as_a_published_one(empty: Installation) -> None:
    made = await whole_draft(empty, "zz")
    await put_in_force(empty, made["frameworks"], FIRST)
    await put_in_force(empty, await draft(empty, "zz", edition=2, sector=Sector.PRIMARY), SECOND)

    actor = empty.actor("kestrel")
    async with refused(empty, Conflict, published("zz")), empty.database.begin(actor) as work:
        await change(work, Band, made["bands"], {"hi": Decimal(95)}, version=1)
    async with refused(empty, Conflict, published("zz")), empty.database.begin(actor) as work:
        await change(work, Framework, made["frameworks"], {"valid_to": None}, version=3)
    ended = "A superseded framework cannot be ended. Only one that is published and not superseded can."
    async with refused(empty, Conflict, ended), empty.database.begin(actor) as work:
        await end_framework(work, made["frameworks"], on=FIRST, version=3)


async def test_what_is_unclear_in_a_published_framework_is_flagged_and_resolved(empty: Installation) -> None:
    made = await whole_draft(empty, "zz")
    await put_in_force(empty, made["frameworks"], FIRST)
    values = {"framework_id": made["frameworks"], "on_noun": "band", "record_id": made["bands"], "code": "unit_missing"}

    async with telling(empty) as told:
        async with empty.database.begin(empty.actor("kestrel")) as work:
            flag = await create(work, DataQualityFlag, {**values, "detail": "No unit is printed."})
        async with empty.database.begin(empty.actor("kestrel")) as work:
            await change(work, DataQualityFlag, flag.id, {"detail": "No unit is printed anywhere."}, version=1)
        async with empty.database.begin(empty.actor("kestrel")) as work:
            resolved = await resolve_flag(work, flag.id, resolution="It is days.", version=2)
        async with empty.database.begin(empty.actor("kestrel")) as work:
            await withdraw(work, DataQualityFlag, flag.id, version=3, reason="Raised twice.")

    assert resolved.resolved_at is not None
    verbs = ("created", "changed", "resolved", "withdrawn")
    assert told.types == [f"data_quality_flag.{verb}" for verb in verbs]


async def test_bands_and_statements_of_another_scales_levels_are_refused_at_publication(empty: Installation) -> None:
    made = await whole_draft(empty, "zz")
    framework_id = made["frameworks"]
    async with empty.database.begin(empty.actor("kestrel")) as work:
        scale = await create(work, RatingScale, {**columns(RatingScale, made, "other"), "no": 2})
        elsewhere = {**made, "rating-scales": scale.id}
        levels = [
            await create(work, RatingLevel, {**columns(RatingLevel, elsewhere, mark), "no": no})
            for no, mark in enumerate(("low", "high"), start=1)
        ]
        band = await create(work, Band, {**columns(Band, made, "zz"), "no": 2, "level_id": levels[0].id})
        given = {**columns(BandStatement, made, "words"), "level_id": levels[1].id}
        statement = await create(work, BandStatement, given)

    both = (
        "Bands or statements use levels of another scale than their section's: {}. "
        "Name levels of the section's own scale."
    )
    async with refused(empty, Conflict, both.format("high-1, low-1")):
        await put_in_force(empty, framework_id, FIRST)
    async with empty.database.begin(empty.actor("kestrel")) as work:
        await withdraw(work, BandStatement, statement.id, version=1, reason="Of another scale.")
    async with refused(empty, Conflict, both.format("low-1")):
        await put_in_force(empty, framework_id, FIRST)
    async with empty.database.begin(empty.actor("kestrel")) as work:
        await change(work, Band, band.id, {"level_id": made["rating-levels"]}, version=1)
    await put_in_force(empty, framework_id, FIRST)

    assert await days(empty) == {("zz", 1): ("published", FIRST, None)}


async def test_a_section_put_on_another_scale_is_found_by_its_bands(empty: Installation) -> None:
    made = await whole_draft(empty, "zz")
    async with empty.database.begin(empty.actor("kestrel")) as work:
        scale = await create(work, RatingScale, {**columns(RatingScale, made, "other"), "no": 2})
    async with empty.database.begin(empty.actor("kestrel")) as work:
        await change(work, AssuranceSection, made["assurance-sections"], {"scale_id": scale.id}, version=1)

    sentence = (
        "Bands or statements use levels of another scale than their section's: zz-1. "
        "Name levels of the section's own scale."
    )
    async with refused(empty, Conflict, sentence):
        await put_in_force(empty, made["frameworks"], FIRST)


async def linked(installation: Installation, made: Ids) -> None:
    """What the samples do not have: links within a kind, what is for every stage, and a record that was withdrawn."""
    async with installation.database.begin(installation.actor("kestrel")) as work:
        given = {**columns(Benchmark, made, "more"), "linked_to_id": made["benchmarks"], "value": Decimal("0.50")}
        await create(work, Benchmark, given)
        given = {**columns(TemplateItem, made, "more"), "linked_to_id": made["template-items"], "strand_id": None}
        await create(work, TemplateItem, given)
        await create(work, CadenceRule, {**columns(CadenceRule, made, "more"), "stage_id": None})
        given = {**columns(FrameworkStatement, made, "more"), "stage_id": None, "kind": FrameworkStatementKind.VALUE}
        await create(work, FrameworkStatement, given)
        strand = await create(work, Strand, columns(Strand, made, "gone"))
    async with installation.database.begin(installation.actor("kestrel")) as work:
        await withdraw(work, Strand, strand.id, version=1, reason="Printed by mistake.")


Record = dict[str, Any]


async def by_code(work: UnitOfWork, framework_id: UUID) -> dict[str, list[Record]]:
    """Every record in use of an edition, by kind, without what is its own; what it refers to within the edition by place."""
    parts = {kind: await work.where(kind, framework_id=framework_id) for kind in FRAMEWORK_PARTS}
    names: dict[UUID, Any] = {framework_id: "the framework"}
    for kind, records in parts.items():
        for one in records:
            under = [names[getattr(one, column)] for column, above in ABOVE[kind.noun()] if column == "indicator_id"]
            names[one.id] = getattr(one, "code", None) or (kind.noun(), *under, getattr(one, "no", "label"))
    told: dict[str, list[Record]] = {}
    for kind, records in parts.items():
        references = {column for column, _ in ABOVE[kind.noun()]}
        told[kind.noun()] = sorted(
            (
                {
                    name: names.get(value, value) if name in references else value
                    for name, value in one.state().items()
                    if name not in ("id", "version")
                }
                for one in records
            ),
            key=repr,
        )
    return told


async def ids_of(work: UnitOfWork, framework_id: UUID) -> set[UUID]:
    return {one.id for kind in FRAMEWORK_PARTS for one in await work.where(kind, framework_id=framework_id)}


async def test_the_next_edition_has_every_record_under_its_code_and_refers_to_its_own(empty: Installation) -> None:
    made = await whole_draft(empty, "zz", nested_reading="first_match", printed_period="2025-2028")
    await linked(empty, made)
    former_id = made["frameworks"]
    await put_in_force(empty, former_id, FIRST)

    async with telling(empty) as told, empty.database.begin(empty.actor("kestrel")) as work:
        edition = await next_edition(work, former_id)

    async with empty.database.begin(empty.actor("kestrel")) as work:
        former, later = await by_code(work, former_id), await by_code(work, edition.id)
        olds = await ids_of(work, former_id) | {former_id}
        news = await ids_of(work, edition.id)
        records = [one for kind in FRAMEWORK_PARTS for one in await work.where(kind, framework_id=edition.id)]
    assert later == former
    assert {noun: len(found) for noun, found in later.items()} == {
        kind.noun(): 2 if kind in (Benchmark, TemplateItem, CadenceRule, FrameworkStatement) else 1
        for kind in FRAMEWORK_PARTS
    }
    assert news & olds == set()
    assert [one.noun() for one in records if olds & _ids(one)] == []
    assert told.types == [
        "framework.created", *(f"{kind.noun()}.created" for kind in FRAMEWORK_PARTS for _ in later[kind.noun()])
    ]  # fmt: skip
    assert {UUID(event["subject"]) for event in told.events} == news | {edition.id}
    assert {record.version for record in records} == {1}


def _ids(record: Entity) -> set[UUID]:
    return {value for value in record.state().values() if isinstance(value, UUID)}


async def test_the_next_edition_is_a_draft_without_days_that_is_otherwise_alike(empty: Installation) -> None:
    former_id = (await whole_draft(empty, "zz", nested_reading="first_match", printed_period="2025-2028"))["frameworks"]
    former = await put_in_force(empty, former_id, FIRST, LAST_OF_FIRST)

    async with empty.database.begin(empty.actor("kestrel")) as work:
        later = await next_edition(work, former_id)

    own = {"id": later.id, "version": 1, "edition": 2, "status": "draft", "published_at": None}
    assert later.state() == {**former.state(), **own, "valid_from": None, "valid_to": None}


async def test_making_the_next_edition_leaves_the_former_untouched(empty: Installation) -> None:
    made = await whole_draft(empty, "zz")
    await put_in_force(empty, made["frameworks"], FIRST)
    before = await edition_page(empty, made["frameworks"])

    async with empty.database.begin(empty.actor("kestrel")) as work:
        later = await next_edition(work, made["frameworks"])
    async with empty.database.begin(empty.actor("kestrel")) as work:
        (band,) = await work.where(Band, framework_id=later.id)
        await change(work, Band, band.id, {"hi": Decimal(97)}, version=1)
        (strand,) = await work.where(Strand, framework_id=later.id)
        await change(work, Strand, strand.id, {"aliases": ["Leading"]}, version=1)
    await put_in_force(empty, later.id, SECOND)

    told = {"status": "superseded", "validTo": "2026-08-31", "version": 3}
    assert await edition_page(empty, made["frameworks"]) == {**before, **told}


async def edition_page(installation: Installation, framework_id: UUID) -> dict[str, Any]:
    async with installation.database.reader(installation.actor("kestrel")) as reader:
        read = await read_tree(reader, FRAMEWORKS, framework_id, Moment(datetime(2025, 11, 22, tzinfo=UTC)))
    page: dict[str, Any] = json.loads(read.body)
    return page


async def test_editions_count_up_whichever_they_are_made_from(empty: Installation) -> None:
    first = await draft(empty)
    await draft(empty, "other", edition=9)
    await put_in_force(empty, first, FIRST)

    async with empty.database.begin(empty.actor("kestrel")) as work:
        second = await next_edition(work, first)
        third = await next_edition(work, first)
        fourth = await next_edition(work, second.id)

    assert [one.edition for one in (second, third, fourth)] == [2, 3, 4]


async def test_the_number_of_a_withdrawn_draft_stays_taken(empty: Installation) -> None:
    first = await draft(empty)
    async with empty.database.begin(empty.actor("kestrel")) as work:
        second = await next_edition(work, first)
    async with empty.database.begin(empty.actor("kestrel")) as work:
        await withdraw_draft(work, Framework, second.id, version=1, reason="Begun too early.")

    async with empty.database.begin(empty.actor("kestrel")) as work:
        third = await next_edition(work, first)

    assert third.edition == 3


async def test_of_a_withdrawn_draft_nothing_comes_any_more(empty: Installation) -> None:
    framework_id = await draft(empty)
    async with telling(empty) as told, empty.database.begin(empty.actor("kestrel")) as work:
        await withdraw_draft(work, Framework, framework_id, version=1, reason="Begun too early.")

    assert told.types == ["framework.withdrawn"]
    actor = empty.actor("kestrel")
    made = {"frameworks": framework_id}
    async with refused(empty, Conflict, WITHDRAWN), empty.database.begin(actor) as work:
        await publish(work, framework_id, valid_from=None, valid_to=None, version=2)
    async with refused(empty, Conflict, WITHDRAWN), empty.database.begin(actor) as work:
        await create(work, Strand, columns(Strand, made, "zz"))
    async with refused(empty, Conflict, WITHDRAWN), empty.database.begin(actor) as work:
        await change(work, Framework, framework_id, {"title": "Otherwise"}, version=2)
    sentence = "This draft is withdrawn, so no edition follows it. Make one from an edition that is in use."
    async with refused(empty, Conflict, sentence), empty.database.begin(actor) as work:
        await next_edition(work, framework_id)
    sentence = "A draft framework cannot be ended. Only one that is published and not superseded can."
    async with refused(empty, Conflict, sentence), empty.database.begin(actor) as work:
        await end_framework(work, framework_id, on=SECOND, version=2)


async def test_a_withdrawn_draft_is_in_nobodys_way(empty: Installation) -> None:
    framework_id = await draft(empty, valid_from=FIRST)
    async with empty.database.begin(empty.actor("kestrel")) as work:
        await withdraw_draft(work, Framework, framework_id, version=1, reason="Begun too early.")

    await put_in_force(empty, await draft(empty, edition=2))

    assert await days(empty) == {("offer", 2): ("published", None, None)}


async def test_a_draft_is_withdrawn_with_everything_in_it(empty: Installation) -> None:
    made = await whole_draft(empty, "zz")
    await linked(empty, made)
    framework_id = made["frameworks"]
    kept_whole = await whole_draft(empty, "yy")
    async with empty.database.begin(empty.actor("kestrel")) as work:
        inside = await ids_of(work, framework_id)

    async with telling(empty) as told, empty.database.begin(empty.actor("kestrel")) as work:
        withdrawn = await withdraw_draft(work, Framework, framework_id, version=1, reason="Begun too early.")

    assert withdrawn.withdrawn_at is not None
    assert {UUID(event["subject"]) for event in told.events} == inside | {framework_id}
    assert {event["type"].partition(".")[2] for event in told.events} == {"withdrawn"}
    assert {event["reason"] for event in told.events} == {"Begun too early."}
    assert told.types[-1] == "framework.withdrawn"
    async with empty.database.begin(empty.actor("kestrel")) as work:
        assert await ids_of(work, framework_id) == set()
        assert await ids_of(work, kept_whole["frameworks"]) == {
            record_id for plural, record_id in kept_whole.items() if plural in PLURALS_OF_PARTS
        }
    assert await verdicts(empty) == [(None, None)]


async def test_a_draft_is_withdrawn_at_the_version_that_was_read_and_once(empty: Installation) -> None:
    framework_id, unknown, actor = await draft(empty), uuid4(), empty.actor("kestrel")
    stale = "You changed version 3 of this record, but it is now at version 1. Read it again and repeat your change."
    async with refused(empty, StaleVersion, stale), empty.database.begin(actor) as work:
        await withdraw_draft(work, Framework, framework_id, version=3, reason="Begun too early.")
    async with (
        refused(empty, NotFound, f"There is no framework with the id {unknown}."),
        empty.database.begin(actor) as work,
    ):
        await withdraw_draft(work, Framework, unknown, version=1, reason="Begun too early.")
    async with empty.database.begin(actor) as work:
        await withdraw_draft(work, Framework, framework_id, version=1, reason="Begun too early.")

    async with refused(empty, Conflict, WITHDRAWN), empty.database.begin(actor) as work:
        await withdraw_draft(work, Framework, framework_id, version=2, reason="Begun too early.")


async def test_a_published_framework_is_ended_and_makes_room_for_another(empty: Installation) -> None:
    framework_id = await draft(empty, sector=Sector.PRIMARY)
    await put_in_force(empty, framework_id, FIRST)

    async with telling(empty) as told, empty.database.begin(empty.actor("kestrel")) as work:
        await end_framework(work, framework_id, on=LAST_OF_FIRST, version=2)
    await put_in_force(empty, await draft(empty, "other", sector=Sector.PRIMARY), SECOND)

    (ended,) = told.events
    assert (ended["type"], ended["on"]) == ("framework.ended", "2026-08-31")
    assert ended["data"] == {
        "before": {"validTo": None, "version": 2},
        "after": {"validTo": "2026-08-31", "version": 3},
    }
    assert await days(empty) == {
        ("offer", 1): ("published", FIRST, LAST_OF_FIRST),
        ("other", 1): ("published", SECOND, None),
    }


async def test_an_end_before_the_beginning_of_a_draft_or_at_a_stale_version_is_refused(empty: Installation) -> None:
    framework_id, unknown = await draft(empty), uuid4()
    actor = empty.actor("kestrel")
    of_draft = "A draft framework cannot be ended. Only one that is published and not superseded can."
    async with refused(empty, Conflict, of_draft), empty.database.begin(actor) as work:
        await end_framework(work, framework_id, on=SECOND, version=1)
    await put_in_force(empty, framework_id, FIRST)

    async with nothing_written(empty):
        with stopped(Invalid) as caught:
            async with empty.database.begin(actor) as work:
                await end_framework(work, framework_id, on=date(2025, 8, 31), version=2)
    sentence = "It is in force from 2025-09-01, so it cannot end on 2025-08-31. Name that day or a later one."
    assert (caught.value.sentence, caught.value.faults) == (sentence, (Fault("/on", "dates-reversed", sentence),))
    stale = "You changed version 1 of this record, but it is now at version 2. Read it again and repeat your change."
    async with refused(empty, StaleVersion, stale), empty.database.begin(actor) as work:
        await end_framework(work, framework_id, on=SECOND, version=1)
    missing = f"There is no framework with the id {unknown}."
    async with refused(empty, NotFound, missing), empty.database.begin(actor) as work:
        await end_framework(work, unknown, on=SECOND, version=1)
    async with refused(empty, NotFound, missing), empty.database.begin(actor) as work:
        await next_edition(work, unknown)
    async with empty.database.begin(actor) as work:
        await end_framework(work, framework_id, on=FIRST, version=2)
    assert await days(empty) == {("offer", 1): ("published", FIRST, FIRST)}


async def test_an_end_put_off_into_the_days_of_another_is_refused(empty: Installation) -> None:
    first, second = await draft(empty), await draft(empty, edition=2)
    await put_in_force(empty, first, FIRST, date(2026, 7, 31))
    await put_in_force(empty, second, SECOND)

    async with empty.database.begin(empty.actor("kestrel")) as work:
        await end_framework(work, first, on=LAST_OF_FIRST, version=2)
    async with refused(empty, Conflict, TWO_EDITIONS), empty.database.begin(empty.actor("kestrel")) as work:
        await end_framework(work, first, on=SECOND, version=3)

    assert (await days(empty))["offer", 1] == ("published", FIRST, LAST_OF_FIRST)


Act = Callable[[UnitOfWork, Kept], Awaitable[Entity]]


def _publishing(work: UnitOfWork, it: Kept) -> Awaitable[Entity]:
    return publish(work, it.draft["frameworks"], valid_from=SECOND, valid_to=None, version=1)


def _ending(work: UnitOfWork, it: Kept) -> Awaitable[Entity]:
    return end_framework(work, it.published["frameworks"], on=SECOND, version=2)


def _copying(work: UnitOfWork, it: Kept) -> Awaitable[Entity]:
    return next_edition(work, it.published["frameworks"])


def _beginning(work: UnitOfWork, it: Kept) -> Awaitable[Entity]:
    return create(work, Framework, {"code": "new", "title": "New"})


def _adding(work: UnitOfWork, it: Kept) -> Awaitable[Entity]:
    return create(work, Strand, columns(Strand, it.draft, "new"))


def _changing(work: UnitOfWork, it: Kept) -> Awaitable[Entity]:
    return change(work, Band, it.draft["bands"], {"hi": Decimal(90)}, version=1)


def _withdrawing(work: UnitOfWork, it: Kept) -> Awaitable[Entity]:
    return withdraw(work, Band, it.draft["bands"], version=1, reason="No longer meant.")


def _dropping(work: UnitOfWork, it: Kept) -> Awaitable[Entity]:
    return withdraw_draft(work, Framework, it.draft["frameworks"], version=1, reason="Begun too early.")


OF_FRAMEWORKS: tuple[Act, ...] = (_publishing, _ending, _copying, _dropping)
ACTS: tuple[Act, ...] = (*OF_FRAMEWORKS, _beginning, _adding, _changing, _withdrawing)
MAY_WRITE = (Role.ADMINISTRATOR, Role.TRUST_EXECUTIVE, Role.DIRECTOR_OF_EDUCATION)


@pytest.mark.parametrize("role", Role)
async def test_frameworks_are_written_by_those_who_lead_the_whole_trust(kept: Kept, role: Role) -> None:
    it, actor = kept.installation, kept.installation.actor("kestrel", role)

    async with nothing_written(it):
        for act in ACTS:
            if role in MAY_WRITE:
                async with it.database.rehearsal(actor) as work:
                    await act(work, kept)
                    assert work.entries > 0
            else:
                with stopped(Forbidden) as caught:
                    async with it.database.begin(actor) as work:
                        await act(work, kept)
                assert caught.value.sentence == LACKS


async def test_who_sees_some_academies_only_reads_frameworks_and_writes_none(kept: Kept) -> None:
    it = kept.installation
    actor = it.actor("kestrel", academies=frozenset({uuid4()}))

    async with it.database.reader(actor) as reader:
        read = await read_tree(reader, FRAMEWORKS, kept.published["frameworks"], Moment(datetime.now(UTC)))

    assert len(json.loads(read.body)["stages"]) == 1
    sentence = "This concerns academies that are not all yours. Ask somebody whose role covers them."
    async with nothing_written(it):
        for act in ACTS:
            with stopped(Forbidden) as caught:
                async with it.database.begin(actor) as work:
                    await act(work, kept)
            assert caught.value.sentence == sentence


async def test_a_framework_of_another_trust_is_not_there(kept: Kept) -> None:
    it = kept.installation
    actor = it.actor("larkfield")

    async with nothing_written(it):
        for act in OF_FRAMEWORKS:
            with stopped(NotFound):
                async with it.database.begin(actor) as work:
                    await act(work, kept)


async def test_every_change_of_a_framework_is_in_the_log_and_the_log_holds(empty: Installation) -> None:
    made = await whole_draft(empty, "zz")
    await linked(empty, made)
    await put_in_force(empty, made["frameworks"], FIRST)
    async with empty.database.begin(empty.actor("kestrel")) as work:
        later = await next_edition(work, made["frameworks"])
    async with empty.database.begin(empty.actor("kestrel")) as work:
        (band,) = await work.where(Band, framework_id=later.id)
        await change(work, Band, band.id, {"hi": Decimal("97.50")}, version=1)
    await put_in_force(empty, later.id, SECOND)
    async with empty.database.begin(empty.actor("kestrel")) as work:
        await end_framework(work, later.id, on=date(2027, 8, 31), version=2)
        spare = await next_edition(work, later.id)
    async with empty.database.begin(empty.actor("kestrel")) as work:
        (level,) = await work.where(RatingLevel, framework_id=spare.id)
        await change(work, RatingLevel, level.id, {"colour": "#00aa00"}, version=1)

    assert await verdicts(empty) == [(None, None)]
    async with superuser(empty) as connection:
        await connection.execute("update framework set valid_to = '2028-08-31' where id = $1", later.id)
    told = f"the table framework holds something that no event tells of, in {later.id}"
    assert await verdicts(empty) == [(None, told)]


async def verdicts(installation: Installation) -> list[tuple[int | None, str | None]]:
    """What `milepost verify` finds of each trust: a bad position, a fault."""
    settings = {"search_path": "app, public"}
    connection = await asyncpg.connect(installation.dsn("milepost_ops"), server_settings=settings)
    try:
        return [(verdict.position, verdict.fault) for verdict in await verify_all(connection)]
    finally:
        await connection.close()


async def test_a_frameworks_page_is_shown_as_it_was_before_and_after_each_publication(empty: Installation) -> None:
    made = await whole_draft(empty, "zz")
    await linked(empty, made)
    former = made["frameworks"]
    shown = [await page_now(empty, former)]
    await put_in_force(empty, former, FIRST)
    shown.append(await page_now(empty, former))
    async with empty.database.begin(empty.actor("kestrel")) as work:
        later = (await next_edition(work, former)).id
    shown += [await page_now(empty, former), await page_now(empty, later)]
    await put_in_force(empty, later, SECOND)
    shown += [await page_now(empty, former), await page_now(empty, later)]

    now = datetime.now(UTC)
    async with empty.database.reader(empty.actor("kestrel")) as reader:
        for framework_id, instant, body in shown:
            assert (await read_tree(reader, FRAMEWORKS, framework_id, Moment(now, instant))).body == body
        with pytest.raises(NotFound, match=f"^There is no framework with the id {later}.$"):
            await read_tree(reader, FRAMEWORKS, later, Moment(now, shown[1][1]))

    assert [json.loads(body)["status"] for _, _, body in shown] == [
        "draft", "published", "published", "draft", "superseded", "published"
    ]  # fmt: skip


async def page_now(installation: Installation, framework_id: UUID) -> tuple[UUID, datetime, bytes]:
    """A framework's whole page as of the newest event, and when that was."""
    async with superuser(installation) as connection:
        instant: datetime = await connection.fetchval("select max(recorded_at) from event_head")
    async with installation.database.reader(installation.actor("kestrel")) as reader:
        return framework_id, instant, (await read_tree(reader, FRAMEWORKS, framework_id, Moment(instant))).body


async def test_the_ledger_sees_every_kind_of_record_of_a_framework(kept: Kept) -> None:
    """The teeth of "nothing was written": no table of a framework's records is empty here."""
    empty_table = "d41d8cd98f00b204e9800998ecf8427e"

    tables = (await ledger(kept.installation)).tables

    assert [kind.noun() for kind in FRAMEWORK_PARTS if tables[kind.noun()] == empty_table] == []
