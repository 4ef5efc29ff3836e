"""Keeping records: create one, change it, withdraw it. Nouns with rules of their own have commands of their own."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from pydantic.alias_generators import to_camel

from app.commands.calendars import calendar_of
from app.db.unit_of_work import UnitOfWork
from app.domain.dates import Due, read_due
from app.domain.due_columns import DueColumns
from app.domain.entity import Entity, Withdrawable
from app.domain.errors import Conflict, Fault, Forbidden, Invalid, NotFound
from app.domain.events import Event, Verb, changed, created
from app.domain.flags import DataQualityFlag
from app.domain.frameworks import Framework
from app.domain.head_reports import HeadReport, HeadReportSection
from app.domain.model import ABOVE, BELOW, FRAMEWORK_PARTS
from app.domain.permissions import to_see_all, to_write, told_to_few
from app.domain.plans import Plan
from app.domain.review_vocabulary import AllocationStatus
from app.domain.roles import Permission
from app.domain.support import SupportAllocation, SupportDelivery

E = TypeVar("E", bound=Entity)


async def create(work: UnitOfWork, kind: type[E], values: Mapping[str, Any]) -> E:
    """A new record from column values; `due`, where the record has a due date, is its text."""
    record = build(work, kind, values)
    if isinstance(record, DueColumns):
        record.set_due(await due_of(work, values.get("due"), plan_id=getattr(record, "plan_id", None)))
    return await keep(work, record)


async def due_of(work: UnitOfWork, text: str | Due | None, *, plan_id: UUID | None) -> Due:
    """What a due date's text means by the trust's calendar; a bulk load hands over dates that are read already."""
    return text if isinstance(text, Due) else read_due(text, await calendar_of(work, plan_id))


def build(work: UnitOfWork, kind: type[E], values: Mapping[str, Any]) -> E:
    columns = {name: value for name, value in values.items() if name in kind.model_fields}
    if "recorded_by" in kind.model_fields:
        columns["recorded_by"] = work.actor.holder
    return kind.of(work.actor.trust_id, columns)


async def keep(work: UnitOfWork, record: E) -> E:
    """Add a record that was just built, once the actor may and its columns agree with one another."""
    await allow(work, record)
    record.check()
    await _refuse_withdrawn_above(work, record)
    work.add(record)
    work.record(created(record))
    return record


async def allow(work: UnitOfWork, record: Entity) -> None:
    """Refuse an actor who may not write records of this kind or does not reach this one; and a change of a withdrawn one."""
    work.require(to_write(type(record)))
    _require_sight(work, record)
    await reach(work, record)
    _require_own(work, record)
    if isinstance(record, Withdrawable) and record.withdrawn_at is not None:
        raise Conflict(f"This {_words(type(record))} is withdrawn, so it does not change any more.")


def _require_sight(work: UnitOfWork, record: Entity) -> None:
    """What is sensitive is written by those who see it; what is recorded by somebody they see themselves."""
    if to_see_all(type(record)) is Permission.READ_SENSITIVE and "recorded_by" not in type(record).model_fields:
        work.require(Permission.READ_SENSITIVE)


def _require_own(work: UnitOfWork, record: Entity) -> None:
    """To change a record of somebody else's in which something is not told would be to guess at it, or to write over it."""
    needed = told_to_few(type(record)).values()
    if needed and record.state()["recorded_by"] != work.actor.holder and not all(map(work.actor.may, needed)):
        raise Forbidden(
            f"Somebody else recorded this {_words(type(record))}. Ask them, or somebody who reviews academies, to change or "
            "withdraw it."
        )


async def reach(work: UnitOfWork, record: Entity) -> None:
    """Refuse an actor who does not cover all the academies a record is about, and any change of what is closed."""
    await cover(work, record)
    await _require_open(work, record)


async def cover(work: UnitOfWork, record: Entity) -> None:
    """Refuse an actor who does not cover all the academies a record is about."""
    academies = await work.academies_of(record)
    is_new_academy = record.id in academies
    if not work.actor.sees(academies) and not is_new_academy:
        raise NotFound(f"There is no {_words(type(record))} with the id {record.id}.")
    if not work.actor.reaches(academies):
        raise Forbidden("This concerns academies that are not all yours. Ask somebody whose role covers them.")


async def _require_open(work: UnitOfWork, record: Entity) -> None:
    """Nothing changes inside a closed plan, a published framework or a submitted report; what is unclear may still be flagged."""
    if isinstance(record, DataQualityFlag) and record.framework_id is not None:
        return
    await _require_open_allocation(work, record)
    await _require_draft_report(work, record)
    framework = record if isinstance(record, Framework) else None
    if isinstance(record, FRAMEWORK_PARTS):
        framework = await work.find(Framework, record.state()["framework_id"])
    if framework is not None:
        framework.require_draft()
        await _hold(work, framework)
    plan_id = getattr(record, "plan_id", None)
    plan = await work.find(Plan, plan_id) if plan_id is not None else None
    if plan is not None:
        plan.require_open()


