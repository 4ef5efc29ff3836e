"""Categories on record: what the measures suggest, laid before a meeting, and what the meeting decided."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.commands import records
from app.db.unit_of_work import UnitOfWork
from app.domain.academies import Academy
from app.domain.categorisation import CategoryDecision, CategorySuggestion
from app.domain.category_meetings import require_in_force, require_sound
from app.domain.errors import Conflict, Fault, Invalid
from app.domain.evidence_kinds import EvidenceKind
from app.domain.frameworks import Framework
from app.domain.permissions import to_write
from app.domain.stages import MaturityStage
from app.queries.categorisations import read_categorisation
from app.queries.reading import Moment


async def suggest_category(work: UnitOfWork, values: Mapping[str, Any]) -> CategorySuggestion:
    """Put on record what the measures suggest on a day, by the framework named or the one in force for the academy."""
    await _require_reach(work, values["academy_id"], CategorySuggestion)
    framework_id, on = values.get("framework_id"), values.get("on") or work.today
    if framework_id is not None:
        require_in_force(await work.get(Framework, framework_id), on, pointer="/frameworkId")
    return await _on_record(work, values, on=on, framework_id=framework_id)


async def decide_category(work: UnitOfWork, values: Mapping[str, Any]) -> CategoryDecision:
    """Keep what a meeting agreed, with the suggestion that was before it: the one it names, else the present one."""
    await _require_reach(work, values["academy_id"], CategoryDecision)
    decision = records.build(work, CategoryDecision, values)
    framework = await work.get(Framework, decision.framework_id)
    require_sound(
        decision,
        framework,
        stages=[one.id for one in await work.where(MaturityStage, framework_id=framework.id)],
        evidence=[one.code for one in await work.where(EvidenceKind, framework_id=framework.id)],
        today=work.today,
    )
    suggestion = await _suggestion(work, decision)
    decision.agree_with(suggestion.stage_id)
    decision.suggestion_id = suggestion.id
    earlier = await work.where(CategoryDecision, academy_id=decision.academy_id, effective_from=decision.effective_from)
    decision.no = max((one.no for one in earlier), default=0) + 1
    return await records.keep(work, decision)


async def _require_reach(
    work: UnitOfWork, academy_id: UUID, kind: type[CategoryDecision] | type[CategorySuggestion]
) -> None:
    academy = await work.get(Academy, academy_id)
    work.require(to_write(kind))
    await records.cover(work, academy)


async def _suggestion(work: UnitOfWork, decision: CategoryDecision) -> CategorySuggestion:
    if decision.suggestion_id is None:
        values = {"academy_id": decision.academy_id}
        return await _on_record(work, values, on=decision.decided_on, framework_id=decision.framework_id)
    suggestion = await work.get(CategorySuggestion, decision.suggestion_id)
    if (suggestion.academy_id, suggestion.framework_id) != (decision.academy_id, decision.framework_id):
        sentence = (
            "This suggestion is for another academy or by another framework. Name one of this academy and framework."
        )
        raise Invalid(sentence, faults=[Fault("/suggestionId", "foreign-suggestion", sentence)])
    return suggestion


async def _on_record(
    work: UnitOfWork, values: Mapping[str, Any], *, on: date, framework_id: UUID | None
) -> CategorySuggestion:
    explained = await read_categorisation(
        work, values["academy_id"], Moment(work.now), on=on, framework_id=framework_id
    )
    if explained.framework is None:
        raise Conflict(f"No framework is in force for this kind of school on {on}. Name one, or publish one first.")
    own = {name: values[name] for name in ("id", "academy_id") if values.get(name) is not None}
    suggestion = records.build(
        work,
        CategorySuggestion,
        {
            **own,
            "framework_id": explained.framework.id,
            "on": on,
            "agreement": explained.proposal.agreement,
            "stage_id": explained.stage.id if explained.stage else None,
            "explanation": json.loads(explained.body, parse_float=Decimal),
        },
    )
    return await records.keep(work, suggestion)
