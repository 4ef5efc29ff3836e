"""What the values of one record of a pack say against one another: ends before starts, halves of a pair, missing values.

The same is held by the database. Here it is told with file and line, and all of it at once.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final, TypeGuard, get_args
from uuid import UUID

from pydantic import AwareDatetime

from app.domain.academies import AcademyIdentifier
from app.domain.cadences import ANCHOR
from app.domain.errors import Invalid
from app.domain.vocabulary import IdentifierKind
from app.packs.assurance_shapes import BandShape, IndicatorShape, SectionShape
from app.packs.format import Pack
from app.packs.framework_shapes import CadenceShape, ConditionShape, FrameworkShape, MeasureShape, StageShape
from app.packs.measure_shapes import MetricShape, ObservationShape, ReadingShape
from app.packs.organisation_shapes import AcademicYearShape, IdentifierShape
from app.packs.plan_shapes import TargetShape
from app.packs.references import Content, Path, Trouble, parts, records_in
from app.packs.review_shapes import (
    AssuranceRatingShape,
    CategoryDecisionShape,
    SupportAllocationShape,
    SupportDeliveryShape,
)
from app.packs.shapes import Shape

DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
DAYS: Final = (("startsOn", "endsOn"), ("validFrom", "validTo"))
FIGURES: Final = (
    ("durationMin", "durationMax"),
    ("everyMin", "everyMax"),
    ("value", "valueTo"),
    ("quantityMin", "quantityMax"),
)
MOST_DIGITS: Final = 16_000  # that the database holds

Record = Mapping[str, Content]
Check = Callable[[Record], Iterator[tuple[str, str]]]


def find_contradictions(content: Record) -> Iterator[Trouble]:
    """Everything that contradicts itself, with the path of the key at fault."""
    yield from _look_through(content, Pack, ())


def _look_through(record: Record, shape: type[Shape], path: Path) -> Iterator[Trouble]:
    for key, reason in _faults(record, shape):
        yield (*path, key), reason
    if shape is FrameworkShape:
        yield from _foreign_levels(record, path)
    for key, child in records_in(shape).items():
        for index, item in parts(record.get(key)):
            yield from _look_through(item, child, (*path, key, index))


def _faults(record: Record, shape: type[Shape]) -> Iterator[tuple[str, str]]:
    yield from _days(record, shape)
    yield from _numbers(record, shape)
    yield from _figures(record)
    if "numeric" in (record.get("kind"), record.get("measured")) and record.get("value") is None:
        yield "value", "A numeric measure needs its 'value'; add the number, or call the measure qualitative."
    if shape in _CHECKS:
        yield from _CHECKS[shape](record)


def _days(record: Record, shape: type[Shape]) -> Iterator[tuple[str, str]]:
    for key in _days_in(shape):
        day = record.get(key)
        # In quotes, pydantic would take a bare number for seconds since 1970.
        if isinstance(day, str) and re.fullmatch(r"[-+]?[\d.]+", day):
            yield key, f"{key!r} must be a date such as 2017-09-01, not {day!r}."
    for first, last in DAYS:
        start, end = day_of(record.get(first)), day_of(record.get(last))
        if start and end and start > end:
            yield last, f"{last!r} is {end}, before {first!r}, {start}; put the two in order."


def _numbers(record: Record, shape: type[Shape]) -> Iterator[tuple[str, str]]:
    """What pydantic lets by: a number in quotes or with an exponent, and one that the database cannot hold."""
    for key in _numbers_in(shape):
        value = record.get(key)
        if isinstance(value, str) and _reads_as_number(value):
            yield key, f"{key!r} must be a number such as 12 or 91.0, in plain digits without quotes, not {value!r}."
        elif _is_number(value) and len(str(value)) > MOST_DIGITS:
            yield key, f"{key!r} may have {MOST_DIGITS} digits; shorten it."


@cache
def _numbers_in(shape: type[Shape]) -> tuple[str, ...]:
    return tuple(_members(shape, Decimal))


@cache
def _days_in(shape: type[Shape]) -> tuple[str, ...]:
    return (*_members(shape, date), *_members(shape, AwareDatetime))


def _members(shape: type[Shape], kind: object) -> Iterator[str]:
    for entry in shape.model_fields.values():
        told = (entry.annotation, *get_args(entry.annotation))
        if kind in (*told, *(inner for one in told for inner in get_args(one))):
            yield str(entry.alias)


def _figures(record: Record) -> Iterator[tuple[str, str]]:
    for low, high in FIGURES:
        lower, higher = record.get(low), record.get(high)
        if _is_number(lower) and _is_number(higher) and lower > higher:
            yield high, f"{high!r} is {higher}, below {low!r}, {lower}; put the two in order."
        if low == "value" and higher is not None and lower is None:
            yield high, f"{high!r} is the higher figure of a range; give the lower one in {low!r}."


def _stage(record: Record) -> Iterator[tuple[str, str]]:
    told = record.get("durationMin") is not None or record.get("durationMax") is not None
    if told != (record.get("durationUnit") is not None):
        yield "durationUnit", "A duration needs its unit, and a unit its duration; give both or neither."
    if record.get("openEnded") is True and record.get("durationMax") is not None:
        yield "openEnded", "A stage that goes on without end cannot last at most so long; drop one of the two."


def _year(record: Record) -> Iterator[tuple[str, str]]:
    start, end = day_of(record.get("startsOn")), day_of(record.get("endsOn"))
    if start and start == end:
        yield "endsOn", "An academic year has more than one day; let it end after it begins."


def _identifier(record: Record) -> Iterator[tuple[str, str]]:
    kind, value = record.get("kind"), record.get("value")
    if kind in list(IdentifierKind) and isinstance(value, str):
        try:
            AcademyIdentifier.of(UUID(int=0), {"kind": IdentifierKind(str(kind)), "value": value}).check()
        except Invalid as refused:
            yield "value", f"{refused.sentence} Write it so, not {value!r}."


def _indicator(record: Record) -> Iterator[tuple[str, str]]:
    low, high = record.get("rangeMin"), record.get("rangeMax")
    if _is_number(low) and _is_number(high) and low >= high:
        yield "rangeMax", f"'rangeMax' is {high}, not above 'rangeMin', {low}; put the two in order."


def _cadence(record: Record) -> Iterator[tuple[str, str]]:
    if (record.get("everyMin") is not None) != (record.get("unit") is not None):
        yield "unit", "'everyMin' and 'unit' belong together: every so many weeks; give both or neither."
    if record.get("everyMax") is not None and record.get("everyMin") is None:
        yield "everyMax", "'everyMax' is the later end of a range; give 'everyMin' too."
    anchors = record.get("anchors")
    for anchor in anchors if isinstance(anchors, list) else []:
        if isinstance(anchor, str) and not ANCHOR.fullmatch(anchor):
            yield "anchors", f'{anchor!r} names no point of the year; write it like "end of autumn term".'


def _measure(record: Record) -> Iterator[tuple[str, str]]:
    if (record.get("value") is None) == (record.get("inspectionGrade") is None):
        yield "value", "A measure tests a 'value' by a 'comparator', or an 'inspectionGrade'; give one of the two."
    elif (record.get("value") is None) != (record.get("comparator") is None):
        yield "comparator", "'comparator' and 'value' belong together; give both or neither."


def _condition(record: Record) -> Iterator[tuple[str, str]]:
    if record.get("values") and record.get("attribute") is None:
        yield "attribute", "'values' need the 'attribute' that is to have them; name it, or leave the values out."


def _band(record: Record) -> Iterator[tuple[str, str]]:
    for end in ("lo", "hi"):
        if record.get(f"{end}Included") is True and record.get(end) is None:
            yield f"{end}Included", f"An end that is not there cannot be within the band; give {end!r}."
    lo, hi = record.get("lo"), record.get("hi")
    if _is_number(lo) and _is_number(hi):
        both = record.get("loIncluded") is True and record.get("hiIncluded") is True
        if lo > hi or (lo == hi and not both):
            yield "hi", f"The band from {lo} to {hi} holds no value; put its ends in order, or include them."


def _reading(record: Record) -> Iterator[tuple[str, str]]:
    if (record.get("value") is None) == (record.get("absence") is None):
        yield "value", "A reading is a 'value', or the 'absence' of one with its reason; give one of the two."
    if record.get("academy") is None and record.get("official") is None:
        yield "academy", "A reading is of an 'academy', or an 'official' comparator; say whose it is."


def _observation(record: Record) -> Iterator[tuple[str, str]]:
    if (record.get("judged") is True) != (record.get("progressGrade") is not None):
        yield "progressGrade", "'judged' and 'progressGrade' belong together; give both or neither."


def _target(record: Record) -> Iterator[tuple[str, str]]:
    if record.get("gapGroup") is not None and record.get("gapOfficial") is not None:
        yield "gapOfficial", "A gap is to another group or to an official comparator; drop one of the two."


def _rating(record: Record) -> Iterator[tuple[str, str]]:
    suggested = record.get("suggestedLevel")
    if suggested is not None and suggested != record.get("level") and record.get("rationale") is None:
        yield "rationale", "The level differs from the one suggested; say why in 'rationale'."


def _decision(record: Record) -> Iterator[tuple[str, str]]:
    decided, again = day_of(record.get("decidedOn")), day_of(record.get("nextReviewOn"))
    if decided and again and again <= decided:
        yield "nextReviewOn", f"'nextReviewOn' is {again}, not after 'decidedOn', {decided}; put the two in order."


def _allocation(record: Record) -> Iterator[tuple[str, str]]:
    yield from _delivery(record)
    if record.get("entitlementRule") is not None and record.get("framework") is None:
        yield "framework", "An 'entitlementRule' stands in a framework; name that too."
    if record.get("objective") is not None and record.get("plan") is None:
        yield "plan", "An 'objective' stands in a plan; name that too."
    if record.get("giverAcademy") is not None and record.get("giverAcademy") == record.get("academy"):
        yield "giverAcademy", "An academy gives support to another one; name that, or leave the key out."


def _delivery(record: Record) -> Iterator[tuple[str, str]]:
    quantity = record.get("quantity")
    if _is_number(quantity) and quantity <= 0:
        yield "quantity", f"'quantity' must be more than nothing, not {quantity}."


_CHECKS: Final[Mapping[type[Shape], Check]] = {
    StageShape: _stage,
    CadenceShape: _cadence,
    MeasureShape: _measure,
    ConditionShape: _condition,
    BandShape: _band,
    IndicatorShape: _indicator,
    MetricShape: _indicator,
    ReadingShape: _reading,
    ObservationShape: _observation,
    TargetShape: _target,
    AssuranceRatingShape: _rating,
    CategoryDecisionShape: _decision,
    SupportAllocationShape: _allocation,
    SupportDeliveryShape: _delivery,
    AcademicYearShape: _year,
    IdentifierShape: _identifier,
}


def _foreign_levels(framework: Record, path: Path) -> Iterator[Trouble]:
    """Bands and statements of a line speak of the levels of its section's own scale."""
    levels = {
        str(scale.get("code")): {str(level.get("code")) for _, level in parts(scale.get("levels"))}
        for _, scale in parts(framework.get("scales"))
    }
    everywhere = {code for known in levels.values() for code in known}
    for place, section in parts(framework.get("sections")):
        known = levels.get(str(section.get("scale")))
        if known is None:
            continue
        for at, code in _levels_in(section, SectionShape, (*path, "sections", place)):
            if str(code) in everywhere and str(code) not in known:
                reason = (
                    f"The level {code!r} is not of the section's scale, {section.get('scale')!r}; name one that is."
                )
                yield at, reason


def _levels_in(record: Record, shape: type[Shape], path: Path) -> Iterator[tuple[Path, Content]]:
    if "level" in record:
        yield (*path, "level"), record["level"]
    for key, child in records_in(shape).items():
        for index, item in parts(record.get(key)):
            yield from _levels_in(item, child, (*path, key, index))


def day_of(value: Content) -> date | None:
    """The day, where it is one and written as packs write it."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and DAY.fullmatch(value) else None
    except ValueError:
        return None


def _reads_as_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except ArithmeticError:
        return False


def _is_number(value: Content) -> TypeGuard[int | Decimal]:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)
