"""The question of REST: a whole plan page, built anew and unchanged, against the page as it is usually written."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Final

from bench import limit
from bench.ground import Ground
from bench.load import Asked
from bench.programs import django_ninja
from bench.questions import LIMIT, OURS, Driver, Gate, Question
from bench.rounds import Target
from bench.same import fetch, level
from bench.servers import Served, idiomatic, milepost, served
from bench.statements import count_of_idiomatic, of_milepost

IDIOMATIC: Final = "FastAPI, ORM entities, response models"
NINJA: Final = "django-ninja, prefetched models"
WARM: Final = f"{OURS}, unchanged (304)"
GATES: Final = (
    Gate(OURS, IDIOMATIC, rate=8, processor=0.2),
    Gate(OURS, NINJA, rate=10, processor=0.2),
    Gate(OURS, LIMIT, rate=0.5, processor=1.5),
    Gate(WARM, LIMIT, rate=1.5, processor=0.35),
)
_CONNECTIONS: Final = 8


@contextmanager
def question(ground: Ground, process: Executor) -> Iterator[Question]:
    with (
        served(milepost, ground.dsn, ground.pepper) as ours,
        served(idiomatic, ground.dsn, ground.pepper) as usual,
        django_ninja(ground) as ninja,
    ):
        yield _question(ground, Driver(process, _CONNECTIONS), {OURS: ours, IDIOMATIC: usual, NINJA: ninja})


def _question(ground: Ground, driver: Driver, servers: dict[str, Served]) -> Question:
    asked = {name: Asked(server.port, ground.path, (ground.packed.authorization,)) for name, server in servers.items()}
    answers = {name: fetch(one) for name, one in asked.items()}
    page = answers[OURS]
    if any(level(answer.body) != level(page.body) for answer in answers.values()):
        raise SystemExit("The pages differ, so that timing them would compare different things.")

    statements = of_milepost(ground, asked[OURS])
    sent = limit.script(ground.packed.trust_id, statements)
    unchanged = Asked(servers[OURS].port, ground.path, (ground.packed.authorization, f"If-None-Match: {page.tag}"))
    targets = [
        driver.target(name, server, asked[name], length=len(answers[name].body)) for name, server in servers.items()
    ]
    targets.append(driver.target(WARM, servers[OURS], unchanged, length=0, status=304))
    targets.append(Target(LIMIT, lambda seconds: limit.run(ground, sent, seconds, driver.connections)))
    about = (
        f"{driver.connections} connections. The page has {len(page.body):,} bytes. Statements for a page: {len(statements)} "
        f"here, {count_of_idiomatic(ground, asked[OURS])} in the page of FastAPI."
    )
    return Question("REST: the whole plan page", about, targets, GATES, len(statements))
