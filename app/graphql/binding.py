"""What is bound to a statement: each value read from the request when it runs, and checked."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from app.db.noun import Noun
from app.graphql.ids import global_id, record_id
from app.graphql.meanings import kinds_filtered_by
from app.graphql.nouns import PAGE
from app.graphql.plan import Asked, Binding, Filling
from app.graphql.refusing import refused
from app.graphql.sources import Source
from app.operations.asked import EARLIEST, LATEST

MOST: Final = 500
"""Records a page may have, and `nodes` may be asked for."""
ANSWER_COST: Final = 200
"""A computed answer counts as so many rows; one about the past, that is read out of the log, as twice as many."""
COUNT_COST: Final = 50
"""So does a `totalCount`, which reads all it counts."""


_PAST: Final = frozenset({"asOf", "asKnownAt"})


def value(source: Source, cast: str) -> Binding:
    reads = _READ_AS.get(cast)
    return (lambda asked: asked.value(source)) if reads is None else (lambda asked: reads(asked.value(source)))


def narrowing(noun: Noun, name: str, source: Source) -> Binding:
    """What a list is narrowed by."""
    cast = noun.filters[name].cast
    return wanted(source, kinds_filtered_by(noun).get(name)) if cast == "uuid" else value(source, cast)


def wanted(source: Source, title: str | None) -> Binding:
    """The id of a record."""
    return lambda asked: record_id(asked.value(source), title)


def instant(text: str) -> datetime:
    """An instant within the reach of PostgreSQL and of calendars."""
    told = datetime.fromisoformat(text)
    if not EARLIEST <= told <= LATEST:
        raise refused("invalid", f"{text} is out of reach. Give an instant between 1900 and 2100.")
    return told


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if not date(1900, 1, 1) <= day <= date(2100, 12, 31):
        raise refused("invalid", f"{text} is out of reach. Give a day between 1900 and 2100.")
    return day


def _text(text: str) -> str:
    if "\0" in text:
        raise refused("invalid", "A text holds a character that is none. Leave it out.")
    return text


_READ_AS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "text": _text,
    "uuid": record_id,
    "date": _day,
    "timestamptz": instant,
}


def count(given: Mapping[str, Source]) -> Binding:
    """How many records a page has."""
    source = given.get("first", given.get("last"))
    if source is None:
        return lambda _: PAGE

    def counted(asked: Asked) -> int:
        number: int = asked.value(source)
        if not 0 <= number <= MOST:
            raise refused("invalid", f"A page has up to {MOST} records: {number} cannot be asked for.")
        return number

    return counted


def global_ids(source: Source) -> Callable[[Asked], list[tuple[str, UUID]]]:
    """The kinds and ids that `node` or `nodes` is asked for."""

    def read(asked: Asked) -> list[tuple[str, UUID]]:
        told = asked.value(source)
        texts = told if isinstance(told, list) else [told]
        if len(texts) > MOST:
            raise refused(
                "too-costly", f"`nodes` takes up to {MOST} ids. Ask for the others in a request of their own."
            )
        return [global_id(text) for text in texts]

    return read


def of_title(source: Source, title: str) -> Binding:
    ids = global_ids(source)
    return lambda asked: [found for named, found in ids(asked) if named == title]


def number_of(binding: Binding) -> Binding:
    return lambda asked: len(binding(asked))


def one(_: Asked) -> int:
    return 1


def answer_cost(filling: Filling, *, past: bool) -> Binding:
    """What an answer counts as, for each record it is about."""
    times = 2 if past or filling.arguments.keys() & _PAST else 1
    rows = filling.arguments.get(filling.answer.rows_by)
    if rows is None:
        return lambda _: times * ANSWER_COST
    return lambda asked: times * max(ANSWER_COST, asked.value(rows))


def count_cost(_: Asked) -> int:
    return COUNT_COST
