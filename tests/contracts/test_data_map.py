"""The data map says of every column what the code says of it, and a page that does not is found."""

from pathlib import Path

import pytest

from app.domain.data_classes import class_of
from app.domain.model import KEPT
from app.domain.subjects import REGISTRY
from contracts import data_map


def test_every_column_stands_in_the_map_under_its_class() -> None:
    sections = data_map.map_text().split("\n### ")[1:]
    told = {
        (name.strip("`"), row.split("|")[1].strip())
        for section in sections
        for row in section.splitlines()
        if row.startswith("| ") and row.count("|") == 3
        for name in row.split("|")[2].strip().split(", ")
    }

    assert len(sections) == len(KEPT)
    assert {(column.name, str(class_of(kind, column.name))) for kind in KEPT for column in kind.columns()} <= told


def test_everywhere_a_person_is_met_stands_in_the_map() -> None:
    text = data_map.map_text()

    assert [met for met in REGISTRY if f"| `{met.kind.noun()}` | `{met.column}` |" not in text] == []


def test_a_stale_page_is_found_and_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written, assessed = tmp_path / "data-map.md", tmp_path / "dpia.md"
    assessed.write_text(data_map.ASSESSMENT.read_text().replace("| Observations |", "| Looks |"))
    monkeypatch.setattr(data_map, "MAP", written)
    monkeypatch.setattr(data_map, "ASSESSMENT", assessed)

    found = data_map.check()
    data_map.write()

    assert found is not None
    assert [line.partition(" ")[0] for line in found.splitlines()] == [
        "docs/reference/data-map.md",
        "docs/reference/dpia.md",
    ]
    assert data_map.check() is None
    assert "| Observations |" in assessed.read_text()
    assessed.write_text("Nothing is marked here.")
    with pytest.raises(ValueError, match="has lost the marks"):
        data_map.check()
