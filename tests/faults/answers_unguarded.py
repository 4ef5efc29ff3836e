"""The service with one guard of its edge taken away, for the teeth of H1, H2 and H3."""

import json
import os

from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.types import Receive, Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app import cli, serving
from app.api import bodies
from app.api.edge import admission
from app.api.edge.bodies import Share
from app.operations.refusals import Refused


def _stock_protocol() -> None:
    serving.protocol_for = lambda _: HttpToolsProtocol  # type: ignore[assignment,return-value,attr-defined]  # the defect itself


def _bodies_of_any_size() -> None:
    async def read_body(receive: Receive, *, most: int, share: Share) -> bytes:
        parts, more = [], True
        while more:
            message = await receive()
            parts.append(message.get("body", b""))
            more = message.get("more_body", False)
        return b"".join(parts)

    def refuse_body(scope: Scope, *, most: int) -> bool:
        return True

    admission.read_body, admission.refuse_body = read_body, refuse_body  # type: ignore[attr-defined]  # the defect itself
    _stock_protocol()


def _refusals_as_fastapi_tells_them() -> None:
    """Bodies are read as Python reads JSON, and what is wrong with one is told with what was sent, as it was sent."""

    def not_valid(error: ValidationError) -> Refused:
        told = JSONResponse({"detail": jsonable_encoder(error.errors())})
        return Refused("invalid", bytes(told.body).decode())

    bodies.read_json = json.loads  # type: ignore[attr-defined,assignment]  # the defect itself
    bodies.not_valid = not_valid  # type: ignore[attr-defined,assignment]  # the defect itself


DEFECTS = {
    "stock-protocol": _stock_protocol,
    "bodies-of-any-size": _bodies_of_any_size,
    "stock-refusals": _refusals_as_fastapi_tells_them,
}

if __name__ == "__main__":
    DEFECTS[os.environ["MILEPOST_TEST_DEFECT"]]()
    cli.main()
