"""A pack's records as they are loaded: flattened, flagged, and their due dates read by the pack's own calendar."""

from uuid import UUID

from app.domain import ids
from app.domain.dates import Calendar, Due, PhaseDates, TermDates, read_due
from app.domain.due_columns import DueColumns
from app.domain.plans import Plan
from app.packs.flatten import Flattener, Item
from app.packs.format import Pack
from app.packs.oddities import flags


def records_of(pack: Pack) -> tuple[list[Item], dict[UUID, Due]]:
    """The pack's records, its flags included, and what its due dates mean by its own calendar."""
    items = Flattener(ids.trust_id(pack.trust.code)).pack(pack)
    calendars = _calendars(pack)
    dues = {
        item.id: read_due(item.due, calendars.get(item.plan_id, Calendar()))
        for item in items
        if issubclass(item.kind, DueColumns)
    }
    return items + flags(pack, items, dues), dues


def _calendars(pack: Pack) -> dict[UUID | None, Calendar]:
    terms = tuple(
        TermDates(name=term.name, year_code=year.code, starts_on=term.starts_on, ends_on=term.ends_on)
        for year in pack.academic_years
        for term in year.terms
    )
    whole = Flattener(ids.trust_id(pack.trust.code))
    calendars: dict[UUID | None, Calendar] = {}
    for plan in pack.plans:
        phases = tuple(
            PhaseDates(no=phase.no, starts_on=phase.starts_on, ends_on=phase.ends_on) for phase in plan.phases
        )
        calendars[whole.id(Plan, plan.code)] = Calendar(terms=terms, phases=phases)
    return calendars
