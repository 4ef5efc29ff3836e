"""Any trust at all, as a pack: drawn from the shapes themselves, so that a new field is drawn as soon as it is there."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st

from app.domain.vocabulary import IdentifierKind, MeasureKind, Sector
from app.packs.assurance_shapes import SectionShape
from app.packs.contradictions import DAYS, FIGURES
from app.packs.format import Pack
from app.packs.framework_shapes import FrameworkShape, MeasureShape
from app.packs.layout import below, by_kind, by_noun, is_coded, joined, names_framework, noun_of, references
from app.packs.measure_shapes import ReadingShape
from app.packs.organisation_shapes import HalfTermShape, IdentifierShape, TermShape, TrustShape
from app.packs.plan_shapes import CheckWaiverShape, PlanShape
from app.packs.references import key_in, required_in
from app.packs.review_shapes import SupportAllocationShape
from app.packs.shapes import OddityShape, RecordShape, Shape

Draw = Callable[[st.SearchStrategy[Any]], Any]
Record = dict[str, Any]

TRICKY: Final = (
    "yes", "no", "on", "Off", "null", "~", "true", "1", "007", "08", "+09", "-.5", "+.5", ".5", "1.", "0.10", "1e5", "1_000",
    "0x1F", "0o17", "1:30", "190:20:30", ".inf", "2017-09-01", "2017-09-01T10:00:00Z", " leading", "trailing ", "a: b", "a:",
    ": a", "a #b", "# b", "- a", "-", "---", "...", "%TAG", "=", "<<", "it's", "'a'", '"a"', "a\nb", "a\n\n b ", " \n ", " ",
    "a\tb",
    "\ta", "{a: b}", "[a, b]", "&a", "*a", "!a", "|", ">", "?", "? a", "@", "`", "\\n", "é", "e\u0301", "\u00a0", "a\x85b",
    "a\u2028b", "\ufeffa", "\x01", "🦉", "²", "A2", "A10", "Treatment: a", " Treatment: a. Treatment: b.", "word " * 39,
)  # fmt: skip
DUES: Final = (
    "31/12/2017", "End of October 2017", "autumn term 2017", "autumn 2017/18", "Term 1", "Sept 17", "phase 1", "ongoing",
    "2017", "weekly", "March and May 2018", "31 February 2018", "by no means", "w/b 3 June 2018",
)  # fmt: skip
RULES: Final = (
    "lead_missing", "due_missing", "due_unresolved", "due_short_form", "comparator_missing", "code_undefined",
    "duration_missing", "cadence_missing", "period_missing", "unit_missing", "bands_missing", "definition_undefined",
    "interval_gap", "interval_overlap", "measure_gap", "measure_overlap", "term_undefined",
)  # fmt: skip
NEEDED: Final = {"people", "phases", "areas", "strands", "benchmark_sets", "scales", "labels", "academies", "readings"}
"""Lists that are never empty, for others to refer to what stands there."""

_TEXT: Final = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
_CODE: Final = "ABCabc012 ._/+&-"


def texts(longest: int) -> st.SearchStrategy[str]:
    free = st.text(_TEXT, min_size=1, max_size=min(longest, 12))
    return st.sampled_from([text for text in TRICKY if len(text) <= longest]) | free


codes: Final = st.sampled_from((
    "yes", "no", "null", "true", "0", "08", "007", "1.0", "1e5", "0x1F", "2017-09-01", "A", "a", "A2", "A10", "A02", "a b", "a-b",
    "A ", "1-LG-3", "core offer", "a/b", "T&L", "C+", "b_c", "b.c", "b+c &/-", "0" * 55,
))  # fmt: skip
decimals: Final = st.sampled_from(
    [
        Decimal(text)
        for text in ("0", "0.10", "-0.5", "1E+2", "1E-7", "100", "91.0", "1.25", "12345678901234567890.123456")
    ]
)
days: Final = st.sampled_from(
    [date(1900, 1, 1), date(1999, 12, 31), date(2017, 9, 1), date(2018, 8, 31), date(2020, 2, 29), date(2100, 12, 31)]
)
instants: Final = st.sampled_from(
    [datetime(2017, 9, 1, tzinfo=UTC), datetime(2026, 3, 20, 9, 30, 59, 1200, tzinfo=UTC)]
)
objects: Final = st.sampled_from(["{}", '{"rule": "a: b", "missing": [null, 1, true], "é": {"x": "\\n"}}'])
numbers: Final = st.sampled_from([1, 2, 3, 12, 365, 2**31 - 1])
FORMS: Final = {
    "document": ("S0", "my_plan-2"), "ref": ("S0-O1", "S0-O10", "08"), "currency": ("GBP", "EUR"), "colour": ("#00ff7F", "#123456"),
}  # fmt: skip
"""Fields of a form of their own, with values that have it."""


def packs(code: str = "any-trust") -> st.SearchStrategy[Pack]:
    return st.composite(lambda draw: Pack.model_validate(_Drawing(draw).pack(code)))()


@dataclass
class _Codes:
    """The codes of one plan or framework, by kind of record, and around it those of the trust."""

    outer: "_Codes | None" = None
    taken: dict[str, list[str]] = field(default_factory=dict)

    def take(self, noun: str, code: str) -> str:
        known = self.taken.setdefault(noun, [])
        free = code
        while free in known:
            free = f"{code[:50]}-{len(known)}"
        known.append(free)
        return free

    def of(self, noun: str) -> list[str]:
        return self.taken.get(noun) or (self.outer.of(noun) if self.outer else [])

    def all(self) -> list[str]:
        """Every record that an oddity may be on. A framework is told from its other editions in its own list alone."""
        own = [
            f"{noun}:{code}"
            for noun, known in self.taken.items()
            if noun in by_noun() and noun != "framework"
            for code in known
        ]
        return [*own, *(self.outer.all() if self.outer else [])]


@dataclass
class _Drawing:
    draw: Draw
    pending: list[tuple[type[RecordShape], Record, _Codes]] = field(default_factory=list)
    owned: list[tuple[Record, _Codes]] = field(default_factory=list)
    within: dict[tuple[str, int], _Codes] = field(default_factory=dict)
    plain: str = ""

    def pack(self, code: str) -> Record:
        trust = _Codes()
        told: Record = {"format": 1, "trust": {**_fill(TrustShape, self.draw), "code": code}}
        told |= self.lists(Pack, trust)
        told["frameworks"] = list(self.editions(trust))
        self.measure(told, trust)
        for shape, record, known in self.pending:
            if names_framework(shape):
                self.choose_framework(shape, record, known)
        for shape, record, known in self.pending:
            self.refer(shape, record, known)
        self.prune(Pack, told)
        self.link(told, "assuranceReviews", "report", "headReports")
        self.link(told, "categoryDecisions", "suggestion", "categorySuggestions")
        for framework in told["frameworks"]:
            self.level(framework)
        for record, known in [(told, trust), *self.owned]:
            found = [one for _ in range(self.draw(st.integers(0, 2))) for one in self.oddity(record, known)]
            record["oddities"] = list({(one["code"], one.get("ref")): one for one in found}.values())
        return told

    def lists(self, shape: type[Shape], known: _Codes) -> Record:
        made: Record = {}
        for name, child in below(shape).items():
            least = 2 if name == "levels" else int(name in NEEDED)
            count = 0 if child is FrameworkShape else self.draw(st.integers(least, 2))
            records = [self.record(child, known, place) for place in range(count)]
            if child in (TermShape, HalfTermShape):
                self.part(records)
            if child is IdentifierShape:
                records = list({(one["kind"], one["validFrom"]): one for one in records}.values())
            made[str(shape.model_fields[name].alias)] = records
        return made

    def record(self, shape: type[RecordShape], known: _Codes, place: int) -> Record:
        told = _fill(shape, self.draw)
        is_scope = shape in (PlanShape, FrameworkShape) or names_framework(shape)
        inner = _Codes(outer=known) if is_scope else known
        if "code" in shape.model_fields:
            told["code"] = known.take(noun_of(shape), self.draw(codes))
            if shape in (PlanShape, FrameworkShape):
                self.owned.append((told, inner))
        if "no" in shape.model_fields and (
            "no" in told or shape.model_fields["no"].is_required() or "no" in key_in(shape)
        ):
            told["no"] = place + 1
        if "context" in shape.model_fields:
            told["context"] = f"{told['context'][:190]}{place}"
        if "site" in shape.model_fields:
            told["site"] = f"{told['site'][:190]}{place}"
        _agree(shape, told, self.draw)
        told |= self.lists(shape, inner)
        self.pending.append((shape, told, inner))
        return told

    def editions(self, trust: _Codes) -> Iterator[Record]:
        """Up to two frameworks for different schools, each in one edition or two, in force one after the other."""
        sectors = self.draw(st.permutations([None, *Sector]))
        for sector in sectors[: self.draw(st.integers(0, 2))]:
            code = trust.take("framework", self.draw(codes))
            first, second = self.draw(st.sampled_from([(1, 2), (3, 10)]))
            takes_over = self.draw(days.filter(lambda day: date(1950, 1, 1) < day))
            whole = [self.edition(trust, code, first, sector)]
            if self.draw(st.booleans()):
                ends = takes_over - timedelta(days=self.draw(st.sampled_from([1, 30])))
                begins = self.draw(st.sampled_from([None, date(1945, 1, 1)]))
                whole[0] |= {"published": self.draw(st.booleans()), "validFrom": begins, "validTo": ends}
                whole.append(self.edition(trust, code, second, sector) | {"validFrom": takes_over, "validTo": None})
            yield from whole

    def edition(self, trust: _Codes, code: str, edition: int, sector: Sector | None) -> Record:
        told = self.record(FrameworkShape, trust, 0)
        trust.taken["framework"].remove(told["code"])
        self.within[code, edition] = self.owned[-1][1]
        return told | {"code": code, "edition": edition, "sector": sector}

    def part(self, records: list[Record]) -> None:
        """Terms of a year, and halves of a term, follow one another."""
        day = self.draw(st.dates(date(1990, 1, 1), date(2050, 1, 1)))
        for one in records:
            one["startsOn"] = day
            one["endsOn"] = day + timedelta(days=self.draw(st.integers(0, 90)))
            day = one["endsOn"] + timedelta(days=self.draw(st.integers(1, 20)))

    def refer(self, shape: type[RecordShape], record: Record, known: _Codes) -> None:
        for name, reference in references(shape).items():
            alias = str(shape.model_fields[name].alias)
            if alias in ("framework", "report", "suggestion"):
                continue
            candidates = known.of(noun_of(_shape_of(reference.kind)))
            is_required = shape.model_fields[name].is_required()
            if candidates and (is_required or self.draw(st.booleans())):
                record[alias] = self.draw(st.sampled_from(candidates))
        for name, link in shape.LINKS.items():
            candidates = known.of(noun_of(_shape_of(joined(link, shape.KIND).kind)))
            record[name] = self.draw(st.lists(st.sampled_from(candidates), unique=True)) if candidates else []
        for role in {"leads", "monitors"} & record.keys():
            record[role] = list({(one["person"], one.get("printed")): one for one in record[role]}.values())
        for name, (_, kind) in shape.CODES.items():
            candidates = known.of(noun_of(_shape_of(kind)))
            record[name] = self.draw(st.lists(st.sampled_from(candidates), unique=True)) if candidates else []
        if shape is ReadingShape:
            record["metric"] = self.plain
            if record.get("official") is None:
                record["academy"] = known.of("academy")[0]
        if record.get("giverAcademy") == record.get("academy"):
            record.pop("giverAcademy", None)
        if shape is SupportAllocationShape:
            record.pop("plan", None)
            record.pop("objective", None)
        if record.get("framework") is None:
            record.pop("entitlementRule", None)
        if shape is CheckWaiverShape:
            record["subject"] = self.draw(st.sampled_from([one for one in known.all() if "framework:" not in one]))
        if shape is MeasureShape:
            _test_one_thing(record)

    def measure(self, told: Record, trust: _Codes) -> None:
        """One metric that takes any reading, each source of its own, and the keys of the terms."""
        plain = trust.take("metric", "plain")
        told["metrics"].append({"code": plain, "label": "Plain", "breaks": []})
        for place, batch in enumerate(told["readings"]):
            batch["source"] = f"{batch['source'][:190]}{place}"
        self.plain = plain
        trust.taken["term"] = [f"{y['code']}/{term['no']}" for y in told["academicYears"] for term in y["terms"]]

    def choose_framework(self, shape: type[RecordShape], record: Record, known: _Codes) -> None:
        if self.within and ("framework" in required_in(shape) or self.draw(st.booleans())):
            record["framework"], record["edition"] = named = self.draw(st.sampled_from(sorted(self.within)))
            known.outer = self.within[named]

    def prune(self, shape: type[Shape], record: Record) -> None:
        """Leave out what names nothing where it has to, and what a list says twice."""
        for name, child in below(shape).items():
            alias = str(shape.model_fields[name].alias)
            if child.KEY and not is_coded(child):
                record[alias] = [one for one in record[alias] if not _required_names(child) - one.keys()]
                keys = [
                    key for key in key_in(child) if key not in ("nth", "framework", "edition", "inspectionFramework")
                ]
                record[alias] = list({tuple(one.get(key) for key in keys): one for one in record[alias]}.values())
            for one in record[alias]:
                self.prune(child, one)
        if "readings" in record:
            record["readings"] = [one for one in record["readings"] if one.get("readings", "a reading")]

    def link(self, told: Record, name: str, key: str, to: str) -> None:
        """To one of the same academy, by its key."""
        shape = next(child for child in below(Pack).values() if str(child.__name__) == _LINKED[to])
        for one in told[name]:
            there = [other for other in told[to] if other["academy"] == one["academy"]]
            if there and self.draw(st.booleans()):
                other = self.draw(st.sampled_from(there))
                one[key] = "/".join(str(other.get(part, default)) for part, default in key_in(shape).items())
            else:
                one.pop(key, None)

    def level(self, framework: Record) -> None:
        """Bands and statements speak of the levels of their section's own scale."""
        levels = {one["code"]: [level["code"] for level in one["levels"]] for one in framework["scales"]}
        for section in framework["sections"]:
            of_scale = st.sampled_from(levels[section["scale"]])
            for _, record in _walk(SectionShape, section):
                if "level" in record:
                    record["level"] = self.draw(of_scale)

    def oddity(self, record: Record, known: _Codes) -> Iterator[Record]:
        on = [*known.all(), *([f"framework:{record['code']}"] if "edition" in record else [])]
        if not on:
            return
        told = _fill(OddityShape, self.draw)
        told["on"] = self.draw(st.lists(st.sampled_from(on), min_size=1, max_size=2, unique=True))
        if told.get("byRule"):
            told |= {"code": self.draw(st.sampled_from(RULES)), "on": self.draw(st.sampled_from([[], told["on"]]))}
        yield told


