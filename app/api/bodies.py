"""Request bodies: strict JSON, read into the model of the operation."""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from fastapi import Request
from pydantic import ValidationError

from app.operations.bodies import Body, not_valid
from app.operations.refusals import Refused
from app.operations.strict_json import read_json

MERGE_PATCH: Final = "application/merge-patch+json"


@cache
def json_of(model: type[Body], media: str = "application/json") -> Callable[[Request], Any]:
    """A dependency that reads the request's JSON strictly into the model."""

    async def read(request: Request) -> Body:
        given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if given != media:
            raise Refused(
                "unsupported-media-type", f"Send this body as {media}.", headers={"Accept-Patch": MERGE_PATCH}
            )
        raw = await request.body()
        read_json(raw)
        try:
            return model.model_validate_json(raw)
        except ValidationError as error:
            raise not_valid(error) from None

    return read
