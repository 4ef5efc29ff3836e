"""Every operation besides the keeping of records. The doors walk these two lists."""

from typing import Final

from app.operations import (
    assurance,
    calculations,
    categorisation,
    evaluations,
    events,
    flags,
    frameworks,
    head_reports,
    keys,
    memberships,
    metrics,
    milestones,
    plans,
    reviews,
    rollups,
    sensitive_reads,
    support,
    targets,
)
from app.operations.operation import Answer, Change

ANSWERS: Final[tuple[Answer, ...]] = (
    *plans.ANSWERS,
    *frameworks.ANSWERS,
    *evaluations.ANSWERS,
    *metrics.ANSWERS,
    *categorisation.ANSWERS,
    *support.ANSWERS,
    *reviews.ANSWERS,
    *assurance.ANSWERS,
    *rollups.ANSWERS,
    *events.ANSWERS,
    *sensitive_reads.ANSWERS,
    *calculations.ANSWERS,
)
CHANGES: Final[tuple[Change, ...]] = (
    *milestones.CHANGES,
    *targets.CHANGES,
    *metrics.CHANGES,
    *frameworks.CHANGES,
    *head_reports.CHANGES,
    *reviews.CHANGES,
    *support.CHANGES,
    *flags.CHANGES,
    *keys.CHANGES,
    *memberships.CHANGES,
)
