"""When recurring reviews are next due, academy by academy, as it is published."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pydantic import Field

from app.domain.academies import Academy
from app.domain.cadences import CadenceRule, NoDueDate
from app.domain.framework_vocabulary import Applies
from app.domain.reviews_due import RULE, DueState, Near, ReviewDue, next_review
from app.queries.cadences import CADENCE_RULES
from app.queries.figures import FrameworkNamed
from app.queries.published import Published
from app.queries.reading import Moment, Reads
from app.queries.revival import read_all, revived
from app.queries.support import REVIEWS_HELD
from app.queries.support_estate import (
    AcademyNamed,
    Estate,
    StageNamed,
    Standing,
    framework_named,
    named,
    read_estate,
    stage_named,
)
from app.queries.trusts import TRUSTS


class ReviewDueOf(Published):
    """The next occasion of one recurring review of one academy."""

    academy: AcademyNamed
    framework: FrameworkNamed
    stage: StageNamed
    cadenceId: UUID
    cadenceCode: str
    activity: str
    printed: str | None
    applies: Applies = Field(description="Whether it is meant for this academy; `to_judge`: a person has to say.")
    condition: str | None
    state: DueState
    dueFrom: date | None = Field(description="First day the next one falls on.")
    dueTo: date | None = Field(description="Last day the next one falls on.")
    noDueDate: NoDueDate | None = Field(description="Why there is no such day.")
    countedFrom: date | None = Field(
        description="The day it was last held, else the day the stage began; of a review of one stage the later of the two."
    )
    lastHeld: date | None
    held: int = Field(description="How often it was held until the day asked about.")


class ReviewsDue(Published):
    """What is overdue, due and coming, the most pressing first."""

    rule: str
    on: date
    until: date | None
    items: list[ReviewDueOf]
    withoutDate: list[ReviewDueOf] = Field(description="Reviews that are never due, or not yet, each with why.")
    withoutCategory: list[AcademyNamed] = Field(description="Academies that nobody has put in a category by this day.")


@dataclass(frozen=True)
class Reviews:
    """Cadences by framework, and the days each was held on: by academy, and by codes, which hold from edition to edition.

    What was held by a draft that has been withdrawn since counts for nothing.
    """

    rules: Mapping[UUID, tuple[CadenceRule, ...]]
    held: Mapping[tuple[UUID, str, str], tuple[date, ...]]
    near: Near

    def of(self, standing: Standing) -> list[CadenceRule]:
        """Those of its stage, and those for every stage."""
        rules = self.rules.get(standing.framework.id, ())
        return [one for one in rules if one.stage_id in (None, standing.stage.id)]


async def read_reviews_due(
    reads: Reads, moment: Moment, *, on: date | None, until: date | None, academy_id: UUID | None
) -> ReviewsDue:
    day = on or moment.today
    estate = await read_estate(reads, moment, academy_id=academy_id)
    reviews = await read_reviews(reads, estate, moment, academy_id=academy_id)
    placed, without = estate.standings(day)
    found = [one for academy, standing in placed for one in due_of(estate, reviews, academy, standing, day)]
    dated = [one for one in found if one.dueFrom is not None and (until is None or one.dueFrom <= until)]
    return ReviewsDue(
        rule=RULE,
        on=day,
        until=until,
        items=sorted(dated, key=lambda one: (one.dueTo, one.academy.code, one.cadenceCode)),
        withoutDate=[one for one in found if one.dueFrom is None],
        withoutCategory=without,
    )


async def read_reviews(reads: Reads, estate: Estate, moment: Moment, *, academy_id: UUID | None) -> Reviews:
    rules = defaultdict(list)
    for one in await read_all(reads, CADENCE_RULES, moment):
        rule = revived(CadenceRule, CADENCE_RULES, one, reads.actor.trust_id)
        rules[rule.framework_id].append(rule)
    held = defaultdict(list)
    for one in await read_all(reads, REVIEWS_HELD, moment, academyId=academy_id):
        framework = estate.frameworks.get(UUID(one["frameworkId"]))
        if framework is not None:
            held[UUID(one["academyId"]), framework.code, one["cadenceCode"]].append(date.fromisoformat(one["on"]))
    # Before the trust was known there is none, and no academy either.
    trusts = [
        Near(soon=one["dueSoonDays"], grace=one["overdueGraceDays"]) for one in await read_all(reads, TRUSTS, moment)
    ]
    return Reviews(
        rules={framework: tuple(sorted(made, key=lambda one: (one.no, one.code))) for framework, made in rules.items()},
        held={key: tuple(days) for key, days in held.items()},
        near=trusts[0] if trusts else Near(soon=0, grace=0),
    )


def due_of(estate: Estate, reviews: Reviews, academy: Academy, standing: Standing, on: date) -> Iterable[ReviewDueOf]:
    """Every review of the stage that is meant for the academy, or may be."""
    for rule in reviews.of(standing):
        applies, condition = estate.applies(rule.condition_id, academy)
        if applies is Applies.NO:
            continue
        held = reviews.held.get((academy.id, standing.framework.code, rule.code), ())
        due = next_review(rule, held, standing.since, estate.calendar, on=on, near=reviews.near)
        yield _published(academy, standing, rule, due, applies=applies, condition=condition)


def _published(
    academy: Academy, standing: Standing, rule: CadenceRule, due: ReviewDue, *, applies: Applies, condition: str | None
) -> ReviewDueOf:
    return ReviewDueOf(
        academy=named(academy),
        framework=framework_named(standing.framework),
        stage=stage_named(standing.stage),
        cadenceId=rule.id,
        cadenceCode=rule.code,
        activity=rule.activity,
        printed=rule.printed,
        applies=applies,
        condition=condition,
        state=due.state,
        dueFrom=due.days.starts_on if due.days else None,
        dueTo=due.days.ends_on if due.days else None,
        noDueDate=due.reason,
        countedFrom=due.counted_from,
        lastHeld=due.last_held,
        held=due.held,
    )
