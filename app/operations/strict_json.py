"""JSON read strictly: what two parsers would read differently is refused."""

import json
import math
from decimal import Decimal
from typing import Any, Final

import orjson

from app.operations.refusals import Refused

MAX_DEPTH: Final = 32


def read_json(raw: bytes) -> Any:
    """The value. Refuses what parsers read differently: a name given twice, NaN, a lone surrogate, nesting without end."""
    try:
        orjson.loads(raw)
        value = json.loads(raw, object_pairs_hook=_once_each, parse_constant=_no_constant, parse_float=_exact)
    except (ValueError, RecursionError) as error:
        reason = error.args[0] if isinstance(error, _OddError) else "the body cannot be read as JSON in UTF-8"
        raise Refused("malformed-json", f"{reason[0].upper()}{reason[1:]}.") from None
    if not _is_shallow(value, MAX_DEPTH):
        raise Refused("malformed-json", f"The body nests deeper than {MAX_DEPTH} levels.")
    return value


class _OddError(ValueError):
    pass


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise _OddError(f"the name {twice[:60]!r} is given twice in one object")
    return dict(pairs)


def _no_constant(name: str) -> None:
    raise _OddError(f"{name} is not JSON")


def _exact(text: str) -> float:
    """What a figure is kept as is what was sent: a parser that rounds it first may not have a say in it."""
    number = float(text)
    if math.isinf(number):
        raise _OddError("a number is too large")
    if Decimal(repr(number)) != Decimal(text):
        raise _OddError(f"the number {text[:60]} has more digits than can be kept exactly")
    return number


def _is_shallow(value: Any, levels: int) -> bool:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels >= 0 and all(_is_shallow(item, levels - 1) for item in inside)
