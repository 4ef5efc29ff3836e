"""Assurance over HTTP: the life of a review, what the figures suggest, the heat map in one statement, and calibration."""

import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio

from app.db.database import Reader
from app.db.embedded import EmbeddedPostgres
from app.domain.academies import Academy
from app.domain.events import created
from app.domain.framework_vocabulary import Applies
from app.domain.frameworks import Framework
from app.domain.heat_maps import Cell, CellCount, count_by, count_cells
from app.domain.review_vocabulary import ReviewStatus, SuggestionStatus
from app.domain.reviews import AssuranceRating, AssuranceReview
from app.domain.roles import Role
from app.domain.vocabulary import AcademyType, PhaseOfEducation, Sector
from app.queries.calibration import CalibrationReport
from app.queries.heat_maps import HeatMap
from app.queries.suggestions import ReviewSuggestions
from app.queries.term_spans import FITS
from tests.commands.ledger import superuser
from tests.conftest import Installation, _installed
from tests.reviewing import SUGGESTED, TRUST, VALUES, Ground, ground_of


@pytest_asyncio.fixture(scope="module")
async def ground(server: EmbeddedPostgres, packed_template: str) -> AsyncIterator[Ground]:
    """Reviews at REEDBED alone; the heat map is tested on a trust of its own."""
    async for installation in _installed(server, packed_template):
        yield await ground_of(installation)


async def post(client: httpx.AsyncClient, address: str, version: int, **body: Any) -> httpx.Response:
    headers = {"If-Match": f'"v{version}"', "Idempotency-Key": str(uuid4())}
    return await client.post(f"/v1/{address}", json=body, headers=headers)


async def test_a_review_goes_from_scheduled_to_superseded_over_http(ground: Ground) -> None:
    installation = ground.installation
    await ground.send("REEDBED", VALUES)
    await ground.report("REEDBED")
    keys = [await installation.key(TRUST, *roles) for roles in ((Role.REVIEWER,), (), (Role.READER,))]
    lines, levels = ground.lines, ground.levels
    async with (
        installation.client(keys[0]) as reviewer,
        installation.client(keys[1]) as director,
        installation.client(keys[2]) as reader,
    ):
        made = await reviewer.post("/v1/assurance-reviews", json={
            "academyId": str(ground.academies["REEDBED"]), "frameworkId": str(ground.framework_id),
            "termId": str(ground.terms[2]), "leadRole": "school improvement officer", "scheduledOn": "2024-03-20",
        })  # fmt: skip
        assert made.status_code == 201, made.text
        review = f"assurance-reviews/{made.json()['id']}"
        before = (await reviewer.get(f"/v1/{review}/suggestions")).json()
        forbidden = await post(reader, f"{review}/opening", 1)
        keyless = await reviewer.post(f"/v1/{review}/opening", json={}, headers={"If-Match": '"v1"'})
        illegal = await post(reviewer, f"{review}/submission", 1)
        opened = await post(reviewer, f"{review}/opening", 1)
        frozen = (await reviewer.get(f"/v1/{review}/suggestions")).json()
        stale = await post(reviewer, f"{review}/submission", 1)
        unsaid = await post(
            reviewer, f"{review}/ratings", 2, lineId=str(lines["mathematics"]), levelId=str(levels["assured"])
        )
        rated = [
            await post(reviewer, f"{review}/ratings", 2, lineId=str(line_id), levelId=str(levels["assured"]),
                       rationale="Seen.")
            for line_id in lines.values()
        ]  # fmt: skip
        submitted = await post(reviewer, f"{review}/submission", 2)
        returned = await post(reviewer, f"{review}/return", 3, reason="Payroll names no evidence.")
        await post(reviewer, f"{review}/submission", 4)
        moved = {"lineId": str(lines["mathematics"]), "levelId": str(levels["not_yet_assured"]), "reason": "As others."}
        moderated = await post(director, f"{review}/moderation", 5, ratings=[moved])
        not_his = await post(reviewer, f"{review}/sign-off", 6)
        signed = await post(director, f"{review}/sign-off", 6)
        page = (await reviewer.get(f"/v1/{review}/page")).json()
        again = await post(director, f"{review}/supersession", 7, reason="The census was sent again.")
        unseen = await reader.get(f"/v1/{review}/suggestions")

    assert (before["frozenAt"], before["lines"]) == (None, frozen["lines"]), "what would be frozen is told before"
    assert (forbidden.status_code, keyless.status_code, stale.status_code, not_his.status_code) == (404, 400, 412, 403)
    assert (illegal.status_code, illegal.json()["legal"]) == (409, ["opened"])
    assert (opened.status_code, opened.json()["status"]) == (200, "open")
    assert (unsaid.status_code, unsaid.json()["errors"][0]["pointer"]) == (422, "/rationale")
    assert {answer.status_code for answer in rated} == {200}
    assert [answer.json()["status"] for answer in (submitted, returned, moderated, signed)] == [
        "submitted", "open", "moderated", "signed_off",
    ]  # fmt: skip
    maths = next(one for one in page["ratings"] if one["lineCode"] == "mathematics")
    assert (maths["levelCode"], maths["suggestedLevelCode"], maths["moderatedFromId"], len(page["ratings"])) == (
        "not_yet_assured", "intervention_required", str(levels["assured"]), 28,
    )  # fmt: skip
    assert again.status_code == 201
    assert again.json()["supersedesId"] == made.json()["id"]
    assert again.headers["Location"] == f"/v1/assurance-reviews/{again.json()['id']}"
    assert unseen.status_code == 403
    await _the_suggestions_are_those_of_the_bands(ReviewSuggestions.model_validate_json(json.dumps(frozen)))
    await _calibration_counts_what_was_judged(ground)