def _agree(shape: type[RecordShape], told: Record, draw: Draw) -> None:
    """What the values of one record must not say against one another."""
    for low, high in (*DAYS, *FIGURES):
        if told.get(low) is not None and told.get(high) is not None:
            told[low], told[high] = sorted((told[low], told[high]))
        elif low == "value":
            told.pop(high, None)
    if MeasureKind.NUMERIC in (told.get("kind"), told.get("measured")):
        told.setdefault("value", draw(decimals))
    match shape.__name__.removesuffix("Shape"):
        case "AcademicYear":
            told["endsOn"] = max(told["endsOn"], told["startsOn"] + timedelta(days=1))
        case "Identifier":
            told["value"] = {IdentifierKind.URN: "012345", IdentifierKind.UKPRN: "10012345"}.get(
                told["kind"], "0012345"
            )
        case "Stage":
            has_duration = told.get("durationMin") is not None or told.get("durationMax") is not None
            told["durationUnit"] = (told.get("durationUnit") or "term") if has_duration else None
            told["openEnded"] = bool(told.get("openEnded")) and told.get("durationMax") is None
        case "Cadence":
            told["unit"] = (told.get("unit") or "week") if told.get("everyMin") is not None else None
            told["everyMax"] = told.get("everyMax") if told.get("everyMin") is not None else None
            told["anchors"] = draw(
                st.lists(st.sampled_from(["end of autumn term", "Start of the Spring term"]), max_size=2)
            )
        case "Condition":
            told["values"] = told.get("values", []) if told.get("attribute") else []
        case "Reading":
            told |= {"grain": "window", **dict.fromkeys(("numerator", "denominator"))}
            told["absence"] = told.get("absence") or (None if told.get("value") is not None else "suppressed")
            told["value"] = None if told["absence"] else told["value"]
        case "Observation":
            told["judged"] = told.get("progressGrade") is not None
        case "Target":
            told["gapOfficial"] = None
        case "CategoryDecision":
            told["nextReviewOn"] = told["decidedOn"] + timedelta(days=draw(st.integers(1, 90)))
        case "SupportAllocation" | "SupportDelivery":
            told["quantity"] = draw(st.sampled_from([Decimal("0.50"), Decimal(3)]))
        case "AssuranceReview":
            told["status"] = draw(st.sampled_from(["scheduled", "open", "submitted", "moderated", "signed_off"]))
        case "AssuranceRating":
            told["rationale"] = told.get("rationale") or "Seen."
        case "Band":
            _hold_something(told)
        case "Indicator" | "Metric":
            if told.get("rangeMin") is not None and told.get("rangeMax") is not None:
                told["rangeMax"] = max(told["rangeMax"], told["rangeMin"] + 1)


