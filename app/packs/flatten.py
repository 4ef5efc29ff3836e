"""A pack as a list of records in the order they depend on one another, each with its steady id and its place in the file."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.domain import ids
from app.domain.actions import ActionStep
from app.domain.categorisation import CategorySuggestion
from app.domain.check_waivers import CheckWaiver
from app.domain.entity import Entity
from app.domain.frameworks import Framework
from app.domain.model import metadata
from app.domain.plans import Plan
from app.domain.support import SupportAllocation
from app.domain.trusts import Trust
from app.packs.format import Pack
from app.packs.layout import (
    ROLES,
    SCOPES,
    Reference,
    below,
    by_kind,
    by_noun,
    column_under,
    is_coded,
    joined,
    names_framework,
    references,
    scope_of,
)
from app.packs.plan_shapes import MilestoneShape, PlanShape, ResponsibilityShape
from app.packs.shapes import OddityShape, RecordShape, Shape, Sourced


@dataclass(frozen=True)
class Item:
    """One record of a pack: where it stands, its key among its kind, and the columns the pack gives it.

    `state` names the columns that count only while the record is new: afterwards the service knows better.
    """

    path: str
    kind: type[Entity]
    id: UUID
    key: str
    values: dict[str, Any]
    due: str | None = None
    state: frozenset[str] = frozenset()

    @property
    def plan_id(self) -> UUID | None:
        return self.values.get("plan_id")


@dataclass(frozen=True)
class _Place:
    """The record that others stand under; `scopes` are the plan or framework around it, by column."""

    made_of: RecordShape
    id: UUID
    key: str
    values: dict[str, Any]
    scopes: dict[str, tuple[UUID, str]] = field(default_factory=dict)
    plan: PlanShape | None = None


@dataclass(frozen=True)
class Flattener:
    """Walks a pack. A record's id follows from its key: "poap/L1-A1" among the actions."""

    trust_id: UUID

    def id(self, kind: type[Entity], key: str) -> UUID:
        return ids.named_id(self.trust_id, kind.noun(), key)

    def pack(self, pack: Pack) -> list[Item]:
        order = {table.name: place for place, table in enumerate(metadata.sorted_tables)}
        items = [self._trust(pack), *self._below(pack, "", None)]
        return sorted(items, key=lambda item: order[item.kind.noun()])

    def _trust(self, pack: Pack) -> Item:
        values = _plain(pack.trust) | _source(pack.trust)
        return Item("/trust", Trust, self.trust_id, pack.trust.code, values)

    def _below(self, made_of: Shape, path: str, above: _Place | None) -> Iterator[Item]:
        for name in below(type(made_of)):
            alias = type(made_of).model_fields[name].alias
            for place, child in enumerate(getattr(made_of, name)):
                at = f"{path}/{alias}/{place}"
                if isinstance(child, ResponsibilityShape):
                    assert above is not None
                    yield self._responsibility(child, at, above, ROLES[name], place)
                else:
                    yield from self._record(child, at, above, place)

    def _record(self, made_of: RecordShape, path: str, above: _Place | None, place: int) -> Iterator[Item]:
        kind = type(made_of).KIND
        key = self._key(made_of, above, place)
        record_id = self.id(kind, key)
        scopes = self._scopes(made_of, above)
        values = _plain(made_of) | _source(made_of)
        values |= {ref.column: self._named(ref, getattr(made_of, name), scopes) for name, ref in _named(made_of)}
        for name, (column, listed) in made_of.CODES.items():
            of = Reference(column, listed)
            values[column] = [self._named(of, code, scopes) for code in getattr(made_of, name)]
        if (scope := scope_of(kind)) and scope in scopes:
            values[scope] = scopes[scope][0]
        if above is not None and "academy_id" in kind.model_fields:
            values.setdefault("academy_id", above.values.get("academy_id"))
        if kind is CheckWaiver:
            values["subject_id"] = self.subject(getattr(made_of, "subject"), scopes)  # noqa: B009  a member of one shape
        if above is not None and type(above.made_of).KIND not in SCOPES.values():
            taken = frozenset(ref.column for ref in references(type(made_of)).values())
            values[column_under(kind, type(above.made_of).KIND, taken)] = above.id
        if "no" in kind.model_fields and values.get("no") is None:
            values["no"] = place + 1
        opened = next((column for column, scope_kind in SCOPES.items() if scope_kind is kind), None)
        around = {**scopes, opened: (record_id, key)} if opened else scopes
        plan = made_of if isinstance(made_of, PlanShape) else above.plan if above else None
        here = _Place(made_of, record_id, key, values, around, plan)
        yield Item(path, kind, record_id, key, values, due=_due(made_of, plan), state=made_of.STATE)
        yield from self._links(made_of, path, here)
        yield from self._below(made_of, path, here)

    def _key(self, made_of: RecordShape, above: _Place | None, place: int) -> str:
        scope = scope_of(type(made_of).KIND)
        if is_coded(type(made_of)):
            around = f"{above.scopes[scope][1]}/" if scope and above else ""
            return f"{around}{made_of.own_key()}"
        own = made_of.own_key() if made_of.KEY else str(place + 1)
        return own if above is None else f"{above.key}/{own}"

    def _scopes(self, made_of: RecordShape, above: _Place | None) -> dict[str, tuple[UUID, str]]:
        """The plan or framework around it; a record outside frameworks names its own."""
        around = above.scopes if above else {}
        if type(made_of).KIND is SupportAllocation and (plan := getattr(made_of, "plan")):  # noqa: B009  of one shape
            around = {**around, "plan_id": (self.id(Plan, plan), plan)}
        if not names_framework(type(made_of)) or (code := getattr(made_of, "framework")) is None:  # noqa: B009  likewise
            return around
        key = f"{code}/{getattr(made_of, 'edition')}"  # noqa: B009  likewise
        return {**around, "framework_id": (self.id(Framework, key), key)}

    def subject(self, noun_and_code: str, scopes: dict[str, tuple[UUID, str]]) -> UUID:
        """The record written `noun:code`, of the plan around it or of the trust."""
        noun, _, code = noun_and_code.partition(":")
        kind = by_noun()[noun].KIND
        scope = scope_of(kind)
        return self.id(kind, f"{scopes[scope][1]}/{code}" if scope else code)

    def _named(self, reference: Reference, code: str | None, scopes: dict[str, tuple[UUID, str]]) -> UUID | None:
        if code is None:
            return None
        if reference.kind is Framework:
            return scopes["framework_id"][0]
        if not is_coded(by_kind()[reference.kind]):
            return self.id(reference.kind, code)
        scope = scope_of(reference.kind)
        return self.id(reference.kind, f"{scopes[scope][1]}/{code}" if scope else code)

    def _links(self, made_of: RecordShape, path: str, here: _Place) -> Iterator[Item]:
        for name, kind in made_of.LINKS.items():
            other = joined(kind, type(made_of).KIND)
            for place, code in enumerate(getattr(made_of, name)):
                key = f"{here.key}/{code}"
                values = {
                    **{scope: here.scopes[scope][0] for scope in SCOPES if scope in kind.model_fields},
                    column_under(kind, type(made_of).KIND): here.id,
                    other.column: self._named(other, code, here.scopes),
                }
                yield Item(f"{path}/{name}/{place}", kind, self.id(kind, key), key, values)

    def _responsibility(self, one: ResponsibilityShape, path: str, above: _Place, role: str, place: int) -> Item:
        """The printed form is part of the key: one code may stand twice, spelt differently."""
        kind, of_step = ResponsibilityShape.KIND, type(above.made_of).KIND is ActionStep
        key = f"{'step' if of_step else 'action'}/{above.key}/{role}/{one.person}/{one.printed}"
        person = references(ResponsibilityShape)["person"]
        values = {
            "plan_id": above.scopes["plan_id"][0],
            "action_id": above.values["action_id"] if of_step else above.id,
            "step_id": above.id if of_step else None,
            "person_id": self._named(person, one.person, {}),
            "role": role,
            "no": one.no or place + 1,
            "printed": one.printed,
        }
        return Item(path, kind, self.id(kind, key), key, values)


