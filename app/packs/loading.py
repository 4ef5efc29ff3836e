"""Loading a pack: the same commands as every other door, in one transaction, and a second load changes nothing."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from app.commands import records
from app.commands.milestones import set_milestone
from app.commands.targets import revise_target, set_target
from app.db.unit_of_work import UnitOfWork
from app.domain import ids
from app.domain.academies import AcademyIdentifier
from app.domain.dates import Calendar, Due, PhaseDates, TermDates, read_due
from app.domain.due_columns import DueColumns
from app.domain.entity import Entity
from app.domain.errors import Conflict
from app.domain.events import changed, created
from app.domain.flags import DataQualityFlag
from app.domain.milestones import Milestone
from app.domain.targets import Target
from app.domain.trusts import Trust
from app.packs.flatten import Flattener, Item
from app.packs.format import Pack
from app.packs.oddities import flags

Progress = Callable[[int, int], None]


@dataclass
class Loaded:
    """What a load did: counts by noun, and the flags it raised by oddity or code."""

    created: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    oddities: Counter[str] = field(default_factory=Counter)

    @property
    def nothing_changed(self) -> bool:
        return not self.created and not self.changed


async def load_pack(work: UnitOfWork, pack: Pack, *, progress: Progress = lambda _done, _all: None) -> Loaded:
    """Load every record of a pack into its trust. `work` must be of that trust, with an actor that may write all of it."""
    items, dues = records_of(pack)
    present = {kind: {record.id: record for record in await work.where(kind)} for kind in {item.kind for item in items}}
    loaded = Loaded()
    for done, item in enumerate(items, start=1):
        outcome = await _load(work, item, dues.get(item.id), present[item.kind].get(item.id), is_new=not present[Trust])
        getattr(loaded, outcome)[item.kind.noun()] += 1
        if item.kind is DataQualityFlag:
            loaded.oddities[item.values["reference"] or item.values["code"]] += 1
        progress(done, len(items))
    await work.flush()
    return loaded


def records_of(pack: Pack) -> tuple[list[Item], dict[UUID, Due]]:
    """The pack's records, its flags included, and what its due dates mean by its own calendar."""
    items = list(Flattener(ids.trust_id(pack.trust.code)).pack(pack))
    calendars = _calendars(pack)
    dues = {
        item.id: read_due(item.due, calendars.get(item.plan_id, Calendar()))
        for item in items
        if issubclass(item.kind, DueColumns)
    }
    return items + flags(pack, items, dues), dues


def _calendars(pack: Pack) -> dict[UUID | None, Calendar]:
    terms = tuple(
        TermDates(name=term.name, year_code=year.code, starts_on=term.starts_on, ends_on=term.ends_on)
        for year in pack.academic_years
        for term in year.terms
    )
    whole = Flattener(ids.trust_id(pack.trust.code))
    calendars: dict[UUID | None, Calendar] = {}
    for plan in pack.plans:
        phases = tuple(
            PhaseDates(no=phase.no, starts_on=phase.starts_on, ends_on=phase.ends_on) for phase in plan.phases
        )
        calendars[ids.named_id(whole.trust_id, "plan", plan.code)] = Calendar(terms=terms, phases=phases)
    return calendars


async def _load(work: UnitOfWork, item: Item, due: Due | None, record: Entity | None, *, is_new: bool) -> str:
    values: dict[str, Any] = dict(item.values)
    if due is not None:
        values["due"] = due
    if record is None and not is_new and await work.find(item.kind, item.id) is not None:
        return "unchanged"  # It was withdrawn here, and a pack does not bring it back.
    if record is None:
        await _create(work, item, values)
        return "created"
    if item.kind is DataQualityFlag:
        return "unchanged"
    return await _bring_up_to_date(work, item, values, record)


async def _create(work: UnitOfWork, item: Item, values: dict[str, Any]) -> None:
    if item.kind is Trust:
        trust = Trust.named(work.actor.trust_id, **values)
        work.add(trust)
        work.record(created(trust))
    elif item.kind is Milestone:
        await set_milestone(work, {"id": item.id, **values})
    elif item.kind is Target:
        await set_target(work, {"id": item.id, **values})
    else:
        await records.create(work, item.kind, {"id": item.id, **values})


_HELD_BY_RULES: Final[dict[type[Entity], frozenset[str]]] = {
    Milestone: frozenset({"due"}),
    AcademyIdentifier: frozenset({"valid_to"}),
}
"""What a pack gives once: a milestone's date then moves with a coded reason, a number ends when another takes over."""


async def _bring_up_to_date(work: UnitOfWork, item: Item, values: dict[str, Any], record: Entity) -> str:
    before = record.version
    given = {name: value for name, value in values.items() if name not in _HELD_BY_RULES.get(item.kind, ())}
    if isinstance(record, Trust):
        return _change_trust(work, record, given)
    if isinstance(record, Target):
        promise = {name: given.pop(name) for name in Target.PROMISE if name in given}
        if any(getattr(record, name) != value for name, value in promise.items()):
            await revise_target(work, record.id, promise, reason="The pack promises something else.", version=before)
    held = record.held(given)
    if held:
        raise Conflict(
            f"{item.path}: {', '.join(held)} of a {item.kind.noun()} cannot change once it is loaded. Give it another code."
        )
    await records.change(work, item.kind, record.id, given, version=record.version)
    return "changed" if record.version != before else "unchanged"


def _change_trust(work: UnitOfWork, trust: Trust, given: dict[str, Any]) -> str:
    altered = {name: value for name, value in given.items() if getattr(trust, name) != value}
    for name, value in altered.items():
        setattr(trust, name, value)
    if altered:
        work.record(changed(trust))
    return "changed" if altered else "unchanged"
