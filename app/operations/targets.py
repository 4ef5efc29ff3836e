"""Revising a target: a change of the promise makes a new version."""

from typing import Final
from uuid import UUID

from pydantic import Field

from app.commands.targets import revise_target
from app.db.unit_of_work import UnitOfWork
from app.domain.targets import Target
from app.domain.vocabulary import Comparator
from app.operations.bodies import Body, Number, Text
from app.operations.operation import Change
from app.queries.targets import TARGETS


class TargetRevision(Body):
    """What is promised from now on. What is left out stays promised as it is."""

    comparator: Comparator | None = None
    value: Number | None = None
    unit: Text | None = None
    printed: Text | None = None
    trend_condition: Text | None = None
    caveat: Text | None = None
    reason: Text = Field(description="Why the promise changes.")


async def _revise(work: UnitOfWork, target_id: UUID, body: TargetRevision, version: int) -> Target:
    promise = body.given()
    reason = promise.pop("reason")
    return await revise_target(work, target_id, promise, reason=reason, version=version)


CHANGES: Final = (
    Change(
        name="reviseTarget",
        of=TARGETS,
        gives=TARGETS,
        path="revisions",
        summary="Change what a target promises",
        doc="The former promise stays readable as a version of its own.",
        body=TargetRevision,
        run=_revise,
    ),
)
