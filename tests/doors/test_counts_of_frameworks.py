"""Every figure of S2, S3 and S4, asked over HTTP twice: by the lists' filters, and of the framework's page."""

import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
import pytest_asyncio

from app.db.embedded import EmbeddedPostgres
from app.domain.framework_vocabulary import EntitlementTier
from tests.api.samples import create
from tests.conftest import _installed
from tests.doors.asking import Ask, Door, both, counted, distinct, figures_of, multiplied, of_each, references

FIGURES = {at: figures_of(at) for at in ("s2", "s3", "s4")}
TRUSTS = {"s2": "merlin", "s3": "plover", "s4": "avocet"}

# S4 prints three terms and dates none of them, so that they come from a calendar: the strategy year's, and the term before.
CALENDAR = {
    "2022/23": ("2022-09-01", "2023-08-31", {3: ("Summer", "2023-04-17", "2023-07-21")}),
    "2023/24": (
        "2023-09-01",
        "2024-08-31",
        {
            1: ("Autumn", "2023-09-04", "2023-12-20"),
            2: ("Spring", "2024-01-08", "2024-03-28"),
            3: ("Summer", "2024-04-15", "2024-07-19"),
        },
    ),
}


@dataclass
class FrameworkDoor(Door):
    """A key of one trust, and the page of the one framework it sees."""

    page: dict[str, Any]


@pytest_asyncio.fixture(scope="module")
async def doors(server: EmbeddedPostgres, packed_template: str) -> AsyncIterator[dict[str, FrameworkDoor]]:
    """The three trusts, with a calendar for the one whose figures need terms."""
    async for installation in _installed(server, packed_template):
        made = {}
        for source, trust in TRUSTS.items():
            client = installation.client(await installation.key(trust))
            (framework,) = (await client.get("/v1/frameworks")).json()["items"]
            page = (await client.get(f"/v1/frameworks/{framework['id']}/page")).json()
            made[source] = FrameworkDoor(client, page)
        await set_calendar(made["s4"])
        yield made
        for door in made.values():
            await door.client.aclose()


async def set_calendar(door: Door) -> None:
    for code, (first, last, terms) in CALENDAR.items():
        year = await create(door.client, "academic-years", {"code": code, "startsOn": first, "endsOn": last})
        for no, (name, start, end) in terms.items():
            term = {"academicYearId": year["id"], "no": no, "name": name, "startsOn": start, "endsOn": end}
            await create(door.client, "terms", term)


def below(record: dict[str, Any], *names: str) -> Iterator[dict[str, Any]]:
    """Everything that stands so many levels below a record of the page."""
    for child in record[names[0]]:
        yield from below(child, *names[1:]) if names[1:] else (child,)


def paged(*names: str, **said: Any) -> Ask[FrameworkDoor]:
    """How many there are on the page, of those that say so."""

    async def ask(door: FrameworkDoor) -> int:
        return sum(all(one[name] == value for name, value in said.items()) for one in below(door.page, *names))

    return ask


def paged_by(name: str, *names: str, **said: Any) -> Ask[FrameworkDoor]:
    """The same, for each value of a field."""

    async def ask(door: FrameworkDoor) -> Any:
        found = (one for one in below(door.page, *names) if all(one[key] == value for key, value in said.items()))
        return Counter(one[name] for one in found)

    return ask


def saying(name: str, plural: str, **filters: Any) -> Ask[Door]:
    """How many records of a list say something in a field."""

    async def ask(door: Door) -> int:
        return sum(one[name] is not None for one in await door.every(plural, **filters))

    return ask


async def the_one_with(door: Door, plural: str, code: str) -> dict[str, Any]:
    (record,) = await door.every(plural, code=code)
    return record


# Source S2


async def strands_by_filters(door: Door, stage: dict[str, Any]) -> dict[str, int]:
    """Under the name that the stage prints for the strand."""
    found = {}
    for strand in await door.every("strands"):
        items = await door.every("template-items", stageId=stage["id"], strandId=strand["id"])
        (name,) = {item["strandPrinted"] or strand["label"] for item in items}
        found[name.lower()] = await door.count("template-items", stageId=stage["id"], strandId=strand["id"])
    return found


