"""The rows of a trust written down as a pack, by the layout of its shapes."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any, Final
from uuid import UUID

from app.domain.categorisation import CategorySuggestion
from app.domain.check_waivers import CheckWaiver
from app.domain.entity import AcademyRecord, Entity
from app.domain.flags import DataQualityFlag
from app.domain.framework_vocabulary import FrameworkStatus
from app.domain.frameworks import Framework
from app.domain.readings import Reading, ReadingBatch
from app.domain.support import SupportAllocation
from app.domain.trusts import Trust
from app.packs.exported_oddities import Raised, Written, natural, oddities_of
from app.packs.flatten import Flattener
from app.packs.format import Pack
from app.packs.layout import (
    ROLES,
    SCOPES,
    below,
    by_kind,
    column_under,
    is_coded,
    joined,
    named_by_key,
    noun_of,
    places,
    references,
    scope_of,
)
from app.packs.organisation_shapes import TrustShape
from app.packs.plan_shapes import MilestoneShape, ResponsibilityShape
from app.packs.shapes import RecordShape, Shape

_NAMED: Final = 5  # the version of the ids that follow from a pack
_MOST_GONE: Final = 100  # records at one place that were withdrawn since a pack brought them


@cache
def _columns_above(shape: type[RecordShape]) -> Mapping[type[Entity], str]:
    """The column by which such a record points at each kind of record it may stand under; plans and frameworks apart."""
    taken = frozenset(reference.column for reference in references(shape).values())
    parents = [parent.KIND for parent in places()[shape] if issubclass(parent, RecordShape)]
    return {kind: column_under(shape.KIND, kind, taken) for kind in parents if kind not in SCOPES.values()}


class Exporter:
    """Writes the rows down, and keeps which it has written and how many of what kind it leaves out."""

    kinds: Final = frozenset({*by_kind(), *(link for shape in by_kind().values() for link in shape.LINKS.values())})

    def __init__(self, rows: Mapping[type[Entity], list[Any]]) -> None:
        self.rows = rows
        self.written: set[UUID] = set()
        self.left: Counter[str] = Counter()
        coded = [row for kind, some in rows.items() if "code" in kind.model_fields for row in some]
        self.codes: dict[UUID, str] = {row.id: row.code for row in coded}
        self.by_id: dict[UUID, Any] = {row.id: row for row in coded}
        self.nths: dict[UUID, int] = {}
        self._below: dict[tuple[type[Entity], str, UUID], list[Any]] = defaultdict(list)
        for kind, some in rows.items():
            for column in (name for name in kind.model_fields if name.endswith("_id") and name != "trust_id"):
                for row in some:
                    if (above := getattr(row, column)) is not None:
                        self._below[kind, column, above].append(row)

    def pack(self) -> Written:
        (trust,) = self.rows[Trust]
        for shape in (one for one in places() if one in named_by_key()):
            if "nth" in shape.KEY:
                self.count(shape, "", filter(partial(self.is_placed, shape), self.rows[shape.KIND]))
            self.name_by_key(shape)
        return {"format": 1, "trust": self.record(TrustShape, trust, 0), **self.lists(Pack, None)}

    def lists(self, shape: type[Shape], above: Any) -> Written:
        made: Written = {}
        for name, child in below(shape).items():
            rows = self.rows_under(child, above, ROLES.get(name))
            if rows:
                made[_alias(shape, name)] = [self.record(child, row, place) for place, row in enumerate(rows)]
        return made

    def rows_under(self, shape: type[RecordShape], above: Any, role: str | None) -> list[Any]:
        kind = shape.KIND
        if shape is ResponsibilityShape:
            found = self._below[kind, f"{'step' if 'step' in above.noun() else 'action'}_id", above.id]
            of_step = above.noun() == "action_step"
            found = [row for row in found if row.role == role and (row.step_id is not None) == of_step]
        elif above is None:
            found = [row for row in self.rows[kind] if self.is_placed(shape, row)]
        elif type(above) in SCOPES.values():
            nested = _columns_above(shape).values()
            of_scope = self._below[kind, f"{above.noun()}_id", above.id]
            found = [row for row in of_scope if all(getattr(row, column) is None for column in nested)]
        else:
            found = self._below[kind, _columns_above(shape)[type(above)], above.id]
        found = [row for row in found if self.is_sayable(row)]
        if "nth" in shape.KEY:
            self.count(shape, f"{self.own_key(by_kind()[type(above)], above)}/" if above else "", found)
        places = self.places(shape, above, found)
        return sorted(found, key=lambda row: (places.get(row.id, len(found) + _MOST_GONE), *self.order(shape, row)))

    def is_placed(self, shape: type[RecordShape], row: Any) -> bool:
        """Whether all that a record of an academy has to name is in use."""
        needed = (ref.column for name, ref in references(shape).items() if shape.model_fields[name].is_required())
        return not issubclass(shape.KIND, AcademyRecord) or all(getattr(row, one) in self.codes for one in needed)

    def name_by_key(self, shape: type[RecordShape]) -> None:
        """Let others refer to such records, which have no code, by their key."""
        (parent,) = places()[shape]
        for row in self.rows[shape.KIND]:
            if issubclass(parent, RecordShape):
                above = self.codes.get(getattr(row, _columns_above(shape)[parent.KIND]))
                if above is not None:
                    self.codes[row.id] = f"{above}/{self.own_key(shape, row)}"
            elif self.is_placed(shape, row):
                self.codes[row.id] = self.own_key(shape, row)

    def own_key(self, shape: type[RecordShape], row: Any) -> str:
        """As the shape tells it."""
        return "/".join(str(self.value(shape, name, row)) for name in shape.KEY)

    def count(self, shape: type[RecordShape], above: str, rows: Iterable[Any]) -> None:
        """Which of those that are else alike each is: what a pack brought keeps its place, the others follow as they came."""
        alike: dict[str, list[Any]] = defaultdict(list)
        for row in sorted(rows, key=lambda one: str(one.id)):
            alike["/".join(str(self.value(shape, name, row)) for name in shape.KEY[:-1])].append(row)
        for key, some in alike.items():
            trust = Flattener(some[0].trust_id)
            named = {trust.id(shape.KIND, f"{above}{key}/{no}"): no for no in range(1, len(some) + _MOST_GONE)}
            taken = {named[row.id]: row.id for row in some if row.id in named}
            free = (no for no in range(1, 2 * len(some) + 1) if no not in taken)
            self.nths |= {row.id: named.get(row.id) or next(free) for row in some}

    def is_sayable(self, row: Any) -> bool:
        """Whether a pack has words for it: readings of what is in use, waivers of findings on what has a code."""
        if isinstance(row, ReadingBatch):
            return any(map(self.is_sayable, self._below[Reading, "batch_id", row.id]))
        if isinstance(row, Reading):
            return all(one is None or one in self.codes for one in (row.metric_id, row.academy_id, row.group_id))
        return not isinstance(row, CheckWaiver) or self.subject(row) is not None

    def order(self, shape: type[RecordShape], row: Any) -> tuple[int, list[Any], str]:
        """As printed; what is printed alike as people count; what has no name as it came."""
        if isinstance(row, ReadingBatch):
            return (0, [], str(min(one.id for one in self._below[Reading, "batch_id", row.id])))
        told = [self.value(shape, name, row) for name in _names(shape)]
        return (getattr(row, "no", None) or 0, [natural(str(one)) for one in told], str(row.id))

    def places(self, shape: type[RecordShape], above: Any, rows: Sequence[Any]) -> Mapping[UUID, int]:
        """The places that records without a name had in the pack that brought them."""
        brought = sum(row.id.version == _NAMED for row in rows)
        if not brought or _names(shape):
            return {}
        whole, key = Flattener(above.trust_id), self.key(above)
        return {whole.id(shape.KIND, f"{key}/{place}"): place for place in range(1, brought + _MOST_GONE)}

    def record(self, shape: type[RecordShape], row: Any, place: int) -> Written:
        """What differs from what the shape says of itself; the place in the list stands for the number."""
        self.written.add(row.id)
        written: Written = {}
        for name, field in shape.model_fields.items():
            value = self.value(shape, name, row)
            if name == "no" and not field.is_required() and field.default is None and value == place + 1:
                continue
            if field.is_required() or (value not in (None, []) and value != field.default):
                written[_alias(shape, name)] = value
        return written | self.lists(shape, row)

    def value(self, shape: type[RecordShape], name: str, row: Any) -> Any:
        if name in references(shape):
            return self.reference(getattr(row, f"{name}_id"))
        if name in shape.LINKS:
            return self.links(shape, shape.LINKS[name], row)
        if name in shape.CODES:
            return [self.reference(one) for one in getattr(row, shape.CODES[name][0])]
        if (shape.KIND, name) in _READ_OTHERWISE:
            return _READ_OTHERWISE[shape.KIND, name](self, row)
        if name in shape.KIND.model_fields and name not in below(shape):
            return getattr(row, name)
        return self.told(shape, name, row)

    def told(self, shape: type[RecordShape], name: str, row: Any) -> Any:
        """What is no column under its own name."""
        match name:
            case "source":
                told = row.source_document and {"document": row.source_document, "line": row.source_line}
            case "nth":
                told = self.nths[row.id]
            case "edition":
                told = self.by_id[row.framework_id].edition if row.framework_id else 1
            case "due":
                told = self.due(shape, row)
            case _:
                told = None
        return told

    def reference(self, record_id: UUID | None) -> str | None:
        if record_id is not None and record_id not in self.codes:
            self.left["references to what is withdrawn"] += 1
        return None if record_id is None else self.codes.get(record_id)

    def subject(self, waiver: CheckWaiver) -> str | None:
        on = self.by_id.get(waiver.subject_id)
        if on is None or type(on) not in by_kind() or getattr(on, "plan_id", waiver.plan_id) != waiver.plan_id:
            return None
        return f"{noun_of(by_kind()[type(on)])}:{on.code}"

    def links(self, shape: type[RecordShape], link: type[Entity], row: Any) -> list[str]:
        other = joined(link, shape.KIND)
        links = self._below[link, column_under(link, shape.KIND), row.id]
        self.written |= {one.id for one in links}
        return sorted((self.codes[getattr(one, other.column)] for one in links), key=natural)

    def due(self, shape: type[RecordShape], row: Any) -> str | None:
        """A milestone's date is its window's unless it has its own."""
        window = self.by_id.get(row.window_id) if shape is MilestoneShape else None
        printed: str | None = row.due_printed
        return None if window is not None and window.due_printed == printed else printed

    def add_oddities(self, written: Written, whole: Pack) -> None:
        """List what was flagged where it belongs."""
        listed, left = oddities_of(self.flags(), whole)
        self.left.update(left)
        for scope_id, some in listed.items():
            self.part(written, scope_id)["oddities"] = some

    def part(self, written: Written, scope_id: UUID | None) -> Written:
        """The plan or framework with that id, or the pack itself."""
        if scope_id is None:
            return written
        scope = self.by_id[scope_id]
        edition = getattr(scope, "edition", None)
        listed: list[Written] = written["plans" if edition is None else "frameworks"]
        return next(one for one in listed if one["code"] == scope.code and edition in (None, one.get("edition", 1)))

    def flags(self) -> Iterator[Raised]:
        """The flags on records that the pack can name."""
        for flag in self.rows[DataQualityFlag]:
            on = self.by_id.get(flag.record_id)
            if on is None or on.id not in self.written or type(on) not in by_kind():
                self.left["flags on records that have no code of their own or are withdrawn"] += 1
            else:
                yield Raised(flag, on, self.key(on), self.scope(flag, on))

    def scope(self, flag: DataQualityFlag, on: Any) -> UUID | None:
        """The plan or framework whose oddities name the record: its own, or else the one it came to light in."""
        own = on.id if isinstance(on, Framework) else next((getattr(on, name) for name in _scope_columns(on)), None)
        return own or next((one for one in (flag.plan_id, flag.framework_id) if one in self.written), None)

    def key(self, row: Any) -> str:
        """The key the record will have when the pack is loaded."""
        for column in _scope_columns(row):
            return f"{self.key(self.by_id[getattr(row, column)])}/{row.code}"
        return f"{row.code}/{row.edition}" if isinstance(row, Framework) else str(row.code)


_READ_OTHERWISE: Final[Mapping[tuple[type[Entity], str], Callable[[Exporter, Any], Any]]] = {
    (Framework, "published"): lambda _, row: row.status is not FrameworkStatus.DRAFT,
    (CategorySuggestion, "explanation"): lambda _, row: json.dumps(row.explanation, ensure_ascii=False, sort_keys=True),
    (SupportAllocation, "plan"): lambda exporter, row: exporter.codes.get(row.plan_id),
    (CheckWaiver, "subject"): lambda exporter, row: exporter.subject(row),
}
"""What stands in a pack in another form than in its record."""


def _scope_columns(row: Entity) -> Iterable[str]:
    column = scope_of(type(row))
    return () if column is None else (column,)


def _alias(shape: type[Shape], name: str) -> str:
    return str(shape.model_fields[name].alias)


def _names(shape: type[RecordShape]) -> tuple[str, ...]:
    """The members that tell a record from its neighbours; none where its place does."""
    if shape is ResponsibilityShape:
        return ("person", "printed")
    return shape.KEY or (("code",) if is_coded(shape) else ())
