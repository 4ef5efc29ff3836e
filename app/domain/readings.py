"""Readings: values as they came, each version kept, each batch one event with its count and digest."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy import DateTime, Index, Numeric, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.domain.entity import Entity, Fact, Word, belongs_to, holds
from app.domain.errors import Fault
from app.domain.framework_vocabulary import Period
from app.domain.intervals import Calendar, Days
from app.domain.measure_vocabulary import Absence, Grain, OfficialScope
from app.domain.metrics import Metric
from app.domain.periods import period_around

_CALENDAR_PERIODS: Final = {Grain.ANNUAL: Period.YEAR, Grain.MONTH: Period.MONTH, Grain.WEEK: Period.WEEK}
PERCENT: Final = "%"
WHOLE: Final = 100
"""The highest value of a share; a rate in per cent may pass it."""
_OWN_PERIODS: Final = {Grain.TERM: Period.TERM, Grain.HALF_TERM: Period.HALF_TERM}


class ReadingBatch(Entity, table=True):
    """What one source sent at one time. Its readings are kept whole under its count and digest."""

    __tablename__ = "reading_batch"

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"note"})
    DERIVED: ClassVar[frozenset[str]] = Entity.DERIVED | {
        "academy_ids", "recorded", "restated", "unchanged", "digest", "recorded_by",
    }  # fmt: skip

    source: str = Field(description="The system or publication the values come from.")
    as_at: datetime | None = Field(
        default=None, sa_type=DateTime(timezone=True), description="When the source had them so."
    )
    note: str | None = None
    academy_ids: list[UUID] = Field(
        default_factory=list, sa_type=ARRAY(Uuid), description="The academies it has readings of."
    )
    recorded: int = Field(default=0, description="How many readings it brought.")
    restated: int = Field(default=0, description="How many of them restate an earlier one.")
    unchanged: int = Field(default=0, description="How many it sent that were known already; they are not kept again.")
    digest: str = Field(default="", description="SHA-256 over its readings in the order of their ids, in hex.")
    recorded_by: str | None = Field(default=None, description="Whose it is: the integration or person that sent it.")


class Reading(Fact, table=True):
    """One value, or the reason why there is none: of an academy and group in a period, or an official comparator."""

    __tablename__ = "reading"
    __table_args__ = (
        belongs_to("reading_batch", "batch_id", refusal="There is no such batch."),
        belongs_to("metric", "metric_id", refusal="There is no such metric."),
        belongs_to("academy", "academy_id", refusal="There is no such academy."),
        belongs_to("pupil_group", "group_id", refusal="There is no such pupil group."),
        belongs_to("reading", "supersedes_id", refusal="There is no such reading."),
        holds("value", "num_nonnulls(value, absence) = 1", refusal="A reading is a value or the reason why there is none."),
        holds("of", "num_nonnulls(academy_id, official) > 0", refusal="A reading is of an academy, or an official comparator."),
        holds("period", "ends_on >= starts_on", refusal="A period cannot end before it starts."),
        Index(
            "uq_reading_current", "trust_id", "metric_id", "academy_id", "official", "group_id", "grain", "starts_on",
            "ends_on", "source", unique=True, postgresql_nulls_not_distinct=True, postgresql_where=text("superseded_by_id is null"),
            info={"refusal": "Somebody recorded the same reading at this moment. Send yours again."},
        ),
        Index("ix_reading_series", "trust_id", "academy_id", "metric_id", "grain", "ends_on"),
        Index("uq_reading_supersedes", "trust_id", "supersedes_id", unique=True,
              info={"refusal": "Somebody restated the same reading at this moment. Send yours again."}),
    )  # fmt: skip

    KEPT_BY: ClassVar[str] = "batch_id"
    LATER: ClassVar[frozenset[str]] = frozenset({"superseded_by_id", "superseded_in_id"})

    batch_id: UUID
    metric_id: UUID
    metric_version: int = Field(description="The version of the metric's definition it was made by.")
    academy_id: UUID | None = Field(
        default=None, description="Null of a comparator that is the same for every academy."
    )
    official: OfficialScope | None = Field(
        default=None, sa_type=Word(OfficialScope), description="Whose official figure it is; null: the academy's own."
    )
    group_id: UUID | None = Field(default=None, description="Null: all pupils.")
    grain: Grain = Field(sa_type=Word(Grain))
    starts_on: date
    ends_on: date
    value: Decimal | None = Field(default=None, sa_type=Numeric)
    absence: Absence | None = Field(default=None, sa_type=Word(Absence), description="Why there is no value.")
    numerator: Decimal | None = Field(default=None, sa_type=Numeric)
    denominator: Decimal | None = Field(default=None, sa_type=Numeric)
    source: str
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))
    supersedes_id: UUID | None = Field(default=None, description="The reading it restates.")
    superseded_by_id: UUID | None = Field(default=None, description="The reading that restates it; null: it stands.")
    superseded_in_id: UUID | None = Field(default=None, description="The batch that restates it.")

    @property
    def days(self) -> Days:
        return Days(self.starts_on, self.ends_on)


def period_fault(grain: Grain, days: Days, calendar: Calendar) -> str | None:
    """Why these days are no period of this grain; terms and half-terms are the trust's own."""
    if grain is Grain.WINDOW:
        return None
    period = _CALENDAR_PERIODS.get(grain) or _OWN_PERIODS[grain]
    around = period_around(days.starts_on, period, calendar, ahead=0)
    if around == days:
        return None
    if around is None:
        return (
            f"The trust's calendar has no {period.replace('_', '-')} around {days.starts_on}. Add it, or send a window."
        )
    kind = "academic year" if grain is Grain.ANNUAL else period.replace("_", "-")
    return (
        f"{days.starts_on} to {days.ends_on} is not one {kind}: the {kind} there is {around.starts_on} to {around.ends_on}. "
        "Send those days, or send a window."
    )


