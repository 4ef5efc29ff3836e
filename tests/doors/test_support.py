"""The support ledger, what is owed, reviews due, proposals and what moved beside support, over HTTP, on sources S3 and S4."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.commands import records
from app.domain.academies import Academy
from app.domain.cadences import CadenceRule
from app.domain.categorisation import CategoryDecision
from app.domain.entitlements import EntitlementRule
from app.domain.framework_vocabulary import EntitlementUnit
from app.domain.roles import Permission
from app.domain.stages import MaturityStage
from app.queries.reviews_due import ReviewsDue
from app.queries.support_accounts import SupportLedger
from app.queries.support_movement import SupportAndMovement
from app.queries.support_owed import SupportOwed, _counted
from app.queries.support_proposal import SupportProposal
from tests.api.samples import create
from tests.conftest import Installation, _installed

TERMS = (
    ("autumn", "2023-09-04", "2023-12-20"),
    ("spring", "2024-01-08", "2024-03-28"),
    ("summer", "2024-04-15", "2024-07-23"),
)
HALVES = (
    ("2023-09-04", "2023-10-20"), ("2023-10-30", "2023-12-20"), ("2024-01-08", "2024-02-09"), ("2024-02-19", "2024-03-28"),
    ("2024-04-15", "2024-05-24"), ("2024-06-03", "2024-07-23"),
)  # fmt: skip
ON = "2024-02-01"
SI, DAYS = "school_improvement", "days"


@dataclass
class Trust:
    """A trust with a calendar, and the ids of its academies and of its framework's parts by their codes."""

    installation: Installation
    code: str
    key: str = ""
    academies: dict[str, UUID] = field(default_factory=dict)
    stages: dict[str, MaturityStage] = field(default_factory=dict)
    offers: dict[str, EntitlementRule] = field(default_factory=dict)
    cadences: dict[str, CadenceRule] = field(default_factory=dict)
    allocations: dict[str, str] = field(default_factory=dict)
    known_at: datetime | None = None

    def client(self) -> httpx.AsyncClient:
        return self.installation.client(self.key)

    async def get(self, address: str, **asked: Any) -> Any:
        async with self.client() as client:
            answer = await client.get(f"/v1/{address}", params={"on": ON, **asked})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def decide(self, academy: str, stage: str, day: str) -> None:
        async with self.installation.database.begin(self.installation.actor(self.code)) as work:
            given = {
                "academy_id": self.academies[academy], "framework_id": self.stages[stage].framework_id,
                "stage_id": self.stages[stage].id, "decided_on": date.fromisoformat(day), "chair_role": "CEO",
                "effective_from": date.fromisoformat(day),
            }  # fmt: skip
            await records.create(work, CategoryDecision, given)

    async def allocate(self, academy: str, offer: str | None, quantity: float, **values: Any) -> str:
        rule = self.offers[offer] if offer else None
        under = (
            {"frameworkId": str(rule.framework_id), "entitlementRuleId": str(rule.id), "team": rule.team}
            if rule
            else {}
        )
        body = {
            "academyId": str(self.academies[academy]), "unit": DAYS, "quantity": quantity,
            "startsOn": "2023-09-04", "endsOn": "2024-07-23",
        }  # fmt: skip
        async with self.client() as client:
            made = await create(client, "support-allocations", {**body, **under, **values})
        self.allocations[offer or academy] = made["id"]
        return str(made["id"])

    async def deliver(self, academy: str, allocation: str, **given: float) -> None:
        """Quantities by day: `d2023_10_06=1`."""
        async with self.client() as client:
            for day, quantity in given.items():
                body = {
                    "academyId": str(self.academies[academy]), "allocationId": allocation,
                    "on": day[1:].replace("_", "-"), "quantity": quantity,
                }  # fmt: skip
                await create(client, "support-deliveries", body)

    async def hold(self, academy: str, cadence: str, *days: str) -> None:
        rule = self.cadences[cadence]
        async with self.client() as client:
            for day in days:
                body = {
                    "academyId": str(self.academies[academy]), "frameworkId": str(rule.framework_id),
                    "cadenceRuleId": str(rule.id), "on": day,
                }  # fmt: skip
                await create(client, "reviews-held", body)


