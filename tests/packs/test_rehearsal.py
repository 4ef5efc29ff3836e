"""Rehearsing a load: every rule is asked, everything that would come of it is told, and nothing is kept."""

import asyncio
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from app import cli
from app.config import Settings
from app.db.embedded import EmbeddedPostgres
from app.domain.framework_vocabulary import FrameworkStatus
from app.installation import Installation as Installed
from app.pack_loads import load, rehearse
from app.packs.format import Pack
from app.packs.outcome import Change
from app.packs.reading import BrokenPack, ReadPack, read_pack
from app.packs.writing import write_pack
from app.queries.comparison import FieldChange, RecordChange
from tests.commands.ledger import nothing_written
from tests.conftest import PACKS, Installation, drop_database, make_database

ODD = Path(__file__).parent / "odd"


def quietly(_done: int, _all: int) -> None:
    """No bar."""


def next_edition() -> Pack:
    """The five steps, and an edition after theirs: one step renamed, one benchmark more, one line fewer."""
    pack = read_pack(ODD / "redshank").pack
    former = pack.frameworks[0]
    later = former.model_copy(deep=True, update={"edition": 4, "valid_from": date(2027, 9, 1)})
    later.stages[1].name = "Step 1: settled"
    later.stages[3].benchmarks = [later.stages[0].benchmarks[0].model_copy(update={"code": "3-L", "thread": None})]
    later.sections[0].lines = []
    former.valid_to = None
    pack.frameworks.append(later)
    return pack


def written(pack: Pack, folder: Path) -> ReadPack:
    write_pack(pack, folder)
    return read_pack(folder)


@pytest.mark.parametrize("name", ["curlew", "gannet", "redshank"])
async def test_of_a_trust_that_is_not_there_every_record_is_told_and_none_is_kept(
    empty: Installation, name: str
) -> None:
    read = read_pack(ODD / name)

    async with nothing_written(empty):
        rehearsal = await rehearse(empty.database, read)
    loaded = await load(empty.database, read, quietly)

    assert rehearsal.comparisons == []
    assert rehearsal.loaded == loaded
    assert sum(loaded.created.values()) == len(loaded.changes) > 20
    assert loaded.changed == Counter()


async def test_of_a_pack_that_is_loaded_nothing_is_told(shared: Installation) -> None:
    async with nothing_written(shared):
        rehearsal = await rehearse(shared.database, read_pack(PACKS / "avocet"))

    assert rehearsal.loaded.nothing_changed
    assert rehearsal.loaded.changes == []
    assert rehearsal.comparisons == []
    assert len(rehearsal.loaded.intervals) > 5, "gaps and overlaps are told all the same"


async def test_what_would_change_is_told_field_by_field_and_is_what_a_load_then_changes(
    packed: Installation, tmp_path: Path
) -> None:
    pack = read_pack(PACKS / "kestrel").pack
    before = pack.plans[0].areas[1].label
    pack.plans[0].areas[1].label = "Teaching, spelt otherwise"
    pack.people[0].label = "somebody else"
    was = read_pack(PACKS / "kestrel").pack.people[0].label
    read = written(pack, tmp_path)

    async with nothing_written(packed):
        rehearsal = await rehearse(packed.database, read)
    loaded = await load(packed.database, read, quietly)

    plan, area, person = pack.plans[0].code, pack.plans[0].areas[1].code, pack.people[0].code
    assert rehearsal.loaded.changed == Counter({"area": 1, "person": 1})
    assert {str(change) for change in rehearsal.loaded.changes} == {
        f"~ area {plan}/{area}: label: {before} -> Teaching, spelt otherwise",
        f"~ person {person}: label: {was} -> somebody else",
    }
    assert rehearsal.loaded == loaded


async def test_an_edition_is_compared_with_the_one_in_force(empty: Installation, tmp_path: Path) -> None:
    await load(empty.database, read_pack(ODD / "redshank"), quietly)
    read = written(next_edition(), tmp_path)

    async with nothing_written(empty):
        rehearsal = await rehearse(empty.database, read)

    (comparison,) = rehearsal.comparisons
    assert (comparison.before.edition, comparison.after.edition) == (3, 4)
    assert (comparison.before.code, comparison.after.validFrom) == ("five-steps", date(2027, 9, 1))
    renamed = FieldChange(field="name", before="Step 1: steady", after="Step 1: settled")
    told = [one for one in comparison.changes if one.noun != "framework"]
    assert sorted(told, key=lambda one: one.code) == [
        RecordChange(noun="benchmark", code="3-L", change="added", label="every class has a teacher", fields=[]),
        RecordChange(
            noun="assuranceLine", code="register", change="removed", label="single central register", fields=[]
        ),
        RecordChange(
            noun="bandStatement", code="register-met", change="removed", label="complete on the day", fields=[]
        ),
        RecordChange(noun="maturityStage", code="step-1", change="changed", label="Step 1: settled", fields=[renamed]),
    ]
    superseded = {
        "status": (FrameworkStatus.PUBLISHED, FrameworkStatus.SUPERSEDED),
        "valid_to": (None, date(2027, 8, 31)),
    }
    assert [one for one in rehearsal.loaded.changes if one.fields is not None] == [
        Change("framework", "five-steps/3", "/frameworks/0", superseded)
    ]


