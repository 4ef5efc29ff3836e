"""The bill of materials: valid, the same bytes from the same lock, with what is locked and nothing of where it came from."""

import json
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from contracts import sbom
from contracts.locks import read_python

ROOT = Path(__file__).resolve().parents[2]
LOCK = (
    "reader==2.0 ; sys_platform == 'win32' \\\n    --hash=sha256:"
    + "ab" * 32
    + "\n    # via milepost (pyproject.toml)\n"
    "writer==1 \\\n    --hash=sha256:" + "cd" * 32 + "\n    # via reader\n"
)
PROJECT = '[project]\nname = "milepost"\nversion = "1.2"\nlicense = "Apache-2.0"\ndescription = "It keeps plans."\n'


def test_the_document_in_the_tree_is_valid_and_holds_what_the_lock_holds() -> None:
    text = (ROOT / sbom.NAME).read_text()
    told = json.loads(text)

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    locked = read_python("lock", (ROOT / sbom.LOCK).read_text())
    assert {(part["name"], part["version"]) for part in told["components"]} == {
        (one.name, one.version) for one in locked
    }
    assert {part["purl"] for part in told["components"]} == {f"pkg:pypi/{one.name}@{one.version}" for one in locked}
    assert "timestamp" not in told["metadata"]
    assert "/simple" not in text


def test_the_same_lock_makes_the_same_bytes() -> None:
    assert sbom.text() == sbom.text()


def test_a_part_has_its_files_digests_its_marker_its_licence_and_what_it_needs() -> None:
    bom = sbom.of(LOCK, PROJECT, {"reader==2.0": "MIT"})

    reader = next(part for part in bom.components if part.name == "reader")
    assert [str(licence.value) for licence in reader.licenses] == ["MIT"]
    assert [(one.name, one.value) for one in reader.properties] == [("python:marker", "sys_platform == 'win32'")]
    assert [digest.content for one in reader.external_references for digest in one.hashes] == ["ab" * 32]
    assert {str(one.ref): sorted(str(needed.ref) for needed in one.dependencies) for one in bom.dependencies} == {
        "milepost": ["reader==2.0"],
        "reader==2.0": ["writer==1"],
        "writer==1": [],
    }
    assert bom.serial_number != sbom.of(LOCK, PROJECT.replace("1.2", "1.3"), {}).serial_number