async def _require_open_allocation(work: UnitOfWork, record: Entity) -> None:
    """Nobody closes an allocation while something is delivered under it; refuse where somebody just has."""
    if isinstance(record, SupportAllocation):
        record.require_open()
    allocation = (
        await work.find(SupportAllocation, record.allocation_id) if isinstance(record, SupportDelivery) else None
    )
    if allocation is not None:
        allocation.require_open()
        sql = "select status from support_allocation where trust_id = $1 and id = $2 for share"
        if await work.hold(sql, allocation) == AllocationStatus.CLOSED:
            raise Conflict("Somebody has just closed this allocation, so nothing more is delivered under it.")


async def _require_draft_report(work: UnitOfWork, record: Entity) -> None:
    """Nobody submits a report while something in it is being written; refuse where somebody just has."""
    report = record if isinstance(record, HeadReport) else None
    if isinstance(record, HeadReportSection):
        report = await work.find(HeadReport, record.report_id)
    if report is None:
        return
    report.require_draft()
    status = await work.hold("select status from head_report where trust_id = $1 and id = $2 for share", report)
    if status not in (None, report.status):
        raise Conflict("Somebody has just submitted this report, so nothing in it changes any more. Read it again.")


async def _hold(work: UnitOfWork, framework: Framework) -> None:
    """Nobody publishes a draft while something in it is being written; refuse where somebody just has."""
    status = await work.hold("select status from framework where trust_id = $1 and id = $2 for share", framework)
    if status not in (None, framework.status):
        raise Conflict("Somebody has just published this framework, so nothing in it changes any more. Read it again.")


async def change(work: UnitOfWork, kind: type[E], record_id: UUID, values: Mapping[str, Any], *, version: int) -> E:
    """Set the columns given and leave the others. A change that changes nothing records nothing."""
    record = await work.get(kind, record_id, version=None)
    await allow(work, record)
    record = await work.get(kind, record_id, version=version)
    held = record.held(values)
    if held:
        faults = [Fault(f"/{to_camel(name)}", "fixed", "It is given once, or set by a rule.") for name in held]
        raise Invalid(f"A change cannot set {', '.join(held)} of a {_words(kind)}.", faults=faults)
    if _alter(record, values) | await _alter_due(work, record, values):
        record.check()
        await _refuse_withdrawn_above(work, record)
        work.record(changed(record))
    return record


async def withdraw(work: UnitOfWork, kind: type[E], record_id: UUID, *, version: int, reason: str) -> E:
    """Take a record out of use. It stays readable, and its code stays taken."""
    record = await work.get(kind, record_id)
    await allow(work, record)
    record = await work.get(kind, record_id, version=version)
    assert isinstance(record, Withdrawable)
    await _refuse_while_used(work, record)
    record.withdrawn_at = work.now
    work.record(Event(record=record, verb=Verb.WITHDRAWN, reason=reason))
    return record


def _words(kind: type[Entity]) -> str:
    return kind.noun().replace("_", " ")


def _alter(record: Entity, values: Mapping[str, Any]) -> bool:
    altered = False
    for name, value in values.items():
        if name in type(record).model_fields and getattr(record, name) != value:
            setattr(record, name, value)
            altered = True
    return altered


async def _alter_due(work: UnitOfWork, record: Entity, values: Mapping[str, Any]) -> bool:
    if "due" not in values or not isinstance(record, DueColumns):
        return False
    due = await due_of(work, values["due"], plan_id=getattr(record, "plan_id", None))
    if due.printed == record.due_printed:
        return False
    record.set_due(due)
    return True


async def _refuse_withdrawn_above(work: UnitOfWork, record: Entity) -> None:
    for column, kind in ABOVE[record.noun()]:
        above_id = getattr(record, column)
        above = await work.find(kind, above_id) if above_id is not None else None
        if above is not None and above.withdrawn_at is not None:
            raise Conflict(f"The {_words(kind)} it refers to is withdrawn. Refer to one that is in use.")


async def _refuse_while_used(work: UnitOfWork, record: Entity) -> None:
    for kind, column in BELOW.get(record.noun(), ()):
        used = sum(below.in_use for below in await work.where(kind, **{column: record.id}))
        if used:
            raise Conflict(f"Records in use still refer to it ({used} of kind {_words(kind)}). Withdraw them first.")
