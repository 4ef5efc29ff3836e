"""P1: no small number can be worked out of the tables that are published, one release after the other."""

import asyncio
from collections.abc import Callable, Sequence
from itertools import chain

from app.domain.protection import Decision, Protected, Table, protect
from tests.attacker import Print, alike, printed, random_table, restated, small, with_small_counts_hidden, worked_out
from tests.faults.bars import Bar, Findings, Run

Publish = Callable[[Table, Sequence[Protected]], tuple[Protected, Print]]


def _protected(table: Table, released: Sequence[Protected]) -> tuple[Protected, Print]:
    protected = protect(table, released=released)
    return protected, printed(protected)


def _small_counts_hidden(table: Table, _: Sequence[Protected]) -> tuple[Protected, Print]:
    """The defect: nothing but the small counts is hidden."""
    return protect(table), with_small_counts_hidden(table)


def _attack(run: Run, publish: Publish) -> Findings:
    """Each table is released, every fourth count restated, and released again; the attacker has both."""
    drawn = run.random("P1")
    count = run.size(50, 300)
    cells = more = withheld = in_print = broken = 0
    for _ in range(count):
        table = random_table(drawn, drawn.randint(3, 8), drawn.randint(3, 6))
        later = restated(drawn, table)
        first, printed_first = publish(table, [])
        second, printed_second = publish(later, [first])
        prints = [printed_first, printed_second]
        wanted = [(number, key) for number, one in enumerate((table, later)) for key in small(one)]
        cells += len(wanted)
        more += list(chain(first.decisions.values(), second.decisions.values())).count(Decision.SECONDARY)
        withheld += sum(one.withheld_because is not None for one in (first, second))
        in_print += sum(isinstance(prints[number].cells.get(key), int) for number, key in wanted)
        broken += bool(worked_out(prints, wanted, [(0, 1, key) for key in alike(table, later)]))
    return Findings(
        f"{count} tables in two releases each, {cells:,} small counts, {more:,} more cells hidden, {withheld} withheld",
        {"small counts in print": in_print, "tables broken": broken},
    )


async def _published(run: Run) -> Findings:
    return await asyncio.to_thread(_attack, run, _protected)


async def _published_without_more(run: Run) -> Findings:
    return await asyncio.to_thread(_attack, run, _small_counts_hidden)


P1 = Bar("P1", _published, "only the small counts hidden", _published_without_more, "tables broken")
