"""Calibration: how people rated lines beside what the figures suggested, what moderation changed, and what came out."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID

K = TypeVar("K", bound=Hashable)
RULE: Final = "calibration.counts_of_better_and_worse"


class Compared(StrEnum):
    """How one level stands to another of the same scale."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """One rated line, told by places in the scale's order: 1 is the best. `human` is as it was before moderation."""

    line_id: UUID
    lead_role: str
    human: int
    suggested: int | None = None
    moderated: int | None = None
    eventual: int | None = None


@dataclass(frozen=True, kw_only=True)
class Against:
    """How people's ratings stand to another's; what could not be compared is counted apart."""

    better: int
    same: int
    worse: int
    not_comparable: int


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Counts alone. Optimism shows where `better` outnumbers `worse`; no score is made of it."""

    ratings: int
    suggested: Against
    eventual: Against
    moderated_to_better: int
    moderated_to_worse: int


def compare(one: int, other: int) -> Compared:
    if one == other:
        return Compared.SAME
    return Compared.BETTER if one < other else Compared.WORSE


def calibrate(judgements: Iterable[Judgement]) -> Calibration:
    every = list(judgements)
    moved = Counter(compare(one.moderated, one.human) for one in every if one.moderated is not None)
    return Calibration(
        ratings=len(every),
        suggested=_against((one.human, one.suggested) for one in every),
        eventual=_against((one.human, one.eventual) for one in every),
        moderated_to_better=moved[Compared.BETTER],
        moderated_to_worse=moved[Compared.WORSE],
    )


def calibrate_by(judgements: Iterable[Judgement], key: Callable[[Judgement], K]) -> Mapping[K, Calibration]:
    """The same for each line, or for each post that led the reviews."""
    parts: dict[K, list[Judgement]] = {}
    for one in judgements:
        parts.setdefault(key(one), []).append(one)
    return {of: calibrate(found) for of, found in parts.items()}


def _against(pairs: Iterable[tuple[int, int | None]]) -> Against:
    found = Counter(None if other is None else compare(one, other) for one, other in pairs)
    return Against(
        better=found[Compared.BETTER],
        same=found[Compared.SAME],
        worse=found[Compared.WORSE],
        not_comparable=found[None],
    )