async def founded(installation: Installation, code: str) -> Trust:
    trust = Trust(installation, code, await installation.key(code))
    async with installation.database.begin(installation.actor(code)) as work:
        trust.academies = {one.code: one.id for one in await work.where(Academy)}
        trust.stages = {one.code: one for one in await work.where(MaturityStage)}
        trust.offers = {one.code: one for one in await work.where(EntitlementRule)}
        trust.cadences = {one.code: one for one in await work.where(CadenceRule)}
    async with trust.client() as client:
        year = {"code": "2023/24", "startsOn": "2023-09-01", "endsOn": "2024-08-31"}
        year_id = (await create(client, "academic-years", year))["id"]
        for no, (name, first, last) in enumerate(TERMS, 1):
            term = {"academicYearId": year_id, "no": no, "name": name, "startsOn": first, "endsOn": last}
            term_id = (await create(client, "terms", term))["id"]
            for half, (starts, ends) in enumerate(HALVES[2 * no - 2 : 2 * no], 1):
                await create(client, "half-terms", {"termId": term_id, "no": half, "startsOn": starts, "endsOn": ends})
    return trust


async def avocet_of(installation: Installation) -> Trust:
    trust = await founded(installation, "avocet")
    for academy, stage in (("REEDBED", "1"), ("SALTPAN", "2"), ("BRACKWATER", "3"), ("AVOCET", "4"), ("SANDSPIT", "2")):
        await trust.decide(academy, stage, "2023-09-01")
    await trust.decide("SANDSPIT", "1", "2024-01-08")
    per_term = await trust.allocate("REEDBED", "1-SI-C2", 1.5)
    extra = await trust.allocate("REEDBED", "1-SI-E1", 2, endsOn="2023-12-20")
    hr = await trust.allocate("REEDBED", "1-HR-C4", 12)
    peers = await trust.allocate(
        "REEDBED",
        None,
        3,
        team="peers",
        unit="visits",
        endsOn="2023-12-20",
        giverAcademyId=str(trust.academies["AVOCET"]),
    )
    await trust.allocate("REEDBED", "2-SI-C2", 1)
    across = await trust.allocate("SALTPAN", "2-SI-C2", 3)
    await trust.deliver("REEDBED", per_term, d2023_10_06=1)
    await trust.deliver("REEDBED", extra, d2023_11_10=3)
    await trust.deliver("REEDBED", hr, d2023_12_01=11)
    await trust.deliver("REEDBED", peers, d2023_12_04=1)
    await trust.deliver("SALTPAN", across, d2023_11_01=3, d2024_02_20=1)
    trust.known_at = datetime.now(UTC)
    await trust.deliver("REEDBED", per_term, d2024_01_15=0.5, d2024_03_01=2)
    await trust.hold("REEDBED", "1-review", "2023-12-01")
    await trust.hold("SALTPAN", "2-governance-review", "2023-10-02")
    return trust


async def plover_of(installation: Installation) -> Trust:
    trust = await founded(installation, "plover")
    await trust.decide("ashcombe", "1", "2023-09-04")
    await trust.decide("brookfield", "3", "2023-09-04")
    rate = await trust.allocate("ashcombe", "1-FSP", 0.4, unit="fte")
    visits = await trust.allocate("brookfield", "3-FSP", 12, unit="visits")
    await trust.deliver("ashcombe", rate, d2023_10_06=0.3)
    await trust.deliver("brookfield", visits, d2023_09_12=1, d2023_10_10=1, d2023_11_14=1)
    return trust


@dataclass(frozen=True)
class Two:
    avocet: Trust
    plover: Trust


@pytest.fixture(scope="module")
async def two(server: Any, packed_template: str) -> AsyncIterator[Two]:
    """The trusts of S4 and S3 in the academic year 2023/24, with support promised and given."""
    async for installation in _installed(server, packed_template):
        yield Two(await avocet_of(installation), await plover_of(installation))


async def ledger_of(trust: Trust, academy: str, **asked: Any) -> Any:
    answer = await trust.get(f"academies/{trust.academies[academy]}/support", **asked)
    SupportLedger.model_validate(answer)
    return answer


def offer_in(ledger: Any, code: str) -> Any:
    return next(one for one in ledger["offers"] if one["code"] == code)


