"""How figures are shown: exact until then, and a half goes away from zero."""

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

HALF_AWAY_FROM_ZERO: Final = "half_away_from_zero"
"""The name of the rule, told beside every figure that it rounded."""
_EXACT: Final = Context(prec=50)


def rounded(value: Decimal, *, decimals: int = 0) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=_EXACT)


def percent(part: int, whole: int) -> Decimal | None:
    """To one decimal; of nothing there is no percentage."""
    return rounded(Decimal(100 * part) / whole, decimals=1) if whole else None
