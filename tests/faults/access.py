"""I1, I2, A1, A2, G2: nobody sees or changes what they should not, nobody is kept from what they may, and no cell is undefined."""

import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from statistics import median
from typing import Final
from unittest.mock import patch
from uuid import uuid4

from app.config import Settings
from app.db.database import Database
from app.domain import roles
from app.domain.roles import Duty, Permission, Role
from app.main import create_app
from tests.access import expected as promised
from tests.access.graphql_matrix import by_turns, held_events, held_mutations, held_sight, held_ways
from tests.access.ground import PRINCIPALS, Estate, Place, Principal, settle
from tests.access.mass_assignment import extra_allowed, over_graphql, over_rest
from tests.access.matrix import Cell, Sweep, cells, expected, heads
from tests.access.questions import operations
from tests.access.unfiltered import sights_forgotten, trusts_off
from tests.conftest import PEPPER, UNHURRIED, Installation, make_database
from tests.faults.bars import Bar, Findings, Run
from tests.faults.ground import connected, throwaway

Chosen = Callable[[Cell], bool]
_SETTLED: Final = "access_settled"
_MADE: dict[str, Estate] = {}
_WHOLE: Final = Principal(Role.ADMINISTRATOR, narrow=False)


@asynccontextmanager
async def settled(run: Run) -> AsyncIterator[Estate]:
    """The ground, made once for a run and copied for each check."""
    if _SETTLED not in _MADE:
        await make_database(run.server, _SETTLED, template="empty")
        async with _served(run, _SETTLED) as installation:
            _MADE[_SETTLED] = await settle(installation, foreign=run.size(1, 8))
    async with throwaway(run.server, _SETTLED) as name, _served(run, name) as installation:
        yield replace(_MADE[_SETTLED], installation=installation, records=dict(_MADE[_SETTLED].records))


@asynccontextmanager
async def _served(run: Run, name: str) -> AsyncIterator[Installation]:
    database = Database(run.server.dsn(user="milepost_app", database=name), pool_size=4)
    app = create_app(database, Settings(**UNHURRIED), pepper=PEPPER)
    async with app.router.lifespan_context(app):
        yield Installation(run.server, name, database, app)


async def _swept(run: Run, chosen: Chosen) -> Findings:
    """What is chosen of the matrix; in a campaign with each of several other trusts in turn."""
    async with settled(run) as estate:
        before, sweep = await heads(estate), Sweep(estate)
        await sweep.begin()
        for number, foreign in enumerate(estate.foreign):
            estate.records[Place.FOREIGN] = foreign
            for principal in PRINCIPALS:
                await sweep.ask(principal, lambda cell: chosen(cell) and (cell.place is Place.FOREIGN or not number))  # noqa: B023  asked at once
        after = await heads(estate)
    faults = {**sweep.faults, "trusts written to": sum(before[one] != after[one] for one in before)}
    return Findings(f"{sweep.asked:,} combinations", faults, sweep.samples)


def _one_in(number: int, run: Run, name: str) -> Chosen:
    """A share of the cells that another run has others of, and the same run the same."""
    random = run.random(name)
    return lambda _: random.randrange(number) == 0


# ---------------------------------------------------------------------------------------------------------------- I1


async def _leaks(run: Run) -> Findings:
    """Every operation about another academy and another trust. And absence and absence from sight take as long as one another."""
    share = _one_in(run.size(2, 1), run, "I1")
    swept = await _swept(run, lambda cell: cell.place is not Place.NORTH and share(cell))
    async with settled(run) as estate:
        foreign, absent = await _times(estate)
    faults = {**swept.faults, "404s that time tells apart": int(not 0.75 < foreign / absent < 1.33)}
    return Findings(
        f"{swept.counted}, a foreign id is answered in {foreign / absent:.2f} of an absent one's time",
        faults,
        swept.samples,
    )


async def _times(estate: Estate) -> tuple[float, float]:
    """Medians of many requests each, one after another in turn."""
    asked = {"foreign": estate.records[Place.FOREIGN]["milestones"], "absent": ""}
    seconds: dict[str, list[float]] = {name: [] for name in asked}
    async with estate.client(_WHOLE) as client:
        for number in range(600):
            for name in sorted(asked, reverse=bool(number % 2)):
                address = f"/v1/milestones/{asked[name] or uuid4()}"
                began = time.perf_counter()
                answer = await client.get(address)
                seconds[name].append(time.perf_counter() - began)
                assert answer.status_code == 404, answer.text
    return median(seconds["foreign"]), median(seconds["absent"])


async def _leaks_without_row_security(run: Run) -> Findings:
    """One table without row security, and statements that name no trust: either alone shows nothing."""
    async with settled(run) as estate, connected(estate.installation.dsn("postgres")) as above:
        await above.execute("alter table milestone disable row level security, no force row level security")
        with trusts_off():
            return await _of_kind(estate, "milestones", Place.FOREIGN)


async def _of_kind(estate: Estate, plural: str, place: Place) -> Findings:
    sweep = Sweep(estate)
    await sweep.begin()
    for principal in PRINCIPALS:
        await sweep.ask(
            principal,
            lambda cell: cell.operation.plural == plural and cell.place is place and cell.operation.method == "GET",
        )
    return Findings(f"{sweep.asked:,} combinations", sweep.faults, sweep.samples)


I1 = Bar(
    "I1",
    _leaks,
    "no row security on one table, and statements that name no trust",
    _leaks_without_row_security,
    "leaks",
)

# ---------------------------------------------------------------------------------------------------------------- I2


async def _denials(run: Run) -> Findings:
    """Everything about what is one's own: told to whoever may be told, let through where somebody may."""
    share = _one_in(run.size(4, 1), run, "I2")
    return await _swept(run, lambda cell: cell.place is Place.NORTH and share(cell))


