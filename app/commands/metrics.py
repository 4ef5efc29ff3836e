"""Metrics defined anew: readings keep the version they were made by, and the series may break."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from app.commands import records
from app.db.unit_of_work import UnitOfWork
from app.domain.metrics import Metric, SeriesBreak


async def redefine_metric(
    work: UnitOfWork,
    metric_id: UUID,
    definition: Mapping[str, Any],
    *,
    reason: str,
    breaks_on: date | None,
    version: int,
) -> Metric:
    metric = await work.get(Metric, metric_id)
    await records.allow(work, metric)
    metric = await work.get(Metric, metric_id, version=version)
    work.record(metric.redefine(dict(definition), reason=reason))
    if breaks_on is not None:
        label = f"{metric.code} is defined anew (version {metric.definition_version})."
        await records.create(work, SeriesBreak, {"metric_id": metric.id, "on": breaks_on, "label": label})
    return metric
