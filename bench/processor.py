"""The processor time of a process and everything below it, from /proc: steadier than throughput on a shared machine."""

import os
from collections import defaultdict
from pathlib import Path
from typing import Final

_TICKS: Final = os.sysconf("SC_CLK_TCK")


def seconds_of(root: int) -> float:
    """Seconds of processor time; of children that have ended too, once their parent has taken note."""
    spent, children = _processes()
    total, waiting = 0, [root]
    while waiting:
        process = waiting.pop()
        total += spent.get(process, 0)
        waiting += children[process]
    return total / _TICKS


def _processes() -> tuple[dict[int, int], dict[int, list[int]]]:
    spent: dict[int, int] = {}
    children: dict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended since
        spent[int(folder.name)] = sum(map(int, fields[11:15]))
        children[int(fields[1])].append(int(folder.name))
    return spent, children