def _hold_something(band: Record) -> None:
    lo, hi = band.get("lo"), band.get("hi")
    if lo is not None and hi is not None:
        band["lo"], band["hi"] = min(lo, hi), max(lo, hi)
    for end in ("lo", "hi"):
        is_exact = lo is not None and lo == hi
        band[f"{end}Included"] = band.get(end) is not None and (is_exact or bool(band.get(f"{end}Included")))


def _test_one_thing(measure: Record) -> None:
    if measure.get("inspectionGrade") is not None:
        measure["value"] = measure["comparator"] = None
        return
    measure["value"] = measure["value"] if measure.get("value") is not None else Decimal("0.10")
    measure["comparator"] = measure.get("comparator") or "at_least"


def _walk(shape: type[Shape], record: Mapping[str, Any]) -> Iterator[tuple[type[Shape], Any]]:
    yield shape, record
    for name, child in below(shape).items():
        for one in record[str(shape.model_fields[name].alias)]:
            yield from _walk(child, one)


@cache
def _shape_of(kind: Any) -> type[RecordShape]:
    return by_kind()[kind]


_LINKED: Final = {"headReports": "HeadReportShape", "categorySuggestions": "CategorySuggestionShape"}


def _required_names(shape: type[RecordShape]) -> set[str]:
    named = (str(shape.model_fields[name].alias) for name in references(shape))
    return set(named) & required_in(shape)