async def _the_suggestions_are_those_of_the_bands(told: ReviewSuggestions) -> None:
    by_line = {one.lineCode: one for one in told.lines}

    assert {code: by_line[code].levelCode for code in SUGGESTED} == SUGGESTED
    assert Counter(one.status for one in told.lines) == {
        SuggestionStatus.SUGGESTED: 7, SuggestionStatus.AMBIGUOUS: 1, SuggestionStatus.STATEMENTS_ONLY: 6,
        SuggestionStatus.NO_BANDS: 14,
    }  # fmt: skip
    assert by_line["suspensions"].possibleLevelCodes == ["assured", "not_yet_assured"]
    part_time = by_line["part-timetables"]
    assert (part_time.numericOnly, len(part_time.notEvidenced)) == (True, 1)
    assert not by_line["mathematics"].numericOnly
    (evidence,) = part_time.evidence
    assert (str(evidence.value), evidence.levelCodes, evidence.certainty) == ("4", ["assured"], "certain")


async def _calibration_counts_what_was_judged(ground: Ground) -> None:
    """The superseded review is left out; another, of the same figures and then restated ones, is told."""
    installation = ground.installation
    review_id = await ground.opened("SALTPAN", term=1)
    await ground.send("SALTPAN", {"attendance": "40", "attendance-value-added": "12", "progress-maths": "60"}, term=1)
    await ground.rate_all(review_id)
    asked = {"frameworkId": str(ground.framework_id), "termFrom": str(ground.terms[1])}
    keys = await installation.key(TRUST), await installation.key(TRUST, Role.REVIEWER)
    async with installation.client(keys[0]) as director, installation.client(keys[1]) as reviewer:
        await post(director, f"assurance-reviews/{review_id}/submission", 2)
        answer = await director.get("/v1/calibration", params=asked)
        forbidden = await reviewer.get("/v1/calibration", params=asked)
        elsewhere = await director.get("/v1/calibration", params={**asked, "termFrom": str(uuid4())})

    report = CalibrationReport.model_validate_json(answer.content)
    by_line = {one.lineCode: one for one in report.byLine}
    assert (forbidden.status_code, elsewhere.status_code) == (403, 404)
    assert [(one.leadRole, one.ratings) for one in report.byLeadRole] == [("director", 28)]
    assert report.total.againstSuggested.notComparable == 28, "no reading was known when it opened"
    assert by_line["attendance"].againstEventual.model_dump() == {
        "better": 1,
        "same": 0,
        "worse": 0,
        "notComparable": 0,
    }
    assert by_line["mathematics"].againstEventual.model_dump() == {
        "better": 0,
        "same": 1,
        "worse": 0,
        "notComparable": 0,
    }
    assert report.total.againstEventual.model_dump() == {"better": 1, "same": 1, "worse": 0, "notComparable": 26}


