"""A pack folder is read whole or refused whole, and a refusal names every fault by file, line and path."""

import random
import re
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.packs.layout import by_noun
from app.packs.reading import BrokenPack, PackFault, read_pack

PACKS = Path(__file__).parents[2] / "packs"

TRUST = """\
format: 1
trust: {code: elm, name: Elm Trust, kind: federation}
bodies:
  - {code: SLT, label: leaders, kind: leadership_team}
people:
  - code: AB
    kind: person
    body: SLT
"""
PLAN = """\
plans:
  - code: first
    title: First plan
    type: improvement
    startsOn: 2017-09-01
    endsOn: 2018-08-31
    phases:
      - {code: "1", no: 1, printed: Year 1, startsOn: 2017-09-01, endsOn: 2018-08-31}
    areas:
      - code: LM
        no: 1
        kind: area
        label: leadership
        objectives:
          - code: L1
            label: books checked
            actions:
              - code: L1-A1
                label: check books
                leads: [{person: AB}]
    targets:
      - code: T1
        area: LM
        no: 1
        phase: "1"
        kind: numeric
        label: attendance
        value: 91.0
    oddities:
      - ref: S0-O1
        code: due_unclear
        label: no date
        on: [action:L1-A1]
"""


class Folder:
    def __init__(self, root: Path) -> None:
        self.root = root / "elm"
        self.root.mkdir()
        self.write("a_trust.yaml", TRUST)
        self.write("b_plan.yaml", PLAN)

    def write(self, name: str, text: str | bytes) -> None:
        (self.root / name).write_bytes(text if isinstance(text, bytes) else text.encode())

    def edit(self, old: str, new: str, name: str = "b_plan.yaml") -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        self.write(name, text.replace(old, new))

    def faults(self) -> tuple[PackFault, ...]:
        with pytest.raises(BrokenPack) as caught:
            read_pack(self.root)
        return caught.value.faults


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_a_sound_folder_is_read_with_its_name_and_the_place_of_every_path(folder: Folder) -> None:
    read = read_pack(folder.root)

    assert (read.name, read.pack.trust.code, [plan.code for plan in read.pack.plans]) == ("elm", "elm", ["first"])
    assert read.where["/plans/0/areas/0/objectives/0/actions/0/label"] == ("b_plan.yaml", 19)
    assert read.where["/people/0"] == ("a_trust.yaml", 6)


def test_a_later_fault_stands_at_its_path_or_at_the_nearest_record_around_it(folder: Folder) -> None:
    read = read_pack(folder.root)

    assert read.fault("/plans/0/targets/0/value", "no") == PackFault(
        "b_plan.yaml", 28, "/plans/0/targets/0/value", "no"
    )
    assert read.fault("/plans/0/targets/0/unit/x", "no").line == 22
    assert read.fault("/nowhere", "no") == PackFault("a_trust.yaml", 1, "/nowhere", "no")


@pytest.mark.parametrize("number", ["91.0", "37.40", "0.1", "123456789.123456789123456789", "-0.60", "12"])
def test_numbers_are_kept_as_written(folder: Folder, number: str) -> None:
    folder.edit("value: 91.0", f"value: {number}")

    assert str(read_pack(folder.root).pack.plans[0].targets[0].value) == str(Decimal(number))


def test_only_true_and_false_are_booleans_so_yes_no_and_on_are_words(folder: Folder) -> None:
    folder.edit("label: attendance", "label: no")
    folder.edit("title: First plan", "title: yes\n    partial: true")
    (plan,) = read_pack(folder.root).pack.plans

    assert (plan.targets[0].label, plan.title, plan.partial, plan.oddities[0].on) == (
        *("no", "yes", True),
        ["action:L1-A1"],
    )


