"""Faults of files: added, doubled, or left unread."""

from collections.abc import Iterator
from typing import Final

from tests.packs.breaking.books import Book, Record
from tests.packs.breaking.kinds import (
    TRUSTS_OWN,
    keyed,
    kind,
)
from tests.packs.breaking.plants import Plant
from tests.packs.breaking.steps import Drop, File, Head, Indent, Put, Tear

CALENDARS: Final = {
    "terms that overlap": (
        (
            "  - {code: 2017/18, startsOn: 2017-09-01, endsOn: 2018-08-31, terms: [\n"
            "      {no: 1, name: autumn, startsOn: 2017-09-04, endsOn: 2017-12-20},\n"
            "      {no: 2, name: spring, @startsOn: 2017-12-20, endsOn: 2018-03-29}]}\n"
        ),
        "/academicYears/0/terms/1/startsOn",
        "The term in place 1 has days of it too, 2017-09-04 to 2017-12-20; change the dates of one.",
    ),
    "halves that overlap": (
        (
            "  - {code: 2017/18, startsOn: 2017-09-01, endsOn: 2018-08-31, terms: [\n"
            "      {no: 1, name: autumn, startsOn: 2017-09-04, endsOn: 2017-12-20, halfTerms: [\n"
            "        {no: 1, startsOn: 2017-09-04, endsOn: 2017-10-20},\n"
            "        {no: 2, @startsOn: 2017-10-10, endsOn: 2017-12-20}]}]}\n"
        ),
        "/academicYears/0/terms/0/halfTerms/1/startsOn",
        "The half term in place 1 has days of it too, 2017-09-04 to 2017-10-20; change the dates of one.",
    ),
    "two terms of one number": (
        (
            "  - {code: 2017/18, startsOn: 2017-09-01, endsOn: 2018-08-31, terms: [\n"
            "      {no: 1, name: autumn, startsOn: 2017-09-04, endsOn: 2017-12-20},\n"
            "      {@no: 1, name: spring, startsOn: 2018-01-04, endsOn: 2018-03-29}]}\n"
        ),
        "/academicYears/0/terms/1/no",
        "The term before it in place 1 has the number 1 too; give each its own.",
    ),
    "a third half": (
        (
            "  - {code: 2017/18, startsOn: 2017-09-01, endsOn: 2018-08-31, terms: [\n"
            "      {no: 1, name: autumn, startsOn: 2017-09-04, endsOn: 2017-12-20,\n"
            "       halfTerms: [{@no: 3, startsOn: 2017-09-04, endsOn: 2017-10-20}]}]}\n"
        ),
        "/academicYears/0/terms/0/halfTerms/0/no",
        "'no' must be 2 or less, not 3.",
    ),
    "a year of one day": (
        "  - {code: 2017/18, startsOn: 2017-09-01, @endsOn: 2017-09-01}\n",
        "/academicYears/0/endsOn",
        "An academic year has more than one day; let it end after it begins.",
    ),
}


@kind
def a_calendar_that_cannot_be(book: Book) -> Iterator[Plant]:
    for text, path, part in CALENDARS.values():
        yield Plant(book.of("trust")[0], (File("calendar.yaml", None, f"academicYears:\n{text}", {"@": (path, part)}),))


@kind
def a_key_of_two_files(book: Book) -> Iterator[Plant]:
    trust = book.of("trust")[0]
    for key in ("people", "bodies", "academies"):
        part = f"'{key}' stands in trust.yaml too; keep it in one file."
        yield Plant(trust, (File("twice.yaml", None, f"# again\n@{key}: []\n", {"@": (f"/{key}", part)}),))


@kind
def a_key_that_no_pack_has(book: Book) -> Iterator[Plant]:
    part = "'extras' is not a key of a record of this kind (pack); it may have format, trust, academies, "
    yield Plant(book.of("trust")[0], (File("extras.yaml", None, "\n@extras: []\n", {"@": ("/extras", part)}),))


@kind
def a_plan_or_framework_that_stands_twice(book: Book) -> Iterator[Plant]:
    for record in book.of("plan", "framework"):
        code = record.value("code")
        rest = (
            "type: improvement, startsOn: 2017-09-01, endsOn: 2018-08-31"
            if record.noun == "plan"
            else "published: false"
        )
        part = f"The {record.noun} at /{record.noun}s/0 has the code {code!r} too; give each its own."
        text = f"{record.noun}s:\n  - {{title: again, {rest},\n     @code: {code}}}\n"
        yield Plant(record, (File("zz-again.yaml", None, text, {"@": (f"/{record.noun}s/1/code", part)}),))


@kind
def a_file_that_is_no_mapping(book: Book) -> Iterator[Plant]:
    part = "A pack file is a mapping; start it with a key such as 'plans:'."
    for text in ("@# to come\n", "@- people\n"):
        yield Plant(
            book.of("trust")[0], (File("empty.yaml", None, text, {"@": ("", part)}),), hides=TRUSTS_OWN, alone=True
        )


@kind
def a_file_of_another_ending(book: Book) -> Iterator[Plant]:
    part = "Only files that end in .yaml are read; rename this one."
    yield Plant(book.of("trust")[0], (File("more.yml", None, "@people: []\n", {"@": ("", part)}),), alone=True)


@kind
def the_head_of_a_pack(book: Book) -> Iterator[Plant]:
    for record in book.records:
        if not record.path and "format" in record.keys:
            yield Plant(record, (Put("format", "'format' must be 1, not 2.", "2"),))
            yield Plant(record, (Drop("format"), Head("format", "'format' is missing; add it.")), alone=True)
            yield Plant(record, (Drop("trust"), Head("trust", "'trust' is missing; add it.")), alone=True)


def _blocks(book: Book) -> Iterator[tuple[Record, str]]:
    """Keys on lines of their own with plain text after them, and another key of the record below."""
    for record, key, _ in keyed(book, "text"):
        name, value = record.keys[key]
        line, follows = book.lines[record.file][name.start_mark.line : name.start_mark.line + 2]
        is_whole = not record.node.flow_style and value.end_mark.line == name.start_mark.line
        if is_whole and line.strip().startswith(f"{key}:") and follows.strip() and "#" not in follows[:40]:
            yield record, key


def _tears(name: str, text: str, part: str, *, later: bool = False) -> None:
    def plants(book: Book) -> Iterator[Plant]:
        for record, key in _blocks(book):
            yield Plant(record, (Tear(key, part, text, later),), hides=TRUSTS_OWN)

    plants.__name__ = name
    kind(plants)


_tears("a_colon_in_a_text", "one: two", "mapping values are not allowed in this context; mend it here or before.")
_tears("an_alias_of_nothing", "*nowhere", "found undefined alias; mend it here or before.")
_tears("a_sign_that_yaml_does_not_allow", "a\x01b", "A character stands here that YAML does not allow; take it out.")
_tears("bytes_of_another_encoding", "\udce9t\udce9", "These bytes are not UTF-8; save the file in that encoding.")
_tears(
    "a_bracket_left_open",
    "[astray",
    "while parsing a flow sequence, begun on line {first}: did not find expected",
    later=True,
)


@kind
def a_tab(book: Book) -> Iterator[Plant]:
    for record, key in _blocks(book):
        step = Indent(key, "A tab indents this line; put spaces in its place.")
        yield Plant(record, (step,), hides=TRUSTS_OWN)
