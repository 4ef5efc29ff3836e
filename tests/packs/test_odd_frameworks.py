"""Frameworks that none of the packs resembles are loaded and served with no change of code: they are data.

`odd/gannet`: four risk bands and no stages. `odd/curlew`: categories A, B and C of special schools, with no strand, benchmark
or scale. `odd/redshank`: five stages that nothing measures, and scales of two and of seven levels.
"""

import json
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from app.db.embedded import EmbeddedPostgres
from app.packs.exporting import export_pack
from app.packs.framework_shapes import FrameworkShape
from app.packs.layout import below, references
from app.packs.loading import load_pack
from app.packs.reading import read_pack
from app.packs.shapes import RecordShape
from tests.commands.ledger import nothing_written
from tests.conftest import Installation, _installed

ODD = Path(__file__).parent / "odd"
NAMES = ("curlew", "gannet", "redshank")
OF_PAGE = {"items": "templateItems"}
"""What a page calls otherwise than a pack."""


def framework_of(name: str) -> FrameworkShape:
    return read_pack(ODD / name).pack.frameworks[0]


@pytest_asyncio.fixture(scope="module")
async def odd(server: EmbeddedPostgres, empty_template: str) -> AsyncIterator[Installation]:
    """A service with the three trusts in it, and an administrator's key for each."""
    async for installation in _installed(server, empty_template):
        for name in NAMES:
            async with installation.database.begin(installation.actor(name)) as work:
                await load_pack(work, read_pack(ODD / name).pack)
            installation.keys[name] = await installation.key(name)
        yield installation


async def get(odd: Installation, name: str, address: str, **parameters: Any) -> Any:
    """An answer, its numbers exact."""
    async with odd.client(odd.keys[name]) as client:
        answer = await client.get(f"/v1/{address}", params=parameters)
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text, parse_float=Decimal)


async def items(odd: Installation, name: str, plural: str, **filters: Any) -> list[dict[str, Any]]:
    page = await get(odd, name, plural, limit=200, **filters)
    assert page["nextCursor"] is None
    listed: list[dict[str, Any]] = page["items"]
    return listed


async def codes(odd: Installation, name: str, plural: str, **filters: Any) -> list[str]:
    return [one["code"] for one in await items(odd, name, plural, **filters)]


async def id_of(odd: Installation, name: str, plural: str, code: str) -> str:
    (one,) = await items(odd, name, plural, code=code)
    return str(one["id"])


async def page_of(odd: Installation, name: str) -> Any:
    (framework,) = await items(odd, name, "frameworks")
    return await get(odd, name, f"frameworks/{framework['id']}/page")


def said(shape: RecordShape, place: int) -> dict[str, Any]:
    """What a record of a pack says, under the names that a page has for it; lists of records in their order."""
    fields = type(shape).model_fields
    listed = below(type(shape))
    plain = {
        name: getattr(shape, name)
        for name in fields
        if name not in {*listed, *references(type(shape)), "source", "published", "oddities"}
    }
    told = {str(fields[name].alias): value for name, value in plain.items()}
    told |= {f"{fields[name].alias}Code": getattr(shape, name) for name in references(type(shape))}
    if "no" in fields:
        told["no"] = told["no"] or place
    for name in listed:
        alias = str(fields[name].alias)
        told[OF_PAGE.get(alias, alias)] = [said(one, no) for no, one in enumerate(getattr(shape, name), start=1)]
    return told


def served(page: Any, told: Any) -> Any:
    """The part of a page that answers what was told. A record that is named by id alone is not compared."""
    match told:
        case dict():
            return {name: served(page[name], value) for name, value in told.items() if name in page}
        case list() if told and isinstance(told[0], dict):
            assert len(page) == len(told)
            return [served(one, other) for one, other in zip(page, told, strict=True)]
        case date():
            return date.fromisoformat(page)
        case Decimal():
            return Decimal(page)
        case _:
            return page


@pytest.mark.parametrize("name", NAMES)
async def test_its_page_says_everything_that_its_pack_says(odd: Installation, name: str) -> None:
    told = said(framework_of(name), 1)

    page = await page_of(odd, name)

    unnamed = {"cadenceRuleCode", "linkedToCode", "indicatorCode"}  # told by their ids
    assert without(served(page, told), unnamed) == without(told, unnamed)
    assert page["status"] == "published"


def without(told: Any, names: set[str]) -> Any:
    match told:
        case dict():
            return {name: without(value, names) for name, value in told.items() if name not in names}
        case list():
            return [without(one, names) for one in told]
        case _:
            return told


