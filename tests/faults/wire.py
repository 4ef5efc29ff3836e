"""Requests as bytes on a socket, for what no client library would send."""

import asyncio
from urllib.parse import urlsplit

Answer = tuple[int, bytes]
"""Status and body; status 0 where the connection ended without an answer."""
NO_ANSWER: Answer = (0, b"")


class Line:
    """One connection that is kept for as long as the other side keeps it."""

    def __init__(self, url: str) -> None:
        at = urlsplit(url)
        assert at.hostname is not None
        self.host, self.port = at.hostname, at.port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, request: bytes, *, alone: bool = False, end: bool = False) -> Answer:
        """Send these bytes and read one answer. `alone`: on a connection of its own. `end`: nothing more is sent after it."""
        for attempt in (1, 2):
            if alone or self._writer is None:
                await self.close()
                self._reader, self._writer = await asyncio.open_connection(self.host, self.port, limit=1 << 24)
                attempt = 2  # noqa: PLW2901  only a connection that was kept may have gone idle
            assert self._reader is not None
            try:
                self._writer.write(request)
                if end:
                    self._writer.write_eof()
                answer, keeps = await asyncio.wait_for(answer_of(self._reader), 30)
            except (OSError, asyncio.IncompleteReadError, ValueError):
                await self.close()
                if attempt == 1:
                    continue
                return NO_ANSWER
            if alone or not keeps:
                await self.close()
            return answer
        return NO_ANSWER

    async def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


async def answer_of(reader: asyncio.StreamReader) -> tuple[Answer, bool]:
    """The next answer, and whether the connection is kept after it."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head.split(None, 2)[1])
    fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
    keeps = fields.get(b"connection") != b"close"
    if fields.get(b"transfer-encoding") == b"chunked":
        body = b""
        while size := int(await reader.readline(), 16):
            body += await reader.readexactly(size + 2)
        await reader.readline()
        return (status, body), keeps
    return (status, await reader.readexactly(int(fields.get(b"content-length", b"0")))), keeps
