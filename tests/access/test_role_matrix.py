"""Every role, every operation of REST, one's own academy, another, another trust: what was promised comes of it, no more."""

from zlib import crc32

import pytest

from app.db.noun import Scope
from app.domain import roles
from app.domain.roles import Permission, Role
from app.queries.nouns import NOUNS
from tests.access.expected import GROUP_OF, OF_ACADEMIES, SIGHT
from tests.access.ground import PRINCIPALS, Estate, Place, Principal
from tests.access.matrix import Cell, Sweep, answers_alike, cells, expected, heads
from tests.access.questions import Operation, Question, operations, strangers


def test_every_operation_has_a_row_and_nothing_stands_beside_them(estate: Estate) -> None:
    app = estate.installation.app
    every = [cell for operation in operations(app) for cell in cells(estate, PRINCIPALS[0], operation)]

    without_a_row = {str(cell) for cell in every if not expected(cell)}

    assert without_a_row == set()
    assert {cell.operation for cell in every} == set(operations(app))
    assert strangers(app) == []


def test_an_operation_without_a_row_is_found(estate: Estate) -> None:
    ours = Cell(PRINCIPALS[0], Place.NORTH, about_nothing("GET", "/v1/pupils", "listPupils"))
    answer = Cell(PRINCIPALS[0], Place.NORTH, about_nothing("GET", "/v1/plans/{id}/secrets", "getSecrets"))

    with pytest.raises(KeyError):
        expected(ours)
    with pytest.raises(KeyError):
        expected(answer)
    assert estate.installation.app.routes


def about_nothing(method: str, path: str, name: str) -> Question:
    return Question(Operation(method, path, name), path)


def test_every_kind_stands_in_the_expectation_once() -> None:
    assert set(GROUP_OF) == set(NOUNS)
    assert set(SIGHT) == set(Role)
    assert {plural for plural, noun in NOUNS.items() if noun.scope is not Scope.TRUST} == OF_ACADEMIES


def is_in_the_suite(cell: Cell) -> bool:
    """Of one's own academy every role's every second operation, by one of its two credentials; of the rest one in twelve.

    The bars A1, I1 and I2 ask all of it.
    """
    number = crc32(f"{cell.role} {cell.operation.name}".encode())
    if cell.place is Place.NORTH:
        return number % 4 == cell.principal.narrow
    return crc32(str(cell).encode()) % 12 == 0


async def test_everybody_is_told_and_let_through_as_promised(estate: Estate) -> None:
    before, sweep = await heads(estate), Sweep(estate)
    await sweep.begin()

    for principal in PRINCIPALS:
        await sweep.ask(principal, is_in_the_suite)

    print(f"{sweep.asked:,} combinations of role, operation and place: {dict(sweep.faults)}")  # noqa: T201  how much was tried
    assert sweep.samples == []
    assert sweep.asked >= 4_500
    assert await heads(estate) == before, "nothing was written by those who may not, nor kept of those who may"


async def test_what_is_out_of_sight_is_told_like_what_is_not_there(estate: Estate) -> None:
    """Each operation by another role than the next, so that all take turns."""
    asked, differing = 0, []
    every = operations(estate.installation.app)
    for index, role in enumerate(Role):
        principal = Principal(role, narrow=True)
        async with estate.client(principal) as client:
            for operation in every[index :: len(Role)]:
                for cell in cells(estate, principal, operation):
                    if operation.names_a_record and cell.place is not Place.NORTH and cell.is_out_of_sight:
                        asked += 1
                        if not await answers_alike(client, cell):
                            differing.append(str(cell))

    assert differing == []
    assert asked >= 400


async def test_a_permission_too_many_is_found(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    """The teeth: a governor who may read what is sensitive, and whom the expectation does not know as such."""
    more = dict(roles.ROLES)
    duty = more[Role.GOVERNOR]
    more[Role.GOVERNOR] = roles.Duty(duty.doc, duty.may | {Permission.READ_SENSITIVE})
    monkeypatch.setattr(roles, "ROLES", more)
    sweep = Sweep(estate)
    await sweep.begin()

    await sweep.ask(Principal(Role.GOVERNOR, narrow=False), lambda cell: cell.operation.plural == "review-evidence")

    assert sweep.faults["leaks"] >= 3


async def test_a_permission_too_few_is_found(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = dict(roles.ROLES)
    fewer[Role.GOVERNOR] = roles.Duty("x", frozenset({Permission.READ_REFERENCE}))
    monkeypatch.setattr(roles, "ROLES", fewer)
    sweep = Sweep(estate)
    await sweep.begin()

    await sweep.ask(Principal(Role.GOVERNOR, narrow=False), lambda cell: cell.operation.plural == "plans")

    assert sweep.faults["false denials"] >= 3
