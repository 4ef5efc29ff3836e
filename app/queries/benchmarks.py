"""Benchmarks and the sets they stand in, as they can be read."""

from typing import Final

from app.db.noun import Noun, Scope, columns_of
from app.domain.benchmarks import Benchmark, BenchmarkSet
from app.queries.narrowing import BY_CODE, BY_NO, FRAMEWORK, SOURCE, STAGE, equals, flag, reference
from app.queries.parents import CONDITION_CODE, STAGE_CODE, code_of

BENCHMARK_SETS: Final = Noun(
    name="benchmarkSet",
    plural="benchmark-sets",
    title="BenchmarkSet",
    entity=BenchmarkSet,
    doc="Lists of benchmarks. Two lists may say different things of one stage; both are kept.",
    fields=columns_of(BenchmarkSet),
    filters={**FRAMEWORK, **SOURCE},
    sorts={"code": BY_CODE, "no": BY_NO},
    scope=Scope.TRUST,
)
BENCHMARKS: Final = Noun(
    name="benchmark",
    plural="benchmarks",
    title="Benchmark",
    entity=Benchmark,
    doc="What is so of an academy in a stage, by set and strand.",
    fields=(
        *columns_of(Benchmark),
        STAGE_CODE,
        code_of("setCode", "benchmark_set", "set_id", doc="Code of its set."),
        code_of("strandCode", "strand", "strand_id", doc="Code of its strand."),
        CONDITION_CODE,
    ),
    filters={
        **FRAMEWORK,
        **STAGE,
        "setId": reference("set_id", "Benchmarks of this set."),
        "strandId": reference("strand_id", "Benchmarks of this strand."),
        "thread": equals("thread"),
        "metric": equals("metric"),
        "conditional": flag("{t}.condition_id is not null", "Meant only under a condition."),
        "numeric": flag("{t}.value is not null", "States a figure."),
        **SOURCE,
    },
    sorts={"code": BY_CODE, "no": BY_NO},
    scope=Scope.TRUST,
)
