"""What is done to a framework: publish a draft, make a draft of the next edition."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from app.commands import records
from app.db.unit_of_work import UnitOfWork
from app.domain.assurance import AssuranceLine, AssuranceSection
from app.domain.benchmark_assessments import BenchmarkAssessment
from app.domain.entity import Entity
from app.domain.errors import Conflict
from app.domain.events import Event, Verb, created
from app.domain.framework_vocabulary import FrameworkStatus
from app.domain.frameworks import Framework
from app.domain.ids import uuid7
from app.domain.indicators import Band, BandStatement, Indicator
from app.domain.model import ABOVE, FRAMEWORK_PARTS
from app.domain.permissions import to_write
from app.domain.ratings import RatingLevel
from app.queries.frameworks import last_edition

E = TypeVar("E", bound=Entity)


async def publish(
    work: UnitOfWork, framework_id: UUID, *, valid_from: date | None, valid_to: date | None, version: int
) -> Framework:
    """Put a draft in force. The edition in force on its first day ends the day before."""
    framework = await work.get(Framework, framework_id)
    await records.allow(work, framework)
    framework = await work.get(Framework, framework_id, version=version)
    return await publish_framework(work, framework, valid_from=valid_from, valid_to=valid_to)


async def publish_framework(
    work: UnitOfWork, framework: Framework, *, valid_from: date | None, valid_to: date | None
) -> Framework:
    framework.require_draft()
    await work.hold("select status from framework where trust_id = $1 and id = $2 for update", framework)
    await _require_own_levels(work, framework)
    others = await work.where(Framework, code=framework.code, status=FrameworkStatus.PUBLISHED)
    if valid_from is None and others:
        raise Conflict(
            f"Edition {others[0].edition} is published. Say from which day edition {framework.edition} takes over: validFrom."
        )
    for other in others:
        if valid_from is not None and _gives_way(other, valid_from):
            work.record(other.give_way(framework, from_day=valid_from))
            await work.flush()
    _refuse_overlap(framework, await work.where(Framework, code=framework.code), valid_from, valid_to)
    work.record(framework.publish(at=work.now, valid_from=valid_from, valid_to=valid_to))
    return framework


def _gives_way(other: Framework, from_day: date) -> bool:
    """Whether it is in force on the day, or was until the day before."""
    return other.is_in_force(from_day) or other.is_in_force(from_day - timedelta(days=1))


def _refuse_overlap(
    framework: Framework, editions: list[Framework], valid_from: date | None, valid_to: date | None
) -> None:
    """The database holds this too; here it is told which edition is in the way."""
    for other in editions:
        begins_before = valid_to is None or other.valid_from is None or other.valid_from <= valid_to
        ends_after = valid_from is None or other.valid_to is None or other.valid_to >= valid_from
        if other is not framework and other.status is not FrameworkStatus.DRAFT and begins_before and ends_after:
            days = f"{other.valid_from or 'the beginning'} to {other.valid_to or 'further notice'}"
            raise Conflict(
                f"Edition {other.edition} is in force on some of these days ({days}). "
                f"Let edition {framework.edition} have days of its own."
            )


async def withdraw_draft(
    work: UnitOfWork, kind: type[Framework], framework_id: UUID, *, version: int, reason: str
) -> Framework:
    """Take a draft out of use with everything in it."""
    framework = await work.get(kind, framework_id)
    await records.allow(work, framework)
    framework = await work.get(kind, framework_id, version=version)
    for part_kind in reversed(FRAMEWORK_PARTS):
        for part in await work.where(part_kind, framework_id=framework_id):
            part.withdrawn_at = work.now
            work.record(Event(record=part, verb=Verb.WITHDRAWN, reason=reason))
    framework.withdrawn_at = work.now
    work.record(Event(record=framework, verb=Verb.WITHDRAWN, reason=reason))
    return framework


async def end_framework(work: UnitOfWork, framework_id: UUID, *, on: date, version: int) -> Framework:
    framework = await work.get(Framework, framework_id)
    work.require(to_write(Framework))
    await records.cover(work, framework)
    framework = await work.get(Framework, framework_id, version=version)
    work.record(framework.end(on=on))
    return framework


async def assess_benchmark(work: UnitOfWork, values: Mapping[str, Any]) -> BenchmarkAssessment:
    return await create_under_published(work, BenchmarkAssessment, values)


async def create_under_published(work: UnitOfWork, kind: type[E], values: Mapping[str, Any]) -> E:
    """A record about an academy that follows a framework: a draft is not followed yet."""
    record = records.build(work, kind, values)
    await records.allow(work, record)
    framework = await work.find(Framework, values["framework_id"])
    if framework is not None:
        framework.require_published()
    return await records.keep(work, record)


async def next_edition(work: UnitOfWork, framework_id: UUID) -> Framework:
    """A draft of the next edition: everything the given one has, under the same codes, free to be changed."""
    former = await work.get(Framework, framework_id)
    work.require(to_write(Framework))
    await records.cover(work, former)
    former.require_in_use()
    edition = await last_edition(work, former.code) + 1
    values = {**_columns(former), "edition": edition, "valid_from": None, "valid_to": None}
    draft = Framework.of(former.trust_id, {**values, "status": FrameworkStatus.DRAFT, "published_at": None})
    work.add(draft)
    work.record(created(draft))
    copies: dict[UUID, UUID] = {former.id: draft.id}
    for kind in FRAMEWORK_PARTS:
        parts = await work.where(kind, framework_id=former.id)
        copies |= {part.id: uuid7() for part in parts}
        for part in parts:
            _copy(work, part, copies)
    return draft


def _copy(work: UnitOfWork, part: Entity, copies: dict[UUID, UUID]) -> None:
    values = _columns(part) | {"id": copies[part.id]}
    for column, _ in ABOVE[part.noun()]:
        values[column] = copies.get(values[column], values[column])
    copy = type(part).of(part.trust_id, values)
    work.add(copy)
    work.record(created(copy))


def _columns(record: Entity) -> dict[str, Any]:
    left = {"trust_id", "id", "version", "withdrawn_at"}
    return {name: value for name, value in record.state().items() if name not in left}


async def _require_own_levels(work: UnitOfWork, framework: Framework) -> None:
    """Bands and statements of a line speak of the levels of its section's own scale."""
    scales = {one.id: one.scale_id for one in await work.where(AssuranceSection, framework_id=framework.id)}
    lines = {one.id: scales[one.section_id] for one in await work.where(AssuranceLine, framework_id=framework.id)}
    indicators = {one.id: lines[one.line_id] for one in await work.where(Indicator, framework_id=framework.id)}
    levels = {one.id: one for one in await work.where(RatingLevel, framework_id=framework.id)}
    used = [(lines[one.line_id], one.level_id) for one in await work.where(BandStatement, framework_id=framework.id)]
    used += [(indicators[one.indicator_id], one.level_id) for one in await work.where(Band, framework_id=framework.id)]
    foreign = {levels[level_id].code for scale_id, level_id in used if levels[level_id].scale_id != scale_id}
    if foreign:
        raise Conflict(
            f"Bands or statements use levels of another scale than their section's: {', '.join(sorted(foreign))}. "
            "Name levels of the section's own scale."
        )
