"""Rounds: every target is visited once in each, in an order that rotates, so that all share what else the machine does."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from bench.processor import seconds_of

_REAPED: Final = 0.1  # Backends that have just ended count once the postmaster has taken note.
WARM_UP_SECONDS: Final = 2.0


@dataclass(frozen=True)
class Target:
    """What is visited: `visit` takes seconds and says how many requests it made, in how many seconds."""

    name: str
    visit: Callable[[float], tuple[int, float]]
    server: int | None = None


@dataclass(frozen=True)
class Visit:
    rate: float
    server_ms: float
    postgres_ms: float

    @property
    def processor_ms(self) -> float:
        return self.server_ms + self.postgres_ms


@dataclass(frozen=True)
class Result:
    """Medians over the rounds. The ratios to the base are taken within each round first."""

    name: str
    rate: float
    server_ms: float
    postgres_ms: float
    rate_ratio: float
    lowest_ratio: float
    highest_ratio: float
    processor_ratio: float


def run(targets: Sequence[Target], *, base: str, rounds: int, seconds: float, postmaster: int) -> list[Result]:
    for target in targets:
        target.visit(WARM_UP_SECONDS)
    visits: dict[str, list[Visit]] = {target.name: [] for target in targets}
    for number in range(rounds):
        first = number % len(targets)
        for target in (*targets[first:], *targets[:first]):
            visits[target.name].append(_visit(target, seconds, postmaster))
    return [_result(target.name, visits, base) for target in targets]


def _visit(target: Target, seconds: float, postmaster: int) -> Visit:
    server, postgres = _spent(target.server), seconds_of(postmaster)
    requests, lasted = target.visit(seconds)
    time.sleep(_REAPED)
    server, postgres = _spent(target.server) - server, seconds_of(postmaster) - postgres
    return Visit(requests / lasted, server / requests * 1000, postgres / requests * 1000)


def _spent(server: int | None) -> float:
    return 0.0 if server is None else seconds_of(server)


def _result(name: str, visits: Mapping[str, list[Visit]], base: str) -> Result:
    mine, pairs = visits[name], list(zip(visits[name], visits[base], strict=True))
    ratios = [one.rate / other.rate for one, other in pairs]
    return Result(
        name=name,
        rate=median(visit.rate for visit in mine),
        server_ms=median(visit.server_ms for visit in mine),
        postgres_ms=median(visit.postgres_ms for visit in mine),
        rate_ratio=median(ratios),
        lowest_ratio=min(ratios),
        highest_ratio=max(ratios),
        processor_ratio=median(one.processor_ms / other.processor_ms for one, other in pairs),
    )
