"""What every record has: a trust, an id and a version, and the columns it was declared with."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, DateTime, Dialect, ForeignKeyConstraint, Table, Text, UniqueConstraint
from sqlalchemy.orm import declared_attr
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from app.domain.ids import uuid7

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMES


class Word(TypeDecorator[StrEnum]):
    """A value of a closed list, stored as text and checked by the table it stands in."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:  # noqa: ARG002  SQLAlchemy's signature
        return None if value is None else str(self.words(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002  likewise
        return None if value is None else self.words(value)


class Entity(SQLModel):
    """A record of one trust. Rules are its methods; they refuse, or change it and say what happened.

    DERIVED names the columns that only rules may set; FIXED those a caller gives once, at creation; PERSONAL the
    text that may name somebody and so is kept beside the event log, where it can be erased; SENSITIVE what is told with a
    note of who read it; SECRET what no event and no reader is ever told.
    """

    DERIVED: ClassVar[frozenset[str]] = frozenset({"trust_id", "version", "withdrawn_at"})
    FIXED: ClassVar[frozenset[str]] = frozenset({"id", "plan_id", "framework_id", "code"})
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    SENSITIVE: ClassVar[frozenset[str]] = frozenset()
    SECRET: ClassVar[frozenset[str]] = frozenset()

    trust_id: UUID = Field(primary_key=True)
    id: UUID = Field(
        default_factory=uuid7, primary_key=True, description="Chosen by the caller, or made here (UUIDv7)."
    )
    version: int = Field(default=1, description="Counts up with every change.")

    def __eq__(self, other: object) -> bool:
        """A record is the one it is, whatever its columns hold."""
        return self is other

    def __hash__(self) -> int:
        return id(self)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__dict__.get("version"), "version_id_generator": False}

    @classmethod
    def noun(cls) -> str:
        """The record's name in the event log and in the database: `action_step`."""
        return str(cls.__tablename__)

    @classmethod
    def table(cls) -> Table:
        table: Table = cls.__table__  # type: ignore[attr-defined]  # SQLModel makes it and does not say so
        return table

    @classmethod
    def columns(cls) -> tuple[Column[Any], ...]:
        return tuple(cls.table().columns)

    def state(self) -> dict[str, Any]:
        """Every column's value, by column name."""
        return {column.name: getattr(self, column.name) for column in self.columns()}

    def check(self) -> None:
        """Refuse a record whose columns contradict one another. Called whenever it was made or changed."""

    def held(self, values: Mapping[str, object]) -> list[str]:
        """Which of these columns are given once or set by rules alone, and yet would change."""
        names = (self.FIXED | self.DERIVED) & values.keys() & type(self).model_fields.keys()
        return sorted(name for name in names if getattr(self, name) != values[name])

    @classmethod
    def of(cls, trust_id: UUID, values: dict[str, Any]) -> Self:
        """A new record of this trust."""
        return cls(trust_id=trust_id, **values)


class Withdrawable(Entity):
    """A record that is never deleted: it is withdrawn, with a reason, and stays readable."""

    withdrawn_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))

    @property
    def in_use(self) -> bool:
        """Whether a record it refers to has to stay."""
        return self.withdrawn_at is None


class Sourced(Withdrawable):
    """A record that says where it was read."""

    source_document: str | None = Field(default=None, description="Code of the document it was read in.")
    source_line: int | None = Field(default=None, ge=1, description="Line of that document its text starts on.")


class PlanRecord(Sourced):
    """A record of one plan, with a code that is unique among its kind in that plan."""

    plan_id: UUID = Field(description="The plan it belongs to.")
    code: str = Field(description="Its name in the plan: unique among its kind, never reused.")


class FrameworkRecord(Sourced):
    """A record of one framework version, with a code that is unique among its kind in that version."""

    framework_id: UUID = Field(description="The framework version it belongs to.")
    code: str = Field(description="Its name in the framework: unique among its kind, and the same in every edition.")
    no: int = Field(default=1, ge=1, description="Order as printed.")


class AcademyRecord(Withdrawable):
    """A record of one academy."""

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"academy_id"}

    academy_id: UUID = Field(description="The academy it is about.")


class Fact(Entity):
    """A row that comes by the thousand and is kept in batches: the batch has the event, with count and digest of its rows.

    KEPT_BY names the column of its batch; LATER those that are set afterwards, when another row takes its place.
    """

    KEPT_BY: ClassVar[str]
    LATER: ClassVar[frozenset[str]] = frozenset()


def unique(*columns: str, refusal: str) -> UniqueConstraint:
    """A unique key within the trust, and the sentence that refuses a second."""
    return UniqueConstraint("trust_id", *columns, info={"refusal": refusal})


def belongs_to(table: str, *columns: str, refusal: str) -> ForeignKeyConstraint:
    """A reference to a record of the same trust; with `plan_id` or `framework_id` first, of the same one of those too."""
    targets = [*columns[:-1], "id"]
    return ForeignKeyConstraint(
        ["trust_id", *columns],
        [f"{table}.trust_id", *(f"{table}.{name}" for name in targets)],
        info={"refusal": refusal},
    )


def holds(name: str, condition: str, *, refusal: str) -> CheckConstraint:
    """Something that is never false of a row."""
    return CheckConstraint(condition, name=name, info={"refusal": refusal})


def of_plan(*more: Any) -> tuple[Any, ...]:
    """The keys every record of a plan has, and more."""
    return (
        unique("plan_id", "code", refusal="The plan already has one with this code. Choose another code."),
        unique("plan_id", "id", refusal="The plan already has a record with this id."),
        belongs_to("plan", "plan_id", refusal="There is no such plan."),
        *more,
    )


def of_framework(*more: Any) -> tuple[Any, ...]:
    """The keys every record of a framework has, and more."""
    return (
        unique("framework_id", "code", refusal="The framework already has one with this code. Choose another code."),
        *within_framework(*more),
    )


def within_framework(*more: Any) -> tuple[Any, ...]:
    """The keys of a framework's record that has no code of its own, and more."""
    return (
        unique("framework_id", "id", refusal="The framework already has a record with this id."),
        belongs_to("framework", "framework_id", refusal="There is no such framework."),
        *more,
    )


def of_academy(*more: Any) -> tuple[Any, ...]:
    """The keys every record of an academy has, and more."""
    return (
        unique("academy_id", "id", refusal="The academy already has a record with this id."),
        belongs_to("academy", "academy_id", refusal="There is no such academy."),
        *more,
    )
