"""openapi-python-client: a client generated from the published document, and used on the service."""

import asyncio
import subprocess
import sys
import uuid
from pathlib import Path

import httpx
from checks import GIVEN, PLANTED, WORK, check, end, equal

PACKAGE = WORK / "milepost_over_rest"


def generate() -> None:
    config = WORK / "generated.yaml"
    config.write_text("post_hooks: []\n")
    tool = Path(sys.executable).with_name("openapi-python-client")
    command = [tool, "generate", "--path", GIVEN["openapi"], "--output-path", PACKAGE, "--config", config]
    told = subprocess.run(
        [*command, "--meta", "none", "--overwrite", "--fail-on-warning"], capture_output=True, text=True, check=False
    )
    check("a client of every operation is generated without a warning", told.returncode == 0, told.stdout + told.stderr)


async def use() -> None:
    from milepost_over_rest import AuthenticatedClient  # noqa: PLC0415  it has only now been generated
    from milepost_over_rest.api.milestones import get_milestone, list_milestones, move_milestone  # noqa: PLC0415  it is there once it was generated
    from milepost_over_rest.models import MilestoneStatus, MilestoneTransition, Problem  # noqa: PLC0415  it is there once it was generated

    client = AuthenticatedClient(GIVEN["url"], GIVEN["key"])
    if PLANTED:
        client.set_async_httpx_client(httpx.AsyncClient(transport=Forgetful(), base_url=GIVEN["url"]))
    async with client:
        listed = await list_milestones.asyncio(client=client, status=MilestoneStatus.PLANNED, limit=1)
        (first,) = listed.items
        read = await get_milestone.asyncio(first.id, client=client)
        equal("it reads a milestone", (read.id, read.status), (first.id, MilestoneStatus.PLANNED))
        move = MilestoneTransition(to=MilestoneStatus.IN_PROGRESS)
        condition = f'"v{read.version}"'

        async def moved() -> object:
            return await move_milestone.asyncio(
                first.id, client=client, body=move, if_match=condition, idempotency_key=str(uuid.uuid4())
            )

        told = (await moved()).to_dict()
        equal("it moves it", (told.get("status"), told.get("version")), ("in_progress", read.version + 1))
        refused = await moved()
        equal("the same version again is refused", (type(refused), refused.status), (Problem, 412))
        missing = await get_milestone.asyncio(uuid.uuid4(), client=client)
        equal("a milestone that is not there is refused", (type(missing), missing.status), (Problem, 404))


class Forgetful(httpx.AsyncHTTPTransport):
    """The planted defect: no answer has a label."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.headers["authorization"] = f"Bearer {GIVEN['key']}"
        answer = await super().handle_async_request(request)
        return httpx.Response(answer.status_code, content=(await answer.aread()).replace(b'"label"', b'"title"'))


if not (PLANTED and PACKAGE.exists()):
    generate()
sys.path.insert(0, str(WORK))
try:
    asyncio.run(use())
except Exception as error:  # noqa: BLE001  a client that breaks off has not done what it should
    check("it reads a milestone", holds=False, detail=repr(error))
end()
