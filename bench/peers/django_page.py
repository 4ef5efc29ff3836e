"""The peer django-ninja: the plan page by Django's models, one `Prefetch` a level, and response schemas.

Its models take their columns from the database, as `inspectdb` would; gunicorn serves `application`. It reads one trust,
named in its environment, under the same role and the same row security.
"""
# mypy: ignore-errors
# Its libraries stand in an environment of their own, which the type checker does not see.

import os
from decimal import Decimal
from typing import Annotated, Any, Final
from uuid import UUID

import django
import psycopg
from django.conf import settings

_OPTIONS: Final = os.environ["PEER_OPTIONS"]
_DATABASE: Final = {"host": os.environ["PEER_SOCKET"], "user": "milepost_app", "dbname": "milepost"}
settings.configure(
    ALLOWED_HOSTS=["*"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="peer",  # noqa: S106  nothing is signed with it
    USE_TZ=True,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": _DATABASE["host"],
            "USER": _DATABASE["user"],
            "NAME": _DATABASE["dbname"],
            "CONN_MAX_AGE": None,
            "OPTIONS": {"options": _OPTIONS},
        }
    },
)
django.setup()

from datetime import UTC, date, datetime  # noqa: E402  Django is set up first

from django.contrib.postgres.fields import ArrayField  # noqa: E402  Django is set up first
from django.core.wsgi import get_wsgi_application  # noqa: E402  Django is set up first
from django.db import connection, models, transaction  # noqa: E402  Django is set up first
from django.db.models import Prefetch  # noqa: E402  Django is set up first
from django.db.models.functions import Length  # noqa: E402  Django is set up first
from django.shortcuts import get_object_or_404  # noqa: E402  Django is set up first
from django.urls import path  # noqa: E402  Django is set up first
from ninja import NinjaAPI, Schema  # noqa: E402  Django is set up first
from pydantic import AliasGenerator, ConfigDict, PlainSerializer, create_model  # noqa: E402  Django is set up first
from pydantic.alias_generators import to_camel  # noqa: E402  Django is set up first

from app.domain.clock import civil_day  # noqa: E402  Django is set up first
from bench.plan_rules import (  # noqa: E402  Django is set up first
    LedAction,
    LedStep,
    MeasuredTarget,
    PlacedPlan,
    SummedBudget,
    TimedMilestone,
)

_FIELDS: Final = {
    "uuid": (models.UUIDField, UUID),
    "text": (models.TextField, str),
    "character varying": (models.TextField, str),
    "integer": (models.IntegerField, int),
    "boolean": (models.BooleanField, bool),
    "date": (models.DateField, date),
    "timestamp with time zone": (models.DateTimeField, datetime),
}
_SHOWN: dict[str, dict[str, Any]] = {}
_NUMBER: Final = Annotated[Decimal, PlainSerializer(float, return_type=float)]


def _inspected() -> dict[str, list[tuple[str, str, bool]]]:
    """Name, type and nullability of the columns of each table."""
    tables: dict[str, list[tuple[str, str, bool]]] = {}
    with psycopg.connect(**_DATABASE) as inspecting:
        for table, *column in inspecting.execute(
            "select table_name, column_name, data_type, is_nullable = 'YES' "
            "from information_schema.columns where table_schema = 'app' order by table_name, ordinal_position"
        ):
            tables.setdefault(table, []).append(tuple(column))
    return tables


_TABLES: Final = _inspected()


def _model(table: str, *rules: type, **above: type[models.Model]) -> Any:
    """A model of the table. `above` names the models that its columns refer to, as far as a page follows them."""
    name = "".join(part.capitalize() for part in table.split("_"))
    body = {
        "__module__": __name__,
        "Meta": type("Meta", (), {"managed": False, "app_label": "peer", "db_table": table}),
    }
    shown = _SHOWN[table] = {}
    for column, kind, nullable in _TABLES[table]:
        if kind == "numeric":
            field, told = models.DecimalField(max_digits=30, decimal_places=10, null=nullable), _NUMBER
        elif kind == "ARRAY":
            field, told = ArrayField(models.TextField(), null=nullable), list[str]
        else:
            made, told = _FIELDS[kind]
            field = made(null=nullable, **({"primary_key": True} if column == "id" else {}))
        parent = above.get(column.removesuffix("_id"))
        if parent is not None:
            field = models.ForeignKey(parent, models.DO_NOTHING, db_column=column, null=nullable)
        body[column if parent is None else column.removesuffix("_id")] = field
        if column != "trust_id":
            shown[column] = (told | None if nullable else told, ...)
    return type(name, (*rules, models.Model), body)


Trust = _model("trust")
Person = _model("person")
Plan = _model("plan", PlacedPlan)
PlanAcademy = _model("plan_academy", plan=Plan)
PlanPhase = _model("plan_phase", plan=Plan)
MilestoneWindow = _model("milestone_window", phase=PlanPhase)
Budget = _model("budget", SummedBudget, phase=PlanPhase)
BudgetLine = _model("budget_line", budget=Budget)
Finding = _model("finding", plan=Plan)
Target = _model("target", MeasuredTarget, plan=Plan)
TargetPoint = _model("target_point", target=Target)
TargetVersion = _model("target_version", target=Target)
StatutoryTarget = _model("statutory_target", plan=Plan)
Area = _model("area", plan=Plan)
Statement = _model("statement", plan=Plan, area=Area)
EvaluationMethod = _model("evaluation_method", area=Area)
Objective = _model("objective", area=Area)
ObjectiveTarget = _model("objective_target", objective=Objective)
CrossReference = _model("cross_reference", objective=Objective)
Milestone = _model("milestone", TimedMilestone, area=Area, objective=Objective)
Evidence = _model("evidence", milestone=Milestone)
Action = _model("action", LedAction, area=Area, objective=Objective)
ActionStep = _model("action_step", LedStep, action=Action)
Responsibility = _model("responsibility", action=Action, step=ActionStep)

