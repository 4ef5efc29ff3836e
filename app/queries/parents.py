"""The records that a record points at, told by their codes; and where records of a plan stand."""

from typing import Final
from uuid import UUID

from app.db.noun import Computed, Filter


def code_of(name: str, table: str, column: str, *, doc: str, optional: bool = False) -> Computed:
    """The code of the record that this one points at by the column."""
    sql = f"select c.code from {table} c where c.trust_id = {{trust}} and c.id = {{t}}.{column}"
    return Computed(name, sql, str | None if optional else str, doc, above={column: "code"})


STAGE_CODE: Final = code_of("stageCode", "maturity_stage", "stage_id", doc="Code of its stage.")
STAGE_CODE_IF_ANY: Final = code_of(
    "stageCode", "maturity_stage", "stage_id", doc="Code of its stage; null where it has none.", optional=True
)
LEVEL_CODE: Final = code_of("levelCode", "rating_level", "level_id", doc="Code of the level it stands for.")
CONDITION_CODE: Final = code_of(
    "conditionCode", "framework_condition", "condition_id", doc="Code of its condition.", optional=True
)
_AREA_ID: Final = (
    "coalesce({t}.area_id, (select o.area_id from objective o where o.trust_id = {trust} and o.id = {t}.objective_id))"
)
AREA_CODE: Final = Computed(
    "areaCode",
    f"select a.code from area a where a.trust_id = {{trust}} and a.id = {_AREA_ID}",
    str,
    "Code of the area it stands in, through its objective or directly.",
    above={"area_id": "code", "objective_id": "areaCode"},
)
OWN_AREA_CODE: Final = Computed(
    "areaCode",
    "select a.code from area a where a.trust_id = {trust} and a.id = {t}.area_id",
    str,
    "Code of its area.",
    above={"area_id": "code"},
)
OBJECTIVE_CODE: Final = Computed(
    "objectiveCode",
    "select o.code from objective o where o.trust_id = {trust} and o.id = {t}.objective_id",
    str | None,
    "Code of its objective.",
    above={"objective_id": "code"},
)
OF_AREA: Final = Filter(f"{_AREA_ID} = {{value}}", "uuid", UUID, "Of this area, through an objective or directly.")
ACADEMY_CODE: Final = code_of("academyCode", "academy", "academy_id", doc="Code of its academy.")
