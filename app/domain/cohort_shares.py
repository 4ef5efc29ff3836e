"""How many pupils a share of a cohort is (C22)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.domain.rounding import HALF_AWAY_FROM_ZERO, rounded

COHORT_SHARE: Final = "cohort.share_of_year"
SHORT_TERM_WINS: Final = Decimal(25)
"""Source: S2-25, the share of a year cohort that short-term wins are looked for in, in per cent."""


@dataclass(frozen=True)
class CohortShare:
    """The exact figure, and the pupils it is when rounded by the rule it names."""

    exact: Decimal
    pupils: int
    rounding: str = HALF_AWAY_FROM_ZERO


def cohort_share(size: int, share: Decimal = SHORT_TERM_WINS) -> CohortShare:
    """`share` is in per cent."""
    exact = size * share / 100
    return CohortShare(exact=exact, pupils=int(rounded(exact)))
