"""A pack as a list of records in the order they depend on one another, each with its steady id and its place in the file."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from app.domain import ids
from app.domain.academies import Academy, AcademyIdentifier
from app.domain.actions import Action, ActionStep, Responsibility
from app.domain.areas import Area
from app.domain.bodies import Body
from app.domain.budgets import Budget, BudgetLine
from app.domain.calendars import AcademicYear, HalfTerm, Term
from app.domain.entity import Entity
from app.domain.evaluation_methods import EvaluationMethod
from app.domain.findings import Finding
from app.domain.milestones import Milestone
from app.domain.objectives import CrossReference, Objective, ObjectiveTarget
from app.domain.people import Person
from app.domain.plans import Plan, PlanAcademy, PlanPhase
from app.domain.pupil_groups import PupilGroup
from app.domain.statements import Statement
from app.domain.statutory_targets import StatutoryTarget
from app.domain.targets import Target
from app.domain.trusts import Trust
from app.domain.vocabulary import ResponsibilityRole
from app.domain.windows import MilestoneWindow
from app.packs import format as shape


@dataclass(frozen=True)
class Item:
    """One record of a pack: where it stands, what it is called there, and the columns the pack gives it."""

    path: str
    kind: type[Entity]
    id: UUID
    values: dict[str, Any]
    due: str | None = None
    plan_id: UUID | None = None


@dataclass
class Flattener:
    """Walks a pack once. `key` names a record: "action:poap/L1-A1"."""

    trust_id: UUID
    keys: dict[str, UUID] = field(default_factory=dict)

    def id(self, kind: type[Entity], key: str) -> UUID:
        return ids.named_id(self.trust_id, kind.noun(), key)

    def item(
        self, path: str, kind: type[Entity], key: str, made_of: BaseModel, *, plan_id: UUID | None = None, **more: Any
    ) -> Item:
        """A record from a shape: the columns they share by name, its source, and what is given beside."""
        plain = {
            name: getattr(made_of, name)
            for name in type(made_of).model_fields
            if name in kind.model_fields and not isinstance(getattr(made_of, name), BaseModel)
        }
        source = getattr(made_of, "source", None)
        if source is not None:
            plain |= {"source_document": source.document, "source_line": source.line}
        if plan_id is not None:
            plain["plan_id"] = plan_id
        values = {**plain, **{name: value for name, value in more.items() if name != "due"}}
        due = more.get("due", getattr(made_of, "due", None))
        return Item(path, kind, self.id(kind, key), values, due=due, plan_id=plan_id)

    def pack(self, pack: shape.Pack) -> Iterator[Item]:
        trust = pack.trust
        values = {name: getattr(trust, name) for name in ("code", "name", "kind", "reviewer_must_differ")}
        yield Item("/trust", Trust, self.trust_id, values | _source(trust))
        yield from self.organisation(pack)
        for place, plan in enumerate(pack.plans):
            yield from self.plan(f"/plans/{place}", plan)

    def organisation(self, pack: shape.Pack) -> Iterator[Item]:
        for place, body in enumerate(pack.bodies):
            yield self.item(f"/bodies/{place}", Body, body.code, body)
        for place, person in enumerate(pack.people):
            body_id = self.id(Body, person.body) if person.body else None
            yield self.item(f"/people/{place}", Person, person.code, person, body_id=body_id)
        for place, group in enumerate(pack.pupil_groups):
            yield self.item(f"/pupilGroups/{place}", PupilGroup, group.code, group)
        for place, academy in enumerate(pack.academies):
            yield from self.academy(f"/academies/{place}", academy)
        for place, year in enumerate(pack.academic_years):
            yield from self.academic_year(f"/academicYears/{place}", year)

    def academy(self, path: str, academy: shape.AcademyShape) -> Iterator[Item]:
        yield self.item(path, Academy, academy.code, academy)
        for place, number in enumerate(academy.identifiers):
            key = f"{academy.code}/{number.kind}/{number.valid_from}"
            academy_id = self.id(Academy, academy.code)
            yield self.item(f"{path}/identifiers/{place}", AcademyIdentifier, key, number, academy_id=academy_id)

    def academic_year(self, path: str, year: shape.AcademicYearShape) -> Iterator[Item]:
        yield self.item(path, AcademicYear, year.code, year)
        for place, term in enumerate(year.terms):
            key, at = f"{year.code}/{term.no}", f"{path}/terms/{place}"
            yield self.item(at, Term, key, term, academic_year_id=self.id(AcademicYear, year.code))
            for half_place, half in enumerate(term.half_terms):
                half_key = f"{key}/{half.no}"
                yield self.item(f"{at}/halfTerms/{half_place}", HalfTerm, half_key, half, term_id=self.id(Term, key))

    def plan(self, path: str, plan: shape.PlanShape) -> Iterator[Item]:
        yield self.item(path, Plan, plan.code, plan)
        for place, code in enumerate(plan.academies):
            link = {"plan_id": self.id(Plan, plan.code), "academy_id": self.id(Academy, code)}
            yield Item(f"{path}/academies/{place}", PlanAcademy, self.id(PlanAcademy, f"{plan.code}/{code}"), link)
        yield from PlanFlattener(self, plan).items(path)


@dataclass
class PlanFlattener:
    """Walks one plan. Codes are unique among their kind within it."""

    whole: Flattener
    plan: shape.PlanShape

    @property
    def plan_id(self) -> UUID:
        return self.whole.id(Plan, self.plan.code)

    def id(self, kind: type[Entity], code: str | None) -> UUID | None:
        return None if code is None else self.whole.id(kind, f"{self.plan.code}/{code}")

    def item(self, path: str, kind: type[Entity], made_of: Any, **more: Any) -> Item:
        return self.whole.item(path, kind, f"{self.plan.code}/{made_of.code}", made_of, plan_id=self.plan_id, **more)

    def items(self, path: str) -> Iterator[Item]:
        plan = self.plan
        for place, phase in enumerate(plan.phases):
            yield self.item(f"{path}/phases/{place}", PlanPhase, phase)
        for place, window in enumerate(plan.windows):
            yield self.item(
                f"{path}/windows/{place}", MilestoneWindow, window, phase_id=self.id(PlanPhase, window.phase)
            )
        for place, area in enumerate(plan.areas):
            yield self.item(f"{path}/areas/{place}", Area, area)
        for place, statement in enumerate(plan.statements):
            yield self.item(f"{path}/statements/{place}", Statement, statement)
        for place, finding in enumerate(plan.findings):
            yield self.item(f"{path}/findings/{place}", Finding, finding, area_id=self.id(Area, finding.area))
        for place, target in enumerate(plan.targets):
            yield self.target(f"{path}/targets/{place}", target)
        for place, cell in enumerate(plan.statutory_targets):
            yield self.item(f"{path}/statutoryTargets/{place}", StatutoryTarget, cell)
        for place, budget in enumerate(plan.budgets):
            yield from self.budget(f"{path}/budgets/{place}", budget)
        for place, area in enumerate(plan.areas):
            yield from self.area(f"{path}/areas/{place}", area)
        for place, area in enumerate(plan.areas):
            yield from self.cross_references(f"{path}/areas/{place}", area)

    def target(self, path: str, target: shape.TargetShape) -> Item:
        group_id = self.whole.id(PupilGroup, target.group) if target.group else None
        place = {"area_id": self.id(Area, target.area), "phase_id": self.id(PlanPhase, target.phase)}
        return self.item(path, Target, target, group_id=group_id, **place)

    def budget(self, path: str, budget: shape.BudgetShape) -> Iterator[Item]:
        yield self.item(path, Budget, budget, phase_id=self.id(PlanPhase, budget.phase))
        for place, line in enumerate(budget.lines):
            yield self.item(f"{path}/lines/{place}", BudgetLine, line, budget_id=self.id(Budget, budget.code))

    def area(self, path: str, area: shape.AreaShape) -> Iterator[Item]:
        area_id = self.id(Area, area.code)
        for place, statement in enumerate(area.statements):
            yield self.item(f"{path}/statements/{place}", Statement, statement, area_id=area_id)
        for place, method in enumerate(area.evaluation_methods):
            yield self.item(f"{path}/evaluationMethods/{place}", EvaluationMethod, method, area_id=area_id)
        for place, objective in enumerate(area.objectives):
            yield from self.objective(f"{path}/objectives/{place}", objective, no=place + 1, area_id=area_id)
        for place, action in enumerate(area.actions):
            yield from self.action(f"{path}/actions/{place}", action, area_id=area_id)
        for place, milestone in enumerate(area.milestones):
            yield self.milestone(f"{path}/milestones/{place}", milestone, area_id=area_id)

    def objective(self, path: str, objective: shape.ObjectiveShape, *, no: int, area_id: UUID | None) -> Iterator[Item]:
        objective_id = self.id(Objective, objective.code)
        finding_id = self.id(Finding, objective.finding)
        yield self.item(path, Objective, objective, no=no, area_id=area_id, finding_id=finding_id)
        for place, code in enumerate(objective.targets):
            link = {"plan_id": self.plan_id, "objective_id": objective_id, "target_id": self.id(Target, code)}
            key = f"{self.plan.code}/{objective.code}/{code}"
            yield Item(f"{path}/targets/{place}", ObjectiveTarget, self.whole.id(ObjectiveTarget, key), link)
        for place, milestone in enumerate(objective.milestones):
            yield self.milestone(f"{path}/milestones/{place}", milestone, objective_id=objective_id)
        for place, action in enumerate(objective.actions):
            yield from self.action(f"{path}/actions/{place}", action, objective_id=objective_id)

    def milestone(self, path: str, milestone: shape.MilestoneShape, **parent: UUID | None) -> Item:
        window = next((w for w in self.plan.windows if w.code == milestone.window), None)
        return self.item(
            path,
            Milestone,
            milestone,
            window_id=self.id(MilestoneWindow, milestone.window),
            group_id=self.whole.id(PupilGroup, milestone.group) if milestone.group else None,
            responsible_id=self.whole.id(Person, milestone.responsible.person) if milestone.responsible else None,
            due=milestone.due or (window.due if window else None),
            **parent,
        )

    def action(self, path: str, action: shape.ActionShape, **parent: UUID | None) -> Iterator[Item]:
        related = self.id(Action, action.related_to)
        yield self.item(path, Action, action, related_to_id=related, **parent)
        yield from self.responsible(path, action, action_id=self.id(Action, action.code), step_id=None)
        for place, step in enumerate(action.steps):
            action_id = self.id(Action, action.code)
            yield self.item(f"{path}/steps/{place}", ActionStep, step, action_id=action_id)
            step_id = self.id(ActionStep, step.code)
            yield from self.responsible(f"{path}/steps/{place}", step, action_id=action_id, step_id=step_id)

    def responsible(
        self, path: str, made_of: shape.ActionShape | shape.StepShape, *, action_id: UUID | None, step_id: UUID | None
    ) -> Iterator[Item]:
        """Who leads and monitors. The printed form is part of the key: one code may stand twice, spelt differently."""
        place = {"plan_id": self.plan_id, "action_id": action_id, "step_id": step_id}
        for role, named in ((ResponsibilityRole.LEAD, made_of.leads), (ResponsibilityRole.MONITOR, made_of.monitors)):
            for no, one in enumerate(named, start=1):
                key = f"{self.plan.code}/{made_of.code}/{role}/{one.person}/{one.printed}"
                values = {
                    "person_id": self.whole.id(Person, one.person),
                    "role": role,
                    "no": no,
                    "printed": one.printed,
                }
                kind = "step" if step_id else "action"
                record_id = self.whole.id(Responsibility, f"{kind}/{key}")
                yield Item(f"{path}/{role}s/{no - 1}", Responsibility, record_id, {**place, **values})

    def cross_references(self, path: str, area: shape.AreaShape) -> Iterator[Item]:
        for place, objective in enumerate(area.objectives):
            for at, reference in enumerate(objective.cross_references):
                yield self.item(
                    f"{path}/objectives/{place}/crossReferences/{at}",
                    CrossReference,
                    reference,
                    objective_id=self.id(Objective, objective.code),
                    to_area_id=self.id(Area, reference.to_area),
                    to_objective_id=self.id(Objective, reference.to_objective),
                )


def _source(made_of: shape.Sourced) -> dict[str, Any]:
    source = made_of.source
    return {} if source is None else {"source_document": source.document, "source_line": source.line}
