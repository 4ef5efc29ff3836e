"""Rows of a batch of readings as they were sent, and everything that is wrong with each of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from app.domain.errors import Fault, Invalid
from app.domain.intervals import Calendar, Days
from app.domain.measure_vocabulary import Absence, Feed, Grain, OfficialScope
from app.domain.metrics import Metric
from app.domain.promises import EVERYBODY
from app.domain.readings import period_fault, value_faults


@dataclass(frozen=True, kw_only=True)
class SentReading:
    """One row, which names its metric, academy and pupil group by their codes."""

    metric: str
    academy: str | None = None
    official: OfficialScope | None = None
    group: str | None = None
    grain: Grain
    starts_on: date
    ends_on: date
    value: Decimal | None = None
    absence: Absence | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None

    @property
    def of_group(self) -> str | None:
        """Its pupil group; None of all pupils, whether they are named or not."""
        return None if self.group == EVERYBODY else self.group

    @property
    def of(self) -> tuple[object, ...]:
        """What it is a reading of: two rows of one batch never are of the same."""
        return self.metric, self.academy, self.official, self.of_group, self.grain, self.starts_on, self.ends_on


@dataclass(frozen=True, kw_only=True)
class Known:
    """What rows may name: metrics, pupil groups and the academies within the sender's reach, by their codes."""

    metrics: Mapping[str, Metric]
    academies: Mapping[str, UUID]
    groups: Mapping[str, UUID]
    calendar: Calendar
    covers_trust: bool


def faults_of(rows: Sequence[SentReading], known: Known) -> list[Fault]:
    """Everything that is wrong, row by row, each with a pointer into the batch."""
    return [
        Fault(f"/readings/{place}{fault.pointer}", fault.code, fault.detail)
        for place, row in enumerate(rows)
        for fault in _faults(row, known)
    ] + list(_repetitions(rows))


def _faults(row: SentReading, known: Known) -> Iterator[Fault]:
    metric = known.metrics.get(row.metric)
    yield from _of_whom(row, known)
    if row.of_group is not None and row.of_group not in known.groups:
        yield _unknown("group", "pupil group", row.of_group)
    if metric is None:
        yield _unknown("metric", "metric", row.metric)
        yield from _of_period(row, known.calendar)
        return
    yield from _of_metric(row, metric)
    yield from _of_period(row, known.calendar)
    yield from value_faults(row.value, row.absence, row.numerator, row.denominator, metric)


def _unknown(member: str, words: str, code: str) -> Fault:
    return Fault(
        f"/{member}", f"unknown-{member}", f"There is no {words} with the code {code}. Check the code, or add it first."
    )


def _of_whom(row: SentReading, known: Known) -> Iterator[Fault]:
    if row.academy is not None and row.academy not in known.academies:
        yield _unknown("academy", "academy", row.academy)
    if row.academy is None and row.official is None:
        sentence = "This reading is of nobody. Name its academy, or say whose official figure it is."
        yield Fault("/academy", "academy-missing", sentence)
    if row.academy is None and row.official is not None and not known.covers_trust:
        sentence = (
            "A figure for every academy is recorded by somebody whose role covers the whole trust. Name your academy."
        )
        yield Fault("/academy", "whole-trust", sentence)


def _of_metric(row: SentReading, metric: Metric) -> Iterator[Fault]:
    if row.official is not None:
        try:
            metric.require_comparable()
        except Invalid as refusal:
            yield from refusal.faults
    elif metric.feed is not Feed.READINGS:
        sentence = (
            f"{metric.code} is worked out from the observations held here, so it takes no readings. Leave it out."
        )
        yield Fault("/metric", "metric-observed", sentence)
    if metric.valid_from is not None and row.starts_on < metric.valid_from:
        sentence = (
            f"{metric.code} is measured from {metric.valid_from} on. Leave out what is earlier, or move its first day."
        )
        yield Fault("/startsOn", "metric-not-valid", sentence)
    if metric.valid_to is not None and row.ends_on > metric.valid_to:
        sentence = f"{metric.code} is measured until {metric.valid_to}. Leave out what is later, or move its last day."
        yield Fault("/endsOn", "metric-not-valid", sentence)


def _of_period(row: SentReading, calendar: Calendar) -> Iterator[Fault]:
    if row.ends_on < row.starts_on:
        yield Fault("/endsOn", "period-backwards", "A period cannot end before it starts. Put its two days in order.")
        return
    sentence = period_fault(row.grain, Days(row.starts_on, row.ends_on), calendar)
    if sentence is not None:
        yield Fault("/startsOn", "not-a-period", sentence)


def _repetitions(rows: Sequence[SentReading]) -> Iterator[Fault]:
    first: dict[tuple[object, ...], int] = {}
    for place, row in enumerate(rows):
        at = first.setdefault(row.of, place)
        if at != place:
            sentence = f"It is of the same metric, academy, group and period as /readings/{at}. Send one of the two."
            yield Fault(f"/readings/{place}", "sent-twice", sentence)
