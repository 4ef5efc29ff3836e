"""Refusals: every reason the domain has for saying no, in a sentence a head teacher could act on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Fault:
    """One thing wrong with what was given. `pointer` is a JSON Pointer into it."""

    pointer: str
    code: str
    detail: str


class Refusal(Exception):
    """The base of every refusal. `code` is stable and documented; the sentence says what, where and how to mend it."""

    code: ClassVar[str] = "refused"

    def __init__(self, sentence: str, *, faults: Sequence[Fault] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.faults = tuple(faults)


class NotFound(Refusal):
    """There is no such record, or the actor may not know of it: the two are told alike."""

    code = "not-found"


class Forbidden(Refusal):
    code = "forbidden"


class Invalid(Refusal):
    """The content breaks a rule."""

    code = "invalid"


class Conflict(Refusal):
    """It clashes with what is already there."""

    code = "conflict"


class StaleVersion(Refusal):
    """The record has changed since the caller read it."""

    code = "stale-version"

    def __init__(self, *, expected: int, current: int | None) -> None:
        now = f"it is now at version {current}" if current else "somebody changed it at the same moment"
        super().__init__(
            f"You changed version {expected} of this record, but {now}. Read it again and repeat your change."
        )
        self.current = current


class IllegalMove(Refusal):
    """A transition that the state machine does not have. `legal` lists those it has."""

    code = "illegal-transition"

    def __init__(self, sentence: str, *, legal: Sequence[str]) -> None:
        super().__init__(sentence)
        self.legal = tuple(legal)
