"""Observations, as they can be read by those who may see single ones."""

from datetime import date
from typing import Final

from app.db.noun import Filter, Noun, Scope, Sort, columns_of
from app.domain.measure_vocabulary import ObservationKind
from app.domain.observations import Observation
from app.queries.narrowing import BY_ID, equals, flag, reference, word

OBSERVATIONS: Final = Noun(
    name="observation",
    plural="observations",
    title="Observation",
    entity=Observation,
    doc="What was seen in lessons, on learning walks and in books. Nobody who taught is named, and nobody is graded.",
    fields=columns_of(Observation),
    filters={
        "academyId": reference("academy_id", "Observations in this academy."),
        "kind": word("kind", ObservationKind),
        "subject": equals("subject"),
        "yearGroup": equals("year_group"),
        "judged": flag("{t}.judged", "Whether the progress of pupils was judged."),
        "from": Filter('{t}."on" >= {value}', "date", date, "On this day or after it."),
        "before": Filter('{t}."on" < {value}', "date", date, "Before this day."),
    },
    sorts={"id": BY_ID, "on": Sort('{t}."on"', "date")},
    scope=Scope.ACADEMY,
    default_sort="id",
)
