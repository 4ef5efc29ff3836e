"""What a value of an indicator stands for, as it is published (C3)."""

from decimal import Decimal
from uuid import UUID

from pydantic import Field

from app.domain.band_levels import BandLevel, BandSet, Certainty
from app.domain.framework_vocabulary import TiePolicy
from app.domain.indicators import Band, BandStatement, Indicator
from app.domain.ratings import RatingLevel
from app.queries.comparison import Number
from app.queries.figures import FrameworkNamed
from app.queries.frameworks import FRAMEWORKS
from app.queries.indicators import BAND_STATEMENTS, BANDS, INDICATORS
from app.queries.published import Published
from app.queries.ratings import RATING_LABELS, RATING_LEVELS
from app.queries.reading import Moment, Reads, read_record, read_tree
from app.queries.revival import read_all, revived, told

SPOKEN_IN: tuple[str, ...] = ("bands", "key")
"""The contexts whose labels a sentence calls levels by, the first that a level has one in."""


class LevelTold(Published):
    """A level of the scale, with what it is called in each context."""

    id: UUID
    code: str
    no: int = Field(description="Its place in the order: 1 is the best.")
    labels: dict[str, str] = Field(description="By context.")


class BandMatched(Published):
    """A band that holds the value."""

    id: UUID
    no: int
    level: str = Field(description="Code of the level it stands for.")
    range: str = Field(description='"27 to under 28".')
    printed: str | None


class StatementOpen(Published):
    """What the level asks for in words, tied to no number: a person has to see that it is so."""

    id: UUID
    code: str
    label: str
    level: str = Field(description="Code of its level.")


class IndicatorEvaluation(Published):
    """What a value stands for."""

    id: UUID
    code: str
    label: str
    metric: str
    unit: str | None
    lineCode: str
    framework: FrameworkNamed
    value: Number
    rule: str
    tiePolicy: TiePolicy
    certainty: Certainty
    level: LevelTold | None = Field(description="The one that counts; null where it is ambiguous or there is none.")
    levels: list[LevelTold] = Field(description="Every level whose band holds the value, the best first.")
    matched: list[BandMatched]
    numericOnly: bool = Field(description="Whether the level asks besides for what no number shows.")
    statements: list[StatementOpen]
    sentence: str


async def evaluate_indicator(reads: Reads, indicator_id: UUID, value: Decimal, moment: Moment) -> IndicatorEvaluation:
    page = told((await read_tree(reads, INDICATORS, indicator_id, moment)).body)
    framework = told((await read_record(reads, FRAMEWORKS, UUID(page["frameworkId"]), moment)).body)
    labels = await _labels(reads, framework["id"], moment)
    statements = await read_all(reads, BAND_STATEMENTS, moment, lineId=UUID(page["lineId"]))
    trust_id = reads.actor.trust_id
    levels = [
        revived(RatingLevel, RATING_LEVELS, one, trust_id)
        for one in await read_all(reads, RATING_LEVELS, moment, frameworkId=UUID(framework["id"]))
    ]
    bands = BandSet(
        indicator=revived(Indicator, INDICATORS, page, trust_id),
        bands=tuple(revived(Band, BANDS, one, trust_id) for one in page["bands"]),
        levels={one.id: one for one in levels},
        statements=tuple(revived(BandStatement, BAND_STATEMENTS, one, trust_id) for one in statements),
        names=names_of(labels),
    )
    named = FrameworkNamed(id=framework["id"], code=framework["code"], edition=framework["edition"])
    return _published(bands, bands.level_of(value), named, page["lineCode"], labels)


def names_of(labels: dict[UUID, dict[str, str]]) -> dict[UUID, str]:
    """What a sentence calls each level."""
    return {
        level: next((of[context] for context in SPOKEN_IN if context in of), next(iter(of.values())))
        for level, of in labels.items()
    }


async def _labels(reads: Reads, framework_id: str, moment: Moment) -> dict[UUID, dict[str, str]]:
    labels: dict[UUID, dict[str, str]] = {}
    for one in await read_all(reads, RATING_LABELS, moment, frameworkId=UUID(framework_id)):
        labels.setdefault(UUID(one["levelId"]), {})[one["context"]] = one["label"]
    return labels


def _published(
    bands: BandSet, found: BandLevel, framework: FrameworkNamed, line: str, labels: dict[UUID, dict[str, str]]
) -> IndicatorEvaluation:
    indicator, codes = bands.indicator, {one.id: one.code for one in bands.levels.values()}
    levels = {
        one.id: LevelTold(id=one.id, code=one.code, no=one.no, labels=labels.get(one.id, {})) for one in found.levels
    }
    return IndicatorEvaluation(
        id=indicator.id,
        code=indicator.code,
        label=indicator.label,
        metric=indicator.metric,
        unit=indicator.unit,
        lineCode=line,
        framework=framework,
        value=found.value,
        rule=found.rule,
        tiePolicy=indicator.tie_policy,
        certainty=found.certainty,
        level=levels[found.level.id] if found.level else None,
        levels=list(levels.values()),
        matched=[
            BandMatched(id=one.id, no=one.no, level=codes[one.level_id], range=str(one.range), printed=one.printed)
            for one in found.matched
        ],
        numericOnly=found.is_numeric_only,
        statements=[
            StatementOpen(id=one.id, code=one.code, label=one.label, level=codes[one.level_id])
            for one in found.not_numeric
        ],
        sentence=found.sentence,
    )
