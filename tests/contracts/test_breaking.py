"""What breaks a caller is reported, each kind of it; what does not is let through."""

import copy
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.breaking import base_document, find_breaks
from tests.contracts.repository import begin, commit

Document = dict[str, Any]
PLAN = "/components/schemas/Plan"
CREATE = "/components/schemas/PlanCreate"
LIST = "/paths/~1plans/get"
POST = "/paths/~1plans/post"
LIMIT = f"{LIST}/parameters/query:limit"
GIVEN = f"{LIST}/responses/200"
TEXT = {"type": "string"}
NULL = {"type": "null"}

BASE: Document = {
    "paths": {
        "/plans": {
            "get": {
                "operationId": "listPlans",
                "security": [],
                "parameters": [
                    {"name": "kind", "in": "query", "schema": {"$ref": "#/components/schemas/Kind"}},
                    {"$ref": "#/components/parameters/Limit"},
                ],
                "responses": {
                    "200": {
                        "headers": {"ETag": {"schema": {"type": "string"}}},
                        "content": {
                            "application/json": {
                                "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Plan"}}
                            },
                            "text/csv": {"schema": {"type": "string"}},
                        },
                    },
                    "304": {"description": "Nothing has changed."},
                    "404": {"description": "There is none."},
                },
            },
            "post": {
                "operationId": "createPlan",
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/PlanCreate"}},
                        "text/csv": {"schema": {"type": "string"}},
                    },
                },
                "responses": {
                    "201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Plan"}}}},
                    "202": {"description": "Later."},
                },
            },
        }
    },
    "components": {
        "parameters": {
            "Limit": {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 500, "minimum": 1}},
        },
        "schemas": {
            "Kind": {"type": "string", "enum": ["rapid", "standards"]},
            "Plan": {
                "type": "object",
                "required": ["id", "title", "weight"],
                "properties": {
                    "id": {"type": "string", "format": "uuid"},
                    "title": {"type": "string"},
                    "weight": {"type": "integer"},
                    "kind": {"$ref": "#/components/schemas/Kind"},
                    "above": {"anyOf": [{"$ref": "#/components/schemas/Plan"}, {"type": "null"}]},
                    "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
                },
            },
            "PlanCreate": {
                "type": "object",
                "required": ["title"],
                "properties": {
                    "title": {"type": "string", "maxLength": 200},
                    "kind": {"$ref": "#/components/schemas/Kind"},
                    "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                    "weight": {"type": "number"},
                },
            },
        },
    },
}


def changed(change: Callable[[Document], Any]) -> Document:
    document = copy.deepcopy(BASE)
    change(document)
    return document


def schema(document: Document, name: str) -> Document:
    return document["components"]["schemas"][name]


def listing(document: Document) -> Document:
    return document["paths"]["/plans"]["get"]


def creating(document: Document) -> Document:
    return document["paths"]["/plans"]["post"]


def limit(document: Document) -> Document:
    return document["components"]["parameters"]["Limit"]


def of(document: Document, name: str, member: str) -> Document:
    return schema(document, name)["properties"][member]


