"""Loading a pack: the same commands as every other door, in one transaction, and a second load changes nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from app.commands import records
from app.commands.frameworks import publish_framework
from app.commands.milestones import load_milestone
from app.commands.targets import revise_target, set_target
from app.db.unit_of_work import UnitOfWork
from app.domain import ids
from app.domain.academies import AcademyIdentifier
from app.domain.dates import Due
from app.domain.due_columns import DueColumns
from app.domain.entity import Entity
from app.domain.errors import Conflict, Refusal
from app.domain.events import changed, created
from app.domain.flags import DataQualityFlag
from app.domain.framework_vocabulary import FrameworkStatus
from app.domain.frameworks import Framework
from app.domain.head_reports import HeadReport
from app.domain.milestones import Milestone
from app.domain.plans import Plan
from app.domain.support import SupportAllocation
from app.domain.targets import Target
from app.domain.trusts import Trust
from app.domain.vocabulary import PlanStatus
from app.packs.circles import circles, fellows, waits
from app.packs.flatten import Flattener, Item
from app.packs.format import Pack
from app.packs.items import records_of
from app.packs.layout import SCOPES
from app.packs.loading_readings import batches_of, load_readings
from app.packs.oddities import intervals_in
from app.packs.outcome import Change, Loaded, Unloadable

Progress = Callable[[int, int], None]


async def load_pack(work: UnitOfWork, pack: Pack, *, progress: Progress = lambda _done, _all: None) -> Loaded:
    """Load every record of a pack into its trust. `work` must be of that trust, with an actor that may write all of it."""
    # A thousand academies take longer to think about than the database lets a transaction be silent.
    await work.raw.execute("set local idle_in_transaction_session_timeout = '30min'")
    items, dues = records_of(pack)
    try:
        async with work.attempt():
            return await _load_all(work, pack, items, dues, progress)
    except Refusal:
        # Records are written many at a time, so the database refused one of many. One by one, it is found.
        return await _load_all(work, pack, items, dues, lambda _done, _all: None, one_by_one=True)


async def _load_all(
    work: UnitOfWork,
    pack: Pack,
    items: list[Item],
    dues: Mapping[UUID, Due],
    progress: Progress,
    *,
    one_by_one: bool = False,
) -> Loaded:
    batches, items = batches_of(items)
    there = await _There.of(work, {item.kind for item in items})
    loaded = Loaded(intervals=[found.detail for _, found in intervals_in(items)])
    new = {item.id for item in items if item.id not in there.records[item.kind]}
    open_ends = circles(items)
    written: set[UUID] = set()
    owed: set[UUID] = set()
    for done, item in enumerate(sorted(items, key=lambda one: waits(one, new)), start=1):
        try:
            if waits(item, new):
                await work.flush()
            change = await _load(work, item, dues.get(item.id), there, left_open=open_ends.get(item.id))
            written.add(item.id)
            owed = (owed | fellows(item) & new) - written
            if one_by_one and not owed:
                await work.flush()
        except Refusal as refusal:
            raise Unloadable(item.path, refusal.sentence) from refusal
        loaded.count(item, change)
        progress(done, len(items))
    await _close_circles(work, [item for item in items if item.id in new], open_ends)
    await _reach_ends(work, [item for item in items if item.id in new])
    await load_readings(work, batches, loaded)
    await _publish(work, pack, loaded)
    await _close(work, pack, loaded)
    await work.flush()
    return loaded


async def _close_circles(work: UnitOfWork, new: list[Item], open_ends: Mapping[UUID, str]) -> None:
    await work.flush()
    for item in new:
        record = await work.find(item.kind, item.id) if item.id in open_ends else None
        if record is not None and record.version == 1:
            column = open_ends[item.id]
            await records.change(work, item.kind, item.id, {column: item.values[column]}, version=record.version)


@dataclass(frozen=True)
class _There:
    """What the trust has already, by kind: records by id, and the words of those that have no code of their own."""

    records: Mapping[type[Entity], Mapping[UUID, Entity]]
    words: dict[tuple[type[Entity], tuple[str, ...]], set[tuple[Any, ...]]] = field(default_factory=dict)

    @classmethod
    async def of(cls, work: UnitOfWork, kinds: set[type[Entity]]) -> "_There":
        return cls({kind: {record.id: record for record in await work.where(kind)} for kind in kinds})

    @property
    def is_new(self) -> bool:
        return not self.records[Trust]

    def says(self, item: Item) -> bool:
        """Whether a record made here says the same: without a code it cannot be told from the pack's."""
        if "code" in item.kind.model_fields and item.kind is not DataQualityFlag:
            return False
        apart = SCOPES.keys() if item.kind is DataQualityFlag else ()
        names = tuple(name for name in item.values if name in item.kind.model_fields and name not in apart)
        if (item.kind, names) not in self.words:
            records = self.records[item.kind].values()
            self.words[item.kind, names] = {tuple(_word(getattr(one, name)) for name in names) for one in records}
        return tuple(_word(item.values[name]) for name in names) in self.words[item.kind, names]


