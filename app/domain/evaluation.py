"""Whether a promise is kept: met, not met, ambiguous or not evaluable, each with a reason and the figures used (C8, C10).

A comparator is used exactly as printed. Where none is printed, the promise is read inclusively in the metric's own direction, and
the answer says so. Ambiguous is what the figures alone do not settle: the value is met, and a condition beside it is in words, or
cannot be read; or the printed number and the recorded comparator disagree, and it matters which of them is right.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.domain.figures import Figure
from app.domain.framework_vocabulary import Direction
from app.domain.gaps import Gap, gap_between
from app.domain.measure_vocabulary import Trend, Verdict
from app.domain.promises import Known, Measure, Promise
from app.domain.ranges import range_of
from app.domain.vocabulary import Comparator, MeasureKind

AS_PRINTED: Final = "target.as_printed"
ASSUMED: Final = "target.inclusive_in_direction"
GAP_AS_PRINTED: Final = "target.gap_as_printed"
GAP_ASSUMED: Final = "target.gap_at_most"
_SIGNS: Final = MappingProxyType(
    {
        ">=": Comparator.AT_LEAST, "≥": Comparator.AT_LEAST, "<=": Comparator.AT_MOST, "≤": Comparator.AT_MOST,
        ">": Comparator.ABOVE, "<": Comparator.BELOW,
    }
)  # fmt: skip
_WORDS: Final = MappingProxyType(
    {
        Comparator.ABOVE: "above", Comparator.AT_LEAST: "at least", Comparator.BELOW: "below",
        Comparator.AT_MOST: "at most", Comparator.EQUAL: "exactly",
    }
)  # fmt: skip


class Reason(StrEnum):
    """Why a verdict is what it is."""

    SATISFIED = "satisfied"
    FALLS_SHORT = "falls_short"
    TREND_NOT_MET = "trend_not_met"
    TREND_NOT_EVALUABLE = "trend_not_evaluable"
    CONDITION_IN_WORDS = "condition_in_words"
    PRINTED_OTHERWISE = "printed_otherwise"
    QUALITATIVE = "qualitative"
    METRIC_MISSING = "metric_missing"
    METRIC_UNKNOWN = "metric_unknown"
    METRIC_UNDEFINED = "metric_undefined"
    DIRECTION_UNKNOWN = "direction_unknown"
    READING_MISSING = "reading_missing"
    READING_TOO_OLD = "reading_too_old"
    VALUE_ABSENT = "value_absent"
    COMPARATOR_MISSING = "comparator_missing"
    NOTHING_JUDGED = "nothing_judged"


@dataclass(frozen=True, kw_only=True)
class TrendFound:
    """Whether a series moves as it has to; null where two periods of one grain, without a break between, are not there."""

    trend: Trend
    holds: bool | None
    former: Figure | None = None
    latter: Figure | None = None


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """A verdict and what it rests on. `value` is what was compared: of a gap, how far the group is behind."""

    verdict: Verdict
    reason: Reason
    sentence: str
    rule: str = AS_PRINTED
    comparator: Comparator | None = None
    comparator_assumed: bool = False
    value: Decimal | None = None
    figure: Figure | None = None
    gap: Gap | None = None
    trend: TrendFound | None = None


def evaluate(promise: Promise, known: Known) -> Evaluation:
    """The verdict on a promise by what is known of one academy. It never refuses."""
    if promise.kind is MeasureKind.QUALITATIVE or promise.value is None:
        return _cannot(Reason.QUALITATIVE, "It is promised in words, so people judge it and no figure does.")
    if promise.metric is None:
        return _cannot(Reason.METRIC_MISSING, "It names no metric. Name the metric it is measured by.")
    measure = known.measures.get(promise.metric)
    if measure is None:
        return _cannot(Reason.METRIC_UNKNOWN, f"The trust has no metric {promise.metric}. Add it, with its direction.")
    if promise.is_gap:
        return _of_gap(promise, measure, known)
    return _of_figure(promise, measure, known)


def comparator_of(promise: Promise, direction: Direction | None) -> Comparator | None:
    """The printed comparator, or the one assumed; null where neither way is said to be better."""
    if promise.comparator is not None:
        return promise.comparator
    if promise.is_gap:
        return Comparator.AT_MOST
    return {Direction.HIGHER: Comparator.AT_LEAST, Direction.LOWER: Comparator.AT_MOST, None: None}[direction]


def _of_figure(promise: Promise, measure: Measure, known: Known) -> Evaluation:
    figure = known.of_promise(promise, (measure.metric.code, promise.group_id, None))
    if figure is None:
        return _cannot(Reason.READING_MISSING, f"There is no reading of {measure.metric.label} for it yet.")
    if figure.value is None:
        return replace(_absent(figure, measure), figure=figure)
    if promise.starts_on is not None and figure.ends_on < promise.starts_on:
        sentence = f"The latest reading of {measure.metric.label} ended on {figure.ends_on:%-d %B %Y}, before this promise began."
        return replace(_cannot(Reason.READING_TOO_OLD, sentence), figure=figure)
    judged = _judged(promise, measure, figure.value, known)
    return replace(judged, figure=figure, rule=ASSUMED if judged.comparator_assumed else AS_PRINTED)


def _of_gap(promise: Promise, measure: Measure, known: Known) -> Evaluation:
    found = gap_between(
        measure.metric.code,
        known,
        group_id=promise.group_id,
        other=promise.gap_official or promise.gap_group_id,
        promise=promise,
    )
    if not isinstance(found, Gap):
        return replace(_cannot(Reason(found.why), found.sentence), figure=found.figure)
    judged = replace(_judged(promise, measure, found.behind, known), figure=found.figure, gap=found)
    return replace(judged, rule=GAP_ASSUMED if judged.comparator_assumed else GAP_AS_PRINTED)


def _judged(promise: Promise, measure: Measure, value: Decimal, known: Known) -> Evaluation:
    """The verdict on a value that is there."""
    assert promise.value is not None
    comparator = comparator_of(promise, measure.metric.direction)
    if comparator is None:
        label = measure.metric.label
        sentence = f"No comparator is printed, and nobody has said which way {label} gets better. Say so in the metric."
        return replace(_cannot(Reason.DIRECTION_UNKNOWN, sentence), value=value)
    met = range_of(comparator, promise.value).holds(value)
    told = Evaluation(
        verdict=Verdict.MET if met else Verdict.NOT_MET,
        reason=Reason.SATISFIED if met else Reason.FALLS_SHORT,
        sentence=_sentence(value, comparator, promise, met=met, over=promise.is_over(known.on)),
        comparator=comparator,
        comparator_assumed=promise.comparator is None,
        value=value,
    )
    if _is_printed_otherwise(promise, comparator, value, met=met):
        sentence = (
            f"{told.sentence} But it is printed as {promise.printed}, which says otherwise. Settle which is meant."
        )
        return replace(told, verdict=Verdict.AMBIGUOUS, reason=Reason.PRINTED_OTHERWISE, sentence=sentence)
    return _with_conditions(told, promise, measure, known)


def _with_conditions(told: Evaluation, promise: Promise, measure: Measure, known: Known) -> Evaluation:
    """What has to be so beside the value. It matters only where the value is met."""
    trend = trend_of(promise, measure, known) if promise.trend else None
    told = replace(told, trend=trend)
    if told.verdict is not Verdict.MET:
        return told
    if trend is not None and trend.holds is False:
        return _turned(
            told,
            Verdict.NOT_MET,
            Reason.TREND_NOT_MET,
            f"But the series is not {_spoken(trend.trend)}, as it has to be.",
        )
    if trend is not None and trend.holds is None:
        missing = "But its trend cannot be read: that takes two periods of one kind without a break between them."
        return _turned(told, Verdict.AMBIGUOUS, Reason.TREND_NOT_EVALUABLE, missing)
    if promise.kind is MeasureKind.MIXED or (promise.trend_condition and trend is None):
        words = "But it also asks for something in words that no figure shows. A person has to judge that part."
        return _turned(told, Verdict.AMBIGUOUS, Reason.CONDITION_IN_WORDS, words)
    return told


def trend_of(promise: Promise, measure: Measure, known: Known) -> TrendFound:
    assert promise.trend is not None
    moved = known.measures.get(promise.trend_metric) if promise.trend_metric else measure
    unknown = TrendFound(trend=promise.trend, holds=None)
    if moved is None:
        return unknown
    run = known.run_up(promise, (moved.metric.code, promise.group_id, None))[-2:]
    if len(run) < 2 or moved.breaks_between(*run):  # noqa: PLR2004  a movement is between two
        return unknown
    former, latter = run
    if former.value is None or latter.value is None:
        return replace(unknown, former=former, latter=latter)
    return replace(unknown, former=former, latter=latter, holds=_moves(promise.trend, former.value, latter.value))


def _moves(trend: Trend, former: Decimal, latter: Decimal) -> bool:
    return {
        Trend.RISING: latter > former,
        Trend.FALLING: latter < former,
        Trend.NOT_FALLING: latter >= former,
        Trend.NOT_RISING: latter <= former,
    }[trend]


def _is_printed_otherwise(promise: Promise, comparator: Comparator, value: Decimal, *, met: bool) -> bool:
    """Whether the sign before the printed number would give another verdict."""
    printed = (promise.printed or "").lstrip()
    sign = next((said for start, said in _SIGNS.items() if printed.startswith(start)), comparator)
    assert promise.value is not None
    return range_of(sign, promise.value).holds(value) is not met


def _sentence(value: Decimal, comparator: Comparator, promise: Promise, *, met: bool, over: bool) -> str:
    of_gap = "A gap of " if promise.is_gap else ""
    yet = "" if met or over else " yet"
    said = f"{of_gap}{shown(value)} is {'' if met else 'not '}{_WORDS[comparator]} {shown(promise.value)}{yet}."
    return f"{said} No comparator is printed: {_WORDS[comparator]} is assumed." if promise.comparator is None else said


def shown(value: Decimal | None) -> str:
    """A figure in a sentence: exact where it ends soon, else with a few of its decimals."""
    if value is None:
        return "no value"
    text = f"{value:f}" if -value.as_tuple().exponent <= 6 else f"about {value:.2f}"  # type: ignore[operator]  # noqa: PLR2004  finite
    return text.rstrip("0").rstrip(".") if "." in text else text


def _absent(figure: Figure, measure: Measure) -> Evaluation:
    if measure.is_observed:
        return _cannot(Reason.NOTHING_JUDGED, "No lesson was judged in its time, so there is no share.")
    why = _spoken(figure.absence or "not available")
    return _cannot(Reason.VALUE_ABSENT, f"The latest reading of {measure.metric.label} has no value: {why}.")


def _cannot(reason: Reason, sentence: str) -> Evaluation:
    return Evaluation(verdict=Verdict.NOT_EVALUABLE, reason=reason, sentence=sentence)


def _turned(told: Evaluation, verdict: Verdict, reason: Reason, sentence: str) -> Evaluation:
    return replace(told, verdict=verdict, reason=reason, sentence=f"{told.sentence} {sentence}")


def _spoken(word: str) -> str:
    return word.replace("_", " ")
