"""What the service itself finds unclear in the records of a pack: a rule for each kind of record, one sentence for each find."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from app.domain.actions import Action, ActionStep
from app.domain.assurance import AssuranceLine
from app.domain.benchmarks import Benchmark
from app.domain.budgets import BudgetLine
from app.domain.cadences import CadenceRule
from app.domain.dates import Due, DueAssumption, DueProblem
from app.domain.entitlements import EntitlementRule
from app.domain.entity import Entity
from app.domain.framework_statements import FrameworkStatement
from app.domain.framework_vocabulary import DefinitionStatus, FrameworkStatementKind
from app.domain.indicators import BandStatement, Indicator
from app.domain.intervals import Days
from app.domain.milestones import Milestone
from app.domain.people import Person
from app.domain.plans import Plan
from app.domain.stages import MaturityStage
from app.domain.targets import Target
from app.domain.vocabulary import AmountStatus, MeasureKind, PersonStatus
from app.packs.flatten import Item


@dataclass(frozen=True)
class Found:
    """A fault found by rule on one record."""

    code: str
    detail: str
    field: str | None = None
    raw: str | None = None


@dataclass(frozen=True)
class Around:
    """What a rule may look at besides the record: its date, the plans' lives, who leads, and what stands below it."""

    items: Sequence[Item]
    dues: Mapping[UUID, Due]
    lives: Mapping[UUID, Days] = field(init=False)
    led: frozenset[UUID] = field(init=False)
    stepped: frozenset[UUID] = field(init=False)
    below_lines: Mapping[UUID, frozenset[type[Entity]]] = field(init=False)

    def __post_init__(self) -> None:
        of = self._of
        lives = {item.id: Days(item.values["starts_on"], item.values["ends_on"]) for item in of(Plan)}
        leads = (item.values for item in self.items if item.values.get("role") == "lead")
        lines: dict[UUID, set[type[Entity]]] = defaultdict(set)
        for item in (*of(Indicator), *of(BandStatement)):
            lines[item.values["line_id"]].add(item.kind)
        told = {
            "lives": lives,
            "led": frozenset(one["action_id"] for one in leads if one["step_id"] is None),
            "stepped": frozenset(item.values["action_id"] for item in of(ActionStep)),
            "below_lines": {line: frozenset(kinds) for line, kinds in lines.items()},
        }
        for name, value in told.items():
            object.__setattr__(self, name, value)

    def _of(self, kind: type[Entity]) -> list[Item]:
        return [item for item in self.items if item.kind is kind]


def found_in(items: Sequence[Item], dues: Mapping[UUID, Due]) -> Iterator[tuple[Item, Found]]:
    """Everything found by a rule that looks at one record."""
    around = Around(items, dues)
    for item in items:
        for rule in _RULES.get(item.kind, ()):
            yield from ((item, one) for one in rule(item, around))


def _comparator(item: Item, _: Around) -> Iterator[Found]:
    numeric = (item.values.get("kind"), item.values.get("measured"))
    if MeasureKind.NUMERIC in numeric and item.values.get("comparator") is None:
        detail = "A number with no printed comparator. Evaluations state the one they assume."
        yield Found("comparator_missing", detail, "comparator", item.values.get("printed"))


def _person(item: Item, _: Around) -> Iterator[Found]:
    if item.values["status"] is PersonStatus.UNDEFINED:
        yield Found("code_undefined", "The code is used and never explained. Ask whoever wrote the plan.", "status")
    if item.values["status"] is PersonStatus.TO_CONFIRM:
        yield Found("alias_to_confirm", "It may be another code's alias. A person has to confirm it.", "status")


def _amount(item: Item, _: Around) -> Iterator[Found]:
    if item.values["status"] is AmountStatus.PROVISIONAL:
        yield Found("amount_provisional", "The amount is still to be confirmed.", "status", item.values.get("printed"))


def _lead(item: Item, around: Around) -> Iterator[Found]:
    if item.id not in around.led:
        yield Found("lead_missing", "Nobody is named as its lead. None is assumed.", "leads")


_ASSUMED: Final = {
    DueAssumption.SHORT_FORM: Found("due_short_form", "Read as month and year; it could be a day of the month."),
    DueAssumption.WEEK_UNRESOLVED: Found(
        "week_unresolved", "The week needs the school's calendar; the month stands for it."
    ),
    DueAssumption.EVENT_DAY_UNKNOWN: Found(
        "event_day_unknown", "The event's day is not known; the month stands for it."
    ),
}


def _due(item: Item, around: Around) -> Iterator[Found]:
    due = around.dues.get(item.id)
    if due is None or (item.due is None and item.id in around.stepped):
        return
    if due.unresolved is DueProblem.NO_DATE:
        yield Found("due_missing", "No due date is given. None is assumed, and it is never overdue.", "due")
    elif due.unresolved is not None:
        reason = due.unresolved.replace("_", " ")
        yield Found(
            "due_unresolved", f"The due date does not resolve ({reason}); it is never overdue.", "due", due.printed
        )
    if due.assumed is not None:
        rule = _ASSUMED[due.assumed]
        yield Found(rule.code, rule.detail, "due", due.printed)
    life = around.lives.get(item.plan_id) if item.plan_id else None
    if life is not None and _outside(due, life):
        yield Found(
            "outside_plan_life", "The date lies outside the plan's life. It is kept, not shifted.", "due", due.printed
        )


