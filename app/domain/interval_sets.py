"""Sets of intervals that should cover every value once: the bands of an indicator, the tests of a metric's stages.

What they leave out or claim twice is found and told; what a source prints is kept all the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.domain.indicators import Band, Indicator
from app.domain.ranges import EVERY_VALUE, Range, gaps, overlaps
from app.domain.stages import IndicativeMeasure, MaturityStage


@dataclass(frozen=True)
class Finding:
    """Values that no interval of a set holds, or several do. `of` are the codes or ids that hold them."""

    code: str
    range: Range
    sentence: str
    of: tuple[str, ...] = ()
    field: str | None = None


@dataclass(frozen=True)
class IntervalSet:
    """Intervals by name, of one record (an indicator, a framework), over the values there can be."""

    kind: str
    record_id: UUID
    about: str
    named: tuple[tuple[str, Range], ...]
    within: Range = EVERY_VALUE
    field: str | None = None

    def findings(self) -> Iterator[Finding]:
        ranges = [one for _, one in self.named]
        for gap in gaps(ranges, within=self.within) if ranges else ():
            yield Finding(f"{self.kind}_gap", gap, f"{self.about}: nothing holds {gap}.", (), self.field)
        for overlap in overlaps(ranges, within=self.within):
            names = tuple(self.named[place][0] for place in overlap.of)
            every = "both" if len(names) == 2 else "all"  # noqa: PLR2004  as one says
            sentence = f"{self.about}: {', '.join(names)} {every} hold {overlap.range}. It is kept as printed."
            yield Finding(f"{self.kind}_overlap", overlap.range, sentence, names, self.field)


def indicator_set(indicator: Indicator, bands: Sequence[Band]) -> IntervalSet:
    """The bands of one indicator, over the range it has."""
    ordered = sorted(bands, key=lambda band: band.no)
    named = tuple((band.printed or str(band.range), band.range) for band in ordered)
    return IntervalSet("interval", indicator.id, f"The bands of {indicator.label}", named, indicator.range)


def measure_sets(
    framework_id: UUID, stages: Sequence[MaturityStage], measures: Sequence[IndicativeMeasure]
) -> Iterator[IntervalSet]:
    """For each metric that stages are told apart by, the values that point to each stage, in stage order."""
    names = {stage.id: stage for stage in stages}
    tests = sorted((one for one in measures if one.stage_id in names), key=lambda one: names[one.stage_id].no)
    for metric in dict.fromkeys(one.metric for one in tests if one.range is not None):
        named = tuple(
            (names[one.stage_id].name, one.range) for one in tests if one.metric == metric and one.range is not None
        )
        yield IntervalSet("measure", framework_id, f"The stages by {metric}", named, field=metric)
