"""The matrix: every role, every operation, every place; what was answered held against what was promised."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import uuid4

import asyncpg
import httpx
import orjson

from app.domain.roles import Role
from tests.access.expected import (
    ANSWERED,
    DOES,
    GRADES_TOLD_TO,
    GROUP_OF,
    OF_ACADEMIES,
    OF_THE_WHOLE_TRUST,
    SIGHT,
    Group,
    Sight,
    duty_of,
    may_follow,
)
from tests.access.ground import Estate, Place, Principal, told
from tests.access.questions import Operation, Question, about, is_free_of_trusts, operations, refers

STALE: Final = 999
TOLD: Final = frozenset({200})
THROUGH: Final = frozenset({200, 201, 409, 422})
REFUSED: Final = frozenset({403})
ABSENT: Final = frozenset({404})
OUT_OF_SIGHT: Final = frozenset({403, 404})
NOT_REFERRED_TO: Final = frozenset({404, 422})
_AS_OF: Final = "asOf=2999-01-01T00:00:00Z"
_NAMED: Final = {"getExpectations": "academies", "getReviewsDue": "academies", "getBudgetTotals": "plans"}
_NARROWED: Final = frozenset({"getLoadMap", "getDataQualityTotals"})
_WAYS: Final = frozenset({"", "page", "history"})
"""How a kind of record is read; every other address answers a question of its own."""
Expecting = Callable[["Cell"], frozenset[int]]


@dataclass(frozen=True)
class Cell:
    """One combination: who asks what about which record. `special` and `owner` say what is particular about the record."""

    principal: Principal
    place: Place
    question: Question
    special: Sight = Sight.ALL
    owner: Role | None = None

    @property
    def role(self) -> Role:
        return self.principal.role

    @property
    def operation(self) -> Operation:
        return self.question.operation

    @property
    def is_told(self) -> bool:
        """Whether they are shown the record that it names."""
        plural = self.operation.plural
        return told(
            self.principal, self.place, plural, self.special, self.owner, about_academies=plural in OF_ACADEMIES
        )

    @property
    def is_out_of_sight(self) -> bool:
        """Whether what it is about lies in another trust, or in an academy that is not theirs."""
        of_academies = not self.operation.plural or self.operation.plural in OF_ACADEMIES
        return self.place is Place.FOREIGN or (self.principal.narrow and self.place is Place.SOUTH and of_academies)

    @property
    def asks_about_others(self) -> bool:
        """Whether what it names besides is out of sight. Some answers are only narrowed by it, and find nothing."""
        named = _NAMED.get(self.operation.name, "" if self.operation.names_a_record else "frameworks")
        if self.operation.name in _NARROWED or not named:
            return False
        return self.place is Place.FOREIGN or (
            self.principal.narrow and self.place is Place.SOUTH and named in OF_ACADEMIES
        )

    def __str__(self) -> str:
        width = "one academy" if self.principal.narrow else "all academies"
        return (
            f"{self.role} of {width}, {self.operation.name} in {self.place.name.lower()} ({self.special}, {self.owner})"
        )


def expected(cell: Cell) -> frozenset[int]:
    """The statuses that may come of it. There is always a row: an operation without one raises a KeyError."""
    operation = cell.operation
    if is_free_of_trusts(operation):
        return TOLD
    if operation.name in ANSWERED:
        return _answered(cell)
    if operation.writes:
        return _written(cell)
    return _read(cell)


def _answered(cell: Cell) -> frozenset[int]:
    if cell.role not in ANSWERED[cell.operation.name]:
        looked_for = cell.operation.name == "supposeCategorisation" and not cell.is_told
        return OUT_OF_SIGHT if looked_for else REFUSED
    if cell.principal.narrow and cell.operation.name in OF_THE_WHOLE_TRUST:
        return REFUSED
    if cell.operation.names_a_record and not cell.is_told:
        return ABSENT
    return ABSENT if cell.asks_about_others else TOLD


def _read(cell: Cell) -> frozenset[int]:
    operation = cell.operation
    if operation.method != "GET" or operation.tail not in _WAYS:
        raise KeyError(operation.name)
    if SIGHT[cell.role][GROUP_OF[operation.plural]] is Sight.NONE:
        return REFUSED
    if operation.tail == "history" and not may_follow(cell.role, operation.plural):
        return REFUSED if cell.is_told else OUT_OF_SIGHT
    return TOLD if not operation.names_a_record or cell.is_told else ABSENT


def _written(cell: Cell) -> frozenset[int]:
    operation = cell.operation
    duty = duty_of(operation.name, operation.plural)
    if cell.role not in DOES[duty]:
        return REFUSED if cell.is_told and operation.names_a_record else OUT_OF_SIGHT
    if operation.names_a_record and not cell.is_told:
        return ABSENT
    if operation.name in _OF_THEIR_OWN and cell.owner is not cell.role and cell.role not in GRADES_TOLD_TO:
        return REFUSED
    if cell.is_out_of_sight:
        return NOT_REFERRED_TO | (REFUSED if cell.principal.narrow else frozenset())
    if cell.principal.narrow and is_of_the_trust(operation):
        return REFUSED
    return THROUGH


_OF_THEIR_OWN: Final = frozenset({"changeObservation", "withdrawObservation"})
"""What those who are not told what stands in another's record do with their own alone."""


