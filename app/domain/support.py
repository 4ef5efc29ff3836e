"""Support: what an academy was allocated, what was delivered, and which recurring reviews were held."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy import Numeric
from sqlmodel import Field

from app.domain.entitlements import EntitlementRule
from app.domain.entity import AcademyRecord, Entity, Word, belongs_to, holds, of_academy
from app.domain.errors import Conflict, Fault, IllegalMove, Invalid
from app.domain.events import Event, Verb
from app.domain.framework_vocabulary import EntitlementUnit, FrameworkStatus
from app.domain.frameworks import Framework
from app.domain.review_vocabulary import AllocationStatus

NEXT: Final[Mapping[AllocationStatus, tuple[AllocationStatus, ...]]] = MappingProxyType(
    {
        AllocationStatus.PLANNED: (AllocationStatus.ACTIVE, AllocationStatus.CLOSED),
        AllocationStatus.ACTIVE: (AllocationStatus.CLOSED,),
        AllocationStatus.CLOSED: (),
    }
)
"""What an allocation may become."""


class SupportAllocation(AcademyRecord, table=True):
    """Support promised to an academy for a time, under an offer of the framework or beside it."""

    __tablename__ = "support_allocation"
    __table_args__ = of_academy(
        belongs_to("framework", "framework_id", refusal="There is no such framework."),
        belongs_to(
            "entitlement_rule", "framework_id", "entitlement_rule_id", refusal="The framework has no such offer."
        ),
        belongs_to("academy", "giver_academy_id", refusal="There is no such academy."),
        belongs_to("objective", "plan_id", "objective_id", refusal="The plan has no such objective."),
        holds("days", "ends_on >= starts_on", refusal="Support cannot end before it starts."),
        holds("quantity", "quantity > 0", refusal="An allocation is of more than nothing."),
        holds("giver", "giver_academy_id <> academy_id", refusal="An academy gives support to another one."),
    )

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"note"})
    DERIVED: ClassVar[frozenset[str]] = Entity.DERIVED | {"status"}
    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {
        "academy_id", "framework_id", "entitlement_rule_id", "team", "unit",
    }  # fmt: skip

    framework_id: UUID | None = None
    entitlement_rule_id: UUID | None = Field(
        default=None, description="The offer it draws on; null: beside all offers."
    )
    plan_id: UUID | None = Field(default=None, description="The plan it serves, where it serves one.")
    objective_id: UUID | None = Field(default=None, description="The objective it serves; its plan is given with it.")
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

    def draw_on(self, rule: EntitlementRule, framework: Framework) -> None:
        """Refuse what the offer is not: another team's support, or another unit. Nothing is converted."""
        if framework.status is FrameworkStatus.DRAFT:
            sentence = f"{framework.code} is a draft, so it promises nothing yet. Publish it first."
            raise Invalid(sentence, faults=[Fault("/frameworkId", "framework-not-published", sentence)])
        if self.team != rule.team:
            sentence = f"The offer {rule.code} is one of the team {rule.team}, not of {self.team}. Name its team."
            raise Invalid(sentence, faults=[Fault("/team", "other-team", sentence)])
        if rule.unit is not None and self.unit != rule.unit:
            sentence = f"The offer {rule.code} is counted in {rule.unit}, and nothing is converted. Allocate it in {rule.unit}."
            raise Invalid(sentence, faults=[Fault("/unit", "other-unit", sentence)])

    def activate(self) -> Event:
        return self._become(AllocationStatus.ACTIVE, Verb.ACTIVATED, None)

    def close(self, reason: str | None) -> Event:
        """Nothing more is given under it; what is left of it lapses."""
        return self._become(AllocationStatus.CLOSED, Verb.CLOSED, reason)

    def _become(self, status: AllocationStatus, verb: Verb, reason: str | None) -> Event:
        if status not in NEXT[self.status]:
            legal = NEXT[self.status]
            sentence = f"A support allocation that is {self.status} cannot become {status}."
            raise IllegalMove(sentence, legal=[str(one) for one in legal])
        self.status = status
        return Event(record=self, verb=verb, reason=reason)

    def require_open(self) -> None:
        if self.status is AllocationStatus.CLOSED:
            raise Conflict(
                "This allocation is closed, so nothing more is delivered under it, and nothing in it changes."
            )

    def take(self, delivery: "SupportDelivery") -> None:
        """Refuse what was given on a day the allocation is not for. More than was allocated is taken, and told."""
        if not self.starts_on <= delivery.on <= self.ends_on:
            sentence = (
                f"The allocation runs from {self.starts_on:%-d %B %Y} to {self.ends_on:%-d %B %Y}. "
                "Name a day within it, or change the allocation first."
            )
            raise Invalid(sentence, faults=[Fault("/on", "outside-allocation", sentence)])


class SupportDelivery(AcademyRecord, table=True):
    """Support that was given on a day."""

    __tablename__ = "support_delivery"
    __table_args__ = of_academy(
        belongs_to("support_allocation", "academy_id", "allocation_id", refusal="The academy has no such allocation."),
        holds("quantity", "quantity > 0", refusal="A delivery is of more than nothing."),
    )

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"note"})
    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"academy_id", "allocation_id", "on"}

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
