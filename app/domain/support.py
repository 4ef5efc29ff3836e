"""Support: what an academy was allocated, what was delivered, and which recurring reviews were held."""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Numeric
from sqlmodel import Field

from app.domain.entity import AcademyRecord, Entity, Word, belongs_to, holds, of_academy
from app.domain.errors import Conflict, Fault, Invalid
from app.domain.framework_vocabulary import EntitlementUnit
from app.domain.review_vocabulary import AllocationStatus


class SupportAllocation(AcademyRecord, table=True):
    """Support promised to an academy for a time, under an offer of the framework or beside it."""

    __tablename__ = "support_allocation"
    __table_args__ = of_academy(
        belongs_to("framework", "framework_id", refusal="There is no such framework."),
        belongs_to(
            "entitlement_rule", "framework_id", "entitlement_rule_id", refusal="The framework has no such offer."
        ),
        belongs_to("academy", "giver_academy_id", refusal="There is no such academy."),
        holds("days", "ends_on >= starts_on", refusal="Support cannot end before it starts."),
        holds("quantity", "quantity > 0", refusal="An allocation is of more than nothing."),
        holds("giver", "giver_academy_id <> academy_id", refusal="An academy gives support to another one."),
    )

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"note"})
    DERIVED: ClassVar[frozenset[str]] = Entity.DERIVED | {"status"}
    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"academy_id", "framework_id", "entitlement_rule_id", "unit"}

    framework_id: UUID | None = None
    entitlement_rule_id: UUID | None = Field(
        default=None, description="The offer it draws on; null: beside all offers."
    )
    team: str = Field(description="The team that gives it.")
    unit: EntitlementUnit = Field(sa_type=Word(EntitlementUnit))
    quantity: Decimal = Field(sa_type=Numeric)
    starts_on: date
    ends_on: date
    giver_academy_id: UUID | None = Field(default=None, description="The academy that gives it, where one does.")
    status: AllocationStatus = Field(default=AllocationStatus.PLANNED, sa_type=Word(AllocationStatus))
    note: str | None = None

    def check(self) -> None:
        if self.entitlement_rule_id is not None and self.framework_id is None:
            sentence = "An offer stands in a framework. Give the framework too."
            raise Invalid(sentence, faults=[Fault("/frameworkId", "framework-missing", sentence)])

    def require_open(self) -> None:
        if self.status is AllocationStatus.CLOSED:
            raise Conflict("This allocation is closed, so nothing more is delivered under it.")


class SupportDelivery(AcademyRecord, table=True):
    """Support that was given on a day."""

    __tablename__ = "support_delivery"
    __table_args__ = of_academy(
        belongs_to("support_allocation", "academy_id", "allocation_id", refusal="The academy has no such allocation."),
        holds("quantity", "quantity > 0", refusal="A delivery is of more than nothing."),
    )

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"note"})
    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"academy_id", "allocation_id"}

    allocation_id: UUID
    on: date
    quantity: Decimal = Field(sa_type=Numeric, description="In the unit of its allocation.")
    by_role: str | None = Field(default=None, description="The post that gave it.")
    note: str | None = None


class ReviewHeld(AcademyRecord, table=True):
    """A recurring review, visit or meeting that took place: the next one is counted from its day."""

    __tablename__ = "review_held"
    __table_args__ = of_academy(
        belongs_to("cadence_rule", "framework_id", "cadence_rule_id", refusal="The framework has no such cadence."),
        belongs_to("framework", "framework_id", refusal="There is no such framework."),
    )

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"note"})
    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"academy_id", "framework_id", "cadence_rule_id"}

    framework_id: UUID
    cadence_rule_id: UUID
    on: date
    by_role: str | None = Field(default=None, description="The post that led it.")
    note: str | None = None