def amounts(least: float | None, most: float | None, delivered: float, remaining: float, percent: float | None) -> Any:
    over = None if most is None else max(delivered - most, 0)
    return {
        "atLeast": least, "atMost": most, "delivered": delivered, "remaining": remaining, "percent": percent,
        "overCap": over,
    }  # fmt: skip


async def test_two_days_a_term_and_two_more_are_told_as_eight_and_as_twelve(two: Two) -> None:
    ledger = await ledger_of(two.avocet, "REEDBED")

    assert (ledger["framework"]["code"], ledger["framework"]["edition"]) == ("improvement-strategy", 1)
    assert (ledger["stage"]["code"], ledger["since"], ledger["rule"]) == (
        "1",
        "2023-09-01",
        "support.entitlement_by_period",
    )
    assert (ledger["startsOn"], ledger["endsOn"], ledger["on"]) == ("2023-09-01", "2024-08-31", ON)
    si = [one for one in ledger["totals"] if (one["team"], one["unit"]) == (SI, DAYS)]
    assert [(one["reading"], one["atLeast"], one["atMost"], one["delivered"]) for one in si] == [
        ("no_period_whole", 8, None, 4.5),
        ("no_period_per_term", 12, None, 4.5),
    ]
    assert [one["label"] for one in si] == [
        "as printed, no period: once in the whole",
        "as printed, no period: once in each term",
    ]


async def test_a_printed_period_is_accounted_period_by_period(two: Two) -> None:
    offer = offer_in(await ledger_of(two.avocet, "REEDBED"), "1-SI-C2")

    each = [amounts(2, None, 1, 1, 50), amounts(2, None, 0.5, 1.5, 25), amounts(2, None, 0, 2, 0)]
    assert offer["periods"] == [
        {"startsOn": first, "endsOn": last, **one} for (_, first, last), one in zip(TERMS, each, strict=True)
    ]
    total = {
        "reading": "as_printed", "label": "as printed", "times": 3, "why": None, "allocated": 1.5,
        "allocatedOverCap": None, **amounts(6, None, 1.5, 4.5, 25),
    }  # fmt: skip
    assert offer["totals"] == [total]
    assert offer["given"] == [{"unit": DAYS, "allocated": 1.5, "toCome": 0, "delivered": 1.5, "overAllocated": 0}]
    assert (offer["team"], offer["tier"], offer["printed"], offer["why"]) == (SI, "core", "2 days per term", None)


async def test_without_a_period_there_is_no_percentage_and_over_the_cap_is_told(two: Two) -> None:
    ledger = await ledger_of(two.avocet, "REEDBED")
    extra, hr = offer_in(ledger, "1-SI-E1"), offer_in(ledger, "1-HR-C4")

    assert (extra["why"], extra["period"], extra["periods"]) == ("no_period", None, [])
    assert extra["given"][0]["overAllocated"] == 1
    assert [(one["reading"], one["percent"], one["remaining"]) for one in extra["totals"]] == [
        ("no_period_whole", None, 0),
        ("no_period_per_term", None, 3),
    ]
    over = [(one["atLeast"], one["atMost"], one["overCap"], one["allocatedOverCap"]) for one in hr["totals"]]
    assert over == [(None, 10, 1, 2), (None, 30, 0, 0)]


async def test_support_outside_the_category_and_beside_the_offers_is_told_with_giver_and_taker(two: Two) -> None:
    taken, given = await ledger_of(two.avocet, "REEDBED"), await ledger_of(two.avocet, "AVOCET")

    standing = {one["offerCode"]: one["standing"] for one in taken["taken"]}
    assert standing == {
        "1-SI-C2": "within_category", "1-SI-E1": "within_category", "1-HR-C4": "within_category",
        "2-SI-C2": "outside_category", None: "beside_offers",
    }  # fmt: skip
    (peers,) = (one for one in taken["taken"] if one["offerCode"] is None)
    assert set(taken["beside"]) == {one["id"] for one in taken["taken"] if one["offerCode"] in (None, "2-SI-C2")}
    assert (peers["giver"], peers["taker"], peers["unit"], peers["quantity"], peers["delivered"]) == (
        "AVOCET", "REEDBED", "visits", 3, 1,
    )  # fmt: skip
    assert [(one["id"], one["taker"], one["standing"], one["delivered"]) for one in given["given"]] == [
        (peers["id"], "REEDBED", None, 1)
    ]


