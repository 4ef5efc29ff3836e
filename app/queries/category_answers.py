"""The published shape of a proposed category with its whole explanation."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from app.domain.benchmark_standings import BenchmarkRule
from app.domain.category_proposals import NoWayOut, Unreachable
from app.domain.framework_vocabulary import Applies, MeasurePolicy, MeasureRole, NestedReading
from app.domain.judgements import NotEvaluable
from app.domain.measure_vocabulary import Verdict
from app.domain.review_vocabulary import Agreement, Held
from app.domain.stage_measures import PointRule
from app.queries.comparison import Number
from app.queries.figures import FigureUsed, FrameworkNamed
from app.queries.published import Published


class CategorisedBy(FrameworkNamed):
    """The edition of the framework, and how it is read."""

    nestedReading: NestedReading = Field(description="How a value is read that the measures of several stages match.")
    measurePolicy: MeasurePolicy = Field(description="How the stages that single measures point to are joined.")
    fits: Applies = Field(description="Whether it is written for this kind of school.")


class CategoryStage(Published):
    id: UUID
    code: str
    no: int
    name: str


class CriterionTold(Published):
    """One indicative measure of the framework, and whether it is met."""

    code: str
    stage: str = Field(description="Code of the stage it stands under.")
    role: MeasureRole
    needs: str = Field(description="What it asks for, in words.")
    printed: str | None
    verdict: Verdict


class JudgementUsed(Published):
    """A judgement of an inspection that the answer rests on. Without an id it is only supposed."""

    outcomeId: UUID | None
    area: str | None = Field(description="Code of the area; null: the school as a whole.")
    grade: str = Field(description="Code of the grade.")
    inspectedOn: date


class MetricSaying(Published):
    """What one metric says."""

    metric: str
    inspectionFramework: str | None = Field(description="Code of the one whose grades are tested; null: values are.")
    criteria: list[CriterionTold]
    matches: list[str] = Field(description="Codes of the stages whose profile is satisfied literally.")
    points: list[str] = Field(description="Codes of the stages it stands for as the framework is read.")
    gap: bool = Field(description="Whether there is a value or grade and no stage's measure is satisfied by it.")
    interval: str | None = Field(description="The stretch of values in which all this is so, or the grades.")
    rule: PointRule | None
    why: NotEvaluable | None = Field(description="Why it cannot be judged.")
    sentence: str
    value: Number | None
    reading: FigureUsed | None
    judgements: list[JudgementUsed]
    supposed: bool = Field(description="Whether the value or grade is only supposed.")


class BenchmarkTold(Published):
    """A benchmark of the framework and whether it holds of the academy."""

    code: str
    label: str
    stage: str = Field(description="Code of its stage.")
    set: str = Field(description="Code of its set.")
    strand: str = Field(description="Code of its strand.")
    applies: Applies
    condition: str | None = Field(description="What has to be so; null where it is meant for all.")
    verdict: Verdict
    rule: BenchmarkRule
    judgement: Held | None
    judgedOn: date | None
    assessmentId: UUID | None
    value: Number | None = Field(description="The value compared with the printed figure, where nobody judged.")


class Pointed(Published):
    """A stage, and the metrics that point to it. Several of these with no metric in common are a conflict."""

    stage: str
    metrics: list[str]


class ChangeTold(Published):
    """A metric that would have to move, to the nearest value or grade that satisfies."""

    metric: str
    inspectionFramework: str | None
    fromValue: Number | None
    fromGrades: list[str]
    to: str = Field(description='In words: "0", "above 0.25", "grade 2".')
    toValue: Number | None
    toIncluded: bool = Field(description="Whether that value itself satisfies.")
    toGrade: str | None
    share: Number | None = Field(
        description="How far it is, as a share of the metric's range (of grades, of the steps between worst and best); "
        "null where the range is not known."
    )


class Obstacle(Published):
    """A metric by which the stage cannot be reached."""

    metric: str
    why: Unreachable


class WayTold(Published):
    """The least that would have to change for a stage to be suggested."""

    stage: CategoryStage
    criteria: int = Field(description="How many metrics have to move.")
    share: Number | None = Field(description="Sum of the shares; null where a range is not known.")
    reachable: bool
    changes: list[ChangeTold]
    obstacles: list[Obstacle]


class WayOut(Published):
    """Ways to better stages: fewest metrics first, then the smallest sum of shares. None where `why` says so."""

    rule: str
    why: NoWayOut | None
    sentence: str | None
    ways: list[WayTold]


class EvidenceExpected(Published):
    """A kind of evidence that the framework wants looked at."""

    code: str
    label: str


class LatestRating(Published):
    """The rating of an assurance line in the latest review that was signed off by the day."""

    line: str
    level: str
    reviewId: UUID
    signedOffOn: date | None


class AcademyCategorisation(Published):
    """The stage that the measures suggest for an academy on a day, and everything that speaks for and against it."""

    academyId: UUID
    academy: str = Field(description="Code of the academy.")
    on: date
    asKnownAt: datetime | None
    framework: CategorisedBy | None = Field(description="Null where none is in force for this kind of school.")
    agreement: Agreement
    stage: CategoryStage | None = Field(description="The stage suggested; null where none is. People decide.")
    rule: str
    sentence: str
    barredBy: list[str] = Field(
        description="Entry criteria, by code, that are not met and so keep a stage from being suggested."
    )
    missing: list[str] = Field(description="The metrics that cannot be judged, each told among the metrics with why.")
    pointing: list[Pointed]
    metrics: list[MetricSaying]
    benchmarks: list[BenchmarkTold]
    evidence: list[EvidenceExpected]
    ratings: list[LatestRating]
    wayOut: WayOut


class TrustCategorisation(Published):
    """Every academy the reader may see, each as it is told on its own."""

    on: date
    asKnownAt: datetime | None
    academies: list[AcademyCategorisation]
    byAgreement: dict[Agreement, int]
    byStage: dict[str, int] = Field(description="How many academies each stage is suggested for, by its code.")
