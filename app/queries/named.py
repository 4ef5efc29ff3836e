"""Records that a question names by their codes."""

from typing import Any
from uuid import UUID

from app.db.noun import Noun
from app.domain.errors import Invalid, NotFound
from app.domain.measure_vocabulary import Feed
from app.domain.promises import EVERYBODY
from app.queries.people import PUPIL_GROUPS
from app.queries.reading import ListRequest, Moment, Reads, read_page
from app.queries.revival import Told, told


async def read_named(reads: Reads, noun: Noun, code: str, moment: Moment) -> dict[str, Any]:
    """The record with this code, also a withdrawn one: what was measured under it stays readable."""
    request = ListRequest(filters={"code": code}, sort=noun.default_sort, limit=1, withdrawn=True)
    found: list[dict[str, Any]] = told((await read_page(reads, noun, request, moment)).items)
    if not found:
        raise NotFound(f"There is no {noun.table.replace('_', ' ')} with the code {code}. Check the code.")
    return found[0]


async def group_named(reads: Reads, code: str | None, moment: Moment) -> UUID | None:
    """The pupil group with this code; None of all pupils."""
    return None if code in (None, EVERYBODY) else UUID((await read_named(reads, PUPIL_GROUPS, code, moment))["id"])


def require_readings(metric: Told) -> None:
    """Refuse to look for readings of a metric that has none: it is worked out from observations."""
    if metric["feed"] != Feed.READINGS:
        raise Invalid(
            f"{metric['code']} is worked out from the observations held here, so it has no readings. "
            "Ask for the academy's observation summary."
        )
