"""Faults within one record: values that contradict one another."""

from collections.abc import Iterator

from tests.packs.breaking.books import Book
from tests.packs.breaking.kinds import (
    kind,
    put,
    raw,
)
from tests.packs.breaking.plants import Plant
from tests.packs.breaking.steps import Drop, Miss, Put, Step, Tell


@kind
def days_reversed(book: Book) -> Iterator[Plant]:
    for record in book.records:
        for first, last in (("startsOn", "endsOn"), ("validFrom", "validTo")):
            start = record.value(first)
            if start and last in record.keys:
                early = f"{int(start[:4]) - 1}-01-01"
                part = f"{last!r} is {early}, before {first!r}, {start}; put the two in order."
                yield put(record, last, early, part)
            elif record.noun in {"framework", "inspectionFramework"} and first == "validFrom":
                end = record.value(last)
                late = "2031-09-01"
                part = f"'validTo' is {end or '2030-08-31'}, before 'validFrom', {late}; put the two in order."
                told: Step = Tell(last, part) if end else Put(last, part, "2030-08-31")
                yield Plant(record, (Put(first, None, late), told))


@kind
def a_duration_reversed(book: Book) -> Iterator[Plant]:
    part = "'durationMax' is {}, below 'durationMin', {}; put the two in order."
    for record in book.of("stage"):
        longest = record.value("durationMax")
        if longest:
            more = str(int(longest) + 1)
            yield Plant(record, (Put("durationMin", None, more), Tell("durationMax", part.format(longest, more))))
        elif "openEnded" not in record.keys and "durationUnit" not in record.keys:
            given = (
                Put("durationMin", None, "3"),
                Put("durationMax", part.format(1, 3), "1"),
                Put("durationUnit", None, "term"),
            )
            yield Plant(record, given)


@kind
def a_duration_without_its_unit(book: Book) -> Iterator[Plant]:
    missing = Miss("durationUnit", "A duration needs its unit, and a unit its duration; give both or neither.")
    for record in book.of("stage"):
        change = Drop("durationUnit") if "durationUnit" in record.keys else Put("durationMin", None, "2")
        yield Plant(record, (change, missing))


@kind
def a_stage_without_end_that_ends(book: Book) -> Iterator[Plant]:
    part = "A stage that goes on without end cannot last at most so long; drop one of the two."
    for record in book.of("stage"):
        if "openEnded" in record.keys:
            ends = Put("durationMax", None, "3"), Put("durationUnit", None, "year")
            yield Plant(record, (*ends, Tell("openEnded", part)))
        elif "durationMax" in record.keys:
            yield put(record, "openEnded", "true", part)


@kind
def every_so_many_of_nothing(book: Book) -> Iterator[Plant]:
    missing = Miss("unit", "'everyMin' and 'unit' belong together: every so many weeks; give both or neither.")
    for record in book.of("cadence"):
        change = Drop("unit") if "unit" in record.keys else Put("everyMin", None, "2")
        yield Plant(record, (change, missing))


@kind
def an_occasion_later_than_the_last(book: Book) -> Iterator[Plant]:
    for record in book.of("cadence"):
        if "everyMin" in record.keys:
            part = "'everyMax' is 4, below 'everyMin', 9; put the two in order."
            yield Plant(record, (Put("everyMin", None, "9"), Put("everyMax", part, "4")))
        else:
            yield put(record, "everyMax", "4", "'everyMax' is the later end of a range; give 'everyMin' too.")


@kind
def a_malformed_anchor(book: Book) -> Iterator[Plant]:
    part = "'midway through autumn' names no point of the year; write it like \"end of autumn term\"."
    for record in book.of("cadence"):
        yield put(record, "anchors", "[end of autumn term, midway through autumn]", part)


@kind
def values_of_no_attribute(book: Book) -> Iterator[Plant]:
    for record in book.of("condition"):
        if "attribute" not in record.keys:
            part = "'values' need the 'attribute' that is to have them; name it, or leave the values out."
            yield Plant(record, (Put("values", None, "[primary]"), Miss("attribute", part)))


