"""Entitlement rules, as they can be read."""

from typing import Final

from app.domain.entitlements import EntitlementRule
from app.domain.framework_vocabulary import EntitlementTier, EntitlementUnit
from app.queries.framework_parts import framework_part
from app.queries.narrowing import STAGE, equals, flag, word
from app.queries.parents import CONDITION_CODE, STAGE_CODE

ENTITLEMENT_RULES: Final = framework_part(
    EntitlementRule,
    STAGE_CODE,
    CONDITION_CODE,
    name="entitlementRule",
    plural="entitlement-rules",
    doc="The support a stage is offered, by team and tier, as far as it is said how much.",
    filters={
        **STAGE,
        "team": equals("team"),
        "tier": word("tier", EntitlementTier),
        "unit": word("unit", EntitlementUnit),
        "quantified": flag("num_nonnulls({t}.quantity_min, {t}.quantity_max) > 0", "Says how much."),
        "hasPeriod": flag("{t}.period is not null", "Says per what."),
        "recurs": flag("{t}.cadence_rule_id is not null", "Says how often."),
    },
)
