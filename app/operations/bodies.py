"""What a caller sends: models made from what each noun lets a caller set, and what is wrong with what was sent."""

import unicodedata
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

from annotated_types import MaxLen
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticUndefined
from sqlalchemy import UniqueConstraint
from sqlmodel.main import FieldInfoMetadata

from app.domain.due_columns import DueColumns
from app.domain.entity import Entity
from app.domain.errors import Fault, Invalid

MAX_KEY: Final = 200


def _plain_text(text: str) -> str:
    """One spelling for each text, and nothing in it that is not text."""
    if any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t" for letter in text):
        raise ValueError("must not hold control characters")
    return unicodedata.normalize("NFC", text)


def _a_number(value: Any) -> Any:
    if isinstance(value, (str, bool)):
        raise ValueError("must be a JSON number")  # noqa: TRY004  pydantic turns a ValueError into a fault
    return Decimal(repr(value)) if isinstance(value, (int, float)) else value


Text = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_plain_text)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._/+&-]{0,59}$")]
Number = Annotated[Decimal, BeforeValidator(_a_number), Field(max_digits=20, decimal_places=6, allow_inf_nan=False)]
Whole = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2100, 12, 31))]


class Body(BaseModel):
    """Unknown members are refused, and nothing is taken for something else: "1.5" is no number, true is no 1."""

    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", strict=True, allow_inf_nan=False, populate_by_name=False
    )

    def given(self) -> dict[str, Any]:
        """What the caller actually sent, by column name."""
        return {name: getattr(self, name) for name in self.model_fields_set}


def creation(entity: type[Entity], title: str, **extras: Any) -> type[Body]:
    """The body that creates a record: every column a caller may set, and `due` as text where there is a due date."""
    fields: dict[str, Any] = {}
    for column in entity.columns():
        name = column.name
        if name in entity.DERIVED or name in entity.SECRET:
            continue
        fields[name] = _field(entity, name, optional=name == "id" or not _is_required(entity, name))
    return _model(f"{title}Create", entity, fields | extras)


def merge(entity: type[Entity], title: str) -> type[Body]:
    """The merge patch (RFC 7396) of a record: what is left out stays, null empties.

    A due date with a baseline is no part of it: that one moves by an operation of its own, with a coded reason.
    """
    fixed = entity.DERIVED | entity.FIXED | entity.SECRET
    names = [column.name for column in entity.columns() if column.name not in fixed]
    fields = {name: _field(entity, name, optional=True) for name in names}
    return _model(f"{title}Patch", entity, fields, due="baseline_due_on" not in entity.model_fields)


def not_valid(error: ValidationError) -> Invalid:
    """The refusal of a body that does not fit its model, with a fault for each part that is wrong."""
    faults = [
        Fault(_pointer(item["loc"]), item["type"].replace("_", "-"), item["msg"])
        for item in error.errors(include_input=False, include_url=False)
    ]
    return Invalid(f"{len(faults)} part(s) of the body are not valid.", faults=faults)


def _pointer(place: tuple[int | str, ...]) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in place)


def _model(name: str, entity: type[Entity], fields: dict[str, Any], *, due: bool = True) -> type[Body]:
    if due and issubclass(entity, DueColumns):
        told = "The due date as text: a day, a month, a term, a window."
        text = Field(default=None, description=told, examples=["end of October 2026"])
        fields["due"] = (Annotated[Text | None, Field(max_length=200)], text)
    return create_model(name, __base__=Body, __module__=__name__, **fields)


def _is_required(entity: type[Entity], name: str) -> bool:
    return entity.model_fields[name].is_required()


def _field(entity: type[Entity], name: str, *, optional: bool) -> tuple[Any, Any]:
    info = entity.model_fields[name]
    bounds = tuple(item for item in info.metadata if not isinstance(item, FieldInfoMetadata))
    if name in _keys(entity) and info.annotation in (str, str | None):
        bounds = (*bounds, MaxLen(MAX_KEY))
    kind = _strict(name, info.annotation, bounds)
    default = info.default if optional and info.default is not PydanticUndefined else None
    settings: dict[str, Any] = {"description": info.description} if info.description else {}
    if not optional:
        return kind, Field(**settings)
    if default is None and name == "id":
        return kind | None, Field(default=None, **settings)
    factory = info.default_factory if name != "id" else None
    if factory is not None:
        return kind, Field(default_factory=factory, **settings)
    return kind, Field(default=default, **settings)


def _keys(entity: type[Entity]) -> set[str]:
    """The columns that stand in a unique key. An index of PostgreSQL holds no row of more than 2,704 bytes."""
    table = entity.table()
    keys = [item.columns for item in table.constraints if isinstance(item, UniqueConstraint)]
    return {column.name for columns in (*keys, *(index.columns for index in table.indexes)) for column in columns}


def _strict(name: str, annotation: Any, metadata: tuple[Any, ...]) -> Any:
    """The door's stricter type for a column's type."""
    if get_origin(annotation) in (Union, UnionType):
        inner = [_strict(name, item, metadata) for item in get_args(annotation) if item is not type(None)]
        return inner[0] | None if type(None) in get_args(annotation) else inner[0]
    if get_origin(annotation) is list:
        return Annotated[list[_strict(name, get_args(annotation)[0], ())], Field(max_length=200)]  # type: ignore[misc]  # made here
    if name == "code" and annotation is str:
        return Code
    stricter: dict[Any, Any] = {str: Text, Decimal: Number, int: Whole, date: Day}
    kind = stricter.get(annotation, annotation)
    return Annotated[(kind, *metadata)] if metadata else kind
