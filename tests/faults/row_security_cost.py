"""I6: row security costs at most a fifth of the throughput of the plan page and of the heat map."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from app.domain import ids
from bench.ground import PACK, REVIEWED, Ground, Held
from bench.rls import HEAT_MAP, PLAN, POINT, WITH, WITHOUT, Page, cost, targets
from bench.rounds import run as run_rounds
from tests.conftest import PEPPER, Installation, load
from tests.faults.bars import Bar, Findings, Run
from tests.faults.ground import connected, service

LEAST: Final = 0.8
MOST_MICROSECONDS: Final = 150
# Asked for every row, and nothing the planner could take for a constant.
_SLOW: Final = """
create function app.asked_anew() returns uuid language plpgsql volatile as
$$ begin perform 1 from generate_series(1, 20); return app.current_trust(); end $$;
do $$ declare one text; begin
  for one in select tablename from pg_policies where schemaname = 'app' and policyname = 'trust' loop
    execute format('alter policy trust on app.%I using (trust_id = app.asked_anew())', one);
  end loop;
end $$"""


@asynccontextmanager
async def _grounded(run: Run) -> AsyncIterator[tuple[Installation, Ground]]:
    async with service(run.server, "packed") as installation:
        await load(installation.database, REVIEWED)
        held = [Held(ids.trust_id(trust), await installation.key(trust)) for trust in (PACK, REVIEWED)]
        superuser = installation.dsn("postgres")
        async with connected(superuser) as above:
            await above.execute("vacuum analyze")
        postmaster = int((run.server.data / "postmaster.pid").read_text().partition("\n")[0])
        yield installation, Ground(
            dsn=installation.dsn("milepost_app"), superuser=superuser, socket_dir=run.server.socket_dir, postmaster=postmaster,
            version="", pepper=PEPPER, packed=held[0], plan_id=held[0].trust_id, forest=held[0], reviewed=held[1],
        )  # fmt: skip


def _ratio(ground: Ground, database: str, page: Page, rounds: int) -> float:
    """The median over rounds that visit both in turn."""
    results = run_rounds(
        targets(ground, page, database=database), rounds=rounds, seconds=1, postmaster=ground.postmaster
    )
    return cost(results).rate


def _microseconds(ground: Ground, database: str, rounds: int) -> float:
    results = run_rounds(
        targets(ground, POINT, database=database), rounds=rounds, seconds=1, postmaster=ground.postmaster
    )
    return 1e6 / results[WITH].rate - 1e6 / results[WITHOUT].rate


async def _cost(run: Run) -> Findings:
    rounds = run.size(5, 15)
    async with _grounded(run) as (installation, ground):
        name = installation.name
        plan = await asyncio.to_thread(_ratio, ground, name, PLAN, rounds)
        heat_map = await asyncio.to_thread(_ratio, ground, name, HEAT_MAP, rounds)
        more = await asyncio.to_thread(_microseconds, ground, name, rounds)
    faults = {
        "pages under 0.8 of the requests": sum(one < LEAST for one in (plan, heat_map)),
        "µs too many for a record": max(0, round(more - MOST_MICROSECONDS)),
    }
    return Findings(
        f"plan page {plan:.2f}, heat map {heat_map:.2f} of the requests without; a record takes {more:.0f} µs more",
        faults,
    )


async def _cost_of_a_slow_policy(run: Run) -> Findings:
    async with _grounded(run) as (installation, ground):
        async with connected(installation.dsn("postgres")) as above:
            await above.execute(_SLOW)
        plan = await asyncio.to_thread(_ratio, ground, installation.name, PLAN, 3)
    return Findings(f"plan page {plan:.2f}", {"pages under 0.8 of the requests": int(plan < LEAST)})


I6 = Bar(
    "I6", _cost, "a policy that asks anew for every row", _cost_of_a_slow_policy, "pages under 0.8 of the requests"
)
