"""Finds what would break a caller: an OpenAPI document as it was against the same document as it is now.

What a caller may send must stay acceptable, and what a caller was promised must keep coming. Additions are harmless:
readers pass over members, and values of enumerations, that they do not know.
"""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

Json = Mapping[str, Any]
Way = Literal["sent", "received"]
ROOT: Final = Path(__file__).resolve().parent.parent
METHODS: Final = ("get", "post", "put", "patch", "delete")
LOWEST: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
HIGHEST: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")


@dataclass(frozen=True)
class Break:
    """A promise not kept. `pointer` is a JSON Pointer into the document that has the part: the old one, or the new."""

    pointer: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.pointer} : {self.sentence}"


def base_document(root: Path = ROOT) -> Json | None:
    """The document that was committed at MILEPOST_CONTRACT_BASE, or None where there was none yet."""
    told = committed("openapi/openapi.json", root)
    return None if told is None else json.loads(told)


def committed(name: str, root: Path = ROOT) -> bytes | None:
    """A file as MILEPOST_CONTRACT_BASE has it, or None where that commit has none.

    Raises:
        subprocess.CalledProcessError: there is no such commit.
    """
    ref = os.environ.get("MILEPOST_CONTRACT_BASE", "HEAD")
    git = ["git", "-C", str(root)]
    subprocess.run([*git, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}"], check=True, capture_output=True)
    shown = subprocess.run([*git, "show", f"{ref}:{name}"], capture_output=True, check=False)
    return shown.stdout if shown.returncode == 0 else None


def find_breaks(old: Json, new: Json) -> list[Break]:
    return sorted(set(_Comparison(old, new).run()), key=lambda found: (found.pointer, found.sentence))


@dataclass
class _Comparison:
    old: Json
    new: Json
    seen: set[tuple[str, str, Way]] = field(default_factory=set)

    def run(self) -> Iterator[Break]:
        for path, before in self.old["paths"].items():
            after = self.new["paths"].get(path, {})
            for method in (method for method in METHODS if method in before):
                at = f"{_under('/paths', path)}/{method}"
                if method not in after:
                    yield Break(at, "The operation was removed.")
                else:
                    yield from self._operation(at, before[method], after[method])

    def _operation(self, at: str, old: Json, new: Json) -> Iterator[Break]:
        if old.get("operationId") != new.get("operationId"):
            yield Break(f"{at}/operationId", "The operation was renamed, and generated clients call it by its name.")
        if new.get("security") and not old.get("security"):
            yield Break(f"{at}/security", "The operation was open to all and asks for a credential now.")
        yield from self._parameters(at, old, new)
        yield from self._request(
            f"{at}/requestBody", self._at(self.old, old, "requestBody"), self._at(self.new, new, "requestBody")
        )
        for status, response in old["responses"].items():
            place = f"{at}/responses/{status}"
            if status in new["responses"]:
                yield from self._response(
                    place, self._of(self.old, response), self._of(self.new, new["responses"][status])
                )
            elif status < "400":
                yield Break(place, f"The answer {status} was removed.")

    def _parameters(self, at: str, old: Json, new: Json) -> Iterator[Break]:
        before, after = self._named(self.old, old), self._named(self.new, new)
        for key, parameter in before.items():
            place = _under(f"{at}/parameters", f"{key[0]}:{key[1]}")
            if key not in after:
                yield Break(place, f"The {key[0]} parameter {key[1]} was removed.")
                continue
            if after[key].get("required") and not parameter.get("required"):
                yield Break(place, f"The {key[0]} parameter {key[1]} has become required.")
            yield from self._schema(f"{place}/schema", parameter["schema"], after[key]["schema"], "sent")
        for kind, name in after.keys() - before.keys():
            if after[kind, name].get("required"):
                yield Break(
                    _under(f"{at}/parameters", f"{kind}:{name}"), f"The {kind} parameter {name} is new and required."
                )

    def _request(self, at: str, old: Json, new: Json) -> Iterator[Break]:
        if new.get("required") and not old.get("required"):
            yield Break(at, "A request body has become required.")
        if old and not new:
            yield Break(at, "The operation no longer takes a body.")
        else:
            yield from self._content(at, old, new, "sent")

    def _response(self, at: str, old: Json, new: Json) -> Iterator[Break]:
        for header in old.get("headers", {}).keys() - new.get("headers", {}).keys():
            yield Break(_under(f"{at}/headers", header), f"The header {header} is no longer given.")
        yield from self._content(at, old, new, "received")

    def _content(self, at: str, old: Json, new: Json, way: Way) -> Iterator[Break]:
        for media, content in old.get("content", {}).items():
            place = _under(f"{at}/content", media)
            if media not in new.get("content", {}):
                yield Break(place, f"The media type {media} was removed.")
            else:
                yield from self._schema(f"{place}/schema", content["schema"], new["content"][media]["schema"], way)

    def _schema(self, at: str, old: Json, new: Json, way: Way) -> Iterator[Break]:
        at = old["$ref"].removeprefix("#") if "$ref" in old else at
        key = (at, str(new.get("$ref", id(new))), way)
        if key in self.seen:
            return
        self.seen.add(key)
        old, new = self._of(self.old, old), self._of(self.new, new)
        yield from self._kinds(at, old, new, way)
        before, after = _single(old), _single(new)
        if before is None or after is None:
            return
        if before is not old or after is not new:
            yield from self._schema(at, before, after, way)
            return
        yield from _narrowed(at, old, new) if way == "sent" else ()
        yield from self._members(at, old, new, way)
        for inner in ("items", "additionalProperties"):
            if isinstance(old.get(inner), dict) and isinstance(new.get(inner), dict):
                yield from self._schema(f"{at}/{inner}", old[inner], new[inner], way)

    def _kinds(self, at: str, old: Json, new: Json, way: Way) -> Iterator[Break]:
        """What a caller sends must still be taken; what a caller gets must be of a kind that was promised."""
        before, after = self._types(self.old, old), self._types(self.new, new)
        given, taken = (before, after) if way == "sent" else (after, before)
        for kind in sorted(given - taken):
            if "anything" not in taken and not (kind == "integer" and "number" in taken):
                yield Break(
                    at,
                    f"A value of type {kind} is no longer taken."
                    if way == "sent"
                    else f"It may now be of type {kind}.",
                )

    def _members(self, at: str, old: Json, new: Json, way: Way) -> Iterator[Break]:
        after = new.get("properties", {})
        for name, member in old.get("properties", {}).items():
            place = _under(f"{at}/properties", name)
            if name in after:
                yield from self._schema(place, member, after[name], way)
            else:
                yield Break(place, f"The member {name} was removed.")
        was, now = set(old.get("required", [])), set(new.get("required", []))
        for name in sorted(now - was if way == "sent" else (was - now) & after.keys()):
            told = "has become required" if way == "sent" else "is no longer always given"
            yield Break(_under(f"{at}/properties", name), f"The member {name} {told}.")

    def _types(self, document: Json, schema: Json) -> set[str]:
        """The JSON types the schema allows, a format being part of its type."""
        if choices := schema.get("anyOf") or schema.get("oneOf"):
            return set().union(*(self._types(document, self._of(document, choice)) for choice in choices))
        kinds = schema.get("type", "anything")
        return {
            f"{kind}/{schema['format']}" if "format" in schema else kind
            for kind in ([kinds] if isinstance(kinds, str) else kinds)
        }

    def _named(self, document: Json, operation: Json) -> dict[tuple[str, str], Json]:
        parameters = [self._of(document, parameter) for parameter in operation.get("parameters", [])]
        return {(parameter["in"], parameter["name"]): parameter for parameter in parameters}

    def _at(self, document: Json, operation: Json, part: str) -> Json:
        return self._of(document, operation.get(part, {}))

    def _of(self, document: Json, part: Json) -> Json:
        while "$ref" in part:
            _, _, kind, name = part["$ref"].split("/")
            part = document["components"][kind][name]
        return part


def _single(schema: Json) -> Json | None:
    """The one alternative besides null, or None where there are several: then only their types are compared."""
    choices = schema.get("anyOf") or schema.get("oneOf") or [schema]
    found = [choice for choice in choices if choice.get("type") != "null"]
    return found[0] if len(found) == 1 else None


def _narrowed(at: str, old: Json, new: Json) -> Iterator[Break]:
    """What used to be taken and is not any more."""
    if "enum" in new and "enum" not in old:
        yield Break(f"{at}/enum", "Only listed values are taken now.")
    for value in old.get("enum", []):
        if "enum" in new and value not in new["enum"]:
            yield Break(f"{at}/enum", f"The value {value!r} is no longer taken.")
    if "pattern" in new and new["pattern"] != old.get("pattern"):
        yield Break(f"{at}/pattern", f"The text must match {new['pattern']} now.")
    for names, sign in ((LOWEST, 1), (HIGHEST, -1)):
        for name in names:
            if name in new and (name not in old or (new[name] - old[name]) * sign > 0):
                yield Break(
                    f"{at}/{name}", f"The bound {name} is narrower: {new[name]}, and was {old.get(name, 'none')}."
                )
    if (
        new.get("additionalProperties") is False
        and old.get("additionalProperties", True) is not False
        and "properties" in new
    ):
        yield Break(f"{at}/additionalProperties", "Members that are not listed are refused now.")


def _under(pointer: str, key: str) -> str:
    return f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