@pytest.mark.parametrize("name", NAMES)
async def test_a_second_load_and_its_own_export_change_nothing(odd: Installation, name: str) -> None:
    pack = read_pack(ODD / name).pack

    async with nothing_written(odd), odd.database.begin(odd.actor(name)) as work:
        again = await load_pack(work, pack)
        exported = await load_pack(work, (await export_pack(work)).pack)

    assert again.nothing_changed
    assert exported.nothing_changed


async def test_frameworks_are_found_by_kind_of_school_and_day(odd: Installation) -> None:
    assert await codes(odd, "gannet", "frameworks", sector="primary", inForceOn="2028-08-31") == ["risk-register"]
    assert await codes(odd, "gannet", "frameworks", inForceOn="2028-09-01") == []
    assert await codes(odd, "curlew", "frameworks", sector="special") == ["abc"]
    assert await codes(odd, "curlew", "frameworks", sector="primary") == []
    assert await codes(odd, "redshank", "frameworks", edition=3, inForceOn="1999-01-01") == ["five-steps"]


async def test_four_risk_bands_are_levels_like_any_others(odd: Installation) -> None:
    scale = await id_of(odd, "gannet", "rating-scales", "risk")
    critical = await id_of(odd, "gannet", "rating-levels", "critical")

    levels = await items(odd, "gannet", "rating-levels", scaleId=scale, sort="no")
    bands = await items(odd, "gannet", "bands", levelId=critical)

    assert [(level["no"], level["code"], level["colour"]) for level in levels] == [
        (1, "low", "#2e7d32"),
        (2, "moderate", "#f9a825"),
        (3, "high", "#ef6c00"),
        (4, "critical", None),
    ]
    assert {(band["lo"], band["loIncluded"], band["hi"], band["printed"]) for band in bands} == {
        (12, False, None, "above 12%"),
        (None, False, Decimal("-0.5"), None),
    }
    assert len(await items(odd, "gannet", "rating-labels", context="register")) == 4
    assert len(await items(odd, "gannet", "rating-labels", context="board")) == 3


async def test_lines_are_told_apart_by_what_they_are_rated_by(odd: Installation) -> None:
    by_figures = await codes(odd, "gannet", "assurance-lines", hasBands=True)
    by_words = await codes(odd, "gannet", "assurance-lines", hasStatements=True)
    by_nothing = await codes(odd, "gannet", "assurance-lines", hasBands=False, hasStatements=False)

    assert (by_figures, by_words, by_nothing) == (["posts", "reserves"], ["morale"], ["fraud"])
    assert await codes(odd, "gannet", "indicators", direction="higher") == ["reserve-share"]
    assert await codes(odd, "gannet", "indicators", definitionStatus="defined") == ["vacancy-rate"]
    assert await codes(odd, "gannet", "maturity-stages") == []


async def test_what_its_bands_leave_out_or_claim_twice_is_told_and_flagged(odd: Installation) -> None:
    page = await page_of(odd, "gannet")
    reports = {one["about"]: one for one in (await get(odd, "gannet", f"frameworks/{page['id']}/intervals"))["items"]}

    posts, reserves = (reports[f"The bands of {label}"] for label in (
        "rate of unfilled posts", "reserves as a share of income",
    ))  # fmt: skip
    assert ([gap["range"] for gap in posts["gaps"]], posts["overlaps"]) == (["above 10 to 12"], [])
    assert (reserves["gaps"], [one["range"] for one in reserves["overlaps"]]) == ([], ["exactly 0"])
    assert [interval["range"] for interval in reserves["intervals"]] == [
        "5 or above",
        "0 to under 5",
        "-0.5 to 0",
        "below -0.5",
    ]
    flags = await items(odd, "gannet", "data-quality-flags", frameworkId=page["id"])
    assert {(flag["code"], flag["reference"], flag["raw"]) for flag in flags} == {
        ("interval_gap", "G-1", "above 10 to 12"),
        ("interval_overlap", None, "exactly 0"),
        ("definition_undefined", None, None),
        ("numeric_bands_missing", None, None),
        ("bands_missing", None, None),
    }