async def stages_of_s2_by_filters(door: Door) -> Any:
    return {
        stage["code"]: {
            "descriptors": await door.count("framework-statements", stageId=stage["id"], kind="descriptor"),
            "leadership_qualities": await door.count(
                "framework-statements", stageId=stage["id"], kind="leadership_quality"
            ),
            "plan_items": await door.count("template-items", stageId=stage["id"]),
            "by_strand": await strands_by_filters(door, stage),
        }
        for stage in await door.every("maturity-stages")
    }


async def stages_of_s2_on_the_page(door: FrameworkDoor) -> Any:
    labels = {strand["code"]: strand["label"] for strand in door.page["strands"]}
    found = {}
    for stage in door.page["stages"]:
        kinds = Counter(statement["kind"] for statement in stage["statements"])
        names = [item["strandPrinted"] or labels[item["strandCode"]] for item in stage["templateItems"]]
        found[stage["code"]] = {
            "descriptors": kinds["descriptor"],
            "leadership_qualities": kinds["leadership_quality"],
            "plan_items": len(stage["templateItems"]),
            "by_strand": Counter(name.lower() for name in names),
        }
    return found


async def strands_in_every_stage(door: Door) -> int:
    (size,) = {len(stage["by_strand"]) for stage in (await stages_of_s2_by_filters(door)).values()}
    return size


async def strands_in_every_stage_of_the_page(door: FrameworkDoor) -> int:
    (size,) = {len({item["strandCode"] for item in stage["templateItems"]}) for stage in door.page["stages"]}
    return size


S2: dict[str, tuple[Ask[FrameworkDoor], ...]] = {
    "phases": (counted("maturity-stages"), paged("stages")),
    "descriptors": (
        counted("framework-statements", kind="descriptor"),
        paged("stages", "statements", kind="descriptor"),
    ),
    "leadership_qualities": (
        counted("framework-statements", kind="leadership_quality"),
        paged("stages", "statements", kind="leadership_quality"),
    ),
    "plan_items": (counted("template-items"), paged("stages", "templateItems")),
    "per_phase": (stages_of_s2_by_filters, stages_of_s2_on_the_page),
    "strands_per_phase": (strands_in_every_stage, strands_in_every_stage_of_the_page),
    "p8_thresholds": (
        counted("indicative-measures", metric="progress-8"),
        counted("indicative-measures", graded="false"),
        paged("stages", "measures", metric="progress-8"),
    ),
    "ofsted_grades": (
        counted("indicative-measures", graded="true"),
        paged("stages", "measures", metric="ofsted-overall"),
    ),
    "durations_numeric": (counted("maturity-stages", hasDuration="true"), saying("durationUnit", "maturity-stages")),
    "durations_missing": (
        counted("maturity-stages", hasDuration="false", openEnded="false"),
        paged("stages", durationPrinted=None, openEnded=False),
    ),
    "durations_open": (counted("maturity-stages", openEnded="true"), paged("stages", openEnded=True)),
}


# Source S3


async def benchmarks_by_strand(door: Door, set_code: str, **filters: Any) -> dict[str, int]:
    """Those of one set; a strand of the other set has none."""
    one = await the_one_with(door, "benchmark-sets", set_code)
    counts = await door.of_each("benchmarks", "strands", "strandId", setId=one["id"], **filters)
    return {strand: count for strand, count in counts.items() if count}


def of_set(code: str) -> Ask[Door]:
    async def ask(door: Door) -> int:
        return await door.count("benchmarks", setId=(await the_one_with(door, "benchmark-sets", code))["id"])

    return ask


def strands_of_set(code: str) -> Ask[Door]:
    return lambda door: benchmarks_by_strand(door, code)


async def stages_of_s3_by_filters(door: Door) -> Any:
    sets = {code: (await the_one_with(door, "benchmark-sets", code))["id"] for code in ("main", "inclusion")}
    found = {}
    for stage in await door.every("maturity-stages"):
        here = {"stageId": stage["id"]}
        found[stage["code"]] = {
            "benchmarks": await benchmarks_by_strand(door, "main", **here),
            "benchmarks_total": await door.count("benchmarks", setId=sets["main"], **here),
            "actions": await door.count("template-items", **here),
            "qa": await door.count("cadence-rules", printedList="qa", **here),
            "inclusion": await benchmarks_by_strand(door, "inclusion", **here),
            "inclusion_total": await door.count("benchmarks", setId=sets["inclusion"], **here),
            "trust_support": await door.count("cadence-rules", printedList="inclusion-support", **here),
        }
    return found


