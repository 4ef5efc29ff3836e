"""The notes of who read what is sensitive, told to whoever audits."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.domain.roles import Permission
from app.operations.bodies import Day, Text
from app.operations.operation import Answer
from app.queries.reading import Moment, Reads
from app.queries.sensitive_reads import ReadsAsked, SensitiveReadPage, read_sensitive_reads


class SensitiveReadQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=100, ge=1, le=1000, description="Notes a page.")
    after: Annotated[Text, Field(max_length=200)] | None = Field(
        default=None, description="`nextAfter` of the page before."
    )
    record_id: UUID | None = Field(default=None, alias="recordId", description="Who read this record.")
    actor: Annotated[Text, Field(max_length=100)] | None = Field(
        default=None, description="What this actor read, as events say who it is."
    )
    noun: Annotated[Text, Field(max_length=100)] | None = Field(
        default=None, description="Such as `observation`, as events say it."
    )
    first: Day | None = Field(default=None, alias="from", description="On this day or after it.")
    before: Day | None = Field(default=None, description="Before this day.")


async def _read(reads: Reads, _trust_id: UUID, asked: SensitiveReadQuery, _moment: Moment) -> SensitiveReadPage:
    wanted = ReadsAsked(
        record=asked.record_id, actor=asked.actor, noun=asked.noun, first=asked.first, before=asked.before,
        after=asked.after, limit=asked.limit,
    )  # fmt: skip
    return await read_sensitive_reads(reads, wanted)


LISTED: Final = Answer(
    name="listSensitiveReads",
    path="sensitive-reads",
    tag="events",
    summary="Who read what is sensitive",
    doc="Each reading of a sensitive field leaves a note in the transaction that told it. The newest first; only for "
    "whoever audits the whole trust.",
    asked=SensitiveReadQuery,
    gives=SensitiveReadPage,
    read=_read,
    tagged=False,
    missing=False,
    needs=Permission.READ_AUDIT,
    rows_by="limit",
)
ANSWERS: Final = (LISTED,)
