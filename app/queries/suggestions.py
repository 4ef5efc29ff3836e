"""What the figures suggest for each line of a review: by the evidence it froze, or by today's before it opens."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import Field

from app.domain.assurance_grids import GridLine
from app.domain.line_suggestions import RULE, LineSuggestion, suggest
from app.domain.measure_vocabulary import Absence
from app.domain.permissions import to_see_all
from app.domain.review_vocabulary import Certainty, ReviewStatus, SuggestionStatus
from app.domain.reviews import ReviewEvidence
from app.queries.assurance_grids import read_grid
from app.queries.figures import FrameworkNamed
from app.queries.published import Published
from app.queries.reading import Moment, Reads, read_record
from app.queries.review_evidence import gather_evidence
from app.queries.reviews import ASSURANCE_REVIEWS, REVIEW_EVIDENCE
from app.queries.revival import Told, read_all, told


class EvidenceUsed(Published):
    """One indicator: the reading used, and what the bands say of it."""

    indicatorId: UUID
    indicatorCode: str
    metric: str
    readingId: UUID | None
    value: Decimal | None
    absence: Absence | None
    startsOn: date | None
    endsOn: date | None
    levelCodes: list[str] = Field(description="Every level whose band holds it, the best first.")
    certainty: Certainty
    sentence: str


class StatementAsked(Published):
    """What a level also says of the line, and no number shows."""

    id: UUID
    code: str
    levelCode: str
    label: str


class SuggestedLine(Published):
    """One line: the level suggested, or why none is."""

    lineId: UUID
    lineCode: str
    label: str
    sectionCode: str
    status: SuggestionStatus
    levelId: UUID | None
    levelCode: str | None
    possibleLevelCodes: list[str] = Field(description="The levels that it may be, where the figures do not say which.")
    numericOnly: bool = Field(description="Whether the level also asks for what no number shows.")
    notEvidenced: list[StatementAsked]
    evidence: list[EvidenceUsed]
    sentence: str


class ReviewSuggestions(Published):
    """Suggestions, never ratings: a person rates each line."""

    reviewId: UUID
    status: ReviewStatus
    framework: FrameworkNamed
    rule: str
    on: date = Field(description="The day by which the periods of its readings had ended.")
    frozenAt: datetime | None = Field(description="When the evidence was frozen; null: it is today's, and still moves.")
    lines: list[SuggestedLine]


async def read_suggestions(reads: Reads, review_id: UUID, moment: Moment) -> ReviewSuggestions:
    review = told((await read_record(reads, ASSURANCE_REVIEWS, review_id, moment)).body)
    reads.actor.require(to_see_all(ReviewEvidence))
    framework, grid = await read_grid(reads, UUID(review["frameworkId"]), moment)
    opened = datetime.fromisoformat(review["openedAt"]) if review["openedAt"] else None
    if opened:
        evidence: list[dict[str, Any]] = await read_all(reads, REVIEW_EVIDENCE, moment, reviewId=review_id)
    else:
        known = await gather_evidence(reads, grid, UUID(review["academyId"]), moment)
        evidence = [_as_frozen(one.columns()) for one in known]
    by_indicator = {str(one["indicatorId"]): one for one in evidence}
    return ReviewSuggestions(
        reviewId=review_id,
        status=review["status"],
        framework=framework,
        rule=RULE,
        on=Moment(opened).today if opened else moment.today,
        frozenAt=opened,
        lines=[_line(line, by_indicator) for line in grid.lines],
    )


def _as_frozen(columns: dict[str, Any]) -> dict[str, Any]:
    names = {"indicator_id": "indicatorId", "reading_id": "readingId", "starts_on": "startsOn", "ends_on": "endsOn"}
    return {names.get(name, name): value for name, value in columns.items()} | {"levelIds": columns["level_ids"]}


def _line(line: GridLine, evidence: dict[str, dict[str, Any]]) -> SuggestedLine:
    used = {bands.indicator.id: evidence.get(str(bands.indicator.id)) for bands in line.indicators}
    values = {indicator: _exact(one["value"]) if one else None for indicator, one in used.items()}
    suggestion = suggest(line, values)
    codes = {str(one.id): one.code for one in line.levels}
    return SuggestedLine(
        lineId=line.line.id,
        lineCode=line.line.code,
        label=line.line.label,
        sectionCode=line.section.code,
        status=suggestion.status,
        levelId=suggestion.level.id if suggestion.level else None,
        levelCode=suggestion.level.code if suggestion.level else None,
        possibleLevelCodes=[] if suggestion.level else [one.code for one in suggestion.levels],
        numericOnly=suggestion.is_numeric_only and suggestion.status is SuggestionStatus.SUGGESTED,
        notEvidenced=_asked(suggestion, codes),
        evidence=[
            _used(bands.indicator.code, one, codes)
            for bands in line.indicators
            if (one := used[bands.indicator.id]) is not None
        ],
        sentence=suggestion.sentence,
    )


def _asked(suggestion: LineSuggestion, codes: dict[str, str]) -> list[StatementAsked]:
    return [
        StatementAsked(id=one.id, code=one.code, levelCode=codes[str(one.level_id)], label=one.label)
        for one in suggestion.not_evidenced
    ]


def _used(code: str, one: Told, codes: dict[str, str]) -> EvidenceUsed:
    names = ("indicatorId", "metric", "readingId", "absence", "startsOn", "endsOn", "certainty", "sentence")
    return EvidenceUsed.model_validate(
        {
            **{name: one[name] for name in names},
            "value": _exact(one["value"]),
            "indicatorCode": code,
            "levelCodes": [codes[str(level)] for level in one["levelIds"]],
        }
    )


def _exact(value: Decimal | int | None) -> Decimal | None:
    return None if value is None else Decimal(value)
