"""Reads a pack folder: a `Pack` that holds throughout, or every fault at once and nothing loaded.

A fault of the YAML itself (syntax, tabs) leaves a file unread. That, a key that stands twice, or a fault of shape stops
only the checks between records, and only for the kinds of record that are then left unread.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from app.packs.contradictions import find_contradictions
from app.packs.format import Pack
from app.packs.layout import noun_of
from app.packs.references import fields_of, find_dead_references, in_words
from app.packs.repetitions import find_repetitions
from app.packs.shapes import Shape
from app.packs.sheets import PackFault, Place, Sheets, nearest, pointer

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from app.packs.references import Content

__all__ = ["BrokenPack", "PackFault", "ReadPack", "read_pack"]

MOST_FILES, MOST_BYTES = 50, 5_000_000
MOST_TOLD = 60  # characters of a value that is refused

SENTENCES = {
    "missing": "{key} is missing; add it.",
    "string_type": "{key} must be text, not {given}; put a text in quotes.",
    "string_too_short": "{key} must not be empty; fill it or leave the key out.",
    "string_too_long": "{key} may have {max_length} characters; shorten it.",
    "string_pattern_mismatch": "{key} must have the form {pattern}, and {given} does not.",
    "int_type": "{key} must be a whole number without quotes, not {given}.",
    "bool_type": "{key} must be true or false, not {given}.",
    "decimal_type": "{key} must be a number such as 12 or 91.0, not {given}.",
    "decimal_parsing": "{key} must be a number such as 12 or 91.0, not {given}.",
    "date_type": "{key} must be a date such as 2017-09-01, not {given}.",
    "date_parsing": "{key} must be a date such as 2017-09-01, not {given}.",
    "date_from_datetime_parsing": "{key} must be a date such as 2017-09-01, not {given}.",
    "datetime_type": "{key} must be an instant such as 2017-09-01T16:30:00Z, not {given}.",
    "datetime_parsing": "{key} must be an instant such as 2017-09-01T16:30:00Z, not {given}.",
    "datetime_from_date_parsing": "{key} must be an instant such as 2017-09-01T16:30:00Z, not {given}.",
    "timezone_aware": "{key} must say its time zone, such as the Z of 2017-09-01T16:30:00Z, not {given}.",
    "value_error": "{key} must be a JSON object in quotes, not {given}.",
    "list_type": "{key} must be a list, each item after a dash, not {given}.",
    "model_type": "{key} must be a mapping of keys to values, not {given}.",
    "enum": "{key} must be {expected}, not {given}.",
    "literal_error": "{key} must be {expected}, not {given}.",
    "too_short": "{key} must have {min_length} or more, and has {actual_length}; add what is missing.",
    "finite_number": "{key} must be a number such as 12 or 91.0, not {given}.",
    "greater_than_equal": "{key} must be {ge} or more, not {given}.",
    "less_than_equal": "{key} must be {le} or less, not {given}.",
}


class BrokenPack(Exception):
    """Nothing was loaded. `faults` stand in the order of the files and their lines."""

    def __init__(self, faults: Iterable[PackFault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.file, fault.line, fault.path, fault.reason)))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True)
class ReadPack:
    """A pack fit to load. `digest` changes with any byte or name of its files; `where` gives each path its place."""

    name: str
    pack: Pack
    digest: str
    where: Mapping[str, Place]

    def fault(self, path: str, reason: str) -> PackFault:
        """A fault found later, placed at its path or at the nearest record around it."""
        return PackFault(*nearest(self.where, path), path, reason)


def read_pack(folder: Path) -> ReadPack:
    """The pack in the folder. Raises BrokenPack with every fault there is."""
    files = _open(folder)
    sheets = Sheets()
    for name, raw in files.items():
        sheets.lay(name, raw)
    if faults := [*sheets.faults, *_judge(sheets)]:
        raise BrokenPack(faults)
    return ReadPack(folder.resolve().name, Pack.model_validate(sheets.content), _digest(files), sheets.where)


def _open(folder: Path) -> dict[str, bytes]:
    try:
        entries = sorted(folder.iterdir())
        files = [entry for entry in entries if entry.suffix in {".yaml", ".yml"}]
        faults = [PackFault(file.name, 1, "", reason) for file in files if (reason := _unfit(file))]
        if reason := _unfit_folder(len(entries), len(files)):
            faults = [PackFault(".", 0, "", reason)]
        if not faults:
            return {file.name: file.read_bytes() for file in files}
    except OSError as error:
        faults = [PackFault(".", 0, "", f"The folder cannot be read: {error.strerror}.")]
    raise BrokenPack(faults)


def _unfit_folder(entries: int, files: int) -> str | None:
    if entries > MOST_FILES:
        return f"The folder holds {entries} files and may hold {MOST_FILES}; join some or move them away."
    return None if files else "No file here ends in .yaml; a pack needs at least one."


def _unfit(file: Path) -> str | None:
    if file.suffix == ".yml":
        return "Only files that end in .yaml are read; rename this one."
    if not file.is_file():
        return "This is not a file that can be read; put a file in its place."
    if (size := file.stat().st_size) > MOST_BYTES:
        return f"The file has {size} bytes and may have {MOST_BYTES}; spread its plans over several files."
    return None


def _digest(files: Mapping[str, bytes]) -> str:
    digest = sha256()
    for name, raw in files.items():
        digest.update(f"{name}\0{len(raw)}\0".encode() + raw)
    return digest.hexdigest()


def _judge(sheets: Sheets) -> Iterator[PackFault]:
    for place, reason in _misshapen(sheets):
        path = pointer(place)
        yield PackFault(*nearest(sheets.where, path), path, reason)


def _misshapen(sheets: Sheets) -> "Iterator[tuple[tuple[str | int, ...], str]]":
    """What does not fit the format, told strictly: no text taken for a number, no "yes" for true.

    Strictness would also refuse a date or word read from a file, but for JSON it makes exceptions; hence the detour.
    Its floats lend the check their type alone: the pack itself is made from the exact content.
    """
    try:
        Pack.model_validate_json(json.dumps(sheets.content, default=float), strict=True)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            if not _follows(detail, sheets):
                yield detail["loc"], _sentence(detail, sheets.content)
    yield from find_dead_references(sheets.content, lost=sheets.lost, whole=sheets.whole)
    around = {path.rpartition("/")[0] for path in sheets.lost} | sheets.lost
    for place, reason in (*find_contradictions(sheets.content), *find_repetitions(sheets.content)):
        if pointer(place[:-1]) not in around:
            yield place, reason


def _follows(detail: "ErrorDetails", sheets: Sheets) -> bool:
    """Whether this only follows from YAML that could not be taken: the value, or what may hold the key."""
    if detail["type"] == "missing":
        return pointer(detail["loc"][:-1]) in sheets.lost
    return detail["input"] is None and pointer(detail["loc"]) in sheets.lost


def _sentence(detail: "ErrorDetails", content: "Content") -> str:
    loc = detail["loc"]
    if detail["type"] == "extra_forbidden":
        return _unknown_key(loc, content)
    named = next((key for key in reversed(loc) if isinstance(key, str)), "pack")
    key = repr(named) if loc and isinstance(loc[-1], str) else f"Each item of {named!r}"
    given = "nothing" if detail["input"] is None else _cut(json.dumps(detail["input"], ensure_ascii=False))
    sentence = SENTENCES.get(detail["type"], "{key}: " + detail["msg"].replace("{", "{{").replace("}", "}}") + ".")
    return sentence.format(key=key, given=given, **detail.get("ctx", {}))


def _cut(text: str) -> str:
    return text if len(text) <= MOST_TOLD else f"{text[:MOST_TOLD]}..."


def _unknown_key(loc: tuple[str | int, ...], content: "Content") -> str:
    shape: type[Shape] = Pack
    record = content
    for key in loc[:-1]:
        shape = (fields_of(shape).get(key) if isinstance(key, str) else None) or shape
        record = record[key]  # type: ignore[index]  # the path leads through what was read
    known = list(fields_of(shape))
    free = [key for key in known if not isinstance(record, dict) or key not in record]
    near = get_close_matches(str(loc[-1]), free, n=1)
    mend = f"did you mean {near[0]!r}?" if near else f"it may have {', '.join(known)}."
    return f"{loc[-1]!r} is not a key of a record of this kind ({in_words(noun_of(shape))}); {mend}"
