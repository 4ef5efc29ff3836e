"""Targets of one metric and group, phase after phase and version after version: a ladder whose rungs should not sink."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final, Literal, TypeAlias
from uuid import UUID

from app.domain.plan_facts import PlanFacts, TargetFact
from app.domain.vocabulary import Comparator

Better: TypeAlias = Literal["higher", "lower"]
_SAYS: Final[Mapping[Comparator, Better]] = {
    Comparator.ABOVE: "higher",
    Comparator.AT_LEAST: "higher",
    Comparator.BELOW: "lower",
    Comparator.AT_MOST: "lower",
}
_Ladder: TypeAlias = list[TargetFact]
_ENOUGH_TO_JUDGE_BY: Final = 3


@dataclass(frozen=True)
class Rung:
    """A target that asks for less than it did, or than the phase before it."""

    target: TargetFact
    value: Decimal
    before: str
    former: Decimal
    better: Better


def weaker_rungs(plan: PlanFacts, higher_is_better: Mapping[str, bool]) -> Iterator[Rung]:
    """Every target that is easier than in the phase before, or than in a version of its own."""
    ladders = _ladders(plan)
    ways = _ways(ladders, higher_is_better)
    for ladder in ladders:
        better = ways.get(_metric(ladder))
        if better is None:
            continue
        for former, later in pairwise(ladder):
            if former.phase_id != later.phase_id and _sinks(former.value, later.value, better):
                yield _rung(later, former.code, former.value, better)
        for target in ladder:
            harder = [one for one in target.versions if _sinks(one.value, target.value, better)]
            if harder:
                yield _rung(target, f"its version {harder[0].revision}", harder[0].value, better)


def unread_metrics(plan: PlanFacts, higher_is_better: Mapping[str, bool]) -> list[str]:
    """Metrics of which a ladder moves, and nothing says whether up or down is better."""
    ladders = _ladders(plan)
    ways = _ways(ladders, higher_is_better)
    return sorted({_metric(ladder) for ladder in ladders if _moves(ladder) and _metric(ladder) not in ways})


def _ways(ladders: list[_Ladder], higher_is_better: Mapping[str, bool]) -> dict[str, Better]:
    """Which way each metric gets better: as the metric says, or its comparators, or most of three or more of its ladders."""
    found: dict[str, Better] = {}
    for metric in {_metric(ladder) for ladder in ladders}:
        mine = [ladder for ladder in ladders if _metric(ladder) == metric]
        printed = {one.comparator for ladder in mine for one in ladder}
        said = {way for comparator, way in _SAYS.items() if comparator in printed}
        if metric in higher_is_better:
            found[metric] = "higher" if higher_is_better[metric] else "lower"
        elif said:
            if len(said) == 1:
                found[metric] = said.pop()
        elif (way := _usual_way(mine)) is not None:
            found[metric] = way
    return found


def _usual_way(ladders: list[_Ladder]) -> Better | None:
    moving = [_way(ladder) for ladder in ladders if _moves(ladder)]
    if len(moving) < _ENOUGH_TO_JUDGE_BY or 2 * moving.count("higher") == len(moving):
        return None
    return "higher" if 2 * moving.count("higher") > len(moving) else "lower"


def _metric(ladder: _Ladder) -> str:
    return str(ladder[0].measured)


def _ladders(plan: PlanFacts) -> list[_Ladder]:
    """Numeric targets with a metric, of one area and group, in the order of their phases."""
    order = {phase.id: phase.no for phase in plan.phases}
    found: dict[tuple[str, UUID, UUID | None], _Ladder] = {}
    for target in sorted(plan.targets, key=lambda one: (order.get(one.phase_id, 0) if one.phase_id else 0, one.code)):
        if target.measured is not None and target.value is not None:
            found.setdefault((target.measured, target.area_id, target.group_id), []).append(target)
    return list(found.values())


def _way(ladder: _Ladder) -> Better:
    first, last = ladder[0].value, ladder[-1].value
    assert first is not None
    assert last is not None
    return "higher" if last > first else "lower"


def _moves(ladder: _Ladder) -> bool:
    return ladder[0].value != ladder[-1].value


def _sinks(former: Decimal | None, later: Decimal | None, better: Better) -> bool:
    if former is None or later is None:
        return False
    return later < former if better == "higher" else later > former


def _rung(target: TargetFact, before: str, former: Decimal | None, better: Better) -> Rung:
    assert target.value is not None
    assert former is not None
    return Rung(target, target.value, before, former, better)
