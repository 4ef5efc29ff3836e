"""Counting by name over a sliding minute, in bounded memory and without ever going through what was counted.

Two pages of counts are kept: this minute's and the last one's, which weighs less the more of this minute has passed. A page
that is full is turned early, so that a flood of names costs memory for two pages and no more.
"""

from typing import Final

PAGE: Final = 100_000
"""Names on a page."""


class Window:
    """About `limit` for each name in any `seconds`; names are numbers, such as hashes."""

    def __init__(self, limit: int, *, seconds: float = 60.0, page: int = PAGE) -> None:
        self.limit = limit
        self.seconds = seconds
        self._page = page
        self._number = 0
        self._this: dict[int, int] = {}
        self._last: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._this) + len(self._last)

    def take(self, name: int, now: float) -> int:
        """Count one, and tell how many are left; -1 where none was left, and then nothing is counted."""
        left = self._left(name, now)
        if left < 1:
            return -1
        self._this[name] = self._this.get(name, 0) + 1
        return int(left) - 1

    def left(self, name: int, now: float) -> int:
        return max(0, int(self._left(name, now)))

    def has(self, name: int, now: float) -> bool:
        """Whether it was counted on either page."""
        self._turn(now)
        return name in self._this or name in self._last

    def keep(self, name: int, now: float) -> None:
        """Have it counted on this page, so that it is known for as long again and until the next page ends."""
        self._turn(now)
        self._this.setdefault(name, 1)

    def forget(self, name: int) -> None:
        self._this.pop(name, None)
        self._last.pop(name, None)

    def ends(self, now: float) -> float:
        """Seconds until the next page."""
        return self.seconds - now % self.seconds

    def wait(self, name: int, now: float) -> float:
        """Seconds until one may be taken again, if none is taken meanwhile; 0 where one may be taken now."""
        if self._left(name, now) >= 1:
            return 0.0
        this, last, ends = self._this.get(name, 0), self._last.get(name, 0), self.ends(now)
        if last and this < self.limit:
            until = self.seconds * (self.limit - 1 - this) / last
            return max(0.0, ends - until)
        return ends + self.seconds * (1 - (self.limit - 1) / this)

    def _left(self, name: int, now: float) -> float:
        self._turn(now)
        return self.limit - self._this.get(name, 0) - self._last.get(name, 0) * self.ends(now) / self.seconds

    def _turn(self, now: float) -> None:
        number = int(now // self.seconds)
        if number != self._number:
            self._last = self._this if number == self._number + 1 else {}
            self._this, self._number = {}, number
        elif len(self._this) >= self._page:
            self._last, self._this = self._this, {}
