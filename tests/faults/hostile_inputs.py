"""What is sent to every route that takes a body: inputs that broke something somewhere, each with a name."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

BIG: Final = 10**400
VALUES: Final[dict[str, str]] = {
    "NaN": "NaN",
    "Infinity": "-Infinity",
    "1e400": "1e400",
    "a lone surrogate": '"\\ud800"',
    "NUL": '"a\\u0000b"',
    "a control character": '"a\\u0001b"',
    "a figure as text": '"1.5"',
    "true": "true",
    "null": "null",
    "401 digits": str(BIG),
    "2^63": str(2**63),
    "the year 0": '"0000-00-00"',
    "the year 9999": '"9999-12-31T23:59:59.999999999+23:59"',
    "a list": "[[]]",
    "an object": "{}",
    "SQL": '"\'; drop table app.trust; --"',
    "half a million letters": '"' + "x" * 500_000 + '"',
}
BODIES: Final[dict[str, bytes]] = {
    "nothing": b"",
    "a list on top": b"[]",
    "a text on top": b'"x"',
    "100,000 lists": b"[" * 100_000,
    "100,000 objects": b'{"a":' * 100_000,
    "a name twice": b'{"code": "a", "code": "b"}',
    "a lone surrogate as a name": b'{"\\ud800": 1}',
    "20,000 names": json.dumps({f"n{number}": number for number in range(20_000)}).encode(),
    "broken off": b'{"code": "a',
    "no UTF-8": b'{"code": "\xff\xfe"}',
    "UTF-16": '{"code": "a"}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"code": "a"}',
    "more than a body may have": b" " * ((1 << 20) + 1),
}
HEADERS: Final[dict[str, dict[bytes, bytes]]] = {
    "gzip": {b"Content-Encoding": b"gzip"},
    "plain text": {b"Content-Type": b"text/plain"},
    "XML": {b"Content-Type": b"application/xml"},
    "a form": {b"Content-Type": b"multipart/form-data; boundary=\xff"},
    "another charset": {b"Content-Type": b"application/json; charset=utf-7"},
    "a media type of rubbish": {b"Content-Type": b"\xff\xfe;;=/="},
    "no UTF-8 in If-Match": {b"If-Match": b'"v\xff"', b"Prefer": b"\xff", b"Accept": b"\xff/\xfe"},
    "no UTF-8 in Idempotency-Key": {b"Idempotency-Key": b"\xc3\x28"},
    "a long Idempotency-Key": {b"Idempotency-Key": b"k" * 5_000},
    "odd addresses": {b"X-Forwarded-For": b"\xff, , 999.999.999.999, ::::", b"Forwarded": b"for=\xff"},
    "odd traces": {b"traceparent": b"00-" + b"\xff" * 40, b"X-Request-Id": b"\xff"},
    "a header of 200 KB": {b"X-Much": b"x" * 200_000},
    "5,000 headers": {b"X-%d" % number: b"y" for number in range(5_000)},
}
TARGETS: Final[dict[str, bytes]] = {
    "NUL in the query": b"?limit=%00&asOf=%00&cursor=%00",
    "no UTF-8 in the query": b"?asOf=%ff%fe&limit=\xff&%ff=%ff",
    "the same parameter 500 times": b"?" + b"&".join([b"limit=1"] * 500),
    "NUL in the path": b"/%00",
    "no UTF-8 in the path": b"/%ff%c3%28",
    "half an escape": b"/%",
    "a way up": b"/%2e%2e/%2e%2e/etc/passwd",
    "100 KB of address": b"?x=" + b"a" * 100_000,
}
FRAMINGS: Final[dict[str, tuple[bytes, bytes]]] = {
    "a length and chunks": (b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n"),
    "two lengths": (b"Content-Length: 2\r\nContent-Length: 7\r\n", b"{}xxxxx"),
    "a negative length": (b"Content-Length: -1\r\n", b""),
    "a length of 30 digits": (b"Content-Length: " + b"9" * 30 + b"\r\n", b"{}"),
    "chunks of rubbish": (b"Transfer-Encoding: chunked\r\n", b"zz\r\n{}\r\n0\r\n\r\n"),
    "an unknown coding": (b"Transfer-Encoding: chunked, rot13\r\n", b"{}"),
    "a header on two lines": (b"X-Folded: a\r\n b\r\nContent-Length: 2\r\n", b"{}"),
    "a body that breaks off": (b"Content-Length: 100\r\n", b'{"code": "a"'),
}


@dataclass(frozen=True)
class Route:
    """An address that takes a body: with an example of one, and the names it may have."""

    method: str
    path: str
    media: str
    example: dict[str, Any]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Input:
    name: str
    raw: bytes
    alone: bool = field(default=False)


def inputs(route: Route, key: str) -> Iterator[Input]:
    """Every input there is for this route."""
    number = 0

    def made(
        name: str, body: bytes, *, more: dict[bytes, bytes] | None = None, tail: bytes = b"", alone: bool = False
    ) -> Input:
        nonlocal number
        number += 1
        fields = _fields(route, key, number) | {b"Content-Length": b"%d" % len(body)} | (more or {})
        return Input(name, _head(route, tail, fields) + body, alone)

    example = json.dumps(route.example).encode()
    for name, value in VALUES.items():
        members = "{" + ", ".join(f"{json.dumps(member)}: {value}" for member in route.names) + "}"
        yield made(f"{name} everywhere", members.encode())
        for member in _texts(route.example):
            yield made(f"{name} as {member}", json.dumps(route.example | {member: "@"}).replace('"@"', value).encode())
    for name, body in BODIES.items():
        yield made(name, body, alone=len(body) > 1 << 20)
    for name, fields in HEADERS.items():
        body = gzip.compress(example) if name == "gzip" else example
        yield made(name, body, more=fields, alone=sum(map(len, fields.values())) > 1_000)
    for name, tail in TARGETS.items():
        yield made(name, example, tail=tail, alone=len(tail) > 1_000)
    for name, (framing, body) in FRAMINGS.items():
        head = _head(route, b"", _fields(route, key, 0))[:-2]
        yield Input(name, head + framing + b"\r\n" + body, alone=True)


def _texts(example: dict[str, Any]) -> list[str]:
    """The last two members of an example that are text: words, where there are any, stand behind codes and ids."""
    return [name for name, value in example.items() if isinstance(value, str)][-2:]


def _fields(route: Route, key: str, number: int) -> dict[bytes, bytes]:
    return {
        b"Host": b"milepost.test",
        b"Authorization": b"Bearer " + key.encode(),
        b"Content-Type": route.media.encode(),
        b"Idempotency-Key": b"h-%d-%d" % (number, hash((route.method, route.path))),
        b"If-Match": b'"v1"',
    }


def _head(route: Route, tail: bytes, fields: dict[bytes, bytes]) -> bytes:
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in fields.items())
    return route.method.encode() + b" " + route.path.encode() + tail + b" HTTP/1.1\r\n" + lines + b"\r\n"
