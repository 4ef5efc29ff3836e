"""Plans of the first shape: areas with findings, targets for each phase, objectives with windows of milestones, a budget."""

from decimal import Decimal
from typing import Any, Final

from app.demo.chance import Chance
from app.demo.records import led_by, measures_of, promise, rising
from app.demo.schools import School
from app.demo.states import action_status, due_of_action, milestone_state
from app.demo.themes import THEMES, Theme
from app.demo.wording import Wording
from app.demo.words import AREAS, ASPIRATIONS, CADENCES, COSTS, QUALITIES
from app.domain.vocabulary import AmountStatus, Confidence, PlanType

PHASES: Final = (
    ("September - December 2026", "2026-09-01", "2026-12-31", "18 December 2026"),
    ("January - April 2027", "2027-01-01", "2027-04-11", "End of March 2027"),
    ("April - August 2027", "2027-04-12", "2027-08-31", "End of July 2027"),
)
"""As printed, the first and last day, and when the phase's milestones are checked."""
_TYPES: Final = (PlanType.IMPROVEMENT, PlanType.POST_INSPECTION, PlanType.RAPID)
_CURRENCY: Final = "GBP"
_FIGURE: Final = frozenset({"metric", "label", "comparator", "value", "unit", "printed", "group"})


def phased_plan(school: School, chance: Chance) -> dict[str, Any]:
    wording = Wording.drawn(school, chance)
    codes = chance.some(tuple(AREAS), 2) if school.is_small else list(AREAS)
    areas = [_Area(no, code, school, chance.child()) for no, code in enumerate(codes, start=1)]
    _refer_across(areas)
    plan: dict[str, Any] = {
        "code": f"{school.code.lower()}-2026",
        "title": f"{school.name}: improvement plan 2026/27",
        "type": _TYPES[school.no % len(_TYPES)],
        "academies": [school.code],
        "printedPeriod": "September 2026 - August 2027",
        "startsOn": "2026-09-01",
        "endsOn": "2027-08-31",
        "aspiration": wording.fill(chance.one(ASPIRATIONS)),
        "statements": _statements(),
        "phases": [
            {"code": str(no), "no": no, "printed": printed, "startsOn": first, "endsOn": last}
            for no, (printed, first, last, _) in enumerate(PHASES, start=1)
        ],
        "windows": [
            {"code": f"W{no}", "no": no, "phase": str(no), "due": due} for no, (*_, due) in enumerate(PHASES, start=1)
        ],
        "areas": [area.record for area in areas],
        "findings": [finding for area in areas for finding in area.findings],
        "targets": [target for area in areas for target in area.targets],
    }
    if not school.is_small:
        plan["budgets"] = [_budget(wording, chance)]
    return plan


def _statements() -> list[dict[str, Any]]:
    return [{"code": code, "kind": "cadence", "label": label, "cadence": often} for code, label, often in CADENCES]