def test_the_digest_changes_with_a_byte_or_a_name_and_with_nothing_else(folder: Folder) -> None:
    before = read_pack(folder.root).digest
    assert re.fullmatch(r"[0-9a-f]{64}", before)
    folder.write("README.md", "not part of the pack")
    assert read_pack(folder.root).digest == before

    (folder.root / "b_plan.yaml").rename(folder.root / "c_plan.yaml")
    renamed = read_pack(folder.root).digest
    folder.edit("check books", "check book", "c_plan.yaml")

    assert len({before, renamed, read_pack(folder.root).digest}) == 3


def test_plans_of_several_files_follow_one_another(folder: Folder) -> None:
    folder.write("c_plan.yaml", PLAN.replace("code: first", "code: second"))
    read = read_pack(folder.root)

    assert [plan.code for plan in read.pack.plans] == ["first", "second"]
    assert read.where["/plans/1/title"] == ("c_plan.yaml", 3)


def test_an_anchor_may_be_repeated(folder: Folder) -> None:
    folder.edit("label: books checked", "label: &again books checked")
    folder.edit("label: no date", "label: *again")

    assert read_pack(folder.root).pack.plans[0].oddities[0].label == "books checked"


def test_the_refusal_lists_its_faults_one_a_line_in_the_order_of_the_files(folder: Folder) -> None:
    folder.edit("kind: area", "kind: aera")
    folder.edit("body: SLT", "body: SLTT", "a_trust.yaml")
    with pytest.raises(BrokenPack) as caught:
        read_pack(folder.root)

    assert str(caught.value).split("\n") == [
        "a_trust.yaml:8 /people/0/body : No body has the code 'SLTT'; did you mean 'SLT'?",
        "b_plan.yaml:12 /plans/0/areas/0/kind : 'kind' must be 'area' or 'priority', not \"aera\".",
    ]


FOLDER_FAULTS = {
    "there is none": (lambda root: root.rename(root.with_name("gone")), "The folder cannot be read: No such file or"),
    "no yaml": (lambda root: [file.unlink() for file in root.iterdir()], "No file here ends in .yaml; a pack needs"),
    "51 files": (lambda root: [(root / f"{n}.txt").touch() for n in range(49)], "The folder holds 51 files and may"),
}


@pytest.mark.parametrize("case", FOLDER_FAULTS)
def test_a_folder_that_cannot_hold_a_pack_is_refused(folder: Folder, case: str) -> None:
    spoil, sentence = FOLDER_FAULTS[case]
    spoil(folder.root)
    (fault,) = folder.faults()

    assert (fault.file, fault.line, fault.path) == (".", 0, "")
    assert fault.reason.startswith(sentence)


def test_a_file_of_more_than_5_megabytes_is_refused(folder: Folder) -> None:
    folder.write("c.yaml", b"#" * 5_000_001)

    assert folder.faults() == (
        PackFault(
            "c.yaml", 1, "", "The file has 5000001 bytes and may have 5000000; spread its plans over several files."
        ),
    )


def test_a_file_named_yml_or_a_folder_named_yaml_is_not_passed_over(folder: Folder) -> None:
    folder.write("c.yml", PLAN)
    (folder.root / "d.yaml").mkdir()

    assert folder.faults() == (
        PackFault("c.yml", 1, "", "Only files that end in .yaml are read; rename this one."),
        PackFault("d.yaml", 1, "", "This is not a file that can be read; put a file in its place."),
    )


