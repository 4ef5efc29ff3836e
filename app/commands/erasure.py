"""Erasing personal text: what somebody asked for, and what is past its time. Done by the operations role, recorded as events."""

from collections import Counter, defaultdict
from collections.abc import Collection
from uuid import UUID

from pydantic.alias_generators import to_camel

from app.db.erasing import (
    erase_reasons_before,
    erase_texts_of,
    erase_texts_saying,
    forget_answers,
    forget_old_answers,
    forget_reads_before,
    past_their_time,
    saying,
)
from app.db.unit_of_work import UnitOfWork
from app.domain.entity import Entity
from app.domain.erasure import KEPT_IN_LAW, erase
from app.domain.memberships import Membership, MembershipStatus
from app.domain.retention import Rule, Schedule
from app.domain.subjects import REGISTRY, Subject, Way

Counts = Counter[str]
MOST = 500
"""How many records one transaction erases."""


async def erase_subject(work: UnitOfWork, subject: Subject) -> Counts:
    """All that may go of somebody: their membership's text, every text that mentions them, the answers kept for them.

    The counts are of what was erased; running it again finds nothing.
    """
    counts = Counts()
    for member_id in subject.members:
        await _erase_member(work, member_id, counts)
    erased: dict[tuple[type[Entity], UUID], set[str]] = defaultdict(set)
    if subject.mentions:
        for met in REGISTRY:
            if met.way is Way.TEXT and met.kind not in (Membership, *KEPT_IN_LAW):
                for record_id in await saying(work, met.kind, met.column, subject.mentions):
                    erased[met.kind, record_id].add(met.column)
    for (kind, record_id), columns in erased.items():
        await _erase(work, kind, record_id, columns, counts)
    lawful = [kind.noun() for kind in KEPT_IN_LAW]
    counts["texts beside events"] += await erase_texts_saying(work, subject.mentions, but=lawful)
    told = (*subject.mentions, *map(str, subject.members))
    counts["answers kept for retries"] += await forget_answers(work, subject.actors, told)
    return +counts


async def keep_of(work: UnitOfWork, subject: Subject) -> Counts:
    """What stays of somebody after an erasure, by why it does."""
    counts, trust = Counts(), work.actor.trust_id
    for kind, why in KEPT_IN_LAW.items():
        if subject.mentions:
            found = {one for column in kind.PERSONAL for one in await saying(work, kind, column, subject.mentions)}
            counts[f"{_words(kind)}: {why}"] += len(found)
    events = "select count(*) from event where trust_id = $1 and actor = any($2::text[])"
    reads = "select count(*) from sensitive_read where trust_id = $1 and actor = any($2::text[])"
    actors = list(subject.actors)
    counts["events they made: the log knows an id, and no longer whose"] += await work.value(events, trust, actors)
    counts["notes of what they read: deleted when their time is up"] += await work.value(reads, trust, actors)
    if subject.posts:
        counts["codes of a post, in plans and in the log: the documents' own, without a name"] += len(subject.posts)
    return +counts


async def count_past_time(work: UnitOfWork, schedule: Schedule) -> Counts:
    """How many records hold text past its time. What else is, `apply_rest` counts."""
    return +Counts({_words(rule.kind): len(await past_their_time(work, rule)) for rule in schedule.rules})


async def erase_past_time(work: UnitOfWork, rule: Rule) -> int:
    """The texts of at most `MOST` records of one kind."""
    counts = Counts()
    records = await past_their_time(work, rule, most=MOST)
    for record_id in records:
        await _erase(work, rule.kind, record_id, rule.kind.PERSONAL, counts)
    return len(records)


async def apply_rest(work: UnitOfWork, schedule: Schedule) -> Counts:
    """Reasons beside events, notes of reads and kept answers that are past their time."""
    reasons = await erase_reasons_before(work, schedule.reasons.before(work.today))
    reads = await forget_reads_before(work, schedule.reads.before(work.today))
    answers = await forget_old_answers(work)
    return +Counts(
        {
            "reasons beside events": reasons,
            "notes of sensitive reads": reads,
            "answers kept for retries (of all trusts)": answers,
        }
    )


async def _erase_member(work: UnitOfWork, member_id: UUID, counts: Counts) -> None:
    """End the membership, if it is in force, and forget whose it was."""
    member = await work.find(Membership, member_id)
    if member is None:
        return
    if member.status is not MembershipStatus.ENDED:
        work.record(member.end(at=work.now, reason=None))
    await _erase(work, Membership, member_id, Membership.PERSONAL, counts, reasons=True)


async def _erase(
    work: UnitOfWork,
    kind: type[Entity],
    record_id: UUID,
    columns: Collection[str],
    counts: Counts,
    *,
    reasons: bool = False,
) -> None:
    """One record's texts, in its table and beside the events that tell of it."""
    record = await work.find(kind, record_id)
    event = erase(record, columns) if record is not None else None
    if event is not None:
        work.record(event)
        counts[_words(kind)] += 1
    counts["texts beside events"] += await erase_texts_of(work, [record_id], _outside(columns), reasons=reasons)


def _outside(columns: Collection[str]) -> list[str]:
    """Column names as events spell them."""
    return [to_camel(column) for column in columns]


def _words(kind: type[Entity]) -> str:
    return kind.noun().replace("_", " ")
