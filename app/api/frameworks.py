"""What is done to frameworks, and asked of them besides their page: publish, next edition, compare, intervals, expectations."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.asking import Nothing, found, moment_of
from app.api.bodies import Body, Day, json_of
from app.api.computed import answer_of, as_bytes
from app.api.credentials import Caller
from app.api.openapi import RecordId, answers, body_of
from app.api.preconditions import expected_version, page_tag
from app.api.writing import Writing
from app.commands.frameworks import end_framework, next_edition, publish
from app.queries.comparison import Comparison, compare
from app.queries.coverage import FrameworkCoverage, read_framework_coverage
from app.queries.expectations import Expectations, read_expectations
from app.queries.frameworks import FRAMEWORKS
from app.queries.interval_reports import IntervalReports, report_intervals
from app.queries.published import record_model
from app.queries.reading import head_position, sight

router = APIRouter(prefix="/v1/frameworks", tags=["frameworks"])
of_stages = APIRouter(prefix="/v1/maturity-stages", tags=["maturity-stages"])


class Publication(Body):
    """From when to when it is in force."""

    valid_from: Day | None = Field(
        default=None,
        description="First day in force; left out: without a beginning. The edition in force then gives way.",
    )
    valid_to: Day | None = Field(default=None, description="Last day in force; left out: until another takes over.")


class Ending(Body):
    """When it ends, with no edition to follow."""

    on: Day = Field(description="Last day in force.")


class NextEdition(Body):
    """Nothing need be said: the draft has everything the edition has."""


class ComparedWith(BaseModel):
    model_config = ConfigDict(extra="forbid")

    earlier: UUID = Field(
        alias="with", description="The framework version to compare with, usually the earlier edition."
    )


class Whom(BaseModel):
    model_config = ConfigDict(extra="forbid")

    academy_id: UUID = Field(alias="academyId", description="The academy.")
    since: Day | None = Field(
        default=None,
        description="The day it entered the stage, or reviews were last held: tells when the next are due.",
    )


@router.post(
    "/{id}/publication", name="publishFramework", summary="Put a draft in force",
    **answers(record_model(FRAMEWORKS), 400, 401, 403, 404, 409, 412, 413, 415, 422, 428, headers=("ETag",),
              extra=body_of(Publication, match=True, key=True)),
)  # fmt: skip
async def publish_framework(
    record_id: RecordId, request: Request, actor: Caller, body: Annotated[Publication, Depends(json_of(Publication))]
) -> Response:
    """From then on nothing in it changes. Two editions are never in force on one day: the former ends the day before."""
    version = expected_version(request)
    return await Writing(request, actor, FRAMEWORKS).run(
        lambda work: publish(work, record_id, valid_from=body.valid_from, valid_to=body.valid_to, version=version)
    )


@router.post(
    "/{id}/ending", name="endFramework", summary="Name the last day a framework is in force",
    **answers(record_model(FRAMEWORKS), 400, 401, 403, 404, 409, 412, 413, 415, 422, 428, headers=("ETag",),
              extra=body_of(Ending, match=True, key=True)),
)  # fmt: skip
async def end(
    record_id: RecordId, request: Request, actor: Caller, body: Annotated[Ending, Depends(json_of(Ending))]
) -> Response:
    """For a framework that no other edition follows. One that another follows ends by itself."""
    version = expected_version(request)
    return await Writing(request, actor, FRAMEWORKS).run(
        lambda work: end_framework(work, record_id, on=body.on, version=version)
    )


@router.post(
    "/{id}/editions", name="createFrameworkEdition", summary="Make a draft of the next edition", status_code=201,
    **answers(record_model(FRAMEWORKS), 400, 401, 403, 404, 409, 413, 415, 422, status=201, headers=("ETag", "Location"),
              extra=body_of(NextEdition, key=True)),
)  # fmt: skip
async def create_edition(
    record_id: RecordId, request: Request, actor: Caller, _body: Annotated[NextEdition, Depends(json_of(NextEdition))]
) -> Response:
    """It has everything the given edition has, under the same codes, and is free to be changed."""
    return await Writing(request, actor, FRAMEWORKS, status=201).run(lambda work: next_edition(work, record_id))


@router.get(
    "/{id}/comparison", name="compareFrameworks", summary="What differs between two versions of a framework",  # noqa: FAST003  RecordId is its alias
    **answers(Comparison, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def get_comparison(
    record_id: RecordId, request: Request, actor: Caller, asked: Annotated[ComparedWith, Query()]
) -> Response:
    """What was added, removed and changed since the version named by `with`, record by record, told by code."""
    moment = moment_of(request)
    async with request.app.state.database.reader(actor) as reader:
        answer = await compare(reader, asked.earlier, record_id, moment)
        tag = page_tag(await head_position(reader), sight(actor), moment.today)
    return found(request, as_bytes(answer), tag)


@router.get(
    "/{id}/intervals", name="reportIntervals", summary="Gaps and overlaps of a framework's bands and measures",  # noqa: FAST003  RecordId is its alias
    **answers(IntervalReports, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def get_intervals(
    record_id: RecordId, request: Request, actor: Caller, _asked: Annotated[Nothing, Query()]
) -> Response:
    """Told for a draft as well as for what is in force. What a source prints is kept, gaps and overlaps included."""
    moment = moment_of(request)
    async with request.app.state.database.reader(actor) as reader:
        answer = await report_intervals(reader, record_id, moment)
        tag = page_tag(await head_position(reader), sight(actor), moment.today)
    return found(request, as_bytes(answer), tag)


@router.get(
    "/{id}/coverage", name="getFrameworkCoverage", summary="Lines without bands, and indicators without a metric",  # noqa: FAST003  RecordId is its alias
    **answers(FrameworkCoverage, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def get_coverage(
    record_id: RecordId, request: Request, actor: Caller, _asked: Annotated[Nothing, Query()]
) -> Response:
    """What people have to rate without a suggestion, and figures that nobody has defined or recorded."""
    return await answer_of(request, actor, lambda reader, moment: read_framework_coverage(reader, record_id, moment))


@of_stages.get(
    "/{id}/expectations", name="getExpectations", summary="What a stage expects of an academy today",  # noqa: FAST003  RecordId is its alias
    **answers(Expectations, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def get_expectations(
    record_id: RecordId, request: Request, actor: Caller, asked: Annotated[Whom, Query()]
) -> Response:
    """Benchmarks, plan items, support and reviews, each with whether it is meant for an academy of this kind."""
    moment = moment_of(request)
    async with request.app.state.database.reader(actor) as reader:
        answer = await read_expectations(reader, record_id, asked.academy_id, asked.since, moment)
        tag = page_tag(await head_position(reader), sight(actor), moment.today)
    return found(request, as_bytes(answer), tag)
