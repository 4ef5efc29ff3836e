"""Rating scales, their levels and what each is called, as they can be read."""

from typing import Final

from app.db.noun import Children, Noun, Scope, columns_of
from app.domain.ratings import RatingLabel, RatingLevel, RatingScale
from app.queries.narrowing import BY_CODE, BY_ID, BY_NO, FRAMEWORK, IN_ORDER, SOURCE, equals, reference
from app.queries.parents import LEVEL_CODE, code_of

RATING_LABELS: Final = Noun(
    name="ratingLabel",
    plural="rating-labels",
    title="RatingLabel",
    entity=RatingLabel,
    doc="What a level is called in one context: one level, several labels.",
    fields=(*columns_of(RatingLabel), LEVEL_CODE),
    filters={
        "frameworkId": FRAMEWORK["frameworkId"],
        "levelId": reference("level_id", "Labels of this level."),
        "context": equals("context"),
    },
    sorts={"id": BY_ID},
    scope=Scope.TRUST,
    default_sort="id",
)
RATING_LEVELS: Final = Noun(
    name="ratingLevel",
    plural="rating-levels",
    title="RatingLevel",
    entity=RatingLevel,
    doc="Levels of a rating scale, in one order: 1 is the best.",
    fields=(
        *columns_of(RatingLevel),
        code_of("scaleCode", "rating_scale", "scale_id", doc="Code of its scale."),
        Children("labels", lambda: RATING_LABELS, "level_id", order='{t}.context collate "C"'),
    ),
    filters={**FRAMEWORK, "scaleId": reference("scale_id", "Levels of this scale."), **SOURCE},
    sorts={"code": BY_CODE, "no": BY_NO},
    scope=Scope.TRUST,
)
RATING_SCALES: Final = Noun(
    name="ratingScale",
    plural="rating-scales",
    title="RatingScale",
    entity=RatingScale,
    doc="Rating scales: levels in one order, with a label for each context.",
    fields=(*columns_of(RatingScale), Children("levels", lambda: RATING_LEVELS, "scale_id", order=IN_ORDER)),
    filters={**FRAMEWORK, **SOURCE},
    sorts={"code": BY_CODE, "no": BY_NO},
    scope=Scope.TRUST,
)
