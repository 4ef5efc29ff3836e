"""What can be done to each noun's records: made, changed, taken out of use; and whose ways of doing so are their own."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field

from app.commands import academies, actions, records
from app.commands import categorisation as category_commands
from app.commands import frameworks as framework_commands
from app.commands import head_reports as head_report_commands
from app.commands import memberships as membership_commands
from app.commands import milestones as milestone_commands
from app.commands import plans as plan_commands
from app.commands import reviews as review_commands
from app.commands import support as support_commands
from app.commands import targets as target_commands
from app.db.noun import Noun
from app.db.unit_of_work import UnitOfWork
from app.domain.entity import Entity, Withdrawable
from app.domain.errors import Invalid
from app.domain.roles import Role
from app.operations.bodies import Body, Day, Text, creation, merge
from app.queries.nouns import NOUNS

Creator = Callable[[UnitOfWork, Mapping[str, Any]], Awaitable[Entity]]
Withdrawer = Callable[..., Awaitable[Entity]]


@dataclass(frozen=True, eq=False)
class Resource:
    """What a door offers of a noun. `create` of None: nobody creates one by itself; likewise the others."""

    noun: Noun
    create: Creator | None = None
    extras: Mapping[str, Any] = field(default_factory=dict)
    change: bool = True
    withdraw: Withdrawer | None = records.withdraw

    @property
    def may_change(self) -> bool:
        return self.change and bool(merge_of(self.noun).model_fields)

    @property
    def withdrawer(self) -> Withdrawer | None:
        """How one is taken out of use, where it can be."""
        return self.withdraw if issubclass(self.noun.entity, Withdrawable) else None


class Withdrawal(Body):
    """Why a record is taken out of use."""

    reason: Text = Field(description="Why, in a sentence.")


class Named(Body):
    """Somebody who leads or monitors."""

    person_id: UUID
    printed: Annotated[Text, Field(max_length=60)] | None = Field(
        default=None, description="The code as printed there."
    )


def _named(role: str) -> tuple[Any, Any]:
    return list[Named], Field(default_factory=list, max_length=50, description=f"Whoever {role} it.")


_RESPONSIBLE: Final = {"leads": _named("leads"), "monitors": _named("monitors")}
_ACADEMIES: Final[tuple[Any, Any]] = (
    list[UUID],
    Field(default_factory=list, max_length=500, description="The academies it is for; none: the whole trust."),
)
_ROLES: Final[tuple[Any, Any]] = (list[Role], Field(min_length=1, max_length=10, description="What they may do."))
_TARGETS: Final[tuple[Any, Any]] = (
    list[UUID],
    Field(default_factory=list, max_length=200, description="The targets it serves."),
)
# What may be left out of a suggestion that is put on record.
_SUGGESTED: Final[Mapping[str, Any]] = {
    "framework_id": (
        UUID | None,
        Field(default=None, description="Left out: the framework in force for the academy's kind of school."),
    ),
    "on": (Day | None, Field(default=None, description="The day asked about; left out: today.")),
}

_OWN_WAYS: Final[dict[str, dict[str, Any]]] = {
    "trusts": {"create": None},
    "target-versions": {"create": None, "change": False, "withdraw": None},
    "api-keys": {"create": None, "change": False},
    "memberships": {"create": membership_commands.add_member, "extras": {"roles": _ROLES}, "change": False},
    "trusted-documents": {"create": None, "change": False},
    "academy-identifiers": {"create": academies.identify_academy},
    "plans": {"create": plan_commands.make_plan, "extras": {"academy_ids": _ACADEMIES}},
    "plan-academies": {"create": plan_commands.widen_plan, "change": False, "withdraw": plan_commands.narrow_plan},
    "frameworks": {"withdraw": framework_commands.withdraw_draft},
    "objectives": {"create": actions.set_objective, "extras": {"target_ids": _TARGETS}},
    "actions": {"create": actions.set_action, "extras": _RESPONSIBLE},
    "action-steps": {"create": actions.set_step, "extras": _RESPONSIBLE},
    "targets": {"create": target_commands.set_target},
    "milestones": {"create": milestone_commands.set_milestone, "withdraw": None},
    "evidence": {"create": milestone_commands.add_evidence},
    "readings": {"create": None, "change": False, "withdraw": None},
    "reading-batches": {"create": None, "change": False, "withdraw": None},
    "review-evidence": {"create": None, "change": False, "withdraw": None},
    "head-reports": {"create": head_report_commands.begin_report},
    "head-report-sections": {"create": head_report_commands.write_section},
    "assurance-reviews": {
        "create": review_commands.schedule_review,
        "change": False,
        "withdraw": review_commands.take_back_review,
    },
    "assurance-ratings": {"create": None, "change": False, "withdraw": None},
    "support-allocations": {"create": support_commands.allocate},
    "support-deliveries": {"create": support_commands.deliver},
    "reviews-held": {"create": support_commands.hold_review},
    "benchmark-assessments": {"create": framework_commands.assess_benchmark},
    "category-suggestions": {
        "create": category_commands.suggest_category,
        "extras": _SUGGESTED,
        "change": False,
        "withdraw": None,
    },
    "category-decisions": {"create": category_commands.decide_category, "change": False, "withdraw": None},
    "releases": {"create": None, "change": False, "withdraw": None},
    "released-figures": {"create": None, "change": False, "withdraw": None},
}


@cache
def resources() -> tuple[Resource, ...]:
    return tuple(_resource(noun) for noun in NOUNS.values())


@cache
def creation_of(resource: Resource) -> type[Body]:
    """The body that creates a record."""
    return creation(resource.noun.entity, resource.noun.title, **resource.extras)


@cache
def merge_of(noun: Noun) -> type[Body]:
    """The body that changes a record."""
    return merge(noun.entity, noun.title)


def kept(noun: Noun) -> Creator:
    """The ordinary way to create a record: check it and keep it."""

    async def create(work: UnitOfWork, values: Mapping[str, Any]) -> Entity:
        return await records.create(work, noun.entity, values)

    return create


def values_of(body: Body) -> dict[str, Any]:
    """What a creating body says, by column name. An id that is not given is made where the record is."""
    values = body.model_dump()
    if values.get("id") is None:
        values.pop("id", None)
    return values


def not_emptied(noun: Noun, given: dict[str, Any]) -> dict[str, Any]:
    """What a merge patch gives, unless it would empty a column that may not be empty."""
    for column in noun.entity.columns():
        if column.name in given and given[column.name] is None and not column.nullable:
            raise Invalid(f"{column.name} cannot be empty. Give a value, or leave it out to keep it.")
    return given


def _resource(noun: Noun) -> Resource:
    return Resource(noun, **({"create": kept(noun)} | _OWN_WAYS.get(noun.plural, {})))
