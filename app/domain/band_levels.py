"""The level a value stands for: a value against the bands of an indicator, ties and gaps told as they are (C3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from app.domain.framework_vocabulary import TiePolicy
from app.domain.indicators import Band, BandStatement, Indicator
from app.domain.ratings import RatingLevel

RULES: Final = MappingProxyType(
    {
        TiePolicy.REPORT: "bands.ties_reported",
        TiePolicy.BETTER: "bands.ties_to_better",
        TiePolicy.WORSE: "bands.ties_to_worse",
    }
)
"""The rule that gave a level, by the tie policy of the indicator."""


class Certainty(StrEnum):
    """How sure a level is. Gap: no band holds the value; out of range: there can be no such value."""

    CERTAIN = "certain"
    AMBIGUOUS = "ambiguous"
    GAP = "gap"
    OUT_OF_RANGE = "out_of_range"


@dataclass(frozen=True, kw_only=True)
class BandLevel:
    """What a value stands for. `level` is the one that counts; `levels` every one that holds it, the best first."""

    value: Decimal
    certainty: Certainty
    rule: str
    sentence: str
    level: RatingLevel | None = None
    levels: tuple[RatingLevel, ...] = ()
    matched: tuple[Band, ...] = ()
    not_numeric: tuple[BandStatement, ...] = ()

    @property
    def is_numeric_only(self) -> bool:
        """Whether the level also asks for something that no number shows."""
        return bool(self.not_numeric)

    @property
    def is_tied(self) -> bool:
        """Whether bands of several levels hold the value, decided by the tie policy or not."""
        return len(self.levels) > 1


@dataclass(frozen=True, kw_only=True)
class BandSet:
    """An indicator with its bands, the levels these stand for, and what the levels say of its line in words."""

    indicator: Indicator
    bands: tuple[Band, ...]
    levels: Mapping[UUID, RatingLevel]
    statements: tuple[BandStatement, ...] = ()
    names: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def rule(self) -> str:
        return RULES[self.indicator.tie_policy]

    def level_of(self, value: Decimal) -> BandLevel:
        """The level or levels of any value at all. It never refuses: what it cannot say, it says that it cannot."""
        if not self.indicator.range.holds(value):
            return self._without_level(value, Certainty.OUT_OF_RANGE)
        matched = tuple(sorted((one for one in self.bands if one.range.holds(value)), key=lambda one: one.no))
        if not matched:
            return self._without_level(value, Certainty.GAP)

        found = {one.level_id: self.levels[one.level_id] for one in matched}
        levels = tuple(sorted(found.values(), key=lambda one: one.no))
        level = self._decided(levels)
        return BandLevel(
            value=value,
            certainty=Certainty.CERTAIN if level else Certainty.AMBIGUOUS,
            rule=self.rule,
            sentence=self._sentence(value, matched, levels, level),
            level=level,
            levels=levels,
            matched=matched,
            not_numeric=self._not_numeric((level,) if level else levels),
        )

    def _decided(self, levels: tuple[RatingLevel, ...]) -> RatingLevel | None:
        if len(levels) == 1 or self.indicator.tie_policy is TiePolicy.BETTER:
            return levels[0]
        return levels[-1] if self.indicator.tie_policy is TiePolicy.WORSE else None

    def _not_numeric(self, levels: tuple[RatingLevel, ...]) -> tuple[BandStatement, ...]:
        wanted = {one.id for one in levels}
        of_line = (one for one in self.statements if one.line_id == self.indicator.line_id)
        return tuple(one for one in of_line if one.indicator_id is None and one.level_id in wanted)

    def _without_level(self, value: Decimal, certainty: Certainty) -> BandLevel:
        about = f"{self.indicator.label}: {value:f}"
        if certainty is Certainty.OUT_OF_RANGE:
            sentence = f"{about} is not possible, because its values are {self.indicator.range}. Check it."
        elif self.bands:
            sentence = f"{about} lies in no band: the framework leaves it out."
        else:
            sentence = f"The framework prints no bands for {self.indicator.label}."
        return BandLevel(value=value, certainty=certainty, rule=self.rule, sentence=sentence)

    def _sentence(
        self, value: Decimal, matched: tuple[Band, ...], levels: tuple[RatingLevel, ...], level: RatingLevel | None
    ) -> str:
        bands = " and ".join(f"{self._name(self.levels[one.level_id])} ({one.printed or one.range})" for one in matched)
        about = f"{self.indicator.label}: {value:f} lies in {bands}"
        if len(levels) == 1:
            return f"{about}."
        if level is None:
            return f"{about}. The framework does not say which of them counts."
        return f"{about}. By the framework's tie policy the {self.indicator.tie_policy} of them counts: {self._name(level)}."

    def _name(self, level: RatingLevel) -> str:
        return self.names.get(level.id, level.code.replace("_", " "))
