"""How far a plan has come (C12, C13): what is done, of what is counted, by area, objective, lead and window."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeVar
from uuid import UUID

from app.domain.plan_facts import ActionFact, MilestoneFact, PlanFacts
from app.domain.rounding import percent
from app.domain.vocabulary import ActionStatus, MilestoneStatus, Timeliness

COMPLETION: Final = "progress.done_of_counted"
"""Actions are done when complete, milestones when met. Cancelled, withdrawn and superseded ones are not counted."""
F = TypeVar("F", ActionFact, MilestoneFact)
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Some of a plan's actions, or of its milestones."""

    total: int
    counted: int
    done: int
    overdue: int
    due_soon: int
    by_status: Mapping[str, int]
    by_timeliness: Mapping[str, int]

    @property
    def percent_done(self) -> Decimal | None:
        """Null where nothing is counted: that is not 0 %."""
        return percent(self.done, self.counted)


def tally_actions(actions: Iterable[ActionFact]) -> Tally:
    found = list(actions)
    return Tally(
        total=len(found),
        counted=sum(one.status is not ActionStatus.CANCELLED for one in found),
        done=sum(one.status is ActionStatus.COMPLETE for one in found),
        overdue=sum(one.is_overdue for one in found),
        due_soon=sum(one.is_due_soon for one in found),
        by_status=_counts(one.status for one in found),
        by_timeliness={},
    )


def tally_milestones(milestones: Iterable[MilestoneFact]) -> Tally:
    found = list(milestones)
    return Tally(
        total=len(found),
        counted=sum(one.is_counted for one in found),
        done=sum(one.status is MilestoneStatus.MET for one in found),
        overdue=sum(one.timeliness is Timeliness.OVERDUE for one in found),
        due_soon=sum(one.timeliness is Timeliness.DUE_SOON for one in found),
        by_status=_counts(one.status for one in found),
        by_timeliness=_counts(one.timeliness for one in found),
    )


@dataclass(frozen=True)
class Share:
    """One area's, objective's, lead's or window's part of a plan; None stands for what has none."""

    of: UUID | None
    actions: Tally
    milestones: Tally


def by_area(plan: PlanFacts) -> list[Share]:
    return _shares([one.id for one in plan.areas], plan, lambda one: [one.area_id])


def by_objective(plan: PlanFacts) -> list[Share]:
    """What stands directly under a priority has no objective."""
    return _shares([one.id for one in plan.objectives], plan, lambda one: [one.objective_id])


def by_lead(plan: PlanFacts) -> list[Share]:
    """Actions alone, by who leads them as a whole. What two lead is counted for each; milestones have no lead."""
    actions = _grouped(plan.actions, lambda one: one.lead_ids or (None,))
    shares = [Share(of, tally_actions(led), tally_milestones(())) for of, led in actions.items()]
    codes = {one.id: one.code for one in plan.people}
    return sorted(shares, key=lambda share: (share.of is None, -share.actions.total, codes.get(share.of, "")))  # type: ignore[arg-type]  # None has no code


def by_window(plan: PlanFacts) -> list[Share]:
    """Milestones alone: an action has a date, and no window."""
    milestones = _grouped(plan.milestones, lambda one: (one.window_id,))
    places = [*(one.id for one in plan.windows), None]
    return [Share(of, tally_actions(()), tally_milestones(milestones[of])) for of in places if of in milestones]


def overdue(plan: PlanFacts) -> list[ActionFact | MilestoneFact]:
    """The longest overdue first."""
    late: list[ActionFact | MilestoneFact] = [one for one in plan.actions if one.is_overdue]
    late += [one for one in plan.milestones if one.timeliness is Timeliness.OVERDUE]
    return sorted(late, key=_by_last_day)


def due_soon(plan: PlanFacts) -> list[ActionFact | MilestoneFact]:
    soon: list[ActionFact | MilestoneFact] = [one for one in plan.actions if one.is_due_soon]
    soon += [one for one in plan.milestones if one.timeliness is Timeliness.DUE_SOON]
    return sorted(soon, key=_by_last_day)


def _shares(
    places: Iterable[UUID], plan: PlanFacts, of: Callable[[ActionFact | MilestoneFact], Iterable[UUID | None]]
) -> list[Share]:
    actions, milestones = _grouped(plan.actions, of), _grouped(plan.milestones, of)
    found = [place for place in (*places, None) if place is not None or place in {*actions, *milestones}]
    return [
        Share(place, tally_actions(actions.get(place, ())), tally_milestones(milestones.get(place, ())))
        for place in found
    ]


def _grouped(records: Iterable[F], of: Callable[[F], Iterable[K]]) -> dict[K, list[F]]:
    groups: dict[K, list[F]] = {}
    for one in records:
        for key in of(one):
            groups.setdefault(key, []).append(one)
    return groups


def _counts(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(str(word) for word in words).items()))


def _by_last_day(one: ActionFact | MilestoneFact) -> tuple[str, int, str]:
    return str(one.due_ends_on), len(one.code), one.code
