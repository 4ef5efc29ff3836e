"""What a stage expects of an academy: benchmarks, plan items, support and reviews, each with whether it is meant for it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import Field, create_model

from app.db.noun import Noun
from app.domain.academies import Academy
from app.domain.cadences import CadenceRule, NextDue, NoDueDate
from app.domain.conditions import FrameworkCondition
from app.domain.framework_vocabulary import Applies
from app.domain.frameworks import Framework
from app.domain.intervals import Calendar
from app.domain.stages import MaturityStage
from app.domain.vocabulary import Sector
from app.queries.academies import ACADEMIES
from app.queries.benchmarks import BENCHMARKS
from app.queries.cadences import CADENCE_RULES
from app.queries.entitlements import ENTITLEMENT_RULES
from app.queries.frameworks import FRAMEWORK_CONDITIONS, FRAMEWORKS
from app.queries.published import Published, record_model
from app.queries.reading import Moment, Reads, read_record, read_tree
from app.queries.revival import Told, calendar, read_all, revived, told
from app.queries.stages import MATURITY_STAGES
from app.queries.template_items import TEMPLATE_ITEMS


def _expected(noun: Noun, name: str, **more: Any) -> type[Published]:
    fields: dict[str, Any] = {
        "applies": (Applies, Field(description="Whether it is meant for this academy.")),
        "condition": (str | None, Field(description="What has to be so; null where it is meant for all.")),
        name: (record_model(noun), Field(description="The record.")),
        **more,
    }
    doc = f"One of the {noun.plural.replace('-', ' ')} of the stage, and whether it is meant for the academy."
    return create_model(f"Expected{noun.title}", __base__=Published, __module__=__name__, __doc__=doc, **fields)


_DUE: Final[dict[str, Any]] = {
    "dueFrom": (date | None, Field(description="First day the next one falls on.")),
    "dueTo": (date | None, Field(description="Last day the next one falls on.")),
    "noDueDate": (NoDueDate | None, Field(description="Why there is no such day.")),
}
ExpectedBenchmark = _expected(BENCHMARKS, "benchmark")
ExpectedItem = _expected(TEMPLATE_ITEMS, "templateItem")
ExpectedEntitlement = _expected(ENTITLEMENT_RULES, "entitlement")
ExpectedReview = _expected(CADENCE_RULES, "cadence", **_DUE)


class ExpectedAcademy(Published):
    """The academy, as far as conditions look at it."""

    id: UUID
    code: str
    name: str
    sector: Sector | None = Field(description="Its kind of school; null where its type and phase are unknown.")


class ExpectedStage(Published):
    """The stage, and the edition it is of."""

    id: UUID
    code: str
    no: int
    name: str
    frameworkId: UUID
    framework: str
    edition: int
    inForce: bool = Field(description="Whether the edition is in force on the day.")
    fits: Applies = Field(description="Whether the framework is written for this kind of school.")
    durationPrinted: str | None
    openEnded: bool
    endsFrom: date | None = Field(description="With `since`: the earliest day of leaving it, as printed.")
    endsTo: date | None = Field(description="With `since`: the latest day of leaving it, as printed.")


class Expectations(Published):
    """What a stage expects of an academy on a day. What does not apply is told too, with its condition."""

    on: date
    academy: ExpectedAcademy
    stage: ExpectedStage
    benchmarks: list[ExpectedBenchmark]  # type: ignore[valid-type]  # made above
    templateItems: list[ExpectedItem]  # type: ignore[valid-type]  # made above
    entitlements: list[ExpectedEntitlement]  # type: ignore[valid-type]  # made above
    reviews: list[ExpectedReview]  # type: ignore[valid-type]  # made above


@dataclass(frozen=True)
class _Asked:
    """What every answer looks at."""

    academy: Academy
    conditions: Mapping[str, FrameworkCondition]
    calendar: Calendar
    since: date | None

    def whether(self, record: Told) -> dict[str, Any]:
        condition = self.conditions.get(record["conditionId"] or "")
        if condition is None:
            return {"applies": Applies.YES, "condition": None}
        return {"applies": condition.applies_to(self.academy), "condition": condition.label}

    def due(self, record: Told, rule: CadenceRule) -> dict[str, Any]:
        """The first occasion after the day the academy entered the stage, or reviews were last held."""
        none = rule.next_due(date.min.replace(year=1900), Calendar()).reason
        due = rule.next_due(self.since, self.calendar) if self.since else NextDue(reason=NoDueDate.NOT_RECORDED)
        if none in (NoDueDate.NO_CADENCE, NoDueDate.NO_PERIOD):
            due = NextDue(reason=none)
        return {
            **self.whether(record),
            "dueFrom": due.days.starts_on if due.days else None,
            "dueTo": due.days.ends_on if due.days else None,
            "noDueDate": due.reason,
        }


async def read_expectations(
    reads: Reads, stage_id: UUID, academy_id: UUID, since: date | None, moment: Moment
) -> Expectations:
    trust_id = reads.actor.trust_id
    told_stage = told((await read_tree(reads, MATURITY_STAGES, stage_id, moment)).body)
    stage = revived(MaturityStage, MATURITY_STAGES, told_stage, trust_id)
    framework_id = stage.framework_id
    told_framework = told((await read_record(reads, FRAMEWORKS, framework_id, moment)).body)
    framework = revived(Framework, FRAMEWORKS, told_framework, trust_id)
    told_academy = told((await read_record(reads, ACADEMIES, academy_id, moment)).body)
    academy = revived(Academy, ACADEMIES, told_academy, trust_id)
    conditions = await read_all(reads, FRAMEWORK_CONDITIONS, moment, frameworkId=framework_id)
    for_all = await read_all(reads, CADENCE_RULES, moment, frameworkId=framework_id, ofStage=False)
    terms = await calendar(reads, moment) if since else Calendar()
    revived_conditions = {
        one["id"]: revived(FrameworkCondition, FRAMEWORK_CONDITIONS, one, trust_id) for one in conditions
    }
    asked = _Asked(academy, revived_conditions, terms, since)
    return Expectations.model_validate(
        {
            "on": moment.today,
            "academy": {"id": academy.id, "code": academy.code, "name": academy.name, "sector": academy.sector},
            "stage": _stage(stage, framework, asked, moment.today),
            "benchmarks": _each(told_stage["benchmarks"], "benchmark", asked.whether),
            "templateItems": _each(told_stage["templateItems"], "templateItem", asked.whether),
            "entitlements": _each(told_stage["entitlements"], "entitlement", asked.whether),
            "reviews": _each(
                [*told_stage["cadences"], *for_all],
                "cadence",
                lambda one: asked.due(one, revived(CadenceRule, CADENCE_RULES, one, trust_id)),
            ),
        }
    )


def _each(records: Iterable[Told], name: str, whether: Callable[[Told], dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**whether(one), name: one} for one in records]


def _stage(stage: MaturityStage, framework: Framework, asked: _Asked, today: date) -> dict[str, Any]:
    end = stage.expected_end(asked.since, asked.calendar) if asked.since else None
    return {
        "id": stage.id,
        "code": stage.code,
        "no": stage.no,
        "name": stage.name,
        "frameworkId": framework.id,
        "framework": framework.code,
        "edition": framework.edition,
        "inForce": framework.is_in_force(today),
        "fits": framework.fits(asked.academy),
        "durationPrinted": stage.duration_printed,
        "openEnded": stage.open_ended,
        "endsFrom": end.starts_on if end else None,
        "endsTo": end.ends_on if end else None,
    }