async def test_a_ledger_by_what_was_known_and_by_another_stage_and_day(two: Two) -> None:
    avocet = two.avocet
    known = await ledger_of(avocet, "REEDBED", asKnownAt=f"{avocet.known_at:%Y-%m-%dT%H:%M:%S.%fZ}")
    later = await ledger_of(avocet, "REEDBED", on="2024-03-01")
    none = await ledger_of(avocet, "TIDEPOOL")
    supposed = await ledger_of(avocet, "TIDEPOOL", stageId=str(avocet.stages["2"].id))
    moved = await ledger_of(avocet, "SANDSPIT")

    delivered = [offer_in(one, "1-SI-C2")["totals"][0]["delivered"] for one in (known, later)]
    assert delivered == [1, 3.5]
    assert (none["stage"], none["framework"], none["offers"], none["totals"]) == (None, None, [], [])
    assert (supposed["stage"]["code"], supposed["since"]) == ("2", None)
    assert offer_in(supposed, "2-SI-C2")["totals"][0]["atLeast"] == 12
    assert (moved["stage"]["code"], moved["since"]) == ("1", "2024-01-08")
    assert offer_in(moved, "1-SI-C2")["totals"][0]["times"] == 2, "the terms since it came into the stage"


async def test_nothing_is_promised_on_days_before_the_academy_came_into_the_stage(two: Two) -> None:
    before = await ledger_of(two.avocet, "SANDSPIT", **{"from": "2023-09-01", "to": "2024-01-07"})

    assert (before["stage"]["code"], before["since"], before["totals"]) == ("1", "2024-01-08", [])
    assert {(one["why"], len(one["periods"]), len(one["totals"])) for one in before["offers"]} == {
        ("nothing_promised", 0, 0)
    }


async def test_an_offer_without_a_unit_is_compared_with_nothing_and_visits_stay_visits(two: Two) -> None:
    rate = offer_in(await ledger_of(two.plover, "ashcombe"), "1-FSP")
    ledger = await ledger_of(two.plover, "brookfield")
    visits = offer_in(ledger, "3-FSP")

    assert (rate["printed"], rate["quantityMin"], rate["quantityMax"], rate["unit"]) == ("0.2 0.4", 0.2, 0.4, None)
    assert (rate["why"], rate["totals"]) == ("no_unit", [])
    assert rate["given"] == [{"unit": "fte", "allocated": 0.4, "toCome": 0.1, "delivered": 0.3, "overAllocated": 0}]
    assert [one["delivered"] for one in visits["periods"]] == [2, 1, 0, 0, 0, 0]
    assert [(one["unit"], one["atLeast"]) for one in ledger["totals"]] == [("visits", 12)]


async def test_support_is_owed_by_the_terms_that_have_ended(two: Two) -> None:
    owed = SupportOwed.model_validate(await two.avocet.get("support-owed"))
    plover = SupportOwed.model_validate(await two.plover.get("support-owed"))

    told: Any = [
        (one.academy.code, one.offerCode, one.expected, one.delivered, one.owed, one.rule) for one in owed.offers
    ]
    assert told == [
        ("REEDBED", "1-SI-C2", 2, 1.5, 0.5, "support.expected_by_ended_periods"),
        ("SALTPAN", "2-SI-C2", 4, 3, 1, "support.expected_by_ended_terms"),
    ]
    assert owed.offers[1].sentence == "SALTPAN was due 4 days by now and has had 3."
    ended: Any = [(one.academy.code, one.owed, one.unit, one.rule) for one in owed.allocations]
    assert ended == [("REEDBED", 2, "visits", "support.allocation_ended_undelivered")]
    assert (_counted(Decimal("1.0"), EntitlementUnit.DAYS), _counted(Decimal("0.5"), EntitlementUnit.VISITS)) == (
        "1 day", "0.5 visits",
    )  # fmt: skip
    assert {one.offerCode: (one.why, one.academies) for one in owed.notCounted} == {
        "1-SI-E1": ("no_period", 2), "3-SI-C2": ("no_period", 1), "4-SI-C2": ("no_period", 1),
    }  # fmt: skip
    assert [one.code for one in owed.withoutCategory] == ["TIDEPOOL"]
    visits: Any = [(one.academy.code, one.offerCode, one.owed) for one in plover.offers]
    assert visits == [("brookfield", "3-FSP", 1)]
    assert {one.offerCode: one.why for one in plover.notCounted} == {"1-FSP": "no_unit"}


