"""Waivers of plan checks, as they can be read."""

from typing import Final

from app.db.noun import Noun, columns_of
from app.domain.check_waivers import CheckWaiver
from app.domain.vocabulary import PlanRule
from app.queries.narrowing import BY_ID, reference, word

CHECK_WAIVERS: Final = Noun(
    name="checkWaiver",
    plural="check-waivers",
    title="CheckWaiver",
    entity=CheckWaiver,
    doc="Findings of the plan checks that somebody accepts, for a reason and until a day.",
    fields=columns_of(CheckWaiver),
    filters={
        "planId": reference("plan_id", "Waivers in this plan."),
        "rule": word("rule", PlanRule),
        "subjectId": reference("subject_id", "Waivers about this record."),
    },
    sorts={"id": BY_ID},
    default_sort="id",
)
