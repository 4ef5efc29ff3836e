"""What connections and filters mean, once more in plain Python.

An oracle that read the compiler's SQL would agree with its mistakes.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.graphql.oracle.world import TITLES, Row, Sight, World

Holds = Callable[[World, Row, Any], bool]


def below(sight: Sight, parent: str, above: Row, name: str, child: str) -> list[Row]:
    """The records of a kind below a record, by the name of the field that tells them."""
    world = sight.world
    if parent == "Trust":
        return list(sight.records[child].values())
    if (parent, name) in _FOUND:
        return [row for row in sight.records[child].values() if _FOUND[parent, name](world, above, row)]
    rows = _pointing(sight, parent, above, name, child)
    only = _ONLY.get((parent, name))
    return [row for row in rows if only(row)] if only else rows


def _pointing(sight: Sight, parent: str, above: Row, name: str, child: str) -> list[Row]:
    _, by, column = name.rpartition("By")
    if by and column[0].isupper():
        return sight.under(child, f"{column[0].lower()}{column[1:]}Id", above["id"])
    columns = sight.world.columns(child, parent)
    if len(columns) > 1:
        columns = columns & {f"{TITLES[parent].name}Id"} or columns & TITLES[child].filters.keys()
    assert len(columns) <= 1, f"{parent}.{name} could stand for {columns}"
    return [row for column in columns for row in sight.under(child, column, above["id"])]


def _of_plans(world: World, academy: Row, row: Row) -> bool:
    return row.get("planId", row["id"]) in world.plans_of(academy["id"])


_ONLY: Final[Mapping[tuple[str, str], Callable[[Row], bool]]] = {
    ("Plan", "statements"): lambda row: row["areaId"] is None,
    ("Framework", "statements"): lambda row: row["stageId"] is None,
    ("Framework", "cadences"): lambda row: row["stageId"] is None,
    ("Action", "leads"): lambda row: row["role"] == "lead" and row["stepId"] is None,
    ("Action", "monitors"): lambda row: row["role"] == "monitor" and row["stepId"] is None,
    ("ActionStep", "leads"): lambda row: row["role"] == "lead",
    ("ActionStep", "monitors"): lambda row: row["role"] == "monitor",
}
_FOUND: Final[Mapping[tuple[str, str], Callable[[World, Row, Row], bool]]] = {
    **{("Academy", name): _of_plans for name in ("plans", "targets", "objectives", "actions", "milestones")},
    ("Person", "actions"): lambda world, person, action: _is_linked(
        world, "Responsibility", actionId=action["id"], personId=person["id"]
    ),
    ("Target", "objectives"): lambda world, target, objective: _is_linked(
        world, "ObjectiveTarget", objectiveId=objective["id"], targetId=target["id"]
    ),
}


def narrowed(world: World, title: str, row: Row, filters: Mapping[str, Any]) -> bool:
    """Whether the record is all that the filter asks for. What is null asks for nothing."""
    return all(value is None or _holds(world, title, row, name, value) for name, value in filters.items())


def _holds(world: World, title: str, row: Row, name: str, value: Any) -> bool:
    if isinstance(value, str) and value.partition(":")[0] in TITLES:
        value = value.partition(":")[2]
    special = SPECIAL.get((title, name)) or SPECIAL.get(name)
    if special is not None:
        return special(world, row, value)
    return (row[name] is True) == value if isinstance(value, bool) else row[name] == value


def _is_linked(world: World, title: str, **values: str) -> bool:
    return any(all(row[name] == value for name, value in values.items()) for row in world.live(title))


def _is_there(*names: str) -> Holds:
    """Whether any of these fields holds something."""
    return lambda _, row, value: any(row[name] not in (None, []) for name in names) == value


def _known_by(kind: str) -> Holds:
    return lambda world, row, value: _is_linked(world, "AcademyIdentifier", academyId=row["id"], kind=kind, value=value)


def _within(start: str, end: str) -> Holds:
    return lambda _, row, value: (row[start] or "") <= value <= (row[end] or "~")


def _early(name: str) -> Holds:
    return lambda _, row, value: row[name] is not None and row[name] < value


def _late(name: str) -> Holds:
    return lambda _, row, value: row[name] is not None and row[name] >= value


def _of_academy(world: World, row: Row, value: str) -> bool:
    return row.get("planId", row["id"]) in world.plans_of(value)


def _of_area(world: World, row: Row, value: str) -> bool:
    objective = world.records["Objective"].get(row["objectiveId"] or "")
    return (row["areaId"] or (objective and objective["areaId"])) == value


def _of_metric(world: World, row: Row, value: str) -> bool:
    return bool(world.records["Metric"][row["metricId"]]["code"] == value)


def _is_led(world: World, row: Row, value: Any) -> bool:
    own = (one for one in world.live("Responsibility") if one["actionId"] == row["id"])
    return any(one["role"] == "lead" and one["stepId"] is None for one in own) is value


def _is_assumed(measured: str) -> Holds:
    return lambda _, row, value: (row[measured] == "numeric" and row["comparator"] is None) == value


def _from_giver(world: World, row: Row, value: str) -> bool:
    allocation = world.records["SupportAllocation"].get(row["allocationId"] or "")
    return allocation is not None and allocation["withdrawnAt"] is None and bool(allocation["giverAcademyId"] == value)


def _in_force_on(_: World, row: Row, value: str) -> bool:
    stands = row["status"] != "draft" and row["withdrawnAt"] is None
    return stands and (row["validFrom"] or "") <= value <= (row["validTo"] or "~")


SPECIAL: Final[Mapping[Any, Holds]] = {
    **{(title, "academyId"): _of_academy for title in ("Plan", "Target", "Objective", "Action", "Milestone")},
    **{(title, "areaId"): _of_area for title in ("Action", "Milestone")},
    **{(title, "metric"): _of_metric for title in ("Reading", "ReleasedFigure")},
    ("Release", "metric"): lambda _, row, value: value in row["metrics"],
    ("Target", "objectiveId"): lambda world, row, value: _is_linked(
        world, "ObjectiveTarget", targetId=row["id"], objectiveId=value
    ),
    ("Objective", "targetId"): lambda world, row, value: _is_linked(
        world, "ObjectiveTarget", objectiveId=row["id"], targetId=value
    ),
    ("Action", "personId"): lambda world, row, value: _is_linked(
        world, "Responsibility", actionId=row["id"], personId=value
    ),
    ("Action", "overdue"): lambda _, row, value: row["isOverdue"] == value,
    ("SupportDelivery", "giverAcademyId"): _from_giver,
    ("AcademyIdentifier", "on"): _within("validFrom", "validTo"),
    ("Target", "comparatorAssumed"): _is_assumed("kind"),
    ("Milestone", "comparatorAssumed"): _is_assumed("measured"),
    "before": _early("on"),
    "conditional": _is_there("conditionId"),
    "dueBefore": _early("dueEndsOn"),
    "dueFrom": _late("dueEndsOn"),
    "dueResolved": lambda _, row, value: (row["dueUnresolved"] is None) == value,
    "endsBefore": _early("endsOn"),
    "endsFrom": _late("endsOn"),
    "filled": _is_there("value"),
    "from": _late("on"),
    "graded": _is_there("inspectionGradeId"),
    "hasBands": lambda world, row, value: _is_linked(world, "Indicator", lineId=row["id"]) == value,
    "hasCadence": _is_there("everyMin", "times", "anchors"),
    "hasDuration": _is_there("durationUnit"),
    "hasPeriod": _is_there("period"),
    "hasStatements": lambda world, row, value: _is_linked(world, "BandStatement", lineId=row["id"]) == value,
    "inForceOn": _in_force_on,
    "isOfficial": _is_there("official"),
    "knownAs": lambda _, row, value: value in (row["code"], *row["aliases"]),
    "laestab": _known_by("laestab"),
    "led": _is_led,
    "numeric": _is_there("value"),
    "ofAllPupils": lambda _, row, value: (row["groupId"] is None) == value,
    "ofStage": _is_there("stageId"),
    "ofStep": _is_there("stepId"),
    "on": _within("startsOn", "endsOn"),
    "quantified": _is_there("quantityMin", "quantityMax"),
    "ranked": _is_there("rank"),
    "recurs": _is_there("cadenceRuleId"),
    "resolved": _is_there("resolvedAt"),
    "responsible": lambda world, row, value: _is_linked(world, "Responsibility", personId=row["id"]) == value,
    "revoked": _is_there("revokedAt"),
    "ukprn": _known_by("ukprn"),
    "urn": _known_by("urn"),
    "usedOn": _within("validFrom", "validTo"),
    "windowNo": lambda world, row, value: (
        row["windowId"] is not None and world.records["MilestoneWindow"][row["windowId"]]["no"] == value
    ),
}  # fmt: skip