def value_faults(
    value: Decimal | None,
    absence: Absence | None,
    numerator: Decimal | None,
    denominator: Decimal | None,
    metric: Metric,
) -> list[Fault]:
    """What is wrong with a value beside its counts and what the metric allows."""
    faults = []
    if (value is None) == (absence is None):
        faults.append(
            Fault("/value", "value-or-absence", "Give a value, or the reason why there is none: one of the two.")
        )
    if value is not None and not metric.range.holds(value):
        faults.append(
            Fault(
                "/value",
                "out-of-range",
                f"{value:f} is outside what the metric allows: {metric.range}. Check it, or widen the metric's range.",
            )
        )
    return [*faults, *_count_faults(value, absence, numerator, denominator, metric)]


def _count_faults(
    value: Decimal | None,
    absence: Absence | None,
    numerator: Decimal | None,
    denominator: Decimal | None,
    metric: Metric,
) -> Iterator[Fault]:
    for name, count in (("numerator", numerator), ("denominator", denominator)):
        if count is not None and count < 0:
            yield Fault(f"/{name}", "negative-count", "A count is 0 or more.")
        if count is not None and absence is Absence.SUPPRESSED:
            sentence = "A suppressed figure has no counts: they would give it away. Leave them out."
            yield Fault(f"/{name}", "suppressed-count", sentence)
    if denominator == 0 and value is not None:
        sentence = "A share of nobody is no value. Send the absence not_applicable instead."
        yield Fault("/denominator", "nobody-counted", sentence)
    is_share = metric.unit == PERCENT and metric.range_max is not None and metric.range_max <= WHOLE
    if is_share and numerator is not None and denominator is not None and 0 <= denominator < numerator:
        sentence = f"{numerator:f} of {denominator:f} is no percentage. Check whether the two counts were exchanged."
        yield Fault("/numerator", "more-than-all", sentence)