def _word(value: Any) -> Any:
    return repr(value) if isinstance(value, (list, dict)) else value


async def _publish(work: UnitOfWork, pack: Pack, loaded: Loaded) -> None:
    """Published once everything in it stands, edition after edition: from then on it does not change."""
    whole = Flattener(ids.trust_id(pack.trust.code))
    standing = {one: _standing(one) for one in await work.where(Framework)} if pack.frameworks else {}
    for place, shape in sorted(enumerate(pack.frameworks), key=lambda one: (one[1].code, one[1].edition)):
        framework = await work.get(Framework, whole.id(Framework, shape.own_key()))
        if shape.published and framework.status is FrameworkStatus.DRAFT:
            try:
                await publish_framework(work, framework, valid_from=shape.valid_from, valid_to=shape.valid_to)
                await work.flush()
            except Refusal as refusal:
                raise Unloadable(f"/frameworks/{place}", refusal.sentence) from refusal
    paths = {shape.own_key(): f"/frameworks/{place}" for place, shape in enumerate(pack.frameworks)}
    for framework, before in standing.items():
        after, key = _standing(framework), f"{framework.code}/{framework.edition}"
        altered = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
        if altered:
            loaded.tell(Change(Framework.noun(), key, paths.get(key, "/frameworks"), altered))


def _standing(framework: Framework) -> dict[str, Any]:
    return {"status": framework.status, "valid_from": framework.valid_from, "valid_to": framework.valid_to}


async def _reach_ends(work: UnitOfWork, new: list[Item]) -> None:
    """What nothing can be written into any more is ended once everything in it stands."""
    await work.flush()
    for item in new:
        record = await work.find(item.kind, item.id) if item.kind in _ENDED_LAST else None
        reached = {name: item.values[name] for name in _ENDED_LAST.get(item.kind, ()) if name in item.values}
        if record is not None and record.version == 1 and any(getattr(record, one) != reached[one] for one in reached):
            for name, value in reached.items():
                setattr(record, name, value)
            work.record(changed(record))


async def _close(work: UnitOfWork, pack: Pack, loaded: Loaded) -> None:
    """A plan that the pack calls closed is closed last, or nothing could be loaded into it."""
    whole = Flattener(ids.trust_id(pack.trust.code))
    for place, shape in enumerate(pack.plans):
        plan = await work.find(Plan, whole.id(Plan, shape.own_key()))
        if (
            plan is not None
            and shape.status is PlanStatus.CLOSED
            and plan.version == 1
            and plan.status is not shape.status
        ):
            told = {"status": (plan.status, PlanStatus.CLOSED)}
            await records.change(work, Plan, plan.id, {"status": PlanStatus.CLOSED}, version=plan.version)
            loaded.tell(Change(Plan.noun(), shape.own_key(), f"/plans/{place}", told))