def is_of_the_trust(operation: Operation) -> bool:
    """Whether only somebody who covers every academy may do it."""
    if operation.name in ("createAcademy", "withdrawPlanAcademy"):
        return True
    return operation.plural not in OF_ACADEMIES


def cells(estate: Estate, principal: Principal, operation: Operation) -> Iterator[Cell]:
    """What one of them asks of one operation: about each place, and about what is special there."""
    for place in Place:
        records = estate.records[place]
        if operation.names_a_record:
            for special, owner, record_id in estate.variants(place, operation.plural):
                yield Cell(principal, place, about(operation, records, record_id), special, owner)
        elif place is Place.NORTH:
            yield Cell(principal, place, about(operation, records))
        else:
            question = about(operation, records)
            if refers(question, records) or any(one in question.address for one in records.values()):
                yield Cell(principal, place, question)


@dataclass
class Sweep:
    """What was asked and what was wrong with the answers."""

    estate: Estate
    expecting: Expecting = expected
    asked: int = 0
    faults: Counter[str] = field(
        default_factory=lambda: Counter({"leaks": 0, "false denials": 0, "otherwise wrong": 0})
    )
    samples: list[str] = field(default_factory=list)
    _versions: dict[str, int] = field(default_factory=dict)

    async def begin(self) -> None:
        self._versions = await versions(self.estate)

    async def ask(self, principal: Principal, chosen: Callable[[Cell], bool]) -> None:
        """Everything that one of them can ask, of what is chosen."""
        async with self.estate.client(principal) as client:
            for operation in operations(self.estate.installation.app):
                for cell in cells(self.estate, principal, operation):
                    if chosen(cell):
                        await self._try(client, cell)

    async def _try(self, client: httpx.AsyncClient, cell: Cell) -> None:
        statuses = self.expecting(cell)
        if not cell.operation.writes:
            answer = (
                await client.get(cell.question.address)
                if cell.operation.method == "GET"
                else await _sent(client, cell, 1)
            )
        elif statuses == THROUGH:
            with rehearsing(self.estate):
                answer = await _sent(client, cell, self.version(cell))
        else:
            answer = await _sent(client, cell, STALE)
        self.asked += 1
        self._hold(cell, statuses, answer)

    def version(self, cell: Cell) -> int:
        return self._versions.get(cell.question.address.split("/")[3], 1) if cell.operation.names_a_record else 1

    def _hold(self, cell: Cell, statuses: frozenset[int], answer: httpx.Response) -> None:
        status = answer.status_code
        if status not in statuses:
            kind = "leaks" if status < 300 else "false denials" if status in OUT_OF_SIGHT else "otherwise wrong"
            self.note(kind, f"{cell}: {status}, not {sorted(statuses)}: {answer.text[:160]}")
        elif status < 400:
            for word in self._secrets(cell):
                if word in answer.text:
                    self.note("leaks", f"{cell}: tells {word}")
            self._hold_content(cell, answer)

    def _hold_content(self, cell: Cell, answer: httpx.Response) -> None:
        operation = cell.operation
        if operation.name == "listObservations":
            for one in orjson.loads(answer.content)["items"]:
                own = one["id"] == self.estate.own.get(cell.role, {}).get("observations")
                grade = "good" if own or cell.role in GRADES_TOLD_TO else None
                if one["progressGrade"] != grade:
                    self.note(
                        "leaks" if grade is None else "false denials", f"{cell}: the grade is {one['progressGrade']}"
                    )
        if operation.method == "GET" and operation.plural and operation.path.count("/") == 2:
            self._hold_list(cell, {one["id"] for one in orjson.loads(answer.content)["items"]})

    def _hold_list(self, cell: Cell, shown: set[str]) -> None:
        """Everything of the kind that may be told is there, and nothing else of what was made."""
        plural = cell.operation.plural
        for place in Place:
            for special, owner, record_id in self.estate.variants(place, plural):
                may = told(cell.principal, place, plural, special, owner, about_academies=plural in OF_ACADEMIES)
                if may != (record_id in shown):
                    self.note(
                        "false denials" if may else "leaks",
                        f"{cell}: {place.name} {special} {owner} in the list: {not may}",
                    )

    def _secrets(self, cell: Cell) -> Iterator[str]:
        """Words and ids that stand in nothing this caller may be told, but where the question itself said them."""
        asked = cell.question.address + str(cell.question.body)
        yield from (one for one in self._out_of_sight(cell.principal) if one not in asked)
        sight = SIGHT[cell.role]
        if sight[Group.SENSITIVE] is Sight.NONE:
            yield "attendance rose"
        if sight[Group.OBSERVATIONS] is not Sight.ALL:
            yield f"{Place.NORTH} questioning"

    def _out_of_sight(self, principal: Principal) -> list[str]:
        south = self.estate.records[Place.SOUTH]
        hidden = [south[plural] for plural in OF_ACADEMIES if plural in south] if principal.narrow else []
        return [*self.estate.records[Place.FOREIGN].values(), *hidden]

    def note(self, kind: str, sentence: str) -> None:
        self.faults[kind] += 1
        self.samples.append(f"{kind}: {sentence}")


