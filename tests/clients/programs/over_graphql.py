"""ariadne-codegen: a typed asynchronous client generated from the SDL, and used on the service."""

import asyncio
import subprocess
import sys
import uuid
from datetime import date
from pathlib import Path

from checks import GIVEN, PLANTED, WORK, check, end, equal

HERE = Path(__file__).resolve().parent
CONFIG = """
[tool.ariadne-codegen]
schema_path = "{schema}"
queries_path = "{queries}"
target_package_path = "{target}"
target_package_name = "{package}"
include_comments = "none"
enable_custom_operations = false

[tool.ariadne-codegen.scalars.UUID]
type = "uuid.UUID"

[tool.ariadne-codegen.scalars.Date]
type = "datetime.date"
"""


def generate() -> bool:
    sdl = Path(GIVEN["sdl"]).read_text()
    schema = WORK / "for_ariadne.graphql"
    schema.write_text(sdl.replace("  label: String!", "  label: Int!") if PLANTED else sdl)
    config = WORK / "ariadne.toml"
    package = "milepost_over_graphql"
    told = CONFIG.format(schema=schema, queries=HERE / "documents.graphql", target=WORK, package=package)
    config.write_text(told)
    tool = Path(sys.executable).with_name("ariadne-codegen")
    ran = subprocess.run([tool, "--config", config], capture_output=True, text=True, check=False)
    return check("a typed client is generated", ran.returncode == 0, ran.stdout + ran.stderr)


async def use() -> None:
    from milepost_over_graphql import Client, MilestoneStatus, MilestoneTransitionInput  # noqa: PLC0415  only now generated

    headers = {"Authorization": f"Bearer {GIVEN['key']}"}
    async with Client(f"{GIVEN['url']}/graphql", headers=headers) as client:
        page = (await client.planned(first=2)).milestones
        first = page.nodes[0]
        equal(
            "it reads milestones",
            [(one.status, type(one.uuid), bool(one.label)) for one in page.nodes],
            [(MilestoneStatus.planned, uuid.UUID, True)] * 2,
        )
        check("with the title of their plan", bool(first.plan and first.plan.title), first)
        check("and days as dates", isinstance(first.due_ends_on, date), first)
        after = (await client.planned(first=2, after=page.page_info.end_cursor)).milestones
        check(
            "the next page has others",
            {one.id for one in page.nodes}.isdisjoint({one.id for one in after.nodes}),
            after,
        )
        again = (await client.by_id(first.id)).node
        equal("a record is found by its global id", (again.typename__, again.uuid), ("Milestone", first.uuid))

        async def moved(record: str) -> object:
            input_ = MilestoneTransitionInput(to=MilestoneStatus.in_progress)
            told = await client.move(id=record, version=first.version, key=str(uuid.uuid4()), input=input_)
            return told.move_milestone

        told = await moved(first.id)
        equal("it moves one", (told.typename__, told.status), ("Milestone", MilestoneStatus.in_progress))
        equal("an old version is refused", (await moved(first.id)).typename__, "StaleVersion")
        equal(
            "a record that is not there is refused", (await moved(f"Milestone:{uuid.uuid4()}")).typename__, "NotFound"
        )


if generate():
    sys.path.insert(0, str(WORK))
    try:
        asyncio.run(use())
    except Exception as error:  # noqa: BLE001  a client that breaks off has not done what it should
        check("it reads milestones", holds=False, detail=repr(error))
end()