async def _load(
    work: UnitOfWork, item: Item, due: Due | None, there: _There, *, left_open: str | None
) -> Change | None:
    values: dict[str, Any] = dict(item.values)
    record = there.records[item.kind].get(item.id)
    if due is not None:
        values["due"] = due
    if record is None and not there.is_new:
        if await work.find(item.kind, item.id) is not None:
            return None  # It was withdrawn here, and a pack does not bring it back.
        if there.says(item):
            return None
    if record is None:
        await _create(work, item, {name: value for name, value in values.items() if name != left_open})
        return Change(item.kind.noun(), item.key, item.path)
    if item.kind is DataQualityFlag:
        return None
    return await _bring_up_to_date(work, item, values, record)


async def _create(work: UnitOfWork, item: Item, values: dict[str, Any]) -> None:
    if item.kind is Trust:
        trust = Trust.named(work.actor.trust_id, **values)
        work.add(trust)
        work.record(created(trust))
    elif item.kind is Milestone:
        await load_milestone(work, {"id": item.id, **values})
    elif item.kind is Target:
        await set_target(work, {"id": item.id, **values})
    elif item.kind is DataQualityFlag and values.get("resolution"):
        await records.create(work, DataQualityFlag, {"id": item.id, **values, "resolved_at": work.now})
    elif item.kind is Plan and values.get("status") is PlanStatus.CLOSED:
        await records.create(work, Plan, {"id": item.id, **values, "status": PlanStatus.ACTIVE})
    else:
        ended = _ENDED_LAST.get(item.kind, frozenset())
        begun = {name: value for name, value in values.items() if name not in ended}
        await records.create(work, item.kind, {"id": item.id, **begun})


_ENDED_LAST: Final[dict[type[Entity], frozenset[str]]] = {
    HeadReport: frozenset({"status", "submitted_on"}),
    SupportAllocation: frozenset({"status"}),
}
"""The state after which nothing more is written into a record."""
_HELD_BY_RULES: Final[dict[type[Entity], frozenset[str]]] = {
    Milestone: frozenset({"due"}),
    AcademyIdentifier: frozenset({"valid_to"}),
}
"""What a pack gives once: a milestone's date then moves with a coded reason, a number ends when another takes over."""


async def _bring_up_to_date(work: UnitOfWork, item: Item, values: dict[str, Any], record: Entity) -> Change | None:
    once = _HELD_BY_RULES.get(item.kind, frozenset()) | item.state
    if isinstance(record, Framework) and (record.status is FrameworkStatus.SUPERSEDED or values["valid_to"] is None):
        once |= {"valid_to"}  # The edition that took over, or whoever ended it, has said when it ends.
    given = {name: value for name, value in values.items() if name not in once}
    altered = _differences(record, given)
    if not altered:
        return None
    if isinstance(record, Trust):
        _change_trust(work, record, given)
        return Change(item.kind.noun(), item.key, item.path, altered)
    if isinstance(record, Target):
        promise = {name: given.pop(name) for name in Target.PROMISE if name in given}
        if any(getattr(record, name) != value for name, value in promise.items()):
            reason = "The pack promises something else."
            await revise_target(work, record.id, promise, reason=reason, version=record.version)
    held = record.held(given)
    if held:
        raise Conflict(
            f"{', '.join(held)} of a {item.kind.noun().replace('_', ' ')} cannot change once it is loaded. "
            "Give it another code."
        )
    await records.change(work, item.kind, record.id, given, version=record.version)
    return Change(item.kind.noun(), item.key, item.path, altered)


def _differences(record: Entity, given: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The columns that would change, each with what it holds and what the pack gives."""
    told = {name: value for name, value in given.items() if name in type(record).model_fields}
    differ = {name: (getattr(record, name), value) for name, value in told.items() if getattr(record, name) != value}
    due = given.get("due")
    if isinstance(due, Due) and isinstance(record, DueColumns) and due.printed != record.due_printed:
        differ["due"] = (record.due_printed, due.printed)
    return differ


def _change_trust(work: UnitOfWork, trust: Trust, given: Mapping[str, Any]) -> None:
    for name, value in given.items():
        if getattr(trust, name) != value:
            setattr(trust, name, value)
    work.record(changed(trust))
