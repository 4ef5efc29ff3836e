"""The peer: the plan page as FastAPI and SQLAlchemy are usually written.

Entities over the same tables, each level loaded by one `selectinload`, what is computed computed in Python from the
loaded rows, and a response model. It asks for the same key and reads under the same roles and the same row security.
"""

# mypy: disable-error-code="valid-type, misc, attr-defined"
# Entities and models are made from the tables while the program runs, which the type checker does not see.

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final
from uuid import UUID

import asyncpg
from fastapi import FastAPI, HTTPException
from pydantic import AliasGenerator, BaseModel, ConfigDict, PlainSerializer, create_model
from pydantic.alias_generators import to_camel
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, declared_attr, relationship, selectinload, with_loader_criteria

from app.api import problems
from app.api.credentials import Caller
from app.db.database import SETTINGS, Database
from app.db.opening import opening
from app.domain.actor import Actor
from app.domain.clock import civil_day
from app.domain.model import ENTITIES, metadata
from app.domain.roles import Permission
from app.domain.vocabulary import Timeliness
from bench.plan_rules import LedAction, LedStep, MeasuredTarget, PlacedPlan, SummedBudget, TimedMilestone

_ENTITIES: Final = {entity.noun(): entity for entity in ENTITIES}


class Row(DeclarativeBase):
    """An id is unique by itself, so that a level is loaded by `column in (ids)`; row security adds the trust."""

    __allow_unmapped__ = True  # what is told of the records above is no column

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"primary_key": [cls.__table__.c.id]}


def below(entity: str, of: str, column: str, order: str) -> Any:
    return relationship(
        entity, primaryjoin=f"foreign({entity}.{column}) == {of}.id", order_by=f"({order})", viewonly=True, uselist=True
    )


class Trust(Row):
    __table__ = metadata.tables["trust"]


class Person(Row):
    __table__ = metadata.tables["person"]


class PlanAcademy(Row):
    __table__ = metadata.tables["plan_academy"]


class Statement(Row):
    __table__ = metadata.tables["statement"]


class EvaluationMethod(Row):
    __table__ = metadata.tables["evaluation_method"]


class Finding(Row):
    __table__ = metadata.tables["finding"]


class StatutoryTarget(Row):
    __table__ = metadata.tables["statutory_target"]


class MilestoneWindow(Row):
    __table__ = metadata.tables["milestone_window"]


class BudgetLine(Row):
    __table__ = metadata.tables["budget_line"]


class TargetVersion(Row):
    __table__ = metadata.tables["target_version"]


class TargetPoint(Row):
    __table__ = metadata.tables["target_point"]


class ObjectiveTarget(Row):
    __table__ = metadata.tables["objective_target"]


class CrossReference(Row):
    __table__ = metadata.tables["cross_reference"]


class Evidence(Row):
    __table__ = metadata.tables["evidence"]


class Responsibility(Row):
    __table__ = metadata.tables["responsibility"]
    person_code: str


class Budget(SummedBudget, Row):
    __table__ = metadata.tables["budget"]
    lines = below("BudgetLine", "Budget", "budget_id", "BudgetLine.no, BudgetLine.code")


class PlanPhase(Row):
    __table__ = metadata.tables["plan_phase"]
    windows = below("MilestoneWindow", "PlanPhase", "phase_id", "MilestoneWindow.no, MilestoneWindow.code")
    budgets = below("Budget", "PlanPhase", "phase_id", "func.length(Budget.code), Budget.code")


class Target(MeasuredTarget, Row):
    __table__ = metadata.tables["target"]
    points = below("TargetPoint", "Target", "target_id", "TargetPoint.on")
    versions = below("TargetVersion", "Target", "target_id", "TargetVersion.revision")
    area_code: str
    phase_code: str | None


class ActionStep(LedStep, Row):
    __table__ = metadata.tables["action_step"]
    responsible = below("Responsibility", "ActionStep", "step_id", "Responsibility.no, Responsibility.id")


class Action(LedAction, Row):
    __table__ = metadata.tables["action"]
    responsible = below("Responsibility", "Action", "action_id", "Responsibility.no, Responsibility.id")
    steps = below("ActionStep", "Action", "action_id", "ActionStep.no, ActionStep.code")
    area_code: str
    objective_code: str | None


