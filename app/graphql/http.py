"""The GraphQL door over HTTP, by the specification of that name: by whom something is asked, and how it is answered."""

import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import orjson
from cross_web import AsyncHTTPRequestAdapter, StarletteRequestAdapter
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http import GraphQLHTTPResponse
from strawberry.schema import BaseSchema
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult
from strawberry.types.unset import UNSET

from app.domain.actor import Actor
from app.domain.errors import Refusal
from app.domain.roles import Permission
from app.graphql.executor import Executor
from app.graphql.following import Subscriber, Told
from app.graphql.limits import RefusedDocument
from app.graphql.negotiation import EVENTS, JSON, RESPONSE, media_for, names
from app.graphql.refusing import refused
from app.graphql.requests import Asked, over_http, require_method
from app.graphql.statuses import OF_REQUEST, UNAVAILABLE, status_of
from app.graphql.streaming import Stream, once
from app.graphql.telling import errors_of, spelt, told
from app.graphql.trusted import TrustedTexts
from app.graphql.websocket import Connection, Conversation, TextFrames
from app.operations.content_security import CONTENT_SECURITY, policy_of
from app.operations.credentials import caller_of
from app.operations.refusals import Refused
from app.operations.shown import Shown

EXPLORER: Final = Path(__file__).with_name("explorer")
_POLICY: Final = policy_of((EXPLORER / "index.html").read_text())
_PATIENCE: Final = timedelta(seconds=10)
"""For the first message of a conversation."""


