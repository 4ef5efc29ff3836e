"""Where records of a plan stand: in an area, directly or through an objective."""

from typing import Final
from uuid import UUID

from app.db.noun import Computed, Filter

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