YAML_FAULTS = {
    "syntax": ("b: 1\nc: [1,\nd: 'x\n", 4, "", "The YAML cannot be read: while scanning a quoted scalar, begun on"),
    "two documents": ("people: []\n---\nb: 2\n", 2, "", "The YAML cannot be read: expected a single document"),
    "unknown alias": ("b: 1\nc: *there\n", 2, "", "The YAML cannot be read: found undefined alias"),
    "control character": ("b: 1\nc: \x01\n", 2, "", "A character stands here that YAML does not allow; take it out."),
    "tab": ("b:\n\tc: 1\n", 2, "", "A tab indents this line; put spaces in its place."),
    "not UTF-8": (b"b: 1\nc: \xe9t\xe9\n", 2, "", "These bytes are not UTF-8; save the file in that encoding."),
    "nothing": ("# to come\n", 1, "", "A pack file is a mapping; start it with a key such as 'plans:'."),
    "a list": ("- 1\n", 1, "", "A pack file is a mapping; start it with a key such as 'plans:'."),
    "key twice": ("pupilGroups: []\n\npupilGroups: []\n", 3, "/pupilGroups", "'pupilGroups' stands on line 1 too;"),
    "merge key": ("<<: {pupilGroups: []}\n", 1, "/<<", "Merge keys are not read; write the keys out."),
    "key of parts": ("? [a]\n: b\n", 1, "", "A key must be a plain word, not a list or a mapping."),
    "tag": ("pupilGroups: !!python/name:os.system []\n", 1, "/pupilGroups", "The tag 'tag:yaml.org,2002:python/name"),
    "tagged number": ("pupilGroups:\n  - !!int x\n", 2, "/pupilGroups/0", "'x' cannot be read as int; write a plain"),
    "too deep": ("b: 1\nc: " + "[" * 100_000 + "]" * 100_000, 2, "", "Lists and mappings stand more than 40 deep;"),
    "alias of itself": ("pupilGroups: &x [*x]\n", 1, "/pupilGroups" + "/0" * 40, "Too much stands here: more than"),
}


@pytest.mark.parametrize("case", YAML_FAULTS)
def test_a_fault_of_the_yaml_is_told_with_its_line(folder: Folder, case: str) -> None:
    text, line, path, sentence = YAML_FAULTS[case]
    folder.write("c.yaml", text)
    places = {(fault.file, fault.line, fault.path): fault.reason for fault in folder.faults()}

    assert places["c.yaml", line, path].startswith(sentence)


def test_a_flood_of_aliases_is_refused_once_and_soon(folder: Folder) -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    folder.write("c.yaml", "\n".join(rows))

    assert [fault.line for fault in folder.faults() if fault.reason.startswith("Too much")] == [1]


def test_a_torn_file_hides_neither_the_shape_faults_of_others_nor_adds_any_of_its_own(folder: Folder) -> None:
    folder.write("a_trust.yaml", TRUST + "pupilGroups: [\n")
    folder.edit("kind: area", "kind: aera")

    assert [(fault.file, fault.line, fault.path) for fault in folder.faults()] == [
        ("a_trust.yaml", 10, ""),
        ("b_plan.yaml", 12, "/plans/0/areas/0/kind"),
    ]


def test_a_top_level_key_stands_in_one_file_only(folder: Folder) -> None:
    folder.write("c.yaml", "people:\n  - {code: CD, kind: person}\nformat: 1\n")
    folder.edit("person: AB", "person: CD")

    assert folder.faults() == (
        PackFault("c.yaml", 1, "/people", "'people' stands in a_trust.yaml too; keep it in one file."),
        PackFault("c.yaml", 3, "/format", "'format' stands in a_trust.yaml too; keep it in one file."),
    )


