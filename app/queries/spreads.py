"""The spread of a metric within the trust: what academies have in one period, and who is left out and why."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal
from uuid import UUID

from pydantic import Field

from app.domain.figures import Figure
from app.domain.measure_vocabulary import Grain
from app.domain.permissions import to_see_all
from app.domain.readings import Reading
from app.domain.spread import PERIOD_OF_MOST_ACADEMIES, Excluded, Share, spread
from app.queries.academies import ACADEMIES
from app.queries.figures import FigureUsed, read_figures
from app.queries.metrics import METRICS
from app.queries.named import group_named, require_readings
from app.queries.published import Published
from app.queries.reading import Moment, Reads, read_record
from app.queries.revival import read_all, told

_NOT_A_COMPARATOR: Final = (
    "This is the spread within the trust. It is no comparator: official comparators are readings of their own."
)


class IncludedAcademy(Published):
    """An academy whose value is in the spread."""

    academyId: UUID
    code: str
    figure: FigureUsed


class ExcludedAcademy(Published):
    """An academy that is left out, with the figure it has instead, if it has any."""

    academyId: UUID
    code: str
    because: Excluded
    figure: FigureUsed | None


class TrustSpread(Published):
    """Median and range of what the academies of the trust have in one period."""

    rule: str
    label: Literal["spread"] = Field(description="Never a comparator.")
    note: str
    metricId: UUID
    metric: str
    unit: str | None
    groupId: UUID | None = Field(description="Null: all pupils.")
    on: date
    grain: Grain | None = Field(description="Null where no academy has a reading.")
    startsOn: date | None
    endsOn: date | None
    ofWholeTrust: bool = Field(description="False: the credential sees some academies only, and it is of those.")
    median: Decimal | None = Field(description="Exact. Of an even number the mean of the middle two.")
    lowest: Decimal | None
    highest: Decimal | None
    range: Decimal | None = Field(description="Highest less lowest.")
    included: list[IncludedAcademy]
    excluded: list[ExcludedAcademy]


@dataclass(frozen=True, kw_only=True)
class SpreadAsked:
    """What is asked of a spread; `group` is a code."""

    on: date | None = None
    group: str | None = None
    grain: Grain | None = None


async def read_spread(reads: Reads, metric_id: UUID, asked: SpreadAsked, moment: Moment) -> TrustSpread:
    metric = told((await read_record(reads, METRICS, metric_id, moment)).body)
    reads.actor.require(to_see_all(Reading))
    require_readings(metric)
    group = await group_named(reads, asked.group, moment)
    codes = {UUID(one["id"]): one["code"] for one in await read_all(reads, ACADEMIES, moment)}
    on = asked.on or moment.today
    figures: dict[UUID, list[Figure]] = {academy: [] for academy in codes}
    for one in await read_figures(reads, moment, until=on, metrics=[metric["code"]]):
        if one.official is None and one.group_id == group and one.academy_id in figures:
            figures[one.academy_id].append(one)
    made = spread(figures, on=on, grain=asked.grain, source=metric["sourceSystem"])
    return TrustSpread(
        rule=PERIOD_OF_MOST_ACADEMIES,
        label="spread",
        note=_NOT_A_COMPARATOR,
        metricId=metric_id,
        metric=metric["code"],
        unit=metric["unit"],
        groupId=group,
        on=on,
        grain=made.period.grain if made.period else asked.grain,
        startsOn=made.period.starts_on if made.period else None,
        endsOn=made.period.ends_on if made.period else None,
        ofWholeTrust=reads.actor.academies is None,
        median=made.median,
        lowest=made.lowest,
        highest=made.highest,
        range=made.range,
        included=[
            IncludedAcademy(academyId=one.academy_id, code=codes[one.academy_id], figure=FigureUsed.of(one.figure))
            for one in made.shares
            if one.excluded is None and one.figure is not None
        ],
        excluded=[_excluded(one, one.excluded, codes) for one in made.shares if one.excluded is not None],
    )


def _excluded(share: Share, because: Excluded, codes: dict[UUID, str]) -> ExcludedAcademy:
    figure = FigureUsed.of(share.figure) if share.figure is not None else None
    return ExcludedAcademy(academyId=share.academy_id, code=codes[share.academy_id], because=because, figure=figure)
