"""What is known of one indicator on a day: the figure to use, what the bands say of it, and a sentence."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.domain.band_levels import BandLevel, BandSet
from app.domain.figures import Figure
from app.domain.review_vocabulary import Certainty


@dataclass(frozen=True, kw_only=True)
class Known:
    """One indicator with its figure; without a figure, or where the figure is an absence, nothing can be said."""

    bands: BandSet
    figure: Figure | None
    on: date

    @property
    def level(self) -> BandLevel | None:
        if self.figure is None or self.figure.value is None or not self.bands.bands:
            return None
        return self.bands.level_of(self.figure.value)

    @property
    def certainty(self) -> Certainty:
        return Certainty(str(self.level.certainty)) if self.level else Certainty.NOT_EVALUABLE

    @property
    def level_ids(self) -> list[UUID]:
        """Every level whose band holds it, the best first."""
        return [one.id for one in self.level.levels] if self.level else []

    @property
    def sentence(self) -> str:
        label = self.bands.indicator.label
        if self.level is not None:
            return self.level.sentence
        if self.figure is None:
            return f"Nobody has recorded a value of {label} for a period ended by {_day(self.on)}."
        if self.figure.absence is not None:
            why = self.figure.absence.replace("_", " ")
            return (
                f"There is no value of {label} for {_day(self.figure.starts_on)} to {_day(self.figure.ends_on)}: {why}."
            )
        return f"The framework prints no bands for {label}."

    def columns(self) -> dict[str, Any]:
        """As a review keeps it."""
        indicator, figure = self.bands.indicator, self.figure
        return {
            "line_id": indicator.line_id,
            "indicator_id": indicator.id,
            "metric": indicator.metric,
            "reading_id": figure.reading_id if figure else None,
            "value": figure.value if figure else None,
            "absence": figure.absence if figure else None,
            "starts_on": figure.starts_on if figure else None,
            "ends_on": figure.ends_on if figure else None,
            "level_ids": self.level_ids,
            "certainty": self.certainty,
            "sentence": self.sentence,
        }


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
