"""As it was: every page that was ever shown is shown again, byte for byte, from the event log."""

import json
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.commands.milestones import add_evidence, set_milestone
from app.commands.records import create, withdraw
from app.domain.academies import Academy
from app.domain.areas import Area
from app.domain.erasure import ERASED
from app.domain.errors import NotFound
from app.domain.evidence import Evidence
from app.domain.measure_vocabulary import ObservationKind
from app.domain.milestones import Milestone
from app.domain.observations import Observation
from app.queries.milestones import EVIDENCE, MILESTONES
from app.queries.nouns import NOUNS
from app.queries.observations import OBSERVATIONS
from app.queries.plans import PLANS
from app.queries.reading import ListRequest, Moment, read_page, read_record, read_tree
from tests.commands.ledger import superuser
from tests.conftest import Installation
from tests.db.acts import School, plan_of

ROUNDS = 40
EVERY = list(NOUNS.values())
LISTED = ListRequest(limit=500, withdrawn=True)


def as_asked(noun: Any) -> ListRequest:
    return ListRequest(limit=500, sort=noun.default_sort, withdrawn=True)


async def lists(installation: Installation, moment: Moment, nouns: list[Any]) -> dict[str, bytes]:
    async with installation.database.reader(installation.actor("kestrel")) as reader:
        return {noun.plural: (await read_page(reader, noun, as_asked(noun), moment)).items for noun in nouns}


async def shown(
    installation: Installation, plan: UUID, record: UUID, moment: Moment
) -> tuple[bytes, bytes, bytes, bytes]:
    async with installation.database.reader(installation.actor("kestrel")) as reader:
        live = ListRequest(limit=20, sort="dueEndsOn", descending=True)
        return (
            (await read_tree(reader, PLANS, plan, moment)).body,
            (await read_tree(reader, MILESTONES, record, moment)).body,
            (await read_record(reader, MILESTONES, record, moment)).body,
            (await read_page(reader, MILESTONES, live, moment)).items,
        )


async def head(installation: Installation) -> datetime:
    """The instant of the newest event."""
    async with superuser(installation) as connection:
        instant: datetime = await connection.fetchval("select max(recorded_at) from event_head")
        return instant


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_page_ever_shown_is_shown_again_byte_for_byte(packed: Installation, seed: int) -> None:
    noon = (datetime.now(UTC) + timedelta(days=1)).replace(
        hour=12, minute=0
    )  # later than whatever was loaded, at any hour
    ticks = iter(range(10**6))
    packed.database.clock = lambda: noon + timedelta(milliseconds=next(ticks))
    school, plan = School(packed, random.Random(seed)), await plan_of(packed)
    async with packed.database.begin(packed.actor("kestrel")) as work:
        record = min(await work.where(Milestone), key=lambda one: one.id).id
    saved = []
    for turn in range(ROUNDS):
        await school.act()
        instant = await head(packed)
        every = await lists(packed, Moment(noon), EVERY) if turn % 10 == 9 else {}
        saved.append((instant, await shown(packed, plan, record, Moment(noon)), every))

    for instant, pages, every in saved:
        past = Moment(noon + timedelta(hours=1), instant)
        assert await shown(packed, plan, record, past) == pages
        if every:
            assert await lists(packed, past, EVERY) == every
    assert len(school.done) >= 12
    assert sum(school.done.values()) >= ROUNDS // 2
    assert len({pages for _, pages, _ in saved}) > ROUNDS // 3


async def test_every_nouns_list_as_of_now_is_the_list(shared: Installation) -> None:
    now = datetime.now(UTC)
    nouns = [noun for noun in EVERY if noun.plural != "api-keys"]

    assert await lists(shared, Moment(now, now), nouns) == await lists(shared, Moment(now), nouns)


