"""A proposal for support that is short: what is overdue first, the earliest stage first, then in proportion to what is owed.

The next half step always goes to the academy furthest below its share (Sainte-Laguë's order). The largest remainder would
share as fairly, but can take a half day from an academy when there is more to share out; this order never does.
"""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Final
from uuid import UUID

RULE: Final = "support.proposal_overdue_then_in_proportion"
STEP: Final = Decimal("0.5")
SAID: Final = (
    "First what is overdue, the earliest stage first; then what is owed besides. Within each, the next half goes to the "
    "academy furthest below its share; of equals to the earlier stage, then by code. Nobody gets more than is owed."
)


@dataclass(frozen=True)
class Claim:
    """What one academy is still owed, and how much of that is overdue."""

    academy_id: UUID
    code: str
    stage_no: int
    owed: Decimal
    overdue: Decimal


@dataclass(frozen=True)
class Share:
    """What one academy is proposed: for what is overdue, and for the rest."""

    claim: Claim
    overdue: Decimal
    further: Decimal

    @property
    def quantity(self) -> Decimal:
        return self.overdue + self.further


@dataclass(frozen=True)
class Proposal:
    shares: tuple[Share, ...]
    left: Decimal


def propose(claims: Iterable[Claim], available: Decimal) -> Proposal:
    """In steps of a half. What is left is too small a step, or more than anybody is owed."""
    ordered = sorted(claims, key=lambda one: (one.stage_no, one.code, one.academy_id))
    steps = _steps(available)
    overdue = dict.fromkeys(ordered, 0)
    for _, group in groupby(ordered, key=lambda one: one.stage_no):
        members = list(group)
        given = _in_proportion([_steps(min(one.overdue, one.owed)) for one in members], steps)
        overdue |= dict(zip(members, given, strict=True))
        steps -= sum(given)
    further = _in_proportion([_steps(one.owed) - overdue[one] for one in ordered], steps)
    steps -= sum(further)
    shares = tuple(Share(one, overdue[one] * STEP, more * STEP) for one, more in zip(ordered, further, strict=True))
    return Proposal(shares, available - sum((one.quantity for one in shares), Decimal(0)))


def _steps(quantity: Decimal) -> int:
    return max(int(quantity // STEP), 0)


def _in_proportion(wanted: Sequence[int], steps: int) -> list[int]:
    """So many steps, or as many as are wanted, each to whoever has had least for what they want."""
    given = [0] * len(wanted)
    queue = [(Fraction(1, want), place) for place, want in enumerate(wanted) if want > 0]
    heapq.heapify(queue)
    while queue and steps > 0:
        _, place = heapq.heappop(queue)
        given[place] += 1
        steps -= 1
        if given[place] < wanted[place]:
            heapq.heappush(queue, (Fraction(2 * given[place] + 1, wanted[place]), place))
    return given
