"""Every table of the domain, in one place for migrations and for the event log to know."""

from typing import Final

from sqlalchemy import CheckConstraint, Index, Table
from sqlmodel import SQLModel

from app.domain.academies import Academy, AcademyIdentifier
from app.domain.actions import Action, ActionStep, Responsibility
from app.domain.areas import Area
from app.domain.assurance import AssuranceLine, AssuranceSection
from app.domain.benchmark_assessments import BenchmarkAssessment
from app.domain.benchmarks import Benchmark, BenchmarkSet
from app.domain.bodies import Body
from app.domain.budgets import Budget, BudgetLine
from app.domain.cadences import CadenceRule
from app.domain.calendars import AcademicYear, HalfTerm, Term
from app.domain.categorisation import CategoryDecision, CategorySuggestion
from app.domain.check_waivers import CheckWaiver
from app.domain.conditions import FrameworkCondition
from app.domain.entitlements import EntitlementRule
from app.domain.entity import Entity, Fact, Withdrawable, Word
from app.domain.evaluation_methods import EvaluationMethod
from app.domain.evidence import Evidence
from app.domain.evidence_kinds import EvidenceKind
from app.domain.findings import Finding
from app.domain.flags import DataQualityFlag
from app.domain.framework_statements import FrameworkStatement
from app.domain.frameworks import Framework
from app.domain.head_reports import HeadReport, HeadReportSection
from app.domain.indicators import Band, BandStatement, Indicator
from app.domain.inspection import InspectionArea, InspectionFramework, InspectionGrade
from app.domain.inspection_outcomes import InspectionOutcome
from app.domain.keys import ApiKey
from app.domain.memberships import Membership
from app.domain.metrics import Metric, SeriesBreak
from app.domain.milestones import Milestone
from app.domain.objectives import CrossReference, Objective, ObjectiveTarget
from app.domain.observations import Observation
from app.domain.people import Person
from app.domain.plans import Plan, PlanAcademy, PlanPhase
from app.domain.pupil_groups import PupilGroup
from app.domain.ratings import RatingLabel, RatingLevel, RatingScale
from app.domain.readings import Reading, ReadingBatch
from app.domain.releases import Release, ReleasedFigure
from app.domain.report_sections import ReportSection
from app.domain.reviews import AssuranceRating, AssuranceReview, ReviewEvidence
from app.domain.stages import IndicativeMeasure, MaturityStage
from app.domain.statements import Statement
from app.domain.statutory_targets import StatutoryTarget
from app.domain.strands import Strand
from app.domain.support import ReviewHeld, SupportAllocation, SupportDelivery
from app.domain.targets import Target, TargetPoint, TargetVersion
from app.domain.template_items import TemplateItem
from app.domain.trusted_documents import TrustedDocument
from app.domain.trusts import Trust
from app.domain.windows import MilestoneWindow

FRAMEWORK_PARTS: Final[tuple[type[Withdrawable], ...]] = (
    FrameworkCondition, Strand, BenchmarkSet, RatingScale, RatingLevel, RatingLabel, MaturityStage, CadenceRule,
    FrameworkStatement, IndicativeMeasure, Benchmark, TemplateItem, EntitlementRule, AssuranceSection, AssuranceLine,
    Indicator, Band, BandStatement, ReportSection, EvidenceKind,
)  # fmt: skip
"""Every kind of record that a framework is made of, each after those it refers to."""

ENTITIES: Final[tuple[type[Entity], ...]] = (
    Trust, Academy, AcademyIdentifier, AcademicYear, Term, HalfTerm, Body, Person, PupilGroup, Metric, SeriesBreak,
    InspectionFramework, InspectionArea, InspectionGrade, Framework, *FRAMEWORK_PARTS,
    Plan, PlanAcademy, PlanPhase, Area, Statement, EvaluationMethod, Finding, Target, TargetVersion, TargetPoint, Objective,
    ObjectiveTarget, CrossReference, Action, ActionStep, Responsibility, MilestoneWindow, Milestone, Evidence,
    Budget, BudgetLine, StatutoryTarget, CheckWaiver,
    ReadingBatch, Observation, InspectionOutcome, BenchmarkAssessment, HeadReport, HeadReportSection, AssuranceReview,
    ReviewEvidence, AssuranceRating, CategorySuggestion, CategoryDecision, SupportAllocation, SupportDelivery, ReviewHeld,
    Release, DataQualityFlag, TrustedDocument, ApiKey, Membership,
)  # fmt: skip
"""Every kind of record that has an event for each change."""

FACTS: Final[tuple[type[Fact], ...]] = (Reading, ReleasedFigure)
"""Every kind of row that is kept in batches: the batch has the event."""

KEPT: Final[tuple[type[Entity], ...]] = (*ENTITIES, *FACTS)
"""Every kind that has a table."""


def _hold_words(table: Table) -> None:
    """Hold every column of a closed list to its words."""
    for column in table.columns:
        if isinstance(column.type, Word):
            words = ", ".join(f"'{word}'" for word in column.type.words)
            table.append_constraint(CheckConstraint(f"{column.name} in ({words})", name=f"{column.name}_word"))


def _index_references(table: Table) -> None:
    """Index every reference, so that the records below a record are found without reading the whole trust's."""
    for reference in sorted(table.foreign_key_constraints, key=lambda constraint: str(constraint.name)):
        column = list(reference.columns)[-1]
        if column.name not in ("plan_id", "framework_id") or "code" not in table.columns:
            Index(f"ix_{table.name}_{column.name}", table.c.trust_id, column)


metadata = SQLModel.metadata
for _entity in KEPT:
    _hold_words(metadata.tables[_entity.noun()])
    _index_references(metadata.tables[_entity.noun()])


def _below() -> dict[str, tuple[tuple[type[Withdrawable], str], ...]]:
    kinds = {entity.noun(): entity for entity in ENTITIES if issubclass(entity, Withdrawable)}
    found: dict[str, list[tuple[type[Withdrawable], str]]] = {}
    for noun, kind in kinds.items():
        for reference in metadata.tables[noun].foreign_key_constraints:
            found.setdefault(reference.referred_table.name, []).append((kind, list(reference.columns)[-1].name))
    return {noun: tuple(sorted(below, key=lambda pair: (pair[0].noun(), pair[1]))) for noun, below in found.items()}


def _above() -> dict[str, tuple[tuple[str, type[Withdrawable]], ...]]:
    kinds = {entity.noun(): entity for entity in ENTITIES if issubclass(entity, Withdrawable)}
    return {
        entity.noun(): tuple(
            (list(reference.columns)[-1].name, kinds[reference.referred_table.name])
            for reference in sorted(
                metadata.tables[entity.noun()].foreign_key_constraints, key=lambda one: str(one.name)
            )
            if reference.referred_table.name in kinds
        )
        for entity in KEPT
    }


ABOVE: Final = _above()
"""What a record of each noun may refer to, and by which column."""

BELOW: Final = _below()
"""What may refer to a record of each noun, and by which column: it is not withdrawn while any of these is in use."""
