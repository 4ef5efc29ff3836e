"""Every locked package is new enough, has its digests, and no row of the table of advisories is left over."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from packaging.version import Version

from app.db.pg_binaries import MINIMUM
from contracts import advisories, locks
from contracts.advisories import Accepted, Advisory, Table, findings
from contracts.locks import Ecosystem, Locked, OddLock, read_npm, read_python

ROOT = Path(__file__).resolve().parents[2]
ROW = Advisory(
    Ecosystem.PYPI, "reader", Version("2.0.1"), ("CVE-2026-1234",), "It read too much.", "https://example.org"
)
TABLE = Table((ROW,), ())


def locked(version: str, **more: object) -> Locked:
    return replace(Locked("some.lock", Ecosystem.PYPI, "reader", version, ("ab",)), **more)  # type: ignore[arg-type]  # fits


def test_every_locked_package_is_new_enough_and_every_row_is_about_one() -> None:
    assert advisories.check(ROOT) is None


def test_every_lock_of_the_tree_is_read() -> None:
    found = {str(file.relative_to(ROOT)) for file in ROOT.glob("*.lock")}
    found |= {
        str(file.relative_to(ROOT)) for folder in ("contracts", "tests") for file in (ROOT / folder).glob("**/*.lock")
    }
    found |= {str(file.relative_to(ROOT)) for file in ROOT.glob("tests/*/package-lock.json")}

    assert {name for name in found if "node_modules" not in name} == {*locks.PYTHON, *locks.NPM}


def test_no_lock_names_a_place_that_packages_come_from() -> None:
    for name in (*locks.PYTHON, *locks.NPM):
        text = (ROOT / name).read_text()

        assert "index-url" not in text
        assert "find-links" not in text
        assert '"resolved"' not in text
        assert name in locks.NPM or "://" not in text


def test_the_table_and_the_start_of_the_service_agree_on_postgresql() -> None:
    rows = [row for row in advisories.read(ROOT).advisories if row.ecosystem is Ecosystem.SERVER]

    assert {row.name for row in rows} == {"postgresql"}
    assert {row.minimum.major: row.minimum.release for row in rows} == MINIMUM


@pytest.mark.parametrize(
    ("version", "says"),
    [
        ("2.0.1", []), ("10.0", []), ("2.0.1.post1", []),
        ("2.0.0", ["some.lock: reader 2.0.0 is older than reader 2.0.1 (CVE-2026-1234): It read too much."]),
        ("2.0.1rc1", ["some.lock: reader 2.0.1rc1 is older than reader 2.0.1 (CVE-2026-1234): It read too much."]),
    ],
)  # fmt: skip
def test_a_version_below_its_minimum_is_told_with_the_advisory(version: str, says: list[str]) -> None:
    assert list(findings(TABLE, [locked(version)])) == says


def test_a_package_of_the_same_name_elsewhere_is_another_one() -> None:
    other = locked("1.0", ecosystem=Ecosystem.NPM)

    assert list(findings(TABLE, [locked("3.0"), other])) == []


def test_a_package_without_a_digest_is_told() -> None:
    assert list(findings(TABLE, [locked("3.0", digests=())])) == ["some.lock: reader 3.0 is locked without a digest."]


def test_a_row_about_a_package_that_no_lock_holds_is_stale() -> None:
    assert list(findings(TABLE, [locked("3.0", name="writer")])) == [
        "contracts/advisories.toml: no lock holds reader any more. Take its rows out."
    ]


def test_an_accepted_version_passes_in_its_own_lock_until_it_is_no_longer_below() -> None:
    table = Table((ROW,), (Accepted("some.lock", "reader", "2.0.0", "It is never started."),))
    stale = (
        "contracts/advisories.toml: reader 2.0.0 is accepted in some.lock, which holds no such thing below its minimum."
    )

    assert list(findings(table, [locked("2.0.0")])) == []
    assert len(list(findings(table, [locked("2.0.0"), locked("2.0.0", lock="other.lock")]))) == 1
    assert list(findings(table, [locked("2.0.1")])) == [stale]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (replace(ROW, ids=("CVE-26-1",)), "'CVE-26-1' of reader is no CVE or GHSA number."),
        (replace(ROW, ids=()), "'' of reader is no CVE or GHSA number."),
        (replace(ROW, source="heard of it"), "reader 2.0.1 (CVE-2026-1234) names no page that says so."),
    ],
)
def test_a_row_without_its_advisory_or_its_page_is_told(row: Advisory, says: str) -> None:
    assert list(findings(Table((row,), ()), [locked("3.0")])) == [f"contracts/advisories.toml: {says}"]


def test_a_lock_of_python_is_read_with_digests_markers_and_who_asks() -> None:
    text = (
        "# a remark\nreader==2.0 ; sys_platform == 'win32' \\\n    --hash=sha256:ab \\\n    --hash=sha256:cd\n"
        "    # via\n    #   -c requirements.lock\n    #   milepost (pyproject.toml:dev)\n    #   writer\n"
        "writer==1 \\\n    --hash=sha256:ef\n    # via milepost (pyproject.toml)\n"
    )

    assert read_python("a.lock", text) == [
        Locked(
            "a.lock", Ecosystem.PYPI, "reader", "2.0", ("ab", "cd"), "sys_platform == 'win32'", ("milepost", "writer")
        ),
        Locked("a.lock", Ecosystem.PYPI, "writer", "1", ("ef",), None, ("milepost",)),
    ]


@pytest.mark.parametrize("line", ["reader>=2.0", "reader @ https://example.org/reader.whl", "-e .", "--index-url x"])
def test_a_lock_that_pins_something_else_than_a_version_is_refused(line: str) -> None:
    with pytest.raises(OddLock, match="pins no version"):
        read_python("a.lock", line)


def test_a_lock_of_npm_is_read_with_packages_inside_packages() -> None:
    packages = {
        "": {"version": "0"},
        "node_modules/@a/reader": {"version": "1.0.0", "integrity": "sha512-x"},
        "node_modules/writer/node_modules/reader": {"version": "2.0.0"},
    }

    assert read_npm("p.json", json.dumps({"packages": packages})) == [
        Locked("p.json", Ecosystem.NPM, "@a/reader", "1.0.0", ("sha512-x",)),
        Locked("p.json", Ecosystem.NPM, "reader", "2.0.0", ()),
    ]
