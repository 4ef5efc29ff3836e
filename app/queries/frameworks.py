"""Frameworks and what belongs to them as a whole, as they can be read: the record for lists, the whole tree for the page."""

from datetime import date
from typing import Final

from app.db.noun import Children, Computed, Filter, Noun, Scope, Sort, columns_of
from app.domain.conditions import FrameworkCondition
from app.domain.evidence_kinds import EvidenceKind
from app.domain.framework_vocabulary import FrameworkStatus
from app.domain.frameworks import Framework
from app.domain.report_sections import ReportSection
from app.domain.strands import Strand
from app.domain.vocabulary import Sector
from app.queries.assurance import ASSURANCE_SECTIONS
from app.queries.benchmarks import BENCHMARK_SETS
from app.queries.cadences import CADENCE_RULES
from app.queries.framework_parts import framework_part
from app.queries.narrowing import (
    BY_CODE,
    IN_ORDER,
    SOURCE,
    equals,
    flag,
    word,
)
from app.queries.ratings import RATING_SCALES
from app.queries.reading import Reads
from app.queries.stages import MATURITY_STAGES
from app.queries.statements import FRAMEWORK_STATEMENTS

FRAMEWORK_CONDITIONS: Final = framework_part(
    FrameworkCondition,
    name="frameworkCondition",
    plural="framework-conditions",
    doc="What has to be so of an academy for something in a framework to be meant for it.",
)
STRANDS: Final = framework_part(
    Strand,
    name="strand",
    plural="strands",
    doc="Themes that run through the stages of a framework.",
)
REPORT_SECTIONS: Final = framework_part(
    ReportSection,
    name="reportSection",
    plural="report-sections",
    doc="The sections that the head teacher's termly report has to have.",
)
EVIDENCE_KINDS: Final = framework_part(
    EvidenceKind,
    name="evidenceKind",
    plural="evidence-kinds",
    doc="The kinds of evidence a categorisation has to look at.",
)
_IN_FORCE: Final = (
    "{t}.status <> 'draft' and {t}.withdrawn_at is null and coalesce({t}.valid_from <= {day}, true) "
    "and coalesce({t}.valid_to >= {day}, true)"
)
FRAMEWORKS: Final = Noun(
    name="framework",
    plural="frameworks",
    title="Framework",
    entity=Framework,
    doc="Editions of the trust's frameworks. `/v1/frameworks/{id}` is the record, `/v1/frameworks/{id}/page` all of it.",
    fields=(
        *columns_of(Framework),
        Computed("inForce", _IN_FORCE.replace("{day}", "{today}"), bool, "Whether it is in force today."),
        Children("conditions", lambda: FRAMEWORK_CONDITIONS, "framework_id", order=IN_ORDER),
        Children("strands", lambda: STRANDS, "framework_id", order=IN_ORDER),
        Children("benchmarkSets", lambda: BENCHMARK_SETS, "framework_id", order=IN_ORDER),
        Children("scales", lambda: RATING_SCALES, "framework_id", order=IN_ORDER),
        Children(
            "statements", lambda: FRAMEWORK_STATEMENTS, "framework_id", order="{t}.kind, " + IN_ORDER,
            only="{t}.stage_id is null", doc="Those that speak of the whole framework.",
        ),
        Children(
            "cadences", lambda: CADENCE_RULES, "framework_id", order=IN_ORDER, only="{t}.stage_id is null",
            doc="Those for every stage.",
        ),
        Children("stages", lambda: MATURITY_STAGES, "framework_id"),
        Children("sections", lambda: ASSURANCE_SECTIONS, "framework_id", order=IN_ORDER),
        Children("reportSections", lambda: REPORT_SECTIONS, "framework_id", order=IN_ORDER),
        Children("evidenceKinds", lambda: EVIDENCE_KINDS, "framework_id", order=IN_ORDER),
    ),
    filters={
        "code": equals("code"),
        "edition": equals("edition", cast="int", type=int),
        "sector": word("sector", Sector),
        "status": word("status", FrameworkStatus),
        "inForce": flag(_IN_FORCE.replace("{day}", "{today}"), "In force today."),
        "inForceOn": Filter(_IN_FORCE.replace("{day}", "{value}"), "date", date, "In force on this day."),
        **SOURCE,
    },
    sorts={
        "code": BY_CODE,
        "edition": Sort("{t}.edition", "int"),
        "validFrom": Sort("coalesce({t}.valid_from, '-infinity'::date)", "date"),
    },
    scope=Scope.TRUST,
)  # fmt: skip


async def last_edition(reads: Reads, code: str) -> int:
    """The highest edition there ever was of a framework: the number of a withdrawn draft stays taken."""
    sql = "select coalesce(max(edition), 0) from framework where trust_id = $1 and code = $2"
    found: int = await reads.value(sql, reads.actor.trust_id, code)
    return found
