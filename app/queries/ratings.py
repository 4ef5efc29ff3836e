"""Rating scales, their levels and what each is called, as they can be read."""

from typing import Final

from app.db.noun import Children, Noun, Scope, columns_of
from app.domain.ratings import RatingLabel, RatingLevel, RatingScale
from app.queries.framework_parts import framework_part
from app.queries.narrowing import BY_ID, FRAMEWORK, IN_ORDER, equals, reference
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
RATING_LEVELS: Final = framework_part(
    RatingLevel,
    code_of("scaleCode", "rating_scale", "scale_id", doc="Code of its scale."),
    Children("labels", lambda: RATING_LABELS, "level_id", order='{t}.context collate "C"'),
    name="ratingLevel",
    plural="rating-levels",
    doc="Levels of a rating scale, in one order: 1 is the best.",
    filters={"scaleId": reference("scale_id", "Levels of this scale.")},
)
RATING_SCALES: Final = framework_part(
    RatingScale,
    Children("levels", lambda: RATING_LEVELS, "scale_id", order=IN_ORDER),
    name="ratingScale",
    plural="rating-scales",
    doc="Rating scales: levels in one order, with a label for each context.",
)
