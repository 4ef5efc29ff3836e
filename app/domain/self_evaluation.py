"""Self-evaluation over areas (C20): whether all of them, or most, stand where a milestone says they will."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

SELF_EVALUATION: Final = "self_evaluation.areas_at"


class Reach(StrEnum):
    """How many of the areas have to stand there. The majority is more than half of all of them, judged or not."""

    ALL = "all"
    MAJORITY = "majority"


class Standing(StrEnum):
    YES = "yes"
    NO = "no"
    NOT_EVALUABLE = "not_evaluable"


@dataclass(frozen=True, kw_only=True)
class PathCheck:
    """The answer, with the counts that gave it."""

    standing: Standing
    areas: int
    reached: int
    not_reached: int
    not_judged: int


def check_ranks(reach: Reach, ranks: Iterable[int | None], at: int) -> PathCheck:
    """Ranks as inspection grades have them: 1 is the best, None is not judged. At a grade means at it or better."""
    return check_areas(reach, (None if rank is None else rank <= at for rank in ranks))


def check_areas(reach: Reach, held: Iterable[bool | None]) -> PathCheck:
    """An area that nobody has judged decides nothing, where it still could."""
    found = list(held)
    reached, missing = sum(one is True for one in found), sum(one is None for one in found)
    return PathCheck(
        standing=_standing(reach, len(found), reached, missing),
        areas=len(found),
        reached=reached,
        not_reached=len(found) - reached - missing,
        not_judged=missing,
    )


def _standing(reach: Reach, areas: int, reached: int, missing: int) -> Standing:
    needed = areas if reach is Reach.ALL else areas // 2 + 1
    if areas == 0:
        return Standing.NOT_EVALUABLE
    if reached >= needed:
        return Standing.YES
    return Standing.NO if reached + missing < needed else Standing.NOT_EVALUABLE
