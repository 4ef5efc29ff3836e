"""A flood of wrong keys, in a process of its own: every other two seconds, from several addresses at once."""

import asyncio
import json
import sys
import time
from collections import Counter
from urllib.parse import urlsplit

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from app.domain.keys import KeyText, _checksum
from tests.faults.wire import answer_of

SLICE = 2.0
ADDRESSES = tuple(f"127.0.0.{number}" for number in range(2, 10))
CONNECTIONS = 5
"""Of each address; one conversation after another comes from it besides."""
CONVERSATIONS = (Subprotocol("graphql-transport-ws"),)
LOOKED_UP, PUT_OFF = 4403, 1013
"""How a conversation ends whose key was wrong, and one whose key nobody looked at."""


def is_attacked(at: float) -> bool:
    return int(at // SLICE) % 2 == 1


def forged(key: str, number: int) -> str:
    """The same key with another secret: well formed, of the same trust, under the same code."""
    text = KeyText.read(key)
    assert text is not None
    start = key[: -len(text.secret)] + f"{number:0>52}".translate(str.maketrans("0189", "abcd"))
    return start + _checksum(start)


async def flood(url: str, key: str, *, rate: int, until: float) -> dict[str, Counter[int]]:
    """Statuses by address."""
    told: dict[str, Counter[int]] = {address: Counter() for address in ADDRESSES}
    pause = len(ADDRESSES) * CONNECTIONS / rate
    at = urlsplit(url)

    async def guess(address: str, number: int) -> None:
        reader, writer = await asyncio.open_connection(at.hostname, at.port, local_addr=(address, 0))
        due = time.time() + pause * number / CONNECTIONS
        while (now := time.time()) < until:
            if not is_attacked(now):
                due = now + pause * number / CONNECTIONS
                await asyncio.sleep(SLICE - now % SLICE)
                continue
            await asyncio.sleep(max(0.0, due - now))
            due += pause
            number += CONNECTIONS
            wrong = forged(key, number)
            ask = f"GET /v1/plans HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {wrong}\r\n\r\n"
            writer.write(ask.encode())
            (status, _), keeps = await answer_of(reader)
            told[address][status] += 1
            if not keeps:
                writer.close()
                reader, writer = await asyncio.open_connection(at.hostname, at.port, local_addr=(address, 0))
        writer.close()

    async def converse(address: str) -> None:
        number = 1_000_000
        while (now := time.time()) < until:
            if not is_attacked(now):
                await asyncio.sleep(SLICE - now % SLICE)
                continue
            number += 1
            told[address][await converse_with(url, address, forged(key, number))] += 1
            await asyncio.sleep(pause)

    await asyncio.gather(
        *(guess(address, number) for address in ADDRESSES for number in range(CONNECTIONS)),
        *(converse(address) for address in ADDRESSES),
    )
    return told


async def converse_with(url: str, address: str, key: str) -> int:
    """The code a conversation with this key is closed with, or the status it is declined with; 0 where neither was told."""
    try:
        async with connect(
            f"{url.replace('http', 'ws', 1)}/graphql", subprotocols=CONVERSATIONS, local_addr=(address, 0)
        ) as line:
            await line.send(json.dumps({"type": "connection_init", "payload": {"Authorization": f"Bearer {key}"}}))
            await line.recv()
    except InvalidStatus as declined:
        return declined.response.status_code
    except ConnectionClosed as ended:
        return ended.rcvd.code if ended.rcvd else 0
    except (OSError, TimeoutError):
        return 0
    return 200


if __name__ == "__main__":
    _, url, key, rate, until = sys.argv
    print(json.dumps(asyncio.run(flood(url, key, rate=int(rate), until=float(until)))))  # noqa: T201  what it tells
