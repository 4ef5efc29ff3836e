"""The REST door: every noun's addresses, and the operations that some of them have besides."""

from functools import cache

from fastapi import APIRouter, FastAPI

from app.api import (
    categorisation,
    deprecations,
    health,
    keys,
    me,
    openapi,
    operations,
    pages,
    problems,
    readings,
    releases,
    sign_in,
)
from app.api.resources import router_of
from app.operations.resources import resources


@cache
def _routers() -> tuple[APIRouter, ...]:
    """Each noun's addresses, made once: a router holds no state, and the bodies it publishes take a second to make."""
    return tuple(router_of(resource) for resource in resources())


def install(app: FastAPI) -> None:
    """Give the application its REST door."""
    for router in (*_routers(), *operations.routers()):
        app.include_router(router)
    for module in (categorisation, readings, releases, keys, deprecations, health, pages, sign_in, me):
        app.include_router(module.router)
    problems.install(app)
    openapi.install(app)
    app.state.deprecated = deprecations.by_operation()