async def stages_of_s3_on_the_page(door: FrameworkDoor) -> Any:
    found = {}
    for stage in door.page["stages"]:
        sets: dict[str, Counter[str]] = {"main": Counter(), "inclusion": Counter()}
        for benchmark in stage["benchmarks"]:
            sets[benchmark["setCode"]][benchmark["strandCode"]] += 1
        lists = Counter(cadence["printedList"] for cadence in stage["cadences"])
        found[stage["code"]] = {
            "benchmarks": sets["main"],
            "benchmarks_total": sets["main"].total(),
            "actions": len(stage["templateItems"]),
            "qa": lists["qa"],
            "inclusion": sets["inclusion"],
            "inclusion_total": sets["inclusion"].total(),
            "trust_support": lists["inclusion-support"],
        }
    return found


async def forums_of_every_list(door: FrameworkDoor) -> int:
    """Each list of forums names as many."""
    (size,) = {len(one["attended"]) for one in below(door.page, "stages", "cadences") if one["attended"]}
    return size


S3: dict[str, tuple[Ask[FrameworkDoor], ...]] = {
    "phases": (counted("maturity-stages"), paged("stages")),
    "strands": (
        distinct(strands_of_set("main")),
        distinct(paged_by("strandCode", "stages", "benchmarks", setCode="main")),
    ),
    "benchmarks": (of_set("main"), paged("stages", "benchmarks", setCode="main")),
    "actions": (counted("template-items"), paged("stages", "templateItems")),
    "qa_activities": (
        counted("cadence-rules", printedList="qa"),
        paged("stages", "cadences", printedList="qa"),
    ),
    "inclusion_benchmarks": (of_set("inclusion"), paged("stages", "benchmarks", setCode="inclusion")),
    "inclusion_trust_support": (
        counted("cadence-rules", printedList="inclusion-support"),
        paged("stages", "cadences", printedList="inclusion-support"),
    ),
    "per_phase": (stages_of_s3_by_filters, stages_of_s3_on_the_page),
    "forums": (counted("bodies", kind="forum"), forums_of_every_list),
    "per_strand_totals": (
        strands_of_set("main"),
        paged_by("strandCode", "stages", "benchmarks", setCode="main"),
    ),
    "inclusion_strand_totals": (
        strands_of_set("inclusion"),
        paged_by("strandCode", "stages", "benchmarks", setCode="inclusion"),
    ),
}


# Source S4


async def lines_on_the_page(door: FrameworkDoor) -> Any:
    return {section["label"]: len(section["lines"]) for section in door.page["sections"]}


async def lines_of_quality_of_education(door: Door) -> int:
    return await door.count("assurance-lines", sectionId=(await the_one_with(door, "assurance-sections", "QOE"))["id"])


def occasions(code: str) -> Ask[FrameworkDoor]:
    """How often something recurs in the framework's year: from one due day to the next, as the service tells them."""

    async def ask(door: FrameworkDoor) -> int:
        (academy, *_), (stage, *_) = await door.every("academies"), door.page["stages"]
        first, last = (date.fromisoformat(door.page[end]) for end in ("validFrom", "validTo"))
        since, found = first - timedelta(days=1), 0
        while True:
            expected = await door.get(
                f"maturity-stages/{stage['id']}/expectations", academyId=academy["id"], since=since
            )
            (due,) = (one["dueFrom"] for one in expected["reviews"] if one["cadence"]["code"] == code)
            if due is None or date.fromisoformat(due) > last:
                return found
            since, found = date.fromisoformat(due), found + 1

    return ask


async def terms_in_the_flag(door: Door) -> int:
    """The source prints its terms as the columns of a grid alone: the flag on them says how many."""
    (flag,) = await door.every("data-quality-flags", reference="S4-O19")
    (last,) = re.findall(r"terms 1 to (\d)", flag["detail"])
    return int(last)


async def statements_by_level(door: Door) -> list[int]:
    levels = await door.every("rating-levels", sort="no")
    return [await door.count("band-statements", levelId=level["id"]) for level in levels]


async def statements_by_level_on_the_page(door: FrameworkDoor) -> list[int]:
    counts = Counter(one["levelCode"] for one in below(door.page, "sections", "lines", "statements"))
    return [counts[level["code"]] for level in below(door.page, "scales", "levels")]


