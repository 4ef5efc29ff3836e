"""Actions, their steps and who is responsible, as they can be read."""

from typing import Final
from uuid import UUID

from app.db.noun import Children, Computed, Filter, Noun, Sort, columns_of
from app.domain.actions import Action, ActionStep, Responsibility
from app.domain.vocabulary import ActionStatus, ResponsibilityRole
from app.queries.due_near import PAST
from app.queries.narrowing import ACADEMY, BY_CODE, BY_DUE, BY_ID, DUE, PLAN, SOURCE, equals, flag, reference, word
from app.queries.parents import AREA_CODE, OBJECTIVE_CODE, OF_AREA

_OVERDUE = f"{{t}}.status in ('not_started', 'in_progress') and {PAST}"
_LED = (
    "exists (select 1 from responsibility l where l.trust_id = {trust} and l.action_id = {t}.id "
    "and l.step_id is null and l.role = 'lead' and l.withdrawn_at is null)"
)

RESPONSIBILITIES: Final = Noun(
    name="responsibility",
    plural="responsibilities",
    title="Responsibility",
    entity=Responsibility,
    doc="Who leads and who monitors, with the code as printed there.",
    fields=(
        *columns_of(Responsibility),
        Computed(
            "personCode",
            "select p.code from person p where p.trust_id = {trust} and p.id = {t}.person_id",
            str,
            "Code of the person or role.",
        ),
    ),
    filters={
        "planId": reference("plan_id"),
        "actionId": reference("action_id"),
        "stepId": reference("step_id"),
        "personId": reference("person_id"),
        "role": word("role", ResponsibilityRole),
        "printed": equals("printed"),
        "ofStep": flag("{t}.step_id is not null", "Whether it is for a step rather than for the whole action."),
    },
    sorts={"id": BY_ID},
    default_sort="id",
)


def _role(role: ResponsibilityRole, column: str, only: str) -> Children:
    return Children(
        f"{role}s", lambda: RESPONSIBILITIES, column, order="{t}.no, {t}.id", only=f"{{t}}.role = '{role}' and {only}"
    )


ACTION_STEPS: Final = Noun(
    name="actionStep",
    plural="action-steps",
    title="ActionStep",
    entity=ActionStep,
    doc="Dated steps of actions.",
    fields=(
        *columns_of(ActionStep),
        _role(ResponsibilityRole.LEAD, "step_id", "true"),
        _role(ResponsibilityRole.MONITOR, "step_id", "true"),
    ),
    filters={**PLAN, "actionId": reference("action_id"), **DUE, **SOURCE},
    sorts={"code": BY_CODE, "no": Sort("{t}.no", "int"), "dueEndsOn": BY_DUE},
)
ACTIONS: Final = Noun(
    name="action",
    plural="actions",
    title="Action",
    entity=Action,
    doc="What is to be done, by whom and by when.",
    fields=(
        *columns_of(Action),
        AREA_CODE,
        OBJECTIVE_CODE,
        Computed(
            "isOverdue", f"coalesce({_OVERDUE}, false)", bool, "Open, and past the last day and the trust's grace."
        ),
        _role(ResponsibilityRole.LEAD, "action_id", "{t}.step_id is null"),
        _role(ResponsibilityRole.MONITOR, "action_id", "{t}.step_id is null"),
        Children("steps", lambda: ACTION_STEPS, "action_id"),
    ),
    filters={
        **PLAN,
        **ACADEMY,
        "areaId": OF_AREA,
        "objectiveId": reference("objective_id"),
        "status": word("status", ActionStatus),
        "overdue": flag(_OVERDUE),
        "led": flag(_LED, "Whether somebody leads it."),
        "personId": Filter(
            "exists (select 1 from responsibility l where l.trust_id = {trust} and l.action_id = {t}.id "
            "and l.person_id = {value} and l.withdrawn_at is null)",
            "uuid",
            UUID,
            "Actions this person or role leads or monitors.",
        ),
        **DUE,
        **SOURCE,
    },
    sorts={"code": BY_CODE, "dueEndsOn": BY_DUE},
    clocked=True,
)
