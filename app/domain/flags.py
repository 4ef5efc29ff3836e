"""Data-quality flags: what a source leaves unclear, on the record it touches, until somebody resolves it."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import DateTime
from sqlmodel import Field

from app.domain.entity import Entity, Withdrawable, belongs_to
from app.domain.errors import Conflict
from app.domain.events import Event, Verb


class DataQualityFlag(Withdrawable, table=True):
    __tablename__ = "data_quality_flag"
    __table_args__ = (
        belongs_to("plan", "plan_id", refusal="There is no such plan."),
        belongs_to("framework", "framework_id", refusal="There is no such framework."),
    )

    DERIVED: ClassVar[frozenset[str]] = Entity.DERIVED | {"resolved_at", "resolution"}
    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"on_noun", "record_id", "field", "raw", "reference"}
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"resolution"})

    plan_id: UUID | None = Field(default=None, description="The plan it came to light in.")
    framework_id: UUID | None = Field(default=None, description="The framework it came to light in.")
    on_noun: str = Field(description="What kind of record it is on: `action_step`.")
    record_id: UUID
    field: str | None = Field(default=None, description="The field it is about, where it is about one.")
    code: str = Field(description="The kind of fault.")
    detail: str = Field(description="What is unclear and how it is treated.")
    raw: str | None = Field(default=None, description="The text that gave rise to it.")
    reference: str | None = Field(default=None, description="The row of the source's own list of oddities.")
    resolved_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    resolution: str | None = Field(default=None, description="How it was resolved.")

    def resolve(self, *, at: datetime, resolution: str) -> Event:
        if self.resolved_at is not None:
            raise Conflict("This flag is already resolved. Raise a new one if the fault has come back.")
        self.resolved_at = at
        self.resolution = resolution
        return Event(record=self, verb=Verb.RESOLVED)
