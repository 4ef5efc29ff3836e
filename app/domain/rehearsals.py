"""A framework replayed over the past: what one edition says of an academy on a day, and where another says otherwise."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.band_levels import BandLevel, BandSet
from app.domain.category_proposals import Proposal, propose
from app.domain.figures import Figure, figure_to_use
from app.domain.judgements import FigureKnown, Judgement, judge
from app.domain.stage_measures import MetricTests, StageRules


@dataclass(frozen=True, eq=False)
class Edition:
    """What is replayed of a framework: its stage measures, and its indicators by code."""

    rules: StageRules
    indicators: Mapping[str, BandSet]


@dataclass(frozen=True)
class Then:
    """What is known of one academy on a past day: the figures to use by metric, and every judgement."""

    on: date
    figures: Mapping[str, FigureKnown]
    judgements: Sequence[Judgement]

    def value(self, metric: str) -> Decimal | None:
        figure = self.figures.get(metric)
        return figure.value if figure else None


@dataclass(frozen=True)
class Pointing:
    """The stages that one metric points to, by code, and the values or grades for which it does."""

    metric: str
    inspection: str | None
    says: str | None
    stages: tuple[str, ...]


@dataclass(frozen=True)
class Said:
    """What an edition suggests, which stage by code, where each metric points, and of each indicator its metric and level."""

    proposal: Proposal
    stage: str | None
    pointing: Mapping[tuple[str, str | None], Pointing]
    levels: Mapping[str, tuple[str, BandLevel]]


def say(edition: Edition, then: Then) -> Said:
    rules = edition.rules
    judged = [judge(group, then.figures, then.judgements, on=then.on) for group in rules.groups]
    proposal = propose(rules, [one.given for one in judged])
    pointing = {}
    for group, one in zip(rules.groups, judged, strict=True):
        piece = one.given.piece
        stages = tuple(rules.stages[at].code for at in piece.points) if piece else ()
        pointing[_key(group)] = Pointing(*_key(group), piece.says if piece else None, stages)
    levels = {
        code: (bands.indicator.metric, bands.level_of(value))
        for code, bands in edition.indicators.items()
        if (value := then.value(bands.indicator.metric)) is not None
    }
    stage = None if proposal.stage is None else rules.stages[proposal.stage].code
    return Said(proposal, stage, pointing, levels)


def _key(group: MetricTests) -> tuple[str, str | None]:
    return group.metric, group.graded.framework.code if group.graded else None


def otherwise(before: Said, after: Said) -> Iterator[tuple[Pointing | None, Pointing | None]]:
    """The metrics that point elsewhere: what a change of stage comes from."""
    for key in dict.fromkeys([*before.pointing, *after.pointing]):
        one, other = before.pointing.get(key), after.pointing.get(key)
        if (one.stages if one else ()) != (other.stages if other else ()):
            yield one, other


def levels_otherwise(before: Said, after: Said) -> Iterator[tuple[str, str, BandLevel, BandLevel]]:
    """Indicators of both editions, with their metric, whose value stands for another level or for other levels."""
    for code, (metric, one) in before.levels.items():
        there = after.levels.get(code)
        if there is not None and there[0] == metric and _level(one) != _level(there[1]):
            yield code, metric, one, there[1]


def _level(found: BandLevel) -> tuple[str, str | None, tuple[str, ...]]:
    levels = tuple(sorted(level.code for level in found.levels))
    return found.certainty, found.level.code if found.level else None, () if found.level else levels


def figures_then(figures: Iterable[Figure], on: date, sources: Mapping[str, str | None]) -> dict[str, FigureKnown]:
    """The figure to use of each metric on a day. `figures` are one academy's of all pupils; `sources` prevail, by metric."""
    by_metric: dict[str, list[Figure]] = {}
    for figure in figures:
        if figure.ends_on <= on:
            of_metric = by_metric.setdefault(figure.metric, [])
            if of_metric and figure.ends_on > of_metric[0].ends_on:
                of_metric.clear()
            if not of_metric or figure.ends_on == of_metric[0].ends_on:
                of_metric.append(figure)
    found = {code: figure_to_use(few, on=on, source=sources.get(code)) for code, few in by_metric.items()}
    return {code: FigureKnown(one.value, one.absence, None) for code, one in found.items() if one is not None}