async def test_reviews_are_due_from_the_day_last_held_or_the_day_the_stage_began(two: Two) -> None:
    avocet = two.avocet
    due = ReviewsDue.model_validate(await avocet.get("reviews-due"))
    told = {(one.academy.code, one.cadenceCode): one for one in due.items}

    def days(academy: str, cadence: str) -> tuple[str, str, str]:
        one = told[academy, cadence]
        return str(one.dueFrom), str(one.dueTo), one.state

    assert days("REEDBED", "1-review") == ("2024-01-08", "2024-03-28", "due")
    assert days("REEDBED", "1-hr-catch-up") == ("2023-09-08", "2023-09-08", "overdue")
    assert days("SALTPAN", "2-governance-review") == ("2024-10-02", "2024-10-02", "later")
    assert days("BRACKWATER", "3-governance-review") == ("2025-09-01", "2025-09-01", "later")
    assert days("AVOCET", "4-governance-review") == ("2027-09-01", "2027-09-01", "later")
    assert days("AVOCET", "categorisation") == ("2024-09-01", "2024-09-01", "later")
    assert told["REEDBED", "1-review"].lastHeld == date(2023, 12, 1)
    assert told["SANDSPIT", "1-recruitment-review"].countedFrom == date(2024, 1, 8)
    assert not any(code == "REEDBED" and "governance" in cadence for code, cadence in told), "none is printed"
    assert {one.noDueDate for one in due.withoutDate if one.cadenceCode == "strategic-leads"} == {"no_cadence"}
    assert [one.code for one in due.withoutCategory] == ["TIDEPOOL"]
    assert [one.dueTo for one in due.items] == sorted(one.dueTo for one in due.items if one.dueTo)


async def test_reviews_of_one_academy_up_to_a_day_and_what_has_no_date_says_why(two: Two) -> None:
    plover = two.plover
    ids = {code: str(academy) for code, academy in plover.academies.items()}
    soon = ReviewsDue.model_validate(await plover.get("reviews-due", academyId=ids["brookfield"], until="2024-02-01"))
    every = ReviewsDue.model_validate(await plover.get("reviews-due", academyId=ids["brookfield"]))

    assert {one.academy.code for one in every.items} == {"brookfield"}
    assert [one.cadenceCode for one in soon.items] == [
        one.cadenceCode for one in every.items if one.dueFrom and one.dueFrom <= date(2024, 2, 1)
    ]
    why = {one.cadenceCode: one.noDueDate for one in every.withoutDate}
    assert {code: why[code] for code in ("3-QA-1", "3-QA-8", "3-QA-9")} == {
        "3-QA-1": "no_cadence", "3-QA-8": "no_period", "3-QA-9": "no_period",
    }  # fmt: skip


async def test_a_proposal_states_its_rule_and_gives_what_is_overdue_first(two: Two) -> None:
    asked = {"team": SI, "unit": DAYS}
    proposal = SupportProposal.model_validate(await two.avocet.get("support-proposal", available="10.2", **asked))
    short = SupportProposal.model_validate(await two.avocet.get("support-proposal", available="0.5", **asked))

    told: Any = {one.academy.code: (one.entitled, one.owed, one.overdue, one.forOverdue) for one in proposal.shares}
    assert told == {
        "REEDBED": (8, 4.5, 0.5, 0.5), "SANDSPIT": (6, 6, 0, 0), "SALTPAN": (12, 9, 1, 1), "BRACKWATER": (6, 6, 0, 0),
        "AVOCET": (6, 6, 0, 0),
    }  # fmt: skip
    assert (sum(one.proposed for one in proposal.shares), proposal.left) == (10, proposal.available - 10)
    assert all(one.proposed <= one.owed for one in proposal.shares)
    first: Any = [(one.academy.code, one.proposed) for one in short.shares if one.proposed]
    assert first == [("REEDBED", 0.5)]
    assert proposal.rule == "support.proposal_overdue_then_in_proportion"
    assert (proposal.reading, proposal.label) == ("no_period_whole", "as printed, no period: once in the whole")
    assert [one.code for one in proposal.withoutCategory] == ["TIDEPOOL"]


