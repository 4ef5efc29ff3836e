"""With the application's own filters switched off, PostgreSQL alone shows nothing of another trust, nor what is sensitive."""

from typing import Any, Final

import httpx

from app.domain.roles import Role
from app.queries.nouns import NOUNS
from tests.access.expected import OF_ACADEMIES, Sight
from tests.access.ground import PRINCIPALS, Estate, Place, Principal, told
from tests.access.unfiltered import sights_off, trusts_off

GUARDED: Final = (
    "observations", "head-reports", "head-report-sections", "review-evidence", "category-suggestions", "assurance-reviews",
)  # fmt: skip


async def shown(client: httpx.AsyncClient, plural: str) -> set[str]:
    """The records of a kind that a list tells."""
    answer = await client.get(f"/v1/{plural}?limit=500&includeWithdrawn=true")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return {one["id"] for one in items}


async def test_nothing_of_another_trust_is_shown(estate: Estate) -> None:
    foreign, tried = estate.records[Place.FOREIGN], 0
    ids = set(foreign.values()) | set(estate.signed[Place.FOREIGN].values())
    with trusts_off(), sights_off():
        async with estate.client(Principal(Role.ADMINISTRATOR, narrow=False)) as client:
            for plural in NOUNS:
                listed = await shown(client, plural)
                one = await client.get(f"/v1/{plural}/{foreign[plural]}")
                tried += 2

                assert listed, plural
                assert not listed & ids, plural
                assert one.status_code == 404, plural
            events = await client.get("/v1/events?limit=1000")

    assert not [record for record in ids if record in events.text]
    assert tried >= 150


def may_see(principal: Principal, place: Place, plural: str, special: Sight, owner: Role | None) -> bool:
    """Whoever may not read reviews is kept from them by the permission. One that is signed off is not sensitive."""
    reader = Principal(Role.GOVERNOR, narrow=principal.narrow) if special is Sight.SIGNED_OFF else principal
    return told(reader, place, plural, special, owner, about_academies=plural in OF_ACADEMIES)


async def test_nothing_sensitive_is_shown_to_whoever_may_not_see_it(estate: Estate) -> None:
    tried, leaked = 0, []
    with sights_off():
        for principal in PRINCIPALS:
            async with estate.client(principal) as client:
                for plural in GUARDED:
                    listed = await shown(client, plural)
                    for place in Place:
                        for special, owner, record_id in estate.variants(place, plural):
                            may = may_see(principal, place, plural, special, owner)
                            answer = await client.get(f"/v1/{plural}/{record_id}")
                            tried += 1
                            if not may and (record_id in listed or answer.status_code != 404):
                                leaked.append((principal, place, plural, special, owner))
                            assert not may or record_id in listed

    assert leaked == []
    assert tried >= 500


async def test_the_filters_are_really_off(estate: Estate) -> None:
    """The teeth: what no policy guards is then seen, by somebody of another academy and by somebody who may not read it."""
    south = estate.records[Place.SOUTH]
    async with (
        estate.client(Principal(Role.ACADEMY_HEAD, narrow=True)) as head,
        estate.client(Principal(Role.BI_READER, narrow=True)) as machine,
    ):
        asked = [(client, f"/v1/plans/{south['plans']}") for client in (head, machine)]
        before = [(await client.get(address)).status_code for client, address in asked]
        with sights_off():
            without = [(await client.get(address)).status_code for client, address in asked]
        after = [(await client.get(address)).status_code for client, address in asked]

    assert (before, without, after) == ([404, 403], [200, 200], [404, 403])