class Milestone(TimedMilestone, Row):
    __table__ = metadata.tables["milestone"]
    evidence = below("Evidence", "Milestone", "milestone_id", "Evidence.id")
    area_code: str
    objective_code: str | None
    window_no: int | None


class Objective(Row):
    __table__ = metadata.tables["objective"]
    targets = below("ObjectiveTarget", "Objective", "objective_id", "ObjectiveTarget.target_id")
    milestones = below("Milestone", "Objective", "objective_id", "func.length(Milestone.code), Milestone.code")
    actions = below("Action", "Objective", "objective_id", "func.length(Action.code), Action.code")
    cross_references = below(
        "CrossReference", "Objective", "objective_id", "func.length(CrossReference.code), CrossReference.code"
    )
    area_code: str


class Area(Row):
    __table__ = metadata.tables["area"]
    statements = below("Statement", "Area", "area_id", "Statement.kind, func.length(Statement.code), Statement.code")
    evaluation_methods = below(
        "EvaluationMethod", "Area", "area_id", "func.length(EvaluationMethod.code), EvaluationMethod.code"
    )
    objectives = below("Objective", "Area", "area_id", "Objective.no, Objective.code")
    actions = below("Action", "Area", "area_id", "func.length(Action.code), Action.code")
    milestones = below("Milestone", "Area", "area_id", "Milestone.no, Milestone.code")


class Plan(PlacedPlan, Row):
    __table__ = metadata.tables["plan"]
    academies = below("PlanAcademy", "Plan", "plan_id", "PlanAcademy.academy_id")
    statements = below("Statement", "Plan", "plan_id", "Statement.kind, func.length(Statement.code), Statement.code")
    phases = below("PlanPhase", "Plan", "plan_id", "PlanPhase.no, PlanPhase.code")
    findings = below("Finding", "Plan", "plan_id", "func.length(Finding.code), Finding.code")
    targets = below("Target", "Plan", "plan_id", "Target.no, func.length(Target.code), Target.code")
    areas = below("Area", "Plan", "plan_id", "Area.no, Area.code")
    statutory_targets = below(
        "StatutoryTarget",
        "Plan",
        "plan_id",
        "StatutoryTarget.measure, StatutoryTarget.year, StatutoryTarget.site, StatutoryTarget.kind",
    )


Number = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]


class Shown(BaseModel):
    model_config = ConfigDict(alias_generator=AliasGenerator(serialization_alias=to_camel), from_attributes=True)


def shown(noun: str, **more: Any) -> Any:
    """The response model of a record: its columns, and what is computed or stands below."""
    entity = _ENTITIES[noun]
    fields: dict[str, Any] = {}
    for column in entity.columns():
        kind = entity.model_fields[column.name].annotation
        if kind in (Decimal, Decimal | None):
            kind = Number | None if column.nullable else Number
        fields[column.name] = (kind, ...)
    fields |= {name: (kind, ...) for name, kind in more.items()}
    del fields["trust_id"]
    return create_model(f"{entity.__name__}Shown", __base__=Shown, **fields)


ResponsibilityShown = shown("responsibility", person_code=str)
_RESPONSIBLE: Final = {"leads": list[ResponsibilityShown], "monitors": list[ResponsibilityShown]}
StepShown = shown("action_step", **_RESPONSIBLE)
ActionShown = shown(
    "action",
    area_code=str,
    objective_code=str | None,
    is_overdue=bool,
    steps=list[StepShown],
    **_RESPONSIBLE,
)
MilestoneShown = shown(
    "milestone",
    area_code=str,
    objective_code=str | None,
    window_no=int | None,
    timeliness=Timeliness,
    is_overdue=bool,
    evidence=list[shown("evidence")],
)
ObjectiveShown = shown(
    "objective",
    area_code=str,
    targets=list[shown("objective_target")],
    milestones=list[MilestoneShown],
    actions=list[ActionShown],
    cross_references=list[shown("cross_reference")],
)
StatementShown = shown("statement")
AreaShown = shown(
    "area",
    statements=list[StatementShown],
    evaluation_methods=list[shown("evaluation_method")],
    objectives=list[ObjectiveShown],
    actions=list[ActionShown],
    milestones=list[MilestoneShown],
)
TargetShown = shown(
    "target",
    area_code=str,
    phase_code=str | None,
    comparator_assumed=bool,
    points=list[shown("target_point")],
    versions=list[shown("target_version")],
)
BudgetShown = shown(
    "budget",
    computed_total=Number,
    confirmed_total=Number,
    provisional_total=Number,
    reconciles=bool | None,
    lines=list[shown("budget_line")],
)
PhaseShown = shown("plan_phase", windows=list[shown("milestone_window")], budgets=list[BudgetShown])
PlanShown = shown(
    "plan",
    academies=list[shown("plan_academy")],
    statements=list[StatementShown],
    phases=list[PhaseShown],
    findings=list[shown("finding")],
    targets=list[TargetShown],
    areas=list[AreaShown],
    statutory_targets=list[shown("statutory_target")],
)


