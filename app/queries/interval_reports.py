"""What the interval sets of a framework leave out or claim twice, told for any edition at any time."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from pydantic import Field

from app.domain.indicators import Band, Indicator
from app.domain.interval_sets import IntervalSet, indicator_set, measure_sets
from app.domain.stages import IndicativeMeasure, MaturityStage
from app.queries.frameworks import FRAMEWORKS
from app.queries.indicators import BANDS, INDICATORS
from app.queries.published import Published
from app.queries.reading import Moment, Reads, read_tree
from app.queries.revival import revived, told
from app.queries.stages import INDICATIVE_MEASURES, MATURITY_STAGES


class NamedInterval(Published):
    """One interval of a set."""

    name: str = Field(description="The band as printed, or the stage.")
    range: str = Field(description='Its values: "27 to under 28".')


class IntervalFinding(Published):
    """Values that no interval of the set holds, or several do."""

    range: str
    of: list[str] = Field(description="The intervals that hold them; none of a gap.")
    sentence: str


class IntervalReport(Published):
    """One set of intervals."""

    kind: str = Field(description="`indicator`: bands of an indicator; `measure`: what a metric says of each stage.")
    recordId: UUID = Field(description="The indicator; of measures, the framework.")
    metric: str | None = Field(description="Of measures: the metric.")
    about: str
    intervals: list[NamedInterval]
    gaps: list[IntervalFinding]
    overlaps: list[IntervalFinding]


class IntervalReports(Published):
    """Every set of intervals of a framework."""

    items: list[IntervalReport]


async def report_intervals(reads: Reads, framework_id: UUID, moment: Moment) -> IntervalReports:
    page = told((await read_tree(reads, FRAMEWORKS, framework_id, moment)).body)
    return IntervalReports(items=[_report(one) for one in _sets(page, reads.actor.trust_id)])


def _sets(page: Mapping[str, Any], trust_id: UUID) -> Iterator[IntervalSet]:
    stages = [revived(MaturityStage, MATURITY_STAGES, one, trust_id) for one in page["stages"]]
    measures = [
        revived(IndicativeMeasure, INDICATIVE_MEASURES, one, trust_id)
        for stage in page["stages"]
        for one in stage["measures"]
    ]
    yield from measure_sets(UUID(page["id"]), stages, measures)
    lines = (line for section in page["sections"] for line in section["lines"])
    for indicator in (one for line in lines for one in line["indicators"]):
        bands = [revived(Band, BANDS, band, trust_id) for band in indicator["bands"]]
        yield indicator_set(revived(Indicator, INDICATORS, indicator, trust_id), bands)


def _report(one: IntervalSet) -> IntervalReport:
    findings = list(one.findings())
    shown = [
        (found, IntervalFinding(range=str(found.range), of=list(found.of), sentence=found.sentence))
        for found in findings
    ]
    return IntervalReport(
        kind="measure" if one.kind == "measure" else "indicator",
        recordId=one.record_id,
        metric=one.field,
        about=one.about,
        intervals=[NamedInterval(name=name, range=str(interval)) for name, interval in one.named],
        gaps=[told_of for found, told_of in shown if not found.of],
        overlaps=[told_of for found, told_of in shown if found.of],
    )
