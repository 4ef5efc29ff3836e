"""Writing a pack to files: the organisation, each framework and each plan in a file of its own, short records on one line."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from math import ceil
from pathlib import Path
from typing import Any, Final

import yaml

from app.packs.format import Pack
from app.packs.reading import MOST_FILES
from app.packs.sheets import Dialect

_WIDTH: Final = 150
_APART: Final = {
    "readings.yaml": ("readings", "observations"),
    "reviews.yaml": (
        "inspectionOutcomes", "benchmarkAssessments", "headReports", "assuranceReviews", "categorySuggestions",
        "categoryDecisions", "supportAllocations", "reviewsHeld",
    ),
}  # fmt: skip
"""What grows from term to term stands in files of its own."""
_ODD_BREAKS: Final = re.compile("[\x85\u2028\u2029]")
"""Line breaks that readers of YAML take for others, unless they are written as escapes."""


class _Sheet(yaml.SafeDumper):
    """YAML 1.2 as packs are read: exact numbers, days as they are, and no aliases."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  the base's own name
        return True


for _first, _forms in Dialect.yaml_implicit_resolvers.items():
    for _tag, _form in _forms:
        _Sheet.add_implicit_resolver(_tag, _form, [_first])  # so that a text that reads as a number there is quoted


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style='"' if _ODD_BREAKS.search(value) else None)


def _number(dumper: yaml.SafeDumper, value: Decimal) -> yaml.Node:
    text = f"{value:f}"
    kind = "float" if "." in text else "int"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", text)


def _day(dumper: yaml.SafeDumper, value: date) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:timestamp", value.isoformat())


def _instant(dumper: yaml.SafeDumper, value: datetime) -> yaml.Node:
    text = value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return dumper.represent_scalar("tag:yaml.org,2002:timestamp", text)


def _mapping(dumper: yaml.SafeDumper, value: dict[str, Any]) -> yaml.Node:
    node = dumper.represent_mapping("tag:yaml.org,2002:map", value.items())
    plain = all(not isinstance(item, dict) and not _holds_mappings(item) for item in value.values())
    node.flow_style = plain and len(str(value)) < _WIDTH
    return node


def _list(dumper: yaml.SafeDumper, value: list[Any]) -> yaml.Node:
    node = dumper.represent_sequence("tag:yaml.org,2002:seq", value)
    node.flow_style = not _holds_mappings(value)
    return node


def _holds_mappings(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value)


_Sheet.add_representer(str, _text)
_Sheet.add_representer(Decimal, _number)
_Sheet.add_representer(date, _day)
_Sheet.add_representer(datetime, _instant)
_Sheet.add_representer(dict, _mapping)
_Sheet.add_representer(list, _list)
_Sheet.add_multi_representer(StrEnum, lambda dumper, word: _text(dumper, str(word)))


def write_pack(pack: Pack, folder: Path) -> list[Path]:
    """The files, in the order they were written. Each is read back by the same rules as any pack."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in sheets_of(pack):
        path = folder / name
        path.write_text(text_of(content), encoding="utf-8")
        written.append(path)
    return written


def sheets_of(pack: Pack) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each file's name and content. Where a folder could not hold so many files, several plans share one."""
    whole = pack.model_dump(by_alias=True, exclude_defaults=True)
    frameworks, plans = whole.pop("frameworks", []), whole.pop("plans", [])
    apart = {name: {key: whole.pop(key) for key in keys if key in whole} for name, keys in _APART.items()}
    yield "trust.yaml", {"format": pack.format, **whole}
    share = ceil((len(frameworks) + len(plans)) / (MOST_FILES - 5)) or 1
    for place, some in _shares(frameworks, share):
        yield f"framework-{place:02}-{_file(some[0]['code'])}-{some[0].get('edition', 1)}.yaml", {"frameworks": some}
    for place, some in _shares(plans, share):
        yield f"plan-{place:02}-{_file(some[0]['code'])}.yaml", {"plans": some}

    yield from ((name, content) for name, content in apart.items() if content)


def _shares(listed: Sequence[dict[str, Any]], share: int) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    return enumerate((list(listed[at : at + share]) for at in range(0, len(listed), share)), start=1)


def text_of(content: dict[str, Any]) -> str:
    return yaml.dump(content, Dumper=_Sheet, sort_keys=False, allow_unicode=True, width=_WIDTH)


def _file(code: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", code.lower()).strip("-") or "other"
