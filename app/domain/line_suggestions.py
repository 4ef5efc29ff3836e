"""What the figures suggest for a line: the worst of its indicators' levels, or the reason why nothing can be said (C4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from app.domain.assurance_grids import GridLine
from app.domain.band_levels import BandLevel
from app.domain.indicators import BandStatement, Indicator
from app.domain.ratings import RatingLevel
from app.domain.review_vocabulary import SuggestionStatus

RULE: Final = "assurance.worst_of_indicators"


@dataclass(frozen=True, kw_only=True)
class LineSuggestion:
    """A suggestion, never a rating. `not_evidenced` is what the level also asks for and no number shows."""

    status: SuggestionStatus
    sentence: str
    level: RatingLevel | None = None
    levels: tuple[RatingLevel, ...] = ()
    read: tuple[BandLevel, ...] = ()
    missing: tuple[Indicator, ...] = ()
    not_evidenced: tuple[BandStatement, ...] = ()

    @property
    def is_numeric_only(self) -> bool:
        return bool(self.not_evidenced)


def suggest(line: GridLine, values: Mapping[UUID, Decimal | None]) -> LineSuggestion:
    """By the values of its indicators, each under the indicator's id. A value that is not there is missing, never zero."""
    label, banded = line.line.label, line.banded
    if not banded:
        return _without_bands(line)
    missing = tuple(one.indicator for one in banded if values.get(one.indicator.id) is None)
    read = tuple(one.level_of(value) for one in banded if (value := values.get(one.indicator.id)) is not None)
    if missing:
        names = ", ".join(one.label for one in missing)
        return LineSuggestion(
            status=SuggestionStatus.MISSING_READINGS, read=read, missing=missing,
            sentence=f"Nothing is suggested for {label}: there is no value of {names}. A person rates it.",
        )  # fmt: skip
    possible = _worst(read)
    if len(possible) != 1:
        unclear = " ".join(one.sentence for one in read if one.level is None)
        return LineSuggestion(
            status=SuggestionStatus.AMBIGUOUS, read=read, levels=possible,
            sentence=f"Nothing is suggested for {label}. {unclear} A person rates it.",
        )  # fmt: skip
    (level,) = possible
    return _suggested(line, level, read)


def _without_bands(line: GridLine) -> LineSuggestion:
    if line.statements:
        return LineSuggestion(
            status=SuggestionStatus.STATEMENTS_ONLY, not_evidenced=line.statements,
            sentence=f"The framework describes the levels of {line.line.label} in words alone. A person rates it.",
        )  # fmt: skip
    return LineSuggestion(
        status=SuggestionStatus.NO_BANDS,
        sentence=f"The framework prints no bands for {line.line.label}. A person rates it.",
    )


def _worst(read: Sequence[BandLevel]) -> tuple[RatingLevel, ...]:
    """Every level that can be the worst, whichever of its matching levels each indicator has; none where one is in no band."""
    possible: dict[int, RatingLevel] = {}
    for place, one in enumerate(read):
        found = (one.level,) if one.level else one.levels
        if place == 0:
            possible = {level.no: level for level in found}
        else:
            worse = (max(before, level, key=lambda each: each.no) for before in possible.values() for level in found)
            possible = {level.no: level for level in worse}
    return tuple(possible[no] for no in sorted(possible))


def _suggested(line: GridLine, level: RatingLevel, read: tuple[BandLevel, ...]) -> LineSuggestion:
    asked = tuple(one for one in line.statements if one.indicator_id is None and one.level_id == level.id)
    told = " ".join(one.sentence for one in read)
    also = " The level also asks for what no number shows." if asked else ""
    name = line.banded[0].names.get(level.id, level.code.replace("_", " "))
    sentence = f"The figures suggest {name} for {line.line.label}. {told}{also}"
    return LineSuggestion(
        status=SuggestionStatus.SUGGESTED,
        sentence=sentence,
        level=level,
        levels=(level,),
        read=read,
        not_evidenced=asked,
    )
