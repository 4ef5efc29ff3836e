"""What is seen in part: the same part by every way there is to it, and never by somebody else's leave."""

from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.db.database import Reader
from app.domain.actor import Actor
from app.domain.errors import Forbidden
from app.domain.reviews import AssuranceReview
from app.domain.roles import Permission, Role
from tests.access.ground import HOME, Estate, Place, Principal, does, first
from tests.api.samples import SAMPLES, create
from tests.conftest import Installation

Told = dict[str, Any]


def client_of(estate: Estate, role: Role, *, narrow: bool = False) -> httpx.AsyncClient:
    return estate.client(Principal(role, narrow=narrow))


async def counted(client: httpx.AsyncClient, address: str) -> tuple[set[str], int]:
    """The ids of a list, and how many it says there are."""
    answer = await client.get(f"/v1/{address}", headers={"Prefer": "count=exact"})
    assert answer.status_code == 200, answer.text
    told: Told = answer.json()
    return {one["id"] for one in told["items"]}, told["totalCount"]


async def over_graphql(client: httpx.AsyncClient, query: str) -> Any:
    return (await client.post("/graphql", json={"query": query})).json()["data"]


async def test_a_governor_sees_a_review_once_it_is_signed_off_by_every_way(estate: Estate) -> None:
    north = estate.records[Place.NORTH]
    draft, signed = north["assurance-reviews"], estate.signed[Place.NORTH]["assurance-reviews"]
    framework = north["published:frameworks"]
    async with client_of(estate, Role.GOVERNOR, narrow=True) as governor:
        reviews = await counted(governor, "assurance-reviews?limit=50")
        by_academy = await counted(governor, f"assurance-reviews?academyId={north['academies']}")
        ratings = await counted(governor, "assurance-ratings?limit=50")
        ratings_of_draft = await counted(governor, f"assurance-ratings?reviewId={draft}")
        of_draft = [await governor.get(f"/v1/assurance-reviews/{draft}{tail}") for tail in ("", "/page")]
        page = await governor.get(f"/v1/assurance-reviews/{signed}/page")
        grid = await governor.get(
            f"/v1/heat-map?frameworkId={framework}&termFrom={north['terms']}&termTo={north['terms']}"
        )
        nodes = await over_graphql(
            governor,
            f'{{ one: assuranceReview(id: "{draft}") {{ id }} node(id: "AssuranceReview:{draft}") {{ id }} '
            f'rating: assuranceRating(id: "{north["assurance-ratings"]}") {{ id }} '
            "assuranceReviews(first: 50) { totalCount nodes { uuid ratings: id } } }",
        )

    assert (reviews, by_academy) == (({signed}, 1), ({signed}, 1))
    assert (ratings, ratings_of_draft) == (({estate.signed[Place.NORTH]["assurance-ratings"]}, 1), (set(), 0))
    assert [answer.status_code for answer in of_draft] == [404, 404]
    assert page.status_code == 200
    assert "review_evidence" not in page.text
    assert (grid.status_code, draft in grid.text) == (200, False)
    assert (nodes["one"], nodes["node"], nodes["rating"]) == (None, None, None)
    assert nodes["assuranceReviews"]["totalCount"] == 1


async def test_the_heat_map_counts_a_draft_for_those_alone_who_see_it(estate: Estate) -> None:
    """Over the one term that has a draft and no signed review."""
    north = estate.records[Place.NORTH]
    address = (
        f"/v1/heat-map?frameworkId={north['published:frameworks']}&termFrom={north['terms']}&termTo={north['terms']}"
    )
    async with client_of(estate, Role.GOVERNOR) as governor, client_of(estate, Role.REVIEWER) as reviewer:
        for_governor, for_reviewer = (await governor.get(address)).json(), (await reviewer.get(address)).json()

    assert (counts_in(for_governor), counts_in(for_reviewer)) == (0, 1)


def counts_in(grid: Any) -> int:
    """How many ratings a heat map tells of in all."""
    rated: int = grid["counts"]["rated"]
    return rated


