"""The figures of the demo trust over two years: by term and by year, for several groups, some absent, one batch restated."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Final

from app.demo.chance import Chance
from app.demo.schools import School
from app.demo.terms import academic_years
from app.domain.vocabulary import Sector

MEASURED_YEARS: Final = ("2024/25", "2025/26")
_REGISTERS: Final = "attendance registers"
_RESULTS: Final = "results of the year"
_OFFICIAL: Final = "official statistics"
_WITH_YEAR_6: Final = frozenset({Sector.PRIMARY, Sector.ALL_THROUGH})
_WITH_YEAR_11: Final = frozenset({Sector.SECONDARY, Sector.ALL_THROUGH})
_ROLLS: Final = {
    Sector.PRIMARY: (180, 420), Sector.SECONDARY: (640, 1180), Sector.ALL_THROUGH: (980, 1320), Sector.SPECIAL: (70, 160),
    Sector.ALTERNATIVE_PROVISION: (28, 64), Sector.SIXTEEN_PLUS: (520, 900),
}  # fmt: skip
_SESSIONS: Final = 126
"""Two for each of some sixty-three school days: as many as a term has."""
_GROUPS: Final = (None, "pp", "sen")
"""Of whom attendance is told each term; None is all pupils."""
ROLL_SHARES: Final = {None: 100, "pp": 28, "sen": 17, "disadvantaged": 26, "boys": 51, "eal": 14, "high-prior": 22}
"""What share of the roll each group is."""
TRAILING: Final = 5
"""The academy whose results are far below national."""
_FAR_BEHIND: Final = (-110, 45)
_GAPS: Final = (-38, 70)
"""Where results begin against national, in tenths of a point."""
_NATIONAL: Final = {
    "attendance-rate": ("england", "term", ("93.4", "92.6", "92.9", "93.7", "92.9", "93.2")),
    "ks2-combined-expected": ("england", "annual", ("61", "62")),
    "attainment-8": ("england_other", "annual", ("49.9", "50.3")),
}


@dataclass(frozen=True)
class Span:
    """A term or a year, as readings and reviews name it."""

    key: str
    grain: str
    starts_on: str
    ends_on: str

    @property
    def told(self) -> dict[str, Any]:
        return {"grain": self.grain, "startsOn": self.starts_on, "endsOn": self.ends_on}


@cache
def terms() -> tuple[Span, ...]:
    """Those measured, the earliest first."""
    years = [year for year in academic_years() if year["code"] in MEASURED_YEARS]
    return tuple(
        Span(f"{year['code']}/{term['no']}", "term", term["startsOn"], term["endsOn"])
        for year in years
        for term in year["terms"]
    )


@cache
def years() -> tuple[Span, ...]:
    measured = [year for year in academic_years() if year["code"] in MEASURED_YEARS]
    return tuple(Span(year["code"], "annual", year["startsOn"], year["endsOn"]) for year in measured)


Readings = list[dict[str, Any]]


@dataclass(frozen=True)
class Figures:
    """The readings of one academy, by the term or year they are of."""

    school: School
    roll: int
    by_span: Mapping[str, Readings]

    @classmethod
    def drawn(cls, school: School, chance: Chance) -> "Figures":
        drawing = _Drawing(school, chance)
        spans = terms()[-2:] if school.is_small else terms()
        of_year = years()[-1:] if school.is_small else years()
        by_term = {span.key: list(drawing.of_term(place, span)) for place, span in enumerate(spans)}
        return cls(
            school,
            drawing.roll,
            by_term | {span.key: list(drawing.of_year(place, span)) for place, span in enumerate(of_year)},
        )

    def known(self, metric: str, by: str) -> dict[str, Any] | None:
        """The latest reading of all pupils of a term or year that had ended by a day."""
        spans = [span for span in (*years(), *terms()) if span.ends_on <= by]
        told = [
            (span.ends_on, one)
            for span in spans
            for one in self.by_span.get(span.key, ())
            if one["metric"] == metric and "group" not in one
        ]
        return max(told, key=lambda pair: pair[0], default=(None, None))[1]


def batches(figures: Sequence[Figures]) -> list[dict[str, Any]]:
    """One for each term and each year, the official figures, and what was sent again because it was wrong."""
    made = [_batch(_REGISTERS, span, figures) for span in terms()]
    made += [_batch(_RESULTS, span, figures) for span in years()]
    official = {"source": _OFFICIAL, "asAt": "2026-10-15T08:30:00Z", "readings": list(_official())}
    return [one for one in [*made, official, _restated(figures)] if one["readings"]]


def _batch(source: str, span: Span, figures: Sequence[Figures]) -> dict[str, Any]:
    readings = [reading for one in figures for reading in one.by_span.get(span.key, ())]
    return {"source": source, "asAt": f"{span.ends_on}T15:30:00Z", "readings": readings}


def _official() -> Iterator[dict[str, Any]]:
    for metric, (scope, grain, values) in _NATIONAL.items():
        spans = terms() if grain == "term" else years()
        for span, value in zip(spans, values, strict=True):
            yield {"metric": metric, "official": scope, **span.told, "value": Decimal(value)}


def _restated(figures: Sequence[Figures]) -> dict[str, Any]:
    """Attendance of one term for some academies: registers were corrected after the term."""
    term = terms()[-2]
    readings = []
    for one in figures[2:10:3]:
        for reading in one.by_span[term.key]:
            if reading["metric"] == "attendance-rate" and "group" not in reading and "value" in reading:
                counted = reading["numerator"] + 37
                readings.append({**reading, "numerator": counted, "value": share_of(counted, reading["denominator"])})
    note = "late marks were entered as absences"
    return {"source": _REGISTERS, "asAt": "2026-05-08T15:30:00Z", "note": note, "readings": readings}


def share_of(part: Decimal, whole: Decimal) -> Decimal:
    return (100 * part / whole).quantize(Decimal("0.01"))


class _Drawing:
    """An academy has a level of its own for each figure, and moves from it a little each time."""

    def __init__(self, school: School, chance: Chance) -> None:
        self.school, self.chance = school, chance
        self.roll = chance.within(*_ROLLS[school.sector])
        self.attendance = chance.within(912, 958)
        self.absence = chance.within(110, 300)
        self.suspensions = chance.within(0, 90)
        self.reviewed = chance.within(620, 930)
        self.gap = chance.within(*(_FAR_BEHIND if school.no == TRAILING else _GAPS))

    def of_term(self, place: int, span: Span) -> Iterator[dict[str, Any]]:
        for group in _GROUPS if not self.school.is_small else (None,):
            pupils = max(6, self.roll * ROLL_SHARES[group] // 100)
            lower = 0 if group is None else 14
            rate = self.attendance + 4 * place - lower + self.chance.within(-9, 9)
            yield self._counted("attendance-rate", span, group, rate, pupils * _SESSIONS)
        yield self._counted(
            "persistent-absence-rate", span, None, self.absence - 6 * place + self.chance.within(-15, 15), self.roll
        )
        if self.school.is_small:
            return
        if self.school.sector is not Sector.SIXTEEN_PLUS:
            value = Decimal(max(0, self.suspensions - 5 * place + self.chance.within(-8, 8))).scaleb(-1)
            yield {"metric": "suspension-rate", "academy": self.school.code, **span.told, "value": value}
        plans = max(4, self.roll // 25)
        yield self._counted(
            "plans-reviewed", span, None, min(1000, self.reviewed + 9 * place + self.chance.within(-20, 20)), plans
        )

    def of_year(self, place: int, span: Span) -> Iterator[dict[str, Any]]:
        yield self._valued("outcomes-gap", span, self.gap + 12 * place + self.chance.within(-8, 8))
        if self.school.is_small:
            return
        yield self._valued("reserves-share", span, self.chance.within(18, 118))
        yield self._valued("staff-turnover", span, self.chance.within(70, 310))
        if self.school.sector in _WITH_YEAR_6:
            yield self._valued("ks2-combined-expected", span, self.chance.within(520, 690))
            yield self._valued("ks2-combined-expected", span, self.chance.within(430, 600), group="disadvantaged")
        if self.school.sector in _WITH_YEAR_11:
            yield self._valued("attainment-8", span, self.chance.within(402, 498))
            yield self._valued("attainment-8", span, self.chance.within(340, 430), group="disadvantaged")

    def _valued(self, metric: str, span: Span, tenths: int, **of: str) -> dict[str, Any]:
        """A value in tenths; schools without results of their own have the reason instead."""
        told = {"metric": metric, "academy": self.school.code, **of, **span.told}
        if metric == "outcomes-gap" and self.school.sector is Sector.ALTERNATIVE_PROVISION:
            return {**told, "absence": "not_applicable"}
        if metric == "outcomes-gap" and self.school.sector is Sector.SIXTEEN_PLUS and span.key == MEASURED_YEARS[-1]:
            return {**told, "absence": "awaiting_results"}
        return {**told, "value": Decimal(tenths).scaleb(-1)}

    def _counted(self, metric: str, span: Span, group: str | None, tenths: int, whole: int) -> dict[str, Any]:
        """A share with its counts; one that was not collected is told as such."""
        told: dict[str, Any] = {"metric": metric, "academy": self.school.code}
        told |= {"group": group} if group else {}
        told |= span.told
        if not self.school.is_small and self.chance.below(60) == 0:
            return {**told, "absence": "not_collected"}
        part = Decimal(min(whole, max(0, whole * tenths // 1000)))
        return {**told, "value": share_of(part, Decimal(whole)), "numerator": part, "denominator": Decimal(whole)}
