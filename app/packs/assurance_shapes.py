"""The shapes of what is assured: rating scales, sections and lines, indicators with their bands and statements."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from app.domain.assurance import AssuranceLine, AssuranceSection
from app.domain.framework_vocabulary import (
    DefinitionStatus,
    Direction,
    TiePolicy,
)
from app.domain.indicators import Band, BandStatement, Indicator
from app.domain.ratings import RatingLabel, RatingLevel, RatingScale
from app.packs.shapes import Code, Label, No, Printed, RecordShape, Sourced


class RatingLabelShape(RecordShape):
    KIND = RatingLabel
    KEY = ("context",)

    context: Printed
    label: Label


class RatingLevelShape(Sourced):
    """The first level of the list is the best. Its code is what ratings are stored by."""

    KIND = RatingLevel

    code: Code
    no: No | None = None
    colour: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] | None = None
    labels: Annotated[list[RatingLabelShape], Field(min_length=1)]


class RatingScaleShape(Sourced):
    KIND = RatingScale

    code: Code
    no: No | None = None
    label: Label
    levels: Annotated[list[RatingLevelShape], Field(min_length=2)]


class BandShape(RecordShape):
    """`lo` and `hi` left out are without end; `loIncluded` and `hiIncluded` say whether an end is within."""

    KIND = Band
    KEY = ("no",)

    no: No
    level: Code
    lo: Decimal | None = None
    lo_included: bool = False
    hi: Decimal | None = None
    hi_included: bool = False
    printed: Printed | None = None


class IndicatorShape(Sourced):
    KIND = Indicator

    code: Code
    no: No | None = None
    label: Label
    metric: Code
    unit: Printed | None = None
    direction: Direction
    range_min: Decimal | None = None
    range_max: Decimal | None = None
    tie_policy: TiePolicy = TiePolicy.REPORT
    definition_status: DefinitionStatus = DefinitionStatus.DEFINED
    bands: list[BandShape] = []


class BandStatementShape(Sourced):
    KIND = BandStatement

    code: Code
    no: No | None = None
    level: Code
    label: Label
    indicator: Code | None = None


class LineShape(Sourced):
    KIND = AssuranceLine

    code: Code
    no: No | None = None
    label: Label
    aliases: list[Printed] = []
    indicators: list[IndicatorShape] = []
    statements: list[BandStatementShape] = []


class SectionShape(Sourced):
    KIND = AssuranceSection

    code: Code
    no: No | None = None
    label: Label
    scale: Code
    lines: list[LineShape] = []
