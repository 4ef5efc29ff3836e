"""What the records of a pack say of one another: codes that clash or lead nowhere, ends before starts, missing values.

It looks at content as the files give it, whether or not that fits the format, so that one reading tells these faults
together with those of shape. A kind with a record that cannot be read is left alone: whether a code of that kind
exists stays unsaid, for the unread record may be the one that is meant.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, TypeAlias, Union, get_args, get_origin

from app.packs.format import OddityShape, Pack, PlanShape, Shape

if TYPE_CHECKING:
    from decimal import Decimal

Content: TypeAlias = "dict[str, Content] | list[Content] | str | int | bool | Decimal | None"
Path: TypeAlias = tuple[str | int, ...]
Trouble: TypeAlias = tuple[Path, str]

REFERS_TO = {
    "academies": "academy",
    "area": "area",
    "body": "body",
    "finding": "finding",
    "group": "pupilGroup",
    "person": "person",
    "phase": "phase",
    "relatedTo": "action",
    "targets": "target",
    "toArea": "area",
    "toObjective": "objective",
    "window": "window",
}
FLAGGED = (
    *("plan", "phase", "window", "area", "finding", "objective", "action", "step", "milestone", "target", "budget"),
    *("budgetLine", "statutoryTarget", "statement", "evaluationMethod", "crossReference", "person", "body"),
    "pupilGroup",
)
SPANS = (("startsOn", "endsOn"), ("validFrom", "validTo"))
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def find_troubles(content: Mapping[str, Content]) -> Iterator[Trouble]:
    """Everything wrong between records, each with the path of the key at fault."""
    trust = _Register()
    yield from trust.enter(content, Pack, ())
    yield from _look_through({key: value for key, value in content.items() if key != "plans"}, (), trust)
    plans = content.get("plans")
    for index, plan in enumerate(plans if isinstance(plans, list) else []):
        if isinstance(plan, dict):
            register = _Register(outer=trust)
            yield from register.enter(plan, PlanShape, ("plans", index))
            yield from _look_through(plan, ("plans", index), register)


def nested_shape(annotation: object) -> type[Shape] | None:
    """The shape of the record or records that such a field holds; None where it holds plain values."""
    if isinstance(annotation, type) and issubclass(annotation, Shape):
        return annotation
    if get_origin(annotation) in (list, Union, UnionType):
        return next(filter(None, map(nested_shape, get_args(annotation))), None)
    return None


@cache
def fields_of(shape: type[Shape]) -> dict[str, type[Shape] | None]:
    """Every key such a record may have, as the file spells it, with the shape of what stands under it."""
    return {str(entry.alias): nested_shape(entry.annotation) for entry in shape.model_fields.values()}


def noun_of(shape: type[Shape]) -> str:
    """The kind's word in oddities: `pupilGroup` for PupilGroupShape."""
    name = shape.__name__.removesuffix("Shape")
    return name[0].lower() + name[1:]


def in_words(noun: str) -> str:
    return re.sub(r"(?=[A-Z])", " ", noun).lower()


@cache
def _coded(shape: type[Shape]) -> dict[str, type[Shape]]:
    """The lists of coded records in such a record. The codes of oddities name a fault and so may repeat."""
    lists = {key: child for key, child in fields_of(shape).items() if key != "trust" and child is not OddityShape}
    return {key: child for key, child in lists.items() if child and "code" in child.model_fields}


