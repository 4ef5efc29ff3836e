"""Frameworks as categorisation asks them: in force for an academy on a day, and compiled with all that they measure by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.domain.academies import Academy
from app.domain.benchmark_standings import figures_range
from app.domain.benchmarks import Benchmark
from app.domain.conditions import FrameworkCondition
from app.domain.evidence_kinds import EvidenceKind
from app.domain.framework_vocabulary import Applies
from app.domain.frameworks import Framework
from app.domain.inspection import InspectionFramework, InspectionGrade
from app.domain.metrics import Metric
from app.domain.ranges import Range
from app.domain.stage_measures import StageRules, compile_rules
from app.domain.stages import IndicativeMeasure, MaturityStage
from app.queries.academies import ACADEMIES
from app.queries.benchmarks import BENCHMARKS
from app.queries.frameworks import EVIDENCE_KINDS, FRAMEWORK_CONDITIONS, FRAMEWORKS
from app.queries.inspection import INSPECTION_FRAMEWORKS, INSPECTION_GRADES
from app.queries.metrics import METRICS
from app.queries.reading import Moment, Reads, read_record
from app.queries.revival import read_all, revived, told
from app.queries.stages import INDICATIVE_MEASURES, MATURITY_STAGES


@dataclass(frozen=True, eq=False)
class BenchmarkTest:
    """A benchmark, by the place of its stage, and the values that its printed figure asks for."""

    benchmark: Benchmark
    stage: int
    strand: str
    set: str
    range: Range | None
    condition: FrameworkCondition | None

    def applies_to(self, academy: Academy) -> Applies:
        return self.condition.applies_to(academy) if self.condition else Applies.YES


@dataclass(frozen=True, eq=False)
class Categories:
    """All that a framework brings to a category meeting."""

    rules: StageRules
    benchmarks: tuple[BenchmarkTest, ...]
    evidence: tuple[EvidenceKind, ...]
    metrics: Mapping[str, Metric]

    @property
    def framework(self) -> Framework:
        return self.rules.framework

    @property
    def read(self) -> dict[str, Metric]:
        """The metrics it reads values of, by code: those of its measures and of the figures its benchmarks print."""
        groups = {group.metric for group in self.rules.groups if group.graded is None}
        printed = {one.benchmark.metric for one in self.benchmarks if one.range is not None}
        return {
            code: self.metrics[code]
            for code in sorted(groups | {code for code in printed if code})
            if code in self.metrics
        }


@dataclass(frozen=True)
class Measured:
    """What every framework of the trust may measure by."""

    metrics: Mapping[str, Metric]
    grades: Mapping[UUID, InspectionGrade]
    inspections: Mapping[UUID, InspectionFramework]


async def read_measured(reads: Reads, moment: Moment) -> Measured:
    trust_id = reads.actor.trust_id
    metrics = [revived(Metric, METRICS, one, trust_id) for one in await read_all(reads, METRICS, moment)]
    grades = [
        revived(InspectionGrade, INSPECTION_GRADES, one, trust_id)
        for one in await read_all(reads, INSPECTION_GRADES, moment)
    ]
    inspections = [
        revived(InspectionFramework, INSPECTION_FRAMEWORKS, one, trust_id)
        for one in await read_all(reads, INSPECTION_FRAMEWORKS, moment)
    ]
    return Measured(
        {one.code: one for one in metrics}, {one.id: one for one in grades}, {one.id: one for one in inspections}
    )


async def read_framework(reads: Reads, framework_id: UUID, moment: Moment) -> Framework:
    record = told((await read_record(reads, FRAMEWORKS, framework_id, moment)).body)
    return revived(Framework, FRAMEWORKS, record, reads.actor.trust_id)


async def read_editions(reads: Reads, moment: Moment) -> list[Framework]:
    """Every edition of every framework, drafts included."""
    records = await read_all(reads, FRAMEWORKS, moment)
    return [revived(Framework, FRAMEWORKS, one, reads.actor.trust_id) for one in records]


async def read_academy(reads: Reads, academy_id: UUID, moment: Moment) -> Academy:
    record = told((await read_record(reads, ACADEMIES, academy_id, moment)).body)
    return revived(Academy, ACADEMIES, record, reads.actor.trust_id)


async def read_academies(reads: Reads, moment: Moment) -> list[Academy]:
    """Those the actor may see, by code."""
    return [revived(Academy, ACADEMIES, one, reads.actor.trust_id) for one in await read_all(reads, ACADEMIES, moment)]


def in_force_for(academy: Academy, frameworks: Iterable[Framework], on: date) -> Framework | None:
    """The framework in force that is written for the academy's kind of school; else for every kind; else one that may fit.

    Of several that may fit none is taken: which it is has to be said.
    """
    in_force = [one for one in frameworks if one.is_in_force(on)]
    own = [one for one in in_force if one.sector is not None and one.fits(academy) is Applies.YES]
    every = [one for one in in_force if one.sector is None]
    unsure = [one for one in in_force if one.fits(academy) is Applies.TO_JUDGE]
    found = own or every or unsure
    return found[0] if len(found) == 1 else None


async def read_categories(reads: Reads, framework: Framework, measured: Measured, moment: Moment) -> Categories:
    trust_id, of_framework = reads.actor.trust_id, {"frameworkId": framework.id}
    stages = [
        revived(MaturityStage, MATURITY_STAGES, one, trust_id)
        for one in await read_all(reads, MATURITY_STAGES, moment, **of_framework)
    ]
    measures = [
        revived(IndicativeMeasure, INDICATIVE_MEASURES, one, trust_id)
        for one in await read_all(reads, INDICATIVE_MEASURES, moment, **of_framework)
    ]
    rules = compile_rules(
        framework,
        stages,
        measures,
        metrics=measured.metrics,
        grades=measured.grades,
        inspections=measured.inspections,
    )
    conditions = [
        revived(FrameworkCondition, FRAMEWORK_CONDITIONS, one, trust_id)
        for one in await read_all(reads, FRAMEWORK_CONDITIONS, moment, **of_framework)
    ]
    evidence = [
        revived(EvidenceKind, EVIDENCE_KINDS, one, trust_id)
        for one in await read_all(reads, EVIDENCE_KINDS, moment, **of_framework)
    ]
    by_id = {one.id: one for one in conditions}
    places = {stage.id: place for place, stage in enumerate(rules.stages)}
    benchmarks = [
        _benchmark(one, trust_id, places, by_id) for one in await read_all(reads, BENCHMARKS, moment, **of_framework)
    ]
    benchmarks.sort(key=lambda one: (one.stage, one.set, one.strand, one.benchmark.no, one.benchmark.code))
    evidence.sort(key=lambda one: one.no)
    return Categories(rules, tuple(benchmarks), tuple(evidence), measured.metrics)


def _benchmark(
    record: Mapping[str, Any], trust_id: UUID, places: Mapping[UUID, int], conditions: Mapping[UUID, FrameworkCondition]
) -> BenchmarkTest:
    benchmark = revived(Benchmark, BENCHMARKS, record, trust_id)
    return BenchmarkTest(
        benchmark,
        places[benchmark.stage_id],
        record["strandCode"],
        record["setCode"],
        figures_range(benchmark),
        conditions.get(benchmark.condition_id) if benchmark.condition_id else None,
    )
