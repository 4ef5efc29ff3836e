"""Assurance sections and their lines, as they can be read."""

from typing import Final

from app.db.noun import Children
from app.domain.assurance import AssuranceLine, AssuranceSection
from app.queries.framework_parts import framework_part
from app.queries.indicators import BAND_STATEMENTS, INDICATORS
from app.queries.narrowing import IN_ORDER, flag, reference
from app.queries.parents import code_of

_BELOW: Final = (
    "exists (select 1 from {table} b where b.trust_id = {{trust}} and b.line_id = {{t}}.id and b.withdrawn_at is null)"
)
ASSURANCE_LINES: Final = framework_part(
    AssuranceLine,
    code_of("sectionCode", "assurance_section", "section_id", doc="Code of its section."),
    Children("indicators", lambda: INDICATORS, "line_id", order=IN_ORDER),
    Children("statements", lambda: BAND_STATEMENTS, "line_id", order=IN_ORDER),
    name="assuranceLine",
    plural="assurance-lines",
    doc="Lines that are rated. A line without numeric bands is rated by people alone.",
    filters={
        "sectionId": reference("section_id", "Lines of this section."),
        "hasBands": flag(_BELOW.format(table="indicator"), "Has an indicator with numeric bands."),
        "hasStatements": flag(_BELOW.format(table="band_statement"), "Says in words what earns a level."),
    },
)
ASSURANCE_SECTIONS: Final = framework_part(
    AssuranceSection,
    code_of("scaleCode", "rating_scale", "scale_id", doc="Code of the scale its lines are rated on."),
    Children("lines", lambda: ASSURANCE_LINES, "section_id", order=IN_ORDER),
    name="assuranceSection",
    plural="assurance-sections",
    doc="Sections of what is assured, and the scale that their lines are rated on.",
)
