"""A trust with a record of every kind, some withdrawn; and the actors that ask about it."""

from typing import Final
from uuid import UUID

import httpx

from app.domain.roles import Role
from tests.api.samples import create_by_other_ways, create_each
from tests.conftest import Installation
from tests.graphql.oracle.comparing import Comparison

_WITHDRAWN: Final = (
    "evidence", "responsibilities", "action-steps", "objective-targets", "check-waivers", "budget-lines", "support-deliveries",
)  # fmt: skip


async def compared(installation: Installation, trust: str) -> Comparison:
    """The trust with some records of every kind besides its own, frozen in time, before an administrator, a head and a reader."""
    async with installation.client(await installation.key(trust)) as client:
        made = await create_each(client, "oa")
        await create_by_other_ways(client, "oa", made)
        await _withdraw(client, await create_each(client, "ob"))
    now = installation.database.clock()
    installation.database.clock = lambda: now
    head = installation.actor(trust, Role.ACADEMY_HEAD, academies=frozenset({UUID(made["academies"])}))
    reader = installation.actor(trust, Role.READER)
    return await Comparison.of(installation.database, installation.actor(trust), head, reader)


async def _withdraw(client: httpx.AsyncClient, made: dict[str, str]) -> None:
    for plural in _WITHDRAWN:
        address = f"/v1/{plural}/{made[plural]}/withdrawal"
        answer = await client.post(address, json={"reason": "Written twice."}, headers={"If-Match": '"v1"'})
        assert answer.status_code == 200, (plural, answer.text)
