"""The demo trust's framework for every kind of school, in two editions that differ in a few things."""

from decimal import Decimal
from typing import Any, Final

from app.demo import framework_words as words
from app.demo.assurance import report_and_evidence, scales, sections
from app.demo.assurance_words import DESCRIPTIONS, STATEMENTS

EDITIONS: Final = ((1, "2023-09-01", "2025-08-31"), (2, "2025-09-01", None))
_ONLY_IN: Final = {"remote learning": 1, "use of AI": 2}
"""Threads of template items that one edition alone has."""
_ATTENDANCE: Final = {1: "90", 2: "91"}
"""The threshold of attendance between the first two stages, by edition."""
_OVERALL: Final = (4, 3, 2, 1)
_CARD: Final = ("urgent-improvement", "needs-attention", "expected-standard", "strong-standard")
_GAPS: Final = (("below", "-5"), ("below", "0"), ("below", "3"), ("at_least", "3"))


def frameworks() -> list[dict[str, Any]]:
    return [_edition(no, first, last) for no, first, last in EDITIONS]


def _edition(edition: int, first: str, last: str | None) -> dict[str, Any]:
    return {
        "code": "improvement-framework",
        "edition": edition,
        "title": "Heron Vale improvement framework",
        "validFrom": first,
        "validTo": last,
        "nestedReading": "first_match",
        "measurePolicy": "most_cautious",
        "conditions": [
            {"code": code, "label": label, "attribute": attribute, "values": list(values)}
            for code, label, attribute, values in words.CONDITIONS
        ],
        "strands": [{"code": code, "label": label} for code, label in words.STRANDS],
        "benchmarkSets": [{"code": code, "label": label} for code, label in words.SETS],
        "scales": scales(),
        "statements": [{"code": code, "kind": kind, "label": label} for code, kind, label in STATEMENTS],
        "cadences": [dict(cadence) for cadence in words.TRUST_CADENCES],
        "stages": [_stage(place, edition) for place in range(len(words.STAGES))],
        "sections": sections(edition),
        **report_and_evidence(),
    }


def _stage(place: int, edition: int) -> dict[str, Any]:
    code, name, printed, duration = words.STAGES[place]
    return {
        "code": code,
        "name": name,
        "aliases": [f"Stage {code}"],
        "durationPrinted": printed,
        **duration,
        "statements": [{"code": f"{code}-{kind}", "kind": kind, "label": texts[place]} for kind, texts in DESCRIPTIONS],
        "measures": _measures(code, place, edition),
        "cadences": [
            {"code": f"{code}-{name}", "activity": activity, "lead": lead, "printedList": "reviews", **by_stage[place]}
            for name, activity, lead, by_stage in words.CADENCES
        ],
        "benchmarks": _benchmarks(code, place),
        "items": _items(code, place, edition),
        "entitlements": _entitlements(code, place),
    }


def _measures(code: str, place: int, edition: int) -> list[dict[str, Any]]:
    """A gap whose tests nest, attendance that splits every value between two stages, and inspection grades."""
    comparator, value = _GAPS[place]
    grade = _OVERALL[place]
    measures: list[dict[str, Any]] = [
        {"code": f"{code}-GAP", "metric": "outcomes-gap", "comparator": comparator, "value": Decimal(value)},
        {"code": f"{code}-OVERALL", "metric": "ofsted-overall", "inspectionGrade": f"overall-{grade}",
         "printed": f"grade {grade}"},
    ]  # fmt: skip
    if edition > 1:
        card = {"metric": "ofsted-report-card", "inspectionGrade": f"card-{_CARD[place]}"}
        measures.append({"code": f"{code}-CARD", **card, "printed": _CARD[place].replace("-", " ")})
    attendance: dict[str, Any] = {
        "code": f"{code}-ATT",
        "metric": "attendance-rate",
        "value": Decimal(_ATTENDANCE[edition]),
    }
    if code == "1":
        measures.append({**attendance, "comparator": "below", "role": "profile"})
    if code == "2":
        measures.append({**attendance, "comparator": "at_least", "role": "entry"})
    return measures


def _benchmarks(code: str, place: int) -> list[dict[str, Any]]:
    benchmarks = []
    for kind, strand, thread, texts in words.BENCHMARKS:
        benchmark: dict[str, Any] = {
            "code": f"{code}-{kind}-{thread}", "set": kind, "strand": strand, "label": texts[place], "thread": thread,
            **_figure(thread, place),
        }  # fmt: skip
        if kind == "church":
            benchmark["condition"] = "church-school"
        if (kind, thread) == ("inclusion", "safeguarding"):
            benchmark["linkedTo"] = f"{code}-core-{thread}"
        benchmarks.append(benchmark)
    return benchmarks


def _figure(thread: str, place: int) -> dict[str, Any]:
    figure = words.FIGURES[thread][place] if thread in words.FIGURES else None
    if figure is None:
        return {}
    metric, unit, relative_to = words.FIGURE_UNITS[thread]
    comparator, value, value_to = figure
    return {
        "metric": metric,
        "comparator": comparator,
        "value": Decimal(value),
        "valueTo": Decimal(value_to) if value_to else None,
        "unit": unit,
        "relativeTo": relative_to,
        "printed": f"{value} to {value_to} {unit}"
        if value_to
        else f"{str(comparator).replace('_', ' ')} {value} {unit}",
    }


def _items(code: str, place: int, edition: int) -> list[dict[str, Any]]:
    """Numbered through the stage; attendance work and the review of leadership recur as their cadences say."""
    listed = [item for item in words.ITEMS if _ONLY_IN.get(item[1], edition) == edition]
    recurring = {"attendance": f"{code}-attendance", "leadership review": f"{code}-review"}
    return [
        {
            "code": f"{code}-{thread.replace(' ', '-')}",
            "strand": strand,
            "label": texts[place],
            "thread": thread,
            "condition": condition,
            "cadenceRule": recurring.get(thread),
        }
        for strand, thread, condition, texts in listed
        if texts[place] is not None
    ]


def _entitlements(code: str, place: int) -> list[dict[str, Any]]:
    offers = []
    for short, team, tier, label, measured_in, by_stage, more in words.ENTITLEMENTS:
        quantity = by_stage[place]
        if quantity is None and measured_in:
            continue
        offer: dict[str, Any] = {"code": f"{code}-{short}", "team": team, "tier": tier, "label": label, **more}
        if quantity is not None:
            least, most = quantity
            offer |= {
                **measured_in,
                "quantityMin": Decimal(least) if least else None,
                "quantityMax": Decimal(most) if most else None,
                "printed": _printed(least, most, measured_in),
            }
        if "cadenceRule" in offer:
            offer["cadenceRule"] = f"{code}-{offer['cadenceRule']}"
        offers.append(offer)
    return offers


def _printed(least: str | None, most: str | None, measured_in: dict[str, str]) -> str:
    amount = f"{least}-{most}" if least and most else least or f"up to {most}"
    period = measured_in.get("period")
    unit = measured_in["unit"].removesuffix("s") if amount == "1" else measured_in["unit"]
    return f"{amount} {unit}{' a ' + period.replace('_', '-') if period else ''}"
