"""Plan template items: what an academy in a stage is expected to put into its plan."""

from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from app.domain.benchmarks import PrintedFigure, figures_in_order
from app.domain.entity import Entity, FrameworkRecord, belongs_to, of_framework


class TemplateItem(FrameworkRecord, PrintedFigure, table=True):
    __tablename__ = "template_item"
    __table_args__ = of_framework(
        belongs_to("maturity_stage", "framework_id", "stage_id", refusal="The framework has no such stage."),
        belongs_to("strand", "framework_id", "strand_id", refusal="The framework has no such strand."),
        belongs_to("framework_condition", "framework_id", "condition_id", refusal="The framework has no such condition."),
        belongs_to("cadence_rule", "framework_id", "cadence_rule_id", refusal="The framework has no such cadence."),
        belongs_to("template_item", "framework_id", "linked_to_id", refusal="The framework has no such template item."),
        figures_in_order(),
    )  # fmt: skip

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"stage_id"}

    stage_id: UUID
    strand_id: UUID | None = Field(default=None, description="Its strand; null where the stage's list has none.")
    strand_printed: str | None = Field(default=None, description="The strand as the stage calls it.")
    label: str
    thread: str | None = Field(default=None, description="What is taken further from stage to stage under this name.")
    condition_id: UUID | None = Field(default=None, description="What has to be so for it to be meant.")
    cadence_rule_id: UUID | None = Field(default=None, description="How often it recurs, where it does.")
    linked_to_id: UUID | None = Field(default=None, description="The same item printed under another strand.")
