"""The load: a few keep-alive connections that ask for one thing over and over, in a process of their own."""

import asyncio
import re
import socket
import time
from dataclasses import dataclass
from typing import Final

_LENGTH: Final = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
_END: Final = b"\r\n\r\n"
_LARGEST: Final = 1 << 20


class WrongAnswer(RuntimeError):
    """A server answered, but not what it should."""


@dataclass(frozen=True)
class Asked:
    """One request: a GET, or a POST of JSON where there is a body."""

    port: int
    path: str
    headers: tuple[str, ...] = ()
    body: bytes = b""

    @property
    def request(self) -> bytes:
        lines = [f"{'POST' if self.body else 'GET'} {self.path} HTTP/1.1", "Host: 127.0.0.1", *self.headers]
        if self.body:
            lines += ["Content-Type: application/json", "Accept: application/json", f"Content-Length: {len(self.body)}"]
        return "\r\n".join((*lines, "", "")).encode() + self.body


@dataclass(frozen=True)
class Load:
    """What to ask for, and what has to come back: the status and the number of bytes."""

    asked: Asked
    status: int
    length: int
    connections: int


def drive(load: Load, seconds: float) -> tuple[int, float]:
    """How many requests were answered, and in how many seconds. One that is under way at the end is waited for."""
    return asyncio.run(_drive(load, seconds))


async def _drive(load: Load, seconds: float) -> tuple[int, float]:
    started = time.perf_counter()
    until = started + seconds
    answered = await asyncio.gather(*(_ask(load, until) for _ in range(load.connections)))
    return sum(answered), time.perf_counter() - started


async def _ask(load: Load, until: float) -> int:
    loop = asyncio.get_running_loop()
    buffer, request, answered = memoryview(bytearray(_LARGEST)), load.asked.request, 0
    with socket.socket() as connection:
        connection.setblocking(False)
        await loop.sock_connect(connection, ("127.0.0.1", load.asked.port))
        while time.perf_counter() < until:
            await loop.sock_sendall(connection, request)
            status, length = await _answer(loop, connection, buffer)
            if (status, length) != (load.status, load.length):
                raise WrongAnswer(
                    f"{load.asked.path}: {status}, {length} bytes; expected {load.status}, {load.length} bytes"
                )
            answered += 1
    return answered


async def _answer(loop: asyncio.AbstractEventLoop, connection: socket.socket, buffer: memoryview) -> tuple[int, int]:
    """The status and the length of one answer, read to its end."""
    have, end = 0, -1
    while end < 0:
        have += await _receive(loop, connection, buffer[have:])
        end = bytes(buffer[: min(have, 8192)]).find(_END)
    head = bytes(buffer[: end + 2])
    status, told = int(head[9:12]), _LENGTH.search(head)
    length = int(told[1]) if told and status != 304 else 0
    whole = end + len(_END) + length
    while have < whole:
        have += await _receive(loop, connection, buffer[have:whole])
    if have > whole:
        raise WrongAnswer(f"{have - whole} bytes more than were announced")
    return status, length


async def _receive(loop: asyncio.AbstractEventLoop, connection: socket.socket, into: memoryview) -> int:
    received = await loop.sock_recv_into(connection, into)
    if received == 0:
        raise WrongAnswer("the server closed the connection, or its answer is too long")
    return received
