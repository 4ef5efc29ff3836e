"""What was measured, judged and given, in a pack: it loads once, comes back equal, and its faults are told with their place."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.demo.trust import demo_pack
from app.domain.head_reports import HeadReport
from app.domain.readings import Reading
from app.domain.review_vocabulary import AllocationStatus, ReportStatus
from app.domain.support import SupportAllocation
from app.packs.exporting import export_pack
from app.packs.format import Pack
from app.packs.loading import load_pack
from app.packs.reading import BrokenPack, read_pack
from app.packs.writing import write_pack
from tests.commands.ledger import nothing_written
from tests.conftest import PACKS, Installation
from tests.packs.likeness import differences, likeness

TRUST = """\
format: 1
trust: {code: tern, name: Tern Trust, kind: multi_academy_trust}
academies: [{code: A, name: Academy A}, {code: B, name: Academy B}]
academicYears:
  - {code: 2025/26, startsOn: 2025-09-01, endsOn: 2026-08-31,
     terms: [{no: 1, name: Autumn, startsOn: 2025-09-02, endsOn: 2025-12-19}]}
pupilGroups: [{code: pp, label: pupil premium}]
metrics:
  - {code: att, label: attendance, direction: higher, rangeMin: 0, rangeMax: 100, breaks: [{on: 2020-09-01, label: closures}]}
inspectionFrameworks:
  - {code: card, label: report card, areas: [{code: inc, label: inclusion}], grades: [{code: strong, grade: strong, label: strong}]}
frameworks:
  - code: F
    title: Framework
    strands: [{code: S, label: strand}]
    benchmarkSets: [{code: main, label: main}]
    scales: [{code: rag, label: rag,
               levels: [{code: g, labels: [{context: k, label: G}]}, {code: r, labels: [{context: k, label: R}]}]}]
    stages:
      - code: "1"
        name: Secure
        openEnded: true
        benchmarks: [{code: b1, set: main, strand: S, label: it holds}]
        cadences: [{code: rev, activity: review, everyMin: 1, unit: month}]
        entitlements: [{code: e1, team: si, label: visits, unit: days, quantityMin: 3, period: year}]
    sections:
      - code: K
        label: key
        scale: rag
        lines:
          - code: l1
            label: attendance
            indicators:
              - {code: att, label: attendance, metric: att, direction: higher,
                 bands: [{no: 1, level: g, lo: 90}, {no: 2, level: r, hi: 90, hiIncluded: true}]}
    reportSections: [{code: ctx, label: context}]
    evidenceKinds: [{code: data, label: data}]
plans:
  - code: P
    title: Plan
    type: rapid
    startsOn: 2025-09-01
    endsOn: 2026-08-31
    academies: [A]
    areas: [{code: LM, no: 1, kind: area, label: leadership, objectives: [{code: O1, label: it is done}]}]
    targets:
      - {code: T, area: LM, no: 1, kind: numeric, label: attendance, metric: att, value: 92, comparator: at_least, gapGroup: pp,
         points: [{on: 2025-12-19, value: 91.50}]}
    checkWaivers: [{rule: RULE, subject: "objective:O1", because: agreed}]
"""
RECORDS = """\
readings:
  - source: registers
    asAt: 2025-12-19T15:30:00Z
    readings:
      - {metric: att, academy: A, grain: term, startsOn: 2025-09-02, endsOn: 2025-12-19, value: 93.10,
         numerator: 931, denominator: 1000}
      - {metric: att, academy: A, group: pp, grain: term, startsOn: 2025-09-02, endsOn: 2025-12-19, absence: not_collected}
      - {metric: att, official: england, grain: annual, startsOn: 2025-09-01, endsOn: 2026-08-31, value: 93}
  - source: registers
    asAt: 2026-01-09T15:30:00Z
    readings:
      - {metric: att, academy: A, grain: term, startsOn: 2025-09-02, endsOn: 2025-12-19, value: 93.40,
         numerator: 934, denominator: 1000}
observations:
  - {academy: A, kind: lesson, on: 2025-10-01, observers: [HT], judged: true, progressGrade: good}
  - {academy: A, kind: lesson, on: 2025-10-01, nth: 2, strengths: routines}
inspectionOutcomes:
  - {academy: A, inspectionFramework: card, inspectionArea: inc, inspectionGrade: strong, inspectedOn: 2025-11-20}
benchmarkAssessments:
  - {academy: A, framework: F, benchmark: b1, on: 2025-12-01, judgement: partly}
headReports:
  - {academy: A, framework: F, term: 2025/26/1, status: submitted, submittedOn: 2025-12-10,
     sections: [{section: ctx, body: as planned}]}
