"""Who asks, by the request's Authorization header."""

from typing import Annotated

from fastapi import Depends, Request

from app.domain.actor import Actor
from app.operations.credentials import caller_of


async def actor_of(request: Request) -> Actor:
    state = request.app.state
    return await caller_of(state.database, state.pepper, request.headers.get("authorization", ""), channel="rest")


Caller = Annotated[Actor, Depends(actor_of)]
