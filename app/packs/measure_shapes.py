"""The shapes of what is measured and seen: metrics with the breaks of their series, batches of readings, observations."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AwareDatetime, Field

from app.domain.framework_vocabulary import DefinitionStatus, Direction
from app.domain.inspection_outcomes import InspectionOutcome
from app.domain.measure_vocabulary import (
    Absence,
    Basis,
    BreakKind,
    Feed,
    Grain,
    ObservationKind,
    OfficialScope,
    ProgressGrade,
)
from app.domain.metrics import SMALLEST_SHOWN, Metric, SeriesBreak
from app.domain.observations import Observation
from app.domain.readings import Reading, ReadingBatch
from app.packs.shapes import Code, Label, No, Printed, RecordShape, Sourced


class SeriesBreakShape(Sourced):
    """`on` is the first day of the new series."""

    KIND = SeriesBreak
    KEY = ("on",)

    on: date
    kind: BreakKind = BreakKind.HARD
    label: Label


class MetricShape(Sourced):
    """What plans, frameworks and feeds call by its code."""

    KIND = Metric

    code: Code
    label: Label
    definition: Label | None = None
    unit: Printed | None = None
    direction: Direction | None = None
    numerator: Label | None = None
    denominator: Label | None = None
    cohort_basis: Label | None = None
    basis: Basis = Basis.PERIOD
    feed: Feed = Feed.READINGS
    definition_status: DefinitionStatus = DefinitionStatus.DEFINED
    source_system: Printed | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    range_min: Decimal | None = None
    range_max: Decimal | None = None
    decimals: Annotated[int, Field(ge=0, le=6)] = 1
    smallest_shown: Annotated[int, Field(ge=1, le=100)] = SMALLEST_SHOWN
    breaks: list[SeriesBreakShape] = []


class ReadingShape(RecordShape):
    """A `value`, or the `absence` of one; of an academy, or an `official` comparator. No `group`: all pupils."""

    KIND = Reading
    KEY = ("metric", "academy", "official", "group", "grain", "starts_on", "ends_on")

    metric: Code
    academy: Code | None = None
    official: OfficialScope | None = None
    group: Code | None = None
    grain: Grain
    starts_on: date
    ends_on: date
    value: Decimal | None = None
    absence: Absence | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None


class ReadingBatchShape(RecordShape):
    """What one source sent at one time. A later batch of the same source restates what it says otherwise."""

    KIND = ReadingBatch
    KEY = ("source", "as_at", "nth")

    source: Printed
    as_at: AwareDatetime | None = None
    nth: No = 1
    note: Label | None = None
    readings: Annotated[list[ReadingShape], Field(min_length=1)]


class ObservationShape(RecordShape):
    """What was seen on a day. `observers` are posts; nothing says whose lesson it was."""

    KIND = Observation
    KEY = ("academy", "kind", "on", "nth")

    academy: Code
    kind: ObservationKind
    on: date
    nth: No = 1
    observers: list[Printed] = []
    subject: Printed | None = None
    year_group: Printed | None = None
    groups_seen: list[Printed] = []
    focus: list[Printed] = []
    judged: bool = False
    progress_grade: ProgressGrade | None = None
    strengths: Label | None = None
    next_steps: Label | None = None


class InspectionOutcomeShape(RecordShape):
    """Without an `inspectionArea` it is of the school as a whole."""

    KIND = InspectionOutcome
    KEY = ("academy", "inspection_framework", "inspection_area", "inspected_on", "nth")

    academy: Code
    inspection_framework: Code
    inspection_area: Code | None = None
    inspection_grade: Code
    inspected_on: date
    nth: No = 1
    published_on: date | None = None
