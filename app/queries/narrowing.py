"""The filters and sort keys that many nouns share."""

from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from app.db.noun import Filter, Sort

BY_CODE: Final = Sort('{t}.code collate "C"', "text")
BY_DUE: Final = Sort("coalesce({t}.due_ends_on, 'infinity'::date)", "date")
NATURAL: Final = 'length({t}.code), {t}.code collate "C"'
"""The order of codes that share a beginning, as people count: A2 before A10."""
IN_ORDER: Final = "{t}.no, " + NATURAL
BY_AREA: Final = "(select a.no from area a where a.trust_id = {t}.trust_id and a.id = {t}.area_id), {t}.no, " + NATURAL
BY_NO: Final = Sort("{t}.no", "int")
BY_ID: Final = Sort("{t}.id", "uuid")


def equals(column: str, *, cast: str = "text", type: Any = str, doc: str = "") -> Filter:  # noqa: A002  as in Filter
    return Filter(f"{{t}}.{column} = {{value}}", cast, type, doc)


def reference(column: str, doc: str = "") -> Filter:
    return equals(column, cast="uuid", type=UUID, doc=doc)


def word(column: str, words: type[StrEnum]) -> Filter:
    return equals(column, type=words)


def flag(sql: str, doc: str = "") -> Filter:
    """A yes or no question: `sql` is the condition that makes it yes."""
    return Filter(f"(({sql}) is true) = {{value}}", "boolean", bool, doc)


PLAN: Final = {"planId": reference("plan_id", "Records of this plan."), "code": equals("code")}
FRAMEWORK: Final = {
    "frameworkId": reference("framework_id", "Records of this framework version."),
    "code": equals("code"),
}
STAGE: Final = {"stageId": reference("stage_id", "Records of this stage.")}
AREA: Final = {"areaId": reference("area_id", "Records of this area or priority.")}
DUE: Final = {
    "dueKind": equals("due_kind", doc="What the printed due date turned out to be."),
    "dueBefore": Filter("{t}.due_ends_on < {value}", "date", date, "Last day before this one."),
    "dueFrom": Filter("{t}.due_ends_on >= {value}", "date", date, "Last day on or after this one."),
    "dueResolved": flag("{t}.due_unresolved is null", "Whether the due date resolves to a last day."),
    "dueAssumed": equals("due_assumed", doc="What was assumed to resolve the due date."),
}
ACADEMY: Final = {
    "academyId": Filter(
        "exists (select 1 from plan_academy pa where pa.trust_id = {trust} and pa.plan_id = {t}.plan_id "
        "and pa.academy_id = {value} and pa.withdrawn_at is null)",
        "uuid",
        UUID,
        "Records of plans that are for this academy.",
    )
}
SOURCE: Final = {"sourceDocument": equals("source_document", doc="Code of the document a record was read in.")}
OF_ACADEMY: Final = {"academyId": reference("academy_id", "Of this academy.")}
