"""Faults of values: what cannot stand where it stands."""

from collections.abc import Callable, Iterator, Mapping

from app.packs.layout import noun_of
from tests.packs.breaking.books import Book, Trait, traits
from tests.packs.breaking.kinds import (
    keyed,
    kind,
    lists_of,
    names_of,
    nouns_below,
    put,
    texts,
)
from tests.packs.breaking.plants import Plant
from tests.packs.breaking.steps import Item


def _values(name: str, text: str, part: str, *kinds: str, when: Callable[[Trait], bool] = lambda _: True) -> None:
    """A kind of fault: such a text where a value of those kinds should stand. {key} and the trait are told in the part."""

    def plants(book: Book) -> Iterator[Plant]:
        for record, key, trait in texts(book) if kinds == ("text",) else keyed(book, *kinds):
            spans = {"durationMin", "durationMax", "everyMin", "everyMax", "code"}
            if (
                when(trait)
                and record.path
                and key not in spans
                and not (trait.kind == "list" and key in {*names_of(record), "on"})
            ):
                fill = {
                    "{key}": repr(key),
                    "{pattern}": str(trait.pattern),
                    "{long}": "x" * ((trait.longest or 0) + 1),
                    "{least}": str(trait.least),
                    "{most}": str(trait.most),
                    "{longest}": str(trait.longest),
                    "{few}": str((trait.least or 0) - 1),
                    "{many}": str((trait.most or 0) + 1),
                }
                said, written = _filled(part, fill), _filled(text, fill)
                child = lists_of(record).get(key)
                hides = frozenset({noun_of(child), *nouns_below(child)}) if child else frozenset[str]()
                yield put(record, key, written, said, hides, swallows=bool(child))

    plants.__name__ = name
    kind(plants)


def _filled(text: str, fill: Mapping[str, str]) -> str:
    for token, value in fill.items():
        text = text.replace(token, value)
    return text


_values("a_number_for_a_text", "2017", "{key} must be text, not 2017; put a text in quotes.", "text")
_values("a_truth_for_a_text", "true", "{key} must be text, not true; put a text in quotes.", "text")
_values("a_list_for_a_text", "[astray]", '{key} must be text, not ["astray"]; put a text in quotes.', "text")
_values("a_mapping_for_a_text", "{astray: 1}", '{key} must be text, not {"astray": 1}; put a text in quotes.', "text")
_values(
    "nothing_for_a_text", "", "{key} must be text, not nothing; put a text in quotes.", "text",
    when=lambda trait: trait.is_required,
)  # fmt: skip
_values(
    "an_empty_text", '""', "{key} must not be empty; fill it or leave the key out.", "text",
    when=lambda trait: trait.shortest > 0,
)  # fmt: skip
_values(
    "a_text_too_long", "{long}", "{key} may have {longest} characters; shorten it.", "text",
    when=lambda trait: trait.longest is not None,
)  # fmt: skip
_values(
    "a_malformed_text", '"a ?"', '{key} must have the form {pattern}, and "a ?" does not.', "text",
    when=lambda trait: trait.pattern is not None,
)  # fmt: skip
_values("a_text_of_code_0", r'"a\0b"', "A character of no width (code 0) stands in this text; take it out.", "text")
_values(
    "a_tag", "!!python/name:os.system x",
    "The tag 'tag:yaml.org,2002:python/name:os.system' is not read here; leave it out.", "text", "word", "int", "number",
)  # fmt: skip
_values("a_word_for_a_whole_number", "several", '{key} must be a whole number without quotes, not "several".', "int")
_values("a_quoted_whole_number", '"4"', '{key} must be a whole number without quotes, not "4".', "int")
_values("a_fraction_for_a_whole_number", "1.5", "{key} must be a whole number without quotes, not 1.5.", "int")
_values("a_truth_for_a_whole_number", "true", "{key} must be a whole number without quotes, not true.", "int")
_values(
    "a_whole_number_too_small", "{few}", "{key} must be {least} or more, not ", "int",
    when=lambda trait: trait.least is not None,
)  # fmt: skip
_values(
    "a_whole_number_too_large", "{many}", "{key} must be {most} or less, not ", "int",
    when=lambda trait: trait.most is not None,
)  # fmt: skip
_values("a_word_for_a_number", "about five", '{key} must be a number such as 12 or 91.0, not "about five".', "number")
_values(
    "a_quoted_number",
    '"5"',
    "{key} must be a number such as 12 or 91.0, in plain digits without quotes, not '5'.",
    "number",
)
_values(
    "a_number_with_an_exponent", "5e1", "{key} must be a number such as 12 or 91.0, in plain digits without quotes, not '5e1'.",
    "number",
)  # fmt: skip
_values("what_is_no_number", "NaN", '{key} must be a number such as 12 or 91.0, not "NaN".', "number")
_values("a_day_that_is_not", "2017-02-30", '{key} must be a date such as 2017-09-01, not "2017-02-30".', "date")
_values("a_day_in_words", "1 May 2017", '{key} must be a date such as 2017-09-01, not "1 May 2017".', "date")
_values("a_day_in_seconds", '"1488326400"', "{key} must be a date such as 2017-09-01, not '1488326400'.", "date")
_values("a_text_for_a_list", "astray", '{key} must be a list, each item after a dash, not "astray".', "list")
_values("a_text_for_a_source", "S9 line 3", '{key} must be a mapping of keys to values, not "S9 line 3".', "record")


@kind
def a_word_out_of_no_list(book: Book) -> Iterator[Plant]:
    for record, key, trait in keyed(book, "word"):
        listed = ", ".join(map(repr, trait.words[:-1])) + f" or {trait.words[-1]!r}"
        yield put(record, key, "sideways", f'{key!r} must be {listed}, not "sideways".')


@kind
def a_word_for_true_or_false(book: Book) -> Iterator[Plant]:
    for record in book.records:
        for key, trait in traits(record.shape).items():
            if trait.kind == "bool" and key not in {"byRule", "openEnded", "loIncluded", "hiIncluded"}:
                yield put(record, key, "yes", f'{key!r} must be true or false, not "yes".')
            elif trait.kind == "bool" and key in record.keys:
                yield put(record, key, "1", f"{key!r} must be true or false, not 1.")


@kind
def a_text_for_a_record(book: Book) -> Iterator[Plant]:
    for record in book.records:
        for key, child in lists_of(record).items():
            for index in range(len(record.items(key))):
                part = f'Each item of {key!r} must be a mapping of keys to values, not "astray".'
                hides = frozenset({noun_of(child), *nouns_below(child)})
                yield Plant(record, (Item(key, part, index, "astray"),), hides=hides, swallows=True)
