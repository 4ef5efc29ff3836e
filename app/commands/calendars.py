"""The calendar that due dates are read by: the trust's own terms and the plan's own phases, and nothing else."""

from dataclasses import replace
from uuid import UUID

from app.db.unit_of_work import UnitOfWork
from app.domain.calendars import AcademicYear, HalfTerm, Term
from app.domain.dates import Calendar, PhaseDates
from app.domain.intervals import Days
from app.domain.plans import PlanPhase


async def calendar_of(work: UnitOfWork, plan_id: UUID | None) -> Calendar:
    years = {year.id: year.code for year in await work.where(AcademicYear)}
    terms = tuple(
        term.dates(years[term.academic_year_id]) for term in await work.where(Term) if term.academic_year_id in years
    )
    phases = await work.where(PlanPhase, plan_id=plan_id) if plan_id else []
    return Calendar(
        terms=terms,
        phases=tuple(PhaseDates(no=phase.no, starts_on=phase.starts_on, ends_on=phase.ends_on) for phase in phases),
    )


async def school_calendar(work: UnitOfWork) -> Calendar:
    """The trust's own terms and half-terms."""
    halves = tuple(Days(half.starts_on, half.ends_on) for half in await work.where(HalfTerm))
    return replace(await calendar_of(work, None), half_terms=halves)
