"""Releases and their figures, as everybody in the trust can read them."""

from typing import Final
from uuid import UUID

from app.db.noun import Children, Computed, Filter, Noun, Scope, Sort, columns_of
from app.domain.measure_vocabulary import Grain
from app.domain.protection import Symbol
from app.domain.releases import Release, ReleasedFigure
from app.queries.narrowing import BY_CODE, BY_ID, equals, reference, word
from app.queries.parents import code_of

RELEASED_FIGURES: Final = Noun(
    name="releasedFigure",
    plural="released-figures",
    title="ReleasedFigure",
    entity=ReleasedFigure,
    doc="Figures of releases. Where a symbol stands instead of a value, `c` protects small numbers.",
    fields=(
        *(column for column in columns_of(ReleasedFigure) if column.name != "readingId"),
        Computed("readingId", "case when {t}.symbol is null then {t}.reading_id end", UUID | None,
                 "The reading it shows; null of a sum, and of whatever is not shown."),
        code_of("metricCode", "metric", "metric_id", doc="Code of its metric."),
        code_of("academyCode", "academy", "academy_id", doc="Code of its academy; null: the trust.", optional=True),
        code_of("groupCode", "pupil_group", "group_id", doc="Code of its pupil group; null: all pupils.", optional=True),
    ),
    filters={
        "releaseId": reference("release_id", "Figures of this release."),
        "metric": Filter(
            "{t}.metric_id = (select m.id from metric m where m.trust_id = {trust} and m.code = {value})",
            "text", str, "Figures of the metric with this code.",
        ),
        "academyId": reference("academy_id", "Figures of this academy."),
        "groupId": reference("group_id", "Figures of this pupil group."),
        "symbol": word("symbol", Symbol),
    },
    sorts={"id": BY_ID},
    scope=Scope.ACADEMY,
    default_sort="id",
)  # fmt: skip
RELEASES: Final = Noun(
    name="release",
    plural="releases",
    title="Release",
    entity=Release,
    doc="Figures as the trust let them out: small numbers protected, frozen for good.",
    fields=(*columns_of(Release), Children("figuresShown", lambda: RELEASED_FIGURES, "release_id", order="{t}.id")),
    filters={
        "code": equals("code"),
        "grain": word("grain", Grain),
        "metric": Filter("{value} = any({t}.metrics)", "text", str, "Releases that have this metric."),
    },
    sorts={"code": BY_CODE, "startsOn": Sort("{t}.starts_on", "date")},
    scope=Scope.TRUST,
)