async def _denials_of_a_wrong_policy(run: Run) -> Findings:
    async with settled(run) as estate, connected(estate.installation.dsn("postgres")) as above:
        await above.execute(
            "drop policy trust on milestone; create policy trust on milestone using (trust_id <> app.current_trust())"
        )
        return await _of_kind(estate, "milestones", Place.NORTH)


I2 = Bar("I2", _denials, "a policy with the wrong trust", _denials_of_a_wrong_policy, "false denials")

# ---------------------------------------------------------------------------------------------------------------- A1


async def _cells(run: Run) -> Findings:
    """Each role's each operation has a cell, and by one of the role's credentials what the cell says comes of it."""
    undefined = Counter[str]()

    def chosen(cell: Cell) -> bool:
        undefined["cells"] += not _is_defined(cell)
        return cell.place is Place.NORTH and cell.principal.narrow

    swept = await _swept(run, chosen)
    return Findings(swept.counted, {**swept.faults, "undefined cells": undefined["cells"]}, swept.samples)


def _is_defined(cell: Cell) -> bool:
    try:
        return bool(expected(cell))
    except KeyError:
        return False


async def _cells_of_other_tables(run: Run) -> Findings:
    """A row is taken out of the expectation, which leaves cells undefined; a role is given a permission, which leaks."""
    undefined = 0
    async with settled(run) as estate:
        with _without_a_row("getHeatMap", "people"):
            undefined += sum(
                not _is_defined(cell) for cell in _asked_of(estate, {"getHeatMap", "listPeople", "createPerson"})
            )
        with _with_one_more(Role.GOVERNOR, Permission.READ_SENSITIVE):
            found = await _of_kind(estate, "review-evidence", Place.NORTH)
    seen = bool(undefined) + bool(found.found.get("leaks"))
    return Findings(
        f"{undefined} undefined, {found.faults['leaks']} leaks", {"of 2 defects seen": seen if seen == 2 else 0}
    )


def _asked_of(estate: Estate, names: set[str]) -> Iterator[Cell]:
    for operation in operations(estate.installation.app):
        if operation.name in names:
            yield from cells(estate, _WHOLE, operation)


@contextmanager
def _without_a_row(answer: str, plural: str) -> Iterator[None]:
    with ExitStack() as stack:
        for name, row in (("ANSWERED", answer), ("GROUP_OF", plural), ("DUTY_OF_KIND", plural)):
            table: dict[str, object] = getattr(promised, name)
            stack.enter_context(patch.dict(table))
            del table[row]
        yield


@contextmanager
def _with_one_more(role: Role, permission: Permission) -> Iterator[None]:
    more = dict(roles.ROLES)
    more[role] = Duty(more[role].doc, more[role].may | {permission})
    with patch.object(roles, "ROLES", more):
        yield


A1 = Bar(
    "A1",
    _cells,
    "a row less in the expectation, and a permission more in a role",
    _cells_of_other_tables,
    "of 2 defects seen",
)

# ---------------------------------------------------------------------------------------------------------------- A2


async def _assigned(run: Run) -> Findings:
    async with settled(run) as estate:
        rest = await over_rest(estate)
    graphql = over_graphql()
    accepted = [*rest.accepted, *graphql.accepted]
    return Findings(
        f"{rest.tried:,} members of bodies, {graphql.tried:,} of inputs", {"accepted": len(accepted)}, accepted
    )


async def _assigned_anything(run: Run) -> Findings:
    async with settled(run) as estate:
        with extra_allowed():
            rest = await over_rest(estate)
    return Findings(f"{rest.tried:,} members of bodies", {"accepted": len(rest.accepted)})


A2 = Bar("A2", _assigned, 'extra="allow"', _assigned_anything, "accepted")


# ---------------------------------------------------------------------------------------------------------------- G2


async def _other_door(run: Run) -> Findings:
    """The same matrix over GraphQL: every way to a record, every field, mutations, events."""
    share = _one_in(run.size(25, 1), run, "G2")
    swept = run.size(1, 2)
    async with settled(run) as estate:
        before, sweep = await heads(estate), Sweep(estate)
        await sweep.begin()
        held_ways(estate, [Principal(role, narrow=False) for role in Role], sweep)
        for principal in [*by_turns()] if swept == 1 else PRINCIPALS:
            await held_sight(estate, principal, sweep, by_filters=True)
            await held_events(estate, principal, sweep)
        for principal in PRINCIPALS:
            await held_mutations(estate, principal, sweep, share)
        after = await heads(estate)
    faults = {**sweep.faults, "trusts written to": sum(before[one] != after[one] for one in before)}
    return Findings(f"{sweep.asked:,} combinations of role, field and record", faults, sweep.samples)


async def _other_door_left_open(run: Run) -> Findings:
    """A role is given a permission, and the compiler forgets the academies."""
    async with settled(run) as estate:
        sweep = Sweep(estate)
        with _with_one_more(Role.BI_READER, Permission.READ):
            held_ways(estate, [Principal(Role.BI_READER, narrow=False)], sweep)
        of_permission = sweep.faults["leaks"]
        with sights_forgotten():
            await held_sight(estate, Principal(Role.ACADEMY_HEAD, narrow=True), sweep)
        of_sight = sweep.faults["leaks"] - of_permission
    seen = bool(of_permission) + bool(of_sight)
    return Findings(f"{of_permission} and {of_sight} leaks", {"of 2 defects seen": 2 * (seen == 2)})


G2 = Bar(
    "G2",
    _other_door,
    "a permission more in a role, and a compiler that forgets academies",
    _other_door_left_open,
    "of 2 defects seen",
)
