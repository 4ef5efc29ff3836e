"""Benchmarks and the sets they stand in, as they can be read."""

from typing import Final

from app.domain.benchmarks import Benchmark, BenchmarkSet
from app.queries.framework_parts import framework_part
from app.queries.narrowing import STAGE, equals, flag, reference
from app.queries.parents import CONDITION_CODE, STAGE_CODE, code_of

BENCHMARK_SETS: Final = framework_part(
    BenchmarkSet,
    name="benchmarkSet",
    plural="benchmark-sets",
    doc="Lists of benchmarks. Two lists may say different things of one stage; both are kept.",
)
BENCHMARKS: Final = framework_part(
    Benchmark,
    STAGE_CODE,
    code_of("setCode", "benchmark_set", "set_id", doc="Code of its set."),
    code_of("strandCode", "strand", "strand_id", doc="Code of its strand."),
    CONDITION_CODE,
    name="benchmark",
    plural="benchmarks",
    doc="What is so of an academy in a stage, by set and strand.",
    filters={
        **STAGE,
        "setId": reference("set_id", "Benchmarks of this set."),
        "strandId": reference("strand_id", "Benchmarks of this strand."),
        "thread": equals("thread"),
        "metric": equals("metric"),
        "conditional": flag("{t}.condition_id is not null", "Meant only under a condition."),
        "numeric": flag("{t}.value is not null", "States a figure."),
    },
)
