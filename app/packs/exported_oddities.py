"""The flags of a trust as the oddities of its pack: those that loading finds by itself need only their row and resolution."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from app.domain.flags import DataQualityFlag
from app.packs.format import Pack
from app.packs.items import records_of
from app.packs.layout import by_kind, noun_of
from app.packs.oddities import TREATMENT
from app.packs.shapes import OddityShape

Written = dict[str, Any]
_DIGITS: Final = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Raised:
    """A flag, the record it is on with the key that has in the pack, and the plan or framework whose oddities name it."""

    flag: DataQualityFlag
    on: Any
    key: str
    scope: UUID | None

    @property
    def named(self) -> str:
        return f"{noun_of(by_kind()[type(self.on)])}:{self.on.code}"

    @property
    def order(self) -> tuple[Any, ...]:
        """Open ones first, then as people count."""
        flag = self.flag
        told = (flag.reference, flag.code, self.on.noun(), self.key, flag.field, flag.raw, flag.detail)
        return (flag.resolved_at is not None, [natural(one or "") for one in told], str(flag.id))


def oddities_of(flags: Iterable[Raised], pack: Pack) -> tuple[Mapping[UUID | None, list[Written]], Mapping[str, int]]:
    """The oddities of each plan and framework, and how many flags they leave out. `pack` is that of the flagged records."""
    by_rule = _found_by_rule(pack)
    finds = Counter(find[:3] for find in by_rule)
    grouped: dict[_Oddity, list[str]] = defaultdict(list)
    said: set[tuple[Any, ...]] = set()
    left: Counter[str] = Counter()
    for one in sorted(flags, key=lambda raised: raised.order):
        rule = by_rule.get((one.flag.code, one.on.noun(), one.key, one.flag.field, one.flag.raw))
        oddity = _Oddity.of(one, rule)
        if one.flag.detail == rule and oddity.ref is None and oddity.resolution is None:
            continue
        if oddity.by_rule and finds[one.flag.code, one.on.noun(), one.key] == 1:
            oddity = replace(oddity, field=None, raw=None)
        if not oddity.is_fit(one.named):
            left["flags that a pack has no words for"] += 1
        elif (*oddity.said, one.named) in said:
            left["flags that repeat another of the same field"] += 1
        else:
            said.add((*oddity.said, one.named))
            grouped[oddity].append(one.named)
    listed: dict[UUID | None, list[Written]] = defaultdict(list)
    for oddity, on in grouped.items():
        listed[oddity.scope].append(oddity.told(on))
    return listed, left


def natural(code: str) -> list[Any]:
    """As people count: A2 before A10."""
    parts = _DIGITS.split(code)
    return [*((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts), (2, 0, code)]


@dataclass(frozen=True)
class _Oddity:
    """What flags say alike; the records they say it of are listed together."""

    scope: UUID | None
    code: str
    ref: str | None
    label: str
    by_rule: bool
    field: str | None
    raw: str | None
    resolution: str | None

    @classmethod
    def of(cls, raised: Raised, rule: str | None) -> "_Oddity":
        """`rule`: the sentence of the rule that finds it too; what follows there is the oddity's own label."""
        flag = raised.flag
        is_found = rule is not None and flag.detail.startswith(rule)
        label = flag.detail.removeprefix(f"{rule}{TREATMENT}").removesuffix(".") if is_found else flag.detail
        return cls(raised.scope, flag.code, flag.reference, label, is_found, flag.field, flag.raw, flag.resolution)

    @property
    def said(self) -> tuple[Any, ...]:
        """What a plan, a framework or the pack itself says once of each record."""
        return (self.scope, self.by_rule and self.raw, self.code, self.field, self.ref)

    def told(self, on: list[str]) -> Written:
        told = {"ref": self.ref, "code": self.code, "label": self.label, "byRule": self.by_rule or None, "on": on}
        told |= {"field": self.field, "raw": self.raw, "resolution": self.resolution}
        return {name: value for name, value in told.items() if value is not None}

    def is_fit(self, named: str) -> bool:
        try:
            OddityShape.model_validate(self.told([named]))
        except ValidationError:
            return False
        return True


def _found_by_rule(pack: Pack) -> Mapping[tuple[Any, ...], str]:
    """The rule's own sentence for each flag that loading would raise."""
    items, _ = records_of(pack)
    keys = {item.id: item.key for item in items}
    flags = [item.values for item in items if item.kind is DataQualityFlag]
    return {(f["code"], f["on_noun"], keys[f["record_id"]], f["field"], f["raw"]): f["detail"] for f in flags}