async def test_support_stands_beside_movement_as_an_association_with_its_coverage(two: Two) -> None:
    avocet = two.avocet
    values = {"REEDBED": (90, 92), "SALTPAN": (91, 92.5), "SANDSPIT": (94, 93.5), "AVOCET": (95, None)}
    async with avocet.client() as client:
        await create(
            client, "metrics", {"code": "xt-presence", "label": "Presence", "unit": "%", "direction": "higher"}
        )
        rows = [
            {
                "metric": "xt-presence", "academy": academy, "grain": "term", "startsOn": first, "endsOn": last,
                **({"value": value} if value is not None else {"absence": "not_collected"}),
            }
            for academy, pair in values.items()
            for (_, first, last), value in zip(TERMS[:2], pair, strict=True)
        ]  # fmt: skip
        await create(client, "reading-batches", {"source": "mis", "readings": rows})
        asked = {"metric": "xt-presence", "from": "2023-12-31", "to": "2024-03-31"}
        answer = await client.get("/v1/support-and-movement", params=asked)
    told = SupportAndMovement.model_validate_json(answer.content)

    assert answer.status_code == 200
    assert (told.kind, told.academies, told.covered) == ("association", 6, 3)
    assert "effect" not in answer.text
    stages = {one.stage.code: (one.supported, one.notSupported) for one in told.stages}
    with_support, without = stages["2"]
    assert with_support.model_dump() == {"academies": 1, "known": 1, "median": 1.5, "lowest": 1.5, "highest": 1.5}
    assert without.model_dump() == {"academies": 1, "known": 1, "median": -0.5, "lowest": -0.5, "highest": -0.5}
    assert stages["4"][1].model_dump() == {"academies": 1, "known": 0, "median": None, "lowest": None, "highest": None}
    items = {one.academy.code: one for one in told.items}
    assert [one.model_dump() for one in items["REEDBED"].support] == [
        {"team": SI, "unit": DAYS, "delivered": 2.5, "deliveries": 2}
    ]
    assert {code: one.why for code, one in items.items() if one.why} == {
        "AVOCET": "no_value", "BRACKWATER": "no_reading", "TIDEPOOL": "no_reading",
    }  # fmt: skip


async def test_an_allocation_is_put_to_work_and_closed_with_the_version_read_and_a_key(two: Two) -> None:
    plover = two.plover
    one = await plover.allocate("ashcombe", None, 1, team="peers", unit="visits")
    address = f"/v1/support-allocations/{one}"
    async with plover.client() as client:
        keyless = await client.post(f"{address}/activation", json={}, headers={"If-Match": '"v1"'})
        blind = await client.post(f"{address}/activation", json={}, headers={"Idempotency-Key": "a"})
        begun = await client.post(
            f"{address}/activation", json={}, headers={"If-Match": '"v1"', "Idempotency-Key": "b"}
        )
        again = await client.post(
            f"{address}/activation", json={}, headers={"If-Match": '"v1"', "Idempotency-Key": "b"}
        )
        over = await client.post(
            f"{address}/closing", json={"reason": "Done."}, headers={"If-Match": '"v2"', "Idempotency-Key": "c"}
        )
        more = await client.post(f"{address}/activation", json={}, headers={"If-Match": '"v3"', "Idempotency-Key": "d"})

    assert (keyless.status_code, blind.status_code) == (400, 428)
    assert (begun.status_code, begun.json()["status"], begun.headers["ETag"]) == (200, "active", '"v2"')
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (begun.json(), "true")
    assert (over.status_code, over.json()["status"]) == (200, "closed")
    assert (more.status_code, more.json()["detail"]) == (
        409,
        "A support allocation that is closed cannot become active.",
    )