async def answers_alike(client: httpx.AsyncClient, cell: Cell) -> bool:
    """Whether somebody who asks about it is told what they are told of an id that there is not."""
    there = cell.question.address.split("/")[3].partition("?")[0]
    nowhere = str(uuid4())
    absent = replace(cell, question=replace(cell.question, address=cell.question.address.replace(there, nowhere)))
    told_of, told_of_none = [await _sent(client, one, STALE) for one in (cell, absent)]
    return _without(told_of, there) == _without(told_of_none, nowhere)


def _without(answer: httpx.Response, record_id: str) -> tuple[int, str]:
    """An answer without what differs in every answer: the id that was asked for, and the trace."""
    body = {name: value for name, value in answer.json().items() if name != "traceId"}
    return answer.status_code, str(body).replace(record_id, "*")


async def _sent(client: httpx.AsyncClient, cell: Cell, version: int) -> httpx.Response:
    question = cell.question
    body = dict(question.body or {})
    if cell.operation.name == "moveMilestone" and cell.role is Role.REVIEWER:
        body = {"to": "met"}  # what a reviewer moves it to; the first steps are not a reviewer's
    return await client.request(
        cell.operation.method, question.address, content=orjson.dumps(body), headers=question.headers(version)
    )


@contextmanager
def rehearsing(estate: Estate) -> Iterator[None]:
    """Whatever is written is undone whole, so that everybody who may do it finds the ground as it was."""
    database = estate.installation.database
    vars(database)["begin"] = database.rehearsal
    try:
        yield
    finally:
        del vars(database)["begin"]


async def versions(estate: Estate) -> dict[str, int]:
    """The version that every record has, by its id."""
    connection = await asyncpg.connect(estate.installation.dsn("postgres"), server_settings={"search_path": "app"})
    try:
        tables = await connection.fetch(
            "select table_name from information_schema.columns where table_schema = 'app' and column_name = 'version'"
        )
        found: dict[str, int] = {}
        for (table,) in tables:
            rows = await connection.fetch(f"select id, version from {table}")
            found |= {str(row["id"]): row["version"] for row in rows}
        return found
    finally:
        await connection.close()


async def heads(estate: Estate) -> Mapping[str, int]:
    """The position of every trust's log."""
    connection = await asyncpg.connect(estate.installation.dsn("postgres"), server_settings={"search_path": "app"})
    try:
        rows = await connection.fetch("select trust_id, position from event_head")
        return {str(row["trust_id"]): row["position"] for row in rows}
    finally:
        await connection.close()
