"""What came of a load: counts by noun, every change, or the one record that was refused and where it stands."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain.errors import Conflict
from app.domain.flags import DataQualityFlag
from app.packs.flatten import Item


class Unloadable(Conflict):
    """A record of the pack that the service refuses; nothing of the pack is loaded. `path` says where it stands."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason


@dataclass(frozen=True)
class Change:
    """One record that a load makes or alters: its kind and key, and for each altered column what it was and is."""

    noun: str
    key: str
    path: str
    fields: Mapping[str, tuple[Any, Any]] | None = None

    def __str__(self) -> str:
        if self.fields is None:
            return f"+ {self.noun} {self.key}"
        told = ", ".join(f"{name}: {before!s} -> {after!s}" for name, (before, after) in self.fields.items())
        return f"~ {self.noun} {self.key}: {told}"


@dataclass
class Loaded:
    """What a load did: counts by noun, every change, and the flags it raised by oddity or code."""

    created: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    oddities: Counter[str] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)
    intervals: list[str] = field(default_factory=list)

    @property
    def nothing_changed(self) -> bool:
        return not self.created and not self.changed

    def count(self, item: Item, change: Change | None) -> None:
        """What became of one record of the pack; no change, where it stood there already."""
        outcome = self.unchanged if change is None else self.created if change.fields is None else self.changed
        outcome[item.kind.noun()] += 1
        if change is not None:
            self.changes.append(change)
        if item.kind is DataQualityFlag:
            self.oddities[item.values["reference"] or item.values["code"]] += 1

    def tell(self, change: Change) -> None:
        """What came of a record after it was loaded: told with what the load itself did to it."""
        earlier = next((one for one in self.changes if (one.noun, one.key) == (change.noun, change.key)), None)
        if earlier is None:
            self.unchanged[change.noun] -= 1
            self.changed[change.noun] += 1
            self.changes.append(change)
        elif earlier.fields is not None and change.fields is not None:
            place = self.changes.index(earlier)
            self.changes[place] = replace(earlier, fields={**earlier.fields, **change.fields})
