"""G0: what GraphQL answers is what graphql-core's own executor answers, field by field, over records read whole."""

from tests.conftest import load
from tests.faults.bars import Bar, Findings, Run
from tests.faults.ground import service
from tests.graphql.oracle.defects import DEFECTS, planted
from tests.graphql.oracle.ground import compared

_ENOUGH = 300
"""Queries within which a defect is seen."""


async def _compare(run: Run) -> Findings:
    async with service(run.server, "empty") as installation:
        await load(installation.database, "demo")
        comparison = await compared(installation, "demo")
        await comparison.run(run.size(100, 2_000), run.random("G0"))
    differences = [str(one) for one in comparison.differences]
    return Findings(comparison.counted, {"differences": len(differences)}, differences)


async def _compare_with_defects(run: Run) -> Findings:
    """Red only if every single planted defect was seen."""
    missed = []
    async with service(run.server, "empty") as installation:
        await load(installation.database, "demo")
        comparison = await compared(installation, "demo")
        for defect in DEFECTS:
            fresh = comparison.again()
            with planted(defect):
                await fresh.run(_ENOUGH, run.random(defect), stop_at=1, shrinks=False)
            missed += [] if fresh.differences else [defect]
    seen = 0 if missed else len(DEFECTS)
    return Findings(f"not seen: {', '.join(missed)}", {f"of {len(DEFECTS)} defects seen": seen})


G0 = Bar(
    "G0", _compare, "one mistake of a compiler after another", _compare_with_defects, f"of {len(DEFECTS)} defects seen"
)