def _fill(shape: type[Shape], draw: Draw) -> Record:
    """The fields of a shape that hold plain values. Each field that may be left out is, every other time."""
    needed, free = _plain(shape)
    kept = draw(st.integers(0, 2 ** len(free) - 1))
    chosen = [one for place, one in enumerate(free) if kept >> place & 1]
    return {name: draw(values) for name, values in (*needed, *chosen)}


@cache
def _plain(shape: type[Shape]) -> tuple[list[tuple[str, Any]], list[tuple[str, Any]]]:
    schema = shape.model_json_schema()
    apart = {"oddities", *below(shape)}
    if issubclass(shape, RecordShape):
        apart |= {"code", *references(shape), *shape.LINKS}
    needed: list[tuple[str, Any]] = []
    free: list[tuple[str, Any]] = []
    for name, entry in shape.model_fields.items():
        if name not in apart:
            made = _values(schema["properties"][entry.alias], schema.get("$defs", {}), name)
            (needed if entry.is_required() else free).append((str(entry.alias), made))
    return needed, free


def _values(told: Mapping[str, Any], defs: Mapping[str, Any], name: str) -> st.SearchStrategy[Any]:
    """What a field's part of the schema allows."""
    match told:
        case {"$ref": ref}:
            return _values(defs[ref.rpartition("/")[2]], defs, name)
        case {"anyOf": [{"type": "number"}, *_]}:
            return decimals
        case {"anyOf": [one, {"type": "null"}]}:
            return _values(one, defs, name)
        case {"type": "array", "items": item}:
            return st.lists(_values(item, defs, name), max_size=2)
        case {"type": "object", "properties": members}:
            return st.fixed_dictionaries({key: _values(one, defs, key) for key, one in members.items()})
    return _single(told, name)