async def test_what_a_load_would_be_refused_for_is_told_with_file_and_line(
    packed: Installation, tmp_path: Path
) -> None:
    pack = read_pack(PACKS / "merlin").pack
    pack.frameworks[0].strands[2].label = "otherwise"
    read = written(pack, tmp_path)
    (file, line) = read.where["/frameworks/0/strands/2"]

    async with nothing_written(packed):
        with pytest.raises(BrokenPack) as caught:
            await rehearse(packed.database, read)

    (fault,) = caught.value.faults
    assert str(fault) == (
        f"{file}:{line} /frameworks/0/strands/2 : Edition 1 of secondary-strategy is published, so nothing in it "
        "changes any more. Make a new edition and change that."
    )


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


Milepost = Callable[..., Said]


@pytest.fixture
def milepost(
    server: EmbeddedPostgres,
    empty_template: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Milepost]:
    """The command line as a user runs it, on a database of its own on the tests' server."""
    name = "rehearsed"

    @contextmanager
    def installed(settings: Settings) -> Iterator[Installed]:
        yield Installed(settings, server)

    def run(*words: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["milepost", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return Said(int(str(ended.value.code or 0)), printed.out, printed.err)

    monkeypatch.setattr("app.installation.DATABASE", name)
    monkeypatch.setattr("app.installation.installed", installed)
    monkeypatch.setenv("COLUMNS", "200")
    asyncio.run(make_database(server, name, template=empty_template))
    yield run
    asyncio.run(drop_database(server, name))


def test_the_command_line_rehearses_loads_and_writes_back(milepost: Milepost, tmp_path: Path) -> None:
    folder, later, out = str(ODD / "redshank"), tmp_path / "later", tmp_path / "out"
    write_pack(next_edition(), later)

    checked = milepost("load", "--check", folder)
    first = milepost("load", folder)
    again = milepost("load", "--check", folder)
    edition = milepost("load", "--check", str(later))
    still = milepost("load", folder)
    exported = milepost("export", "redshank", "--to", str(out))

    assert [one.code for one in (checked, first, again, edition, still, exported)] == [0] * 6
    assert re.search(r"redshank: sound; loading it would create 54 and change 0 records\.", checked.out)
    assert checked.out.rstrip().endswith("Nothing was loaded.")
    assert re.search(r"maturity stage +│ +5 +│ +0 +│ +0 ", first.out)
    assert "redshank: sound; everything is there already, so loading it changes nothing." in again.out
    assert "~ framework five-steps/3: status: published -> superseded, valid_to: None -> 2027-08-31" in edition.out
    assert "five-steps edition 4 against edition 3, which is in force:" in edition.out
    assert "  changed maturityStage step-1: name: Step 1: steady -> Step 1: settled" in edition.out
    assert "everything was there already; nothing changed." in still.out, "a rehearsal leaves no edition behind"
    assert sorted(path.name for path in out.iterdir()) == ["framework-01-five-steps-3.yaml", "trust.yaml"]
    assert milepost("load", "--check", str(out)).out.startswith("out: sound; everything is there already")


def test_the_command_line_tells_in_a_sentence_what_it_cannot_do(milepost: Milepost, tmp_path: Path) -> None:
    broken, full = tmp_path / "broken", tmp_path / "full"
    pack = read_pack(ODD / "gannet").pack
    pack.frameworks[0].sections[0].scale = "rsik"
    write_pack(pack, broken)
    full.mkdir()
    (full / "letter.txt").write_text("Dear head teacher")

    faulty = milepost("load", "--check", str(broken), str(ODD / "redshank"))
    missing = milepost("export", "gannet", "--to", str(tmp_path / "out"))
    occupied = milepost("export", "gannet", "--to", str(full))

    assert [one.code for one in (faulty, missing, occupied)] == [1, 1, 1]
    fault = (
        r"framework-01-risk-register-1\.yaml:\d+ /frameworks/0/sections/0/scale : No rating scale has the code 'rsik'; "
    )
    assert faulty.err.startswith("1 fault(s); nothing was loaded.")
    assert re.search(fault + "did you mean 'risk'\\?", faulty.err)
    assert faulty.out == "", "the pack that is sound is not told of either"
    assert missing.err.strip() == ("There is no trust with the code gannet. `milepost load` makes one from a pack.")
    assert occupied.err.strip() == f"The folder {full} is not empty. Name one that is, or that is not there yet."
    assert not (tmp_path / "out").exists()
    assert [path.name for path in full.iterdir()] == ["letter.txt"]
