"""Rounds: every target is visited once in each, in an order that rotates, so that all share what else the machine does."""

import time
from collections.abc import Callable, Sequence
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
class Ratio:
    """Medians over the rounds of ratios taken within each round."""

    rate: float
    lowest_rate: float
    highest_rate: float
    processor: float


@dataclass(frozen=True)
class Result:
    """The visits of one target, a round each."""

    name: str
    visits: Sequence[Visit]

    @property
    def rate(self) -> float:
        return median(visit.rate for visit in self.visits)

    @property
    def server_ms(self) -> float:
        return median(visit.server_ms for visit in self.visits)

    @property
    def postgres_ms(self) -> float:
        return median(visit.postgres_ms for visit in self.visits)

    def against(self, base: "Result") -> Ratio:
        pairs = list(zip(self.visits, base.visits, strict=True))
        rates = [one.rate / other.rate for one, other in pairs]
        processor = median(one.processor_ms / other.processor_ms for one, other in pairs)
        return Ratio(median(rates), min(rates), max(rates), processor)


def run(targets: Sequence[Target], *, rounds: int, seconds: float, postmaster: int) -> dict[str, Result]:
    for target in targets:
        target.visit(WARM_UP_SECONDS)
    visits: dict[str, list[Visit]] = {target.name: [] for target in targets}
    for number in range(rounds):
        first = number % len(targets)
        for target in (*targets[first:], *targets[:first]):
            visits[target.name].append(_visit(target, seconds, postmaster))
    return {name: Result(name, made) for name, made in visits.items()}


def _visit(target: Target, seconds: float, postmaster: int) -> Visit:
    server, postgres = _spent(target.server), seconds_of(postmaster)
    requests, lasted = target.visit(seconds)
    time.sleep(_REAPED)
    server, postgres = _spent(target.server) - server, seconds_of(postmaster) - postgres
    return Visit(requests / lasted, server / requests * 1000, postgres / requests * 1000)


def _spent(server: int | None) -> float:
    return 0.0 if server is None else seconds_of(server)