@pytest_asyncio.fixture(scope="module")
async def painted(
    server: EmbeddedPostgres, packed_template: str
) -> AsyncIterator[tuple[Ground, list[AssuranceReview]]]:
    """Reviews of every status with some of their lines rated, at random, the same each time."""
    chance = random.Random(28)
    async for installation in _installed(server, packed_template):
        ground = await ground_of(installation)
        made: list[AssuranceReview] = []
        async with installation.database.begin(ground.actor()) as work:
            for academy_id, term_id in product(ground.academies.values(), ground.terms.values()):
                statuses = [ReviewStatus.SUPERSEDED, chance.choice(list(ReviewStatus))]
                for status in chance.sample(statuses, chance.randint(0, 2)):
                    of: dict[str, Any] = {
                        "trust_id": work.actor.trust_id,
                        "academy_id": academy_id,
                        "framework_id": ground.framework_id,
                    }
                    review = AssuranceReview(**of, term_id=term_id, lead_role="director", status=status)
                    made.append(review)
                    work.add(review)
                    work.record(created(review))
                    for line_id in chance.sample(list(ground.lines.values()), chance.randint(0, 28)):
                        rating = AssuranceRating(
                            **of, review_id=review.id, line_id=line_id, level_id=chance.choice(list(ground.levels.values())),
                            suggestion=SuggestionStatus.NO_BANDS, rated_by="test",
                        )  # fmt: skip
                        work.add(rating)
                        work.record(created(rating))
        yield ground, made


async def expected(
    ground: Ground, made: Iterable[AssuranceReview], terms: list[UUID], academies: Iterable[UUID], status: str | None
) -> list[Cell]:
    """The cells by a Python rule: the latest review of the status asked for, else the one that nothing supersedes."""
    wanted = {status} if status else set(ReviewStatus) - {ReviewStatus.SUPERSEDED}
    codes = {level_id: code for code, level_id in ground.levels.items()}
    latest = {
        (one.academy_id, one.term_id): one.id for one in sorted(made, key=lambda one: one.id) if one.status in wanted
    }
    async with ground.installation.database.begin(ground.actor()) as work:
        rated = {(one.review_id, one.line_id): codes[one.level_id] for one in await work.where(AssuranceRating)}
    return [
        Cell(academy_id=academy, term_id=term, line_id=line, level=rated.get((latest.get((academy, term)), line)))  # type: ignore[arg-type]  # no review, no rating
        for academy, term, line in product(academies, terms, ground.lines.values())
    ]


def counted(counts: Any) -> CellCount:
    return CellCount(cells=counts.cells, rated=counts.rated, by_level=counts.byLevel)


@pytest.mark.parametrize(
    ("first", "last", "status"),
    [
        (None, None, None),
        (1, 3, None),
        (2, 2, None),
        (1, 3, "superseded"),
        (1, 2, "signed_off"),
        (None, 1, "open"),
        (3, None, "submitted"),
    ],
)
async def test_the_heat_map_of_sql_is_the_one_of_the_rule(
    painted: tuple[Ground, list[AssuranceReview]], first: int | None, last: int | None, status: str | None
) -> None:
    ground, made = painted
    asked = {"frameworkId": str(ground.framework_id)} | ({"status": status} if status else {})
    asked |= {"termFrom": str(ground.terms[first])} if first else {}
    asked |= {"termTo": str(ground.terms[last])} if last else {}
    terms = [ground.terms[no] for no in range(first or 1, (last or 3) + 1)]
    async with ground.installation.client(await ground.installation.key(TRUST)) as client:
        answer = await client.get("/v1/heat-map", params=asked)
    told = HeatMap.model_validate_json(answer.content)
    cells = await expected(ground, made, terms, ground.academies.values(), status)

    levels = ["assured", "not_yet_assured", "intervention_required"]
    assert [one.code for one in told.levels] == levels
    assert counted(told.counts) == count_cells(cells, levels)
    for part, shown in (("academy_id", told.academies), ("term_id", told.terms), ("line_id", told.lines)):
        assert {one.id: counted(one) for one in shown} == count_by(cells, part, levels)
    shown_cells = [
        Cell(academy_id=academy.id, term_id=review.termId, line_id=ground.lines[cell.line], level=cell.level)
        for academy in told.academies
        for review in academy.terms
        for cell in review.cells
    ]
    assert Counter(shown_cells) == Counter(cells)
    assert told.counts.cells == 6 * 28 * len(terms), "84 cells for each academy and year"