async def test_categories_a_b_and_c_are_stages_in_order(odd: Installation) -> None:
    b = await id_of(odd, "curlew", "maturity-stages", "B")

    assert await codes(odd, "curlew", "maturity-stages", sort="no") == ["A", "B", "C"]
    assert await codes(odd, "curlew", "maturity-stages", openEnded=True) == ["A"]
    assert await codes(odd, "curlew", "maturity-stages", durationUnit="day") == ["C"]
    assert await codes(odd, "curlew", "entitlement-rules", stageId=b, tier="core") == ["B-DAYS"]
    assert await codes(odd, "curlew", "entitlement-rules", quantified=False) == ["B-HR", "B-START"]
    assert await codes(odd, "curlew", "entitlement-rules", recurs=True) == ["B-HR"]
    assert await codes(odd, "curlew", "entitlement-rules", team="diocese", hasPeriod=False) == ["B-CHURCH"]
    assert await codes(odd, "curlew", "cadence-rules", ofStage=False) == ["BOARD"]
    assert await codes(odd, "curlew", "cadence-rules", unit="day") == ["C-MEET"]
    assert await codes(odd, "curlew", "strands") == []


@pytest.mark.parametrize(
    ("academy", "applies"),
    [
        ("moor", {"B-DAYS": "yes", "B-START": "yes", "B-HR": "to_judge", "B-CHURCH": "no"}),
        ("marsh", {"B-DAYS": "yes", "B-START": "no", "B-HR": "to_judge", "B-CHURCH": "to_judge"}),
    ],
)
async def test_what_a_category_offers_is_told_for_the_academy_that_asks(
    odd: Installation, academy: str, applies: dict[str, str]
) -> None:
    stage, school = await id_of(odd, "curlew", "maturity-stages", "B"), await id_of(odd, "curlew", "academies", academy)

    told = await get(odd, "curlew", f"maturity-stages/{stage}/expectations", academyId=school)

    assert told["stage"]["fits"] == "yes"
    assert {one["entitlement"]["code"]: one["applies"] for one in told["entitlements"]} == applies


async def test_what_a_category_meets_for_is_due_by_the_trusts_own_calendar(odd: Installation) -> None:
    stage, school = await id_of(odd, "curlew", "maturity-stages", "C"), await id_of(odd, "curlew", "academies", "moor")

    address = f"maturity-stages/{stage}/expectations"
    told = await get(odd, "curlew", address, academyId=school, since="2026-12-15")

    # Three school days are left of the autumn term; the spring term begins on 5 January.
    assert {one["cadence"]["code"]: (one["dueFrom"], one["dueTo"], one["noDueDate"]) for one in told["reviews"]} == {
        "C-MEET": ("2027-01-06", "2027-01-13", None),
        "C-TALK": (None, None, "calendar_not_set"),
        "BOARD": ("2027-07-21", "2027-07-21", None),
    }


async def test_five_stages_that_nothing_measures_are_served_without_a_duration(odd: Installation) -> None:
    stages = await items(odd, "redshank", "maturity-stages", sort="no")

    assert [(one["no"], one["code"]) for one in stages] == [(no, f"step-{no - 1}") for no in range(1, 6)]
    assert await codes(odd, "redshank", "maturity-stages", hasDuration=True) == []
    assert await codes(odd, "redshank", "indicative-measures") == []
    assert await codes(odd, "redshank", "benchmarks", thread="staffing") == ["0-L", "1-L", "4-L"]
    assert await codes(odd, "redshank", "benchmarks", numeric=True) == ["2-C"]
    assert await codes(odd, "redshank", "template-items", thread="sharing") == ["4-I"]


async def test_records_linked_with_one_another_are_served_with_each_others_ids(odd: Installation) -> None:
    (one,) = await items(odd, "redshank", "benchmarks", code="1-L")
    (item,) = await items(odd, "redshank", "template-items", code="4-I")

    assert one["linkedToId"] == await id_of(odd, "redshank", "benchmarks", "4-L")
    assert item["linkedToId"] == await id_of(odd, "redshank", "template-items", "0-I")


async def test_scales_of_two_and_of_seven_levels_stand_side_by_side(odd: Installation) -> None:
    page = await page_of(odd, "redshank")

    scales = {scale["code"]: [level["code"] for level in scale["levels"]] for scale in page["scales"]}
    assert scales == {"compliance": ["met", "not-met"], "seven": ["7", "6", "5", "4", "3", "2", "1"]}
    assert {section["code"]: section["scaleCode"] for section in page["sections"]} == {
        "AUDIT": "compliance",
        "SURVEY": "seven",
    }
    ((indicator,),) = [line["indicators"] for line in page["sections"][1]["lines"]]
    assert [band["levelCode"] for band in indicator["bands"]] == ["7", "6", "5", "4", "3", "2", "1"]
    (report,) = (await get(odd, "redshank", f"frameworks/{page['id']}/intervals"))["items"]
    assert (len(report["intervals"]), report["gaps"], report["overlaps"]) == (7, [], [])
