"""What was observed in an academy, counted: shares of what was judged, their movement, and the targets that quote them (C6, C7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from pydantic import Field

from app.domain.errors import Forbidden
from app.domain.evaluation import Reason, evaluate
from app.domain.framework_vocabulary import Period
from app.domain.intervals import Calendar, Days
from app.domain.measure_vocabulary import Feed, Grain, ObservationKind, Verdict
from app.domain.observed_shares import (
    GOOD_OR_BETTER,
    OUTSTANDING,
    Movement,
    PartOfPeriod,
    Shares,
    by_part,
    is_large_enough,
    movement,
    shares_within,
)
from app.domain.periods import period_around
from app.domain.permissions import to_see_all
from app.domain.promises import Measure
from app.domain.readings import Reading
from app.domain.rounding import HALF_AWAY_FROM_ZERO, rounded
from app.queries.academies import ACADEMIES
from app.queries.comparison import Number
from app.queries.known import may_count_single, read_knowledge, read_measures, read_sightings, smallest_shown
from app.queries.promises import read_promises
from app.queries.published import Published
from app.queries.reading import Moment, Reads, read_record
from app.queries.revival import calendar, read_all, told
from app.queries.targets import TARGETS

_FEEDS: Final = ((Feed.OBSERVED_GOOD_OR_BETTER, GOOD_OR_BETTER), (Feed.OBSERVED_OUTSTANDING, OUTSTANDING))


class NoShare(StrEnum):
    """Why a share, or its movement, is not told."""

    NOTHING_JUDGED = "nothing_judged"
    TOO_FEW_TO_SHOW = "too_few_to_show"
    CALENDAR_MISSING = "calendar_missing"
    ONE_PERIOD = "one_period"


class ShareTold(Published):
    """A share of what was judged, with its count."""

    rule: str
    count: int | None
    exact: Number | None = Field(description="In per cent.")
    shown: Number | None = Field(description="To one decimal.")
    rounding: str
    movement: Movement | None = Field(
        description="Between the last two parts of the period in which anything was judged."
    )
    movementReason: NoShare | None = Field(description="Why no movement is told.")


class PartTold(Published):
    """One half-term, or term where the calendar has no half-terms."""

    grain: Grain
    startsOn: date
    endsOn: date
    judged: int
    unjudged: int
    goodOrBetter: int
    outstanding: int


class QuotingTarget(Published):
    """A target that is measured by these shares."""

    id: UUID
    code: str
    label: str | None
    planId: UUID
    planCode: str
    metric: str | None
    endsOn: date | None
    verdict: Verdict
    reason: Reason
    sentence: str


class ObservationSummary(Published):
    """Observations of a period, counted. Nobody who taught is told of."""

    academyId: UUID
    academyCode: str
    startsOn: date
    endsOn: date
    kind: ObservationKind
    judged: int | None = Field(description="Null: too few to show.")
    unjudged: int | None = Field(description="Part of no share.")
    reason: NoShare | None = Field(description="Why there are no shares.")
    goodOrBetter: ShareTold
    outstanding: ShareTold
    parts: list[PartTold]
    targets: list[QuotingTarget] = Field(description="Held against these figures, as on the last day asked about.")


@dataclass(frozen=True, kw_only=True)
class Span:
    """The observations that are asked about; without days, those of the academic year so far."""

    starts_on: date | None = None
    ends_on: date | None = None
    kind: ObservationKind = ObservationKind.LESSON

    def days(self, today: date) -> Days:
        last = self.ends_on or today
        year = period_around(last, Period.YEAR, Calendar(), ahead=0)
        assert year is not None, "an academic year needs no calendar"
        return Days(self.starts_on or year.starts_on, last)


async def summarise_observations(reads: Reads, academy_id: UUID, span: Span, moment: Moment) -> ObservationSummary:
    academy = told((await read_record(reads, ACADEMIES, academy_id, moment)).body)
    terms = await calendar(reads, moment)
    days, is_trusted = span.days(moment.today), may_count_single(reads)
    measures = await read_measures(reads, moment)
    if not is_trusted:
        _require_whole_term(days, span, terms, moment)
    sightings = (await read_sightings(reads, moment, days, academies=[academy_id], kind=span.kind)).get(academy_id, [])
    shares, parts = shares_within(sightings, days), by_part(sightings, terms, days) if is_trusted else []
    others = Shares() if is_trusted else shares_within((one for one in sightings if not one.is_own), days)
    smallest = smallest_shown(one.metric for one in measures.values())
    hidden = {feed for feed, _ in _FEEDS if not is_large_enough(others, feed, smallest)}
    good, outstanding = (_share(feed, rule, shares, parts, terms, hidden=feed in hidden) for feed, rule in _FEEDS)
    return ObservationSummary(
        academyId=academy_id,
        academyCode=academy["code"],
        startsOn=days.starts_on,
        endsOn=days.ends_on,
        kind=span.kind,
        judged=None if 0 < others.judged < smallest else shares.judged,
        unjudged=shares.unjudged if is_trusted else None,
        reason=NoShare.TOO_FEW_TO_SHOW if hidden else None if shares.judged else NoShare.NOTHING_JUDGED,
        goodOrBetter=good,
        outstanding=outstanding,
        parts=[_part(one) for one in parts],
        targets=await _quoting(reads, academy_id, days, measures.values(), moment)
        if reads.actor.may(to_see_all(Reading))
        else [],
    )


def _require_whole_term(days: Days, span: Span, terms: Calendar, moment: Moment) -> None:
    """Counts of overlapping stretches could be taken from one another until a single lesson is left. Terms do not overlap."""
    is_term = any((one.starts_on, one.ends_on) == (days.starts_on, days.ends_on) for one in terms.terms)
    if (
        not is_term
        or days.ends_on >= moment.today
        or span.kind is not ObservationKind.LESSON
        or moment.as_of is not None
    ):
        raise Forbidden(
            "Without the permission review_academies you can ask about lessons in one whole term of your calendar that is over, "
            "as they are known now. Give the first and last day of such a term."
        )


def _share(
    feed: Feed, rule: str, shares: Shares, parts: Sequence[PartOfPeriod], terms: Calendar, *, hidden: bool
) -> ShareTold:
    exact: Decimal | None = None if hidden else shares.share(feed)
    moved = movement(parts, feed)
    return ShareTold(
        rule=rule,
        count=None if hidden else shares.part(feed),
        exact=exact,
        shown=None if exact is None else rounded(exact, decimals=1),
        rounding=HALF_AWAY_FROM_ZERO,
        movement=moved,
        movementReason=None if moved else NoShare.ONE_PERIOD if terms.terms else NoShare.CALENDAR_MISSING,
    )


def _part(one: PartOfPeriod) -> PartTold:
    return PartTold(
        grain=one.grain,
        startsOn=one.days.starts_on,
        endsOn=one.days.ends_on,
        judged=one.shares.judged,
        unjudged=one.shares.unjudged,
        goodOrBetter=one.shares.good_or_better,
        outstanding=one.shares.outstanding,
    )


async def _quoting(
    reads: Reads, academy_id: UUID, days: Days, measures: Iterable[Measure], moment: Moment
) -> list[QuotingTarget]:
    """The targets of the academy's plans whose metric observations feed, each with its verdict."""
    codes = {one.metric.code for one in measures if one.is_observed}
    quoted = [one for code in sorted(codes) for one in await read_all(reads, TARGETS, moment, metric=code)]
    if not quoted:
        return []
    on = min(days.ends_on, moment.today)
    knowledge = await read_knowledge(reads, moment, on=on, academies=[academy_id], metrics=codes)
    known, found = knowledge.of(academy_id), []
    for plan_id in dict.fromkeys(UUID(one["planId"]) for one in quoted):
        plan = await read_promises(reads, plan_id, moment)
        if plan.academies and academy_id not in plan.academies:
            continue
        for target in (one for one in plan.targets if one.metric in codes):
            promise = plan.of_target(target, knowledge.everybody)
            verdict = evaluate(promise, known)
            found.append(
                QuotingTarget(
                    id=target.id,
                    code=target.code,
                    label=target.label,
                    planId=plan.id,
                    planCode=plan.code,
                    metric=target.metric,
                    endsOn=promise.ends_on,
                    verdict=verdict.verdict,
                    reason=verdict.reason,
                    sentence=verdict.sentence,
                )
            )
    return found
