"""Targets with their versions, and the statutory grid, as they can be read."""

from typing import Final

from app.db.noun import Children, Computed, Filter, Noun, Sort, columns_of
from app.domain.statutory_targets import StatutoryTarget
from app.domain.targets import Target, TargetPoint, TargetVersion
from app.domain.vocabulary import Comparator, MeasureKind, StatutoryKind
from app.queries.narrowing import ACADEMY, AREA, BY_CODE, BY_ID, DUE, PLAN, SOURCE, equals, flag, reference, word
from app.queries.parents import OWN_AREA_CODE

TARGET_VERSIONS: Final = Noun(
    name="targetVersion",
    plural="target-versions",
    title="TargetVersion",
    entity=TargetVersion,
    doc="Every promise a target has made, the present one included.",
    fields=columns_of(TargetVersion),
    filters={"planId": reference("plan_id"), "targetId": reference("target_id")},
    sorts={"id": BY_ID, "revision": Sort("{t}.revision", "int")},
    default_sort="id",
)
TARGET_POINTS: Final = Noun(
    name="targetPoint",
    plural="target-points",
    title="TargetPoint",
    entity=TargetPoint,
    doc="Dated points of the way to a target.",
    fields=columns_of(TargetPoint),
    filters={"planId": reference("plan_id"), "targetId": reference("target_id"), **SOURCE},
    sorts={"id": BY_ID, "on": Sort('{t}."on"', "date")},
    default_sort="id",
)
TARGETS: Final = Noun(
    name="target",
    plural="targets",
    title="Target",
    entity=Target,
    doc="What a plan promises, by phase or by date.",
    fields=(
        *columns_of(Target),
        OWN_AREA_CODE,
        Computed(
            "phaseCode",
            "select p.code from plan_phase p where p.trust_id = {trust} and p.id = {t}.phase_id",
            str | None,
            "Code of its phase.",
        ),
        Computed(
            "comparatorAssumed",
            "{t}.kind = 'numeric' and {t}.comparator is null",
            bool,
            "Whether no comparator is printed, so that an evaluation has to assume one.",
        ),
        Children("points", lambda: TARGET_POINTS, "target_id", order='{t}."on"'),
        Children("versions", lambda: TARGET_VERSIONS, "target_id", order="{t}.revision"),
    ),
    filters={
        **PLAN,
        **AREA,
        **ACADEMY,
        "phaseId": reference("phase_id"),
        "kind": word("kind", MeasureKind),
        "metric": equals("metric"),
        "groupId": reference("group_id"),
        "comparator": word("comparator", Comparator),
        "comparatorAssumed": flag("{t}.kind = 'numeric' and {t}.comparator is null"),
        "objectiveId": Filter(
            "exists (select 1 from objective_target o where o.trust_id = {trust} and o.target_id = {t}.id "
            "and o.objective_id = {value} and o.withdrawn_at is null)",
            "uuid",
            reference("id").type,
            "Targets this objective serves.",
        ),
        **DUE,
        **SOURCE,
    },
    sorts={"code": BY_CODE, "no": Sort("{t}.no", "int")},
)
STATUTORY_TARGETS: Final = Noun(
    name="statutoryTarget",
    plural="statutory-targets",
    title="StatutoryTarget",
    entity=StatutoryTarget,
    doc="The statutory grid, cell by cell. A blank cell is null, never zero.",
    fields=columns_of(StatutoryTarget),
    filters={
        **PLAN,
        "year": equals("year", cast="int", type=int),
        "site": equals("site"),
        "kind": word("kind", StatutoryKind),
        "measure": equals("measure"),
        "filled": flag("{t}.value is not null", "Whether the cell holds a value."),
        **SOURCE,
    },
    sorts={"code": BY_CODE, "year": Sort("{t}.year", "int")},
)