def paged_lines(**has: bool) -> Ask[FrameworkDoor]:
    """Lines that have such children on the page, or none of them."""

    async def ask(door: FrameworkDoor) -> int:
        lines = below(door.page, "sections", "lines")
        return sum(all(bool(line[name]) is told for name, told in has.items()) for line in lines)

    return ask


async def offers_by_filters(door: Door) -> Any:
    teams = {rule["team"] for rule in await door.every("entitlement-rules")}
    found: dict[str, dict[str, Any]] = {}
    for stage in await door.every("maturity-stages"):
        here = {"stageId": stage["id"]}
        offers = found.setdefault(stage["name"].upper(), {"total": await door.count("entitlement-rules", **here)})
        for team in teams:
            tiers = {
                str(tier): await door.count("entitlement-rules", team=team, tier=tier, **here)
                for tier in EntitlementTier
            }
            told = {tier: count for tier, count in tiers.items() if count}
            offers[team] = told or await door.count("entitlement-rules", team=team, **here)
    return found


async def offers_on_the_page(door: FrameworkDoor) -> Any:
    """A team whose offers have no tier has their plain number."""
    found: dict[str, dict[str, Any]] = {}
    for stage in door.page["stages"]:
        offers = Counter((rule["team"], rule["tier"]) for rule in stage["entitlements"])
        told = found.setdefault(stage["name"].upper(), {"total": offers.total()})
        for (team, tier), count in offers.items():
            told[team] = count if tier is None else {**told.get(team, {}), tier: count}
    return found


LINES, TERMS = counted("assurance-lines"), occasions("combined-assurance")
S4: dict[str, tuple[Ask[FrameworkDoor], ...]] = {
    "academies": (counted("academies"),),
    "categories": (counted("maturity-stages"), paged("stages")),
    "assurance_sections": (counted("assurance-sections"), paged("sections")),
    "assurance_lines": (LINES, paged("sections", "lines")),
    "lines_by_section": (
        of_each("assurance-lines", "assurance-sections", "sectionId", key="label"),
        lines_on_the_page,
    ),
    "terms": (TERMS, terms_in_the_flag),
    "cells_per_academy_year": (multiplied(LINES, TERMS),),
    "cells_all_academies_year": (multiplied(counted("academies"), LINES, TERMS),),
    "qoe_cells_per_academy_year": (multiplied(lines_of_quality_of_education, TERMS),),
    "kpi_categories": (counted("assurance-lines", hasStatements="true"), paged_lines(statements=True)),
    "kpi_categories_with_numeric": (
        counted("assurance-lines", hasBands="true"),
        paged_lines(statements=True, indicators=True),
    ),
    "kpi_categories_without_numeric": (
        counted("assurance-lines", hasStatements="true", hasBands="false"),
        counted("data-quality-flags", code="numeric_bands_missing"),
        paged_lines(statements=True, indicators=False),
    ),
    "numeric_indicators": (counted("indicators"), paged("sections", "lines", "indicators")),
    "numeric_bands": (counted("bands"), paged("sections", "lines", "indicators", "bands")),
    "descriptor_statements": (counted("band-statements"), paged("sections", "lines", "statements")),
    "descriptor_by_band": (statements_by_level, statements_by_level_on_the_page),
    "lines_without_bands": (
        counted("assurance-lines", hasStatements="false", hasBands="false"),
        counted("data-quality-flags", code="bands_missing"),
        paged_lines(statements=False, indicators=False),
    ),
    "networks": (counted("bodies", kind="network"),),
    "evidence_sources": (counted("evidence-kinds"), paged("evidenceKinds")),
    "head_report_areas": (counted("report-sections"), paged("reportSections")),
    "offers": (offers_by_filters, offers_on_the_page),
    "offers_total": (counted("entitlement-rules"), paged("stages", "entitlements")),
    "deep_dives_per_year_if_each_network_each_academy": (
        multiplied(counted("bodies", kind="network"), counted("academies"), occasions("deep-dives")),
    ),
    "head_reports_per_year": (multiplied(counted("academies"), occasions("head-report")),),
}
ASKED = {"s2": S2, "s3": S3, "s4": S4}
EVERY_FIGURE = [(source, key) for source, figures in FIGURES.items() for key in figures]


