"""One command, two doors: the record, the events and the refusals are the same; and nothing can be done through one alone."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from app.db.embedded import EmbeddedPostgres
from app.domain.roles import Role
from app.graphql.mutations import mutations
from app.graphql.nouns import plural, single
from app.graphql.refusals import TYPE_OF
from app.graphql.running import core
from app.graphql.schema import query_fields, schema
from app.operations.registry import ANSWERS
from app.queries.nouns import NOUNS
from app.queries.trusts import TRUSTS
from tests.api.samples import SAMPLES, create_each, operations
from tests.conftest import Installation, _installed
from tests.graphql.twins import Doing, Side, found_trust, happened, over_graphql, over_rest, without_ids

Twins = tuple[Installation, Side, Side]
MARK: Final = "qtwinq"
NOWHERE: Final = "019a8c20-0a11-7c3e-9d02-6b1f5a7c4e90"


@pytest_asyncio.fixture(scope="module")
async def twins(server: EmbeddedPostgres, empty_template: str) -> AsyncIterator[Twins]:
    """Two trusts with one record of every noun each. The first is asked over REST, the second over GraphQL."""
    async for installation in _installed(server, empty_template):
        sides = []
        for trust in ("alder", "beech"):
            await found_trust(installation, trust)
            client = installation.client(await installation.key(trust))
            sides.append(Side(trust, client, await create_each(client, MARK)))
        yield installation, sides[0], sides[1]
        for side in sides:
            await side.client.aclose()


DAYS: Final = {"grain": "month", "startsOn": "2026-01-01", "endsOn": "2026-01-31"}
READING: Final = {"metric": f"{MARK}-attendance", "academy": MARK, **DAYS, "value": 93.4}
RATING: Final = {"lineId": "<published:assurance-lines>", "levelId": "<published:rating-levels>", "rationale": "x"}
DECISION: Final = {
    "academyId": "<academies>", "frameworkId": "<published:frameworks>", "stageId": "<published:maturity-stages>",
    "decidedOn": "2026-10-07", "effectiveFrom": "2026-10-07", "chairRole": "chief executive", "attendees": ["director"],
    "evidence": [f"{MARK}-1"], "suggestionId": "<category-suggestions>", "reason": "A second look.", "nextReviewOn": "2027-10-05",
}  # fmt: skip
ALLOCATION: Final = {
    "academyId": "<academies>", "frameworkId": "<published:frameworks>", "entitlementRuleId": "<published:entitlement-rules>",
    "team": "hr", "unit": "days", "quantity": 2.5, "startsOn": "2026-09-01", "endsOn": "2027-07-20",
}  # fmt: skip
DONE: Final = (
    Doing("moveMilestone", "milestones", 1, {"to": "in_progress", "on": "2026-09-14"}),
    Doing("rateMilestone", "milestones", 2, {"confidence": "at_risk", "rationale": "Two teachers are away."}),
    Doing("moveMilestoneDueDate", "milestones", 3, {"due": "July 2027", "because": "other", "reason": "Agreed."}),
    Doing("moveMilestone", "milestones", 4, {"to": "submitted", "evidence": [{"note": "Seen in lessons."}]}),
    Doing("reviseTarget", "targets", 1, {"value": 64.25, "reason": "A stronger cohort."}),
    Doing("createPerson", body={"code": "P2", "kind": "role", "label": "Deputy"}),
    Doing("changePerson", "createPerson", 1, {"label": "Deputy head", "bodyId": "<bodies>"}),
    Doing("changePerson", "createPerson", 2, {"bodyId": None}),
    Doing("withdrawPerson", "createPerson", 3, {"reason": "The post is gone."}),
    Doing("publishFramework", "frameworks", 1, {"validFrom": "2026-09-01"}),
    Doing("createFrameworkEdition", "frameworks", 2),
    Doing("submitHeadReport", "head-reports", 1),
    Doing("openReview", "assurance-reviews", 1),
    Doing("rateLine", "assurance-reviews", 2, RATING),
    Doing("submitReview", "assurance-reviews", 2),
    Doing("returnReview", "assurance-reviews", 3, {"reason": "Say more of attendance."}),
    Doing("submitReview", "assurance-reviews", 4),
    Doing("moderateReview", "assurance-reviews", 5, {"ratings": []}),
    Doing("signOffReview", "assurance-reviews", 6),
    Doing("supersedeReview", "assurance-reviews", 7, {"reason": "The figures were wrong."}),
    Doing("createSupportAllocation", body=ALLOCATION),
    Doing("withdrawSupportAllocation", "createSupportAllocation", 1, {"reason": "Agreed otherwise."}),
    Doing("activateSupportAllocation", "support-allocations", 1),
    Doing("closeSupportAllocation", "support-allocations", 2, {"reason": "Enough."}),
    Doing("createCategoryDecision", body=DECISION),
    Doing("resolveDataQualityFlag", "data-quality-flags", 1, {"resolution": "The head teacher has decided."}),
    Doing("redefineMetric", "metrics", 1, {"unit": "per cent", "reason": "Spelt out."}),
    Doing("recordReadings", body={"source": "returns", "asAt": "2026-02-03T08:00:00Z", "readings": [READING]}),
    Doing("recordReadings", body={"source": "returns", "readings": [READING]}),
    Doing("createRelease", body={"code": "R1", "label": "Attendance", "metrics": [f"{MARK}-attendance"], **DAYS}),
)


async def test_what_is_done_over_graphql_is_what_is_done_over_rest(twins: Twins) -> None:
    installation, rest, graphql = twins
    before = await rest.head(), await graphql.head()
    differing = []
    for doing in DONE:
        told = await over_rest(installation, rest, doing), await over_graphql(graphql, doing)
        for side, one in zip((rest, graphql), told, strict=True):
            assert "title" not in one or "detail" not in one, (doing.name, one)
            side.made[doing.name] = one.get("id", "")
        if without_ids(told[0]) != without_ids(told[1]):
            one, other = map(without_ids, told)
            names = {name for name in {**one, **other} if one.get(name, ...) != other.get(name, ...)}
            differing.append((doing.name, [(name, one.get(name, ...), other.get(name, ...)) for name in names]))

    events = await rest.events(before[0]), await graphql.events(before[1])

    assert differing == []
    assert len(events[0]) >= len(DONE)
    assert happened(events[0]) == happened(events[1])
    assert [{one["channel"] for one in each} for each in events] == [{"rest"}, {"graphql"}]


PERSON: Final = {"code": "P9", "kind": "role", "label": "A post"}
ODD_READINGS: Final = [READING, {**READING, "academy": "nobody", "startsOn": "2026-01-02"}]
TERM: Final = {"academicYearId": NOWHERE, "no": 2, "name": "x", "startsOn": "2027-01-04", "endsOn": "2027-03-26"}
TARGET: Final = {
    "planId": "<plans>", "areaId": "<areas>", "code": "T9", "no": 9, "kind": "numeric", "label": "x", "value": 1e19,
    "due": "the 12th of never",
}  # fmt: skip
RELEASE: Final = {
    "code": "R2", "label": "x", "metrics": ["x"], "grain": "month", "startsOn": "2026-02-01", "endsOn": "2026-01-01",
}  # fmt: skip
REFUSED: Final = (
    ("not-found", Doing("moveMilestone", NOWHERE, 1, {"to": "in_progress"})),
    ("not-found", Doing("withdrawPlan", NOWHERE, 1, {"reason": "x"})),
    ("invalid", Doing("createTerm", body=TERM)),
    ("invalid", Doing("createPerson", body={**PERSON, "code": "", "label": "a\u0000b", "bodyId": NOWHERE})),
    ("invalid", Doing("createTarget", body=TARGET)),
    ("invalid", Doing("changePlan", "plans", 1, {"title": None})),
    ("invalid", Doing("recordReadings", body={"source": "x", "readings": ODD_READINGS})),
    ("invalid", Doing("createRelease", body=RELEASE)),
    ("conflict", Doing("createBody", body={"code": MARK, "label": "x", "kind": "governing_body"})),
    ("stale-version", Doing("changePlan", "plans", 99, {"title": "x"})),
    ("illegal-transition", Doing("moveMilestone", "second milestone", 1, {"to": "met"})),
)


async def test_what_is_refused_is_refused_alike_and_writes_nothing(twins: Twins) -> None:
    installation, rest, graphql = twins
    for side in (rest, graphql):
        body = SAMPLES["milestones"](side.made, "second") | {"no": 2}
        side.made["second milestone"] = (await side.client.post("/v1/milestones", json=body)).json()["id"]
    before = await rest.head(), await graphql.head()
    for code, doing in REFUSED:
        one, other = await over_rest(installation, rest, doing), await over_graphql(graphql, doing)

        assert one["code"] == code, (doing.name, one)
        assert without_ids(one) == without_ids(other), doing.name
    assert (await rest.head(), await graphql.head()) == before


async def test_whoever_lacks_a_permission_is_told_so_alike(twins: Twins) -> None:
    installation, rest, graphql = twins
    before = await rest.head(), await graphql.head()
    doings = (
        Doing("createPerson", body=PERSON),
        Doing("createApiKey", body={"label": "x", "roles": ["reader"]}),
        Doing("moveMilestone", "milestones", 1, {"to": "in_progress"}),
        Doing("withdrawPlan", "plans", 1, {"reason": "x"}),
        Doing("signOffReview", "assurance-reviews", 4),
    )
    readers = []
    for side in (rest, graphql):
        client = installation.client(await installation.key(side.trust, Role.READER))
        readers.append(Side(side.trust, client, side.made))
    keys_made = await rest.head(), await graphql.head()
    for doing in doings:
        one, other = await over_rest(installation, readers[0], doing), await over_graphql(readers[1], doing)

        assert one["code"] == "forbidden", (doing.name, one)
        assert one == other
    for reader in readers:
        await reader.client.aclose()
    assert (await rest.head(), await graphql.head()) == keys_made
    assert keys_made == (before[0] + 1, before[1] + 1)


async def test_a_key_that_is_taken_or_busy_is_refused_alike(twins: Twins) -> None:
    installation, rest, graphql = twins
    key = str(uuid4())
    first = Doing("createPerson", body={**PERSON, "code": "P3"}, key=key)
    other = Doing("createPerson", body={**PERSON, "code": "P4"}, key=key)

    done = await over_rest(installation, rest, first), await over_graphql(graphql, first)
    heads = await rest.head(), await graphql.head()
    again = await over_rest(installation, rest, first), await over_graphql(graphql, first)
    reused = await over_rest(installation, rest, other), await over_graphql(graphql, other)
    connection = await asyncpg.connect(installation.dsn("postgres"), server_settings={"search_path": "app"})
    async with connection.transaction():
        held = await connection.fetch("select route from idempotency where key = $1 for update", key)
        busy = await asyncio.gather(over_rest(installation, rest, first), over_graphql(graphql, first))
    await connection.close()

    assert again == done
    assert len(held) == 2
    assert (reused[0]["code"], busy[0]["code"]) == ("idempotency-key-reused", "idempotency-in-progress")
    assert (reused[0], busy[0]) == (reused[1], busy[1])
    assert (await rest.head(), await graphql.head()) == heads


def test_every_refusal_of_a_mutation_is_tried_above() -> None:
    tried = {code for code, _ in REFUSED} | {"forbidden", "idempotency-key-reused", "idempotency-in-progress"}

    assert tried == set(TYPE_OF)


_READ_OTHERWISE: Final = {
    "supposeCategorisation": "asked with a body, and changes nothing: its answer's field of an academy",
}
_OF_REST_ALONE: Final = {
    "getHealth": "asked of a process, not of a trust",
    "getReadiness": "asked of a process, not of a trust",
    "listDeprecations": "about addresses of REST; GraphQL marks its fields @deprecated",
}


def test_whatever_changes_something_over_rest_is_a_mutation_and_the_other_way_round(twins: Twins) -> None:
    writing = {
        name
        for method, path, name in operations(twins[0].app)
        if path.startswith("/v1/") and method not in ("GET", "HEAD")
    }

    assert writing - set(mutations()) == set(_READ_OTHERWISE)
    assert set(mutations()) - writing == set()


def fields_of_reads() -> dict[str, str]:
    """Each operation of REST that reads, with the field that answers it: of Query, or `Noun.field`."""
    told: dict[str, str] = {}
    for noun in NOUNS.values():
        title = noun.title
        told[f"get{title}"] = "trust" if noun is TRUSTS else single(noun)
        told[f"get{title}History"] = f"{title}.history"
        told[f"get{title}Page"] = "trust" if noun is TRUSTS else single(noun)
    return told | {one.name: one.called if one.of is None else f"{one.of.title}.{one.called}" for one in ANSWERS}


@pytest.mark.parametrize("kind", ["lists", "others"])
def test_whatever_can_be_read_over_rest_has_a_field_and_the_other_way_round(kind: str, twins: Twins) -> None:
    types: Any = core(schema()).type_map
    reading = {
        name: path
        for method, path, name in operations(twins[0].app)
        if method == "GET" and path.startswith("/v1/") and name not in _OF_REST_ALONE
    }
    lists = {name: NOUNS[path[4:]] for name, path in reading.items() if path[4:] in NOUNS}
    if kind == "lists":
        fields = {"trust" if noun is TRUSTS else plural(noun) for noun in lists.values()}
        assert len(fields) == len(NOUNS)
    else:
        named = fields_of_reads()
        missing = {name for name in reading if name not in lists and name not in named}
        assert missing == set()
        of_query = {name for name in named.values() if "." not in name} | {plural(noun) for noun in lists.values()}
        fields = of_query - {plural(TRUSTS)}
        assert set(types["Query"].fields) - fields == {"node", "nodes"}
        for name in named.values():
            if "." in name:
                title, _, member = name.partition(".")
                assert member in types[title].fields, name
    assert fields <= set(query_fields()) == set(types["Query"].fields)
