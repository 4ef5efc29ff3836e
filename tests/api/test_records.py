"""Creating, reading, changing and withdrawing records of every noun that a caller may keep."""

import json
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.db.constraints import sentences
from app.domain.entity import Entity, Withdrawable
from app.domain.model import ENTITIES, metadata
from app.operations.bodies import merge
from app.operations.resources import resources
from app.queries.nouns import NOUNS
from tests.api.samples import SAMPLES, create, create_each, in_force
from tests.conftest import Installation

MERGE = {"Content-Type": "application/merge-patch+json"}
KEPT = [resource for resource in resources() if resource.create]
CHANGEABLE = [it.noun.plural for it in KEPT if it.change and merge(it.noun.entity, it.noun.title).model_fields]
WITHDRAWABLE = [it.noun.plural for it in KEPT if it.withdraw and issubclass(it.noun.entity, Withdrawable)]
_SUBJECT = "select count(*) from app.event where subject_id = $1"


async def events_of(installation: Installation, subject: str) -> int:
    connection = await asyncpg.connect(installation.dsn("postgres"))
    try:
        found: int = await connection.fetchval(_SUBJECT, UUID(subject))
    finally:
        await connection.close()
    return found


def text_field(entity: type[Entity]) -> str | None:
    """An optional text column of the noun that a patch may set and empty."""
    for name in ("source_document", "printed", "link"):
        if name in entity.model_fields:
            return name
    return None


def test_there_is_a_sample_of_every_noun_that_can_be_created() -> None:
    creatable = {resource.noun.plural for resource in resources() if resource.create}

    assert set(SAMPLES) == creatable


