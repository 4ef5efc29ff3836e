"""Readings of the half-term that has just ended: of what each plan of the demo trust promises in figures, some of it met."""

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Final

from app.demo.chance import Chance
from app.demo.metrics import SHARES
from app.demo.readings import ROLL_SHARES, Span, share_of
from app.demo.terms import academic_years
from app.domain.vocabulary import Comparator, MilestoneStatus

_SOURCE: Final = "returns of the half-term"
_APART: Final = 104_729
"""Keeps these picks apart from all others, whatever the seed."""
_OF_SESSIONS: Final = frozenset({"attendance-rate", "sen-attendance-rate"})
_SESSIONS: Final = 74
"""Two for each of thirty-seven school days."""
_WITHIN: Final = {"sen-attendance-rate": "sen"}
"""The group that a metric is of in itself."""
_KEPT: Final = (0, 18)
_MISSED: Final = (-32, -2)
"""How far a figure is on the better side of its promise, in tenths."""
_ABSENT: Final = 24
_TENTHS: Final = 1000


def _half_term() -> Span:
    year = academic_years()[-1]
    half = year["terms"][0]["halfTerms"][0]
    return Span(f"{year['code']}/1/1", "half_term", half["startsOn"], half["endsOn"])


def half_term_batch(plans: list[dict[str, Any]], rolls: dict[str, int], seed: int) -> dict[str, Any]:
    """One batch for the trust, with a reading of each figure that a plan promises."""
    span = _half_term()
    readings: list[dict[str, Any]] = []
    for no, plan in enumerate(plans, start=1):
        (academy,) = plan["academies"]
        returned = _Returned(academy, rolls[academy], span, Chance((seed + 1) * _APART + no))
        readings += [returned.reading(promised) for promised in _promised(plan)]
    return {"source": _SOURCE, "asAt": f"{span.ends_on}T15:30:00Z", "readings": readings}


def _promised(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The first promise of each metric and group, in the order of the plan: targets, then milestones."""
    seen = set()
    for one in (*plan.get("targets", ()), *_milestones(plan)):
        if "metric" in one and (key := (one["metric"], one.get("group"))) not in seen:
            seen.add(key)
            yield one


def _milestones(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for area in plan["areas"]:
        yield from area.get("milestones", ())
        for objective in area.get("objectives", ()):
            yield from objective["milestones"]


class _Returned:
    """What one academy sends in."""

    def __init__(self, academy: str, roll: int, span: Span, chance: Chance) -> None:
        self._academy, self._roll, self._span, self._chance = academy, roll, span, chance

    def reading(self, promised: dict[str, Any]) -> dict[str, Any]:
        metric, group = promised["metric"], promised.get("group")
        told = {"metric": metric, "academy": self._academy, **({"group": group} if group else {}), **self._span.told}
        if self._chance.below(_ABSENT) == 0:
            return {**told, "absence": "not_collected"}
        value, kept = self._value(promised)
        if metric not in SHARES:
            return {**told, "value": value}
        whole = Decimal(self._whole(metric, group))
        rounds_up = kept is (promised["comparator"] is Comparator.AT_LEAST)
        part = (whole * value / 100).to_integral_value(ROUND_CEILING if rounds_up else ROUND_FLOOR)
        return {**told, "value": share_of(part, whole), "numerator": part, "denominator": whole}

    def _value(self, promised: dict[str, Any]) -> tuple[Decimal, bool]:
        """On one side of what is promised or the other; where a milestone was judged, as it was judged."""
        if "achievedValue" in promised:
            return promised["achievedValue"], True
        kept = promised.get("status") is not MilestoneStatus.NOT_MET and self._chance.below(2) == 0
        better = self._chance.within(*(_KEPT if kept else _MISSED))
        sign = -1 if promised["comparator"] is Comparator.AT_MOST else 1
        tenths = max(0, int(promised["value"].scaleb(1)) + sign * better)
        most = _TENTHS if promised["unit"] == "%" else tenths
        return Decimal(min(most, tenths)).scaleb(-1), kept

    def _whole(self, metric: str, group: str | None) -> int:
        of = ROLL_SHARES[group] * ROLL_SHARES[_WITHIN.get(metric)]
        pupils = max(6, self._roll * of // 10_000)
        return pupils * _SESSIONS if metric in _OF_SESSIONS else pupils
