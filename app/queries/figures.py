"""The readings that computed answers rest on: those that stand, or stood when the trust knew no more."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from app.db.as_of import shadows
from app.domain.figures import Figure
from app.domain.measure_vocabulary import Absence, Grain, OfficialScope
from app.domain.permissions import to_see_all
from app.domain.readings import Reading
from app.queries.published import Published
from app.queries.reading import Moment, Reads

_COLUMNS: Final = (
    "(select m.code from metric m where m.trust_id = $1 and m.id = t.metric_id)", "t.grain", "t.starts_on", "t.ends_on", "t.value",
    "t.absence", "t.id", "t.academy_id", "t.group_id", "t.official", "t.numerator", "t.denominator", "t.source", "t.recorded_at",
    "t.metric_version",
)  # fmt: skip
_NAMES: Final = (
    "metric", "grain", "starts_on", "ends_on", "value", "absence", "reading_id", "academy_id", "group_id", "official",
    "numerator", "denominator", "source", "recorded_at", "metric_version",
)  # fmt: skip
_QUERY: Final = f"""
select {", ".join(f"{sql} as {name}" for sql, name in zip(_COLUMNS, _NAMES, strict=True))} from reading t
where t.trust_id = $1 and t.superseded_by_id is null
  and ($2::uuid[] is null or t.academy_id = any($2::uuid[]) or t.academy_id is null)
  and ($3::text[] is null or t.metric_id in (select m.id from metric m where m.trust_id = $1 and m.code = any($3::text[])))
  and t.ends_on <= $4
  and ($5::uuid[] is null or t.academy_id = any($5::uuid[]) or t.academy_id is null)
order by t.ends_on, t.starts_on, t.id"""


class FigureUsed(Published):
    """A reading that an answer rests on. Without an id it was worked out from observations held here."""

    readingId: UUID | None
    metric: str
    groupId: UUID | None = Field(description="Null: all pupils.")
    official: OfficialScope | None = Field(description="Whose official figure it is; null: the academy's own.")
    grain: Grain
    startsOn: date
    endsOn: date
    value: Decimal | None
    absence: Absence | None = Field(description="Why there is no value.")
    numerator: Decimal | None
    denominator: Decimal | None
    source: str
    recordedAt: datetime | None

    @classmethod
    def of(cls, figure: Figure) -> "FigureUsed":
        return cls.model_construct(
            readingId=figure.reading_id,
            metric=figure.metric,
            groupId=figure.group_id,
            official=figure.official,
            grain=figure.grain,
            startsOn=figure.starts_on,
            endsOn=figure.ends_on,
            value=figure.value,
            absence=figure.absence,
            numerator=figure.numerator,
            denominator=figure.denominator,
            source=figure.source,
            recordedAt=figure.recorded_at,
        )


class FrameworkNamed(Published):
    """The edition of a framework that an answer was given by."""

    id: UUID
    code: str
    edition: int


@cache
def _statement(*, as_of: bool) -> str:
    return shadows(_QUERY, "$6") + _QUERY if as_of else _QUERY


async def read_figures(
    reads: Reads,
    moment: Moment,
    *,
    until: date | None = None,
    academies: Iterable[UUID] | None = None,
    metrics: Iterable[str] | None = None,
) -> list[Figure]:
    """Every reading that stands of periods ended by a day, official comparators included, in one statement.

    Readings restated since `moment.as_of` are told as they were known then. Only what the actor may see is told.
    """
    reads.actor.require(to_see_all(Reading))
    seen = None if reads.actor.academies is None else sorted(reads.actor.academies)
    asked = None if academies is None else sorted(academies)
    named = None if metrics is None else sorted(metrics)
    past: list[Any] = [] if moment.as_of is None else [moment.as_of.astimezone(UTC)]
    arguments = (reads.actor.trust_id, seen, named, until or moment.today, asked, *past)
    rows = await reads.rows(_statement(as_of=bool(past)), *arguments)
    return [_figure(row) for row in rows]


def _figure(row: Any) -> Figure:
    told = dict(zip(_NAMES, row, strict=True))
    told["grain"] = Grain(told["grain"])
    told["absence"] = Absence(told["absence"]) if told["absence"] else None
    told["official"] = OfficialScope(told["official"]) if told["official"] else None
    return Figure(**told)
