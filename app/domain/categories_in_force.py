"""The category an academy is in on a day: the decision in force, and since when its stage is the same."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from app.domain.categorisation import CategoryDecision


@dataclass(frozen=True)
class InForce:
    """The decision, and the first day of the stay it is part of: decisions in a row for one stage are one stay."""

    decision: CategoryDecision
    since: date


def in_force(
    decisions: Iterable[CategoryDecision], on: date, stage_of: Callable[[CategoryDecision], Hashable]
) -> InForce | None:
    """Of an academy's decisions the last that has begun; of several for one day the last made.

    `stage_of` names a decision's stage in a way that holds from edition to edition.
    """
    begun = sorted(
        (one for one in decisions if one.effective_from <= on),
        key=lambda one: (one.effective_from, one.no),
        reverse=True,
    )
    firsts = {one.effective_from: one for one in reversed(begun)}
    prevailing = [firsts[day] for day in sorted(firsts, reverse=True)]
    if not prevailing:
        return None
    stage = stage_of(prevailing[0])
    stay = list(takewhile(lambda one: stage_of(one) == stage, prevailing))
    return InForce(prevailing[0], stay[-1].effective_from)
