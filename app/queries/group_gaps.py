"""The gap of a pupil group to another, or to an official comparator, as it is published (C10)."""

from datetime import date
from uuid import UUID

from pydantic import Field

from app.domain.errors import Fault, Invalid
from app.domain.framework_vocabulary import Direction
from app.domain.gaps import GAP, Gap, NoGapBecause, gap_between
from app.domain.measure_vocabulary import OfficialScope
from app.domain.promises import EVERYBODY
from app.queries.academies import ACADEMIES
from app.queries.comparison import Number
from app.queries.figures import FigureUsed
from app.queries.known import Knowledge, read_knowledge
from app.queries.published import Published
from app.queries.reading import Moment, Reads, read_record
from app.queries.revival import told


class GroupGap(Published):
    """A gap, its sign stated."""

    academyId: UUID
    academyCode: str
    on: date
    rule: str
    metric: str
    group: str = Field(description="Code of the group; `all`: all pupils.")
    other: str = Field(description="Code of the other group, or the official scope.")
    gap: Number | None = Field(description="Group minus other: positive where the group's value is the higher one.")
    behind: Number | None = Field(
        description="How far the group is behind, by the metric's direction; negative: ahead."
    )
    direction: Direction | None = Field(description="Which way the metric gets better.")
    reason: NoGapBecause | None = Field(description="Why there is no gap to tell.")
    sentence: str
    reading: FigureUsed | None
    otherReading: FigureUsed | None


async def read_gap(
    reads: Reads, academy_id: UUID, *, metric: str, group: str, other: str, on: date, moment: Moment
) -> GroupGap:
    academy = told((await read_record(reads, ACADEMIES, academy_id, moment)).body)
    knowledge = await read_knowledge(reads, moment, on=on, academies=[academy_id], metrics=[metric])
    beside = OfficialScope(other) if other in set(OfficialScope) else _group(knowledge, other, "/other")
    found = gap_between(metric, knowledge.of(academy_id), group_id=_group(knowledge, group, "/group"), other=beside)
    return GroupGap(
        academyId=academy_id,
        academyCode=academy["code"],
        on=on,
        rule=GAP,
        metric=metric,
        group=group,
        other=other,
        gap=found.value if isinstance(found, Gap) else None,
        behind=found.behind if isinstance(found, Gap) else None,
        direction=found.direction if isinstance(found, Gap) else None,
        reason=None if isinstance(found, Gap) else found.why,
        sentence=_sentence(found, group, other) if isinstance(found, Gap) else found.sentence,
        reading=FigureUsed.of(found.figure) if found.figure else None,
        otherReading=FigureUsed.of(found.other) if found.other else None,
    )


def _group(knowledge: Knowledge, code: str, pointer: str) -> UUID | None:
    """The group with this code; all pupils are no group of their own."""
    if code == EVERYBODY:
        return None
    found = next((group for group, its_code in knowledge.groups.items() if its_code == code), None)
    if found is None:
        sentence = f"There is no pupil group {code}. Use the code of one of the trust's groups, or an official scope for the other."
        raise Invalid(sentence, faults=[Fault(pointer, "unknown-group", sentence)])
    return found


def _sentence(gap: Gap, group: str, other: str) -> str:
    beside = other.replace("_", " ")
    if gap.behind == 0:
        return f"{group} and {beside} stand level."
    way = "behind" if gap.behind > 0 else "ahead of"
    return f"{group} is {abs(gap.behind):f} {way} {beside}."