assuranceReviews:
  - academy: A
    framework: F
    term: 2025/26/1
    leadRole: DoE
    report: A/F/1/2025/26/1
    status: signed_off
    openedAt: 2025-12-19T16:00:00Z
    evidence:
      - {line: l1, indicator: att, metric: att, value: 93.10, levels: [g], certainty: certain, sentence: It is g.}
    ratings:
      - {line: l1, level: r, rationale: few pupils, suggestedLevel: g, suggestion: suggested, ratedBy: SIP}
categorySuggestions:
  - {academy: A, framework: F, on: 2025-12-20, agreement: agree, stage: "1", explanation: '{"missing": []}'}
categoryDecisions:
  - {academy: A, framework: F, stage: "1", decidedOn: 2026-01-05, effectiveFrom: 2026-01-12, chairRole: CEO,
     suggestion: A/F/1/2025-12-20/1}
supportAllocations:
  - academy: A
    framework: F
    entitlementRule: e1
    plan: P
    objective: O1
    team: si
    unit: days
    quantity: 3
    startsOn: 2026-01-05
    endsOn: 2026-03-27
    giverAcademy: B
    status: closed
    deliveries: [{on: 2026-01-20, quantity: 1.5}]
reviewsHeld:
  - {academy: A, framework: F, cadenceRule: rev, on: 2026-02-02}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    from app.domain.vocabulary import PlanRule  # noqa: PLC0415  the one place that names a rule

    tern = tmp_path / "tern"
    tern.mkdir()
    (tern / "a.yaml").write_text(TRUST.replace("RULE", next(iter(PlanRule))))
    (tern / "b.yaml").write_text(RECORDS)
    return tern


async def loaded(installation: Installation, pack: Pack) -> Any:
    async with installation.database.begin(installation.actor("tern")) as work:
        return await load_pack(work, pack)


async def test_every_kind_loads_once_with_the_state_it_has_reached(empty: Installation, folder: Path) -> None:
    pack = read_pack(folder).pack

    first = await loaded(empty, pack)

    assert (first.created["reading"], first.created["reading_batch"], first.created["assurance_rating"]) == (4, 2, 1)
    async with empty.database.begin(empty.actor("tern")) as work:
        readings = await work.where(Reading)
        (report,) = await work.where(HeadReport)
        (allocation,) = await work.where(SupportAllocation)
    (restated,) = [one for one in readings if one.superseded_by_id is not None]
    assert (str(restated.value), len(readings)) == ("93.10", 4)
    assert (report.status, str(report.submitted_on)) == (ReportStatus.SUBMITTED, "2025-12-10")
    assert (allocation.status, allocation.objective_id is not None) == (AllocationStatus.CLOSED, True)
    async with nothing_written(empty):
        again = await loaded(empty, pack)
    assert (again.nothing_changed, again.unchanged) == (True, first.created)


async def test_every_kind_is_exported_and_loads_equal_elsewhere(
    empty: Installation, shared: Installation, folder: Path, tmp_path: Path
) -> None:
    pack = read_pack(folder).pack
    await loaded(empty, pack)
    async with empty.database.begin(empty.actor("tern")) as work:
        exported = await export_pack(work)

    write_pack(exported.pack, tmp_path / "out")
    again = read_pack(tmp_path / "out").pack

    assert exported.left_out == {}
    await loaded(shared, again)
    assert differences(await likeness(empty, "tern"), await likeness(shared, "tern")) == {}


