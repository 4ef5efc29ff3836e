"""Erasing personal text: what somebody asked for, and what is past its time. Done by the operations role, recorded as events."""

from collections import Counter, defaultdict
from collections.abc import Collection
from uuid import UUID

from pydantic.alias_generators import to_camel

from app.db.erasing import (
    erase_reasons_before,
    erase_reasons_saying,
    erase_texts_of,
    erase_texts_saying,
    forget_answers,
    forget_answers_about,
    forget_old_answers,
    forget_reads_before,
    lost_texts,
    past_their_time,
    saying,
)
from app.db.unit_of_work import UnitOfWork
from app.domain.entity import Entity
from app.domain.erasure import KEPT_IN_LAW, erase
from app.domain.memberships import Membership, MembershipStatus
from app.domain.model import KEPT
from app.domain.retention import Rule, Schedule
from app.domain.subjects import REGISTRY, Subject, Way

Counts = Counter[str]
Columns = dict[tuple[type[Entity], UUID], set[str]]
MOST = 500
"""How many records one transaction erases."""


async def erase_subject(work: UnitOfWork, subject: Subject) -> Counts:
    """All that may go of somebody: their membership's text, every text that mentions them, the answers kept for them.

    What others are called in their memberships is theirs. The counts are of what was erased; running it again finds nothing.
    """
    counts = Counts()
    for member_id in subject.members:
        await _erase_member(work, member_id, counts)
    mentioned = await _erase_beside(work, subject, counts) if subject.mentions else {}
    for (kind, record_id), columns in mentioned.items():
        await _erase_in_table(work, kind, record_id, columns, counts)
    answers = await forget_answers(work, subject.actors, subject.mentions)
    about = {record_id for _, record_id in mentioned} | set(subject.members)
    counts["answers kept for retries"] += answers + await forget_answers_about(work, about)
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
        await _erase_whole(work, rule.kind, record_id, counts)
    if records:
        await forget_answers_about(work, records)
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
            "answers kept for retries": answers,
        }
    )


async def _erase_member(work: UnitOfWork, member_id: UUID, counts: Counts) -> None:
    """End the membership, if it is in force, and forget whose it was."""
    member = await work.find(Membership, member_id)
    if member is None:
        return
    if member.status is not MembershipStatus.ENDED:
        work.record(member.end(at=work.now, reason=None))
    await _erase_whole(work, Membership, member_id, counts, reasons=True)


async def _erase_beside(work: UnitOfWork, subject: Subject, counts: Counts) -> Columns:
    """Erase the texts beside events that mention them. What has to go from the tables too: the texts there, and those lost here."""
    found: Columns = defaultdict(set)
    for met in REGISTRY:
        if met.way is Way.TEXT and met.kind not in (Membership, *KEPT_IN_LAW):
            for record_id in await saying(work, met.kind, met.column, subject.mentions):
                found[met.kind, record_id].add(met.column)
    lawful = [kind.noun() for kind in KEPT_IN_LAW]
    emptied = await erase_texts_saying(work, subject.mentions, but=[*lawful, Membership.noun()])
    reasons = await erase_reasons_saying(work, subject.mentions, but=lawful)
    counts["texts beside events"] += len(emptied) + reasons
    columns = {(kind.noun(), to_camel(column)): (kind, column) for kind in KEPT for column in kind.PERSONAL}
    for record_id, noun, key in await lost_texts(work, emptied):
        if (noun, key) in columns:
            kind, column = columns[noun, key]
            found[kind, record_id].add(column)
    return found


async def _erase_whole(
    work: UnitOfWork, kind: type[Entity], record_id: UUID, counts: Counts, *, reasons: bool = False
) -> None:
    """All of one record's texts, in its table and beside the events that tell of it."""
    await _erase_in_table(work, kind, record_id, kind.PERSONAL, counts)
    counts["texts beside events"] += await erase_texts_of(work, [record_id], reasons=reasons)


async def _erase_in_table(
    work: UnitOfWork, kind: type[Entity], record_id: UUID, columns: Collection[str], counts: Counts
) -> None:
    record = await work.find(kind, record_id)
    event = erase(record, columns) if record is not None else None
    if event is not None:
        work.record(event)
        counts[_words(kind)] += 1


def _words(kind: type[Entity]) -> str:
    return kind.noun().replace("_", " ")
