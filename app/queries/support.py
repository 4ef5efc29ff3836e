"""Support allocated and delivered, and recurring reviews held, as they can be read."""

from datetime import date
from typing import Final
from uuid import UUID

from app.db.noun import Children, Computed, Filter, Noun, Scope, Sort, columns_of
from app.domain.framework_vocabulary import EntitlementUnit
from app.domain.review_vocabulary import AllocationStatus
from app.domain.support import ReviewHeld, SupportAllocation, SupportDelivery
from app.queries.narrowing import BY_ID, OF_ACADEMY, equals, reference, word
from app.queries.parents import ACADEMY_CODE, code_of

_ON: Final = {
    "from": Filter('{t}."on" >= {value}', "date", date, "On this day or after it."),
    "before": Filter('{t}."on" < {value}', "date", date, "Before this day."),
}
SUPPORT_DELIVERIES: Final = Noun(
    name="supportDelivery",
    plural="support-deliveries",
    title="SupportDelivery",
    entity=SupportDelivery,
    doc="Support that was given, each under its allocation and in its unit.",
    fields=columns_of(SupportDelivery),
    filters={
        **OF_ACADEMY,
        "allocationId": reference("allocation_id", "Under this allocation."),
        "giverAcademyId": Filter(
            "exists (select 1 from support_allocation a where a.trust_id = {trust} and a.id = {t}.allocation_id "
            "and a.giver_academy_id = {value} and a.withdrawn_at is null)",
            "uuid",
            UUID,
            "Given by this academy.",
        ),
        **_ON,
    },
    sorts={"id": BY_ID, "on": Sort('{t}."on"', "date")},
    scope=Scope.ACADEMY,
    default_sort="id",
)
SUPPORT_ALLOCATIONS: Final = Noun(
    name="supportAllocation",
    plural="support-allocations",
    title="SupportAllocation",
    entity=SupportAllocation,
    doc="Support promised to an academy for a time, and what was delivered under it.",
    fields=(
        *columns_of(SupportAllocation),
        ACADEMY_CODE,
        Computed(
            "delivered",
            "select coalesce(sum(d.quantity), 0) from support_delivery d where d.trust_id = {trust} "
            "and d.allocation_id = {t}.id and d.withdrawn_at is null",
            SupportDelivery.model_fields["quantity"].annotation,
            "How much was delivered in all, on whatever day, in its unit.",
        ),
        Children("deliveries", lambda: SUPPORT_DELIVERIES, "allocation_id", order='{t}."on", {t}.id'),
    ),
    filters={
        **OF_ACADEMY,
        "entitlementRuleId": reference("entitlement_rule_id", "Under this offer."),
        "objectiveId": reference("objective_id", "For this objective."),
        "giverAcademyId": reference("giver_academy_id", "Given by this academy."),
        "team": equals("team"),
        "unit": word("unit", EntitlementUnit),
        "status": word("status", AllocationStatus),
    },
    sorts={"id": BY_ID, "startsOn": Sort("{t}.starts_on", "date")},
    scope=Scope.ACADEMY,
    default_sort="id",
)
REVIEWS_HELD: Final = Noun(
    name="reviewHeld",
    plural="reviews-held",
    title="ReviewHeld",
    entity=ReviewHeld,
    doc="Recurring reviews, visits and meetings that took place.",
    fields=(
        *columns_of(ReviewHeld),
        ACADEMY_CODE,
        code_of("cadenceCode", "cadence_rule", "cadence_rule_id", doc="Code of the cadence."),
    ),
    filters={**OF_ACADEMY, "cadenceRuleId": reference("cadence_rule_id", "Under this cadence."), **_ON},
    sorts={"id": BY_ID, "on": Sort('{t}."on"', "date")},
    scope=Scope.ACADEMY,
    default_sort="id",
)
