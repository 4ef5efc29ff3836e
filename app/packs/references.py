"""What the records of a pack say of one another: codes that clash or lead nowhere.

It looks at content as the files give it, whether or not that fits the format, so that one reading tells these faults
together with those of shape. A kind with a record that cannot be read is left alone: whether a code of that kind
exists stays unsaid, for the unread record may be the one that is meant.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from app.domain.check_waivers import CheckWaiver
from app.domain.entity import Entity
from app.domain.objectives import Objective
from app.domain.support import SupportAllocation
from app.packs.format import Pack
from app.packs.framework_shapes import FrameworkShape
from app.packs.layout import (
    below,
    by_kind,
    by_noun,
    is_coded,
    joined,
    named_by_key,
    names_framework,
    nested_shape,
    noun_of,
    references,
)
from app.packs.plan_shapes import PlanShape
from app.packs.shapes import RecordShape, Shape
from app.packs.sheets import pointer

if TYPE_CHECKING:
    from decimal import Decimal

Content: TypeAlias = "dict[str, Content] | list[Content] | str | int | bool | Decimal | None"
Path: TypeAlias = tuple[str | int, ...]
Trouble: TypeAlias = tuple[Path, str]

SCOPES = (PlanShape, FrameworkShape)


def find_dead_references(
    content: Mapping[str, Content], *, lost: Collection[str] = (), whole: bool = True
) -> Iterator[Trouble]:
    """Every code that is taken twice or leads nowhere, with the path of the key at fault.

    `lost` are the paths of what could not be read; `whole` is false where that is a file. Any file may hold the trust's
    own records; those of a plan or framework stand in one.
    """
    trust = _Register(lost=frozenset(lost))
    if not whole:
        trust.leave_all_unread(Pack)
    yield from trust.enter(content, Pack, ())
    for _, framework in parts(content.get("frameworks")):
        trust.open(framework)
    for _, plan in parts(content.get("plans")):
        trust.plans[str(plan.get("code"))] = plan
    yield from _dead_codes(content, Pack, (), trust)


@cache
def fields_of(shape: type[Shape]) -> dict[str, type[Shape] | None]:
    """Every key such a record may have, as the file spells it, with the shape of what stands under it."""
    return {str(entry.alias): nested_shape(entry.annotation) for entry in shape.model_fields.values()}


def in_words(noun: str) -> str:
    return re.sub(r"(?=[A-Z])", " ", noun).lower()


@cache
def names_in(shape: type[RecordShape]) -> dict[str, type[Entity]]:
    """The keys of such a record that give the code of another, or a list of codes, and the kind they are of."""
    kinds = {name: reference.kind for name, reference in references(shape).items()}
    kinds |= {name: joined(link, shape.KIND).kind for name, link in shape.LINKS.items()}
    kinds |= {name: kind for name, (_, kind) in shape.CODES.items()}
    return {str(shape.model_fields[name].alias): kind for name, kind in kinds.items()}


@cache
def records_in(shape: type[Shape]) -> dict[str, type[RecordShape]]:
    """The lists of records in such a record, by key. The codes of oddities name a fault and so are none."""
    return {str(shape.model_fields[name].alias): child for name, child in below(shape).items()}


@cache
def key_in(shape: type[RecordShape]) -> Mapping[str, object]:
    """The members that tell such a record from its neighbours, as the file spells them, each with what it is if left out."""
    fields = (shape.model_fields[name] for name in shape.KEY)
    return {str(field.alias): None if field.is_required() else field.default for field in fields}


@cache
def required_in(shape: type[Shape]) -> frozenset[str]:
    """The keys that such a record must have."""
    return frozenset(str(entry.alias) for entry in shape.model_fields.values() if entry.is_required())


def parts(listed: Content) -> Iterator[tuple[int, dict[str, Content]]]:
    """The records of a list that can be read as such."""
    if isinstance(listed, list):
        yield from ((place, item) for place, item in enumerate(listed) if isinstance(item, dict))


@dataclass
class _Register:
    """The codes of one plan or framework, or of the trust outside them, each with the path of the record that has it."""

    outer: "_Register | None" = None
    taken: dict[str, dict[str, Path]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    lost: frozenset[str] = frozenset()
    editions: dict[tuple[str, object], "_Register"] = field(default_factory=dict)
    plans: dict[str, Mapping[str, Content]] = field(default_factory=dict)

    def of_plan(self, record: Mapping[str, Content]) -> "_Register":
        """Where the codes are that such a record may name: in the plan it names too."""
        plan = _Register(outer=self, lost=self.lost)
        if (told := self.plans.get(str(record.get("plan")))) is None:
            plan.leave_all_unread(PlanShape)
        else:
            for _ in plan.enter(told, PlanShape, ()):
                pass  # It is told where the plan itself is looked at.
        return plan

    def open(self, framework: Mapping[str, Content]) -> None:
        """Let records outside frameworks look up what stands in this edition."""
        edition = _Register(outer=self, lost=self.lost)
        for _ in edition.enter(framework, FrameworkShape, ()):
            pass  # It is told where the framework itself is looked at.
        self.editions[str(framework.get("code")), framework.get("edition", 1)] = edition

    def of_edition(self, record: Mapping[str, Content]) -> "_Register":
        """Where the codes are that such a record may name: in the edition it names too."""
        named = record.get("framework"), record.get("edition", 1)
        if named[0] is None:
            return self
        if (edition := self.editions.get((str(named[0]), named[1]))) is not None:
            return edition
        unknown = _Register(outer=self, lost=self.lost)
        unknown.leave_all_unread(FrameworkShape)
        return unknown

    def is_lost(self, *path: str | int) -> bool:
        return bool(self.lost) and pointer(path) in self.lost

    def enter(self, record: Mapping[str, Content], shape: type[Shape], path: Path) -> Iterator[Trouble]:
        if self.is_lost(*path):
            self.leave_all_unread(shape)
        unknown = record.keys() - fields_of(shape).keys()
        for key, child in records_in(shape).items():
            listed = record.get(key)
            if self.is_lost(*path, key):
                self._leave_unread(child)
            if isinstance(listed, list):
                for index, item in enumerate(listed):
                    above = [record["code"]] if "code" in record else []
                    yield from self._enter_one(item, child, (*path, key, index), above)
            elif key in record or key in required_in(shape) or get_close_matches(key, unknown):
                self._leave_unread(child)

    def _enter_one(
        self, item: Content, shape: type[RecordShape], path: Path, above: list[Content]
    ) -> Iterator[Trouble]:
        if not isinstance(item, dict) or self.is_lost(*path):
            self._leave_unread(shape)
            return
        if is_coded(shape):
            yield from self._enter_code(item, shape, path)
        if shape in named_by_key():
            told = [item.get(key, default) for key, default in key_in(shape).items()]
            self.taken.setdefault(noun_of(shape), {})["/".join(map(str, [*above, *told]))] = path
        if shape not in SCOPES:
            yield from self.enter(item, shape, path)

    def _enter_code(self, item: Mapping[str, Content], shape: type[RecordShape], path: Path) -> Iterator[Trouble]:
        noun, code = noun_of(shape), item.get("code")
        if not isinstance(code, str) or self.is_lost(*path, "code"):
            self.unread.add(noun)
            return
        edition = f" {item.get('edition', 1)}" if shape is FrameworkShape else ""
        if (first := self.taken.setdefault(noun, {}).setdefault(code + edition, path)) != path:
            at = "/".join(map(str, ("", *first)))
            yield (*path, "code"), f"The {in_words(noun)} at {at} has the code {code!r} too; give each its own."

    def _leave_unread(self, shape: type[RecordShape]) -> None:
        self.unread.add(noun_of(shape))
        if shape not in SCOPES:
            self.leave_all_unread(shape)

    def leave_all_unread(self, shape: type[Shape]) -> None:
        """Whatever may stand in such a record, save in its plans and frameworks: what those hold is theirs alone."""
        for child in records_in(shape).values():
            self._leave_unread(child)

    def layers(self) -> Iterator["_Register"]:
        yield self
        if self.outer is not None:
            yield from self.outer.layers()

    def seek(self, noun: str, code: str) -> str | None:
        """Why no record of that kind has the code; None where one has, or may have."""
        layers = tuple(self.layers())
        codes = [known for layer in layers for known in layer.taken.get(noun, {})]
        if noun == "framework":
            codes = [known.rpartition(" ")[0] for known in codes]
        if code in codes or any(noun in layer.unread for layer in layers):
            return None
        near = get_close_matches(code, codes, n=1, cutoff=0.5)  # Codes are short: one letter may be half.
        mend = f"did you mean {near[0]!r}?" if near else "name one that stands in the pack, or add it."
        return f"No {in_words(noun)} has the code {code!r}; {mend}"


def _dead_codes(
    record: Mapping[str, Content], shape: type[Shape], path: Path, register: _Register
) -> Iterator[Trouble]:
    if shape in SCOPES:
        register = _Register(outer=register, lost=register.lost)
        yield from register.enter(record, shape, path)
    root = register
    if issubclass(shape, RecordShape):
        if names_framework(shape):
            yield from _dead_edition(record, path, register)
            register = register.of_edition(record)
        if shape.KIND is CheckWaiver and isinstance(subject := record.get("subject"), str):
            reason = _dead_flag(subject, register)
            yield from [((*path, "subject"), reason)] if reason else []
        if shape.KIND is SupportAllocation and isinstance(plan := record.get("plan"), str):
            reason = register.seek("plan", plan)
            yield from [((*path, "plan"), reason)] if reason else []
        for key, kind in names_in(shape).items():
            for place, code in _codes((*path, key), record.get(key)):
                where = root.of_plan(record) if shape.KIND is SupportAllocation and kind is Objective else register
                reason = None if register.is_lost(*path, key) else where.seek(noun_of(by_kind()[kind]), code)
                yield from [(place, reason)] if reason else []
    for index, oddity in parts(record.get("oddities")):
        for place, written in _codes((*path, "oddities", index, "on"), oddity.get("on")):
            reason = _dead_flag(written, register)
            yield from [(place, reason)] if reason else []
    for key, child in records_in(shape).items():
        for index, item in parts(record.get(key)):
            yield from _dead_codes(item, child, (*path, key, index), register)


def _dead_edition(record: Mapping[str, Content], path: Path, register: _Register) -> Iterator[Trouble]:
    code, edition = record.get("framework"), record.get("edition", 1)
    known = [no for named, no in register.editions if named == code]
    if known and isinstance(edition, int) and edition not in known and "framework" not in register.unread:
        there = ", ".join(map(str, known))
        yield (*path, "edition"), f"{code!r} has no edition {edition}; name one that stands in the pack: {there}."


def _codes(path: Path, value: Content) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        yield from (((*path, index), code) for index, code in enumerate(value) if isinstance(code, str))


def _dead_flag(written: str, register: _Register) -> str | None:
    noun, colon, code = written.partition(":")
    if colon and noun in by_noun():
        return register.seek(noun, code)
    nouns = ", ".join(sorted(by_noun()))
    return f"{written!r} must be a noun, a colon and a code, such as action:L1-A1; the nouns are {nouns}."
