"""What is done to milestones: transitions, ratings, dates."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from app.commands.milestones import Transition, move_due_date, move_milestone, rate_milestone
from app.db.unit_of_work import UnitOfWork
from app.domain.milestones import Milestone
from app.domain.vocabulary import Confidence, DateMoveReason, MilestoneStatus
from app.operations.bodies import Body, Day, Number, Text
from app.operations.operation import Change
from app.queries.milestones import MILESTONES


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


async def _move(work: UnitOfWork, milestone_id: UUID, body: MilestoneTransition, version: int) -> Milestone:
    told = {name: getattr(body, name) for name in type(body).model_fields if name != "evidence"}
    transition = Transition(**told, evidence=[note.model_dump() for note in body.evidence])
    return await move_milestone(work, milestone_id, transition, version=version)


async def _rate(work: UnitOfWork, milestone_id: UUID, body: MilestoneRating, version: int) -> Milestone:
    return await rate_milestone(work, milestone_id, body.confidence, rationale=body.rationale, version=version)


async def _move_due(work: UnitOfWork, milestone_id: UUID, body: DueDateMove, version: int) -> Milestone:
    return await move_due_date(work, milestone_id, body.due, because=body.because, reason=body.reason, version=version)


MOVE: Final = Change(
    name="moveMilestone",
    of=MILESTONES,
    gives=MILESTONES,
    path="transitions",
    summary="Move a milestone to another status",
    doc="One transition of the state machine. An illegal one is refused with the list of legal ones.",
    body=MilestoneTransition,
    run=_move,
    key_required=True,
)
RATE: Final = Change(
    name="rateMilestone",
    of=MILESTONES,
    gives=MILESTONES,
    path="ratings",
    summary="Judge how a milestone is going",
    doc="Confidence is a judgement with a rationale; each one is kept in the history.",
    body=MilestoneRating,
    run=_rate,
    key_required=True,
)
MOVE_DUE: Final = Change(
    name="moveMilestoneDueDate",
    of=MILESTONES,
    gives=MILESTONES,
    path="due-dates",
    summary="Agree another date for a milestone",
    doc="Every moved date has a coded reason, and the baseline never changes.",
    body=DueDateMove,
    run=_move_due,
    key_required=True,
)
CHANGES: Final = (MOVE, RATE, MOVE_DUE)
