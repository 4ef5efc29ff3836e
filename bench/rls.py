"""The question of row security: what a transaction costs with it, against the same transaction by a login above it."""

import asyncio
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final

import asyncpg

from app.queries.milestones import MILESTONES
from bench import limit
from bench.ground import Ground, Held
from bench.load import Asked
from bench.questions import Gate, Question
from bench.rounds import Ratio, Result, Target
from bench.statements import of_milepost

WITH: Final = "with row security"
WITHOUT: Final = "the same transaction without"
GATES: Final = (Gate(WITH, WITHOUT, rate=0.8, processor=1.25),)
_ABOVE: Final = "milepost_bench"
_LOGIN: Final = f"""
do $$ begin create role {_ABOVE} login bypassrls inherit in role milepost_app;
exception when duplicate_object then null; end $$"""
_REVIEWED: Final = """
select framework_id from app.assurance_review where trust_id = $1 group by 1 order by count(*) desc limit 1"""
_MILESTONE: Final = f"select id from app.{MILESTONES.table} where trust_id = $1 order by id limit 1"


@dataclass(frozen=True)
class Page:
    """What is asked for: a trust, and how an address is made of one id that a statement finds in it."""

    title: str
    address: str
    finding: str
    of_reviews: bool = False
    connections: int = 8

    def held(self, ground: Ground) -> Held:
        return ground.reviewed if self.of_reviews else ground.packed


PLAN: Final = Page("the whole plan page", "/v1/plans/{}/page", "select id from app.plan where trust_id = $1 limit 1")
HEAT_MAP: Final = Page("the heat map", "/v1/heat-map?frameworkId={}", _REVIEWED, of_reviews=True)
POINT: Final = Page("one milestone, one connection", "/v1/milestones/{}", _MILESTONE, connections=1)
PAGES: Final = (PLAN, HEAT_MAP, POINT)


def targets(ground: Ground, page: Page, *, database: str = "milepost") -> tuple[Target, Target]:
    """The page's own statements in its own transaction, sent by the service's login and by one above row security."""
    found = asyncio.run(_found(ground, page))
    asked = Asked(0, page.address.format(found), (page.held(ground).authorization,))
    sent = limit.script(page.held(ground).trust_id, of_milepost(ground, asked))

    def visit(user: str, seconds: float) -> tuple[int, float]:
        return limit.run(ground, sent, seconds, page.connections, user=user, database=database)

    return Target(WITH, partial(visit, "milepost_app")), Target(WITHOUT, partial(visit, _ABOVE))


@contextmanager
def question(page: Page, ground: Ground, _process: Executor) -> Iterator[Question]:
    about = f"pgbench, {page.connections} connection(s), the statements of the service in its transaction."
    gates = GATES if page.connections > 1 else ()  # of so short a transaction the difference is told, in time
    yield Question(f"Row security: {page.title}", about, targets(ground, page), gates, 1)


def cost(results: Mapping[str, Result]) -> Ratio:
    """How many times the requests are answered with row security."""
    return results[WITH].against(results[WITHOUT])


async def _found(ground: Ground, page: Page) -> str:
    connection = await asyncpg.connect(ground.superuser)
    try:
        await connection.execute(_LOGIN)
        return str(await connection.fetchval(page.finding, page.held(ground).trust_id))
    finally:
        await connection.close()
