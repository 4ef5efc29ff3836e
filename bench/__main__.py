"""`./dev bench`: a whole plan page over REST and many records over GraphQL, against how others answer the same; row security."""

import argparse
import sys
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from typing import Final

from bench import graph, page, report, rls
from bench.ground import Ground, prepared
from bench.questions import Question
from bench.rounds import run
from bench.servers import SPAWN

Asking = Callable[[Ground, Executor], AbstractContextManager[Question]]
QUESTIONS: Final[dict[str, tuple[Asking, ...]]] = {
    "rest": (page.question,),
    "graphql": (partial(graph.question, graph.LARGE), partial(graph.question, graph.SMALL)),
    "rls": tuple(partial(rls.question, one) for one in rls.PAGES),
}


def main() -> int:
    asked = _arguments()
    told, missed = [], []
    with prepared() as ground, ProcessPoolExecutor(1, mp_context=SPAWN) as process:
        told.append(report.conditions(ground.version, asked.rounds, asked.seconds))
        print(told[0], flush=True)
        for question in (one for name, those in QUESTIONS.items() if asked.only in (None, name) for one in those):
            with question(ground, process) as put:
                results = run(put.targets, rounds=asked.rounds, seconds=asked.seconds, postmaster=ground.postmaster)
            told.append(report.figures(put, results))
            missed += put.missed(results)
            print(f"\n{told[-1]}", flush=True)
    if asked.save:
        report.save("\n\n".join(told))
    print("\n" + ("\n".join(missed) or "Every gate is held, with 20 % slack."))
    return 1 if missed and asked.check else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds, each of which visits every target once")
    parser.add_argument("--seconds", type=float, default=3, help="seconds of a visit")
    parser.add_argument("--only", choices=QUESTIONS, help="these questions alone")
    parser.add_argument("--check", action="store_true", help="exit 1 where a gate is missed by more than 20 %%")
    parser.add_argument(
        "--save", action="store_true", help="write the figures to docs/benchmarks.md; with all questions"
    )
    asked = parser.parse_args()
    if asked.save and asked.only:
        parser.error("--save writes all figures, so leave out --only")
    return asked


if __name__ == "__main__":
    sys.exit(main())