async def test_what_was_is_shown_to_whoever_would_have_seen_it_then(estate: Estate) -> None:
    """Before it was signed off, a reader saw nothing of a review, and does not see it now by asking what was."""
    signed = estate.signed[Place.NORTH]["assurance-reviews"]
    own = estate.own[Role.MIDDLE_LEADER]["observations"]
    async with client_of(estate, Role.ADMINISTRATOR) as administrator:
        history = (await administrator.get(f"/v1/assurance-reviews/{signed}/history")).json()["items"]
        submitted = next(event["recordedAt"] for event in history if event["type"].endswith(".submitted"))
        now = history[-1]["recordedAt"]
        then = await administrator.get(f"/v1/assurance-reviews/{signed}?asOf={submitted}")
    async with client_of(estate, Role.READER) as reader, client_of(estate, Role.MIDDLE_LEADER) as leader:
        before = await reader.get(f"/v1/assurance-reviews/{signed}?asOf={submitted}")
        after = await reader.get(f"/v1/assurance-reviews/{signed}?asOf={now}")
        latest = (await leader.get("/v1/events?limit=1&type=none.told")).json()
        walks = await leader.get("/v1/observations?limit=50&asOf=" + await newest(estate))
    async with client_of(estate, Role.GOVERNOR) as governor:
        refused = await governor.get(f"/v1/assurance-reviews/{signed}?asOf={now}")

    assert then.status_code == 200
    assert (before.status_code, after.status_code, refused.status_code) == (404, 200, 403)
    assert latest["items"] == []
    assert [one["id"] for one in walks.json()["items"]] == [own]


async def newest(estate: Estate) -> str:
    """The instant of the newest event."""
    async with client_of(estate, Role.ADMINISTRATOR) as administrator:
        after = (await administrator.get("/v1/events?limit=1&type=none.told")).json()["nextAfter"] - 1
        [event] = (await administrator.get(f"/v1/events?after={after}")).json()["items"]
    instant: str = event["recordedAt"]
    return instant


async def test_an_observer_sees_the_own_walks_by_every_way(estate: Estate) -> None:
    north, own = estate.records[Place.NORTH], estate.own[Role.OBSERVER]["observations"]
    async with client_of(estate, Role.OBSERVER) as observer:
        walks = await counted(observer, "observations?limit=50")
        mine, others = [(await observer.get(f"/v1/observations/{one}")) for one in (own, north["observations"])]
        nodes = await over_graphql(
            observer,
            f'{{ observation(id: "{north["observations"]}") {{ id }} observations(first: 9) {{ totalCount nodes {{ uuid }} }} }}',
        )
        changed = await observer.patch(
            f"/v1/observations/{north['observations']}", json={},
            headers={"If-Match": '"v1"', "Content-Type": "application/merge-patch+json"},
        )  # fmt: skip
        academy = await over_graphql(
            observer, f'{{ academy(id: "{north["academies"]}") {{ observations(first: 9) {{ totalCount }} }} }}'
        )

    assert walks == ({own}, 1)
    assert (mine.json()["progressGrade"], others.status_code, changed.status_code) == ("good", 404, 404)
    assert nodes == {"observation": None, "observations": {"totalCount": 1, "nodes": [{"uuid": own}]}}
    assert academy == {"academy": {"observations": {"totalCount": 1}}}


@pytest.mark.parametrize(
    ("role", "grade"), [(Role.REVIEWER, "good"), (Role.ACADEMY_HEAD, None), (Role.SENIOR_LEADER, None)]
)
async def test_a_judgement_is_told_to_those_who_review(estate: Estate, role: Role, grade: str | None) -> None:
    walk = estate.records[Place.NORTH]["observations"]
    async with client_of(estate, role) as client:
        one = (await client.get(f"/v1/observations/{walk}")).json()
        [listed] = [
            each for each in (await client.get("/v1/observations?limit=50")).json()["items"] if each["id"] == walk
        ]
        told = await over_graphql(client, f'{{ observation(id: "{walk}") {{ progressGrade }} }}')
        history = await client.get(f"/v1/observations/{walk}/history")

    assert (one["progressGrade"], listed["progressGrade"], told["observation"]["progressGrade"]) == (
        grade,
        grade,
        grade,
    )
    assert history.status_code == (200 if grade else 403)


async def test_a_page_that_an_executive_kept_is_no_page_for_a_governor(estate: Estate) -> None:
    signed = estate.signed[Place.NORTH]["assurance-reviews"]
    addresses = ("/v1/assurance-reviews?limit=50", f"/v1/assurance-reviews/{signed}/page", "/v1/plans?limit=50")
    async with client_of(estate, Role.TRUST_EXECUTIVE) as executive, client_of(estate, Role.GOVERNOR) as governor:
        tags = {address: (await executive.get(address)).headers["ETag"] for address in addresses}
        again = [(await executive.get(one, headers={"If-None-Match": tag})).status_code for one, tag in tags.items()]
        others = [(await governor.get(one, headers={"If-None-Match": tag})).status_code for one, tag in tags.items()]
        draft = f"/v1/assurance-reviews/{estate.records[Place.NORTH]['assurance-reviews']}"
        tag = (await executive.get(draft)).headers["ETag"]
        of_draft = await governor.get(draft, headers={"If-None-Match": tag})

    assert (again, others, of_draft.status_code) == ([304] * 3, [200] * 3, 404)


