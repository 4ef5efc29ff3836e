"""What may be selected of records, as a tree of parts, each under the key it has in the answer.

Values are never spelt into it: a part holds the placeholder its value is bound to.
"""

from dataclasses import dataclass

from app.db.noun import Column, Computed, Noun


@dataclass(frozen=True)
class Value:
    """A field of the record itself."""

    key: str
    field: Column | Computed


@dataclass(frozen=True)
class GlobalId:
    """The record's id with the name of its kind before it."""

    key: str


@dataclass(frozen=True)
class Constant:
    """The same text for every record."""

    key: str
    text: str


@dataclass(frozen=True)
class Hole:
    """The record's own id, in the place of something that is answered after the statement."""

    key: str


@dataclass(frozen=True)
class Reference:
    """The record that this one points at by `column`; null where there is none in sight."""

    key: str
    column: str
    record: "Record"


@dataclass(frozen=True)
class History:
    """What happened to the record, oldest first, after a position.

    `fields` are expressions over the event `h.j`, each with its key; `source` selects `j` and ends in conditions on the event `e`.
    `subjects` are the columns of those whose events tell of the record. `past`: the statement is of an instant.
    """

    key: str
    fields: tuple[tuple[str, str], ...]
    source: str
    after: str
    limit: str
    subjects: tuple[str, ...]
    past: bool = False


@dataclass(frozen=True)
class Record:
    """What is selected of a record."""

    noun: Noun
    parts: "tuple[Part, ...]"


@dataclass(frozen=True)
class Order:
    """In what order a page's records come, and where it begins: the placeholders of a sort key and an id."""

    sort: str
    descending: bool = False
    after: tuple[str, str] | None = None
    backward: bool = False


@dataclass(frozen=True)
class Nodes:
    key: str
    record: Record


@dataclass(frozen=True)
class Edges:
    """The records with their cursors: each part of an edge under its key, a record, a cursor or a constant text."""

    key: str
    parts: tuple[tuple[str, Record | str | None], ...]


@dataclass(frozen=True)
class PageInfo:
    """Each part under its key: `hasNextPage`, `hasPreviousPage`, `startCursor`, `endCursor`, or a constant after a `:`."""

    key: str
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Total:
    key: str


Member = Nodes | Edges | PageInfo | Total | Constant


@dataclass(frozen=True)
class Connection:
    """A page of records of `noun`: of those below a record, where `below` is the condition that says so.

    `column` names the reference to the record above, where it is one. `conditions` have their placeholders in them.
    """

    key: str
    noun: Noun
    members: tuple[Member, ...]
    limit: str
    order: Order
    conditions: tuple[str, ...] = ()
    below: str = ""
    column: str = ""
    withdrawn: bool = False


Part = Value | GlobalId | Constant | Hole | Reference | History | Connection
