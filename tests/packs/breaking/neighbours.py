"""Faults between neighbours: what only one record of a list may have, and scales."""

from collections.abc import Iterator

from app.packs.references import in_words
from tests.packs.breaking.books import Book
from tests.packs.breaking.kinds import (
    kind,
    raw,
)
from tests.packs.breaking.plants import Plant
from tests.packs.breaking.steps import Add, Put


@kind
def a_number_that_stands_twice(book: Book) -> Iterator[Plant]:
    for record in book.of("stage", "phase", "ratingLevel", "band"):
        first = book.by_path[(*record.path[:-1], 0)]
        if record is not first:
            no = first.value("no") or "1"
            part = f"The {in_words(record.noun)} before it in place 1 has the number {no} too; give each its own."
            yield Plant(record, (Put("no", part, no),), also=(first,))


@kind
def a_place_that_is_taken(book: Book) -> Iterator[Plant]:
    part = "The {} before it in place 1 has the same {}; give each its own."
    windows = book.of("window")
    for record in windows[1:]:
        if record.value("phase") == windows[0].value("phase"):
            said = part.format("window", "'phase' and 'no'")
            yield Plant(record, (Put("no", said, raw(windows[0], "no")),), also=(windows[0],))
    for record in book.of("plan"):
        cells = book.of("statutoryTarget")
        if cells:
            cell = {key: raw(cells[0], key) for key in ("measure", "year", "site", "kind")}
            text = "{code: TWIN, " + ", ".join(f"{key}: {value}" for key, value in cell.items()) + "}"
            said = part.format("statutory target", "'measure' and 'year' and 'site' and 'kind'")
            yield Plant(record, (Add("statutoryTargets", said, text, ("kind",)),), also=(cells[0],))
    for record in book.of("ratingLevel"):
        said = part.format("rating label", "'context'")
        again = Add("labels", said, "{context: key, label: again}", ("context",))
        yield Plant(record, (again,), swallows=True)
    for record in book.of("action", "step"):
        for key in ("leads", "monitors"):
            if record.items(key):
                first = book.by_path[(*record.path, key, 0)]
                person, printed = raw(first, "person"), raw(first, "printed") if "printed" in first.keys else "null"
                said = part.format("responsibility", "'person' and 'printed'")
                again = Add(key, said, f"{{person: {person}, printed: {printed}}}", ("printed",))
                yield Plant(record, (again,), swallows=True)
    for record in book.of("academy"):
        one = '{kind: urn, value: "123456", validFrom: 2020-01-01}'
        said = part.format("identifier", "'kind' and 'validFrom'")
        yield Plant(record, (Put("identifiers", said, f"[{one}, {one}]", (1, "validFrom")),))


@kind
def a_level_of_another_scale(book: Book) -> Iterator[Plant]:
    for framework in book.of("framework"):
        levels = ", ".join(f"{{code: spare-{no}, labels: [{{context: key, label: spare {no}}}]}}" for no in (1, 2))
        scale = Add("scales", None, f"{{code: spare, label: spare scale, levels: [{levels}]}}")
        for record in book.of("band", "bandStatement"):
            section = book.by_path[record.path[:4]]
            part = "The level 'spare-2' is not of the section's scale, 'assurance'; name one that is."
            yield Plant(record, (Put("level", part, "spare-2"),), more=((framework, scale),), also=(section,))


@kind
def a_scale_too_short(book: Book) -> Iterator[Plant]:
    for record in book.of("framework"):
        at = len(record.items("scales"))
        for levels, below, part in (
            (
                "[{code: only, labels: [{context: key, label: only}]}]",
                ("levels",),
                "'levels' must have 2 or more, and has 1; add what is missing.",
            ),
            (
                "[{code: up, labels: [{context: key, label: up}]}, {code: down, labels: []}]",
                ("levels", 1, "labels"),
                "'labels' must have 1 or more, and has 0; add what is missing.",
            ),
        ):
            scale = f"{{code: spare, label: spare scale, levels: {levels}}}"
            step = Add("scales", part, scale, below) if at else Put("scales", part, f"[{scale}]", (0, *below))
            yield Plant(record, (step,))
