"""What every shape of a pack is: strict keys, codes, a source; and how a shape stands for a record.

The shapes are the layout of a pack: a shape's KIND says which record it stands for, a list of shapes is what stands
below it, and a key `area` that gives a code fills the column `area_id`. `flatten` and `exporting` read this layout in
its two directions, `references` checks the codes by it.
"""

import json
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from app.domain.entity import Entity

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._/+&-]{0,59}$")]
FaultCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{2,59}$")]
Label = Annotated[str, Field(min_length=1, max_length=2000)]
Printed = Annotated[str, Field(min_length=1, max_length=200)]
No = Annotated[int, Field(ge=1, le=100_000)]
Count = Annotated[int, Field(ge=1, le=1000)]
Key = Annotated[str, Field(min_length=1, max_length=300)]
"""What names a record without a code: the members of its KEY behind the code it stands under, as in 2025/26/1."""


def _object_in(text: str) -> str:
    """The text, if it is a JSON object."""
    if not isinstance(json.loads(text), dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004  pydantic tells ValueErrors
    return text


Json = Annotated[str, Field(min_length=2), AfterValidator(_object_in)]


class Shape(BaseModel):
    """Names are camelCase in the file; an unknown name is a fault, never ignored."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", populate_by_name=False)


class Source(Shape):
    """Where a record was read: the document's code and the line its text starts on."""

    document: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,20}$")]
    line: No


class RecordShape(Shape):
    """A shape that stands for a record of KIND.

    LINKS are its lists of codes that stand for records of their own, each joining this record with another.
    KEY names the members that tell it from its neighbours where it has no code; the last may be `nth`, which tells apart
    what would else be alike and is no column. CODES are lists of codes kept in a column of ids: the column, and the kind.
    """

    KIND: ClassVar[type[Entity]]
    LINKS: ClassVar[Mapping[str, type[Entity]]] = {}
    KEY: ClassVar[tuple[str, ...]] = ()
    STATE: ClassVar[frozenset[str]] = frozenset()
    CODES: ClassVar[Mapping[str, tuple[str, type[Entity]]]] = {}

    def own_key(self) -> str:
        """What names it among its kind, or (without a code) below the record it stands under."""
        return "/".join(str(getattr(self, name)) for name in self.KEY or ("code",))


class Sourced(RecordShape):
    source: Source | None = None


class OddityShape(Shape):
    """One thing the source leaves unclear, and the records it touches.

    `code` names the kind of fault. Where the service finds it by rule (`byRule: true`) the flags it raises under that
    code carry `ref`: those on the records of `on`, or with none named all that no other oddity claims. Otherwise one
    flag is raised on each record of `on`, written `noun:code` ("action:L1-A1"). `also` names further kinds of fault,
    found by rule, whose flags carry `ref` too.
    """

    ref: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,40}$")] | None = None
    code: FaultCode
    label: Label
    by_rule: bool = False
    also: list[FaultCode] = []
    on: list[str] = []
    field: Printed | None = None
    raw: Printed | None = None
    resolution: Label | None = None