def _outside(due: Due, life: Days) -> bool:
    before = due.ends_on is not None and due.ends_on < life.starts_on
    after = due.starts_on is not None and due.starts_on > life.ends_on
    return before or after


def _duration(item: Item, _: Around) -> Iterator[Found]:
    told = item.values
    if told["duration_unit"] is None and not told["open_ended"]:
        yield Found("duration_missing", "No duration is printed, so nothing expires.", "durationUnit")


def _cadence(item: Item, _: Around) -> Iterator[Found]:
    told = item.values
    if told["every_min"] is None and told["times"] is None and not told["anchors"]:
        detail = "No cadence is printed, or none that can be counted; no date is made up."
        yield Found("cadence_missing", detail, "unit", told["printed"])
    if told["times"] is not None and told["period"] is None:
        due = "its points of the year stand" if told["anchors"] else "it is never due"
        yield Found("period_missing", f"Counted, but in no printed period; {due}.", "period", told["printed"])


def _entitlement(item: Item, _: Around) -> Iterator[Found]:
    told = item.values
    if told["quantity_min"] is None and told["quantity_max"] is None:
        return
    if told["period"] is None:
        detail = "No period is printed: the quantity has no share of the year."
        yield Found("period_missing", detail, "period", told["printed"])
    if told["unit"] is None:
        yield Found("unit_missing", "No unit is printed; none is assumed.", "unit", told["printed"])


def _line(item: Item, around: Around) -> Iterator[Found]:
    below = around.below_lines.get(item.id, frozenset())
    if not below:
        yield Found("bands_missing", "Nothing says what earns a level: people rate it, and nothing is suggested.")
    elif Indicator not in below:
        yield Found("numeric_bands_missing", "Its levels are told in words alone: people rate it.")


def _indicator(item: Item, _: Around) -> Iterator[Found]:
    if item.values["definition_status"] is DefinitionStatus.LOCAL_UNDEFINED:
        detail = "How the figure is made is not said. Define it before readings are loaded; no national comparison."
        yield Found("definition_undefined", detail, "definitionStatus")


def _term(item: Item, _: Around) -> Iterator[Found]:
    if item.values["kind"] is FrameworkStatementKind.TERM_UNDEFINED:
        yield Found("term_undefined", "The term is used and never explained.", "label", item.values["label"][:60])


Rule = Callable[[Item, Around], Iterator[Found]]
_RULES: Final[Mapping[type[Entity], tuple[Rule, ...]]] = {
    Target: (_comparator,),
    Milestone: (_comparator, _due),
    Person: (_person,),
    BudgetLine: (_amount,),
    Action: (_lead, _due),
    ActionStep: (_due,),
    MaturityStage: (_duration,),
    CadenceRule: (_cadence,),
    EntitlementRule: (_entitlement,),
    AssuranceLine: (_line,),
    Indicator: (_indicator,),
    FrameworkStatement: (_term,),
}


def repeated_in(items: Sequence[Item]) -> Iterator[tuple[Item, Found]]:
    """Lists that say the same of two stages, and statements that say the same of two levels: neither tells them apart."""
    yield from _identical_lists(items)
    yield from _repeated_statements(items)


def _identical_lists(items: Sequence[Item]) -> Iterator[tuple[Item, Found]]:
    names = {item.id: item.values.get("label") for item in items}
    lists: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for item in items:
        if item.kind is Benchmark:
            lists[item.values["set_id"], item.values["strand_id"], item.values["stage_id"]].append(item.values["label"])
    stages = sorted(
        (i for i in items if i.kind is MaturityStage), key=lambda i: (str(i.values["framework_id"]), i.values["no"])
    )
    earlier: dict[tuple[Any, ...], Item] = {}
    for stage in stages:
        for (set_id, strand_id, stage_id), labels in lists.items():
            if stage_id != stage.id:
                continue
            first = earlier.setdefault((set_id, strand_id, *labels), stage)
            if first is not stage:
                detail = (
                    f"Its benchmarks for {names[strand_id]} are those of {first.values['name']}: "
                    "they cannot tell the two stages apart."
                )
                yield stage, Found("lists_identical", detail, f"benchmarks {names[set_id]}/{names[strand_id]}"[:60])


def _repeated_statements(items: Sequence[Item]) -> Iterator[tuple[Item, Found]]:
    said: dict[tuple[Any, str], UUID] = {}
    for item in items:
        if item.kind is BandStatement:
            level = said.setdefault((item.values["line_id"], item.values["label"]), item.values["level_id"])
            if level != item.values["level_id"]:
                detail = "The same is said of another level, so this statement cannot tell the two apart."
                yield item, Found("statement_repeated", detail, "label")
