"""Assurance across a trust: the heat map, and how people's ratings compare with the figures."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.asking import found, moment_of
from app.api.computed import answer_of
from app.api.credentials import Caller
from app.api.openapi import answers
from app.api.preconditions import page_tag
from app.domain.review_vocabulary import ReviewStatus
from app.queries.calibration import CalibrationReport, read_calibration
from app.queries.heat_maps import HeatMap, MapAsked, read_heat_map
from app.queries.reading import sight

heat_map = APIRouter(prefix="/v1/heat-map", tags=["assurance-reviews"])
calibration = APIRouter(prefix="/v1/calibration", tags=["assurance-reviews"])


class OverTerms(BaseModel):
    model_config = ConfigDict(extra="forbid")

    framework_id: UUID = Field(alias="frameworkId", description="The framework version that reviews follow.")
    term_from: UUID | None = Field(
        default=None,
        alias="termFrom",
        description="The first term; left out: of the last one's academic year. Without either: the last six that have begun.",
    )
    term_to: UUID | None = Field(
        default=None, alias="termTo", description="The last term; left out: of the first one's academic year."
    )


class OfStatus(OverTerms):
    status: ReviewStatus | None = Field(
        default=None, description="Of reviews with this status; left out: of all but superseded ones."
    )


@heat_map.get(
    "", name="getHeatMap", summary="How each line is rated, across academies and terms",
    **answers(HeatMap, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def get_heat_map(request: Request, actor: Caller, asked: Annotated[OfStatus, Query()]) -> Response:
    """Levels, what the figures suggested, and how complete the map is. Levels are counted, and never averaged."""
    moment = moment_of(request)
    of = MapAsked(asked.framework_id, asked.term_from, asked.term_to, asked.status)
    async with request.app.state.database.reader(actor) as reader:
        body, head = await read_heat_map(reader, of, moment)
    return found(request, body, page_tag(head, sight(actor), moment.today))


@calibration.get(
    "", name="getCalibration", summary="People's ratings beside the figures of then and of today",
    **answers(CalibrationReport, 304, 401, 403, 404, 422, headers=("ETag",)),
)  # fmt: skip
async def get_calibration(request: Request, actor: Caller, asked: Annotated[OverTerms, Query()]) -> Response:
    """For whoever signs reviews off: by line and by the post that led, in counts of better, same and worse."""
    terms = (asked.term_from, asked.term_to)
    return await answer_of(
        request, actor, lambda reader, moment: read_calibration(reader, asked.framework_id, terms, moment)
    )
