"""Academies and their dated identifiers, as they can be read."""

from datetime import date
from typing import Final

from app.db.noun import Children, Filter, Noun, Scope, Sort, columns_of
from app.domain.academies import Academy, AcademyIdentifier
from app.domain.vocabulary import AcademyType, IdentifierKind, PhaseOfEducation
from app.queries.narrowing import BY_CODE, BY_ID, equals, reference, word

ACADEMY_IDENTIFIERS: Final = Noun(
    name="academyIdentifier",
    plural="academy-identifiers",
    title="AcademyIdentifier",
    entity=AcademyIdentifier,
    doc="The numbers an academy has been known by, each with its days.",
    fields=columns_of(AcademyIdentifier),
    filters={
        "academyId": reference("academy_id"),
        "kind": word("kind", IdentifierKind),
        "value": equals("value"),
        "on": Filter(
            "{value} between {t}.valid_from and coalesce({t}.valid_to, 'infinity')", "date", date, "Valid on this day."
        ),
    },
    sorts={"id": BY_ID, "validFrom": Sort("{t}.valid_from", "date")},
    scope=Scope.ACADEMY,
    default_sort="id",
)

_NUMBER = (
    "exists (select 1 from academy_identifier i where i.trust_id = {{trust}} and i.academy_id = {{t}}.id "
    "and i.kind = '{kind}' and i.value = {{value}} and i.withdrawn_at is null)"
)


def _number(kind: IdentifierKind) -> Filter:
    return Filter(_NUMBER.format(kind=kind), "text", str, f"The academy that has or had this {kind.upper()}.")


ACADEMIES: Final = Noun(
    name="academy",
    plural="academies",
    title="Academy",
    entity=Academy,
    doc="The schools of the trust. An academy keeps its id when its URN changes.",
    fields=(
        *columns_of(Academy),
        Children("identifiers", lambda: ACADEMY_IDENTIFIERS, "academy_id", order="{t}.kind, {t}.valid_from"),
    ),
    filters={
        "code": equals("code"),
        "type": word("type", AcademyType),
        "phaseOfEducation": word("phase_of_education", PhaseOfEducation),
        **{str(kind): _number(kind) for kind in IdentifierKind},
    },
    sorts={"code": BY_CODE, "name": Sort('{t}.name collate "C"', "text")},
    scope=Scope.ACADEMY,
)
