"""What stands twice in a pack where it can stand once: numbers, cells, links, flags; and days that two terms claim.

The same is held by the database. Here it is told with file and line, and all of it at once. Codes are told apart by
`references`.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from app.packs.assurance_shapes import BandShape, RatingLabelShape, RatingLevelShape
from app.packs.budget_shapes import StatutoryTargetShape
from app.packs.contradictions import Record, day_of
from app.packs.format import Pack
from app.packs.framework_shapes import StageShape
from app.packs.layout import is_coded, noun_of
from app.packs.organisation_shapes import HalfTermShape, IdentifierShape, TermShape
from app.packs.plan_shapes import PhaseShape, ResponsibilityShape, WindowShape
from app.packs.references import Content, Path, Trouble, in_words, key_in, parts, records_in, required_in
from app.packs.shapes import RecordShape, Shape

APART: Final[Mapping[type[RecordShape], tuple[str, ...]]] = {
    StageShape: ("no",),
    RatingLevelShape: ("no",),
    BandShape: ("no",),
    PhaseShape: ("no",),
    TermShape: ("no",),
    HalfTermShape: ("no",),
    WindowShape: ("phase", "no"),
    IdentifierShape: ("kind", "validFrom"),
    RatingLabelShape: ("context",),
    ResponsibilityShape: ("person", "printed"),
    StatutoryTargetShape: ("measure", "year", "site", "kind"),
}
"""What tells records of one list apart, besides their code."""


def find_repetitions(content: Record) -> Iterator[Trouble]:
    """Everything that repeats what stands before it, with the path of the later one."""
    yield from _look_through(content, Pack, ())


def _look_through(record: Record, shape: type[Shape], path: Path) -> Iterator[Trouble]:
    if issubclass(shape, RecordShape):
        for name in shape.LINKS:
            yield from _repeated_codes(record.get(name), (*path, name))
    yield from _repeated_flags(record.get("oddities"), (*path, "oddities"))
    for key, child in records_in(shape).items():
        below = (*path, key)
        if child in APART or (child.KEY and not is_coded(child)):
            yield from _alike(record.get(key), child, below)
        if child in {TermShape, HalfTermShape}:
            yield from _overlapping(record.get(key), child, below)
        for index, item in parts(record.get(key)):
            yield from _look_through(item, child, (*below, index))


def _alike(listed: Content, shape: type[RecordShape], path: Path) -> Iterator[Trouble]:
    keys, noun = APART.get(shape) or tuple(key_in(shape)), in_words(noun_of(shape))
    seen: dict[tuple[object, ...], int] = {}
    for index, item in parts(listed):
        told = tuple(_told(item, shape, key, index) for key in keys)
        if not all(map(_is_plain, told)):
            continue
        first = seen.setdefault(told, index) + 1
        if first != index + 1:
            same = f"the number {told[0]} too" if keys == ("no",) else f"the same {' and '.join(map(repr, keys))}"
            yield (*path, index, keys[-1]), f"The {noun} before it in place {first} has {same}; give each its own."


def _told(item: Record, shape: type[RecordShape], key: str, index: int) -> object:
    """The value under the key; the place in the list for a number that may be left out; `...` for one that may not."""
    value = item.get(key)
    if value is None and key in required_in(shape):
        return ...
    if value is None and key in key_in(shape):
        return key_in(shape)[key]
    return index + 1 if value is None and key == "no" else value


def _is_plain(value: object) -> bool:
    return value is None or (isinstance(value, (str, int)) and not isinstance(value, bool))


def _repeated_codes(listed: Content, path: Path) -> Iterator[Trouble]:
    seen: set[str] = set()
    for index, code in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(code, str):
            if code in seen:
                yield (*path, index), f"{code!r} stands in this list before; name it once."
            seen.add(code)


def _repeated_flags(oddities: Content, path: Path) -> Iterator[Trouble]:
    """One flag for each kind of fault on each field of a record. One that is found by rule is raised once in any case."""
    seen: set[tuple[object, ...]] = set()
    for index, oddity in parts(oddities):
        # One field may have several flags of ranges, which differ in what they quote.
        is_of_range = str(oddity.get("code")).startswith(("interval_", "measure_"))
        keys = ("code", "field", "ref", "raw") if is_of_range else ("code", "field", "ref")
        listed, told = oddity.get("on"), tuple(oddity.get(key) for key in keys)
        if oddity.get("byRule") is True or not isinstance(listed, list) or not all(map(_is_plain, told)):
            continue
        for place, written in enumerate(listed):
            if (*told, str(written)) in seen:
                yield (*path, index, "on", place), f"{written!r} has this flag already; name it once."
            seen.add((*told, str(written)))


def _overlapping(listed: Content, shape: type[RecordShape], path: Path) -> Iterator[Trouble]:
    """A day is in one term of its year, and in one half of its term."""
    earlier: list[tuple[int, date, date]] = []
    for index, item in parts(listed):
        start, end = day_of(item.get("startsOn")), day_of(item.get("endsOn"))
        if start is None or end is None or end < start:
            continue
        for place, first, last in earlier:
            if start <= last and first <= end:
                noun = in_words(noun_of(shape))
                reason = (
                    f"The {noun} in place {place + 1} has days of it too, {first} to {last}; change the dates of one."
                )
                yield (*path, index, "startsOn"), reason
                break
        earlier.append((index, start, end))
