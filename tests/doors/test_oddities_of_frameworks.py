"""Every oddity of S2, S3 and S4 is answered by its flags, on records that are there, with the ranges that are at fault."""

from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from app.queries.nouns import NOUNS
from tests.conftest import Installation
from tests.doors.asking import Door

TRUSTS = {"S2": "merlin", "S3": "plover", "S4": "avocet"}
ROWS = {"S2": 13, "S3": 19, "S4": 22}
EVERY_ODDITY = [(source, f"{source}-O{row}") for source, rows in ROWS.items() for row in range(1, rows + 1)]

# Oddities that the ledger counts, and how many records of which noun carry them.
COUNTED = {
    "S2-O1": {"indicative_measure": 2},
    "S2-O5": {"maturity_stage": 4},
    "S2-O7": {"strand": 2},
    "S2-O8": {"template_item": 24, "maturity_stage": 1},
    "S2-O9": {"template_item": 2},
    "S3-O1": {"maturity_stage": 4},
    "S3-O8": {"benchmark": 2},
    "S3-O13": {"benchmark": 1},
    "S3-O15": {"benchmark": 2},
    "S3-O16": {"framework_statement": 9},
    "S4-O3": {"indicator": 6},
    "S4-O4": {"indicator": 12},
    "S4-O5": {"indicator": 3},
    "S4-O14": {"assurance_line": 14},
    "S4-O15": {"assurance_line": 3},
    "S4-O17": {"indicator": 12},
    "S4-O18": {"maturity_stage": 4},
    "S4-O22": {"person": 3},
}


@pytest_asyncio.fixture(scope="module")
async def doors(shared: Installation) -> AsyncIterator[dict[str, Door]]:
    made = {source: Door(shared.client(shared.keys[trust])) for source, trust in TRUSTS.items()}
    yield made
    for door in made.values():
        await door.client.aclose()


async def flags(door: Door, reference: str) -> list[dict[str, Any]]:
    return await door.every("data-quality-flags", reference=reference)


@pytest.mark.parametrize(("source", "reference"), EVERY_ODDITY)
async def test_an_oddity_of_the_source_answers_with_its_flags(
    doors: dict[str, Door], source: str, reference: str
) -> None:
    found = await flags(doors[source], reference)

    assert found
    assert {flag["reference"] for flag in found} == {reference}


@pytest.mark.parametrize("reference", COUNTED)
async def test_an_oddity_that_the_ledger_counts_has_as_many_flagged_records(
    doors: dict[str, Door], reference: str
) -> None:
    found = await flags(doors[reference[:2]], reference)

    assert Counter(noun for noun, _ in {(flag["onNoun"], flag["recordId"]) for flag in found}) == COUNTED[reference]


@pytest.mark.parametrize("source", TRUSTS)
async def test_every_flag_is_on_a_record_that_is_there(doors: dict[str, Door], source: str) -> None:
    plurals = {noun.table: plural for plural, noun in NOUNS.items()}
    told: dict[str, set[str]] = {}
    for flag in await doors[source].every("data-quality-flags"):
        told.setdefault(plurals[flag["onNoun"]], set()).add(flag["recordId"])

    lost = {
        plural: ids - {record["id"] for record in await doors[source].every(plural)} for plural, ids in told.items()
    }

    assert lost == {plural: set() for plural in told}


async def test_bands_that_overlap_as_printed_are_flagged_with_the_values_they_share(doors: dict[str, Door]) -> None:
    codes = {indicator["id"]: indicator["code"] for indicator in await doors["S4"].every("indicators")}

    found = await flags(doors["S4"], "S4-O3")

    assert sorted((codes[flag["recordId"]], flag["code"], flag["raw"]) for flag in found) == [
        ("partial-timetable-share", "interval_overlap", "exactly 10"),
        ("progress-maths", "interval_overlap", "exactly 50"),
        ("progress-reading", "interval_overlap", "exactly 50"),
        ("progress-writing", "interval_overlap", "exactly 50"),
        ("repeated-suspension-rate", "interval_overlap", "exactly 10"),
        ("severe-absence", "interval_overlap", "27 to under 28"),
    ]


async def test_the_bands_of_the_twelve_indicators_leave_no_gap(doors: dict[str, Door]) -> None:
    gaps = await doors["S4"].every("data-quality-flags", code="interval_gap")
    overlaps = await doors["S4"].every("data-quality-flags", code="interval_overlap")

    assert (len(gaps), len(overlaps)) == (0, 6)


async def test_the_progress_8_tests_are_flagged_with_the_value_in_none_and_the_values_in_several(
    doors: dict[str, Door],
) -> None:
    (framework,) = await doors["S2"].every("frameworks")

    found = await flags(doors["S2"], "S2-O2")

    assert {flag["recordId"] for flag in found} == {framework["id"]}
    assert sorted((flag["code"], flag["field"], flag["raw"]) for flag in found) == [
        ("measure_gap", "progress-8", "exactly 0.25"),
        ("measure_overlap", "progress-8", "-0.5 or below"),
        ("measure_overlap", "progress-8", "above -0.5 to under 0"),
    ]


@pytest.mark.parametrize("source", TRUSTS)
async def test_the_report_of_intervals_says_what_the_flags_say(doors: dict[str, Door], source: str) -> None:
    (framework,) = await doors[source].every("frameworks")
    found = [
        (flag["recordId"], flag["code"].partition("_")[2], flag["raw"])
        for flag in await doors[source].every("data-quality-flags")
        if flag["code"] in {"interval_gap", "interval_overlap", "measure_gap", "measure_overlap"}
    ]

    report = await doors[source].get(f"frameworks/{framework['id']}/intervals")

    told = [
        (one["recordId"], kind, finding["range"])
        for one in report["items"]
        for kind in ("gap", "overlap")
        for finding in one[f"{kind}s"]
    ]
    assert sorted(told) == sorted(found)
    assert len(told) == {"S2": 3, "S3": 0, "S4": 6}[source]
