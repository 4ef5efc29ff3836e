"""Two editions of a framework laid side by side: what was added, taken out and changed, by kind and code."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field, WithJsonSchema

from app.db.noun import Column, Computed, Noun
from app.db.selection import Selection, tree
from app.queries.frameworks import FRAMEWORKS
from app.queries.published import Published
from app.queries.reading import ListRequest, Moment, Reads, read_page, read_tree
from app.queries.revival import told

_UNCOMPARED: Final = {
    *("id", "version", "withdrawnAt", "sourceDocument", "sourceLine", "frameworkId"),
    *("edition", "status", "publishedAt"),
}
Number = Annotated[Decimal, WithJsonSchema({"type": "number"})]
Told = str | int | Number | bool | list[str] | None


class FieldChange(Published):
    """One field that differs. References are told by the code of the record they name."""

    field: str
    before: Told
    after: Told


class RecordChange(Published):
    """A record that only one edition has, or that both have and that differs."""

    noun: str = Field(description="What kind of record it is: `benchmark`.")
    code: str = Field(description="Its code; for what has none, the code it stands under and its own place there.")
    change: str = Field(description="`added`, `removed` or `changed`.")
    label: str | None = Field(description="Its label or name, in the later edition if it is there.")
    fields: list[FieldChange] = Field(description="What differs; empty for what was added or removed.")


class Side(Published):
    """One of the two editions."""

    id: UUID
    code: str
    edition: int
    title: str
    validFrom: date | None
    validTo: date | None


class Comparison(Published):
    """What is different in an edition of a framework, compared with another."""

    before: Side
    after: Side
    counts: dict[str, dict[str, int]] = Field(description="How many were added, removed and changed, by kind.")
    changes: list[RecordChange]


async def compare(reads: Reads, before_id: UUID, after_id: UUID, moment: Moment) -> Comparison:
    """Both are read whole, in one statement each."""
    return compared(await _page(reads, before_id, moment), await _page(reads, after_id, moment))


def compared(before: Mapping[str, Any], after: Mapping[str, Any]) -> Comparison:
    """Two framework pages, as they are published."""
    old, new = dict(_records(before)), dict(_records(after))
    changes = [*_changes(old, new)]
    counts: dict[str, dict[str, int]] = {}
    for one in changes:
        of_noun = counts.setdefault(one.noun, {"added": 0, "removed": 0, "changed": 0})
        of_noun[one.change] += 1
    return Comparison(before=_side(before), after=_side(after), counts=counts, changes=changes)


async def framework_pages(reads: Reads, moment: Moment, *, in_force: bool) -> list[dict[str, Any]]:
    """Every framework with everything in it, as it is published; with `in_force`, those in force today alone."""
    filters = {"inForce": True} if in_force else {}
    listed = await read_page(reads, FRAMEWORKS, ListRequest(filters=filters, limit=500), moment)
    return [await _page(reads, UUID(one["id"]), moment) for one in told(listed.items)]


async def _page(reads: Reads, framework_id: UUID, moment: Moment) -> dict[str, Any]:
    page: dict[str, Any] = told((await read_tree(reads, FRAMEWORKS, framework_id, moment)).body)
    return page


def _side(page: Mapping[str, Any]) -> Side:
    return Side.model_validate({name: page[name] for name in Side.model_fields})


Key = tuple[str, str]


def _records(page: Mapping[str, Any]) -> Iterator[tuple[Key, dict[str, Told]]]:
    """Every record of a framework by its kind and code, with its fields; what it refers to told by code."""
    codes: dict[str, str] = {}
    found = list(_walk(page, tree(FRAMEWORKS), "", codes))
    for noun, key, record, selection in found:
        names = (item.name for item in selection.fields if isinstance(item, Column) and item.name not in _UNCOMPARED)
        yield (noun, key), {name: _by_code(record[name], codes) for name in names}


def _by_code(value: Told, codes: Mapping[str, str]) -> Told:
    return codes.get(value, value) if isinstance(value, str) else value


def _walk(
    record: Mapping[str, Any], selection: Selection, above: str, codes: dict[str, str]
) -> Iterator[tuple[str, str, Mapping[str, Any], Selection]]:
    noun = selection.noun
    key = _key(record, noun, above)
    codes[record["id"]] = key
    for item in selection.fields:
        if isinstance(item, Computed) and item.name.endswith("Code"):  # what it refers to may stand in no framework
            codes.setdefault(record[item.name.removesuffix("Code") + "Id"], record[item.name])
    yield noun.name, key, record, selection
    for child, below in selection.children:
        for one in record[child.name]:
            yield from _walk(one, below, key, codes)


def _key(record: Mapping[str, Any], noun: Noun, above: str) -> str:
    if noun is FRAMEWORKS:
        return ""
    return str(record.get("code") or f"{above}/{record.get('context') or record.get('no')}")


def _changes(old: Mapping[Key, dict[str, Told]], new: Mapping[Key, dict[str, Told]]) -> Iterator[RecordChange]:
    for key in dict.fromkeys([*old, *new]):
        before, after = old.get(key), new.get(key)
        noun, code = key
        label = _label(after or before or {})
        if before is None or after is None:
            change = "added" if before is None else "removed"
            yield RecordChange(noun=noun, code=code, change=change, label=label, fields=[])
        elif fields := _fields(before, after):
            yield RecordChange(noun=noun, code=code, change="changed", label=label, fields=fields)


def _fields(before: Mapping[str, Told], after: Mapping[str, Told]) -> list[FieldChange]:
    return [
        FieldChange(field=name, before=before[name], after=after[name])
        for name in before
        if before[name] != after[name]
    ]


def _label(record: Mapping[str, Told]) -> str | None:
    labels: Sequence[Told] = [
        record.get(name) for name in ("label", "name", "activity", "title", "printed") if record.get(name)
    ]
    return str(labels[0]) if labels else None
