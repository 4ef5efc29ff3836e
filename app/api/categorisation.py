"""Categories: what measures suggest for an academy or the whole trust, what if, and what was decided."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from app.api.asking import Instant, found, moment_of
from app.api.bodies import Body, Code, Day, Number, json_of
from app.api.computed import AskedOn, answer_of
from app.api.credentials import Caller
from app.api.openapi import RecordId, answers, body_of
from app.api.preconditions import is_current, not_modified, page_tag
from app.domain.review_vocabulary import Held
from app.domain.suppositions import Supposition
from app.queries.categories import AcademyCategory, TrustCategories, read_categories_in_force, read_category
from app.queries.categorisations import read_categorisation, read_trust_categorisation
from app.queries.category_answers import AcademyCategorisation, TrustCategorisation
from app.queries.reading import head_position, sight
from app.queries.rehearsals import Rehearsal, read_rehearsal

of_academies = APIRouter(prefix="/v1/academies", tags=["categories"])
of_trust = APIRouter(prefix="/v1/categorisation", tags=["categories"])
in_force = APIRouter(prefix="/v1/categories", tags=["categories"])
of_frameworks = APIRouter(prefix="/v1/frameworks", tags=["frameworks"])

SUGGESTED: Final[Mapping[str, Any]] = {
    "framework_id": (
        UUID | None,
        Field(default=None, description="Left out: the framework in force for the academy's kind of school."),
    ),
    "on": (Day | None, Field(default=None, description="The day asked about; left out: today.")),
}
"""What may be left out of a suggestion that is put on record."""


class AskedBy(AskedOn):
    framework_id: UUID | None = Field(
        default=None,
        alias="frameworkId",
        description="By this framework version, drafts included; left out: by the one in force for the academy's kind of school.",
    )


class WhatIf(Body):
    """What is supposed. Whatever is left out is as it is known."""

    on: Day | None = Field(default=None, description="The day asked about; left out: today.")
    framework_id: UUID | None = Field(default=None, description="By this framework version, drafts included.")
    readings: Annotated[dict[Code, Annotated[Number, WithJsonSchema({"type": "number"})]], Field(max_length=200)] = (
        Field(default_factory=dict, description="Values by the code of their metric.")
    )
    grades: Annotated[dict[Code, Code], Field(max_length=50)] = Field(
        default_factory=dict, description="Codes of grades, by the code of the metric or of the inspection framework."
    )
    judgements: Annotated[dict[Code, Held], Field(max_length=500)] = Field(
        default_factory=dict, description="Judgements by the code of their benchmark."
    )


class Replayed(BaseModel):
    """Which past terms, and how much the trust knew."""

    model_config = ConfigDict(extra="forbid")

    starts_on: Day | None = Field(
        default=None, alias="from", description="Terms that end on this day or later; left out: a year before the last."
    )
    ends_on: Day | None = Field(
        default=None, alias="to", description="Terms that end on this day or earlier; left out: today."
    )
    as_known_at: Instant | None = Field(
        default=None,
        alias="asKnownAt",
        description="By what the trust knew at this instant; left out: all it knows now.",
    )


@of_academies.get(
    "/{id}/categorisation", name="categoriseAcademy", summary="The stage that measures suggest for an academy, and why",  # noqa: FAST003  RecordId is its alias
    **answers(AcademyCategorisation, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def categorise(
    record_id: RecordId, request: Request, actor: Caller, asked: Annotated[AskedBy, Query()]
) -> Response:
    """Every criterion, the readings and judgements used, what is missing, what conflicts, and the way out."""
    moment = moment_of(request, asked.as_known_at)
    async with request.app.state.database.reader(actor) as reader:
        told = await read_categorisation(reader, record_id, moment, on=asked.on, framework_id=asked.framework_id)
        tag = None if moment.as_of else page_tag(await head_position(reader), sight(actor), moment.today)
    return found(request, told.body, tag)


@of_academies.post(
    "/{id}/categorisation/what-if", name="supposeCategorisation", summary="What measures would suggest if values were others",
    **answers(AcademyCategorisation, 400, 401, 403, 404, 413, 415, 422, extra=body_of(WhatIf)),
)  # fmt: skip
async def suppose(
    record_id: RecordId, request: Request, actor: Caller, body: Annotated[WhatIf, Depends(json_of(WhatIf))]
) -> Response:
    """Nothing is written. What is supposed stands in for what is known, and the ordinary rule is asked."""
    supposed = Supposition(body.readings, body.grades, body.judgements)
    async with request.app.state.database.reader(actor) as reader:
        told = await read_categorisation(
            reader, record_id, moment_of(request), on=body.on, framework_id=body.framework_id, supposed=supposed
        )
    return found(request, told.body, None)


@of_trust.get(
    "", name="categoriseTrust", summary="The stages that measures suggest for every academy, and why",
    **answers(TrustCategorisation, 304, 401, 403, 422, headers=("ETag",)),
)  # fmt: skip
async def categorise_trust(request: Request, actor: Caller, asked: Annotated[AskedOn, Query()]) -> Response:
    """Each academy as it is told on its own. The answer is worked out while it is sent."""
    moment = moment_of(request, asked.as_known_at)
    async with request.app.state.database.reader(actor) as reader:
        tag = None if moment.as_of else page_tag(await head_position(reader), sight(actor), moment.today)
        proposals = await read_trust_categorisation(reader, moment, on=asked.on)
    if tag is not None and is_current(request, tag):
        return not_modified(tag)
    headers = {"Cache-Control": "private, no-cache"} | ({"ETag": tag} if tag else {})
    return StreamingResponse(proposals.pieces(), media_type="application/json", headers=headers)


@of_academies.get(
    "/{id}/category", name="getAcademyCategory", summary="The category decided for an academy, and how long it has had it",  # noqa: FAST003  RecordId is its alias
    **answers(AcademyCategory, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def get_category(
    record_id: RecordId, request: Request, actor: Caller, asked: Annotated[AskedOn, Query()]
) -> Response:
    """The decision in force, every decision before it, the stay against what the framework expects, and the next review."""
    return await answer_of(
        request,
        actor,
        lambda reader, moment: read_category(reader, record_id, moment, on=asked.on),
        as_known_at=asked.as_known_at,
    )


@in_force.get(
    "", name="getTrustCategories", summary="The category decided for every academy",
    **answers(TrustCategories, 304, 401, 403, 422, headers=("ETag",)),
)  # fmt: skip
async def get_categories(request: Request, actor: Caller, asked: Annotated[AskedOn, Query()]) -> Response:
    """With the academies that have been in theirs for longer than the framework expects, or were never put in one."""
    return await answer_of(
        request,
        actor,
        lambda reader, moment: read_categories_in_force(reader, moment, on=asked.on),
        as_known_at=asked.as_known_at,
    )


@of_frameworks.get(
    "/{id}/rehearsal", name="rehearseFramework", summary="Who would have had another category or colour in past terms",  # noqa: FAST003  RecordId is its alias
    **answers(Rehearsal, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def rehearse(
    record_id: RecordId, request: Request, actor: Caller, asked: Annotated[Replayed, Query()]
) -> Response:
    """A draft, or any edition, replayed over the ends of terms beside the edition that was in force then."""
    return await answer_of(
        request,
        actor,
        lambda reader, moment: read_rehearsal(
            reader, record_id, moment, starts_on=asked.starts_on, ends_on=asked.ends_on
        ),
        as_known_at=asked.as_known_at,
    )
