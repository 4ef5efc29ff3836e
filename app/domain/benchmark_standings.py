"""Whether the benchmarks of a framework hold of an academy: as people judged, else as the printed figure compares."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.domain.benchmarks import Benchmark
from app.domain.framework_vocabulary import Applies
from app.domain.measure_vocabulary import Verdict
from app.domain.ranges import Range, range_of
from app.domain.review_vocabulary import Held


class BenchmarkRule(StrEnum):
    """What a benchmark's verdict rests on, or why there is none."""

    JUDGED = "benchmark.judged"
    COMPARED = "benchmark.figure_compared"
    NOT_MEANT = "benchmark.not_meant"
    NOT_APPLICABLE = "benchmark.judged_not_applicable"
    NOT_ASSESSED = "benchmark.not_assessed"


_VERDICTS: Final = MappingProxyType(
    {
        Held.YES: Verdict.MET,
        Held.PARTLY: Verdict.AMBIGUOUS,
        Held.NO: Verdict.NOT_MET,
        Held.NOT_APPLICABLE: Verdict.NOT_EVALUABLE,
    }
)


@dataclass(frozen=True, slots=True)
class BenchmarkStanding:
    verdict: Verdict
    rule: BenchmarkRule


def figures_range(benchmark: Benchmark) -> Range | None:
    """The values that satisfy what is printed; none where it is relative to something, a range, or no comparison."""
    if benchmark.comparator is None or benchmark.value is None or benchmark.value_to is not None:
        return None
    return None if benchmark.relative_to else range_of(benchmark.comparator, benchmark.value)


def standing(applies: Applies, judged: Held | None, within: Range | None, value: Decimal | None) -> BenchmarkStanding:
    """What a person judged comes before what a figure says; what is not meant for the academy is never judged here."""
    if applies is Applies.NO:
        return BenchmarkStanding(Verdict.NOT_EVALUABLE, BenchmarkRule.NOT_MEANT)
    if judged is Held.NOT_APPLICABLE:
        return BenchmarkStanding(Verdict.NOT_EVALUABLE, BenchmarkRule.NOT_APPLICABLE)
    if judged is not None:
        return BenchmarkStanding(_VERDICTS[judged], BenchmarkRule.JUDGED)
    if within is not None and value is not None and applies is Applies.YES:
        verdict = Verdict.MET if within.holds(value) else Verdict.NOT_MET
        return BenchmarkStanding(verdict, BenchmarkRule.COMPARED)
    return BenchmarkStanding(Verdict.NOT_EVALUABLE, BenchmarkRule.NOT_ASSESSED)