@pytest.mark.parametrize(("source", "key"), EVERY_FIGURE)
async def test_a_figure_of_the_facts_is_the_answer_over_http(
    doors: dict[str, FrameworkDoor], source: str, key: str
) -> None:
    asks = ASKED[source].get(key, ())

    answers = [await ask(doors[source]) for ask in asks]

    assert answers == [FIGURES[source][key]] * max(len(asks), 1)


def test_nothing_is_asked_that_is_no_figure() -> None:
    assert sorted((source, key) for source, asked in ASKED.items() for key in asked) == sorted(EVERY_FIGURE)


# The ledger's count summary


async def posts_of_the_team(door: Door) -> int:
    """The ledger has the improvement team in lines 204 to 222 of the source."""
    return sum(204 <= post["sourceLine"] <= 222 for post in await door.every("people", kind="role"))


CELLS: dict[tuple[str, str], tuple[Any, Ask[FrameworkDoor]]] = {
    ("s2", "4 phases x 6 strands"): ([4, 6], both(counted("maturity-stages"), counted("strands"))),
    ("s2", "133 plan items"): (133, counted("template-items")),
    ("s2", "4 P8 tests, 4 grades"): (
        [4, 4],
        both(counted("indicative-measures", metric="progress-8"), counted("indicative-measures", graded="true")),
    ),
    ("s2", "25 descriptors, 23 qualities"): (
        [25, 23],
        both(
            counted("framework-statements", kind="descriptor"),
            counted("framework-statements", kind="leadership_quality"),
        ),
    ),
    ("s2", "3 cadences"): (3, counted("cadence-rules")),
    ("s2", "5 roles"): (5, counted("people", kind="role")),
    ("s2", "13 oddities"): ({f"S2-O{row}" for row in range(1, 14)}, references),
    ("s3", "4 phases x 3 strands (+ 3 inclusion strands)"): (
        [4, 3, 3],
        both(counted("maturity-stages"), distinct(strands_of_set("main")), distinct(strands_of_set("inclusion"))),
    ),
    ("s3", "55 actions"): (55, counted("template-items")),
    ("s3", "4 phase durations; 1 phonics threshold; 2 ranges"): (
        [4, 1, 2],
        both(
            counted("maturity-stages", hasDuration="true"),
            counted("benchmarks", metric="psc"),
            saying("valueTo", "benchmarks", numeric="true"),
        ),
    ),
    ("s3", "81 + 80 inclusion"): ([81, 80], both(of_set("main"), of_set("inclusion"))),
    ("s3", "31 QA + 17 inclusion support"): (
        [31, 17],
        both(counted("cadence-rules", printedList="qa"), counted("cadence-rules", printedList="inclusion-support")),
    ),
    ("s3", "1 unknown code"): (1, counted("people", status="undefined")),
    ("s3", "19 oddities"): ({f"S3-O{row}" for row in range(1, 20)}, references),
    ("s4", "4 categories, 4 assurance sections"): (
        [4, 4],
        both(counted("maturity-stages"), counted("assurance-sections")),
    ),
    ("s4", "88 support offers"): (88, counted("entitlement-rules")),
    ("s4", "12 indicators, 36 bands, 113 statements"): (
        [12, 36, 113],
        both(counted("indicators"), counted("bands"), counted("band-statements")),
    ),
    ("s4", "28 lines x 3 terms = 84 cells"): ([28, 3, 84], both(LINES, TERMS, multiplied(LINES, TERMS))),
    ("s4", "9 cadences, 7 networks, 10 report areas, 9 evidence kinds"): (
        [9, 7, 10, 9],
        both(
            counted("cadence-rules", ofStage="false"),
            counted("bodies", kind="network"),
            counted("report-sections"),
            counted("evidence-kinds"),
        ),
    ),
    ("s4", "6 academies, 3 posts"): ([6, 3], both(counted("academies"), posts_of_the_team)),
    ("s4", "22 oddities"): ({f"S4-O{row}" for row in range(1, 23)}, references),
}


@pytest.mark.parametrize(("source", "words"), CELLS)
async def test_a_cell_of_the_count_summary_is_the_answer_over_http(
    doors: dict[str, FrameworkDoor], source: str, words: str
) -> None:
    expected, ask = CELLS[source, words]

    answer = await ask(doors[source])

    assert answer == expected