class GraphQLDoor(GraphQL[Actor | Connection, None]):
    graphql_transport_ws_handler_class = Conversation
    websocket_adapter_class = TextFrames

    def __init__(self, schema: BaseSchema, executor: Executor, *, explorer: bool) -> None:
        super().__init__(
            schema,
            graphql_ide="graphiql" if explorer else None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
            connection_init_wait_timeout=_PATIENCE,
        )
        self._executor = executor
        self._texts = TrustedTexts()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Whatever goes wrong is told as GraphQL tells it."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            require_method(request.method)
            shown = self.graphql_ide and self.should_render_graphql_ide(StarletteRequestAdapter(request))
            response = await (self.render_graphql_ide(request) if shown else self.run(request))
        except Exception as error:  # noqa: BLE001  told, and logged where it is ours
            response = self._failed(request, error)
        await response(scope, receive, send)

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        media = media_for(request.headers.get("accept", ""))
        if media is None and not names(request.headers.get("accept", ""), EVENTS):
            sentence = f"Accept {RESPONSE}, {JSON} or {EVENTS}: answers have no other media type."
            raise Refused("not-acceptable", sentence)
        request.state.media = media = media or RESPONSE
        response = await super().get_sub_response(request)
        response.media_type = media
        return response

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Actor | Connection:  # noqa: ARG002  strawberry's signature
        if isinstance(request, WebSocket):
            request.state.trace_id = uuid.uuid4().hex
            return Connection(request)
        return await self._caller(request, Shown.by(request.scope["headers"], request.method))

    async def on_ws_connect(self, context: Actor | Connection) -> Any:
        """A conversation begins with a key."""
        assert isinstance(context, Connection)
        context.announce()
        try:
            await self._caller(context.websocket, context.shown)
        except Refusal:
            raise ConnectionRejectionError from None
        return UNSET

    async def _caller(self, request: Request | WebSocket, shown: Shown) -> Actor:
        actor = await caller_of(request.app.state, shown, channel="graphql")
        request.state.actor = actor
        return actor

    def should_render_graphql_ide(self, request: Any) -> bool:
        asks = {"query", "documentId"} & request.query_params.keys()
        return request.method == "GET" and not asks and names(request.headers.get("accept", ""), "text/html")

    async def render_graphql_ide(self, request: Request) -> Response:  # noqa: ARG002  strawberry's signature
        return FileResponse(EXPLORER / "index.html", headers={"Cache-Control": "no-store", CONTENT_SECURITY: _POLICY})

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> Asked:
        return await over_http(request)

    async def execute_operation(  # type: ignore[override]  # parse_http_body and get_context give nothing else
        self, request: Request, request_data: Asked, context: Actor, **_: Any
    ) -> ExecutionResult | Told:
        """A stream for a subscription, and for whoever takes nothing but streams. Those are told refusals in it, too."""
        accept = request.headers.get("accept", "")
        if not names(accept, EVENTS):
            return await self._execute(
                request, await self._prepared(request, request_data, context), request_data, context
            )
        alone = media_for(accept) is None
        try:
            prepared = await self._prepared(request, request_data, context)
            if not alone and not self._executor.is_subscription(prepared, request_data.operation_name):
                return await self._execute(request, prepared, request_data, context)
            shown = Shown.by(request.scope["headers"], request.method)
            results = await self._results(request, prepared, request_data, context, shown)
        except (RefusedDocument, GraphQLError, Refusal) as refusal:
            if not alone:
                raise
            results = once(ExecutionResult(None, list(errors_of(refusal, trace_id=_trace_id(request)))))
        request_data.protocol, request.state.results = "sse", results
        return results

    async def answer(self, connection: Connection, asked: Asked) -> Told:
        """What is asked for in a conversation. The key is looked up again for each request, as it is over HTTP."""
        actor = await self._caller(connection.websocket, connection.shown)
        prepared = await self._prepared(connection.websocket, asked, actor)
        return await self._results(connection.websocket, prepared, asked, actor, connection.shown)

    async def _results(
        self, request: Request | WebSocket, prepared: Any, asked: Asked, actor: Actor, shown: Shown
    ) -> Told:
        """Every result of a subscription, or the one result of anything else."""
        if not self._executor.is_subscription(prepared, asked.operation_name):
            return once(await self._execute(request, prepared, asked, actor))
        return await self._executor.subscribe(
            prepared,
            operation_name=asked.operation_name,
            variables=asked.variables or {},
            subscriber=Subscriber(actor, partial(self._caller, request, shown), _trace_id(request)),
            app_state=request.app.state,
        )

    async def _prepared(self, request: Request | WebSocket, asked: Asked, actor: Actor) -> Any:
        text = await self._text(request, asked, actor)
        return self._executor.prepare(text, may_read_schema=actor.may(Permission.READ_SCHEMA))

    async def _execute(
        self, request: Request | WebSocket, prepared: Any, asked: Asked, actor: Actor
    ) -> ExecutionResult:
        return await self._executor.execute(
            prepared,
            operation_name=asked.operation_name,
            variables=asked.variables or {},
            actor=actor,
            app_state=request.app.state,
            explain=(asked.extensions or {}).get("explain") is True,
            trace_id=_trace_id(request),
            allow_mutations=isinstance(request, WebSocket) or request.method == "POST",
        )

    async def _text(self, request: Request | WebSocket, asked: Asked, actor: Actor) -> str:
        if asked.document_id is not None:
            return await self._texts.text(request.app.state.database, actor, asked.document_id)
        if actor.documents_only:
            sentence = "This key runs trusted documents alone. Name one of them with `documentId`."
            raise RefusedDocument(refused("forbidden", sentence))
        return asked.query or ""

    async def process_result(self, request: Request | WebSocket, result: ExecutionResult) -> GraphQLHTTPResponse:
        """An answer without data says nothing of data: it was refused before anything ran."""
        errors = [told(error, trace_id=_trace_id(request)) for error in result.errors or ()]
        may = request.state.actor.may(Permission.READ_SCHEMA)
        answer: GraphQLHTTPResponse = {}
        if result.data is not None or any(error.path for error in errors):
            answer["data"] = result.data
        if errors:
            answer["errors"] = [spelt(error, may_read_schema=may) for error in errors]
        if result.extensions:
            answer["extensions"] = result.extensions
        return answer

    def encode_json(self, data: object) -> bytes:
        return orjson.dumps(data)

    def encode_json_string(self, data: object) -> str:
        """On one line, as an event of a stream has it. PostgreSQL breaks lines between the items of a list."""
        return orjson.dumps(data).decode().replace("\n", "")

    async def create_streaming_response(
        self,
        request: Request | WebSocket,
        stream: Callable[[], AsyncIterator[str]],
        sub_response: Response,
        headers: Mapping[str, str],
    ) -> Response:
        return Stream(request.state.results, stream, {**sub_response.headers, **headers})

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        assert isinstance(response_data, dict)
        media = sub_response.media_type or JSON
        status = sub_response.status_code or status_of(response_data, media)
        headers = {**sub_response.headers, "Cache-Control": "no-store", "Vary": "Accept, Authorization"}
        if status == UNAVAILABLE:
            headers["Retry-After"] = "1"
        content_type = f"{media}; charset=utf-8"
        return Response(self.encode_json(response_data), status, {**headers, "Content-Type": content_type})

    def spelt(self, request: Request | WebSocket, error: Exception) -> list[dict[str, Any]]:
        """A failure as an answer tells it."""
        actor: Actor | None = getattr(request.state, "actor", None)
        may = actor is not None and actor.may(Permission.READ_SCHEMA)
        return [spelt(it, may_read_schema=may) for it in errors_of(error, trace_id=_trace_id(request))]

    def _failed(self, request: Request, error: Exception) -> Response:
        bare = Response(media_type=getattr(request.state, "media", JSON))
        del bare.headers["content-length"], bare.headers["content-type"]
        bare.status_code = None  # type: ignore[assignment]  # as strawberry's: not decided yet
        if isinstance(error, Refused):
            bare.status_code = OF_REQUEST.get(error.kind)  # type: ignore[assignment]  # likewise
            bare.headers.update(error.headers)
        response = self.create_response({"errors": list(self.spelt(request, error))}, bare)
        for challenge in error.challenges if isinstance(error, Refused) else ():
            response.headers.append("WWW-Authenticate", challenge)
        return response


def _trace_id(request: Request | WebSocket) -> str:
    return str(getattr(request.state, "trace_id", "-"))
