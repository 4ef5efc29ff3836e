"""What is done to assurance reviews, from opening to signing off, and what the figures suggest for their lines."""

from typing import Final
from uuid import UUID

from pydantic import Field

from app.commands import reviews as review_commands
from app.commands.reviews import Moderation
from app.db.unit_of_work import UnitOfWork
from app.domain.reviews import AssuranceRating, AssuranceReview
from app.domain.roles import Permission
from app.operations.asked import Nothing
from app.operations.bodies import Body, Text
from app.operations.operation import Answer, Change
from app.queries.reading import Moment, Reads
from app.queries.reviews import ASSURANCE_RATINGS, ASSURANCE_REVIEWS
from app.queries.suggestions import ReviewSuggestions, read_suggestions


class ReviewOpening(Body):
    """Nothing need be said."""


class LineRating(Body):
    """How people rate one line."""

    line_id: UUID
    level_id: UUID
    rationale: Text | None = Field(
        default=None, description="Why; needed where the rating differs from what the figures suggest."
    )


class ReviewSubmission(Body):
    """Nothing need be said: every line is rated."""


class ReviewReturn(Body):
    """What its lead is to mend."""

    reason: Text


class ModeratedLine(Body):
    """Another level for one line."""

    line_id: UUID
    level_id: UUID
    reason: Text


class ReviewModeration(Body):
    """The lines whose level changes; those that stay are left out."""

    ratings: list[ModeratedLine] = Field(default_factory=list, max_length=500)


class ReviewSignOff(Body):
    """Nothing need be said."""


class ReviewSupersession(Body):
    """Why the academy is reviewed again for this term."""

    reason: Text


async def _open(work: UnitOfWork, review_id: UUID, _body: ReviewOpening, version: int) -> AssuranceReview:
    return await review_commands.open_review(work, review_id, version=version)


async def _rate(work: UnitOfWork, review_id: UUID, body: LineRating, version: int) -> AssuranceRating:
    return await review_commands.rate_line(
        work, review_id, body.line_id, body.level_id, rationale=body.rationale, version=version
    )


async def _submit(work: UnitOfWork, review_id: UUID, _body: ReviewSubmission, version: int) -> AssuranceReview:
    return await review_commands.submit_review(work, review_id, version=version)


async def _return(work: UnitOfWork, review_id: UUID, body: ReviewReturn, version: int) -> AssuranceReview:
    return await review_commands.return_review(work, review_id, reason=body.reason, version=version)


async def _moderate(work: UnitOfWork, review_id: UUID, body: ReviewModeration, version: int) -> AssuranceReview:
    moved = [Moderation(line_id=one.line_id, level_id=one.level_id, reason=one.reason) for one in body.ratings]
    return await review_commands.moderate_review(work, review_id, moved, version=version)


async def _sign_off(work: UnitOfWork, review_id: UUID, _body: ReviewSignOff, version: int) -> AssuranceReview:
    return await review_commands.sign_off_review(work, review_id, version=version)


async def _supersede(work: UnitOfWork, review_id: UUID, body: ReviewSupersession, version: int) -> AssuranceReview:
    return await review_commands.supersede_review(work, review_id, reason=body.reason, version=version)


async def _suggestions(reads: Reads, review_id: UUID, _asked: Nothing, moment: Moment) -> ReviewSuggestions:
    return await read_suggestions(reads, review_id, moment)


CHANGES: Final = (
    Change(
        name="openReview",
        of=ASSURANCE_REVIEWS,
        gives=ASSURANCE_REVIEWS,
        path="opening",
        summary="Open a review and freeze its evidence",
        doc="It follows the head teacher's report. Of every indicator the reading is kept that counts today, with its levels.",
        body=ReviewOpening,
        run=_open,
        key_required=True,
    ),
    Change(
        name="rateLine",
        of=ASSURANCE_REVIEWS,
        gives=ASSURANCE_RATINGS,
        path="ratings",
        summary="Rate a line of a review",
        doc="While the review is open, as often as need be. The answer is the rating, beside what the frozen evidence suggests.",
        body=LineRating,
        run=_rate,
        key_required=True,
    ),
    Change(
        name="submitReview",
        of=ASSURANCE_REVIEWS,
        gives=ASSURANCE_REVIEWS,
        path="submission",
        summary="Hand in a review",
        doc="Every line is rated; otherwise the missing ones are named.",
        body=ReviewSubmission,
        run=_submit,
        key_required=True,
    ),
    Change(
        name="returnReview",
        of=ASSURANCE_REVIEWS,
        gives=ASSURANCE_REVIEWS,
        path="return",
        summary="Give a review back to its lead",
        doc="It is open again, with the evidence as it was frozen.",
        body=ReviewReturn,
        run=_return,
        key_required=True,
    ),
    Change(
        name="moderateReview",
        of=ASSURANCE_REVIEWS,
        gives=ASSURANCE_REVIEWS,
        path="moderation",
        summary="Moderate a review",
        doc="After comparing academies. A level that changes keeps the one before it and the reason.",
        body=ReviewModeration,
        run=_moderate,
        key_required=True,
    ),
    Change(
        name="signOffReview",
        of=ASSURANCE_REVIEWS,
        gives=ASSURANCE_REVIEWS,
        path="sign-off",
        summary="Sign a review off",
        doc="From now on nothing in it changes, whatever is restated later.",
        body=ReviewSignOff,
        run=_sign_off,
        key_required=True,
    ),
    Change(
        name="supersedeReview",
        of=ASSURANCE_REVIEWS,
        gives=ASSURANCE_REVIEWS,
        path="supersession",
        summary="Review again for the same term",
        doc="A new review is scheduled that names the one it takes the place of; that one stays as it was signed off.",
        body=ReviewSupersession,
        run=_supersede,
        key_required=True,
        creates=True,
    ),
)
ANSWERS: Final = (
    Answer(
        name="getReviewSuggestions",
        of=ASSURANCE_REVIEWS,
        path="suggestions",
        tag="assurance-reviews",
        summary="What the figures suggest for each line",
        doc="A level for each line, or why there is none, with the evidence used: what was frozen, or today's before it opens.",
        asked=Nothing,
        gives=ReviewSuggestions,
        read=_suggestions,
        needs=Permission.READ_SENSITIVE,
    ),
)