_NATURAL: Final = (Length("code"), "code")
_NUMBERED: Final = ("no", "code")


def _below(model: Any, name: str, order: tuple[Any, ...], *more: Prefetch, **only: Any) -> Prefetch:
    """What stands below a record and is not withdrawn, as a list of this name."""
    if any(column == "withdrawn_at" for column, *_ in _TABLES[model._meta.db_table]):  # noqa: SLF001  Django's documented way in
        only["withdrawn_at"] = None
    rows = model.objects.filter(**only).order_by(*order).prefetch_related(*more)
    return Prefetch(f"{model.__name__.lower()}_set", queryset=rows, to_attr=name)


def _milestones(order: tuple[Any, ...]) -> Prefetch:
    return _below(Milestone, "milestones", order, _below(Evidence, "evidence", ("id",)))


def _actions() -> Prefetch:
    responsible = _below(Responsibility, "responsible", ("no", "id"))
    return _below(Action, "actions", _NATURAL, responsible, _below(ActionStep, "steps", _NUMBERED, responsible))


_OBJECTIVES: Final = _below(
    Objective,
    "objectives",
    _NUMBERED,
    _below(ObjectiveTarget, "targets", ("target_id",)),
    _milestones(_NATURAL),
    _actions(),
    _below(CrossReference, "cross_references", _NATURAL),
)
_AREAS: Final = _below(
    Area,
    "areas",
    _NUMBERED,
    _below(Statement, "statements", ("kind", *_NATURAL)),
    _below(EvaluationMethod, "evaluation_methods", _NATURAL),
    _OBJECTIVES,
    _actions(),
    _milestones(_NUMBERED),
)
_PHASES: Final = _below(
    PlanPhase,
    "phases",
    _NUMBERED,
    _below(MilestoneWindow, "windows", _NUMBERED),
    _below(Budget, "budgets", _NATURAL, _below(BudgetLine, "lines", _NUMBERED)),
)
_TARGETS: Final = _below(
    Target,
    "targets",
    ("no", *_NATURAL),
    _below(TargetPoint, "points", ("on",)),
    _below(TargetVersion, "versions", ("revision",)),
)
PAGE: Final = (
    _below(PlanAcademy, "academies", ("academy_id",)),
    _below(Statement, "statements", ("kind", *_NATURAL), area=None),
    _PHASES,
    _below(Finding, "findings", _NATURAL),
    _TARGETS,
    _AREAS,
    _below(StatutoryTarget, "statutory_targets", ("measure", "year", "site", "kind")),
)


class _Shown(Schema):
    model_config = ConfigDict(alias_generator=AliasGenerator(serialization_alias=to_camel), from_attributes=True)


def _shown(table: str, **more: Any) -> Any:
    fields = _SHOWN[table] | {name: (kind, ...) for name, kind in more.items()}
    return create_model(f"{table.title().replace('_', '')}Shown", __base__=_Shown, **fields)


ResponsibilityShown = _shown("responsibility", person_code=str)
_LED: Final = {"leads": list[ResponsibilityShown], "monitors": list[ResponsibilityShown]}
_PLACED: Final = {"area_code": str, "objective_code": str | None, "is_overdue": bool}
ActionShown = _shown("action", **_PLACED, steps=list[_shown("action_step", **_LED)], **_LED)
MilestoneShown = _shown("milestone", **_PLACED, window_no=int | None, timeliness=str, evidence=list[_shown("evidence")])
ObjectiveShown = _shown(
    "objective",
    area_code=str,
    targets=list[_shown("objective_target")],
    milestones=list[MilestoneShown],
    actions=list[ActionShown],
    cross_references=list[_shown("cross_reference")],
)
StatementShown = _shown("statement")
AreaShown = _shown(
    "area",
    statements=list[StatementShown],
    evaluation_methods=list[_shown("evaluation_method")],
    objectives=list[ObjectiveShown],
    actions=list[ActionShown],
    milestones=list[MilestoneShown],
)
TargetShown = _shown(
    "target",
    area_code=str,
    phase_code=str | None,
    comparator_assumed=bool,
    points=list[_shown("target_point")],
    versions=list[_shown("target_version")],
)
BudgetShown = _shown(
    "budget",
    computed_total=_NUMBER,
    confirmed_total=_NUMBER,
    provisional_total=_NUMBER,
    reconciles=bool | None,
    lines=list[_shown("budget_line")],
)
PhaseShown = _shown("plan_phase", windows=list[_shown("milestone_window")], budgets=list[BudgetShown])
PlanShown = _shown(
    "plan",
    academies=list[_shown("plan_academy")],
    statements=list[StatementShown],
    phases=list[PhaseShown],
    findings=list[_shown("finding")],
    targets=list[TargetShown],
    areas=list[AreaShown],
    statutory_targets=list[_shown("statutory_target")],
)

api = NinjaAPI()


@api.get("/plans/{uuid:plan_id}/page", response=PlanShown, by_alias=True)
def get_page(request: Any, plan_id: UUID) -> Any:  # noqa: ARG001  ninja's signature
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                f"set local app.trust_id = '{UUID(os.environ['PEER_TRUST'])}'; set local app.academies = '*'"
            )
        plan = get_object_or_404(Plan.objects.prefetch_related(*PAGE), id=plan_id)
        people = dict(Person.objects.values_list("id", "code"))
        plan.place(Trust.objects.get(), people, civil_day(datetime.now(UTC)))
    return plan


urlpatterns = [path("v1/", api.urls)]
application = get_wsgi_application()
