"""The ground of the matrix: a trust of two academies, another trust, and each role with all of the trust or one academy."""

from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

import httpx

from app.domain import ids
from app.domain.actor import Actor
from app.domain.events import created
from app.domain.roles import Role
from app.domain.trusts import Trust
from app.domain.vocabulary import TrustKind
from tests.access.expected import GROUP_OF, SIGHT, Group, Sight
from tests.api.samples import SAMPLES, create, create_by_other_ways, create_each, trust_document
from tests.conftest import Installation

HOME: Final = "alder"
Records = dict[str, str]


class Place(StrEnum):
    """Whose records are asked about. `north` is the academy of those who have one; a foreigner is another trust."""

    NORTH = "qnorthq"
    SOUTH = "qsouthq"
    FOREIGN = "qbeechq"


@dataclass(frozen=True)
class Principal:
    """A role with the whole trust in sight, or with one academy. Both of its keys are of one integration."""

    role: Role
    narrow: bool

    @property
    def holder(self) -> str:
        return f"integration:{self.integration}"

    @property
    def integration(self) -> str:
        return self.role.replace("_", "-")


PRINCIPALS: Final = tuple(Principal(role, narrow) for role in Role for narrow in (False, True))


@dataclass
class Estate:
    """Of each place one record of every kind, by its plural; what is signed off there; and in the north what is somebody's own."""

    installation: Installation
    records: dict[Place, Records] = field(default_factory=dict)
    signed: dict[Place, Records] = field(default_factory=dict)
    own: dict[Role, Records] = field(default_factory=dict)
    keys: dict[Principal, str] = field(default_factory=dict)
    foreign: list[Records] = field(default_factory=list)

    def actor(self, principal: Principal, *, channel: str = "rest") -> Actor:
        academies = frozenset({UUID(self.records[Place.NORTH]["academies"])}) if principal.narrow else None
        return Actor(
            ids.trust_id(HOME), "test", frozenset({principal.role}), academies=academies, channel=channel,
            holder=principal.holder,
        )  # fmt: skip

    def client(self, principal: Principal) -> httpx.AsyncClient:
        return self.installation.client(self.keys[principal])

    def variants(self, place: Place, plural: str) -> Iterator[tuple[Sight, Role | None, str]]:
        """The records of this kind in this place, each with what is special about it: signed off, or whose own it is."""
        if plural in self.records[place]:
            yield Sight.ALL, None, self.records[place][plural]
        if plural in self.signed.get(place, {}):
            yield Sight.SIGNED_OFF, None, self.signed[place][plural]
        if place is Place.NORTH:
            for role, records in self.own.items():
                if plural in records:
                    yield Sight.OWN, role, records[plural]


def told(
    principal: Principal, place: Place, plural: str, special: Sight, owner: Role | None, *, about_academies: bool
) -> bool:
    """Whether somebody is shown such a record, by the expectation alone."""
    sight = SIGHT[principal.role][GROUP_OF[plural]]
    if place is Place.FOREIGN or (principal.narrow and place is Place.SOUTH and about_academies):
        return False
    if sight is Sight.SIGNED_OFF:
        return special is Sight.SIGNED_OFF
    return sight is Sight.ALL or (sight is Sight.OWN and owner is principal.role)


async def settle(installation: Installation, *, foreign: int = 1) -> Estate:
    """All of it, made through the doors as those would make it whose work it is."""
    made = Estate(installation)
    await found_trust(installation, HOME)
    for place in (Place.NORTH, Place.SOUTH):
        made.records[place], made.signed[place] = await _records(installation, HOME, place)
    for number in range(foreign):
        code = f"beech{number or ''}"
        await found_trust(installation, code)
        records, signed = await _records(installation, code, Place.FOREIGN)
        made.foreign.append(records | {"trusts": str(ids.trust_id(code))})
        made.records.setdefault(Place.FOREIGN, made.foreign[0])
        made.signed.setdefault(Place.FOREIGN, signed)
    for principal in PRINCIPALS:
        more: dict[str, Any] = {"academy_ids": [made.records[Place.NORTH]["academies"]]} if principal.narrow else {}
        made.keys[principal] = await installation.key(
            HOME, principal.role, label=principal.role, integration=principal.integration, **more
        )
    await _own(made)
    return made


async def found_trust(installation: Installation, code: str) -> None:
    async with installation.database.begin(installation.actor(code)) as work:
        trust = Trust.named(ids.trust_id(code), code=code, name=f"{code} Trust", kind=TrustKind.MULTI_ACADEMY_TRUST)
        work.add(trust)
        work.record(created(trust))


