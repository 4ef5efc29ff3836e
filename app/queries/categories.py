"""The categories decided: in force on a day, how long for, since which decisions, and whether measures still agree."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from app.domain.academies import Academy
from app.domain.categories_in_force import InForce, in_force
from app.domain.categorisation import CategoryDecision
from app.domain.frameworks import Framework
from app.domain.intervals import Calendar
from app.domain.review_vocabulary import Agreement
from app.domain.roles import Permission
from app.domain.stages import MaturityStage
from app.domain.stays import DURATION_RULE, STAY_RULE, NoEnd, expected_end, last_days
from app.queries.categorisation import CATEGORY_DECISIONS
from app.queries.categorisations import read_categorisation, read_trust_categorisation
from app.queries.category_answers import CategoryStage
from app.queries.category_proposals import Explained
from app.queries.figures import FrameworkNamed
from app.queries.published import Published
from app.queries.reading import Moment, Reads
from app.queries.revival import calendar, read_all, revived
from app.queries.stage_rules import read_academies, read_academy, read_editions
from app.queries.stages import MATURITY_STAGES


class DecisionTold(Published):
    """A decision, and the days on which it is in force."""

    id: UUID
    framework: FrameworkNamed
    stage: CategoryStage
    decidedOn: date
    effectiveFrom: date
    effectiveTo: date | None = Field(description="Last day in force; null: until another decision.")
    overruled: bool = Field(description="Whether a later decision for the same first day took its place.")
    chairRole: str
    reason: str | None
    suggestionId: UUID | None
    nextReviewOn: date | None


class StayTold(Published):
    """How long the academy has been in its stage. Consecutive decisions for one stage are one stay."""

    since: date
    days: int
    expectedFrom: date | None = Field(description="Earliest day on which the framework expects it to end.")
    expectedTo: date | None = Field(description="Latest day on which the framework expects it to end.")
    overstayed: bool | None = Field(description="Whether that day has passed; null where there is none.")
    whyNoEnd: NoEnd | None
    rule: str
    durationRule: str


class SuggestedToday(Published):
    """What the measures suggest on the day, beside what was decided."""

    framework: FrameworkNamed | None
    agreement: Agreement
    stage: CategoryStage | None
    agrees: bool | None = Field(description="Whether it is the stage decided; null where either is missing.")


class AcademyCategory(Published):
    academyId: UUID
    academy: str = Field(description="Code of the academy.")
    on: date
    asKnownAt: datetime | None
    decision: DecisionTold | None = Field(description="The one in force; null where none was made.")
    stay: StayTold | None
    nextReviewOn: date | None
    reviewOverdue: bool
    suggestion: SuggestedToday | None = Field(description="Null for readers who may not see single values.")
    history: list[DecisionTold] = Field(description="Every decision, the newest first, those still to come included.")


class TrustCategories(Published):
    on: date
    asKnownAt: datetime | None
    academies: list[AcademyCategory]
    byStage: dict[str, int] = Field(description="How many academies are in each stage, by its code.")
    undecided: int
    overstayed: int
    reviewsOverdue: int


@dataclass(frozen=True)
class _Named:
    """What the ids in decisions stand for."""

    frameworks: Mapping[UUID, Framework]
    stages: Mapping[UUID, MaturityStage]
    calendar: Calendar

    def stage_of(self, decision: CategoryDecision) -> tuple[str, str]:
        """By codes: they are the same in every edition."""
        return self.frameworks[decision.framework_id].code, self.stages[decision.stage_id].code


async def read_category(reads: Reads, academy_id: UUID, moment: Moment, *, on: date | None = None) -> AcademyCategory:
    academy, day = await read_academy(reads, academy_id, moment), on or moment.today
    decisions = await _decisions(reads, moment, academyId=academy_id)
    named = await _named(reads, decisions, moment)
    explained = None
    if reads.actor.may(Permission.READ_SENSITIVE):
        explained = await read_categorisation(reads, academy_id, moment, on=day)
    return _category(academy, decisions, named, explained, day, moment)


async def read_categories_in_force(reads: Reads, moment: Moment, *, on: date | None = None) -> TrustCategories:
    day, of_academy = on or moment.today, defaultdict(list)
    decisions = await _decisions(reads, moment)
    for one in decisions:
        of_academy[one.academy_id].append(one)
    named = await _named(reads, decisions, moment)
    explained: dict[UUID, Explained] = {}
    if reads.actor.may(Permission.READ_SENSITIVE):
        proposals = await read_trust_categorisation(reads, moment, on=day)
        explained = {academy.id: told for academy, told in proposals.each()}
    told = [
        _category(academy, of_academy[academy.id], named, explained.get(academy.id), day, moment)
        for academy in await read_academies(reads, moment)
    ]
    by_stage: dict[str, int] = defaultdict(int)
    for category in told:
        if category.decision is not None:
            by_stage[category.decision.stage.code] += 1
    return TrustCategories(
        on=day,
        asKnownAt=moment.as_of,
        academies=told,
        byStage=dict(sorted(by_stage.items())),
        undecided=sum(one.decision is None for one in told),
        overstayed=sum(one.stay is not None and one.stay.overstayed is True for one in told),
        reviewsOverdue=sum(one.reviewOverdue for one in told),
    )


async def _decisions(reads: Reads, moment: Moment, **filters: UUID) -> list[CategoryDecision]:
    found = await read_all(reads, CATEGORY_DECISIONS, moment, **filters)
    return [revived(CategoryDecision, CATEGORY_DECISIONS, one, reads.actor.trust_id) for one in found]


async def _named(reads: Reads, decisions: Iterable[CategoryDecision], moment: Moment) -> _Named:
    editions = {one.id: one for one in await read_editions(reads, moment)}
    stages: dict[UUID, MaturityStage] = {}
    for framework_id in {one.framework_id for one in decisions}:
        for told in await read_all(reads, MATURITY_STAGES, moment, frameworkId=framework_id):
            stage = revived(MaturityStage, MATURITY_STAGES, told, reads.actor.trust_id)
            stages[stage.id] = stage
    return _Named(editions, stages, await calendar(reads, moment))


def _category(
    academy: Academy,
    decisions: Sequence[CategoryDecision],
    named: _Named,
    explained: Explained | None,
    on: date,
    moment: Moment,
) -> AcademyCategory:
    history = _history(decisions, named)
    present = in_force(decisions, on, named.stage_of)
    decision, stay = None, None
    if present is not None:
        decision = next(one for one in history if one.id == present.decision.id)
        stay = _stay(named, present, on)
    review = decision.nextReviewOn if decision else None
    return AcademyCategory(
        academyId=academy.id,
        academy=academy.code,
        on=on,
        asKnownAt=moment.as_of,
        decision=decision,
        stay=stay,
        nextReviewOn=review,
        reviewOverdue=review is not None and review < on,
        suggestion=_suggested(explained, decision) if explained else None,
        history=history,
    )


def _stay(named: _Named, present: InForce, on: date) -> StayTold:
    expected = expected_end(named.stages[present.decision.stage_id], present.since, named.calendar)
    return StayTold(
        since=present.since,
        days=(on - present.since).days,
        expectedFrom=expected.days.starts_on if expected.days else None,
        expectedTo=expected.days.ends_on if expected.days else None,
        overstayed=expected.is_over(on),
        whyNoEnd=expected.why,
        rule=STAY_RULE,
        durationRule=DURATION_RULE,
    )


def _history(decisions: Iterable[CategoryDecision], named: _Named) -> list[DecisionTold]:
    given = list(decisions)
    until = last_days(given)
    given.sort(key=lambda one: (one.effective_from, one.no), reverse=True)
    return [
        DecisionTold(
            id=one.id,
            framework=_framework(named.frameworks[one.framework_id]),
            stage=_stage(named.stages[one.stage_id]),
            decidedOn=one.decided_on,
            effectiveFrom=one.effective_from,
            effectiveTo=until.get(one.id),
            overruled=one.id not in until,
            chairRole=one.chair_role,
            reason=one.reason,
            suggestionId=one.suggestion_id,
            nextReviewOn=one.next_review_on,
        )
        for one in given
    ]


def _suggested(explained: Explained, decision: DecisionTold | None) -> SuggestedToday:
    framework, stage = explained.framework, explained.stage
    agrees = None
    if decision is not None and framework is not None and stage is not None:
        agrees = (decision.framework.code, decision.stage.code) == (framework.code, stage.code)
    return SuggestedToday(
        framework=_framework(framework) if framework else None,
        agreement=explained.proposal.agreement,
        stage=_stage(stage) if stage else None,
        agrees=agrees,
    )


def _framework(framework: Framework) -> FrameworkNamed:
    return FrameworkNamed(id=framework.id, code=framework.code, edition=framework.edition)


def _stage(stage: MaturityStage) -> CategoryStage:
    return CategoryStage(id=stage.id, code=stage.code, no=stage.no, name=stage.name)
