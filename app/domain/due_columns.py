"""A due date in a table: its printed text, its kind, the range it resolves to, and why not when it does not."""

from datetime import date
from typing import ClassVar

from sqlmodel import Field, SQLModel

from app.domain.dates import Due, DueAssumption, DueProblem
from app.domain.entity import Word
from app.domain.vocabulary import DueKind


class DueColumns(SQLModel):
    """Set whole, through `set_due`, so that the parts never disagree."""

    DUE: ClassVar[frozenset[str]] = frozenset(
        {"due_printed", "due_kind", "due_starts_on", "due_ends_on", "due_unresolved", "due_assumed"}
    )

    due_printed: str | None = Field(default=None, description="The due date as printed or typed.")
    due_kind: DueKind = Field(
        default=DueKind.NONE, sa_type=Word(DueKind), description="What the text turned out to be."
    )
    due_starts_on: date | None = Field(default=None, description="First day of the range it resolves to.")
    due_ends_on: date | None = Field(default=None, description="Last day of the range: overdue only after it.")
    due_unresolved: DueProblem | None = Field(
        default=None,
        sa_type=Word(DueProblem),
        description="Why it does not resolve to a last day. An unresolved date is never overdue.",
    )
    due_assumed: DueAssumption | None = Field(
        default=None,
        sa_type=Word(DueAssumption),
        description="What was assumed to resolve it.",
    )

    def set_due(self, due: Due) -> None:
        self.due_printed = due.printed
        self.due_kind = due.kind
        self.due_starts_on = due.starts_on
        self.due_ends_on = due.ends_on
        self.due_unresolved = due.unresolved
        self.due_assumed = due.assumed
