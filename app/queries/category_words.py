"""Sentences that say why: what a metric points to, what the measures say together, why no way out is offered."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from app.domain.category_proposals import NoWayOut, Proposal
from app.domain.framework_vocabulary import MeasurePolicy
from app.domain.measure_vocabulary import Verdict
from app.domain.review_vocabulary import Agreement
from app.domain.stage_measures import MetricTests, Piece, PointRule, StageRules

_NO_WAYS: Final = MappingProxyType(
    {
        NoWayOut.NO_RULE: "The framework prints no rule that leads from figures to a stage, so no way to another is offered.",
        NoWayOut.INPUTS_MISSING: (
            "Some metrics cannot be judged, so nobody can say what would have to change. Fill in what is missing."
        ),
        NoWayOut.LAST_STAGE: "There is no stage after this one.",
    }
)


def of_ways(why: NoWayOut) -> str:
    return _NO_WAYS[why]


def of_piece(rules: StageRules, group: MetricTests, piece: Piece) -> str:
    """Why a value or grade points where it does."""
    what = f"{group.metric}: {piece.says}"
    met = [one.test for one in piece.criteria if one.verdict is not Verdict.NOT_MET]
    asked = _and(f"{rules.stages[test.stage].name} ({test.needs})" for test in met)
    stages = _and(rules.stages[at].name for at in piece.points)
    said = {
        PointRule.ONE_MATCH: f"{what} is as {asked} asks. It points to {stages}.",
        PointRule.FIRST_MATCH: f"{what} is as {asked} ask. The first in stage order counts: {stages}.",
        PointRule.SEVERAL_MATCH: f"{what} is as {asked} ask. The framework does not say which of them counts.",
        PointRule.SEVERAL_GRADES: f"{what}: areas have different grades, so it may point to {stages}.",
        PointRule.POINTS_NOWHERE: f"{what}: the framework tests it on entry or exit alone.",
        PointRule.NO_MATCH: f"{what} is as {asked} asks on entry or exit, and describes no stage.",
    }
    if piece.rule is PointRule.NO_MATCH and not met:
        every = _and(test.needs for test in group.tests)
        return f"{what} is in none of the framework's measures ({every}), so it points to no stage."
    return said[piece.rule]


def of_proposal(
    rules: StageRules, proposal: Proposal, pointing: Mapping[int, Sequence[str]], missing: Sequence[str]
) -> str:
    """What the measures say together, and which stage is suggested by the framework's policy."""
    each = "; ".join(f"{rules.stages[at].name}: {', '.join(codes)}" for at, codes in pointing.items())
    match proposal.agreement:
        case Agreement.NO_RULE:
            return "The framework prints no rule that leads from figures to a stage. People decide on the evidence."
        case Agreement.NONE:
            said = "No measure points to a stage."
        case Agreement.AGREE:
            said = f"Every measure points to {each.partition(':')[0]}."
        case Agreement.CONFLICT if proposal.barred:
            said = f"Measures point to stages ({each}), and entry criteria are not met: {', '.join(proposal.barred)}."
        case Agreement.CONFLICT:
            said = f"Measures point to different stages ({each})."
        case Agreement.PARTIAL:
            said = f"Some measures point to a stage ({each}), others to none or to several."
    if missing:
        said += f" Cannot be judged: {', '.join(missing)}."
    if proposal.stage is None:
        return said + " No stage is suggested: people decide."
    if rules.policy is MeasurePolicy.MOST_CAUTIOUS and proposal.agreement is not Agreement.AGREE:
        return said + f" By the framework the earliest of them counts: {rules.stages[proposal.stage].name}."
    return said


def _and(parts: Iterable[str]) -> str:
    found = list(parts)
    return " and ".join([", ".join(found[:-1]), found[-1]]) if len(found) > 1 else "".join(found)