async def _records(installation: Installation, trust: str, mark: str) -> tuple[Records, Records]:
    """One record of every kind, and a review of the term after that is signed off."""
    async with installation.client(await installation.key(trust)) as client:
        records = await create_each(client, mark)
        records |= await create_by_other_ways(client, mark, records)
        records["mark"] = mark
        await _past_term(client, mark)
        signed = await _signed_off(client, mark, records)
        async with installation.database.begin(installation.actor(trust)) as work:
            await trust_document(work, mark)
        records["target-versions"] = await first(client, f"target-versions?targetId={records['targets']}")
        records["trusts"] = await first(client, "trusts?limit=1")
        key = {"label": f"{mark} key", "roles": ["reader"], "academyIds": [records["academies"]]}
        records["api-keys"] = (await create(client, "api-keys", key))["id"]
        member = {**SAMPLES["memberships"](records, f"{mark}-member"), "academyIds": [records["academies"]]}
        records["memberships"] = (await create(client, "memberships", member))["id"]
        documents = (await client.get("/v1/trusted-documents?limit=500")).json()["items"]
        records["trusted-documents"] = next(one["id"] for one in documents if one["name"] == mark)
    return records, signed


async def first(client: httpx.AsyncClient, address: str) -> str:
    record_id: str = (await client.get(f"/v1/{address}")).json()["items"][0]["id"]
    return record_id


async def _past_term(client: httpx.AsyncClient, mark: str) -> None:
    """A term that is over whenever this is run: of such a one everybody may ask for counts."""
    if (await client.get("/v1/academic-years?limit=2")).json()["items"][1:]:
        return
    year = {"code": f"{mark} 25/26", "startsOn": "2025-09-01", "endsOn": "2026-08-31"}
    made = await create(client, "academic-years", year)
    term = {"no": 1, "name": f"{mark} past", "startsOn": "2025-09-01", "endsOn": "2025-12-19"}
    await create(client, "terms", {"academicYearId": made["id"], **term})


async def _signed_off(client: httpx.AsyncClient, mark: str, records: Mapping[str, str]) -> Records:
    term = {"academicYearId": records["academic-years"], "no": 2, "name": f"{mark} spring",
            "startsOn": "2027-01-04", "endsOn": "2027-03-26"}  # fmt: skip
    of = {**records, "terms": (await create(client, "terms", term))["id"]}
    for plural in ("head-reports", "head-report-sections", "assurance-reviews"):
        of[plural] = (await create(client, plural, SAMPLES[plural](of, mark)))["id"]
    rating = {"lineId": of["published:assurance-lines"], "levelId": of["published:rating-levels"], "rationale": "x"}
    await does(client, f"head-reports/{of['head-reports']}/submission", {}, version=1)
    review = f"assurance-reviews/{of['assurance-reviews']}"
    steps: tuple[tuple[str, dict[str, Any], int], ...] = (
        ("opening", {}, 1), ("ratings", rating, 2), ("submission", {}, 2), ("moderation", {}, 3), ("sign-off", {}, 4),
    )  # fmt: skip
    for doing, body, version in steps:
        await does(client, f"{review}/{doing}", body, version=version)
    of["assurance-ratings"] = await first(client, f"assurance-ratings?reviewId={of['assurance-reviews']}")
    return {plural: of[plural] for plural in GROUP_OF if GROUP_OF[plural] is Group.REVIEWS}


async def does(client: httpx.AsyncClient, address: str, body: Mapping[str, Any], *, version: int) -> dict[str, Any]:
    headers = {"If-Match": f'"v{version}"', "Idempotency-Key": str(uuid4())}
    answer = await client.post(f"/v1/{address}", json=dict(body), headers=headers)
    assert answer.status_code == 200, (address, answer.text)
    record: dict[str, Any] = answer.json()
    return record


async def _own(made: Estate) -> None:
    """A walk of each who observes, recorded by themselves, and a batch of the MIS's."""
    north = made.records[Place.NORTH]
    async with AsyncExitStack() as stack:
        for role in (Role.OBSERVER, Role.MIDDLE_LEADER):
            client = await stack.enter_async_context(made.client(Principal(role, narrow=True)))
            walk = SAMPLES["observations"](north, f"q{role}q")
            made.own[role] = {"observations": (await create(client, "observations", walk))["id"]}
        client = await stack.enter_async_context(made.client(Principal(Role.MIS_INTEGRATION, narrow=True)))
        days = {"grain": "month", "startsOn": "2026-02-01", "endsOn": "2026-02-28"}
        row = {"metric": north["metric"], "academy": Place.NORTH, **days, "value": 92.1}
        batch = await create(client, "reading-batches", {"source": "mis", "readings": [row]})
        reading = await first(client, f"readings?batchId={batch['id']}")
        made.own[Role.MIS_INTEGRATION] = {"reading-batches": batch["id"], "readings": reading}
