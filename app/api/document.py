"""Makes of FastAPI's document one that clients can be generated from: no noise, true types, shared parts said once."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, get_args

from pydantic.alias_generators import to_snake

from app.api.examples import examples
from app.queries.published import Published

Json = dict[str, Any]
REF: Final = "#/components/{kind}/{name}"
MERGE_PATCH: Final = "application/merge-patch+json"
_PUBLIC: Final = ("health",)
_SHARED: Final = {
    "asOf": "AsOf",
    "cursor": "Cursor",
    "id": "Id",
    "includeWithdrawn": "IncludeWithdrawn",
    "limit": "Limit",
}
_METHODS: Final = ("get", "post", "put", "patch", "delete")


def ref(kind: str, name: str) -> Json:
    return {"$ref": REF.format(kind=kind, name=name)}


def finish(document: Json) -> None:
    """Change the document in place. It has its components' schemas, and refers to parameters, headers and responses."""
    _untitle(document["paths"])
    _untitle(document["components"]["schemas"])
    for operation in operations(document):
        _finish_operation(operation)
    _share_parameters(document)
    _finish_schemas(document)
    _add_examples(document)
    for kind, parts in document["components"].items():
        document["components"][kind] = dict(sorted(parts.items()))


def operations(document: Json) -> Iterator[Json]:
    for path in document["paths"].values():
        yield from (path[method] for method in _METHODS if method in path)


def _untitle(node: Any) -> None:
    """Titles that FastAPI makes from names say nothing, and generators name classes after them."""
    if isinstance(node, dict):
        if isinstance(node.get("title"), str):
            del node["title"]
        for value in node.values():
            _untitle(value)
    elif isinstance(node, list):
        for value in node:
            _untitle(value)


def _finish_operation(operation: Json) -> None:
    operation["security"] = [] if operation["tags"][0] in _PUBLIC else [{"apiKey": []}]
    automatic = operation["responses"].get("422", {})
    if "application/json" in automatic.get("content", {}):  # an id in the address that is no id is answered with 404
        del operation["responses"]["422"]
    for status, response in operation["responses"].items():
        if "$ref" in response:
            operation["responses"][status] = {"$ref": response["$ref"]}
    for parameter in operation.get("parameters", []):
        if parameter.get("in") == "query":
            parameter["schema"] = _never_null(parameter["schema"])
            parameter["schema"].pop("description", None)


def _never_null(schema: Json) -> Json:
    """The schema without null: what is not known of a parameter is left out, never sent as null."""
    kinds = [kind for kind in schema.get("anyOf", []) if kind != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    return {name: value for name, value in schema.items() if name not in ("anyOf", "default")} | dict(kinds[0])


def _share_parameters(document: Json) -> None:
    """What every list and every record takes is said once. A parameter that differs stays where it is."""
    shared = document["components"]["parameters"]
    for operation in operations(document):
        for place, parameter in enumerate(operation.get("parameters", [])):
            name = _SHARED.get(parameter.get("name"))
            if name is not None and shared.setdefault(name, parameter) == parameter:
                operation["parameters"][place] = ref("parameters", name)


def _finish_schemas(document: Json) -> None:
    schemas = document["components"]["schemas"]
    asked, told = _reachable(document, "requestBody"), _reachable(document, "responses")
    document["components"]["schemas"] = schemas = {name: schemas[name] for name in schemas if name in asked | told}
    _say_numbers(schemas)
    for name in told - asked:
        _say_what_may_be_missing(schemas[name])
    for name in asked:
        patched = name in _patches(document)
        for member in schemas[name].get("properties", {}).values():
            # A default in a merge patch would have generated clients send what the caller never mentioned.
            if patched or member.get("default", ...) is None:
                member.pop("default", None)
    for name, schema in schemas.items():
        if name.endswith("Sort"):
            schema["x-enum-varnames"] = [_variable(value) for value in schema["enum"]]


def _variable(order: str) -> str:
    name = to_snake(order.removeprefix("-")).upper()
    return f"{name}_DESCENDING" if order.startswith("-") else name


def _say_numbers(schemas: Json) -> None:
    """Decimals go both ways as JSON numbers; pydantic would have them as text."""
    for model in _published(Published):
        for name, info in model.model_fields.items():
            if model.__name__ in schemas and Decimal in (info.annotation, *get_args(info.annotation)):
                _say_number(schemas[model.__name__]["properties"][name])
    for schema in schemas.values():
        for member in schema.get("properties", {}).values():
            if "decimal_places" in str(member):
                _say_number(member)


def _published(model: type[Published]) -> Iterator[type[Published]]:
    for narrower in model.__subclasses__():
        yield narrower
        yield from _published(narrower)


def _say_number(member: Json) -> None:
    nullable = {"type": "null"} in member.pop("anyOf", [])
    for noise in ("type", "max_digits", "decimal_places"):
        member.pop(noise, None)
    member |= {"anyOf": [{"type": "number"}, {"type": "null"}]} if nullable else {"type": "number"}


def _say_what_may_be_missing(schema: Json) -> None:
    """In answers, what is not required is left out rather than null. New members may come: readers pass over them."""
    schema.pop("additionalProperties", None) if schema.get("additionalProperties") is False else None
    for name, member in schema.get("properties", {}).items():
        if name not in schema.get("required", []):
            schema["properties"][name] = _never_null(member)


def _patches(document: Json) -> set[str]:
    bodies = (operation.get("requestBody", {}).get("content", {}) for operation in operations(document))
    return {body[MERGE_PATCH]["schema"]["$ref"].rpartition("/")[2] for body in bodies if MERGE_PATCH in body}


def _reachable(document: Json, part: str) -> set[str]:
    """The schemas that this part of the operations leads to; those of parameters count as asked for."""
    open_ends: list[Any] = [operation.get(part) for operation in operations(document)]
    open_ends += [operation.get("parameters") for operation in operations(document) if part == "requestBody"]
    found: set[str] = set()
    seen: set[str] = set()
    while open_ends:
        node = open_ends.pop()
        if isinstance(node, dict):
            open_ends += node.values()
        elif isinstance(node, list):
            open_ends += node
        elif isinstance(node, str) and node.startswith("#/components/") and node not in seen:
            seen.add(node)
            _, _, kind, name = node.split("/")
            open_ends.append(document["components"][kind][name])
            found |= {name} if kind == "schemas" else set()
    return found


def _add_examples(document: Json) -> None:
    """The example of each body, told once and referred to wherever the body is asked for or given."""
    made, used = examples(document["components"]["schemas"]), {}
    for operation in operations(document):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for content in (content for body in bodies for content in body.get("content", {}).values()):
            schema = content["schema"]
            name = schema.get("anyOf", [schema])[0]["$ref"].rpartition("/")[2]
            if name in made:
                used[name] = {"value": made[name]}
                content["examples"] = {"example": ref("examples", name)}
    document["components"]["examples"] = used
