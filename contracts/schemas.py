"""`packs/pack.schema.json`: what a pack file may hold, for editors and for whoever writes packs with a program."""

import json
from pathlib import Path
from typing import Any, Final

from app.packs.format import Pack

FILE: Final = Path(__file__).resolve().parent.parent / "packs" / "pack.schema.json"
ID: Final = "urn:milepost:pack:1"


def schema() -> dict[str, Any]:
    made = Pack.model_json_schema(by_alias=True)
    return made | {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": ID, "title": "Milepost pack"}


def text() -> str:
    return json.dumps(schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def write() -> None:
    FILE.write_text(text(), encoding="utf-8")


def check() -> str | None:
    """What is wrong with the committed schema, or None."""
    if FILE.is_file() and FILE.read_text(encoding="utf-8") == text():
        return None
    return "packs/pack.schema.json is not what app/packs/format.py says. Run `./dev check --fix` and commit the file."
