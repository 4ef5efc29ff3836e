"""Whether a benchmark of the framework holds of an academy, as somebody judged it on a day."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from app.domain.entity import AcademyRecord, Entity, Word, belongs_to, of_academy, unique
from app.domain.review_vocabulary import Held


class BenchmarkAssessment(AcademyRecord, table=True):
    __tablename__ = "benchmark_assessment"
    __table_args__ = of_academy(
        belongs_to("benchmark", "framework_id", "benchmark_id", refusal="The framework has no such benchmark."),
        belongs_to("framework", "framework_id", refusal="There is no such framework."),
        unique("academy_id", "benchmark_id", "on", refusal="This benchmark was assessed on that day already."),
    )

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"note"})
    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"academy_id", "framework_id", "benchmark_id", "on"}

    framework_id: UUID
    benchmark_id: UUID
    on: date
    judgement: Held = Field(sa_type=Word(Held))
    note: str | None = None
