"""What is worth looking at in a plan before it is agreed: each check with its rule, its sentence and whom it is about."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

from app.domain.check_waivers import CheckWaiver
from app.domain.framework_vocabulary import DefinitionStatus
from app.domain.intervals import Calendar
from app.domain.plan_facts import Coded, Dated, MilestoneFact, PlanFacts
from app.domain.target_ladders import Rung, unread_metrics, weaker_rungs
from app.domain.vocabulary import AreaKind, DueKind, MeasureKind, MilestoneStatus, PlanRule

HEAVY_LOAD: Final = 13
"""Open actions that one person leads from which a plan asks whether that is too much, where nobody says otherwise."""
_LONGEST_HOLIDAY: Final = timedelta(weeks=8)
_OPEN_MILESTONE: Final = frozenset(
    {MilestoneStatus.PLANNED, MilestoneStatus.IN_PROGRESS, MilestoneStatus.SUBMITTED, MilestoneStatus.DEFERRED}
)


@dataclass(frozen=True)
class Concern:
    """What a rule found, on the record it is about."""

    rule: PlanRule
    subject_id: UUID
    sentence: str


@dataclass(frozen=True)
class Unanswered:
    """A rule that could not be asked, of all the plan or of a part of it, and why."""

    rule: PlanRule
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What the trust has recorded of a metric that a plan names. `is_fed` of None: not known."""

    higher_is_better: bool | None = None
    definition_status: DefinitionStatus = DefinitionStatus.DEFINED
    is_fed: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Checking:
    """A plan, and what else its checks look at."""

    plan: PlanFacts
    calendar: Calendar
    metrics: Mapping[str, Measure]
    heavy_load: int = HEAVY_LOAD


def check_plan(asked: Checking) -> tuple[list[Concern], list[Unanswered]]:
    """Every rule, in the order in which they are listed."""
    found = [one for rule in _RULES for one in rule(asked)]
    concerns = [one for one in found if isinstance(one, Concern)]
    return concerns, [one for one in found if isinstance(one, Unanswered)]


def waiver_of(concern: Concern, waivers: Iterable[CheckWaiver], *, on: date) -> CheckWaiver | None:
    """The waiver that stands for it on the day. A concern that is waived is told apart, never hidden."""
    about = (one for one in waivers if (one.rule, one.subject_id) == (concern.rule, concern.subject_id))
    return next((one for one in about if one.stands(on)), None)


_Found = Iterator[Concern | Unanswered]


def _objectives_without_measure(asked: Checking) -> _Found:
    """A priority that holds its actions itself is an objective here."""
    plan = asked.plan
    numeric = [one for one in plan.milestones if one.is_counted and one.measured is not MeasureKind.QUALITATIVE]
    measured = {one.objective_id for one in numeric} | {one.id for one in plan.objectives if one.target_ids}
    for objective in plan.objectives:
        if objective.id not in measured:
            yield _concern(
                PlanRule.OBJECTIVE_WITHOUT_MEASURE,
                objective,
                "serves no target and has no numeric milestone: say how it is measured",
            )
    areas = {one.area_id for one in numeric} | {one.area_id for one in plan.targets}
    whole = {one.area_id for one in plan.objectives}
    for area in plan.areas:
        if area.kind is AreaKind.PRIORITY and area.id not in areas | whole:
            yield _concern(
                PlanRule.OBJECTIVE_WITHOUT_MEASURE,
                area,
                "has no target and no numeric criterion: say how it is measured",
            )


def _actions_without_lead(asked: Checking) -> _Found:
    for action in asked.plan.actions:
        if action.is_open and not action.lead_ids:
            yield _concern(PlanRule.ACTION_WITHOUT_LEAD, action, "is led by nobody: name a lead")


def _actions_without_date(asked: Checking) -> _Found:
    """An action with a dated step has a date."""
    stepped = {one.action_id for one in asked.plan.steps if one.due_kind is not DueKind.NONE}
    for action in asked.plan.actions:
        if action.is_open and action.due_kind is DueKind.NONE and action.id not in stepped:
            yield _concern(PlanRule.ACTION_WITHOUT_DATE, action, "has no date: agree one")


def _milestones_without_date(asked: Checking) -> _Found:
    for milestone in _open(asked.plan.milestones):
        if milestone.due_kind is DueKind.NONE:
            yield _concern(PlanRule.MILESTONE_WITHOUT_DATE, milestone, "has no date: agree one")


def _milestones_after_plan(asked: Checking) -> _Found:
    for milestone in _open(asked.plan.milestones):
        if milestone.due_ends_on is not None and milestone.due_ends_on > asked.plan.ends_on:
            said = f"is due by {_day(milestone.due_ends_on)}, after the plan ends on {_day(asked.plan.ends_on)}"
            yield _concern(PlanRule.MILESTONE_AFTER_PLAN, milestone, said)


