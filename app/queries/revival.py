"""Records as the reading side tells them, made into the domain's own again, so that its rules can be asked."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from app.db.noun import Column, Noun
from app.domain.calendars import HalfTerm, Term
from app.domain.entity import Entity
from app.domain.intervals import Calendar, Days
from app.queries.calendars import ACADEMIC_YEARS, HALF_TERMS, TERMS
from app.queries.reading import ListRequest, Moment, Reads, read_page

E = TypeVar("E", bound=Entity)
Told = Mapping[str, Any]


def told(body: bytes) -> Any:
    """What finished bytes say, numbers exact."""
    return json.loads(body, parse_float=Decimal)


async def read_all(reads: Reads, noun: Noun, moment: Moment, **filters: Any) -> list[dict[str, Any]]:
    """Every record in use that the filters let through, page after page."""
    found: list[dict[str, Any]] = []
    request = ListRequest(filters=filters, sort=noun.default_sort, limit=500)
    while True:
        page = await read_page(reads, noun, request, moment)
        found += told(page.items)
        if page.next is None:
            return found
        request = ListRequest(filters=filters, sort=noun.default_sort, limit=500, cursor=page.next)


def revived(kind: type[E], noun: Noun, record: Told, trust_id: UUID) -> E:
    """The record itself, with its rules. It belongs to no session and is never kept."""
    columns = (item for item in noun.fields if isinstance(item, Column))
    values = {item.column: record[item.name] for item in columns}
    return kind.model_validate({"trust_id": trust_id, **values})


async def calendar(reads: Reads, moment: Moment) -> Calendar:
    """The trust's own terms and half-terms."""
    trust_id = reads.actor.trust_id
    years = {one["id"]: one["code"] for one in await read_all(reads, ACADEMIC_YEARS, moment)}
    terms = [revived(Term, TERMS, one, trust_id) for one in await read_all(reads, TERMS, moment)]
    halves = [revived(HalfTerm, HALF_TERMS, one, trust_id) for one in await read_all(reads, HALF_TERMS, moment)]
    return Calendar(
        terms=tuple(one.dates(years[str(one.academic_year_id)]) for one in terms if str(one.academic_year_id) in years),
        half_terms=tuple(Days(one.starts_on, one.ends_on) for one in halves),
    )
