"""Proposed categories as finished bytes: what is the same for every academy is written once and then only put together."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

import orjson

from app.domain.academies import Academy
from app.domain.benchmark_standings import standing
from app.domain.category_proposals import (
    Change,
    Input,
    NoWayOut,
    Proposal,
    Way,
    propose,
    ways_out,
)
from app.domain.framework_vocabulary import Applies
from app.domain.frameworks import Framework
from app.domain.judgements import Judged, judge, why_not
from app.domain.measure_vocabulary import Verdict
from app.domain.review_vocabulary import Agreement, Held
from app.domain.stage_measures import MetricTests, Piece, StageRules
from app.domain.stages import MaturityStage
from app.domain.suppositions import NOTHING_SUPPOSED, Supposition
from app.queries.category_pieces import told_criterion, told_judgement, told_names, told_share
from app.queries.category_words import of_piece, of_proposal, of_ways
from app.queries.published import exact
from app.queries.stage_inputs import Assessed, Known
from app.queries.stage_rules import BenchmarkTest, Categories

_RULE_OF_WAYS: Final = "stage.fewest_changes_then_nearest"
_NO_FRAMEWORK: Final = "framework.none_in_force"


@dataclass(frozen=True)
class Explained:
    """A proposal, and the answer that explains it. `stage` is its place in the framework."""

    proposal: Proposal
    framework: Framework | None
    stage: MaturityStage | None
    body: bytes


@dataclass
class Explainer:
    """One framework, asked about academies on one day. It keeps every part it has written once."""

    categories: Categories
    on: date
    as_known_at: datetime | None = None
    _written: dict[Hashable, bytes] = field(default_factory=dict)

    @property
    def rules(self) -> StageRules:
        return self.categories.rules

    def explain(self, academy: Academy, known: Known, supposed: Supposition = NOTHING_SUPPOSED) -> Explained:
        judged = [
            judge(group, known.figures, known.judgements, on=self.on, supposed=supposed) for group in self.rules.groups
        ]
        inputs = [one.given for one in judged]
        metrics = [self._metric(group, one) for group, one in zip(self.rules.groups, judged, strict=True)]
        missing = [group.metric for group, one in zip(self.rules.groups, judged, strict=True) if one.why]
        proposal = propose(self.rules, inputs)
        ways = ways_out(self.rules, inputs, proposal)
        stage = None if proposal.stage is None else self.rules.stages[proposal.stage]
        pointing = self._pointing(inputs)
        answer = {
            "academyId": academy.id,
            "academy": academy.code,
            "on": self.on,
            "asKnownAt": instant(self.as_known_at),
            "framework": self._framework(academy),
            "agreement": proposal.agreement,
            "stage": self._stage(stage),
            "rule": proposal.rule,
            "sentence": of_proposal(self.rules, proposal, pointing, missing),
            "barredBy": proposal.barred,
            "missing": missing,
            "pointing": [{"stage": self.rules.stages[at].code, "metrics": codes} for at, codes in pointing.items()],
            "metrics": orjson.Fragment(b"[" + b",".join(metrics) + b"]"),
            "benchmarks": [self._benchmark(one, academy, known, supposed) for one in self.categories.benchmarks],
            "evidence": self._evidence(),
            "ratings": orjson.Fragment(known.ratings),
            "wayOut": self._way_out(inputs, ways),
        }
        return Explained(proposal, self.rules.framework, stage, orjson.dumps(answer, default=exact))

    def _metric(self, group: MetricTests, judged: Judged) -> bytes:
        piece, value = judged.given.piece, judged.given.value
        start = self._piece(group, piece) if piece else self._not_evaluable(group, judged)
        return b'%b,"value":%b,"reading":%b,"judgements":%b,"supposed":%b}' % (
            start,
            b"null" if value is None else f"{value:f}".encode(),
            (judged.figure.told or "null").encode() if judged.figure else b"null",
            orjson.dumps([told_judgement(one) for one in judged.used]) if judged.used else b"[]",
            b"true" if judged.supposed else b"false",
        )

    def _piece(self, group: MetricTests, piece: Piece) -> bytes:
        if piece not in self._written:
            codes = [stage.code for stage in self.rules.stages]
            told = {
                **told_names(group),
                "criteria": [told_criterion(one.test, one.verdict, codes) for one in piece.criteria],
                "matches": [codes[at] for at in piece.matches],
                "points": [codes[at] for at in piece.points],
                "gap": all(one.verdict is Verdict.NOT_MET for one in piece.criteria),
                "interval": piece.says,
                "rule": piece.rule,
                "why": None,
                "sentence": of_piece(self.rules, group, piece),
            }
            self._written[piece] = orjson.dumps(told)[:-1]
        return self._written[piece]

    def _not_evaluable(self, group: MetricTests, judged: Judged) -> bytes:
        assert judged.why is not None, "what cannot be judged says why"
        absence = judged.figure.absence if judged.figure else None
        grades = group.graded.grades if group.graded else {}
        labels = ", ".join(sorted({grades[one.grade].label for one in judged.used}))
        key = (group, judged.why, absence, labels)
        if key not in self._written:
            codes = [stage.code for stage in self.rules.stages]
            told = {
                **told_names(group),
                "criteria": [told_criterion(test, Verdict.NOT_EVALUABLE, codes) for test in group.tests],
                "matches": [],
                "points": [],
                "gap": False,
                "interval": None,
                "rule": None,
                "why": judged.why,
                "sentence": why_not(judged.why, group, absence=absence, grade=labels),
            }
            self._written[key] = orjson.dumps(told)[:-1]
        return self._written[key]

    def _pointing(self, inputs: Sequence[Input]) -> dict[int, list[str]]:
        """The stages that metrics point to, in order, with those metrics."""
        found: dict[int, list[str]] = {}
        for group, given in zip(self.rules.groups, inputs, strict=True):
            for at in given.piece.points if given.piece else ():
                found.setdefault(at, []).append(group.metric)
        return dict(sorted(found.items()))

    def _framework(self, academy: Academy) -> orjson.Fragment:
        framework = self.rules.framework
        fits = framework.fits(academy)
        if ("framework", fits) not in self._written:
            self._written["framework", fits] = orjson.dumps(
                {
                    "id": framework.id,
                    "code": framework.code,
                    "edition": framework.edition,
                    "nestedReading": framework.nested_reading,
                    "measurePolicy": framework.measure_policy,
                    "fits": fits,
                }
            )
        return orjson.Fragment(self._written["framework", fits])

    def _stage(self, stage: MaturityStage | None) -> orjson.Fragment | None:
        if stage is None:
            return None
        if stage not in self._written:
            told = {"id": stage.id, "code": stage.code, "no": stage.no, "name": stage.name}
            self._written[stage] = orjson.dumps(told)
        return orjson.Fragment(self._written[stage])

    def _evidence(self) -> orjson.Fragment:
        if "evidence" not in self._written:
            told = [{"code": one.code, "label": one.label} for one in self.categories.evidence]
            self._written["evidence"] = orjson.dumps(told)
        return orjson.Fragment(self._written["evidence"])

    def _benchmark(self, test: BenchmarkTest, academy: Academy, known: Known, supposed: Supposition) -> orjson.Fragment:
        applies, code = test.applies_to(academy), test.benchmark.code
        assessed = known.assessments.get(test.benchmark.id)
        if code in supposed.judgements:
            assessed = Assessed(supposed.judgements[code], self.on, None)
        judged = assessed.judgement if assessed else None
        value = None
        if judged is None and test.range is not None:
            figure = known.figures.get(test.benchmark.metric or "")
            value = supposed.values.get(test.benchmark.metric or "", figure.value if figure else None)
        found = standing(applies, judged, test.range, value)
        shown = b"null" if value is None else f"{value:f}".encode()
        return orjson.Fragment(
            b'%b,"judgedOn":%b,"assessmentId":%b,"value":%b}'
            % (
                self._benchmark_start(test, applies, found.verdict, found.rule, judged),
                b'"%b"' % assessed.on.isoformat().encode() if assessed and assessed.on else b"null",
                b'"%b"' % str(assessed.assessment_id).encode() if assessed and assessed.assessment_id else b"null",
                shown,
            )
        )

    def _benchmark_start(
        self, test: BenchmarkTest, applies: Applies, verdict: Verdict, rule: str, judged: Held | None
    ) -> bytes:
        key = (test, applies, verdict, rule, judged)
        if key not in self._written:
            told = {
                "code": test.benchmark.code,
                "label": test.benchmark.label,
                "stage": self.rules.stages[test.stage].code,
                "set": test.set,
                "strand": test.strand,
                "applies": applies,
                "condition": test.condition.label if test.condition else None,
                "verdict": verdict,
                "rule": rule,
                "judgement": judged,
            }
            self._written[key] = orjson.dumps(told)[:-1]
        return self._written[key]

    def _way_out(self, inputs: Sequence[Input], ways: tuple[Way, ...] | NoWayOut) -> dict[str, Any]:
        if isinstance(ways, NoWayOut):
            return {"rule": _RULE_OF_WAYS, "why": ways, "sentence": of_ways(ways), "ways": []}
        of_group = dict(zip(self.rules.groups, inputs, strict=True))
        told = [
            {
                "stage": self._stage(self.rules.stages[way.stage]),
                "criteria": len(way.changes),
                "share": told_share(way.share),
                "reachable": not way.obstacles,
                "changes": orjson.Fragment(
                    b"[" + b",".join(self._change(one, of_group[one.goal.tests]) for one in way.changes) + b"]"
                ),
                "obstacles": [{"metric": tests.metric, "why": why} for tests, why in way.obstacles],
            }
            for way in ways
        ]
        return {"rule": _RULE_OF_WAYS, "why": None, "sentence": None, "ways": told}

    def _change(self, change: Change, given: Input) -> bytes:
        assert given.piece is not None, "ways are worked out where nothing is missing"
        goal = change.goal
        if goal not in self._written:
            told = {
                **told_names(goal.tests),
                "fromGrades": sorted(given.piece.grades),
                "to": goal.to,
                "toValue": None if goal.grade else goal.value,
                "toIncluded": goal.included,
                "toGrade": goal.grade,
            }
            self._written[goal] = orjson.dumps(told, default=exact)[:-1]
        value = b"null" if given.value is None else f"{given.value:f}".encode()
        share = b"null" if change.share is None else f"{told_share(change.share):f}".encode()
        return b'%b,"fromValue":%b,"share":%b}' % (self._written[goal], value, share)


def without_framework(academy: Academy, on: date, as_known_at: datetime | None) -> Explained:
    """The answer where no framework is in force for the academy's kind of school."""
    proposal = Proposal(Agreement.NO_RULE, None, (), (), _NO_FRAMEWORK)
    answer = {
        "academyId": academy.id,
        "academy": academy.code,
        "on": on,
        "asKnownAt": instant(as_known_at),
        "framework": None,
        "agreement": proposal.agreement,
        "stage": None,
        "rule": proposal.rule,
        "sentence": f"No one framework is in force on {on} for this kind of school. Name the one meant: frameworkId.",
        "barredBy": [],
        "missing": [],
        "pointing": [],
        "metrics": [],
        "benchmarks": [],
        "evidence": [],
        "ratings": [],
        "wayOut": {"rule": _RULE_OF_WAYS, "why": NoWayOut.NO_RULE, "sentence": of_ways(NoWayOut.NO_RULE), "ways": []},
    }
    return Explained(proposal, None, None, orjson.dumps(answer))


def instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None
