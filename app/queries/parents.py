"""Where actions and milestones stand: under an objective of an area, or directly under an area."""

from typing import Final
from uuid import UUID

from app.db.selection import Filter

_AREA_ID: Final = (
    "coalesce({t}.area_id, (select o.area_id from objective o where o.trust_id = {trust} and o.id = {t}.objective_id))"
)
AREA_CODE: Final = f"select a.code from area a where a.trust_id = {{trust}} and a.id = {_AREA_ID}"
OBJECTIVE_CODE: Final = "select o.code from objective o where o.trust_id = {trust} and o.id = {t}.objective_id"
OF_AREA: Final = Filter(f"{_AREA_ID} = {{value}}", "uuid", UUID, "Of this area, through an objective or directly.")