def _of_actions(actions: Any) -> tuple[Any, ...]:
    return (
        actions.selectinload(Action.responsible),
        actions.selectinload(Action.steps).selectinload(ActionStep.responsible),
    )


_AREAS: Final = selectinload(Plan.areas)
_OBJECTIVES: Final = _AREAS.selectinload(Area.objectives)
_PHASES: Final = selectinload(Plan.phases)
_TARGETS: Final = selectinload(Plan.targets)
PAGE: Final = select(Plan).options(
    selectinload(Plan.academies),
    selectinload(Plan.statements.and_(Statement.area_id.is_(None))),
    _PHASES.selectinload(PlanPhase.windows),
    _PHASES.selectinload(PlanPhase.budgets).selectinload(Budget.lines),
    selectinload(Plan.findings),
    _TARGETS.selectinload(Target.points),
    _TARGETS.selectinload(Target.versions),
    selectinload(Plan.statutory_targets),
    _AREAS.selectinload(Area.statements),
    _AREAS.selectinload(Area.evaluation_methods),
    _AREAS.selectinload(Area.milestones).selectinload(Milestone.evidence),
    *_of_actions(_AREAS.selectinload(Area.actions)),
    _OBJECTIVES.selectinload(Objective.targets),
    _OBJECTIVES.selectinload(Objective.cross_references),
    _OBJECTIVES.selectinload(Objective.milestones).selectinload(Milestone.evidence),
    *_of_actions(_OBJECTIVES.selectinload(Objective.actions)),
    *(
        with_loader_criteria(entity, entity.withdrawn_at.is_(None))
        for entity in (mapper.class_ for mapper in Row.registry.mappers)
        if entity is not Plan and hasattr(entity, "withdrawn_at")
    ),
)


async def load_page(session: AsyncSession, plan_id: UUID, actor: Actor, today: date) -> Plan | None:
    """The plan with everything below it, if the actor may see it."""
    plan = (await session.scalars(PAGE.where(Plan.id == plan_id))).one_or_none()
    if plan is None or not actor.sees(frozenset(link.academy_id for link in plan.academies)):
        return None
    trust = (await session.scalars(select(Trust))).one()
    people = {row.id: row.code for row in await session.execute(select(Person.id, Person.code))}
    plan.place(trust, people, today)
    return plan


def create_peer(database: Database, dsn: str, *, pool_size: int, pepper: bytes) -> FastAPI:
    """A service with the plan page alone."""
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: asyncpg.connect(dsn, server_settings=SETTINGS),
        isolation_level="AUTOCOMMIT",
        pool_size=pool_size,
        max_overflow=0,
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await database.open()
        yield
        await engine.dispose()
        await database.close()

    app = FastAPI(lifespan=lifespan)
    app.state.database, app.state.pepper, app.state.statements = database, pepper, 0
    problems.install(app)

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def count(*_: Any) -> None:
        app.state.statements += 1

    @app.get("/v1/plans/{plan_id}/page", response_model=PlanShown)
    async def get_page(plan_id: UUID, actor: Caller) -> Plan:
        actor.require(Permission.READ)
        today = civil_day(database.clock())
        async with _session(engine, actor) as session:
            plan = await load_page(session, plan_id, actor, today)
        if plan is None:
            raise HTTPException(404)
        return plan

    return app


@asynccontextmanager
async def _session(engine: AsyncEngine, actor: Actor) -> AsyncIterator[AsyncSession]:
    """A session in a transaction with the same first words as the service's own."""
    async with engine.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        await raw.execute(opening(actor, noting=None))
        try:
            async with AsyncSession(connection, autoflush=False, expire_on_commit=False) as session:
                yield session
        finally:
            await raw.execute("rollback")