TARGET_KEYS = (
    "source, code, area, no, phase, kind, label, metric, comparator, value, unit, printed, group, groupPrinted, "
    "relativeTo, gapGroup, gapOfficial, trend, trendMetric, trendCondition, caveat, due, points"
)
SHAPE_FAULTS = {
    "missing key": ("        kind: area\n", "", 10, "/areas/0/kind", "'kind' is missing; add it."),
    "unknown key": (
        *("value: 91.0", "value: 91.0\n        wholly: 1", 29, "/targets/0/wholly"),
        f"'wholly' is not a key of a record of this kind (target); it may have {TARGET_KEYS}.",
    ),
    "misspelt key": (
        *("value: 91.0", "value: 91.0\n        comparater: above", 29, "/targets/0/comparater"),
        "'comparater' is not a key of a record of this kind (target); did you mean 'comparator'?",
    ),
    "pointer signs": (
        *("value: 91.0", "value: 91.0\n        uni/t~: x", 29, "/targets/0/uni~1t~0"),
        "'uni/t~' is not a key of a record of this kind (target); did you mean 'unit'?",
    ),
    "word": ("type: improvement", "type: improve", 4, "/type", None),
    "text": ("label: no date", "label: 2017", 32, "/oddities/0/label", None),
    "quoted number": ('no: 1\n        phase: "1"', 'no: "1"\n        phase: "1"', 24, "/targets/0/no", None),
    "yes": ("type: improvement", "type: improvement\n    partial: yes", 5, "/partial", None),
    "date": ("startsOn: 2017-09-01\n", "startsOn: 2017-13-01\n", 5, "/startsOn", None),
    "quoted seconds": ("startsOn: 2017-09-01\n", 'startsOn: "1488326400"\n', 5, "/startsOn", None),
    "measure": ("value: 91.0", "value: about 91", 28, "/targets/0/value", None),
    "too small": ("no: 1\n        kind", "no: 0\n        kind", 11, "/areas/0/no", None),
    "not a record": ("leads: [{person: AB}]", "leads: [AB]", 20, "/areas/0/objectives/0/actions/0/leads/0", None),
    "form": ("ref: S0-O1", "ref: O 1", 30, "/oddities/0/ref", None),
    "empty": ("label: check books", 'label: ""', 19, "/areas/0/objectives/0/actions/0/label", None),
    "nothing": ("title: First plan", "title:", 3, "/title", None),
}
SAID = {
    "word": "'type' must be 'post_inspection', 'standards', 'improvement' or 'rapid', not \"improve\".",
    "text": "'label' must be text, not 2017; put a text in quotes.",
    "quoted number": "'no' must be a whole number without quotes, not \"1\".",
    "yes": "'partial' must be true or false, not \"yes\".",
    "date": "'startsOn' must be a date such as 2017-09-01, not \"2017-13-01\".",
    "quoted seconds": "'startsOn' must be a date such as 2017-09-01, not '1488326400'.",
    "measure": "'value' must be a number such as 12 or 91.0, not \"about 91\".",
    "too small": "'no' must be 1 or more, not 0.",
    "not a record": "Each item of 'leads' must be a mapping of keys to values, not \"AB\".",
    "form": "'ref' must have the form ^[A-Za-z0-9-]{1,40}$, and \"O 1\" does not.",
    "empty": "'label' must not be empty; fill it or leave the key out.",
    "nothing": "'title' must be text, not nothing; put a text in quotes.",
}


@pytest.mark.parametrize("case", SHAPE_FAULTS)
def test_a_fault_of_shape_is_told_with_its_line_and_in_the_packs_own_words(folder: Folder, case: str) -> None:
    old, new, line, path, sentence = SHAPE_FAULTS[case]
    folder.edit(old, new)

    assert folder.faults() == (PackFault("b_plan.yaml", line, f"/plans/0{path}", sentence or SAID[case]),)


def test_a_missing_top_level_key_is_told_at_the_head_of_the_first_file(folder: Folder) -> None:
    folder.edit("format: 1\n", "", "a_trust.yaml")

    assert folder.faults() == (PackFault("a_trust.yaml", 1, "/format", "'format' is missing; add it."),)


