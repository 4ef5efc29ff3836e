"""What is done to assurance reviews, from opening to signing off, and what the figures suggest for their lines."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from app.api.asking import Nothing
from app.api.bodies import Body, Text, json_of
from app.api.computed import answer_of
from app.api.credentials import Caller
from app.api.openapi import RecordId, answers, body_of
from app.api.preconditions import expected_version
from app.api.writing import Writing, needs_key
from app.commands import reviews as review_commands
from app.commands.reviews import Moderation
from app.db.noun import Noun
from app.queries.published import record_model
from app.queries.reviews import ASSURANCE_RATINGS, ASSURANCE_REVIEWS
from app.queries.suggestions import ReviewSuggestions, read_suggestions

router = APIRouter(prefix="/v1/assurance-reviews", tags=["assurance-reviews"])
_FAILURES = (400, 401, 403, 404, 409, 412, 413, 415, 422, 428)


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


def _doing(model: type[Body], noun: Noun = ASSURANCE_REVIEWS, *, status: int = 200) -> dict[str, Any]:
    headers = ("ETag", "Location") if status != 200 else ("ETag",)  # noqa: PLR2004  Created says where
    extra = body_of(model, match=True, key_required=True)
    return answers(record_model(noun), *_FAILURES, status=status, headers=headers, extra=extra)


def _writing(request: Request, actor: Any, noun: Noun = ASSURANCE_REVIEWS, *, status: int = 200) -> Writing:
    needs_key(request)
    return Writing(request, actor, noun, status=status)


@router.post(
    "/{id}/opening", name="openReview", summary="Open a review and freeze its evidence", **_doing(ReviewOpening)
)
async def open_review(
    record_id: RecordId,
    request: Request,
    actor: Caller,
    _body: Annotated[ReviewOpening, Depends(json_of(ReviewOpening))],
) -> Response:
    """It follows the head teacher's report. Of every indicator the reading is kept that counts today, with its levels."""
    writing, version = _writing(request, actor), expected_version(request)
    return await writing.run(lambda work: review_commands.open_review(work, record_id, version=version))


@router.post(
    "/{id}/ratings", name="rateLine", summary="Rate a line of a review", **_doing(LineRating, ASSURANCE_RATINGS)
)
async def rate_line(
    record_id: RecordId, request: Request, actor: Caller, body: Annotated[LineRating, Depends(json_of(LineRating))]
) -> Response:
    """While the review is open, as often as need be. The answer is the rating, beside what the frozen evidence suggests."""
    writing, version = _writing(request, actor, ASSURANCE_RATINGS), expected_version(request)
    return await writing.run(
        lambda work: review_commands.rate_line(
            work, record_id, body.line_id, body.level_id, rationale=body.rationale, version=version
        )
    )


@router.post("/{id}/submission", name="submitReview", summary="Hand in a review", **_doing(ReviewSubmission))
async def submit(
    record_id: RecordId,
    request: Request,
    actor: Caller,
    _body: Annotated[ReviewSubmission, Depends(json_of(ReviewSubmission))],
) -> Response:
    """Every line is rated; otherwise the missing ones are named."""
    writing, version = _writing(request, actor), expected_version(request)
    return await writing.run(lambda work: review_commands.submit_review(work, record_id, version=version))


@router.post("/{id}/return", name="returnReview", summary="Give a review back to its lead", **_doing(ReviewReturn))
async def give_back(
    record_id: RecordId, request: Request, actor: Caller, body: Annotated[ReviewReturn, Depends(json_of(ReviewReturn))]
) -> Response:
    """It is open again, with the evidence as it was frozen."""
    writing, version = _writing(request, actor), expected_version(request)
    return await writing.run(
        lambda work: review_commands.return_review(work, record_id, reason=body.reason, version=version)
    )


@router.post("/{id}/moderation", name="moderateReview", summary="Moderate a review", **_doing(ReviewModeration))
async def moderate(
    record_id: RecordId,
    request: Request,
    actor: Caller,
    body: Annotated[ReviewModeration, Depends(json_of(ReviewModeration))],
) -> Response:
    """After comparing academies. A level that changes keeps the one before it and the reason."""
    writing, version = _writing(request, actor), expected_version(request)
    moved = [Moderation(line_id=one.line_id, level_id=one.level_id, reason=one.reason) for one in body.ratings]
    return await writing.run(lambda work: review_commands.moderate_review(work, record_id, moved, version=version))


@router.post("/{id}/sign-off", name="signOffReview", summary="Sign a review off", **_doing(ReviewSignOff))
async def sign_off(
    record_id: RecordId,
    request: Request,
    actor: Caller,
    _body: Annotated[ReviewSignOff, Depends(json_of(ReviewSignOff))],
) -> Response:
    """From now on nothing in it changes, whatever is restated later."""
    writing, version = _writing(request, actor), expected_version(request)
    return await writing.run(lambda work: review_commands.sign_off_review(work, record_id, version=version))


@router.post(
    "/{id}/supersession", name="supersedeReview", summary="Review again for the same term", status_code=201,
    **_doing(ReviewSupersession, status=201),
)  # fmt: skip
async def supersede(
    record_id: RecordId,
    request: Request,
    actor: Caller,
    body: Annotated[ReviewSupersession, Depends(json_of(ReviewSupersession))],
) -> Response:
    """A new review is scheduled that names the one it takes the place of; that one stays as it was signed off."""
    writing, version = _writing(request, actor, status=201), expected_version(request)
    return await writing.run(
        lambda work: review_commands.supersede_review(work, record_id, reason=body.reason, version=version)
    )


@router.get(
    "/{id}/suggestions", name="getReviewSuggestions", summary="What the figures suggest for each line",  # noqa: FAST003  RecordId is its alias
    **answers(ReviewSuggestions, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def get_suggestions(
    record_id: RecordId, request: Request, actor: Caller, _asked: Annotated[Nothing, Query()]
) -> Response:
    """A level for each line, or why there is none, with the evidence used: what was frozen, or today's before it opens."""
    return await answer_of(request, actor, lambda reader, moment: read_suggestions(reader, record_id, moment))
