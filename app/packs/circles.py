"""Records that refer to their own kind: an action related to another, a benchmark printed under two strands."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from app.domain.entity import Entity
from app.domain.model import ABOVE
from app.packs.flatten import Item


def fellows(item: Item) -> set[UUID]:
    """The records of its own kind that it refers to."""
    return {one for column in _own_columns(item.kind) if (one := item.values.get(column)) is not None}


def waits(item: Item, new: set[UUID]) -> bool:
    """Whether a record that is there already comes to refer to one of its kind that is not: that one is written first."""
    return item.id not in new and bool(fellows(item) & new)


def circles(items: Sequence[Item]) -> Mapping[UUID, str]:
    """Records of one kind may refer to one another in a circle: for one of each circle, the reference that has to wait."""
    found: dict[UUID, str] = {}
    for kind in {item.kind for item in items}:
        for column in _own_columns(kind):
            to = {item.id: item.values[column] for item in items if item.kind is kind and item.values.get(column)}
            seen: set[UUID] = set()
            for start in to:
                way: dict[UUID, None] = {}
                at = start
                while at in to and at not in seen and at not in way:
                    way[at] = None
                    at = to[at]
                if at in way:
                    found[next(reversed(way))] = column
                seen |= way.keys()
    return found


def _own_columns(kind: type[Entity]) -> list[str]:
    return [column for column, above in ABOVE[kind.noun()] if above is kind]