def _single(told: Mapping[str, Any], name: str) -> st.SearchStrategy[Any]:
    match told:
        case {"enum": words}:
            return st.sampled_from(words)
        case {"type": "boolean"}:
            return st.booleans()
        case {"type": "integer"} if name == "nth":
            return st.integers(1, 3)
        case {"type": "integer", "minimum": least, "maximum": most}:
            return st.integers(least, most)
        case {"type": "integer"}:
            return numbers
        case {"type": "string"}:
            return _string(told, name)
    raise AssertionError(f"Nothing is drawn for {name}: {told}")


def _string(told: Mapping[str, Any], name: str) -> st.SearchStrategy[Any]:
    if name == "explanation":
        return objects
    if name == "due":
        return st.sampled_from(DUES) | texts(200)
    match told:
        case {"format": "date"}:
            return days
        case {"format": "date-time"}:
            return instants
        case {"pattern": pattern}:
            return _of_form(name, pattern)
    return texts(told.get("maxLength", 2000))


def _of_form(name: str, pattern: str) -> st.SearchStrategy[str]:
    if name == "code":
        return st.sampled_from(["to_ask", "lead_missing", "a_fault"])
    drawn = st.sampled_from(FORMS[name]) if name in FORMS else codes
    return drawn.filter(lambda text: re.search(pattern, text))
