"""`openapi/openapi.json`: the REST contract, written from the application itself."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI

from app.api.openapi import document_text
from app.config import Settings
from app.db.database import Database
from app.main import create_app

FILE: Final = Path(__file__).resolve().parent.parent / "openapi" / "openapi.json"


def document() -> dict[str, Any]:
    """The document of the code as it stands."""
    return _application().openapi()


def write() -> None:
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(document_text(_application()), encoding="utf-8")


def check() -> str | None:
    """What is wrong with the committed document, or None."""
    if FILE.is_file() and FILE.read_text(encoding="utf-8") == document_text(_application()):
        return None
    return (
        "openapi/openapi.json is not what the code says. "
        "Run `./dev milepost openapi --out openapi/openapi.json` and commit the file."
    )


@cache
def _application() -> FastAPI:
    """No database is opened for it, and no setting of this machine has a say."""
    return create_app(Database("postgresql://nobody@localhost/none"), Settings.model_construct(), pepper=b"")