async def test_two_observers_never_take_one_anothers_page_for_their_own(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as owner:
        academy = await first(owner, "academies?limit=1")
    clients = [packed.client(await packed.key("kestrel", Role.OBSERVER, integration=name)) for name in ("a", "b")]
    async with clients[0] as one, clients[1] as other:
        await create(one, "observations", SAMPLES["observations"]({"academies": academy}, "qaq"))
        tag = (await one.get("/v1/observations")).headers["ETag"]
        mine = await one.get("/v1/observations", headers={"If-None-Match": tag})
        theirs = await other.get("/v1/observations", headers={"If-None-Match": tag})

    assert (mine.status_code, theirs.status_code, theirs.json()["items"]) == (304, 200, [])


async def test_the_keys_of_one_integration_share_their_batches_and_a_third_sees_none(packed: Installation) -> None:
    keys = [await packed.key("kestrel", Role.MIS_INTEGRATION, integration=name) for name in ("mis", "mis", "other")]
    async with packed.client(await packed.key("kestrel")) as owner:
        metric, academy = [
            (await owner.get(f"/v1/{one}?limit=1")).json()["items"][0]["code"] for one in ("metrics", "academies")
        ]
    days = {"grain": "month", "startsOn": "2031-01-01", "endsOn": "2031-01-31"}
    row = {"metric": metric, "academy": academy, **days, "value": 3}
    async with packed.client(keys[0]) as one, packed.client(keys[1]) as two, packed.client(keys[2]) as third:
        batch = await create(one, "reading-batches", {"source": "mis", "readings": [row]})
        shared = await counted(two, "reading-batches?limit=50")
        alone = await counted(third, "reading-batches?limit=50")
        refused = await third.get(f"/v1/reading-batches/{batch['id']}")
        guessed = [
            await third.post("/v1/reading-batches", json={"source": "mis", "readings": [row | {"value": value}]})
            for value in (3, 4)
        ]
        restated = await two.post("/v1/reading-batches", json={"source": "mis", "readings": [row | {"value": 4}]})
        await create(third, "reading-batches", {"source": "other", "readings": [row]})
        readings = await counted(third, "readings?limit=50")

    assert (shared, alone, refused.status_code) == (({batch["id"]}, 1), (set(), 0), 404)
    assert [(answer.status_code, answer.json()["detail"].partition(".")[0]) for answer in guessed] == [
        (403, "Readings of the source mis were recorded by somebody else")
    ] * 2
    assert (restated.status_code, restated.json()["restated"], restated.json()["recorded"]) == (201, 1, 1)
    assert readings[1] == 1


async def test_a_narrow_administrator_revokes_a_key_of_the_own_academy_and_no_other(packed: Installation) -> None:
    async with packed.client(await packed.key("larkfield")) as owner:
        ours, theirs = [one["id"] for one in (await owner.get("/v1/academies?limit=2")).json()["items"]]
        mine, other = [
            (await create(owner, "api-keys", {"label": "x", "roles": ["reader"], "academyIds": [one]}))["id"]
            for one in (ours, theirs)
        ]
        narrow = await packed.key("larkfield", Role.ADMINISTRATOR, academy_ids=[ours])
        async with packed.client(narrow) as administrator:
            stale = {"If-Match": '"v9"'}
            refused = await administrator.post(f"/v1/api-keys/{other}/revocation", json={}, headers=stale)
            revoked = await does(administrator, f"api-keys/{mine}/revocation", {}, version=1)
        kept = (await owner.get(f"/v1/api-keys/{other}")).json()

    assert (refused.status_code, kept["revokedAt"]) == (404, None)
    assert revoked["revokedAt"] is not None


async def test_who_may_not_is_not_told_what_numbers_an_academy_has(estate: Estate) -> None:
    north = estate.records[Place.NORTH]
    async with client_of(estate, Role.BI_READER) as machine:
        again = await machine.post("/v1/academy-identifiers", json=SAMPLES["academy-identifiers"](north, Place.NORTH))

    assert again.status_code == 403


MERGE = "application/merge-patch+json"
TERM = {"startsOn": "2017-04-18", "endsOn": "2017-07-20"}


async def observe(client: httpx.AsyncClient, academy: str, on: str, grade: str, *, times: int = 1) -> str:
    """So many lessons of one day, and the id of the last."""
    lesson = {"academyId": academy, "kind": "lesson", "on": on, "judged": True, "progressGrade": grade}
    made = [(await create(client, "observations", lesson))["id"] for _ in range(times)]
    found: str = made[-1]
    return found


async def test_no_count_tells_a_head_a_few_judgements_that_others_made(packed: Installation) -> None:
    """Neither a day nor a term with a few, however many of their own they add; nor a target held against it."""
    async with packed.client(await packed.key("kestrel")) as owner:
        academy, target = await first(owner, "academies?code=KHS"), await first(owner, "targets?code=TLA-7-1")
        year = await create(
            owner, "academic-years", {"code": "2016/17", "startsOn": "2016-09-01", "endsOn": "2017-08-31"}
        )
        await create(owner, "terms", {"academicYearId": year["id"], "no": 1, "name": "Summer", **TERM})
        await observe(owner, academy, "2017-05-02", "good", times=5)
        summary = f"/v1/academies/{academy}/observation-summary?from={TERM['startsOn']}&to={TERM['endsOn']}"
        day = f"/v1/academies/{academy}/observation-summary?from=2017-05-02&to=2017-05-02"
        evaluation = f"/v1/targets/{target}/evaluation?on=2018-12-31"
        async with packed.client(await packed.key("kestrel", Role.ACADEMY_HEAD, academy_ids=[academy])) as head:
            await observe(head, academy, "2017-05-03", "good", times=6)
            few, against_few = (await head.get(summary)).json(), (await head.get(evaluation)).json()
            for_owner = (await owner.get(evaluation)).json()
            refused = await head.get(day)
            await observe(owner, academy, "2017-05-04", "good")
            enough, against_enough = (await head.get(summary)).json(), (await head.get(evaluation)).json()
            await observe(owner, academy, "2017-05-05", "inadequate")
            one_else, against_one = (await head.get(summary)).json(), (await head.get(evaluation)).json()

    def counted_in(found: Told) -> Any:
        reading = found["academies"][0]["reading"]
        return reading and (reading["numerator"], reading["denominator"])

    assert refused.status_code == 403
    assert (few["judged"], few["goodOrBetter"]["count"], few["reason"]) == (None, None, "too_few_to_show")
    assert (enough["judged"], enough["goodOrBetter"]["count"], enough["reason"]) == (12, 12, None)
    assert (one_else["judged"], one_else["goodOrBetter"]["count"], one_else["goodOrBetter"]["exact"]) == (
        13,
        None,
        None,
    )
    assert counted_in(for_owner) == (11, 11)
    assert [counted_in(one) in (None, (None, 0)) for one in (against_few, against_one)] == [True, True]
    assert counted_in(against_enough) == (12, 12)


async def test_a_narrow_key_is_told_what_happened_to_what_it_may_read_alone(estate: Estate) -> None:
    walk = estate.records[Place.NORTH]["observations"]
    scopes = [Permission.READ, Permission.READ_EVENTS, Permission.REVIEW_ACADEMIES]
    reviewing = await estate.installation.key(HOME, Role.IMPROVEMENT_PARTNER, scopes=scopes)
    following = await estate.installation.key(HOME, Role.READER, scopes=[Permission.READ_EVENTS])
    async with estate.installation.client(reviewing) as reviewer, estate.installation.client(following) as follower:
        ordinary = (await reviewer.get(f"/v1/events?subject={estate.records[Place.NORTH]['plans']}&limit=1")).json()[
            "items"
        ]
        of_walk = (await reviewer.get(f"/v1/events?subject={walk}")).json()["items"]
        history = await reviewer.get(f"/v1/observations/{walk}/history")
        over_graph = await reviewer.post(
            "/graphql", json={"query": f'{{ observation(id: "{walk}") {{ history {{ nodes {{ type }} }} }} }}'}
        )
        of_nothing = (await follower.get("/v1/events?limit=50")).json()["items"]

    assert (len(ordinary), of_walk, history.status_code, of_nothing) == (1, [], 403, [])
    assert over_graph.json()["errors"]


async def test_whoever_is_not_told_a_grade_neither_guesses_at_it_nor_writes_over_it(estate: Estate) -> None:
    walk = estate.records[Place.NORTH]["observations"]
    address, match = f"/v1/observations/{walk}", {"If-Match": '"v1"'}
    mutation = (
        f'mutation {{ changeObservation(id: "{walk}", version: 1, changes: {{ progressGrade: good }}) {{ version }} }}'
    )
    async with client_of(estate, Role.SENIOR_LEADER) as leader, client_of(estate, Role.REVIEWER) as reviewer:
        tried = [
            await leader.patch(address, json={"progressGrade": grade}, headers=match | {"Content-Type": MERGE})
            for grade in ("good", "outstanding")
        ]
        tried.append(await leader.post(f"{address}/withdrawal", json={"reason": "x"}, headers=match))
        over_graph = await leader.post("/graphql", json={"query": mutation})
        kept = (await reviewer.get(address)).json()
        mine = await observe(leader, estate.records[Place.NORTH]["academies"], "2026-10-07", "good")
        tag = (await leader.get(f"/v1/observations/{mine}")).headers["ETag"]
        changed = await leader.patch(
            f"/v1/observations/{mine}", json={"subject": "maths"}, headers={"If-Match": tag, "Content-Type": MERGE}
        )

    assert [answer.status_code for answer in tried] == [403] * 3
    assert tried[0].json()["detail"] == (
        "Somebody else recorded this observation. Ask them, or somebody who reviews academies, to change or withdraw it."
    )
    assert over_graph.json().get("errors")
    assert (kept["version"], kept["progressGrade"], kept["withdrawnAt"]) == (1, "good", None)
    assert changed.status_code == 200, changed.text


async def test_a_tag_stands_for_what_its_reader_was_shown(estate: Estate) -> None:
    walk = f"/v1/observations/{estate.records[Place.NORTH]['observations']}"
    keys = [await estate.installation.key(HOME, Role.SENIOR_LEADER, integration=name) for name in ("one", "two")]
    async with (
        client_of(estate, Role.REVIEWER) as reviewer,
        estate.installation.client(keys[0]) as one,
        estate.installation.client(keys[1]) as two,
    ):
        tags = {address: (await one.get(address)).headers["ETag"] for address in (walk, "/v1/observations")}
        told = {
            address: [
                (await each.get(address, headers={"If-None-Match": tag})).status_code for each in (one, two, reviewer)
            ]
            for address, tag in tags.items()
        }

    assert told == {walk: [304, 200, 200], "/v1/observations": [304, 200, 200]}


async def test_a_narrow_key_is_refused_what_it_could_not_read_back(estate: Estate) -> None:
    north = estate.records[Place.NORTH]
    scopes = [Permission.READ, Permission.REVIEW_ACADEMIES]
    key = await estate.installation.key(HOME, Role.IMPROVEMENT_PARTNER, scopes=scopes)
    async with estate.installation.client(key) as narrow:
        review = await narrow.post("/v1/assurance-reviews", json=SAMPLES["assurance-reviews"](north, "narrow"))

    assert (review.status_code, "read_sensitive" in review.json()["detail"]) == (403, True)


async def test_a_policy_that_refuses_a_row_is_a_refusal(estate: Estate) -> None:
    north, actor = estate.records[Place.NORTH], estate.actor(Principal(Role.READER, narrow=False))
    columns = {
        "academy_id": UUID(north["academies"]), "framework_id": UUID(north["published:frameworks"]),
        "term_id": UUID(north["terms"]), "lead_role": "nobody",
    }  # fmt: skip

    with pytest.raises(Forbidden, match="may not write a record that it would not be shown"):
        await add_out_of_sight(estate.installation, actor, AssuranceReview.of(actor.trust_id, columns))


async def add_out_of_sight(installation: Installation, actor: Actor, record: AssuranceReview) -> None:
    async with installation.database.begin(actor) as work:
        work.add(record)


async def test_sight_is_lent_until_the_block_is_left_however_it_is_left(estate: Estate) -> None:
    counting = 'select count(*) from observation where "on" >= $1'
    actor = estate.actor(Principal(Role.MIDDLE_LEADER, narrow=False))
    async with estate.installation.database.reader(actor) as reader:
        before = await reader.value(counting, date(2000, 1, 1))
        lent: list[int] = []
        with pytest.raises(LookupError):
            await lend(reader, counting, lent)
        after = await reader.value(counting, date(2000, 1, 1))

    assert before == after < lent[0]


async def lend(reader: Reader, counting: str, lent: list[int]) -> None:
    async with reader.lent_sight():
        lent.append(await reader.value(counting, date(2000, 1, 1)))
        raise LookupError
