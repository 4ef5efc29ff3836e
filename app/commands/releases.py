"""Releases: work out what can be shown while nothing is locked, then keep it if the world has stood still meanwhile."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from app.commands import records
from app.db.facts import digest_of, keep_facts
from app.db.unit_of_work import UnitOfWork
from app.domain.errors import Conflict, Fault, Invalid
from app.domain.events import created
from app.domain.protection import Symbol
from app.domain.release_protection import ReleasedMetric, release_metric
from app.domain.releases import Release, ReleasedFigure
from app.queries.release_ground import Asked, Ground, read_ground

_ONE_AT_A_TIME: Final = (
    "select id from metric where trust_id = $1 and id = any($2::uuid[]) order by id for no key update"
)


@dataclass(frozen=True, kw_only=True)
class Order:
    """What somebody wants released, and under which name. `smallest_shown` raises the metrics' own, never lowers it."""

    code: str
    label: str
    asked: Asked
    smallest_shown: int | None = None

    def smallest_shown_in(self, ground: Ground) -> int:
        """One number for all: of a metric and its complement the laxer rule would print what the stricter one hides."""
        return max([self.smallest_shown or 0, *(one.measure.smallest_shown for one in ground.metrics)])


@dataclass(frozen=True)
class Draft:
    """What can be shown, and the ground it was worked out from."""

    order: Order
    ground: Ground
    metrics: tuple[ReleasedMetric, ...]


async def survey(work: UnitOfWork, order: Order) -> Ground:
    """The ground of a release; refuses whoever may not release it, and a release of what is not there."""
    await records.allow(work, _release(work, order))
    ground = await read_ground(work, order.asked)
    if faults := list(_faults(order, ground)):
        raise Invalid("This cannot be released. " + faults[0].detail, faults=faults)
    return ground


async def draft(order: Order, ground: Ground) -> Draft:
    """In a thread of its own, for protecting a large table takes seconds."""
    return await asyncio.to_thread(_draft, order, ground)


async def publish(work: UnitOfWork, drafted: Draft) -> Release:
    """Keep a draft as a release, unless readings or releases came in between: they could give away what it hides."""
    order = drafted.order
    release = _release(work, order)
    await records.allow(work, release)
    await work.rows(_ONE_AT_A_TIME, release.trust_id, [one.measure.id for one in drafted.ground.metrics])
    if await read_ground(work, order.asked) != drafted.ground:
        raise Conflict(
            "Readings or releases of these metrics were recorded while this release was being worked out. Send it again."
        )
    figures = list(_figures(release, drafted))
    release.figures = len(figures)
    release.protected = sum(one.symbol is Symbol.CONFIDENTIAL for one in figures)
    pairs = zip(drafted.ground.metrics, drafted.metrics, strict=True)
    release.withheld = [ground.measure.code for ground, metric in pairs if metric.is_withheld]
    work.add(release)
    await keep_facts(work, figures)
    release.digest = await digest_of(work, ReleasedFigure, release.id)
    work.record(replace(created(release), detail=_detail(drafted)))
    return release


def _detail(drafted: Draft) -> dict[str, Any]:
    """What no column holds: the rule the figures were protected by, and why a metric is withheld."""
    smallest = drafted.order.smallest_shown_in(drafted.ground)
    codes = [one.measure.code for one in drafted.ground.metrics]
    withheld = {
        code: {"because": one.withheld, "sentence": one.withheld.sentence}
        for code, one in zip(codes, drafted.metrics, strict=True)
        if one.withheld is not None
    }
    return {"smallestShown": dict.fromkeys(codes, smallest)} | ({"withheld": withheld} if withheld else {})


def _release(work: UnitOfWork, order: Order) -> Release:
    asked = order.asked
    return Release(
        trust_id=work.actor.trust_id,
        code=order.code,
        label=order.label,
        metrics=list(asked.metrics),
        grain=asked.grain,
        starts_on=asked.days.starts_on,
        ends_on=asked.days.ends_on,
        published_at=work.now,
    )


def _draft(order: Order, ground: Ground) -> Draft:
    smallest = order.smallest_shown_in(ground)
    metrics = (
        release_metric(one.measure, order.asked.days, one.figures, one.earlier, smallest_shown=smallest)
        for one in ground.metrics
    )
    return Draft(order, ground, tuple(metrics))


def _figures(release: Release, drafted: Draft) -> Iterator[ReleasedFigure]:
    for ground, metric in zip(drafted.ground.metrics, drafted.metrics, strict=True):
        for one in metric.figures:
            academy_id, group_id = one.place
            yield ReleasedFigure(
                trust_id=release.trust_id,
                release_id=release.id,
                metric_id=ground.measure.id,
                academy_id=academy_id,
                group_id=group_id,
                reading_id=one.reading_id,
                value=one.value,
                numerator=one.numerator,
                denominator=one.denominator,
                symbol=one.symbol,
            )


def _faults(order: Order, ground: Ground) -> Iterator[Fault]:
    asked = order.asked
    for code in ground.missing_metrics:
        yield Fault(
            f"/metrics/{asked.metrics.index(code)}", "unknown-metric", f"There is no metric with the code {code}."
        )
    for code in ground.missing_groups:
        place = (asked.groups or ()).index(code)
        yield Fault(f"/groups/{place}", "unknown-group", f"There is no pupil group with the code {code}.")
    for one in ground.metrics:
        if not one.figures:
            code = one.measure.code
            yield Fault(
                f"/metrics/{asked.metrics.index(code)}",
                "nothing-to-release",
                f"No academy has a reading of {code} from {asked.days.starts_on} to {asked.days.ends_on} by {asked.grain}.",
            )
