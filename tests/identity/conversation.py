"""A conversation over WebSocket, as far as its first answer."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from starlette.types import ASGIApp, Message


async def opened(app: ASGIApp, headers: Mapping[str, str], payload: Mapping[str, str] | None = None) -> str:
    """How the service answers the first message, which says `payload` of its sender."""
    scope: dict[str, Any] = {
        "type": "websocket", "path": "/graphql", "raw_path": b"/graphql", "query_string": b"", "root_path": "",
        "scheme": "ws", "subprotocols": ["graphql-transport-ws"], "client": ("127.0.0.1", 1), "server": ("x", 80),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()], "asgi": {"version": "3.0"},
        "http_version": "1.1", "extensions": {}, "state": {},
    }  # fmt: skip
    first = {"type": "connection_init", **({"payload": dict(payload)} if payload else {})}
    said: asyncio.Queue[Message] = asyncio.Queue()
    inbox: asyncio.Queue[Message] = asyncio.Queue()
    inbox.put_nowait({"type": "websocket.connect"})
    inbox.put_nowait({"type": "websocket.receive", "text": json.dumps(first)})
    task = asyncio.create_task(app(scope, inbox.get, said.put))
    told = "websocket.accept"
    while told == "websocket.accept":
        message = await asyncio.wait_for(said.get(), 20)
        told = json.loads(message["text"])["type"] if message["type"] == "websocket.send" else message["type"]
    inbox.put_nowait({"type": "websocket.disconnect", "code": 1000})
    await asyncio.wait_for(task, 10)
    return str(told)
