"""What somebody sends stands in no log and in no refusal: canaries in bodies, addresses and headers, and then a look for them."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.db.embedded import EmbeddedPostgres
from app.logs import CarefulRecord, clean_logs, without_values
from tests.commands.ledger import superuser
from tests.conftest import _installed

CANARY = "canary-quilla"
KEY = "mp_test_canaryquilla_canaryquilla_canaryquilla"
LIBRARIES = (
    "sqlalchemy",
    "sqlalchemy.engine.Engine",
    "sqlalchemy.pool",
    "asyncpg",
    "uvicorn",
    "uvicorn.error",
    "strawberry",
    "asyncio",
)


@dataclass
class Heard(logging.Handler):
    """Every line that any logger writes, as it is written."""

    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))

    __hash__ = logging.Handler.__hash__

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def heard() -> Iterator[Heard]:
    """Everything at DEBUG, cleaned as the service cleans it."""
    handler, root, factory = Heard(), logging.getLogger(), logging.getLogRecordFactory()
    loggers = [root, *map(logging.getLogger, (*LIBRARIES, "milepost"))]
    before = [(one, one.level, one.propagate) for one in loggers]
    root.addHandler(handler)
    for one in loggers:
        one.setLevel(logging.DEBUG)
        one.propagate = True
    clean_logs()
    yield handler
    logging.setLogRecordFactory(factory)
    root.removeHandler(handler)
    for one, level, propagates in before:
        one.setLevel(level)
        one.propagate = propagates


async def told(client: httpx.AsyncClient, made: dict[str, Any]) -> list[httpx.Response]:
    """Requests that work and that fail, in every way there is to fail, each with a canary in it."""
    seen = {**made, "strengths": CANARY}
    graphql: list[Any] = [
        {"query": f'{{ academies(filter: {{code: "{CANARY}"}}) {{ nodes {{ code }} }} }}'},
        {"query": f'{{ academies(first: "{CANARY}") {{ nodes {{ code }} }} }}'},
        {"query": f'{{ academy(id: "{CANARY}") {{ code }} }}'},
        {"query": f'{{ "{CANARY}" }}'},
        {"query": "query($n: Int) { academies(first: $n) { nodes { code } } }", "variables": {"n": CANARY}},
        {
            "query": f'mutation {{ createBody(input: {{code: "{CANARY}", label: "{CANARY}", kind: "{CANARY}"}}) {{ __typename }} }}'
        },
        {
            "query": f'mutation {{ createBody(input: {{code: "x", label: "{CANARY}", kind: committee}}) {{ __typename }} }}'
        },
    ]
    unknown = {"Authorization": f"Bearer {KEY}"}
    return [
        await client.post("/v1/observations", json=seen, headers={"Idempotency-Key": CANARY, "X-Name": CANARY}),
        await client.post("/v1/observations", json={**seen, "judged": CANARY}),
        await client.post("/v1/observations", json={**made, "kind": CANARY, "focus": [CANARY, 1]}),
        await client.post("/v1/observations", json={**made, "academyId": str(uuid4()), "nextSteps": CANARY}),
        await client.post("/v1/observations", content=f'{{"strengths": "{CANARY}'),
        await client.post("/v1/bodies", json={"code": "twice", "label": CANARY, "kind": "committee"}),
        await client.post("/v1/bodies", json={"code": "twice", "label": CANARY, "kind": "committee"}),
        await client.get("/v1/observations", params={"subject": CANARY}),
        await client.get("/v1/observations", params={"kind": CANARY, "limit": CANARY}),
        await client.get("/v1/observations", params={"cursor": CANARY}),
        await client.get("/v1/observations", headers={"If-None-Match": CANARY, "Prefer": CANARY}),
        await client.get("/v1/academies", headers=unknown),
        *[await client.post("/graphql", json=body) for body in graphql],
        await client.post("/graphql", json={"query": "{ trust { code } }"}, headers=unknown),
    ]  # fmt: skip


async def test_what_is_sent_stands_in_no_log_and_in_no_refusal(
    server: EmbeddedPostgres, packed_template: str, heard: Heard
) -> None:
    async for installation in _installed(server, packed_template):
        async with installation.client(await installation.key("kestrel")) as client:
            academy = (await client.get("/v1/academies?limit=1")).json()["items"][0]["id"]
            made = {"academyId": academy, "kind": "lesson", "on": "2026-10-06"}
            answers = await told(client, made)
            async with superuser(installation) as connection:
                await connection.execute(
                    "alter table observation add constraint nope check (strengths is null) not valid"
                )
            faults = [
                await client.post("/v1/observations", json={**made, "strengths": CANARY}),
                await client.post("/graphql", json={"query": f"""mutation {{ createObservation(input: {{
                  academyId: "{academy}", kind: lesson, on: "2026-10-07", strengths: "{CANARY}" }}) {{ __typename }} }}"""}),
            ]  # fmt: skip

    lines = "\n".join(heard.lines)
    refusals = [answer.text for answer in (*answers, *faults) if answer.status_code >= 400 or '"errors"' in answer.text]
    assert [answer.status_code for answer in faults] == [500, 200]
    assert '"code":"internal"' in faults[1].text
    assert "milepost ERROR fault" in lines and "ck_observation" not in lines and "nope" in lines
    assert len(refusals) >= 14
    assert [text for text in refusals if CANARY in text or KEY in text] == []
    assert [line for line in heard.lines if CANARY in line or "canaryquilla" in line] == []
    assert any(line.startswith("sqlalchemy.engine") for line in heard.lines), "the libraries were listened to"


def test_an_error_is_told_by_its_kind_and_its_lines_alone() -> None:
    try:
        try:
            raise ValueError(CANARY)  # noqa: TRY301  an error with a cause
        except ValueError as error:
            raise RuntimeError(f"about {CANARY}") from error
    except RuntimeError as error:
        text = without_values(error)

    assert [line for line in text.splitlines() if not line.startswith("  ")] == [
        "builtins.RuntimeError",
        "builtins.ValueError",
    ]
    assert "test_canaries.py:" in text and CANARY not in text


@pytest.mark.parametrize(
    ("name", "message", "arguments", "said"),
    [
        ("milepost", "fault %s", ("0af7",), "fault 0af7"),
        ("milepost", "of %s", (KEY,), "of mp_..."),
        ("milepost", "Authorization: Bearer abc.def", (), "Authorization: Bearer ..."),
        ("milepost.edge", "GET /v1/people?knownAs=canary", (), "GET /v1/people?..."),
        ("milepost", "postgresql://app:secret@db/milepost", (), "postgresql://app:...@db/milepost"),
        ("milepost", "pupil A123456789012", (), "pupil (UPN)"),
        ("sqlalchemy.engine.Engine", "Row %r", ((CANARY,),), "Row %r"),
        ("asyncio", f"Task exception was never retrieved\nexception={CANARY}", (), "Task exception was never retrieved"),
        ("strawberry.execution", ValueError(CANARY), (), "ValueError"),
    ],
)  # fmt: skip
def test_a_message_is_told_as_far_as_it_is_our_own(name: str, message: Any, arguments: Any, said: str) -> None:
    record = CarefulRecord(name, logging.ERROR, "x.py", 1, message, arguments, None, extra={"name": CANARY})

    assert record.getMessage() == said
    assert CANARY not in str(vars(record))
