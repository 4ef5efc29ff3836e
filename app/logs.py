"""What may be written to a log: what this program says itself, by ids; of libraries, no more than their own words.

Every record is cleaned where it is made, so that no handler, whoever installs it, is given more. A fault is told by the kinds
of its errors and the lines they came through: the message of an error may hold a row.
"""

import logging
import re
import traceback
from types import TracebackType
from typing import Any, Final

from app.domain.pseudonyms import UPN

_OWN: Final = "milepost"
_SECRETS: Final = (
    (re.compile(r"\bmp_[a-z]+_[a-z0-9]+_[a-z0-9]+_\w+"), "mp_..."),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+"), r"\1 ..."),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), "eyJ..."),
    (re.compile(r"(?i)\b(postgres(?:ql)?(?:\+\w+)?://[^\s:@/]+):[^\s@/]+@"), r"\1:...@"),
    (re.compile(r"\?[\w.%-]+=\S*"), "?..."),
    (UPN, "(UPN)"),
)
_ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class CarefulRecord(logging.LogRecord):
    """A record that holds nothing but what may be read."""

    def __init__(
        self,
        name: str,
        level: int,
        pathname: str,
        lineno: int,
        msg: object,
        args: Any,
        exc_info: _ErrorInfo | None,
        func: str | None = None,
        sinfo: str | None = None,
        **more: Any,  # noqa: ARG002  what a caller adds goes nowhere
    ) -> None:
        super().__init__(name, level, pathname, lineno, _said(name, msg, args), None, None, func, sinfo)
        if exc_info is not None and exc_info[1] is not None:
            self.exc_text = without_values(exc_info[1])


def clean_logs() -> None:
    """From now on, in this process."""
    logging.setLogRecordFactory(CarefulRecord)


def without_values(error: BaseException) -> str:
    """An error and what caused it: kinds, PostgreSQL's own codes and names, and lines of code, but no message."""
    told, seen = [], set[int]()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        named = (getattr(current, name, None) for name in ("sqlstate", "table_name", "constraint_name"))
        told.append(" ".join([f"{type(current).__module__}.{type(current).__qualname__}", *filter(None, named)]))
        told += [
            f"  {frame.filename}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(current.__traceback__)
        ]
        current = current.__cause__ or current.__context__
    return "\n".join(told)


def _said(name: str, message: object, arguments: Any) -> str:
    """Our own messages with what they name; of others the first line of the template, for what is put into it is anybody's."""
    is_own = name == _OWN or name.startswith(f"{_OWN}.")
    text = message if isinstance(message, str) else type(message).__name__
    if is_own and arguments:
        text = text % arguments
    text = text if is_own else text.partition("\n")[0].replace("%", "%%") % ()
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text
