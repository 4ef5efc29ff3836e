"""Picks that come out the same for the same seed, on every machine and under every version of Python.

`random()` is the one method whose results Python promises to keep; `choice` and `sample` may change between versions.
"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")

_SEEDS = 1 << 32


class Chance:
    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311  it makes sample data, not secrets  # nosec B311

    def child(self) -> "Chance":
        """Picks of its own, so that what one academy draws never shifts what the next one gets."""
        return Chance(self.below(_SEEDS))

    def below(self, count: int) -> int:
        return int(self._random.random() * count)

    def within(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + self.below(high - low + 1)

    def one(self, of: Sequence[T]) -> T:
        return of[self.below(len(of))]

    def some(self, of: Sequence[T], count: int) -> list[T]:
        """So many different ones, or all where there are fewer, in the order they stand in."""
        places = list(range(len(of)))
        chosen = sorted(places.pop(self.below(len(places))) for _ in range(min(count, len(of))))
        return [of[place] for place in chosen]

    def weighted(self, weights: Mapping[T, int]) -> T:
        drawn = self.below(sum(weights.values()))
        for item, weight in weights.items():
            drawn -= weight
            if drawn < 0:
                return item
        raise AssertionError("The weights add up to more than any number drawn below their sum.")
