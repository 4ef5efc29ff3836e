"""The grid that a framework assures an academy by: every line in the order printed, with what it is rated by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from app.domain.assurance import AssuranceLine, AssuranceSection
from app.domain.band_levels import BandSet
from app.domain.errors import Fault, Invalid
from app.domain.indicators import BandStatement
from app.domain.ratings import RatingLevel

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class GridLine:
    """A line with its indicators, what the levels say of it in words, and the levels of its section, the best first."""

    line: AssuranceLine
    section: AssuranceSection
    levels: tuple[RatingLevel, ...]
    indicators: tuple[BandSet, ...] = ()
    statements: tuple[BandStatement, ...] = ()

    @property
    def banded(self) -> tuple[BandSet, ...]:
        """The indicators that a level can be read off."""
        return tuple(one for one in self.indicators if one.bands)

    def level(self, level_id: UUID, *, pointer: str = "/levelId") -> RatingLevel:
        """The level, or a refusal where the line is rated on another scale."""
        found = next((one for one in self.levels if one.id == level_id), None)
        if found is None:
            codes = ", ".join(one.code for one in self.levels)
            sentence = f"{self.line.label} is rated on another scale. Its levels are {codes}."
            raise Invalid(sentence, faults=[Fault(pointer, "level-of-another-scale", sentence)])
        return found


@dataclass(frozen=True)
class AssuranceGrid:
    """Every line of every section of one framework version."""

    lines: tuple[GridLine, ...]

    @property
    def metrics(self) -> frozenset[str]:
        """Codes of the metrics that its indicators read."""
        return frozenset(bands.indicator.metric for one in self.lines for bands in one.indicators)

    def line(self, line_id: UUID, *, pointer: str = "/lineId") -> GridLine:
        found = next((one for one in self.lines if one.line.id == line_id), None)
        if found is None:
            sentence = "The framework of this review has no such line."
            raise Invalid(sentence, faults=[Fault(pointer, "no-such-line", sentence)])
        return found

    def unrated(self, rated: Iterable[UUID]) -> list[str]:
        """Labels of the lines that nobody has rated yet, in the order printed."""
        done = set(rated)
        return [one.line.label for one in self.lines if one.line.id not in done]


def grid_of(
    sections: Iterable[AssuranceSection],
    lines: Iterable[AssuranceLine],
    levels: Iterable[RatingLevel],
    indicators: Iterable[BandSet],
    statements: Iterable[BandStatement],
) -> AssuranceGrid:
    """The parts of one framework put together."""
    scales = _grouped((one.scale_id, one) for one in sorted(levels, key=lambda one: one.no))
    read = _grouped((one.indicator.line_id, one) for one in sorted(indicators, key=lambda one: one.indicator.no))
    said = _grouped((one.line_id, one) for one in sorted(statements, key=lambda one: (one.no, one.code)))
    own = _grouped((one.section_id, one) for one in sorted(lines, key=lambda one: (one.no, one.code)))
    return AssuranceGrid(
        tuple(
            GridLine(
                line=line,
                section=section,
                levels=tuple(scales.get(section.scale_id, ())),
                indicators=tuple(read.get(line.id, ())),
                statements=tuple(said.get(line.id, ())),
            )
            for section in sorted(sections, key=lambda one: (one.no, one.code))
            for line in own.get(section.id, ())
        )
    )


def _grouped(pairs: Iterable[tuple[UUID, T]]) -> Mapping[UUID, list[T]]:
    found: dict[UUID, list[T]] = {}
    for key, one in pairs:
        found.setdefault(key, []).append(one)
    return found