@dataclass
class _Register:
    """The codes of one plan, or of the trust outside its plans, each with the path of the record that has it."""

    outer: "_Register | None" = None
    taken: dict[str, dict[str, Path]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)

    def enter(self, record: Mapping[str, Content], shape: type[Shape], path: Path) -> Iterator[Trouble]:
        unknown = record.keys() - fields_of(shape).keys()
        for key, child in _coded(shape).items():
            listed = record.get(key)
            if isinstance(listed, list):
                for index, item in enumerate(listed):
                    yield from self._enter_one(item, child, (*path, key, index))
            elif key in record or get_close_matches(key, unknown):
                self._leave_unread(child)

    def _enter_one(self, item: Content, shape: type[Shape], path: Path) -> Iterator[Trouble]:
        if not isinstance(item, dict):
            self._leave_unread(shape)
            return
        noun, code = noun_of(shape), item.get("code")
        if not isinstance(code, str):
            self.unread.add(noun)
        elif (first := self.taken.setdefault(noun, {}).setdefault(code, path)) != path:
            at = "/".join(map(str, ("", *first)))
            yield (*path, "code"), f"The {in_words(noun)} at {at} has the code {code!r} too; give each its own."
        if shape is not PlanShape:
            yield from self.enter(item, shape, path)

    def _leave_unread(self, shape: type[Shape]) -> None:
        self.unread.add(noun_of(shape))
        for child in _coded(shape).values():
            self._leave_unread(child)

    def seek(self, noun: str, code: str) -> str | None:
        """Why no record of that kind has the code; None where one has, or may have."""
        layers = (self, self.outer) if self.outer else (self,)
        codes = [known for layer in layers for known in layer.taken.get(noun, {})]
        if code in codes or any(noun in layer.unread for layer in layers):
            return None
        near = get_close_matches(code, codes, n=1, cutoff=0.5)  # Codes are short: one letter may be half.
        mend = f"did you mean {near[0]!r}?" if near else "name one that stands in the pack, or add it."
        return f"No {in_words(noun)} has the code {code!r}; {mend}"


def _look_through(content: Content, path: Path, register: _Register) -> Iterator[Trouble]:
    if isinstance(content, dict):
        yield from _dead_references(content, path, register)
        yield from _broken_dates(content, path)
        yield from _missing_value(content, path)
    for key, value in _parts(content):
        yield from _look_through(value, (*path, key), register)


def _parts(content: Content) -> Iterator[tuple[str | int, Content]]:
    if isinstance(content, dict):
        yield from content.items()
    elif isinstance(content, list):
        yield from enumerate(content)


def _dead_references(record: Mapping[str, Content], path: Path, register: _Register) -> Iterator[Trouble]:
    for key in record.keys() & {*REFERS_TO, "on"}:
        value = record[key]
        listed = [((*path, key, index), code) for index, code in enumerate(value)] if isinstance(value, list) else []
        for place, code in listed or [((*path, key), value)]:
            if isinstance(code, str):
                reason = register.seek(REFERS_TO[key], code) if key != "on" else _dead_flag(code, register)
                yield from [(place, reason)] if reason else []


def _dead_flag(written: str, register: _Register) -> str | None:
    noun, colon, code = written.partition(":")
    if colon and noun in FLAGGED:
        return register.seek(noun, code)
    return f"{written!r} must be a noun, a colon and a code, such as action:L1-A1; the nouns are {', '.join(FLAGGED)}."


def _broken_dates(record: Mapping[str, Content], path: Path) -> Iterator[Trouble]:
    for key in record.keys() & {*(key for span in SPANS for key in span), "joinedOn"}:
        day = record[key]
        # In quotes, pydantic would take a bare number for seconds since 1970.
        if isinstance(day, str) and re.fullmatch(r"[-+]?[\d.]+", day):
            yield (*path, key), f"{key!r} must be a date such as 2017-09-01, not {day!r}."
    for first, last in SPANS:
        start, end = str(record.get(first)), str(record.get(last))
        if DAY.fullmatch(start) and DAY.fullmatch(end) and start > end:
            yield (*path, last), f"{last!r} is {end}, before {first!r}, {start}; put the two in order."


def _missing_value(record: Mapping[str, Content], path: Path) -> Iterator[Trouble]:
    if "numeric" in (record.get("kind"), record.get("measured")) and record.get("value") is None:
        yield (*path, "value"), "A numeric measure needs its 'value'; add the number, or call the measure qualitative."
