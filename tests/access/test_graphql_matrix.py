"""Over GraphQL everybody is told, let through and kept out as over REST: by every field, every mutation, every event."""

from zlib import crc32

import pytest

from app.domain import roles
from app.domain.roles import Permission, Role
from tests.access.graphql_matrix import by_turns, held_events, held_mutations, held_sight, held_ways
from tests.access.ground import PRINCIPALS, Estate, Place, Principal
from tests.access.matrix import Cell, Sweep, heads


def test_every_way_to_a_kind_of_record_is_open_to_whom_it_is_promised(estate: Estate) -> None:
    sweep = Sweep(estate)

    held_ways(estate, [Principal(role, narrow=False) for role in Role], sweep)

    print(f"{sweep.asked:,} ways to kinds of record")  # noqa: T201  how much was tried
    assert sweep.samples == []
    assert sweep.asked >= 5_000


async def test_every_field_shows_what_rest_shows(estate: Estate) -> None:
    """Those whom tests/graphql/test_sight.py does not know; all of them in the bar G2."""
    sweep = Sweep(estate)

    for role in (Role.MIDDLE_LEADER, Role.GOVERNOR, Role.OBSERVER, Role.MIS_INTEGRATION, Role.BI_READER):
        await held_sight(estate, Principal(role, narrow=True), sweep)

    print(f"{sweep.asked:,} combinations of role, field and record")  # noqa: T201  likewise
    assert sweep.samples == []
    assert sweep.asked >= 3_000


def is_in_the_suite(cell: Cell) -> bool:
    return crc32(f"graphql {cell}".encode()) % (60 if cell.place is Place.NORTH else 180) == 0


async def test_every_mutation_is_let_through_and_refused_as_over_rest(estate: Estate) -> None:
    before, sweep = await heads(estate), Sweep(estate)
    await sweep.begin()

    for principal in PRINCIPALS:
        await held_mutations(estate, principal, sweep, is_in_the_suite)

    print(f"{sweep.asked:,} mutations")  # noqa: T201  likewise
    assert sweep.samples == []
    assert sweep.asked >= 120
    assert await heads(estate) == before


async def test_a_subscription_tells_everything_that_may_be_followed_and_nothing_else(estate: Estate) -> None:
    sweep = Sweep(estate)

    for principal in by_turns():
        await held_events(estate, principal, sweep)

    print(f"{sweep.asked:,} events told or not")  # noqa: T201  likewise
    assert sweep.samples == []
    assert sweep.asked >= 1_000


async def test_a_permission_too_many_is_found(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    """The teeth."""
    more = dict(roles.ROLES)
    more[Role.BI_READER] = roles.Duty(
        "x", more[Role.BI_READER].may | {Permission.READ_EVENTS, Permission.READ_REFERENCE}
    )
    monkeypatch.setattr(roles, "ROLES", more)
    ways, events = Sweep(estate), Sweep(estate)
    reader = Principal(Role.BI_READER, narrow=False)

    held_ways(estate, [reader], ways)
    await held_events(estate, reader, events)

    assert ways.faults["leaks"] > 50
    assert events.faults["leaks"] > 50
