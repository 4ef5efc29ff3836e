"""The published document is one that clients can be generated from, and says what is true."""

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.api.examples import RECORDS, record
from app.api.openapi import document_text
from app.main import create_app
from app.packs.sheets import Sheets
from app.queries.nouns import NOUNS
from contracts import openapi, schemas
from tests.conftest import PACKS, Installation

PROBLEM = "application/problem+json"
DOCUMENT: dict[str, Any] = openapi.document()
OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}


def resolved(part: Any) -> Any:
    while isinstance(part, dict) and "$ref" in part:
        _, *keys = part["$ref"].split("/")
        part = DOCUMENT
        for key in keys:
            part = part[key]
    return part


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def bodies() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every body asked for or given, with whose it is."""
    for name, (_, _, operation) in OPERATIONS.items():
        for media, content in operation.get("requestBody", {}).get("content", {}).items():
            yield f"{name} takes {media}", content
        for status, response in operation["responses"].items():
            for media, content in resolved(response).get("content", {}).items():
                yield f"{name} gives {status} {media}", content


def validator_of(schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    whole = {**schema, "components": DOCUMENT["components"]}
    return jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker())


def test_the_document_is_valid() -> None:
    OpenAPIV31SpecValidator(DOCUMENT).validate()


def test_the_document_is_the_same_each_time() -> None:
    again = create_app(openapi._application().state.database, openapi._application().state.settings, pepper=b"another")

    assert document_text(again) == document_text(openapi._application())


def test_every_reference_leads_somewhere_and_every_component_is_used() -> None:
    found = set(references(DOCUMENT))
    parts = {
        f"#/components/{kind}/{name}"
        for kind, made in DOCUMENT["components"].items()
        if kind != "securitySchemes"
        for name in made
    }

    assert found == parts


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_says_all_that_a_client_needs(name: str) -> None:
    method, path, operation = OPERATIONS[name]
    tags = {tag["name"] for tag in DOCUMENT["tags"] if tag["description"]}
    parameters = [resolved(parameter) for parameter in operation.get("parameters", [])]

    assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", name)
    assert set(operation["tags"]) <= tags
    assert operation["summary"]
    assert operation["description"]
    assert operation["security"] == ([] if operation["tags"] == ["health"] else [{"apiKey": []}])
    assert {parameter["name"] for parameter in parameters if parameter["in"] == "path"} == set(
        re.findall(r"{(\w+)}", path)
    )
    assert all(parameter.get("description") for parameter in parameters)
    for status, response in operation["responses"].items():
        media = list(resolved(response).get("content", {}))
        assert media == ([] if status in ("204", "304") else [PROBLEM] if status >= "400" else ["application/json"])
        assert "X-Request-Id" in resolved(response)["headers"]
    if method == "patch":
        assert list(operation["requestBody"]["content"]) == ["application/merge-patch+json"]
    if method == "post" and name not in (
        "createApiKey",
        "supposeCategorisation",
    ):  # a secret told once; nothing written
        assert any(parameter["name"] == "Idempotency-Key" for parameter in parameters)
    if name.startswith("list") and name not in ("listEvents", "listSensitiveReads", "listDeprecations"):
        assert any(parameter["name"] == "Prefer" for parameter in parameters)


def test_every_body_has_an_example_and_every_example_is_valid() -> None:
    for whose, content in bodies():
        shown = list(content.get("examples", {}).values())

        assert shown, f"{whose}: no example"
        for example in shown:
            faults = [
                fault.message for fault in validator_of(content["schema"]).iter_errors(resolved(example)["value"])
            ]
            assert faults == [], whose


def test_operations_on_many_are_called_by_the_plural() -> None:
    names = {"listPeople", "listAcademies", "listEvidence", "listResponsibilities", "listPlanAcademies", "listBodies"}

    assert names <= OPERATIONS.keys()


def test_nothing_has_a_title_made_from_its_name() -> None:
    def titles(node: Any, at: str) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(node.get("title"), str):
                yield at
            for key, value in node.items():
                yield from titles(value, f"{at}/{key}") if key not in ("examples", "value", "default") else ()
        elif isinstance(node, list):
            for value in node:
                yield from titles(value, at)

    assert list(titles({"paths": DOCUMENT["paths"], "schemas": DOCUMENT["components"]["schemas"]}, "")) == []


def test_a_merge_patch_has_no_defaults_that_a_client_would_send() -> None:
    patches = {name: schema for name, schema in DOCUMENT["components"]["schemas"].items() if name.endswith("Patch")}

    assert patches
    assert [name for name, schema in patches.items() if '"default"' in json.dumps(schema) or "required" in schema] == []


def test_answers_may_grow_and_bodies_take_nothing_unknown() -> None:
    made = DOCUMENT["components"]["schemas"]

    assert made["MilestoneCreate"]["additionalProperties"] is False
    assert "additionalProperties" not in made["Milestone"]
    assert set(made["Milestone"]["required"]) == set(made["Milestone"]["properties"])


@pytest.mark.parametrize("plural", [plural for plural in NOUNS if not plural.startswith(("api-", "target-versions"))])
async def test_an_example_is_the_record_that_the_pack_loads(plural: str, shared: Installation) -> None:
    noun, example = NOUNS[plural], record(NOUNS[plural])
    found, is_loaded = [], False
    for key in shared.keys.values():
        async with shared.client(key) as client:
            answer = await client.get(f"/v1/{plural}/{example['id']}")
            found += [answer.json()] if answer.status_code == 200 else []
            listed = (await client.get(f"/v1/{plural}", params={"limit": 1})).json()["items"]
        for one in listed:
            is_loaded = True
            validator_of(DOCUMENT["components"]["schemas"][noun.title]).validate(one)

    told = set(RECORDS[plural]) - {"timeliness", "isOverdue", "publishedAt"}
    expected = [{name: example[name] for name in told}] if is_loaded else []
    assert [{name: one[name] for name in told} for one in found] == expected


def test_the_packs_are_valid_by_their_published_schema() -> None:
    schema = schemas.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())

    for folder in sorted(path for path in PACKS.iterdir() if path.is_dir()):
        sheets = Sheets()
        for file in sorted(folder.glob("*.yaml")):
            sheets.lay(file.name, file.read_bytes())

        assert sheets.faults == []
        assert [f"{fault.json_path} {fault.message}" for fault in validator.iter_errors(sheets.content)] == []
        assert list(validator.iter_errors({**sheets.content, "plan": []})), "an unknown key is refused"
