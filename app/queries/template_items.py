"""Plan template items, as they can be read."""

from typing import Final

from app.db.noun import Noun, Scope, columns_of
from app.domain.template_items import TemplateItem
from app.queries.narrowing import BY_CODE, BY_NO, FRAMEWORK, SOURCE, STAGE, equals, flag, reference
from app.queries.parents import CONDITION_CODE, STAGE_CODE, code_of

TEMPLATE_ITEMS: Final = Noun(
    name="templateItem",
    plural="template-items",
    title="TemplateItem",
    entity=TemplateItem,
    doc="What an academy in a stage is expected to put into its plan.",
    fields=(
        *columns_of(TemplateItem),
        STAGE_CODE,
        code_of("strandCode", "strand", "strand_id", doc="Code of its strand.", optional=True),
        CONDITION_CODE,
    ),
    filters={
        **FRAMEWORK,
        **STAGE,
        "strandId": reference("strand_id", "Items of this strand."),
        "thread": equals("thread"),
        "conditional": flag("{t}.condition_id is not null", "Meant only under a condition."),
        "numeric": flag("{t}.value is not null", "States a figure."),
        **SOURCE,
    },
    sorts={"code": BY_CODE, "no": BY_NO},
    scope=Scope.TRUST,
)
