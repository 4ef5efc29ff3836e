"""GraphQL over WebSocket, by the subprotocol graphql-transport-ws: a conversation of text frames under one key."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol, cast

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http import GraphQLHTTPResponse
from strawberry.http.exceptions import NonJsonMessageReceived, NonTextMessageReceived, WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation
from strawberry.subscriptions.protocols.graphql_transport_ws.types import Message, SubscribeMessage
from strawberry.types import ExecutionResult

from app.db.database import is_outage
from app.graphql.feed import StoppingError
from app.graphql.limits import OVER_LIMIT
from app.graphql.refusing import refused
from app.graphql.requests import Asked, read
from app.operations.refusals import Refused
from app.operations.shown import Shown
from app.operations.strict_json import read_json

MOST: Final = 20
"""Operations under way on one connection."""
_AGAIN, _RESTARTING, _FAULT = 1013, 1012, 1011


class Door(Protocol):
    """What the conversation is held with: it runs requests, and says how results and failures are told."""

    async def answer(self, connection: "Connection", asked: Asked) -> AsyncGenerator[ExecutionResult, None]: ...

    async def process_result(self, request: Any, result: ExecutionResult) -> GraphQLHTTPResponse: ...

    def spelt(self, request: Any, error: Exception) -> list[dict[str, Any]]: ...


@dataclass
class Connection:
    """A handshake, and what its client said of itself afterwards."""

    websocket: WebSocket
    connection_params: Mapping[str, object] = field(default_factory=dict)

    @property
    def shown(self) -> Shown:
        """As the first message says it, or else the handshake. Cookies say nothing here: any site may open a conversation."""
        said = self.connection_params.get("authorization") or self.connection_params.get("Authorization")
        if said:
            return Shown(authorizations=(str(said),))
        return replace(Shown.by(self.websocket.scope["headers"], "GET"), cookies="")

    def announce(self) -> None:
        """Tell the edge what is shown, before it is looked up. It counts by that from now on, and refuses who guesses."""
        shows = getattr(self.websocket.state, "shows", None)
        if shows is not None:
            shows(self.shown)


class TextFrames(ASGIWebSocketAdapter):
    """Messages as text, finished JSON spliced in. Whoever has gone away is told nothing more."""

    async def iter_json(self, *, ignore_parsing_errors: bool = False) -> AsyncGenerator[object, None]:  # noqa: ARG002  strawberry's signature
        try:
            while self.ws.application_state is not WebSocketState.DISCONNECTED:
                yield read_json((await self.ws.receive_text()).encode())
        except Refused:
            raise NonJsonMessageReceived from None
        except (KeyError, AttributeError):
            raise NonTextMessageReceived from None
        except WebSocketDisconnect:
            return

    async def send_json(self, message: Mapping[str, object]) -> None:
        if self.ws.application_state is WebSocketState.DISCONNECTED:
            raise WebSocketDisconnected
        try:
            await self.ws.send_text(orjson.dumps(message).decode())
        except WebSocketDisconnect:
            raise WebSocketDisconnected from None

    async def close(self, code: int, reason: str) -> None:
        if self.ws.application_state is not WebSocketState.DISCONNECTED:
            await self.ws.close(code=code, reason=reason)


class Conversation(BaseGraphQLTransportWSHandler[Any, None]):
    @property
    def _door(self) -> Door:
        return cast("Door", self.view)

    async def handle_message(self, message: Message) -> None:
        """What is no message ends the conversation, and so does what goes wrong with us: in words, and never with a trace."""
        if not isinstance(message, dict) or not isinstance(message.get("id", ""), str):
            await self.handle_invalid_message("A message is an object, and its id is text")
            return
        try:
            await super().handle_message(message)
        except WebSocketDisconnected:
            raise
        except Exception as error:  # noqa: BLE001  told, and logged where it is ours
            [told] = self._door.spelt(self.context.websocket, error)
            passes = is_outage(error) or (isinstance(error, Refused) and error.kind == "too-many-requests")
            await self.websocket.close(_AGAIN if passes else _FAULT, told["message"][:100])

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        """A request, whatever its operation is. It may name a trusted document, as over HTTP."""
        if not self.connection_acknowledged:
            await self.websocket.close(code=4401, reason="Unauthorized")
            return
        if message["id"] in self.operations:
            await self.websocket.close(code=4409, reason=f"Subscriber for {message['id'][:60]} already exists")
            return
        operation: Operation[Any, None] = Operation(self, message["id"], "", None, None)
        try:
            asked = read(message["payload"])
            if len(self.operations) >= MOST:
                sentence = f"A connection has at most {MOST} operations under way. End one, or open another connection."
                raise refused(OVER_LIMIT, sentence)  # noqa: TRY301  told as any other refusal of a request
        except Exception as error:  # noqa: BLE001  told, and logged where it is ours
            await self._refuse(operation, error)
            return
        self.operations[operation.id] = operation
        operation.task = asyncio.create_task(self._run(operation, asked))
        operation.task.add_done_callback(self._task_done)

    async def _run(self, operation: Operation[Any, None], asked: Asked) -> None:
        try:
            async with aclosing(await self._door.answer(self.context, asked)) as results:
                async for result in results:
                    told = await self._door.process_result(self.context.websocket, result)
                    payload = {"data": None, **told}
                    await self._say(operation, {"id": operation.id, "type": "next", "payload": payload})
            await self._say(operation, {"id": operation.id, "type": "complete"})
        except WebSocketDisconnected:
            return
        except StoppingError:
            await self.websocket.close(_RESTARTING, "Restarting")
        except Exception as error:  # noqa: BLE001  told, and logged where it is ours
            await self._refuse(operation, error)

    async def _refuse(self, operation: Operation[Any, None], error: Exception) -> None:
        told = self._door.spelt(self.context.websocket, error)
        self.operations.setdefault(operation.id, operation)
        await self._say(operation, {"id": operation.id, "type": "error", "payload": told})

    @staticmethod
    async def _say(operation: Operation[Any, None], message: Mapping[str, Any]) -> None:
        await operation.send_operation_message(cast("Message", message))
