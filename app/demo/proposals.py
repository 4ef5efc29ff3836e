"""What the measures of the demo trust's framework propose for an academy on a day: what its meetings have before them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from app.demo.framework import frameworks
from app.demo.readings import Figures
from app.domain.ranges import range_of
from app.domain.vocabulary import Comparator


@dataclass(frozen=True)
class Proposals:
    """The figures and inspections of one academy, asked by the framework's measures."""

    figures: Figures
    inspections: list[dict[str, Any]]

    def on(self, day: date, edition: int) -> str | None:
        """The earliest stage that a measure points to, as the framework's policy has it; none where nothing is known."""
        return next((stage["code"] for stage in _stages(edition) if any(self._met(stage, day))), None)

    def _met(self, stage: dict[str, Any], day: date) -> Iterator[bool]:
        """Of each profile of a stage whether it holds. What it asks for at the entry points to no stage."""
        for measure in stage["measures"]:
            if measure.get("role") == "entry":
                continue
            grade = measure.get("inspectionGrade")
            yield (
                self._holds(measure, day)
                if grade is None
                else any(
                    one["inspectionGrade"] == grade and one["inspectedOn"] <= day.isoformat()
                    for one in self.inspections
                )
            )

    def _holds(self, measure: dict[str, Any], day: date) -> bool:
        known = self.figures.known(measure["metric"], day.isoformat())
        value: Decimal | None = known.get("value") if known else None
        return value is not None and range_of(Comparator(measure["comparator"]), measure["value"]).holds(value)


@cache
def _stages(edition: int) -> list[dict[str, Any]]:
    stages: list[dict[str, Any]] = frameworks()[edition - 1]["stages"]
    return stages
