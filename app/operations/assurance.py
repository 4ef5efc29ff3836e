"""Assurance across a trust: the heat map, and how people's ratings compare with the figures."""

from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.domain.review_vocabulary import ReviewStatus
from app.domain.roles import Permission
from app.operations.operation import Answer, without_head
from app.queries.calibration import CalibrationReport, read_calibration
from app.queries.heat_maps import HeatMap, MapAsked, read_heat_map
from app.queries.reading import Moment, Reads


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


async def _heat_map(reads: Reads, _trust_id: UUID, asked: OfStatus, moment: Moment) -> tuple[bytes, int]:
    of = MapAsked(asked.framework_id, asked.term_from, asked.term_to, asked.status)
    return await read_heat_map(reads, of, moment)


async def _calibration(reads: Reads, _trust_id: UUID, asked: OverTerms, moment: Moment) -> CalibrationReport:
    return await read_calibration(reads, asked.framework_id, (asked.term_from, asked.term_to), moment)


ANSWERS: Final = (
    Answer(
        name="getHeatMap",
        path="heat-map",
        tag="assurance-reviews",
        summary="How each line is rated, across academies and terms",
        doc="Levels, what the figures suggested, and how complete the map is. Levels are counted, and never averaged.",
        asked=OfStatus,
        gives=HeatMap,
        read=without_head(_heat_map),
        read_at=_heat_map,
    ),
    Answer(
        name="getCalibration",
        path="calibration",
        tag="assurance-reviews",
        summary="People's ratings beside the figures of then and of today",
        doc="For whoever signs reviews off: by line and by the post that led, in counts of better, same and worse.",
        asked=OverTerms,
        gives=CalibrationReport,
        read=_calibration,
        needs=Permission.SIGN_OFF_REVIEWS,
    ),
)