async def test_the_heat_map_is_one_statement_and_shows_the_academies_in_sight(
    painted: tuple[Ground, list[AssuranceReview]], monkeypatch: pytest.MonkeyPatch
) -> None:
    ground, _ = painted
    installation, mine = ground.installation, [ground.academies["REEDBED"], ground.academies["SALTPAN"]]
    asked = {"frameworkId": str(ground.framework_id), "termTo": str(ground.terms[3])}
    statements: list[str] = []

    def counting(name: str) -> Any:
        real = getattr(Reader, name)

        async def run(self: Reader, sql: str, *arguments: Any) -> Any:
            if "from api_key" not in sql:
                statements.append(sql)
            return await real(self, sql, *arguments)

        return run

    key = await installation.key(TRUST, Role.READER, academy_ids=mine)
    for name in ("row", "rows", "value"):
        monkeypatch.setattr(Reader, name, counting(name))
    async with installation.client(key) as client:
        seen = await client.get("/v1/heat-map", params=asked)
        again = await client.get("/v1/heat-map", params=asked, headers={"If-None-Match": seen.headers["ETag"]})

    told = HeatMap.model_validate_json(seen.content)
    assert len(statements) == 2, "one for each time it was asked, beside the one that looks the key up"
    assert ([one.code for one in told.academies], told.counts.cells) == (["REEDBED", "SALTPAN"], 2 * 84)
    assert again.status_code == 304


async def test_what_is_not_there_and_what_is_anothers_are_told_alike(
    painted: tuple[Ground, list[AssuranceReview]],
) -> None:
    ground, _ = painted
    own, term = str(ground.framework_id), str(ground.terms[1])
    installation = ground.installation
    async with (
        installation.client(await installation.key(TRUST)) as client,
        installation.client(await installation.key("plover")) as stranger,
    ):
        for door in ("heat-map", "calibration"):
            foreign = await stranger.get(f"/v1/{door}", params={"frameworkId": own})
            absent = await client.get(f"/v1/{door}", params={"frameworkId": str(uuid4())})
            theirs = (await stranger.get("/v1/frameworks")).json()["items"][0]["id"]
            foreign_term = await stranger.get(f"/v1/{door}", params={"frameworkId": theirs, "termFrom": term})

            assert (foreign.status_code, absent.status_code, foreign_term.status_code) == (404, 404, 404)


async def test_sql_and_rule_agree_on_whom_a_framework_is_for(shared: Installation) -> None:
    types: list[AcademyType | None] = [None, *AcademyType]
    phases: list[PhaseOfEducation | None] = [None, *PhaseOfEducation]
    sectors: list[Sector | None] = [None, *Sector]
    every = list(product(types, phases, sectors))
    trust_id = shared.actor(TRUST).trust_id
    by_rule = [
        Framework(trust_id=trust_id, code="f", title="f", sector=sector).fits(
            Academy(trust_id=trust_id, code="a", name="a", type=kind, phase_of_education=phase)
        )
        is not Applies.NO
        for kind, phase, sector in every
    ]
    columns = [[None if one is None else str(one) for one in column] for column in zip(*every, strict=True)]
    async with superuser(shared) as connection:
        by_sql = await connection.fetch(
            f"select {FITS} as fits from (select * from unnest($1::text[], $2::text[], $3::text[]) with ordinality"
            " as q(type, phase_of_education, sector, place)) a, lateral (select a.sector) f(sector) order by a.place",
            *columns,
        )

    assert [row["fits"] for row in by_sql] == by_rule
    assert len(set(by_rule)) == 2
