"""Data-quality flags, as they can be read."""

from typing import Final

from app.db.noun import Noun, Sort, columns_of
from app.domain.flags import DataQualityFlag
from app.queries.narrowing import BY_ID, equals, flag, reference

DATA_QUALITY_FLAGS: Final = Noun(
    name="dataQualityFlag",
    plural="data-quality-flags",
    title="DataQualityFlag",
    entity=DataQualityFlag,
    doc="What a source leaves unclear, on the record it touches, until somebody resolves it.",
    fields=columns_of(DataQualityFlag),
    filters={
        "planId": reference("plan_id"),
        "frameworkId": reference("framework_id"),
        "recordId": reference("record_id"),
        "onNoun": equals("on_noun"),
        "code": equals("code"),
        "reference": equals("reference"),
        "resolved": flag("{t}.resolved_at is not null"),
    },
    sorts={"id": BY_ID, "code": Sort('{t}.code collate "C"', "text")},
    default_sort="id",
)
