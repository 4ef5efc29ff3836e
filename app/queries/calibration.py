"""Calibration of an assurance framework over terms: people's ratings beside the figures of then and of today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from app.domain import calibration
from app.domain.assurance_grids import AssuranceGrid
from app.domain.calibration import Against, Calibration, Judgement
from app.domain.errors import NotFound
from app.domain.figures import figure_to_use
from app.domain.line_suggestions import suggest
from app.domain.roles import Permission
from app.queries.assurance_grids import read_grid
from app.queries.figures import FrameworkNamed, read_figures
from app.queries.published import Published
from app.queries.reading import Moment, Reads
from app.queries.review_evidence import Series, own_series, read_sources
from app.queries.term_spans import TERMS

_RATED: Final = f"""
with terms as ({TERMS})
select g.line_id, r.academy_id, r.lead_role, t.starts_on, t.ends_on, g.suggested_level_id,
  coalesce(g.moderated_from_id, g.level_id) as human_id,
  case when g.moderated_from_id is not null then g.level_id end as moderated_id
from assurance_rating g
join assurance_review r on r.trust_id = g.trust_id and r.id = g.review_id and r.withdrawn_at is null
join terms t on t.id = r.term_id
where g.trust_id = $1 and g.withdrawn_at is null and r.framework_id = $4
  and r.status in ('submitted', 'moderated', 'signed_off') and ($3::uuid[] is null or r.academy_id = any($3::uuid[]))"""
_TERMS_THERE: Final = (
    "select count(*) from unnest(array[$2, $3]::uuid[]) x(id) where x.id is not null "
    "and not exists (select 1 from term t where t.trust_id = $1 and t.id = x.id)"
)


class Beside(Published):
    """How people's ratings stand to another's, in counts."""

    better: int = Field(description="People rated better: optimism, where it outnumbers `worse`.")
    same: int
    worse: int
    notComparable: int = Field(description="Nothing was suggested, or the figures do not say.")


class Calibrated(Published):
    """Counts alone: no score is made of them."""

    ratings: int
    againstSuggested: Beside = Field(description="Beside what the frozen evidence suggested when the line was rated.")
    againstEventual: Beside = Field(
        description="Beside what the readings known today suggest, of periods that ended in the term."
    )
    moderatedToBetter: int
    moderatedToWorse: int


class LineCalibrated(Calibrated):
    """One line."""

    lineId: UUID
    lineCode: str
    label: str


class RoleCalibrated(Calibrated):
    """The reviews that one post led."""

    leadRole: str


class CalibrationReport(Published):
    """Reviews that were submitted, moderated or signed off. People's ratings are as they were before moderation."""

    framework: FrameworkNamed
    rule: str
    total: Calibrated
    byLine: list[LineCalibrated]
    byLeadRole: list[RoleCalibrated]


@dataclass(frozen=True)
class _Known:
    """What the eventual levels are worked out from."""

    grid: AssuranceGrid
    series: Series
    sources: Mapping[str, str | None]

    def eventual(self, rated: Mapping[str, Any]) -> int | None:
        """The place of the level that the figures of the term itself suggest, by what is known now."""
        line = next((one for one in self.grid.lines if one.line.id == rated["line_id"]), None)
        if line is None:
            return None
        values = {}
        for bands in line.banded:
            metric = bands.indicator.metric
            of_term = [
                one for one in self.series.get((rated["academy_id"], metric), []) if one.ends_on >= rated["starts_on"]
            ]
            figure = figure_to_use(of_term, on=rated["ends_on"], source=self.sources.get(metric))
            values[bands.indicator.id] = figure.value if figure else None
        level = suggest(line, values).level
        return level.no if level else None


async def read_calibration(
    reads: Reads, framework_id: UUID, terms: tuple[UUID | None, UUID | None], moment: Moment
) -> CalibrationReport:
    """Who signs reviews off may see how people judge."""
    reads.actor.require(Permission.SIGN_OFF_REVIEWS)
    framework, grid = await read_grid(reads, framework_id, moment)
    if await reads.value(_TERMS_THERE, reads.actor.trust_id, *terms):
        raise NotFound("There is no term with that id. List the trust's terms, and choose from them.")
    seen = None if reads.actor.academies is None else sorted(reads.actor.academies)
    rated = await reads.rows(_RATED, reads.actor.trust_id, moment.today, seen, framework_id, *terms)
    known = _Known(grid, await _series(reads, grid, rated, moment), await read_sources(reads, moment))
    judgements = _judgements(rated, known)
    by_line = calibration.calibrate_by(judgements, lambda one: one.line_id)
    by_role = calibration.calibrate_by(judgements, lambda one: one.lead_role)
    lines = [one.line for one in grid.lines if one.line.id in by_line]
    return CalibrationReport(
        framework=framework,
        rule=calibration.RULE,
        total=Calibrated(**_told(calibration.calibrate(judgements))),
        byLine=[
            LineCalibrated(lineId=one.id, lineCode=one.code, label=one.label, **_told(by_line[one.id])) for one in lines
        ],
        byLeadRole=[RoleCalibrated(leadRole=role, **_told(by_role[role])) for role in sorted(by_role)],
    )


async def _series(reads: Reads, grid: AssuranceGrid, rated: Iterable[Mapping[str, Any]], moment: Moment) -> Series:
    academies = {one["academy_id"] for one in rated}
    until: date = max((one["ends_on"] for one in rated), default=moment.today)
    return own_series(await read_figures(reads, moment, until=until, academies=academies, metrics=grid.metrics))


def _judgements(rated: Iterable[Mapping[str, Any]], known: _Known) -> list[Judgement]:
    places = {level.id: level.no for line in known.grid.lines for level in line.levels}
    return [
        Judgement(
            line_id=one["line_id"],
            lead_role=one["lead_role"],
            human=places[one["human_id"]],
            suggested=places.get(one["suggested_level_id"]),
            moderated=places.get(one["moderated_id"]),
            eventual=known.eventual(one),
        )
        for one in rated
    ]


def _told(counts: Calibration) -> dict[str, Any]:
    return {
        "ratings": counts.ratings,
        "againstSuggested": _beside(counts.suggested),
        "againstEventual": _beside(counts.eventual),
        "moderatedToBetter": counts.moderated_to_better,
        "moderatedToWorse": counts.moderated_to_worse,
    }


def _beside(counts: Against) -> Beside:
    return Beside(better=counts.better, same=counts.same, worse=counts.worse, notComparable=counts.not_comparable)
