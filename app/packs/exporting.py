"""Writing a trust back as a pack: the way of `flatten` taken backwards, by the same layout.

A pack carries what is in use: content, and the state it has reached. What it leaves out is counted and told: withdrawn
records, keys, memberships, the promises targets made formerly, and the history, which the event log keeps. What no pack
could hold is refused, so that a pack that was written can be read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from app.db.unit_of_work import UnitOfWork
from app.domain.entity import Entity, Withdrawable
from app.domain.errors import Conflict
from app.domain.keys import ApiKey
from app.domain.memberships import Membership
from app.domain.model import ENTITIES
from app.domain.readings import Reading
from app.domain.releases import Release
from app.domain.review_vocabulary import ReviewStatus
from app.domain.reviews import AssuranceRating, AssuranceReview, ReviewEvidence
from app.domain.targets import Target, TargetVersion
from app.packs.contradictions import find_contradictions
from app.packs.exported_oddities import Written
from app.packs.exporter import Exporter
from app.packs.format import Pack
from app.packs.repetitions import find_repetitions

_MOST_TOLD: Final = 10


@dataclass(frozen=True)
class Exported:
    """The pack, and how many records of each kind it leaves out."""

    pack: Pack
    left_out: Mapping[str, int]


async def export_pack(work: UnitOfWork, *, sensitive: bool = True) -> Exported:
    """The whole trust of the unit of work, as a pack that loads equal. Sensitive records are noted as read, or left out."""
    rows: dict[type[Entity], list[Any]] = {
        kind: await work.where(kind) if sensitive or not kind.SENSITIVE else [] for kind in ENTITIES
    }
    told = {kind: await _count_sensitive(work, kind, noting=sensitive) for kind in ENTITIES if kind.SENSITIVE}
    rows[Reading] = await work.where(Reading)
    superseded = _take_superseded(rows)
    exporter = Exporter(rows)
    written = exporter.pack()
    left = exporter.left
    exporter.add_oddities(written, _whole(written))
    for kind, some in rows.items():
        if issubclass(kind, Withdrawable):
            withdrawn = f"select count(*) from {kind.noun()} where trust_id = $1 and withdrawn_at is not null"
            left[f"withdrawn records ({_words(kind)})"] = await work.value(withdrawn, work.actor.trust_id)
        if kind in {*exporter.kinds, Reading}:
            unwritten = [row for row in some if row.id not in exporter.written]
            left[f"records below what is withdrawn ({_words(kind)})"] = len(unwritten)
    left |= {f"sensitive records ({_words(kind)})": 0 if sensitive else count for kind, count in told.items()}
    left["reviews that others took the place of"] = superseded
    left["releases"] = len(rows[Release])
    left["links from evidence to its reading"] = sum(
        one.reading_id is not None for one in rows[ReviewEvidence] if one.id in exporter.written
    )
    left["keys"] = len(rows[ApiKey])
    left["memberships"] = len(rows[Membership])
    left["promises that targets made formerly"] = len(rows[TargetVersion]) - len(rows[Target])
    return Exported(_whole(written), {what: count for what, count in left.items() if count})


async def _count_sensitive(work: UnitOfWork, kind: type[Entity], *, noting: bool) -> int:
    """How many records of a sensitive kind are in use; each is noted as read by whoever exports them."""
    read = f"app.noted('{kind.noun()}', t.id)" if noting else "true"
    query = (
        f"select count(*) filter (where {read}) from {kind.noun()} t where t.trust_id = $1 and t.withdrawn_at is null"
    )
    count: int = await work.value(query, work.actor.trust_id)
    return count


def _take_superseded(rows: dict[type[Entity], list[Any]]) -> int:
    """Take out the reviews that others took the place of, with all that is in them; how many those are."""
    gone = {one.id for one in rows[AssuranceReview] if one.status is ReviewStatus.SUPERSEDED}
    rows[AssuranceReview] = [one for one in rows[AssuranceReview] if one.id not in gone]
    for kind in (ReviewEvidence, AssuranceRating):
        rows[kind] = [one for one in rows[kind] if one.review_id not in gone]
    return len(gone)


def _whole(written: Written) -> Pack:
    """The pack, if it is one that can be read again."""
    try:
        pack = Pack.model_validate(written)
    except ValidationError as error:
        wrong = [(fault["loc"], fault["msg"]) for fault in error.errors(include_url=False)]
    else:
        content = pack.model_dump(by_alias=True, exclude_defaults=True)
        wrong = [*find_contradictions(content), *find_repetitions(content)]
    if wrong:
        told = "; ".join(f"{_place(written, path)}: {reason.removesuffix('.')}" for path, reason in wrong[:_MOST_TOLD])
        more = f"; and {len(wrong) - _MOST_TOLD} more" if len(wrong) > _MOST_TOLD else ""
        raise Conflict(f"A pack cannot hold the trust as it stands: {told}{more}. Mend these records and export again.")
    return pack


def _place(written: Any, path: Sequence[str | int]) -> str:
    """Where it stands, by the codes of the records around it: `/frameworks/core-offer/scales/assurance/levels`."""
    named = []
    for step in path:
        written = written[step] if isinstance(written, list) or step in (written or ()) else None
        named.append(written.get("code", step) if isinstance(step, int) and isinstance(written, dict) else step)
    return "".join(f"/{step}" for step in named)


def _words(kind: type[Entity]) -> str:
    return kind.noun().replace("_", " ")
