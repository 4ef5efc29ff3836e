"""The small pieces that proposed categories are put together from, as they are told."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from app.domain.judgements import Judgement
from app.domain.measure_vocabulary import Verdict
from app.domain.rounding import rounded
from app.domain.stage_measures import MetricTests, StageTest


def told_judgement(judgement: Judgement) -> dict[str, Any]:
    return {
        "outcomeId": str(judgement.outcome_id) if judgement.outcome_id else None,
        "area": judgement.area,
        "grade": judgement.grade,
        "inspectedOn": judgement.inspected_on,
    }


def told_names(group: MetricTests) -> dict[str, str | None]:
    return {"metric": group.metric, "inspectionFramework": group.graded.framework.code if group.graded else None}


def told_criterion(test: StageTest, verdict: Verdict, codes: Sequence[str]) -> dict[str, Any]:
    return {
        "code": test.code,
        "stage": codes[test.stage],
        "role": test.role,
        "needs": test.needs,
        "printed": test.printed,
        "verdict": verdict,
    }


def told_share(share: Decimal | None) -> Decimal | None:
    return None if share is None else rounded(share, decimals=4)