class _Area:
    """One area as it is drawn: its own record, and its findings and targets, which stand beside it in the plan."""

    def __init__(self, no: int, code: str, school: School, chance: Chance) -> None:
        self._code, self._school, self._chance = code, school, chance
        self.findings: list[dict[str, Any]] = []
        self.targets: list[dict[str, Any]] = []
        self._promise()
        themes = chance.some(THEMES[code], 1 if school.is_small else 2)
        objectives = [self._objective(place, theme) for place, theme in enumerate(themes, start=1)]
        self.record: dict[str, Any] = {
            "code": code, "no": no, "kind": "area", "label": AREAS[code], "objectives": objectives,
        }  # fmt: skip

    def _promise(self) -> None:
        """One measure that rises from phase to phase, for a group where it is drawn, and one quality in words."""
        wording = Wording.drawn(self._school, self._chance)
        measure = self._chance.one(measures_of(self._school, self._code))
        told_for_group = measure.of_pupils and self._chance.below(3) == 0
        group = {"group": wording.group, "groupPrinted": wording.group_printed} if told_for_group else {}
        for phase, (value, quality) in enumerate(
            zip(rising(measure, self._chance), QUALITIES[self._code], strict=True), start=1
        ):
            figure = {"kind": "numeric", "metric": measure.metric, **promise(measure, value, wording), **group}
            words = {"kind": "qualitative", "label": wording.fill(quality)}
            for no, told in enumerate((figure, words), start=1):
                place = {"code": f"{self._code}-{no}-{phase}", "area": self._code, "no": no, "phase": str(phase)}
                self.targets.append({**place, **told})

    def _objective(self, place: int, theme: Theme) -> dict[str, Any]:
        wording = Wording.drawn(self._school, self._chance)
        code, finding = f"{self._code}{place}", f"{self._code}-F{place}"
        self.findings.append({
            "code": finding, "area": self._code, "printedRef": f"AFI {place}", "label": wording.fill(theme.finding),
        })  # fmt: skip
        targets = [target["code"] for target in self.targets if target["no"] == place]
        return {
            "code": code,
            "printedTable": place,
            "label": wording.fill(theme.objective),
            "finding": finding,
            "targets": targets,
            "milestones": self._milestones(code, theme, wording),
            "actions": [self._action(code, no, text, wording) for no, text in enumerate(theme.actions, start=1)],
        }

    def _milestones(self, objective: str, theme: Theme, wording: Wording) -> list[dict[str, Any]]:
        """One in words for each window; in the middle window of some objectives also the area's figure."""
        milestones = []
        for no, ((*_, due), label) in enumerate(zip(PHASES, theme.milestones, strict=True), start=1):
            place = {"code": f"{objective}-M{no}-1", "no": 1, "window": f"W{no}", "kind": "milestone"}
            milestones.append(self._settled({**place, "label": wording.fill(label)}, due, wording))
        if not self._school.is_small and self._chance.below(2) == 0:
            milestones.append(self._settled(self._figure(objective), PHASES[1][3], wording))
        return milestones

    def _figure(self, objective: str) -> dict[str, Any]:
        """What the area promises for its second phase, checked once more under one of its objectives."""
        promised = next(target for target in self.targets if target["code"] == f"{self._code}-1-2")
        told = {key: value for key, value in promised.items() if key in _FIGURE}
        return {
            "code": f"{objective}-M2-2",
            "no": 2,
            "window": "W2",
            "kind": "milestone",
            "measured": "numeric",
            **told,
            "dataPending": True,
            "expectedConfidence": Confidence.ON_TRACK,
        }

    def _settled(self, milestone: dict[str, Any], due: str, wording: Wording) -> dict[str, Any]:
        (lead,) = led_by(self._school, self._code, self._chance)
        state = milestone_state(milestone, due, wording, self._chance, by=lead["person"])
        return {**milestone, "responsible": lead["person"], **state}

    def _action(self, objective: str, no: int, text: str, wording: Wording) -> dict[str, Any]:
        due = due_of_action(self._chance)
        leads = [] if self._chance.below(40) == 0 else led_by(self._school, self._code, self._chance)
        return {
            "code": f"{objective}-A{no}",
            "printedBullet": no,
            "label": wording.fill(text),
            "status": action_status(due, self._chance),
            "due": due,
            "leads": leads,
        }


def _refer_across(areas: list[_Area]) -> None:
    """The first area points at the second where the second says how: once by area, once by objective."""
    first, second = areas[0].record, areas[1].record
    first["objectives"][0]["crossReferences"] = [
        {"code": f"{first['code']}-X1", "toArea": second["code"], "label": f"see {second['label']}"},
    ]
    pointed = second["objectives"][0]
    first["objectives"][-1].setdefault("crossReferences", []).append(
        {"code": f"{first['code']}-X2", "toObjective": pointed["code"], "label": f"see objective {pointed['code']}"}
    )


def _budget(wording: Wording, chance: Chance) -> dict[str, Any]:
    """What the first phase costs. Its last line is always provisional."""
    *settled, awaited = COSTS
    lines: list[dict[str, Any]] = []
    for no, (label, detail, status) in enumerate([*chance.some(settled, 3), awaited], start=1):
        amount = Decimal(250 * chance.within(4, 60))
        lines.append({
            "code": f"B1-{no}", "no": no, "label": wording.fill(label), "detail": detail, "amount": amount,
            "status": status, "printed": f"£{amount:,}{' (to be confirmed)' if status is AmountStatus.PROVISIONAL else ''}",
        })  # fmt: skip
    total = sum(line["amount"] for line in lines)
    return {"code": "B1", "phase": "1", "currency": _CURRENCY, "printedTotal": total, "lines": lines}