def _easier_targets(asked: Checking) -> _Found:
    known = {code: one.higher_is_better for code, one in asked.metrics.items() if one.higher_is_better is not None}
    for rung in weaker_rungs(asked.plan, known):
        yield _concern(PlanRule.TARGET_EASIER, rung.target, _easier(rung))
    for metric in unread_metrics(asked.plan, known):
        yield Unanswered(PlanRule.TARGET_EASIER, f"Nobody has said which way {metric} gets better. Record the metric.")


def _findings_without_objective(asked: Checking) -> _Found:
    answered = {one.finding_id for one in asked.plan.objectives}
    for finding in asked.plan.findings:
        if finding.id not in answered:
            yield _concern(
                PlanRule.FINDING_WITHOUT_OBJECTIVE,
                finding,
                "is answered by no objective: set one, or name the one that answers it",
            )


def _too_much_on_one(asked: Checking) -> _Found:
    led = Counter(lead for action in asked.plan.actions if action.is_open for lead in action.lead_ids)
    for person in asked.plan.people:
        if led[person.id] >= asked.heavy_load:
            said = f"leads {led[person.id]} open actions, where {asked.heavy_load} are too many: give some to others"
            yield _concern(PlanRule.TOO_MUCH_ON_ONE, person, said)


def _objectives_without_evidence(asked: Checking) -> _Found:
    rule, plan = PlanRule.OBJECTIVE_WITHOUT_EVIDENCE, asked.plan
    since = two_terms_back(asked.calendar, plan.on)
    if since is None:
        yield Unanswered(rule, f"The trust's calendar does not hold the two terms up to {_day(plan.on)}. Add them.")
        return
    if plan.starts_on > since:
        return
    finished = _finished(plan)
    for objective in plan.objectives:
        seen = objective.last_evidence_on
        if objective.id not in finished and (seen is None or seen < since):
            yield _concern(rule, objective, f"has had no evidence since {_day(since)}, the start of the last term")


def _undefined_metrics(asked: Checking) -> _Found:
    for target in asked.plan.targets:
        if target.metric is None:
            continue
        measure = asked.metrics.get(target.metric)
        if measure is None:
            yield _concern(
                PlanRule.METRIC_UNDEFINED, target, f"names the metric {target.metric}, which is not recorded"
            )
        elif measure.definition_status is DefinitionStatus.LOCAL_UNDEFINED:
            said = f"names the metric {target.metric}, and nobody has said how it is made"
            yield _concern(PlanRule.METRIC_UNDEFINED, target, said)
        elif measure.is_fed is False:
            said = f"names the metric {target.metric}, of which no value has arrived"
            yield _concern(PlanRule.METRIC_WITHOUT_FEED, target, said)


def _out_of_sequence(asked: Checking) -> _Found:
    """Windows of a phase that run backwards, and what somebody has called out of sequence."""
    plan, rule = asked.plan, PlanRule.OUT_OF_SEQUENCE
    in_order = sorted(plan.windows, key=lambda one: (str(one.phase_id), one.no))
    for former, later in pairwise(in_order):
        if former.phase_id == later.phase_id and _is_before(later, former):
            yield _concern(rule, later, f"ends before {former.code}, which comes first")
    for flag in plan.flags:
        if flag.code == "sequence_conflict" and flag.record_id in plan.records:
            _, record = plan.records[flag.record_id]
            yield Concern(rule, record.id, f"{record.code}: {flag.detail}")


def two_terms_back(calendar: Calendar, day: date) -> date | None:
    """The first day of the term before the one that a day is in, or that ended last before it."""
    terms = sorted(calendar.terms, key=lambda term: term.starts_on)
    begun = [term for term in terms if term.starts_on <= day]
    if len(begun) < 2:  # noqa: PLR2004  two terms
        return None
    is_reached = len(terms) > len(begun) or day <= begun[-1].ends_on + _LONGEST_HOLIDAY
    return begun[-2].starts_on if is_reached else None


def _finished(plan: PlanFacts) -> frozenset[UUID | None]:
    """The objectives that have milestones that count, and none of them open."""
    under = {one.objective_id for one in plan.milestones if one.is_counted}
    return frozenset(under - {one.objective_id for one in _open(plan.milestones)})


def _open(milestones: Iterable[MilestoneFact]) -> Iterator[MilestoneFact]:
    return (one for one in milestones if one.status in _OPEN_MILESTONE)


def _is_before(one: Dated, other: Dated) -> bool:
    return one.due_ends_on is not None and other.due_ends_on is not None and one.due_ends_on < other.due_ends_on


def _easier(rung: Rung) -> str:
    return f"asks for {rung.value:f} where {rung.before} asked for {rung.former:f}, and {rung.better} is better"


def _concern(rule: PlanRule, record: Coded, said: str) -> Concern:
    named = f"{record.code} ({record.label})" if record.label else record.code
    return Concern(rule, record.id, f"{named} {said}.")


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"


_RULES: Final[tuple[Callable[[Checking], _Found], ...]] = (
    _objectives_without_measure,
    _actions_without_lead,
    _actions_without_date,
    _milestones_without_date,
    _milestones_after_plan,
    _easier_targets,
    _findings_without_objective,
    _too_much_on_one,
    _objectives_without_evidence,
    _undefined_metrics,
    _out_of_sequence,
)
