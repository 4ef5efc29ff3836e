"""Support beside the movement of a metric, academy by academy, as it is published: an association, with its coverage."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from pydantic import Field

from app.domain.academies import Academy
from app.domain.errors import NotFound
from app.domain.figures import Figure
from app.domain.framework_vocabulary import Direction, EntitlementUnit
from app.domain.measure_vocabulary import BreakKind
from app.domain.metrics import Metric
from app.domain.permissions import to_see_all
from app.domain.readings import Reading
from app.domain.support_movement import RULE, SAID, Movement, NoMovement, Spread, movement_of, spread_of
from app.queries.comparison import Number
from app.queries.figures import FigureUsed, FrameworkNamed, read_figures
from app.queries.metrics import METRICS, SERIES_BREAKS
from app.queries.published import Published
from app.queries.reading import Moment, Reads
from app.queries.revival import read_all, revived
from app.queries.support_estate import (
    AcademyNamed,
    StageNamed,
    Standing,
    Support,
    framework_named,
    named,
    read_estate,
    read_support,
    stage_named,
)


class SupportGiven(Published):
    """Support of one team in one unit. Units are never added to one another."""

    team: str
    unit: EntitlementUnit
    delivered: Number
    deliveries: int


class AcademyMovement(Published):
    """What an academy was given, and what the metric did."""

    academy: AcademyNamed
    stage: StageNamed | None = Field(description="Its category on the first day.")
    supported: bool
    support: list[SupportGiven]
    change: Number | None
    why: NoMovement | None = Field(description="Why no change is known.")
    before: FigureUsed | None
    after: FigureUsed | None


class ChangeSpread(Published):
    """How the changes of a group lie."""

    academies: int
    known: int = Field(description="Those whose change is known; the others are in no figure here.")
    median: Number | None
    lowest: Number | None
    highest: Number | None


class StageAssociation(Published):
    """Academies of one stage that were given support, beside those that were not."""

    framework: FrameworkNamed
    stage: StageNamed
    supported: ChangeSpread
    notSupported: ChangeSpread


class SupportAndMovement(Published):
    """Support given after the first day and until the last, beside the change of a metric between the two."""

    rule: str
    said: str
    kind: str = Field(description="Always `association`.")
    metric: str
    unit: str | None
    direction: Direction | None = Field(description="Which way the metric gets better.")
    startsOn: date
    endsOn: date
    academies: int = Field(description="All within sight.")
    covered: int = Field(description="Those with a stage and a known change: only they are compared.")
    stages: list[StageAssociation]
    items: list[AcademyMovement]


@dataclass(frozen=True)
class _Moved:
    """One academy between the two days."""

    academy: Academy
    standing: Standing | None
    support: tuple[SupportGiven, ...]
    movement: Movement


async def read_support_and_movement(
    reads: Reads, moment: Moment, *, metric: str, first: date, last: date
) -> SupportAndMovement:
    reads.actor.require(to_see_all(Reading))
    measure = await _metric(reads, metric, moment)
    estate = await read_estate(reads, moment)
    support = await read_support(reads, moment)
    figures = await _figures(reads, moment, metric, last)
    breaks = [
        date.fromisoformat(one["on"])
        for one in await read_all(reads, SERIES_BREAKS, moment, metricId=measure.id, kind=BreakKind.HARD)
    ]
    moved = [
        _Moved(
            academy,
            estate.standing(academy.id, first),
            tuple(_given(support, academy.id, first, last)),
            movement_of(figures.get(academy.id, ()), first, last, source=measure.source_system, breaks=breaks),
        )
        for academy in estate.academies.values()
    ]
    return SupportAndMovement(
        rule=RULE,
        said=SAID,
        kind="association",
        metric=measure.code,
        unit=measure.unit,
        direction=measure.direction,
        startsOn=first,
        endsOn=last,
        academies=len(moved),
        covered=sum(one.standing is not None and one.movement.change is not None for one in moved),
        stages=_stages(moved),
        items=[_item(one) for one in moved],
    )


async def _metric(reads: Reads, code: str, moment: Moment) -> Metric:
    found = await read_all(reads, METRICS, moment, code=code)
    if not found:
        raise NotFound(f"There is no metric with the code {code}.")
    return revived(Metric, METRICS, found[0], reads.actor.trust_id)


async def _figures(reads: Reads, moment: Moment, metric: str, last: date) -> Mapping[UUID, Sequence[Figure]]:
    """Of all pupils, by academy. Official comparators are no academy's own."""
    found = defaultdict(list)
    for one in await read_figures(reads, moment, until=last, metrics=[metric]):
        if one.academy_id is not None and one.group_id is None and one.official is None:
            found[one.academy_id].append(one)
    return found


def _given(support: Support, academy_id: UUID, first: date, last: date) -> Iterable[SupportGiven]:
    quantities: dict[tuple[str, EntitlementUnit], list[Decimal]] = defaultdict(list)
    for allocation in support.to(academy_id):
        within = (one for one in support.given([allocation], last) if one.on >= first + timedelta(days=1))
        quantities[allocation.team, allocation.unit] += [one.quantity for one in within]
    for (team, unit), given in sorted(quantities.items()):
        if given:
            yield SupportGiven(team=team, unit=unit, delivered=sum(given, Decimal(0)), deliveries=len(given))


def _stages(moved: Iterable[_Moved]) -> list[StageAssociation]:
    """By the stage on the first day. Academies in none are listed and not compared."""
    groups: dict[UUID, list[_Moved]] = defaultdict(list)
    for one in moved:
        if one.standing is not None:
            groups[one.standing.stage.id].append(one)
    found = []
    for members in groups.values():
        standing = members[0].standing
        assert standing is not None
        found.append(
            StageAssociation(
                framework=framework_named(standing.framework),
                stage=stage_named(standing.stage),
                supported=_spread(spread_of(one.movement.change for one in members if one.support)),
                notSupported=_spread(spread_of(one.movement.change for one in members if not one.support)),
            )
        )
    return sorted(found, key=lambda one: (one.framework.code, one.framework.edition, one.stage.no))


def _spread(spread: Spread) -> ChangeSpread:
    return ChangeSpread(
        academies=spread.academies,
        known=spread.known,
        median=spread.median,
        lowest=spread.lowest,
        highest=spread.highest,
    )


def _item(one: _Moved) -> AcademyMovement:
    movement = one.movement
    return AcademyMovement(
        academy=named(one.academy),
        stage=stage_named(one.standing.stage) if one.standing else None,
        supported=bool(one.support),
        support=list(one.support),
        change=movement.change,
        why=movement.why,
        before=FigureUsed.of(movement.before) if movement.before else None,
        after=FigureUsed.of(movement.after) if movement.after else None,
    )
