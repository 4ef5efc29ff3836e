"""What a question of the benchmark is made of, and what its answer is held to."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final

from bench.load import Asked, Load, drive
from bench.rounds import Ratio, Result, Target
from bench.servers import Served

SLACK: Final = 1.2  # neighbours disturb even a ratio
OURS: Final = "Milepost"
LIMIT: Final = "limit: pgbench, the same SQL and transaction"


@dataclass(frozen=True)
class Gate:
    """One target against another: at least so many times its requests a second, at most so much of its processor time."""

    ours: str
    base: str
    rate: float
    processor: float

    def ratio(self, results: Mapping[str, Result]) -> Ratio:
        return results[self.ours].against(results[self.base])

    def is_missed(self, ratio: Ratio) -> bool:
        """By more than the slack. Processor time is the steadier figure, but does not see a server that waits: so both."""
        return ratio.processor > self.processor * SLACK or ratio.rate < self.rate / SLACK


@dataclass(frozen=True)
class Question:
    title: str
    about: str
    targets: Sequence[Target]
    gates: Sequence[Gate]
    statements: int

    def missed(self, results: Mapping[str, Result]) -> list[str]:
        """What is not as it should be, each in a sentence."""
        said = [self._said(gate, gate.ratio(results)) for gate in self.gates if gate.is_missed(gate.ratio(results))]
        return said if self.statements == 1 else [f"{self.title}: {self.statements} statements, not 1.", *said]

    def _said(self, gate: Gate, ratio: Ratio) -> str:
        return (
            f"{self.title}: {gate.ours} against {gate.base} has {ratio.rate:.2f} times the requests and "
            f"{ratio.processor:.3f} of the CPU; asked are {gate.rate:g} and {gate.processor:g}."
        )


@dataclass(frozen=True)
class Driver:
    """Makes targets of servers: a process of its own asks them on so many connections."""

    process: Executor
    connections: int

    def target(self, name: str, server: Served, asked: Asked, *, length: int, status: int = 200) -> Target:
        return Target(name, self._visit(Load(asked, status, length, self.connections)), server.pid)

    def _visit(self, load: Load) -> Callable[[float], tuple[int, float]]:
        return lambda seconds: self.process.submit(drive, load, seconds).result()