@kind
def a_measure_of_nothing_or_of_two(book: Book) -> Iterator[Plant]:
    part = "A measure tests a 'value' by a 'comparator', or an 'inspectionGrade'; give one of the two."
    grade = next((raw(one, "inspectionGrade") for one in book.of("measure") if "inspectionGrade" in one.keys), "")
    for record in book.of("measure"):
        if "value" in record.keys:
            yield Plant(record, (Drop("comparator"), Drop("value"), Miss("value", part)))
            yield Plant(record, (Put("inspectionGrade", None, grade), Tell("value", part)))
        else:
            yield Plant(record, (Drop("inspectionGrade"), Miss("value", part)))


@kind
def half_a_comparison(book: Book) -> Iterator[Plant]:
    part = "'comparator' and 'value' belong together; give both or neither."
    for record in book.of("measure"):
        if "comparator" in record.keys:
            yield Plant(record, (Drop("comparator"), Miss("comparator", part)))
        else:
            yield put(record, "comparator", "above", part)


@kind
def figures_reversed(book: Book) -> Iterator[Plant]:
    for record in book.of("benchmark", "templateItem", "entitlement"):
        low, high = ("quantityMin", "quantityMax") if record.noun == "entitlement" else ("value", "valueTo")
        part = f"{high!r} is 3, below {low!r}, 5; put the two in order."
        yield Plant(record, (Put(high, part, "3"), Put(low, None, "5")))


@kind
def the_higher_figure_alone(book: Book) -> Iterator[Plant]:
    for record in book.of("benchmark", "templateItem"):
        if "value" not in record.keys:
            part = "'valueTo' is the higher figure of a range; give the lower one in 'value'."
            yield put(record, "valueTo", "3", part)


@kind
def a_number_that_is_not_given(book: Book) -> Iterator[Plant]:
    part = "A numeric measure needs its 'value'; add the number, or call the measure qualitative."
    for record in book.of("target", "milestone"):
        says = "kind" if record.noun == "target" else "measured"
        change: Step = Drop("value") if "value" in record.keys else Put(says, None, "numeric")
        if change.key == says or record.value(says) == "numeric":
            yield Plant(record, (change, Miss("value", part)))


@kind
def a_band_that_holds_nothing(book: Book) -> Iterator[Plant]:
    for record in book.of("band"):
        lo, hi = record.value("lo"), record.value("hi")
        if lo and hi:
            part = "The band from {} to {} holds no value; put its ends in order, or include them."
            yield Plant(record, (Put("lo", None, f"{hi}9"), Tell("hi", part.format(f"{hi}9", hi))))
            yield Plant(record, (Put("hi", part.format(lo, lo), lo), Put("hiIncluded", None, "false")))


@kind
def an_end_that_is_not_there(book: Book) -> Iterator[Plant]:
    for record in book.of("band"):
        for end in ("lo", "hi"):
            if end not in record.keys:
                part = f"An end that is not there cannot be within the band; give {end!r}."
                yield put(record, f"{end}Included", "true", part)


@kind
def a_range_reversed(book: Book) -> Iterator[Plant]:
    for record in book.of("indicator"):
        if "rangeMax" in record.keys:
            part = f"'rangeMax' is {record.value('rangeMax')}, not above 'rangeMin', 200; put the two in order."
            yield Plant(record, (Put("rangeMin", None, "200"), Tell("rangeMax", part)))
        else:
            part = "'rangeMax' is 7, not above 'rangeMin', 7; put the two in order."
            yield Plant(record, (Put("rangeMin", None, "7"), Put("rangeMax", part, "7")))


@kind
def a_malformed_identifier(book: Book) -> Iterator[Plant]:
    for record in book.of("academy"):
        text = '[{kind: urn, value: "12", validFrom: 2020-01-01}]'
        yield Plant(record, (Put("identifiers", "A URN is six digits. Write it so, not '12'.", text, (0, "value")),))