async def test_every_record_is_answered_as_it_was_given_and_reads_the_same_afterwards(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        made: dict[str, str] = {}
        for plural, sample in SAMPLES.items():
            if plural == "plans":
                made |= await in_force(client, "zz", made)
            body = sample(made, "zz")

            answer = await client.post(f"/v1/{plural}", json=body)

            assert answer.status_code == 201, (plural, answer.text)
            record = answer.json()
            made[plural] = record["id"]
            kept = {name: value for name, value in body.items() if name in record}
            assert {name: record[name] for name in kept} == kept
            assert record["version"] == 1
            assert answer.headers["Location"] == f"/v1/{plural}/{record['id']}"
            again = await client.get(answer.headers["Location"])
            assert (again.status_code, again.json()) == (200, record)
            assert again.headers["ETag"] == answer.headers["ETag"]


async def test_the_caller_may_choose_the_id_of_every_record(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        made: dict[str, str] = {}
        for plural, sample in SAMPLES.items():
            if plural == "plans":
                made |= await in_force(client, "zz", made)
            chosen = str(uuid4())

            record = await create(client, plural, {"id": chosen, **sample(made, "zz")})

            made[plural] = record["id"]
            assert record["id"] == chosen


async def test_an_id_is_taken_once(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        first = await create(client, "bodies", SAMPLES["bodies"]({}, "zz"))

        answer = await client.post("/v1/bodies", json={**SAMPLES["bodies"]({}, "yy"), "id": first["id"]})

        assert answer.status_code == 409
        assert answer.json()["detail"] == "There is already a record with this id. Choose another id, or leave it out."
        assert await events_of(packed, first["id"]) == 1


async def test_an_absent_member_of_a_patch_keeps_and_null_empties(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        made = await create_each(client, "zz")
        for plural in CHANGEABLE:
            column = text_field(NOUNS[plural].entity)
            name = {"source_document": "sourceDocument"}.get(column or "", column)
            if name is None:
                continue
            address = f"/v1/{plural}/{made[plural]}"
            before = (await client.get(address)).json()

            filled = await client.patch(address, json={name: "S9"}, headers={**MERGE, "If-Match": '"v1"'})
            same = await client.patch(address, json={}, headers={**MERGE, "If-Match": '"v2"'})
            emptied = await client.patch(address, json={name: None}, headers={**MERGE, "If-Match": '"v2"'})

            assert filled.json() == {**before, name: "S9", "version": 2}, plural
            assert same.json() == filled.json()
            assert emptied.json() == {**before, name: None, "version": 3}
            assert await events_of(packed, made[plural]) == 3


async def test_every_other_member_of_a_patch_can_be_changed(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        made = await create_each(client, "zz")
        changes: dict[str, dict[str, Any]] = {
            "academy-identifiers": {"validTo": "2026-12-31"},
            "academic-years": {"endsOn": "2027-08-30"},
            "terms": {"name": "winter"},
            "half-terms": {"endsOn": "2026-10-22"},
            "inspection-areas": {"verdict": "met_or_not_met"},
            "inspection-grades": {"rank": None},
            "frameworks": {"sector": None, "nestedReading": "first_match"},
            "framework-conditions": {"attribute": None, "values": []},
            "maturity-stages": {"durationMax": None, "openEnded": True},
            "indicative-measures": {"inspectionGradeId": None, "comparator": "below", "value": -0.5},
            "cadence-rules": {"everyMin": None, "everyMax": None, "unit": None, "anchors": ["end of autumn term"]},
            "benchmarks": {"value": 95.5, "valueTo": 97, "linkedToId": made["benchmarks"]},
            "entitlement-rules": {"quantityMin": 2.5, "period": "half_term"},
            "rating-labels": {"label": "Assured"},
            "indicators": {"rangeMin": None, "tiePolicy": "worse"},
            "bands": {"lo": None, "hi": 70, "hiIncluded": False},
            "areas": {"aliases": ["T&L", "Lessons"]},
            "actions": {"due": "July 2027"},
            "budget-lines": {"amount": 0.1},
            "statutory-targets": {"value": None},
            "data-quality-flags": {"detail": "Clearer now."},
        }
        for plural, change in changes.items():
            address = f"/v1/{plural}/{made[plural]}"

            answer = await client.patch(address, json=change, headers={**MERGE, "If-Match": '"v1"'})

            assert answer.status_code == 200, answer.text
            record = answer.json()
            shown = {"duePrinted": "July 2027", "dueEndsOn": "2027-07-31"} if plural == "actions" else change
            assert {name: record[name] for name in shown} == shown


@pytest.mark.parametrize("plural", CHANGEABLE)
async def test_what_is_fixed_or_derived_is_no_member_of_a_patch(shared: Installation, plural: str) -> None:
    entity = NOUNS[plural].entity
    fixed = (entity.FIXED | entity.DERIVED) & set(entity.model_fields)
    async with shared.client(shared.keys["kestrel"]) as client:
        for name in sorted(fixed):
            outside = "".join(part.title() if at else part for at, part in enumerate(name.split("_")))

            answer = await client.patch(
                f"/v1/{plural}/{uuid4()}", json={outside: None}, headers={**MERGE, "If-Match": '"v1"'}
            )

            assert answer.status_code == 422
            assert answer.json()["errors"] == [
                {"pointer": f"/{outside}", "code": "extra-forbidden", "detail": "Extra inputs are not permitted"}
            ]


async def test_a_milestones_date_moves_with_a_reason_and_not_by_patch(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        made = await create_each(client, "zz")
        address = f"/v1/milestones/{made['milestones']}"

        answer = await client.patch(address, json={"due": "July 2030"}, headers={**MERGE, "If-Match": '"v1"'})

        assert answer.status_code == 422
        assert await events_of(packed, made["milestones"]) == 1


async def test_what_may_not_be_empty_is_not_emptied(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        made = await create_each(client, "zz")
        address = f"/v1/areas/{made['areas']}"
        for name in ("label", "no", "kind", "aliases"):
            answer = await client.patch(address, json={name: None}, headers={**MERGE, "If-Match": '"v1"'})

            assert answer.status_code == 422, name
        assert await events_of(packed, made["areas"]) == 1


async def test_a_record_is_withdrawn_once_nothing_in_use_refers_to_it(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        made = await create_each(client, "zz")

        async def withdraw(plural: str, **headers: str) -> Any:
            address = f"/v1/{plural}/{made[plural]}"
            version = (await client.get(address)).json()["version"]
            sent = {"If-Match": f'"v{version}"', **headers}
            return await client.post(f"{address}/withdrawal", json={"reason": "No longer needed."}, headers=sent)

        refused = await withdraw("areas")
        assert refused.status_code == 409
        assert refused.json()["type"] == "/problems/conflict"
        assert (await client.get(f"/v1/areas/{made['areas']}")).json()["withdrawnAt"] is None
        for link in (await client.get(f"/v1/responsibilities?planId={made['plans']}&ofStep=false")).json()["items"]:
            gone = await client.post(
                f"/v1/responsibilities/{link['id']}/withdrawal", json={"reason": "No."}, headers={"If-Match": '"v1"'}
            )
            assert gone.status_code == 200, gone.text
        order = ["evidence", *reversed([plural for plural in SAMPLES if plural != "evidence"])]
        gone_by = {plural: (await withdraw(plural)).status_code for plural in order if plural in WITHDRAWABLE}
        # A milestone leaves by a transition, so what it stands on, and what that stands on, stays in use with it;
        # and the framework in force, which nobody withdraws, refers to an inspection grade.
        # A decision on a category stays for good, and so does its academy.
        used = {"academies", "inspection-grades", "inspection-frameworks", "people", "bodies", "plans", "plan-phases",
                "areas", "objectives", "findings", "milestone-windows", "targets", "pupil-groups"}  # fmt: skip
        assert {plural for plural, status in gone_by.items() if status == 409} <= used, gone_by
        assert set(gone_by.values()) == {200, 409}


async def test_a_withdrawn_record_stays_readable_and_leaves_the_lists(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        body = await create(client, "bodies", SAMPLES["bodies"]({}, "zz"))
        address = f"/v1/bodies/{body['id']}"

        withdrawn = await client.post(f"{address}/withdrawal", json={"reason": "Merged."}, headers={"If-Match": '"v1"'})
        twice = await client.post(f"{address}/withdrawal", json={"reason": "Merged."}, headers={"If-Match": '"v2"'})

        assert withdrawn.status_code == 200
        assert (await client.get(address)).json() == withdrawn.json()
        assert withdrawn.json()["withdrawnAt"] is not None
        codes = [item["code"] for item in (await client.get("/v1/bodies")).json()["items"]]
        assert "zz" not in codes
        with_withdrawn = (await client.get("/v1/bodies?includeWithdrawn=true")).json()["items"]
        assert sorted([*codes, "zz"]) == sorted(item["code"] for item in with_withdrawn)
        assert (twice.status_code, twice.json()["detail"]) == (
            409,
            "This body is withdrawn, so it does not change any more.",
        )
        again = await client.post("/v1/bodies", json=SAMPLES["bodies"]({}, "zz"))
        assert again.status_code == 409, "a withdrawn record's code stays taken"


async def test_a_second_record_of_one_code_is_refused_in_the_declared_sentence(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        made = await create_each(client, "zz")
        coded = [plural for plural in SAMPLES if "code" in NOUNS[plural].entity.model_fields]
        coded.remove("data-quality-flags")  # many flags tell of one kind of fault
        for plural in coded:
            table = metadata.tables[NOUNS[plural].table]
            keys = [item.info["refusal"] for item in table.constraints if "refusal" in item.info]

            answer = await client.post(f"/v1/{plural}", json=SAMPLES[plural](made, "zz"))

            assert answer.status_code == 409, plural
            assert answer.json()["detail"] in keys
            assert answer.json()["type"] == "/problems/conflict"


async def test_a_reference_into_another_plan_is_refused_in_the_declared_sentence(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        made = await create_each(client, "zz")
        other = await create(client, "plans", SAMPLES["plans"](made, "yy"))
        elsewhere = {**made, "plans": other["id"]}
        refused = {
            "statements": "The plan has no such area.",
            "evaluation-methods": "The plan has no such area.",
            "findings": "The plan has no such area.",
            "targets": "The plan has no such area.",
            "objectives": "The plan has no such area.",
            "cross-references": "The plan has no such objective.",
            "actions": "The plan has no such objective.",
            "action-steps": "The plan has no such action.",
            "budgets": "The plan has no such phase.",
            "budget-lines": "The plan has no such budget.",
        }
        for plural in refused:
            table = metadata.tables[NOUNS[plural].table]
            declared = {item.info["refusal"] for item in table.foreign_key_constraints}

            answer = await client.post(f"/v1/{plural}", json=SAMPLES[plural](elsewhere, "yy"))

            assert answer.status_code == 422, (plural, answer.text)
            assert answer.json()["detail"] in declared
        assert (await client.get(f"/v1/events?planId={other['id']}")).json()["items"][1:] == []


async def test_a_reference_into_another_framework_is_refused_in_the_declared_sentence(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        made = await create_each(client, "zz")
        other = await create(client, "frameworks", SAMPLES["frameworks"](made, "yy"))
        elsewhere = {**made, "frameworks": other["id"]}
        refused = (
            "indicative-measures", "framework-statements", "cadence-rules", "benchmarks", "template-items",
            "entitlement-rules", "rating-levels", "rating-labels", "assurance-sections", "assurance-lines",
            "indicators", "bands", "band-statements",
        )  # fmt: skip
        for plural in refused:
            table = metadata.tables[NOUNS[plural].table]
            declared = {item.info["refusal"] for item in table.foreign_key_constraints}
            place = {"context": "bands"} if plural == "rating-labels" else {"no": 2}

            answer = await client.post(f"/v1/{plural}", json={**SAMPLES[plural](elsewhere, "yy"), **place})

            assert answer.status_code == 422, (plural, answer.text)
            assert answer.json()["detail"] in declared
            assert answer.json()["detail"].startswith("The framework has no such ")
            listed = await client.get(f"/v1/{plural}?frameworkId={other['id']}&includeWithdrawn=true")
            assert listed.json()["items"] == [], "what is refused is not kept"


async def test_figures_come_back_exactly_as_they_were_sent(packed: Installation) -> None:
    async with packed.client(await packed.key("kestrel")) as client:
        made = await create_each(client, "zz")
        body = SAMPLES["budget-lines"](made, "yy")
        for at, amount in enumerate(("0.1", "123456789.123456", "12345678901234", "-7", "0.000001")):
            text = json.dumps({**body, "code": f"yy-{at}"}, separators=(",", ":")).replace(
                '"amount":1200.5', f'"amount":{amount}'
            )

            answer = await client.post("/v1/budget-lines", content=text, headers={"Content-Type": "application/json"})

            assert answer.status_code == 201, answer.text
            assert f'"amount":{amount},' in answer.text


async def test_every_constraint_of_the_database_has_a_sentence(packed: Installation) -> None:
    tables = [entity.noun() for entity in ENTITIES]
    sql = """
        select conname from pg_constraint where connamespace = 'app'::regnamespace and contype in ('u', 'f', 'c', 'x', 'p')
          and conrelid::regclass::text = any($1) and conname not like 'ck\\_%\\_word'
        union
        select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid
        where i.indisunique and i.indrelid::regclass::text = any($1)"""
    connection = await asyncpg.connect(packed.dsn("postgres"), server_settings={"search_path": "app"})
    try:
        held = {row[0] for row in await connection.fetch(sql, tables)}
    finally:
        await connection.close()

    assert len(held) > 100
    assert held - set(sentences()) == set()
