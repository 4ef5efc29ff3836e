"""Guessing at keys: who failed too often waits, before the database is asked. Who has a good key is not made to wait for them.

An address that failed ten times in a minute is refused, but for credentials that were good a short while ago: people share
addresses. A key that was guessed at ten times in a minute, from wherever, is refused to the addresses that guessed at it; to any
other address, such as its owner's, it stays open. Nothing that was shown is kept, only numbers made of it.
"""

from typing import Final

from app.api.edge.callers import Caller
from app.api.edge.windows import Window

GOOD_SECONDS: Final = 600.0


class Guesses:
    def __init__(self, limit: int) -> None:
        self._by_address = Window(limit)
        self._by_key = Window(limit)
        self._tried = Window(1 << 30)
        self._good = Window(1 << 30, seconds=GOOD_SECONDS)

    def wait(self, caller: Caller, now: float) -> float:
        """Seconds until this caller may try again; 0 for who may now."""
        address = caller.address
        if not self._by_address.has(address, now) or not caller.is_guess or self._good.has(caller.shown, now):
            return 0.0
        if self._by_address.left(address, now) == 0:
            return self._by_address.wait(address, now)
        code = hash(caller.key)
        if self._by_key.left(code, now) or not self._tried.has(hash((address, code)), now):
            return 0.0
        return self._by_key.wait(code, now)

    def failed(self, caller: Caller, now: float) -> None:
        if not caller.is_guess:
            return
        self._good.forget(caller.shown)
        self._by_address.take(caller.address, now)
        if caller.key is not None:
            self._by_key.take(hash(caller.key), now)
            self._tried.take(hash((caller.address, hash(caller.key))), now)

    def passed(self, caller: Caller, now: float) -> None:
        if caller.is_guess:
            self._good.keep(caller.shown, now)
