"""The trust's calendar, as it can be read."""

from datetime import date
from typing import Final

from app.db.noun import Children, Filter, Noun, Scope, Sort, columns_of
from app.domain.calendars import AcademicYear, HalfTerm, Term
from app.queries.narrowing import BY_CODE, BY_ID, equals, reference

_ON = {"on": Filter("{value} between {t}.starts_on and {t}.ends_on", "date", date, "The one that holds this day.")}
_BY_START = Sort("{t}.starts_on", "date")

HALF_TERMS: Final = Noun(
    name="halfTerm",
    plural="half-terms",
    title="HalfTerm",
    entity=HalfTerm,
    doc="Halves of terms.",
    fields=columns_of(HalfTerm),
    filters={"termId": reference("term_id"), **_ON},
    sorts={"startsOn": _BY_START, "id": BY_ID},
    scope=Scope.TRUST,
    default_sort="startsOn",
)
TERMS: Final = Noun(
    name="term",
    plural="terms",
    title="Term",
    entity=Term,
    doc='Terms, by which due dates such as "autumn term" resolve.',
    fields=(*columns_of(Term), Children("halfTerms", lambda: HALF_TERMS, "term_id", order="{t}.no")),
    filters={"academicYearId": reference("academic_year_id"), "name": equals("name"), **_ON},
    sorts={"startsOn": _BY_START, "id": BY_ID},
    scope=Scope.TRUST,
    default_sort="startsOn",
)
ACADEMIC_YEARS: Final = Noun(
    name="academicYear",
    plural="academic-years",
    title="AcademicYear",
    entity=AcademicYear,
    doc="The trust's academic years. Nothing is assumed where none is set.",
    fields=(*columns_of(AcademicYear), Children("terms", lambda: TERMS, "academic_year_id", order="{t}.no")),
    filters={"code": equals("code"), **_ON},
    sorts={"code": BY_CODE, "startsOn": _BY_START},
    scope=Scope.TRUST,
)
