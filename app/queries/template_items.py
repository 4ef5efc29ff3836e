"""Plan template items, as they can be read."""

from typing import Final

from app.domain.template_items import TemplateItem
from app.queries.framework_parts import framework_part
from app.queries.narrowing import STAGE, equals, flag, reference
from app.queries.parents import CONDITION_CODE, STAGE_CODE, code_of

TEMPLATE_ITEMS: Final = framework_part(
    TemplateItem,
    STAGE_CODE,
    code_of("strandCode", "strand", "strand_id", doc="Code of its strand.", optional=True),
    CONDITION_CODE,
    name="templateItem",
    plural="template-items",
    doc="What an academy in a stage is expected to put into its plan.",
    filters={
        **STAGE,
        "strandId": reference("strand_id", "Items of this strand."),
        "thread": equals("thread"),
        "conditional": flag("{t}.condition_id is not null", "Meant only under a condition."),
        "numeric": flag("{t}.value is not null", "States a figure."),
    },
)
