"""The flags of a pack: faults the service finds by rule, and those the pack itself declares."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final
from uuid import UUID

from app.domain import ids
from app.domain.dates import Due
from app.domain.entity import Entity
from app.domain.flags import DataQualityFlag
from app.domain.frameworks import Framework
from app.domain.indicators import Band, Indicator
from app.domain.interval_sets import Finding, IntervalSet, indicator_set, measure_sets
from app.domain.stages import IndicativeMeasure, MaturityStage
from app.packs.flatten import Flattener, Item, oddities
from app.packs.format import Pack
from app.packs.layout import SCOPES, by_noun, scope_of
from app.packs.shapes import OddityShape
from app.packs.unclear import Found, found_in, repeated_in

TREATMENT: Final = " Treatment: "
"""What stands between a rule's own sentence and what the pack's list of oddities says of it."""


@dataclass(frozen=True)
class _Claims:
    """Which oddity a find belongs to: one that names the record, or one that names none, of the find's own scope first.

    Of several that name the record, the one that names the find's own field and text; else the last that names neither.
    """

    on: Mapping[tuple[str, UUID], Sequence[OddityShape]]
    all: Mapping[tuple[str, UUID | None], OddityShape]

    def on_record(self, found: Found, item: Item, scope: UUID | None) -> OddityShape | None:
        here = {(one.field, one.raw): one for one in self.on.get((found.code, item.id), ())}
        named = here.get((found.field, found.raw)) or here.get((None, None)) or self.all.get((found.code, scope))
        if named is not None or scope is not None:
            return named
        everywhere = {oddity.ref: oddity for (code, _), oddity in self.all.items() if code == found.code}
        return next(iter(everywhere.values())) if len(everywhere) == 1 else None


def flags(pack: Pack, items: Sequence[Item], dues: Mapping[UUID, Due]) -> list[Item]:
    """Every flag of a pack, as records to be loaded like any other."""
    whole = Flattener(ids.trust_id(pack.trust.code))
    claims = _claims(whole, pack)
    made = []
    for item, found in chain(found_in(items, dues), repeated_in(items), intervals_in(items)):
        scopes = _scopes(item)
        scope = next(iter(scopes.values()), None)
        oddity = claims.on_record(found, item, scope)
        made.append(_flag(whole, item.path, item.kind, item.id, scopes, found, oddity))
    declared = list(_declared(whole, pack))
    said = {flag.id for flag in declared}  # What the pack says of a field stands for what a rule would say of it.
    return [*(flag for flag in made if flag.id not in said), *declared]


def intervals_in(items: Sequence[Item]) -> Iterator[tuple[Item, Found]]:
    """Gaps and overlaps of every interval set, kept as printed and told."""
    by_id = {item.id: item for item in items}
    for interval_set in _interval_sets(items):
        for finding in interval_set.findings():
            yield by_id[interval_set.record_id], _as_found(finding)


def _interval_sets(items: Sequence[Item]) -> Iterator[IntervalSet]:
    """The sets, made of records that are built for this question alone and never kept."""
    built: dict[type[Entity], list[Any]] = defaultdict(list)
    for item in items:
        if item.kind in (Framework, MaturityStage, IndicativeMeasure, Indicator, Band):
            columns = {name: value for name, value in item.values.items() if name in item.kind.model_fields}
            built[item.kind].append(item.kind(**{**columns, "id": item.id}))
    for framework in built[Framework]:
        stages = [stage for stage in built[MaturityStage] if stage.framework_id == framework.id]
        yield from measure_sets(framework.id, stages, built[IndicativeMeasure])
    for indicator in built[Indicator]:
        yield indicator_set(indicator, [band for band in built[Band] if band.indicator_id == indicator.id])


def _as_found(finding: Finding) -> Found:
    return Found(finding.code, finding.sentence, finding.field, str(finding.range))


def _claims(whole: Flattener, pack: Pack) -> _Claims:
    on: dict[tuple[str, UUID], list[OddityShape]] = defaultdict(list)
    everything: dict[tuple[str, UUID | None], OddityShape] = {}
    for _, scope, oddity, owner in oddities(pack):
        scope_id = None if owner is None else whole.id(owner, scope)
        for code in (*([oddity.code] if oddity.by_rule else []), *oddity.also):
            for noun_and_code in oddity.on if oddity.by_rule else ():
                on[code, _named(whole, noun_and_code, scope)[1]].append(oddity)
            if not (oddity.by_rule and oddity.on):
                everything[code, scope_id] = oddity
    return _Claims(on, everything)


def _declared(whole: Flattener, pack: Pack) -> Iterator[Item]:
    for path, scope, oddity, owner in oddities(pack):
        if oddity.by_rule:
            continue
        scopes = {} if owner is None else {f"{owner.noun()}_id": whole.id(owner, scope)}
        for noun_and_code in oddity.on:
            kind, record_id = _named(whole, noun_and_code, scope)
            found = Found(oddity.code, oddity.label, oddity.field, oddity.raw)
            yield _flag(whole, path, kind, record_id, scopes, found, oddity)


def _named(whole: Flattener, noun_and_code: str, scope: str) -> tuple[type[Entity], UUID]:
    noun, _, code = noun_and_code.partition(":")
    kind = by_noun()[noun].KIND
    if kind is Framework:
        return kind, whole.id(kind, scope)
    return kind, whole.id(kind, f"{scope}/{code}" if scope_of(kind) else code)


def _scopes(item: Item) -> dict[str, UUID]:
    if item.kind in SCOPES.values():
        return {f"{item.kind.noun()}_id": item.id}
    return {name: item.values[name] for name in SCOPES if item.values.get(name)}


def _flag(
    whole: Flattener,
    path: str,
    kind: type[Entity],
    record_id: UUID,
    scopes: Mapping[str, UUID],
    found: Found,
    oddity: OddityShape | None,
) -> Item:
    ref = oddity.ref if oddity else None
    values: dict[str, Any] = {"on_noun": kind.noun(), "record_id": record_id, "code": found.code, **scopes}
    treatment = f"{TREATMENT}{oddity.label}." if oddity and oddity.label not in found.detail else ""
    values |= {"detail": f"{found.detail}{treatment}", "field": found.field, "raw": found.raw, "reference": ref}
    if oddity and oddity.resolution:
        values["resolution"] = oddity.resolution
    key = f"{found.code}/{kind.noun()}/{record_id}/{found.field}/{ref}"
    if found.code.startswith(("interval_", "measure_")):
        key += f"/{found.raw}"
    return Item(path, DataQualityFlag, whole.id(DataQualityFlag, key), key, values)
