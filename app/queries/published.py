"""The published shape of every answer, made from the nouns' own declarations, so that contract and SQL cannot differ."""

from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field, create_model

from app.db.noun import Noun
from app.db.selection import Selection, record, tree


class Published(BaseModel):
    """Members are always present; what is unknown is null."""

    model_config = ConfigDict(extra="forbid")


@cache
def model_of(selection: Selection, title: str | None = None) -> type[Published]:
    noun = selection.noun
    fields: dict[str, Any] = {item.name: (item.type, Field(description=item.doc or None)) for item in selection.fields}
    for child, below in selection.children:
        fields[child.name] = (list[tree_model(below.noun)], Field(description=child.doc or None))  # type: ignore[misc]  # made here
    return create_model(title or noun.title, __base__=Published, __module__=__name__, __doc__=noun.doc, **fields)


def record_model(noun: Noun) -> type[Published]:
    return model_of(record(noun))


@cache
def tree_model(noun: Noun) -> type[Published]:
    return model_of(tree(noun), f"{noun.title}Page") if noun.children() else record_model(noun)


@cache
def list_model(noun: Noun) -> type[BaseModel]:
    fields: dict[str, Any] = {
        "items": (list[record_model(noun)], Field(description="The records of this page.")),  # type: ignore[misc]  # made here
        "nextCursor": (str | None, Field(description="Cursor of the page after this one; null on the last.")),
        "totalCount": (
            int | None,
            Field(default=None, description="With `Prefer: count=exact`: how many there are in all."),
        ),
    }
    return create_model(f"{noun.title}List", __base__=Published, __module__=__name__, **fields)


def exact(value: object) -> orjson.Fragment | str:
    """A number as it is: a JSON number with all its digits. And an id as the database hands it over."""
    if isinstance(value, Decimal):
        return orjson.Fragment(f"{value:f}")
    if isinstance(value, UUID):
        return str(value)
    raise TypeError