REFERENCE_FAULTS = {
    "area": ("area: LM", "area: LN", 23, "/targets/0/area", "No area has the code 'LN'; did you mean 'LM'?"),
    "phase": (
        *('phase: "1"', 'phase: "2"', 25, "/targets/0/phase"),
        "No phase has the code '2'; name one that stands in the pack, or add it.",
    ),
    "person": (
        *("person: AB", "person: AC", 20, "/areas/0/objectives/0/actions/0/leads/0/person"),
        "No person has the code 'AC'; did you mean 'AB'?",
    ),
    "academy": (
        *("type: improvement", "type: improvement\n    academies: [X]", 5, "/academies/0"),
        "No academy has the code 'X'; name one that stands in the pack, or add it.",
    ),
    "target": (
        *("label: books checked", "label: books checked\n            targets: [T1, T2]", 17),
        *("/areas/0/objectives/0/targets/1", "No target has the code 'T2'; did you mean 'T1'?"),
    ),
    "oddity's record": (
        *("[action:L1-A1]", "[action:L1-A1, action:L1-A2]", 33, "/oddities/0/on/1"),
        "No action has the code 'L1-A2'; did you mean 'L1-A1'?",
    ),
    "oddity's noun": (
        *("[action:L1-A1]", "[deed:L1-A1]", 33, "/oddities/0/on/0"),
        f"'deed:L1-A1' must be a noun, a colon and a code, such as action:L1-A1; the nouns are {', '.join(sorted(by_noun()))}.",
    ),
    "code twice": (
        *("    targets:\n", "      - {code: LM, no: 2, kind: area, label: more}\n    targets:\n", 21, "/areas/1/code"),
        "The area at /plans/0/areas/0 has the code 'LM' too; give each its own.",
    ),
    "no value": (
        *("value: 91.0", "unit: '%'", 22, "/targets/0/value"),
        "A numeric measure needs its 'value'; add the number, or call the measure qualitative.",
    ),
    "plan's dates": (
        *("endsOn: 2018-08-31\n", "endsOn: 2017-08-31\n", 6, "/endsOn"),
        "'endsOn' is 2017-08-31, before 'startsOn', 2017-09-01; put the two in order.",
    ),
    "phase's dates": (
        *("endsOn: 2018-08-31}", "endsOn: 2017-08-31}", 8, "/phases/0/endsOn"),
        "'endsOn' is 2017-08-31, before 'startsOn', 2017-09-01; put the two in order.",
    ),
}


@pytest.mark.parametrize("case", REFERENCE_FAULTS)
def test_a_fault_between_records_is_told_with_its_line(folder: Folder, case: str) -> None:
    old, new, line, path, sentence = REFERENCE_FAULTS[case]
    folder.edit(old, new)

    assert folder.faults() == (PackFault("b_plan.yaml", line, f"/plans/0{path}", sentence),)


def test_the_dates_of_a_term_and_its_halves_stand_in_order(folder: Folder) -> None:
    terms = """\
academicYears:
  - code: 2017/18
    startsOn: 2017-09-01
    endsOn: 2018-08-31
    terms:
      - no: 1
        name: autumn
        startsOn: 2017-12-20
        endsOn: 2017-09-01
        halfTerms: [{no: 1, startsOn: 2017-10-20, endsOn: 2017-09-01}]
"""
    folder.write("c.yaml", terms)

    assert [(fault.line, fault.path) for fault in folder.faults()] == [
        (9, "/academicYears/0/terms/0/endsOn"),
        (10, "/academicYears/0/terms/0/halfTerms/0/endsOn"),
    ]


def test_two_plans_may_use_one_code_but_not_each_others_records(folder: Folder) -> None:
    second = PLAN.replace("code: first", "code: second").replace("code: L1-A1", "code: Z9")
    folder.write("c.yaml", second.replace("on: [action:L1-A1]", "on: [plan:first, person:AB, action:L1-A1]"))

    assert folder.faults() == (
        PackFault(
            *("c.yaml", 33, "/plans/1/oddities/0/on/2"),
            "No action has the code 'L1-A1'; name one that stands in the pack, or add it.",
        ),
    )


def test_two_plans_or_two_people_of_one_code_clash(folder: Folder) -> None:
    folder.write("c.yaml", PLAN)
    folder.edit("people:\n", "people:\n  - {code: AB, kind: role}\n", "a_trust.yaml")

    assert folder.faults() == (
        PackFault(
            "a_trust.yaml", 7, "/people/1/code", "The person at /people/0 has the code 'AB' too; give each its own."
        ),
        PackFault("c.yaml", 2, "/plans/1/code", "The plan at /plans/0 has the code 'first' too; give each its own."),
    )


