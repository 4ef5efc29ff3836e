"""Rehearsals: a framework, a draft above all, replayed over the ends of past terms beside the edition then in force."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from pydantic import Field

from app.domain.academies import Academy
from app.domain.band_levels import BandLevel, Certainty
from app.domain.errors import Fault, Invalid
from app.domain.figures import Figure
from app.domain.framework_vocabulary import Applies
from app.domain.frameworks import Framework
from app.domain.intervals import TermDates
from app.domain.judgements import Judgement
from app.domain.rehearsals import Edition, Pointing, Said, Then, figures_then, levels_otherwise, otherwise, say
from app.domain.review_vocabulary import Agreement
from app.domain.roles import Permission
from app.queries.assurance_grids import read_grid
from app.queries.comparison import Number
from app.queries.figures import FrameworkNamed, read_figures
from app.queries.published import Published
from app.queries.reading import Moment, Reads
from app.queries.revival import calendar
from app.queries.stage_inputs import read_judgements
from app.queries.stage_rules import (
    Measured,
    in_force_for,
    read_academies,
    read_categories,
    read_editions,
    read_framework,
    read_measured,
)

RULE: Final = "rehearsal.ends_of_terms_beside_the_edition_in_force"
_A_YEAR: Final = timedelta(days=365)
_MOST_YEARS: Final = 10


class Knowledge(StrEnum):
    """Whether past terms are judged by all that is known by now, or by what was known at the instant asked for."""

    AS_KNOWN_NOW = "as_known_now"
    AS_KNOWN_AT = "as_known_at"


class PointedElsewhere(Published):
    """A metric that points to other stages. Null where the edition does not measure by it."""

    metric: str
    inspectionFramework: str | None
    value: Number | None
    before: list[str] | None = Field(description="Codes of stages.")
    after: list[str] | None
    intervalBefore: str | None = Field(description="The stretch of values that it falls into, or the grades.")
    intervalAfter: str | None


class LevelSaid(Published):
    certainty: Certainty
    level: str | None = Field(description="Code of the level; null where there is none or several.")
    levels: list[str] = Field(description="Every level whose band holds the value.")
    sentence: str


class LevelElsewhere(Published):
    """An indicator whose value stands for another level."""

    indicator: str
    metric: str
    value: Number
    before: LevelSaid
    after: LevelSaid


class ReplayedAcademy(Published):
    """An academy of which the two editions say different things."""

    academyId: UUID
    academy: str
    against: FrameworkNamed
    stageBefore: str | None
    stageAfter: str | None
    stageChanged: bool
    agreementBefore: Agreement
    agreementAfter: Agreement
    metrics: list[PointedElsewhere]
    indicators: list[LevelElsewhere]


class ReplayedTerm(Published):
    """The last day of a term."""

    year: str
    term: str
    on: date
    compared: int = Field(description="Academies that both editions are asked about.")
    withoutEdition: list[str] = Field(description="Academies for whose kind of school nothing was in force.")
    stagesChanged: int
    levelsChanged: int = Field(description="Academies with an indicator of another level.")
    academies: list[ReplayedAcademy] = Field(description="Those of which the editions say different things.")


class Rehearsal(Published):
    framework: FrameworkNamed
    startsOn: date
    endsOn: date
    knowledge: Knowledge
    asKnownAt: datetime | None
    rule: str
    notFitting: list[str] = Field(description="Academies that the framework is not written for.")
    terms: list[ReplayedTerm]


@dataclass(frozen=True)
class _Past:
    """Everything that is known of the academies, read once."""

    academies: Sequence[Academy]
    figures: Mapping[UUID, Sequence[Figure]]
    judgements: Mapping[UUID, Sequence[Judgement]]
    sources: Mapping[str, str | None]

    def then(self, academy: Academy, on: date) -> Then:
        figures = figures_then(self.figures.get(academy.id, ()), on, self.sources)
        return Then(on, figures, self.judgements.get(academy.id, ()))


async def read_rehearsal(
    reads: Reads, framework_id: UUID, moment: Moment, *, starts_on: date | None, ends_on: date | None
) -> Rehearsal:
    """Terms that ended in the stretch and by today; left out, of the last year. Every figure is read once."""
    framework = await read_framework(reads, framework_id, moment)
    reads.actor.require(Permission.READ_SENSITIVE)
    last = min(ends_on or moment.today, moment.today)
    first = starts_on or last - _A_YEAR
    _require_order(first, last)
    terms = [one for one in (await calendar(reads, moment)).terms if first <= one.ends_on <= last]
    terms.sort(key=lambda one: (one.ends_on, one.name))
    academies = await read_academies(reads, moment)
    fitting = [one for one in academies if framework.fits(one) is not Applies.NO]
    frameworks = await read_editions(reads, moment)
    against = {
        (academy.id, term.ends_on): in_force_for(academy, frameworks, term.ends_on)
        for academy in fitting
        for term in terms
    }
    measured = await read_measured(reads, moment)
    named = {one.id: one for one in (framework, *against.values()) if one is not None}
    editions = {key: await _edition(reads, one, measured, moment) for key, one in named.items()}
    past = await _past(reads, fitting, editions.values(), measured, last, moment)
    return Rehearsal(
        framework=_named(framework),
        startsOn=first,
        endsOn=last,
        knowledge=Knowledge.AS_KNOWN_AT if moment.as_of else Knowledge.AS_KNOWN_NOW,
        asKnownAt=moment.as_of,
        rule=RULE,
        notFitting=[one.code for one in academies if one not in fitting],
        terms=[_term(term, framework, against, editions, past) for term in terms],
    )


def _require_order(first: date, last: date) -> None:
    if first > last:
        sentence = f"The rehearsal would run from {first} to {last}. Put from and to in order; it ends by today."
        raise Invalid(sentence, faults=[Fault("/from", "dates-reversed", sentence)])
    if last - first > _MOST_YEARS * _A_YEAR:
        raise Invalid(f"A rehearsal covers {_MOST_YEARS} years at most. Ask for fewer terms.")


async def _edition(reads: Reads, framework: Framework, measured: Measured, moment: Moment) -> Edition:
    categories = await read_categories(reads, framework, measured, moment)
    _, grid = await read_grid(reads, framework.id, moment)
    return Edition(categories.rules, {bands.indicator.code: bands for line in grid.lines for bands in line.indicators})


async def _past(
    reads: Reads,
    academies: Sequence[Academy],
    editions: Iterable[Edition],
    measured: Measured,
    until: date,
    moment: Moment,
) -> _Past:
    ids, editions = [one.id for one in academies], list(editions)
    codes = {group.metric for one in editions for group in one.rules.groups if group.graded is None}
    codes |= {bands.indicator.metric for one in editions for bands in one.indicators.values()}
    figures: dict[UUID, list[Figure]] = defaultdict(list)
    for figure in await read_figures(reads, moment, until=until, academies=ids, metrics=codes):
        if figure.academy_id is not None and figure.official is None and figure.group_id is None:
            figures[figure.academy_id].append(figure)
    judgements = await read_judgements(reads, ids, until, moment)
    return _Past(academies, figures, judgements, {code: one.source_system for code, one in measured.metrics.items()})


def _term(
    term: TermDates,
    framework: Framework,
    against: Mapping[tuple[UUID, date], Framework | None],
    editions: Mapping[UUID, Edition],
    past: _Past,
) -> ReplayedTerm:
    told: list[ReplayedAcademy] = []
    without, compared = [], 0
    for academy in past.academies:
        former = against[academy.id, term.ends_on]
        if former is None:
            without.append(academy.code)
            continue
        compared += 1
        then = past.then(academy, term.ends_on)
        found = _compared(academy, former, say(editions[former.id], then), say(editions[framework.id], then), then)
        if found.stageChanged or found.metrics or found.indicators:
            told.append(found)
    return ReplayedTerm(
        year=term.year_code,
        term=term.name,
        on=term.ends_on,
        compared=compared,
        withoutEdition=without,
        stagesChanged=sum(one.stageChanged for one in told),
        levelsChanged=sum(bool(one.indicators) for one in told),
        academies=told,
    )


def _compared(academy: Academy, former: Framework, before: Said, after: Said, then: Then) -> ReplayedAcademy:
    return ReplayedAcademy(
        academyId=academy.id,
        academy=academy.code,
        against=_named(former),
        stageBefore=before.stage,
        stageAfter=after.stage,
        stageChanged=before.stage != after.stage,
        agreementBefore=before.proposal.agreement,
        agreementAfter=after.proposal.agreement,
        metrics=[_pointing(one, other, then) for one, other in otherwise(before, after)],
        indicators=[
            LevelElsewhere(indicator=code, metric=metric, value=one.value, before=_level(one), after=_level(other))
            for code, metric, one, other in levels_otherwise(before, after)
        ],
    )


def _pointing(before: Pointing | None, after: Pointing | None, then: Then) -> PointedElsewhere:
    known = before or after
    assert known is not None, "a metric of one of the two"
    return PointedElsewhere(
        metric=known.metric,
        inspectionFramework=known.inspection,
        value=None if known.inspection else then.value(known.metric),
        before=list(before.stages) if before else None,
        after=list(after.stages) if after else None,
        intervalBefore=before.says if before else None,
        intervalAfter=after.says if after else None,
    )


def _level(found: BandLevel) -> LevelSaid:
    return LevelSaid(
        certainty=found.certainty,
        level=found.level.code if found.level else None,
        levels=[one.code for one in found.levels],
        sentence=found.sentence,
    )


def _named(framework: Framework) -> FrameworkNamed:
    return FrameworkNamed(id=framework.id, code=framework.code, edition=framework.edition)
