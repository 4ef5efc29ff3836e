"""Metrics, the breaks of their series, batches and readings, as they can be read."""

from datetime import date
from typing import Final
from uuid import UUID

from app.db.noun import Children, Column, Computed, Filter, Noun, Scope, Sort, columns_of
from app.db.selection import ACADEMIES
from app.domain.framework_vocabulary import DefinitionStatus, Direction
from app.domain.measure_vocabulary import Absence, BreakKind, Feed, Grain, OfficialScope
from app.domain.metrics import Metric, SeriesBreak
from app.domain.readings import Reading, ReadingBatch
from app.queries.narrowing import BY_CODE, BY_ID, SOURCE, equals, flag, reference, word
from app.queries.parents import code_of

_IN_SIGHT: Final = f"({ACADEMIES}::uuid[] is null or {{t}}.academy_ids <@ {ACADEMIES}::uuid[])"
_ACADEMIES_IN_SIGHT: Final = (
    "select coalesce(array_agg(one order by one), '{{}}') from unnest({t}.academy_ids) one "
    f"where {ACADEMIES}::uuid[] is null or one = any({ACADEMIES}::uuid[])"
)
_COUNTS: Final = frozenset({"recorded", "restated", "unchanged"})


def _narrowed(column: Column) -> Column | Computed:
    """Of a batch nobody is told which other academies it has readings of, nor how many those are."""
    if column.name == "academyIds":
        return Computed("academyIds", _ACADEMIES_IN_SIGHT, list[UUID], "The academies in sight it has readings of.")
    if column.name in _COUNTS:
        sql = f"case when {_IN_SIGHT} then {{t}}.{column.column} end"
        doc = f"{column.doc} Null where it has readings of academies out of sight."
        return Computed(column.name, sql, int | None, doc)
    return column


SERIES_BREAKS: Final = Noun(
    name="seriesBreak",
    plural="series-breaks",
    title="SeriesBreak",
    entity=SeriesBreak,
    doc="Days from which values of a metric are not like those before. No trend line is drawn across a hard one.",
    fields=(*columns_of(SeriesBreak), code_of("metricCode", "metric", "metric_id", doc="Code of its metric.")),
    filters={"metricId": reference("metric_id", "Breaks of this metric."), "kind": word("kind", BreakKind), **SOURCE},
    sorts={"id": BY_ID, "on": Sort('{t}."on"', "date")},
    scope=Scope.TRUST,
    default_sort="id",
)
METRICS: Final = Noun(
    name="metric",
    plural="metrics",
    title="Metric",
    entity=Metric,
    doc="What is measured, and how it is made. Plans, frameworks and feeds name a metric by its code.",
    fields=(*columns_of(Metric), Children("breaks", lambda: SERIES_BREAKS, "metric_id", order='{t}."on"')),
    filters={
        "code": equals("code"),
        "direction": word("direction", Direction),
        "feed": word("feed", Feed),
        "definitionStatus": word("definition_status", DefinitionStatus),
        **SOURCE,
    },
    sorts={"code": BY_CODE},
    scope=Scope.TRUST,
)
READING_BATCHES: Final = Noun(
    name="readingBatch",
    plural="reading-batches",
    title="ReadingBatch",
    entity=ReadingBatch,
    doc="What one source sent at one time: how many readings it brought, restated and knew already, and their digest.",
    fields=tuple(_narrowed(column) for column in columns_of(ReadingBatch)),
    filters={"source": equals("source")},
    sorts={"id": BY_ID},
    scope=Scope.ACADEMIES,
    default_sort="id",
)
READINGS: Final = Noun(
    name="reading",
    plural="readings",
    title="Reading",
    entity=Reading,
    doc="Values by metric, academy, pupil group and period, or the reason why there is none. Every version is kept: "
    "`current=true` gives those that stand, `asOf` those that were known then.",
    fields=(
        *columns_of(Reading),
        code_of("metricCode", "metric", "metric_id", doc="Code of its metric."),
        code_of("academyCode", "academy", "academy_id", doc="Code of its academy.", optional=True),
        code_of("groupCode", "pupil_group", "group_id", doc="Code of its pupil group; null: all pupils.", optional=True),
        Computed("current", "{t}.superseded_by_id is null", bool, "Whether it stands: no other restates it."),
    ),
    filters={
        "metricId": reference("metric_id", "Readings of this metric."),
        "metric": Filter(
            "{t}.metric_id = (select m.id from metric m where m.trust_id = {trust} and m.code = {value})",
            "text", str, "Readings of the metric with this code.",
        ),
        "academyId": reference("academy_id", "Readings of this academy."),
        "groupId": reference("group_id", "Readings of this pupil group."),
        "ofAllPupils": flag("{t}.group_id is null", "Whether they are of all pupils."),
        "grain": word("grain", Grain),
        "official": word("official", OfficialScope),
        "isOfficial": flag("{t}.official is not null", "Whether they are official comparators."),
        "absence": word("absence", Absence),
        "source": equals("source"),
        "batchId": reference("batch_id", "Readings of this batch."),
        "current": flag("{t}.superseded_by_id is null", "Whether no other restates them."),
        "endsFrom": Filter("{t}.ends_on >= {value}", "date", date, "Of periods that end on or after this day."),
        "endsBefore": Filter("{t}.ends_on < {value}", "date", date, "Of periods that end before this day."),
        "startsOn": equals("starts_on", cast="date", type=date, doc="Of periods that start on this day."),
        "supersedesId": equals("supersedes_id", cast="uuid", type=UUID, doc="The reading that restates this one."),
    },
    sorts={"id": BY_ID, "endsOn": Sort("{t}.ends_on", "date"), "startsOn": Sort("{t}.starts_on", "date")},
    scope=Scope.ACADEMY,
    default_sort="id",
)  # fmt: skip
