"""A memory that holds so much and no more: what was not used for longest is forgotten first."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memory(Generic[K, V]):
    """Values by their keys, each of a weight, all of them together of no more than `most`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self.weight = 0

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: K) -> V | None:
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key][0]

    def keep(self, key: K, value: V, weight: int) -> None:
        """What weighs more than all the memory may is not kept at all."""
        self._drop(key)
        if weight > self._most:
            return
        self._kept[key] = value, weight
        self.weight += weight
        while self.weight > self._most:
            self._drop(next(iter(self._kept)))

    def grow(self, key: K, weight: int) -> None:
        """A value that is kept has become so much heavier."""
        if key in self._kept:
            value, before = self._kept[key]
            self.keep(key, value, before + weight)

    def clear(self) -> None:
        self._kept.clear()
        self.weight = 0

    def _drop(self, key: K) -> None:
        if key in self._kept:
            self.weight -= self._kept.pop(key)[1]
