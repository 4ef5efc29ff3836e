"""Statements of a framework: printed lists without a rule of their own (descriptors, qualities, duties, values, ...)."""

from uuid import UUID

from sqlmodel import Field

from app.domain.entity import FrameworkRecord, Word, belongs_to, of_framework
from app.domain.framework_vocabulary import FrameworkStatementKind


class FrameworkStatement(FrameworkRecord, table=True):
    __tablename__ = "framework_statement"
    __table_args__ = of_framework(
        belongs_to("maturity_stage", "framework_id", "stage_id", refusal="The framework has no such stage."),
        belongs_to("framework_condition", "framework_id", "condition_id", refusal="The framework has no such condition."),
    )  # fmt: skip

    stage_id: UUID | None = Field(
        default=None, description="The stage it speaks of; null where it speaks of the whole framework."
    )
    kind: FrameworkStatementKind = Field(sa_type=Word(FrameworkStatementKind))
    label: str
    holder: str | None = Field(default=None, description="Who has the duty, the value or the delegation.")
    condition_id: UUID | None = Field(default=None, description="What has to be so for it to hold.")
