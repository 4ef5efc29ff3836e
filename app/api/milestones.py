"""What is done to milestones: transitions, ratings, dates."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from app.api.bodies import Body, Day, Number, Text, json_of
from app.api.credentials import Caller
from app.api.openapi import RecordId, answers, body_of
from app.api.preconditions import expected_version
from app.api.writing import Writing, needs_key
from app.commands.milestones import Transition, move_due_date, move_milestone, rate_milestone
from app.domain.vocabulary import Confidence, DateMoveReason, MilestoneStatus
from app.queries.milestones import MILESTONES
from app.queries.published import record_model

router = APIRouter(prefix="/v1/milestones", tags=["milestones"])
_FAILURES = (400, 401, 403, 404, 409, 412, 413, 415, 422, 428)


class EvidenceNote(Body):
    """What shows that it is so."""

    note: Text = Field(description="What was seen, where, and when.")
    link: Annotated[Text, Field(max_length=500)] | None = None


class MilestoneTransition(Body):
    """A move of the state machine. Each move says what it needs: see the page on milestones in the docs."""

    to: MilestoneStatus = Field(examples=["in_progress"])
    on: Day | None = Field(default=None, description="The day it happened; today if left out.")
    reason: Text | None = None
    evidence: list[EvidenceNote] = Field(default_factory=list, max_length=20)
    due: Annotated[Text, Field(max_length=200)] | None = Field(
        default=None, description="The newly agreed date, as text."
    )
    due_reason: DateMoveReason | None = Field(default=None, description="Why the date moves.")
    value: Number | None = Field(default=None, description="The value reached, of a numeric milestone.")
    override: bool = Field(default=False, description="Confirm against the figures; needs a reason.")


class MilestoneRating(Body):
    """A judgement of how it is going. It never changes the status."""

    confidence: Confidence
    rationale: Text


class DueDateMove(Body):
    """Another date, agreed. The baseline stays."""

    due: Annotated[Text, Field(max_length=200)] = Field(examples=["end of March 2027"])
    because: DateMoveReason
    reason: Text | None = None


def _doing(model: type[Body]) -> dict[str, Any]:
    return answers(
        record_model(MILESTONES), *_FAILURES, headers=("ETag",), extra=body_of(model, match=True, key_required=True)
    )


@router.post(
    "/{id}/transitions",
    name="moveMilestone",
    summary="Move a milestone to another status",
    **_doing(MilestoneTransition),
)
async def move(
    record_id: RecordId,
    request: Request,
    actor: Caller,
    body: Annotated[MilestoneTransition, Depends(json_of(MilestoneTransition))],
) -> Response:
    """One transition of the state machine. An illegal one is refused with the list of legal ones."""
    needs_key(request)
    version = expected_version(request)
    told = {name: getattr(body, name) for name in type(body).model_fields if name != "evidence"}
    transition = Transition(**told, evidence=[note.model_dump() for note in body.evidence])
    return await Writing(request, actor, MILESTONES).run(
        lambda work: move_milestone(work, record_id, transition, version=version)
    )


@router.post("/{id}/ratings", name="rateMilestone", summary="Judge how a milestone is going", **_doing(MilestoneRating))
async def rate(
    record_id: RecordId,
    request: Request,
    actor: Caller,
    body: Annotated[MilestoneRating, Depends(json_of(MilestoneRating))],
) -> Response:
    """Confidence is a judgement with a rationale; each one is kept in the history."""
    needs_key(request)
    version = expected_version(request)
    return await Writing(request, actor, MILESTONES).run(
        lambda work: rate_milestone(work, record_id, body.confidence, rationale=body.rationale, version=version)
    )


@router.post(
    "/{id}/due-dates", name="moveMilestoneDueDate", summary="Agree another date for a milestone", **_doing(DueDateMove)
)
async def move_due(
    record_id: RecordId, request: Request, actor: Caller, body: Annotated[DueDateMove, Depends(json_of(DueDateMove))]
) -> Response:
    """Every moved date has a coded reason, and the baseline never changes."""
    needs_key(request)
    version = expected_version(request)
    return await Writing(request, actor, MILESTONES).run(
        lambda work: move_due_date(work, record_id, body.due, because=body.because, reason=body.reason, version=version)
    )
