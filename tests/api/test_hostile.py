"""Schemathesis against every operation: what the document does not promise is not answered, and nothing breaks."""

import asyncio
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.operations.resources import resources
from tests.conftest import Installation, _installed

CHECKS: Final = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
FUZZED, COVERED = 2, 6
_GROUPS: Final = [resource.noun.plural for resource in resources()]
_QUIET: Final = settings(
    max_examples=FUZZED,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def cases(operation: Any) -> Iterator[Any]:
    """Values at the edges of every parameter and member, good and bad: some of them, spread evenly over all there are."""
    modes = list(schemathesis.GenerationMode)
    config = operation.schema.config.generation_for(operation=operation)
    edges = list(operation.schema.iter_coverage_cases(operation, generation_modes=modes, generation_config=config))
    step = max(1, len(edges) // COVERED)
    yield from edges[::step][:COVERED]


def fuzz(operation: Any, attempt: Callable[[Any], None]) -> None:
    """Examples as they stand, and made-up requests that keep to the document and that do not."""
    strategies = [*operation.get_strategies_from_examples()[:1]]
    modes = list(schemathesis.GenerationMode) if operation.method == "post" else [schemathesis.GenerationMode.NEGATIVE]
    strategies += [operation.as_strategy(generation_mode=mode) for mode in modes]
    for strategy in strategies:
        with suppress(Unsatisfiable):  # nothing that could be got wrong: an operation without any parameter
            _QUIET(seed(1)(given(case=strategy)(attempt)))()


@pytest.mark.parametrize("group", [*_GROUPS, "the rest"])
async def test_whatever_is_sent_the_answer_is_one_that_is_documented(
    hostile: Installation, operations: dict[str, list[Any]], group: str
) -> None:
    key = hostile.keys["kestrel"]
    loop = asyncio.get_running_loop()
    found: dict[str, str] = {}
    told: Counter[int] = Counter()
    async with hostile.client(key) as client:

        def attempt(case: Any) -> None:
            request = case.as_transport_kwargs(
                base_url="http://milepost.test", headers={"Authorization": f"Bearer {key}"}
            )
            response = asyncio.run_coroutine_threadsafe(send(client, request), loop).result(timeout=60)
            if response is None:
                return
            told[response.status_code] += 1
            try:
                case.validate_response(response, checks=CHECKS)
            except FailureGroup as failure:
                place = f"{case.method} {case.operation.path} {response.status_code} {failure.exceptions[0]!r:.80}"
                found.setdefault(place, f"{failure.exceptions[0]}"[:1500])

        def run() -> None:
            for operation in operations[group]:
                for case in cases(operation):
                    attempt(case)
                fuzz(operation, attempt)

        with warnings.catch_warnings():
            # Hypothesis and schemathesis warn of their own strategies; what the service does is asserted below.
            warnings.simplefilter("ignore")
            await asyncio.to_thread(run)

    assert sum(told.values()) > 10
    assert found == {}, "\n\n".join(f"{place}\n{text}" for place, text in found.items())


async def send(client: httpx.AsyncClient, request: dict[str, Any]) -> httpx.Response | None:
    """The request as it is; None where it is none that a client could put on the wire."""
    content = request.pop("data", None)
    request.pop("files", None)
    request.pop("cookies", None)
    try:
        headers = {name: str(value).encode("latin-1") for name, value in dict(request.pop("headers")).items()}
        made = client.build_request(
            request.pop("method"), request.pop("url"), headers=headers, content=content, **request
        )
    except (UnicodeEncodeError, httpx.InvalidURL, TypeError):
        return None
    return await client.send(made)


@pytest.fixture(scope="module")
async def hostile(server: Any, packed_template: str) -> Any:
    async for installation in _installed(server, packed_template):
        installation.keys["kestrel"] = await installation.key("kestrel")
        yield installation


@pytest.fixture(scope="module")
def operations(hostile: Installation) -> dict[str, list[Any]]:
    """Every operation of the document, by its group: the noun it is of."""
    schema: Any = schemathesis.openapi.from_dict(hostile.app.openapi())
    found: dict[str, list[Any]] = defaultdict(list)
    for result in schema.get_all_operations():
        operation = result.ok()
        plural = operation.path.split("/")[2] if operation.path.startswith("/v1/") else ""
        found[plural if plural in _GROUPS else "the rest"].append(operation)
    return found