def oddities(pack: Pack) -> Iterator[tuple[str, str, OddityShape, type[Entity] | None]]:
    """Every declared oddity: its place in the file, the key of its plan or framework, itself, and which of the two it is."""
    for place, oddity in enumerate(pack.oddities):
        yield f"/oddities/{place}", "", oddity, None
    for name in ("frameworks", "plans"):
        for at, scope in enumerate(getattr(pack, name)):
            for place, oddity in enumerate(scope.oddities):
                yield f"/{name}/{at}/oddities/{place}", scope.own_key(), oddity, scope.KIND


def _plain(made_of: RecordShape) -> dict[str, Any]:
    """The columns that shape and record share by name. A state that is not told keeps the record's own beginning."""
    kind, shape = type(made_of).KIND, type(made_of)
    names = (name for name in shape.model_fields if name in kind.model_fields and name not in below(shape))
    values = {name: getattr(made_of, name) for name in names}
    if kind is CategorySuggestion:
        values["explanation"] = json.loads(values["explanation"])
    return {name: value for name, value in values.items() if not (name in made_of.STATE and value is None)}


def _named(made_of: RecordShape) -> Iterator[tuple[str, Reference]]:
    yield from references(type(made_of)).items()


def _source(made_of: RecordShape) -> dict[str, Any]:
    source = made_of.source if isinstance(made_of, Sourced) else None
    return {} if source is None else {"source_document": source.document, "source_line": source.line}


def _due(made_of: RecordShape, plan: PlanShape | None) -> str | None:
    """The record's own date; a milestone without one has its window's."""
    due: str | None = getattr(made_of, "due", None)
    if due is None and isinstance(made_of, MilestoneShape) and made_of.window and plan:
        return next((window.due for window in plan.windows if window.code == made_of.window), None)
    return due