FAULTS = {
    "a reading of nobody": ("academy: A, grain", "grain", 5, "/readings/0/readings/0/academy",
        "A reading is of an 'academy', or an 'official' comparator; say whose it is."),
    "a value and its absence": ("absence: not_collected", "absence: not_collected, value: 1", 7, "/readings/0/readings/1/value",
        "A reading is a 'value', or the 'absence' of one with its reason; give one of the two."),
    "an unknown metric": ("{metric: att, official", "{metric: atr, official", 8, "/readings/0/readings/2/metric",
        "No metric has the code 'atr'; did you mean 'att'?"),
    "an instant without a zone": ("2026-01-09T15:30:00Z", "2026-01-09T15:30:00", 10, "/readings/1/asAt",
        "'asAt' must say its time zone, such as the Z of 2017-09-01T16:30:00Z, not \"2026-01-09T15:30:00\"."),
    "a grade without a judgement": ("judged: true, ", "", 15, "/observations/0/progressGrade",
        "'judged' and 'progressGrade' belong together; give both or neither."),
    "the same observation twice": (", nth: 2", "", 16, "/observations/1/nth",
        "The observation before it in place 1 has the same 'academy' and 'kind' and 'on' and 'nth'; give each its own."),
    "a benchmark of another framework": ("benchmark: b1", "benchmark: b2", 20, "/benchmarkAssessments/0/benchmark",
        "No benchmark has the code 'b2'; did you mean 'b1'?"),
    "an edition that is not there": ("framework: F, benchmark", "framework: F, edition: 3, benchmark", 20,
        "/benchmarkAssessments/0/edition", "'F' has no edition 3; name one that stands in the pack: 1."),
    "a term that is not there": ("term: 2025/26/1\n    leadRole", "term: 2025/26/2\n    leadRole", 27,
        "/assuranceReviews/0/term", "No term has the code '2025/26/2'; did you mean '2025/26/1'?"),
    "a report that is not there": ("report: A/F", "report: B/F", 29, "/assuranceReviews/0/report",
        "No head report has the code 'B/F/1/2025/26/1'; did you mean 'A/F/1/2025/26/1'?"),
    "a level that is not there": ("levels: [g]", "levels: [x]", 33, "/assuranceReviews/0/evidence/0/levels/0",
        "No rating level has the code 'x'"),
    "a rating that does not say why": ("rationale: few pupils, ", "", 35, "/assuranceReviews/0/ratings/0/rationale",
        "The level differs from the one suggested; say why in 'rationale'."),
    "an explanation that is no object": ("'{\"missing\": []}'", "'[]'", 37, "/categorySuggestions/0/explanation",
        "'explanation' must be a JSON object in quotes, not \"[]\"."),
    "a suggestion that is not there": ("2025-12-20/1}", "2025-12-21/1}", 40, "/categoryDecisions/0/suggestion",
        "No category suggestion has the code 'A/F/1/2025-12-21/1'; did you mean 'A/F/1/2025-12-20/1'?"),
    "a review before the decision": ("chairRole: CEO", "chairRole: CEO, nextReviewOn: 2026-01-05", 39,
        "/categoryDecisions/0/nextReviewOn",
        "'nextReviewOn' is 2026-01-05, not after 'decidedOn', 2026-01-05; put the two in order."),
    "an objective that is not there": ("objective: O1", "objective: O2", 46, "/supportAllocations/0/objective",
        "No objective has the code 'O2'; did you mean 'O1'?"),
    "support for oneself": ("giverAcademy: B", "giverAcademy: A", 52, "/supportAllocations/0/giverAcademy",
        "An academy gives support to another one; name that, or leave the key out."),
    "a delivery of nothing": ("quantity: 1.5", "quantity: 0", 54, "/supportAllocations/0/deliveries/0/quantity",
        "'quantity' must be more than nothing, not 0."),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_told_with_its_line_and_alone(folder: Path, case: str) -> None:
    old, new, line, path, sentence = FAULTS[case]
    assert old in RECORDS
    (folder / "b.yaml").write_text(RECORDS.replace(old, new, 1))

    with pytest.raises(BrokenPack) as caught:
        read_pack(folder)

    (fault,) = caught.value.faults
    assert (fault.file, fault.line, fault.path) == ("b.yaml", line, path)
    assert fault.reason.startswith(sentence)


async def test_a_reading_that_the_service_refuses_is_told_with_its_place_and_nothing_is_loaded(
    empty: Installation, folder: Path
) -> None:
    (folder / "b.yaml").write_text(RECORDS.replace("value: 93.40", "value: 193.40"))

    async with nothing_written(empty):
        with pytest.raises(Exception, match="/readings/1/readings/0/value") as refused:
            await loaded(empty, read_pack(folder).pack)

    assert "outside what the metric allows" in str(refused.value)


def named(told: Any) -> Iterator[str]:
    """Every metric code that a pack's records name."""
    match told:
        case dict():
            yield from (told[key] for key in ("metric", "trendMetric") if isinstance(told.get(key), str))
            for value in told.values():
                yield from named(value)
        case list():
            for value in told:
                yield from named(value)


@pytest.mark.parametrize("name", ["kestrel", "larkfield", "merlin", "plover", "avocet", "demo"])
def test_every_metric_that_a_pack_names_is_one_it_defines(name: str) -> None:
    made = demo_pack() if name == "demo" else read_pack(PACKS / name).pack
    pack = made.model_dump(by_alias=True)

    defined = Counter(one["code"] for one in pack["metrics"])

    assert set(named(pack)) <= defined.keys()
    assert set(defined.values()) == {1}