async def test_before_a_record_existed_there_was_none(packed: Installation) -> None:
    async with superuser(packed) as connection:
        first = await connection.fetchval("select min(recorded_at) from event")
    before = await head(packed)
    async with packed.database.begin(packed.actor("kestrel")) as work:
        area = (await work.where(Area))[0]
        values = {"plan_id": area.plan_id, "area_id": area.id, "code": "L1", "no": 77, "label": "Late."}
        late = await set_milestone(work, values)
    after = await head(packed)
    moments = [before, after - timedelta(microseconds=1), first - timedelta(days=1)]
    now = datetime.now(UTC) + timedelta(seconds=1)

    async with packed.database.reader(packed.actor("kestrel")) as reader:
        for moment in moments:
            with pytest.raises(NotFound, match=f"^There is no milestone with the id {late.id}.$"):
                await read_record(reader, MILESTONES, late.id, Moment(now, moment))
        body = (await read_record(reader, MILESTONES, late.id, Moment(now, after))).body
        empty = (await read_page(reader, MILESTONES, LISTED, Moment(now, moments[-1]))).items
    assert str(late.id).encode() in body
    assert empty == b"[]"


async def test_before_a_record_existed_the_door_says_404(packed: Installation) -> None:
    plan = await plan_of(packed)
    async with packed.client(await packed.key("kestrel")) as client:
        then = await client.get(f"/v1/plans/{plan}", params={"asOf": "2020-01-01T00:00:00Z"})
        listed = await client.get("/v1/plans", params={"asOf": "2020-01-01T00:00:00Z"})

    assert then.status_code == 404
    assert listed.json()["items"] == []


async def test_withdrawn_evidence_was_there_and_is_not_any_more(packed: Installation) -> None:
    async with packed.database.begin(packed.actor("kestrel")) as work:
        milestone = (await work.where(Milestone))[0]
        evidence = await add_evidence(work, {"milestone_id": milestone.id, "note": "Seen in lessons."})
    there = await head(packed)
    async with packed.database.begin(packed.actor("kestrel")) as work:
        await withdraw(work, Evidence, evidence.id, version=1, reason="A mistake.")
    gone = await head(packed)

    now = datetime.now(UTC) + timedelta(seconds=1)
    async with packed.database.reader(packed.actor("kestrel")) as reader:
        live = ListRequest(sort="id")
        then, later = [(await read_page(reader, EVIDENCE, live, Moment(now, at))).items for at in (there, gone)]
        pages = [(await read_tree(reader, MILESTONES, milestone.id, Moment(now, at))).body for at in (there, gone)]
    assert (b"Seen in lessons." in then, later) == (True, b"[]")
    assert [b"Seen in lessons." in page for page in pages] == [True, False]


async def test_erased_text_is_null_in_what_was_and_says_erased_where_a_column_cannot_be_empty(
    packed: Installation,
) -> None:
    async with packed.database.begin(packed.actor("kestrel")) as work:
        milestone, academy = (await work.where(Milestone))[0], (await work.where(Academy))[0]
        evidence = await add_evidence(work, {"milestone_id": milestone.id, "note": "Mr Reed said so.", "link": "x"})
        walked = {"academy_id": academy.id, "kind": ObservationKind.LEARNING_WALK, "on": date(2026, 9, 9)}
        walk = await create(work, Observation, {**walked, "strengths": "Mr Reed asked.", "focus": ["x"]})
    there = await head(packed)
    moment = Moment(datetime.now(UTC) + timedelta(seconds=1), there)

    async with superuser(packed) as connection:
        await connection.execute(
            "delete from event_text x using event e where e.trust_id = x.trust_id and e.position = x.position"
            " and e.subject_id = any($1::uuid[])",
            [evidence.id, walk.id],
        )

    async with packed.database.reader(packed.actor("kestrel"), noting="test") as reader:
        noted = json.loads((await read_record(reader, EVIDENCE, evidence.id, moment)).body)
        seen = json.loads((await read_record(reader, OBSERVATIONS, walk.id, moment)).body)
    assert (noted["note"], noted["link"]) == (ERASED, "x")
    assert (seen["strengths"], seen["focus"]) == (None, ["x"])
