"""That all services give the same answer, however each of them spells it."""

import http.client
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bench.load import Asked


@dataclass(frozen=True)
class Answer:
    body: bytes
    tag: str


def fetch(asked: Asked) -> Answer:
    """The answer, or the end where it is none."""
    connection = http.client.HTTPConnection("127.0.0.1", asked.port, timeout=60)
    headers = dict(line.split(": ", 1) for line in asked.headers)
    if asked.body:
        headers |= {"Content-Type": "application/json", "Accept": "application/json"}
    connection.request("POST" if asked.body else "GET", asked.path, body=asked.body or None, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"{asked.path} answered {answer.status}: {body[:500]!r}")
    return Answer(body, answer.getheader("ETag", ""))


def level(body: bytes) -> Any:
    """The page with `8000.00` and `8000.0` as the same number, `Z` and `+00:00` as the same zone."""
    return json.loads(body.replace(b'+00:00"', b'Z"'), parse_float=Decimal, parse_int=Decimal)


def values(body: bytes) -> list[Any]:
    """What a GraphQL answer holds, without the names: a connection is its nodes, an object its values as selected."""
    answer = json.loads(body)
    if answer.get("errors"):
        raise SystemExit(f"A GraphQL answer has errors: {answer['errors'][:3]}")
    (root,) = answer["data"].values()
    found: list[Any] = _values(root)
    return found


def _values(value: Any) -> Any:
    if isinstance(value, dict):
        return _values(value["nodes"]) if value.keys() == {"nodes"} else [_values(one) for one in value.values()]
    return [_values(one) for one in value] if isinstance(value, list) else value


def nodes(found: list[Any]) -> int:
    """How many objects the values hold: each list whose first is no list is one."""
    below = sum(nodes(one) for one in found if isinstance(one, list))
    return below + (1 if found and not isinstance(found[0], list) else 0)
