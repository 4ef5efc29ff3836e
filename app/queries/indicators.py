"""Indicators, their bands, and what the bands say in words, as they can be read."""

from typing import Final

from app.db.noun import Children, Noun, Scope, columns_of
from app.domain.framework_vocabulary import DefinitionStatus, Direction
from app.domain.indicators import Band, BandStatement, Indicator
from app.queries.framework_parts import framework_part
from app.queries.narrowing import BY_ID, BY_NO, FRAMEWORK, equals, reference, word
from app.queries.parents import LEVEL_CODE, code_of

_LEVEL: Final = {"levelId": reference("level_id", "Of this rating level.")}
BANDS: Final = Noun(
    name="band",
    plural="bands",
    title="Band",
    entity=Band,
    doc="Intervals of an indicator's values, with open or closed ends as printed, and the level each stands for.",
    fields=(
        *columns_of(Band),
        code_of("indicatorCode", "indicator", "indicator_id", doc="Code of its indicator."),
        LEVEL_CODE,
    ),
    filters={
        "frameworkId": FRAMEWORK["frameworkId"],
        "indicatorId": reference("indicator_id", "Bands of this indicator."),
        **_LEVEL,
    },
    sorts={"id": BY_ID, "no": BY_NO},
    scope=Scope.TRUST,
    default_sort="id",
)
BAND_STATEMENTS: Final = framework_part(
    BandStatement,
    code_of("lineCode", "assurance_line", "line_id", doc="Code of its line."),
    LEVEL_CODE,
    name="bandStatement",
    plural="band-statements",
    doc="What a level says of a line in words.",
    filters={
        "lineId": reference("line_id", "Statements of this line."),
        **_LEVEL,
        "indicatorId": reference("indicator_id", "Statements that restate this indicator's bands."),
    },
)
INDICATORS: Final = framework_part(
    Indicator,
    code_of("lineCode", "assurance_line", "line_id", doc="Code of its line."),
    Children("bands", lambda: BANDS, "indicator_id", order="{t}.no"),
    name="indicator",
    plural="indicators",
    doc="Figures that are read in bands. Each has its own range: a rate may pass 100, a value added may be negative.",
    filters={
        "lineId": reference("line_id", "Indicators of this line."),
        "metric": equals("metric"),
        "direction": word("direction", Direction),
        "definitionStatus": word("definition_status", DefinitionStatus),
    },
)