async def test_each_sees_its_own_and_values_need_the_permission(two: Two) -> None:
    avocet, plover = two.avocet, two.plover
    installation, saltpan = avocet.installation, avocet.academies["SALTPAN"]
    partner = await installation.key("avocet", academy_ids=[saltpan])
    plain = await installation.key("avocet", scopes=[Permission.READ])
    blind = await installation.key("avocet", scopes=[Permission.READ_EVENTS])
    proposal = f"support-proposal?team={SI}&unit={DAYS}&available=3"
    movement = "support-and-movement?metric=attendance&from=2023-12-31&to=2024-03-31"

    async with installation.client(partner) as client:
        owed = (await client.get(f"/v1/support-owed?on={ON}")).json()
        due = (await client.get("/v1/reviews-due")).json()
        shares = (await client.get(f"/v1/{proposal}&on={ON}")).json()["shares"]
        other = await client.get(f"/v1/academies/{avocet.academies['REEDBED']}/support")
    async with installation.client(plain) as client:
        read = [(await client.get(f"/v1/{path}")).status_code for path in (proposal, "support-owed", movement)]
    async with installation.client(blind) as client:
        refused = {(await client.get(f"/v1/{path}")).status_code for path in (proposal, "support-owed", "reviews-due")}
    async with plover.client() as client:
        foreign = [
            (await client.get(f"/v1/academies/{saltpan}/support")).status_code,
            (await client.get("/v1/reviews-due", params={"academyId": str(saltpan)})).status_code,
        ]

    assert ({one["academy"]["code"] for one in owed["offers"]}, owed["academies"]) == ({"SALTPAN"}, 1)
    assert {one["academy"]["code"] for one in due["items"]} == {"SALTPAN"}
    assert [one["academy"]["code"] for one in shares] == ["SALTPAN"]
    assert (other.status_code, read, refused, foreign) == (404, [200, 200, 403], {403}, [404, 404])


async def test_nothing_is_held_by_a_draft_and_one_that_is_withdrawn_counts_for_nothing(two: Two) -> None:
    avocet = two.avocet
    before = await avocet.get("reviews-due")
    async with avocet.client() as client:
        draft = await create(client, "frameworks", {"code": "TRIAL", "edition": 1, "title": "Tried out"})
        cadence = {"frameworkId": draft["id"], "code": "1-review", "activity": "Review", "everyMin": 1, "unit": "week"}
        rule = await create(client, "cadence-rules", cadence)
        held = {"academyId": str(avocet.academies["REEDBED"]), "frameworkId": draft["id"], "cadenceRuleId": rule["id"]}
        refused = await client.post("/v1/reviews-held", json={**held, "on": "2024-01-29"})
        kept = (await client.get("/v1/reviews-held", params={"cadenceRuleId": rule["id"]})).json()["items"]
        gone = await client.post(
            f"/v1/frameworks/{draft['id']}/withdrawal", json={"reason": "Not taken up"}, headers={"If-Match": '"v1"'}
        )

    assert (refused.status_code, refused.json()["detail"], kept) == (
        409, "Edition 1 of TRIAL is a draft. Publish it first.", [],
    )  # fmt: skip
    assert gone.status_code == 200
    assert await avocet.get("reviews-due") == before
    assert (await avocet.get("support-owed"))["on"] == ON


async def test_a_metric_that_is_no_code_is_refused(two: Two) -> None:
    async with two.avocet.client() as client:
        answer = await client.get("/v1/support-and-movement?metric=%00&from=2024-01-01&to=2024-01-31")

    assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (422, ["#query/metric"])


@pytest.mark.parametrize(
    "address",
    [
        "academies/{REEDBED}/support?from=2024-02-01&to=2024-01-31",
        "academies/{REEDBED}/support?on=2024-02-01&to=2020-01-31",
        "support-and-movement?metric=x&from=2024-02-01&to=2024-01-31",
    ],
)
async def test_days_out_of_order_are_refused(two: Two, address: str) -> None:
    async with two.avocet.client() as client:
        answer = await client.get("/v1/" + address.format(**two.avocet.academies))

    assert (answer.status_code, answer.json()["detail"]) == (
        422,
        "The last day comes before the first. Put from and to in order.",
    )


@pytest.mark.parametrize("address", ["reviews-due", "support-owed"])
async def test_before_the_trust_was_known_nothing_is_due_or_owed(address: str, shared: Installation) -> None:
    async with shared.client(shared.keys["avocet"]) as client:
        answer = await client.get(f"/v1/{address}?asKnownAt=2001-01-01T00:00:00Z")

    assert answer.status_code == 200, answer.text
    assert not any(value for name, value in answer.json().items() if isinstance(value, list))
