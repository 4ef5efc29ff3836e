"""Waivers: a finding of the plan checks that somebody accepts, for a reason and until a day."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from app.domain.entity import Entity, Withdrawable, Word, belongs_to, unique
from app.domain.vocabulary import PlanRule


class CheckWaiver(Withdrawable, table=True):
    __tablename__ = "check_waiver"
    __table_args__ = (
        belongs_to("plan", "plan_id", refusal="There is no such plan."),
        unique("plan_id", "rule", "subject_id", "until", refusal="This finding is waived until that day already."),
    )

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"because"})
    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"rule", "subject_id"}

    plan_id: UUID
    rule: PlanRule = Field(sa_type=Word(PlanRule), description="Code of the check.")
    subject_id: UUID = Field(description="The record it is about.")
    because: str = Field(description="Why it is accepted.")
    until: date | None = Field(default=None, description="Last day it is accepted; null: for good.")

    def stands(self, on: date) -> bool:
        return self.withdrawn_at is None and (self.until is None or on <= self.until)
