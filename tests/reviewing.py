"""The trust of the twenty-eight lines made ready for reviews: its calendar, its metrics, and readings of every indicator."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from app.commands import head_reports, records, reviews
from app.commands.readings import SentBatch, record_readings
from app.db.unit_of_work import UnitOfWork
from app.domain.academies import Academy
from app.domain.assurance import AssuranceLine
from app.domain.calendars import AcademicYear, Term
from app.domain.frameworks import Framework
from app.domain.indicators import Indicator
from app.domain.measure_vocabulary import Absence, Grain
from app.domain.metrics import Metric
from app.domain.ratings import RatingLevel
from app.domain.reading_rows import SentReading
from app.domain.report_sections import ReportSection
from tests.conftest import Installation

TRUST: Final = "avocet"
TERMS: Final = {
    1: ("autumn", date(2023, 9, 4), date(2023, 12, 20)),
    2: ("spring", date(2024, 1, 8), date(2024, 3, 28)),
    3: ("summer", date(2024, 4, 15), date(2024, 7, 19)),
}
VALUES: Final = {
    "serious-incident-rate": "250", "rpi-rate": "210", "attendance": "71", "attendance-value-added": "10.5",
    "persistent-absence": "80", "severe-absence": "27.4", "suspension-rate": "20", "repeated-suspension-rate": "10",
    "partial-timetable-share": "4", "progress-reading": "51", "progress-writing": "36", "progress-maths": "20",
}  # fmt: skip
"""By indicator. Severe absence ties, which its line's other indicator settles; repeated suspensions tie, and nothing settles it."""
SUGGESTED: Final = {
    "behaviour": "not_yet_assured", "attendance": "assured", "persistent-absence": "not_yet_assured",
    "suspensions": None, "part-timetables": "assured", "progress-reading": "assured",
    "progress-writing": "not_yet_assured", "mathematics": "intervention_required",
}  # fmt: skip
"""By line, what these values suggest; the lines that are not here have no numeric bands."""


@dataclass
class Ground:
    """The framework's parts and the calendar, by what they are called."""

    installation: Installation
    framework_id: UUID
    academies: dict[str, UUID]
    terms: dict[int, UUID]
    lines: dict[str, UUID]
    levels: dict[str, UUID]
    sections: list[UUID] = field(default_factory=list)

    def actor(self, **more: Any) -> Any:
        return self.installation.actor(TRUST, **more)

    async def send(self, academy: str, values: Mapping[str, str | None], *, term: int = 2) -> None:
        """Readings of one term from one source; None says that there is no value."""
        _, starts_on, ends_on = TERMS[term]
        rows = [
            SentReading(
                metric=metric, academy=academy, grain=Grain.WINDOW, starts_on=starts_on, ends_on=ends_on,
                value=None if value is None else Decimal(value),
                absence=Absence.AWAITING_RESULTS if value is None else None,
            )
            for metric, value in values.items()
        ]  # fmt: skip
        async with self.installation.database.begin(self.actor()) as work:
            await record_readings(work, SentBatch(source="mis", readings=rows))

    async def report(self, academy: str, *, term: int = 2, submit: bool = True) -> UUID:
        """The head teacher's report, with every section that the framework asks for."""
        of = {"academy_id": self.academies[academy]}
        values = {**of, "framework_id": self.framework_id, "term_id": self.terms[term]}
        async with self.installation.database.begin(self.actor()) as work:
            made = await head_reports.begin_report(work, values)
            for section_id in self.sections:
                section = {**of, "report_id": made.id, "section_id": section_id, "body": "As seen in lessons."}
                await head_reports.write_section(work, section)
        if submit:
            async with self.installation.database.begin(self.actor()) as work:
                await head_reports.submit_report(work, made.id, version=1)
        return made.id

    async def scheduled(self, academy: str, *, term: int = 2) -> UUID:
        values = {"academy_id": self.academies[academy], "framework_id": self.framework_id,
                  "term_id": self.terms[term], "lead_role": "director"}  # fmt: skip
        async with self.installation.database.begin(self.actor()) as work:
            return (await reviews.schedule_review(work, values)).id

    async def opened(self, academy: str, *, term: int = 2) -> UUID:
        await self.report(academy, term=term)
        review_id = await self.scheduled(academy, term=term)
        async with self.installation.database.begin(self.actor()) as work:
            await reviews.open_review(work, review_id, version=1)
        return review_id

    async def rate(self, review_id: UUID, rated: Mapping[str, str], *, rationale: str | None = "Seen.") -> None:
        """Lines by their levels, by code, while the review is at its second version."""
        async with self.installation.database.begin(self.actor()) as work:
            for line, level in rated.items():
                of = (review_id, self.lines[line], self.levels[level])
                await reviews.rate_line(work, *of, rationale=rationale, version=2)

    async def rate_all(self, review_id: UUID, level: str = "assured") -> None:
        await self.rate(review_id, dict.fromkeys(self.lines, level))


async def ground_of(installation: Installation) -> Ground:
    async with installation.database.begin(installation.actor(TRUST)) as work:
        (framework,) = await work.where(Framework)
        terms = await _calendar(work)
        known = {one.code for one in await work.where(Metric)}
        for one in await work.where(Indicator):
            if one.metric not in known:
                await records.create(work, Metric, {"code": one.metric, "label": one.label})
        return Ground(
            installation=installation,
            framework_id=framework.id,
            academies={one.code: one.id for one in await work.where(Academy)},
            terms=terms,
            lines={one.code: one.id for one in await work.where(AssuranceLine)},
            levels={one.code: one.id for one in await work.where(RatingLevel)},
            sections=[one.id for one in sorted(await work.where(ReportSection), key=lambda one: one.no)],
        )


async def _calendar(work: UnitOfWork) -> dict[int, UUID]:
    year = {"code": "2023/24", "starts_on": date(2023, 9, 1), "ends_on": date(2024, 8, 31)}
    made = await records.create(work, AcademicYear, year)
    terms = {}
    for no, (name, starts_on, ends_on) in TERMS.items():
        values = {"academic_year_id": made.id, "no": no, "name": name, "starts_on": starts_on, "ends_on": ends_on}
        terms[no] = (await records.create(work, Term, values)).id
    return terms