def test_nothing_is_said_of_references_to_a_kind_with_an_unread_record(folder: Folder) -> None:
    folder.edit("  - code: AB\n    kind", "  - cod: AB\n    kind", "a_trust.yaml")
    folder.edit("    areas:\n", "    araes:\n")

    assert [(fault.file, fault.line, fault.path) for fault in folder.faults()] == [
        ("a_trust.yaml", 6, "/people/0/cod"),
        ("a_trust.yaml", 6, "/people/0/code"),
        ("b_plan.yaml", 9, "/plans/0/araes"),
    ]


@pytest.mark.parametrize("trust", ["kestrel", "larkfield"])
def test_the_packs_that_come_with_the_service_have_no_fault(trust: str) -> None:
    assert read_pack(PACKS / trust).name == trust


class Line(NamedTuple):
    """A line of the kestrel plan that can be spoilt: its number, its path, and the line its record starts on."""

    no: int
    path: str
    record: int


KESTREL = (PACKS / "kestrel" / "plan.yaml").read_text(encoding="utf-8").split("\n")
KESTREL_TRUST = (PACKS / "kestrel" / "trust.yaml").read_bytes()


def spoilable() -> dict[str, list[Line]]:
    where = read_pack(PACKS / "kestrel").where
    lines: dict[str, list[Line]] = {key: [] for key in ("label", "kind", "no", "code", "area", "phase", "window")}
    for path, (file, line) in where.items():
        record, _, key = path.rpartition("/")
        if file == "plan.yaml" and key in lines and KESTREL[line - 1].lstrip(" -").startswith(f"{key}: "):
            lines[key].append(Line(line, path, where[record][1]))
    return lines


LINES = spoilable()
TWINS = [[line for line in LINES["code"] if part in line.path] for part in ("/milestones/", "/targets/", "/actions/")]


def plant(text: list[str], rng: random.Random) -> set[tuple[int, str]]:
    """Spoil one line that is still whole; the places where the reading must then find fault."""
    how = rng.choice(["take out", "misspell", "lead nowhere", "repeat a code", "wrong word"])
    keys = {"take out": ("label", "kind", "no"), "misspell": ("label", "kind"), "wrong word": ("kind",)}
    twins = rng.choice(TWINS)
    choice = [line for key in keys.get(how, ("area", "phase", "window")) for line in LINES[key]]
    line = rng.choice([line for line in (twins[1:] if how == "repeat a code" else choice) if whole(text, line)])
    record, _, key = line.path.rpartition("/")
    old = text[line.no - 1]
    indent = old[: len(old) - len(old.lstrip(" "))]
    model = KESTREL[twins[0].no - 1].partition(": ")[2]
    text[line.no - 1] = {
        "take out": "# taken out",
        "misspell": old.replace(f"{key}:", f"{key}x:", 1),
        "lead nowhere": f"{indent}{key}: Nowhere",
        "wrong word": f"{indent}{key}: sideways",
        "repeat a code": f"{old.partition(': ')[0]}: {model}",
    }[how]
    missing = {(line.record, line.path)} if how in {"take out", "misspell"} else {(line.no, line.path)}
    return missing | ({(line.no, f"{record}/{key}x")} if how == "misspell" else set())


def whole(text: list[str], line: Line) -> bool:
    return text[line.no - 1] == KESTREL[line.no - 1]


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(min_value=0), times=st.integers(min_value=1, max_value=3))
def test_every_planted_fault_is_found_at_its_line(seed: int, times: int) -> None:
    rng, text = random.Random(seed), list(KESTREL)
    planted = set.union(*(plant(text, rng) for _ in range(times)))
    with tempfile.TemporaryDirectory() as root:
        (Path(root) / "plan.yaml").write_text("\n".join(text), encoding="utf-8")
        (Path(root) / "trust.yaml").write_bytes(KESTREL_TRUST)
        with pytest.raises(BrokenPack) as caught:
            read_pack(Path(root))

    assert planted <= {(fault.line, fault.path) for fault in caught.value.faults if fault.file == "plan.yaml"}
