"""The application: the one place where everything meets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from app import __version__
from app.api import door, edge
from app.api.openapi import operation_id
from app.config import Settings
from app.db.checks import refuse_unsafe
from app.db.database import Database
from app.db.migrate import head
from app.graphql import door as graphql_door
from app.graphql.feed import Feed
from app.identity.providers import identity_of

DESCRIPTION = """The system of record for school improvement in English multi-academy trusts.

Every change is one event in an append-only log. Reads carry an ETag; changes need it back as If-Match. Retries are
safe with an Idempotency-Key. Every failure is a problem document (RFC 9457) whose `type` leads to a page about it."""


def create_app(database: Database, settings: Settings, *, pepper: bytes) -> FastAPI:
    """The service on a database. `pepper` is the secret that keys and cursors depend on."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await database.open()
        try:
            await refuse_unsafe(database)
            yield
        finally:
            await database.close()

    app = FastAPIOffline(
        docs_url=None,
        redoc_url=None,
        title="Milepost",
        version=__version__,
        summary="School improvement, recorded once and explained.",
        description=DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        servers=[{"url": "/", "description": "This installation"}],
        lifespan=lifespan,
        generate_unique_id_function=operation_id,
        redirect_slashes=False,
        separate_input_output_schemas=False,
    )
    app.state.database = database
    app.state.settings = settings
    app.state.pepper = pepper
    app.state.identity = identity_of(settings, secret=pepper)
    app.state.draining = False
    app.state.revision = head()
    app.state.feed = Feed(
        database,
        stopping=lambda: app.state.draining,
        most=settings.subscriptions,
        look_seconds=settings.look_seconds,
    )
    door.install(app)
    graphql_door.install(app)
    edge.surround(app, settings)
    return app