REQUIRED = {"name": "trust", "in": "query", "required": True, "schema": {"type": "string"}}
BREAKING: dict[str, tuple[Callable[[Document], Any], str]] = {
    "a path removed": (lambda d: d["paths"].pop("/plans"), LIST),
    "an operation removed": (lambda d: d["paths"]["/plans"].pop("get"), LIST),
    "an operation renamed": (lambda d: listing(d).update(operationId="getPlans"), f"{LIST}/operationId"),
    "a credential asked for": (lambda d: listing(d).update(security=[{"apiKey": []}]), f"{LIST}/security"),
    "a parameter removed": (lambda d: listing(d)["parameters"].pop(0), f"{LIST}/parameters/query:kind"),
    "a parameter made required": (lambda d: limit(d).update(required=True), LIMIT),
    "a new required parameter": (lambda d: listing(d)["parameters"].append(REQUIRED), f"{LIST}/parameters/query:trust"),
    "a bound lowered": (lambda d: limit(d)["schema"].update(maximum=100), f"{LIMIT}/schema/maximum"),
    "a bound raised": (lambda d: limit(d)["schema"].update(minimum=5), f"{LIMIT}/schema/minimum"),
    "a new bound": (lambda d: of(d, "PlanCreate", "title").update(minLength=3), f"{CREATE}/properties/title/minLength"),
    "a new pattern": (
        lambda d: of(d, "PlanCreate", "title").update(pattern="^A"),
        f"{CREATE}/properties/title/pattern",
    ),
    "a value no longer taken": (lambda d: schema(d, "Kind").update(enum=["rapid"]), "/components/schemas/Kind/enum"),
    "free text made a list of values": (
        lambda d: of(d, "PlanCreate", "title").update(enum=["A"]),
        f"{CREATE}/properties/title/enum",
    ),
    "a body made required": (lambda d: creating(d)["requestBody"].update(required=True), f"{POST}/requestBody"),
    "a body taken away": (lambda d: creating(d).pop("requestBody"), f"{POST}/requestBody"),
    "a member of a body made required": (
        lambda d: schema(d, "PlanCreate")["required"].append("note"),
        f"{CREATE}/properties/note",
    ),
    "a new required member of a body": (
        lambda d: (
            schema(d, "PlanCreate")["required"].append("code"),
            schema(d, "PlanCreate")["properties"].update(code=TEXT),
        ),
        f"{CREATE}/properties/code",
    ),
    "a member of a body removed": (
        lambda d: schema(d, "PlanCreate")["properties"].pop("note"),
        f"{CREATE}/properties/note",
    ),
    "null no longer taken": (
        lambda d: schema(d, "PlanCreate")["properties"].update(note=TEXT),
        f"{CREATE}/properties/note",
    ),
    "only whole numbers taken": (
        lambda d: of(d, "PlanCreate", "weight").update(type="integer"),
        f"{CREATE}/properties/weight",
    ),
    "unlisted members refused": (
        lambda d: schema(d, "PlanCreate").update(additionalProperties=False),
        f"{CREATE}/additionalProperties",
    ),
    "a media type of a body removed": (
        lambda d: creating(d)["requestBody"]["content"].pop("text/csv"),
        f"{POST}/requestBody/content/text~1csv",
    ),
    "a media type of an answer removed": (
        lambda d: listing(d)["responses"]["200"]["content"].pop("text/csv"),
        f"{GIVEN}/content/text~1csv",
    ),
    "a success removed": (lambda d: creating(d)["responses"].pop("202"), f"{POST}/responses/202"),
    "not-modified removed": (lambda d: listing(d)["responses"].pop("304"), f"{LIST}/responses/304"),
    "a header removed": (lambda d: listing(d)["responses"]["200"]["headers"].pop("ETag"), f"{GIVEN}/headers/ETag"),
    "a member of an answer removed": (
        lambda d: schema(d, "Plan")["properties"].pop("title"),
        f"{PLAN}/properties/title",
    ),
    "a member of an answer not always given": (
        lambda d: schema(d, "Plan")["required"].remove("title"),
        f"{PLAN}/properties/title",
    ),
    "a member of an answer of another type": (
        lambda d: of(d, "Plan", "weight").update(type="string"),
        f"{PLAN}/properties/weight",
    ),
    "a member of an answer of a wider type": (
        lambda d: of(d, "Plan", "weight").update(type="number"),
        f"{PLAN}/properties/weight",
    ),
    "a member of an answer of another format": (lambda d: of(d, "Plan", "id").pop("format"), f"{PLAN}/properties/id"),
    "a member of an answer that may be null now": (
        lambda d: schema(d, "Plan")["properties"].update(title={"anyOf": [TEXT, NULL]}),
        f"{PLAN}/properties/title",
    ),
    "values of a map of another type": (
        lambda d: of(d, "Plan", "counts").update(additionalProperties=TEXT),
        f"{PLAN}/properties/counts/additionalProperties",
    ),
}
HARMLESS: dict[str, Callable[[Document], Any]] = {
    "nothing": lambda _: None,
    "a new path": lambda d: d["paths"].update({"/targets": {"get": {"operationId": "listTargets", "responses": {}}}}),
    "a new optional parameter": lambda d: listing(d)["parameters"].append(REQUIRED | {"required": False}),
    "a wider bound": lambda d: limit(d)["schema"].update(maximum=1000),
    "a bound given up": lambda d: of(d, "PlanCreate", "title").pop("maxLength"),
    "a new value": lambda d: schema(d, "Kind")["enum"].append("improvement"),
    "a new optional member of a body": lambda d: schema(d, "PlanCreate")["properties"].update(code=TEXT),
    "a member of a body no longer required": lambda d: schema(d, "PlanCreate")["required"].remove("title"),
    "null taken too": lambda d: schema(d, "PlanCreate")["properties"].update(
        weight={"anyOf": [{"type": "number"}, NULL]}
    ),
    "a new member of an answer": lambda d: schema(d, "Plan")["properties"].update(code=TEXT),
    "a member of an answer always given now": lambda d: schema(d, "Plan")["required"].append("kind"),
    "a new failure": lambda d: listing(d)["responses"].update({"429": {"description": "Too many."}}),
    "a failure given up": lambda d: listing(d)["responses"].pop("404"),
    "a new success": lambda d: listing(d)["responses"].update({"206": {"description": "A part."}}),
    "a schema under another name": lambda d: (
        d["components"]["schemas"].update(PlanNew=d["components"]["schemas"].pop("PlanCreate")),
        creating(d)["requestBody"]["content"]["application/json"].update(
            schema={"$ref": "#/components/schemas/PlanNew"}
        ),
    ),
}


@pytest.mark.parametrize("name", BREAKING)
def test_a_broken_promise_is_reported_where_it_stands(name: str) -> None:
    change, pointer = BREAKING[name]

    found = find_breaks(BASE, changed(change))

    assert pointer in [one.pointer for one in found], "\n".join(map(str, found))
    assert all(one.sentence.endswith(".") for one in found)


@pytest.mark.parametrize("name", HARMLESS)
def test_an_addition_breaks_nobody(name: str) -> None:
    assert find_breaks(BASE, changed(HARMLESS[name])) == []


def test_the_base_is_what_the_named_commit_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(tmp_path)
    monkeypatch.setenv("MILEPOST_CONTRACT_BASE", "HEAD")

    before = base_document(tmp_path)
    (tmp_path / "openapi").mkdir()
    (tmp_path / "openapi" / "openapi.json").write_text(json.dumps(BASE))
    commit(tmp_path)
    after = base_document(tmp_path)
    monkeypatch.setenv("MILEPOST_CONTRACT_BASE", "no-such-commit")

    assert before is None
    assert after == BASE
    with pytest.raises(subprocess.CalledProcessError):
        base_document(tmp_path)
