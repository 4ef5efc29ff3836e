"""Loading the readings of a pack, batch after batch: a batch that is there is left alone, whatever was restated since."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app.commands.readings import SentBatch, record_readings
from app.db.unit_of_work import UnitOfWork
from app.domain.academies import Academy
from app.domain.errors import Refusal
from app.domain.metrics import Metric
from app.domain.pupil_groups import PupilGroup
from app.domain.reading_rows import SentReading
from app.domain.readings import Reading, ReadingBatch
from app.packs.flatten import Item
from app.packs.outcome import Change, Loaded, Unloadable

_SAID: Final = ("metric_id", "academy_id", "official", "group_id", "grain", "starts_on", "ends_on", "value", "absence",
         "numerator", "denominator")  # fmt: skip
_CODES: Final[Mapping[str, tuple[type[Metric | Academy | PupilGroup], str]]] = {
    "metric_id": (Metric, "metric"), "academy_id": (Academy, "academy"), "group_id": (PupilGroup, "group"),
}  # fmt: skip


@dataclass(frozen=True)
class Batch:
    """A batch of a pack, with its readings."""

    item: Item
    readings: Sequence[Item]


def batches_of(items: Sequence[Item]) -> tuple[list[Batch], list[Item]]:
    """The batches in the order of the pack, and everything else."""
    readings: dict[UUID, list[Item]] = defaultdict(list)
    for item in items:
        if item.kind is Reading:
            readings[item.values["batch_id"]].append(item)
    batches = [Batch(item, readings[item.id]) for item in items if item.kind is ReadingBatch]
    return batches, [item for item in items if item.kind not in (Reading, ReadingBatch)]


async def load_readings(work: UnitOfWork, batches: Sequence[Batch], loaded: Loaded) -> None:
    if not batches:
        return
    there = {one.id: one for one in await work.where(ReadingBatch)}
    names = {column: await _codes(work, kind) for column, (kind, _) in _CODES.items()}
    for batch in batches:
        made = batch.item.id not in there and not await _is_said(work, batch, there.values())
        change = await _record(work, batch, names) if made else None
        for item in (batch.item, *batch.readings):
            loaded.count(item, change and Change(item.kind.noun(), item.key, item.path))


async def _codes(work: UnitOfWork, kind: type[Metric | Academy | PupilGroup]) -> Mapping[UUID | None, str]:
    return {one.id: one.code for one in await work.where(kind)}


async def _record(work: UnitOfWork, batch: Batch, names: Mapping[str, Mapping[UUID | None, str]]) -> Change | None:
    values = batch.item.values
    sent = SentBatch(
        id=batch.item.id,
        source=values["source"],
        as_at=values["as_at"],
        note=values["note"],
        readings=[_sent(item.values, names) for item in batch.readings],
    )
    try:
        kept = await record_readings(work, sent)
    except Refusal as refusal:
        fault = refusal.faults[0] if refusal.faults else None
        path = f"{batch.item.path}{fault.pointer}" if fault else batch.item.path
        raise Unloadable(path, fault.detail if fault else refusal.sentence) from refusal
    return Change(ReadingBatch.noun(), batch.item.key, batch.item.path) if kept.recorded else None


def _sent(values: Mapping[str, Any], names: Mapping[str, Mapping[UUID | None, str]]) -> SentReading:
    told = {name: values[name] for name in _SAID if name not in _CODES}
    told |= {name: names[column].get(values[column]) for column, (_, name) in _CODES.items()}
    return SentReading(**told)


async def _is_said(work: UnitOfWork, batch: Batch, there: Any) -> bool:
    """Whether a batch that was recorded here says the same: it has no code, and so cannot be told from the pack's."""
    said = {tuple(item.values[name] for name in _SAID) for item in batch.readings}
    for one in there:
        alike = all(getattr(one, name) == batch.item.values[name] for name in ("source", "as_at", "note"))
        if alike and one.recorded == len(said):
            rows = await work.where(Reading, batch_id=one.id)
            if {tuple(getattr(row, name) for name in _SAID) for row in rows} == said:
                return True
    return False
