"""Assurance reviews: schedule one, open it, rate its lines, hand it in, moderate it, sign it off, review again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.commands import records
from app.db.unit_of_work import UnitOfWork
from app.domain.entity import Entity
from app.domain.errors import Conflict, Fault, Invalid
from app.domain.events import Event, Verb, created
from app.domain.frameworks import Framework
from app.domain.head_reports import HeadReport
from app.domain.line_suggestions import suggest
from app.domain.report_sections import ReportSection
from app.domain.reviews import AssuranceRating, AssuranceReview, ReviewEvidence
from app.domain.roles import Permission
from app.domain.trusts import Trust
from app.queries.assurance_grids import read_grid
from app.queries.reading import Moment
from app.queries.review_evidence import gather_evidence


@dataclass(frozen=True, kw_only=True)
class Moderation:
    """Another level for one line, after comparing academies."""

    line_id: UUID
    level_id: UUID
    reason: str


async def schedule_review(work: UnitOfWork, values: Mapping[str, Any]) -> AssuranceReview:
    framework = await work.get(Framework, values["framework_id"])
    framework.require_published()
    return await records.create(work, AssuranceReview, values)


async def take_back_review(
    work: UnitOfWork, kind: type[Entity], review_id: UUID, *, version: int, reason: str
) -> AssuranceReview:
    """Nothing has come of a scheduled review yet, so it may go."""
    assert kind is AssuranceReview
    review = await _reached(work, review_id, Permission.REVIEW_ACADEMIES, version=version)
    review.require_scheduled()
    review.withdrawn_at = work.now
    work.record(Event(record=review, verb=Verb.WITHDRAWN, reason=reason))
    return review


async def open_review(work: UnitOfWork, review_id: UUID, *, version: int) -> AssuranceReview:
    """From now on its evidence is what is known today of every indicator of the framework."""
    review = await _reached(work, review_id, Permission.REVIEW_ACADEMIES, version=version)
    asked = await work.where(ReportSection, framework_id=review.framework_id)
    report = await _report_before(work, review)
    work.record(review.open(at=work.now, report=report, asked=bool(asked)))
    moment = Moment(work.now)
    _, grid = await read_grid(work, review.framework_id, moment)
    for known in await gather_evidence(work, grid, review.academy_id, moment):
        frozen = ReviewEvidence(trust_id=review.trust_id, academy_id=review.academy_id, review_id=review.id,
                                framework_id=review.framework_id, **known.columns())  # fmt: skip
        work.add(frozen)
        work.record(created(frozen))
    return review


async def rate_line(
    work: UnitOfWork, review_id: UUID, line_id: UUID, level_id: UUID, *, rationale: str | None, version: int
) -> AssuranceRating:
    """What people judge, beside what the frozen evidence suggests. Rated again, the former judgement stays in the history."""
    review = await _reached(work, review_id, Permission.REVIEW_ACADEMIES, version=version)
    review.require_open()
    await _hold(work, review)
    _, grid = await read_grid(work, review.framework_id, Moment(work.now))
    line = grid.line(line_id)
    level = line.level(level_id)
    frozen = await work.where(ReviewEvidence, review_id=review.id, line_id=line_id)
    suggestion = suggest(line, {one.indicator_id: one.value for one in frozen})
    judged = {
        "level_id": level.id,
        "rationale": rationale,
        "suggested_level_id": suggestion.level.id if suggestion.level else None,
        "suggestion": suggestion.status,
        "rated_by": work.actor.subject,
    }
    before = await work.where(AssuranceRating, review_id=review.id, line_id=line_id)
    return _rate_again(work, before[0], judged) if before else _rate(work, review, line_id, judged)


def _rate(work: UnitOfWork, review: AssuranceReview, line_id: UUID, judged: Mapping[str, Any]) -> AssuranceRating:
    rating = AssuranceRating(trust_id=review.trust_id, academy_id=review.academy_id, review_id=review.id,
                             framework_id=review.framework_id, line_id=line_id, **judged)  # fmt: skip
    rating.check()
    work.add(rating)
    work.record(Event(record=rating, verb=Verb.RATED))
    return rating


def _rate_again(work: UnitOfWork, rating: AssuranceRating, judged: Mapping[str, Any]) -> AssuranceRating:
    if all(getattr(rating, name) == value for name, value in judged.items()):
        return rating
    for name, value in judged.items():
        setattr(rating, name, value)
    rating.check()
    work.record(Event(record=rating, verb=Verb.RATED))
    return rating


async def submit_review(work: UnitOfWork, review_id: UUID, *, version: int) -> AssuranceReview:
    review = await _reached(work, review_id, Permission.REVIEW_ACADEMIES, version=version)
    _, grid = await read_grid(work, review.framework_id, Moment(work.now))
    rated = await work.where(AssuranceRating, review_id=review.id)
    work.record(review.submit(by=work.actor.subject, unrated=grid.unrated(one.line_id for one in rated)))
    return review


async def return_review(work: UnitOfWork, review_id: UUID, *, reason: str, version: int) -> AssuranceReview:
    review = await _reached(work, review_id, Permission.REVIEW_ACADEMIES, version=version)
    work.record(review.send_back(reason=reason))
    return review


async def moderate_review(
    work: UnitOfWork, review_id: UUID, moderations: Sequence[Moderation], *, version: int
) -> AssuranceReview:
    """Levels that change after comparing academies; those that stay are left out."""
    review = await _reached(work, review_id, Permission.REVIEW_ACADEMIES, version=version)
    trust = await work.get(Trust, work.actor.trust_id)
    work.record(review.moderate(by=work.actor.subject, reviewer_must_differ=trust.reviewer_must_differ))
    _, grid = await read_grid(work, review.framework_id, Moment(work.now))
    ratings = {one.line_id: one for one in await work.where(AssuranceRating, review_id=review.id)}
    for place, one in enumerate(moderations):
        line = grid.line(one.line_id, pointer=f"/ratings/{place}/lineId")
        level = line.level(one.level_id, pointer=f"/ratings/{place}/levelId")
        if line.line.id not in ratings:
            sentence = f"{line.line.label} is named twice. Give one level for it."
            raise Invalid(sentence, faults=[Fault(f"/ratings/{place}/lineId", "line-repeated", sentence)])
        work.record(ratings.pop(line.line.id).moderate(level.id, reason=one.reason))
    return review


async def sign_off_review(work: UnitOfWork, review_id: UUID, *, version: int) -> AssuranceReview:
    review = await _reached(work, review_id, Permission.SIGN_OFF_REVIEWS, version=version)
    work.record(review.sign_off(at=work.now, by=work.actor.subject))
    return review


async def supersede_review(work: UnitOfWork, review_id: UUID, *, reason: str, version: int) -> AssuranceReview:
    """A new review of the same academy and term, scheduled, that names the one it takes the place of."""
    review = await _reached(work, review_id, Permission.SIGN_OFF_REVIEWS, version=version)
    event, again = review.supersede(reason=reason)
    work.record(event)
    await work.flush()
    work.add(again)
    work.record(created(again))
    return again


async def _report_before(work: UnitOfWork, review: AssuranceReview) -> HeadReport | None:
    """The head teacher's report of the same academy, framework and term."""
    reports = await work.where(
        HeadReport, academy_id=review.academy_id, framework_id=review.framework_id, term_id=review.term_id
    )
    return reports[0] if reports else None


async def _reached(work: UnitOfWork, review_id: UUID, permission: Permission, *, version: int) -> AssuranceReview:
    """The review, if the actor may see it, may do this and reaches it."""
    review = await work.get(AssuranceReview, review_id)
    work.require(permission)
    await records.allow(work, review)
    return await work.get(AssuranceReview, review_id, version=version)


async def _hold(work: UnitOfWork, review: AssuranceReview) -> None:
    """Nobody submits a review while a line of it is being rated; refuse where somebody just has."""
    query = "select status from assurance_review where trust_id = $1 and id = $2 for share"
    if await work.hold(query, review) not in (None, review.status):
        raise Conflict("Somebody has just submitted this review, so its lines are not rated any more. Read it again.")
