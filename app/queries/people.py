"""People, bodies and pupil groups, as they can be read."""

from typing import Final

from app.db.noun import Filter, Noun, Scope, columns_of
from app.domain.bodies import Body
from app.domain.people import Person
from app.domain.pupil_groups import PupilGroup
from app.domain.vocabulary import BodyKind, PersonKind, PersonStatus
from app.queries.narrowing import BY_CODE, SOURCE, equals, flag, word

_ALIAS = Filter("{t}.code = {value} or {value} = any({t}.aliases)", "text", str, "Known by this code or alias.")
_USED = "exists (select 1 from responsibility u where u.trust_id = {trust} and u.person_id = {t}.id and u.withdrawn_at is null)"

PEOPLE: Final = Noun(
    name="person",
    plural="people",
    title="Person",
    entity=Person,
    doc="Codes for whoever leads or monitors. No name is needed by any rule, and none is held.",
    fields=columns_of(Person),
    filters={
        "code": equals("code"),
        "knownAs": _ALIAS,
        "kind": word("kind", PersonKind),
        "status": word("status", PersonStatus),
        "responsible": flag(_USED, "Whether anything names it as lead or monitor."),
        **SOURCE,
    },
    sorts={"code": BY_CODE},
    scope=Scope.TRUST,
)
BODIES: Final = Noun(
    name="body",
    plural="bodies",
    title="Body",
    entity=Body,
    doc="Governing bodies, committees and boards.",
    fields=columns_of(Body),
    filters={"code": equals("code"), "kind": word("kind", BodyKind)},
    sorts={"code": BY_CODE},
    scope=Scope.TRUST,
)
PUPIL_GROUPS: Final = Noun(
    name="pupilGroup",
    plural="pupil-groups",
    title="PupilGroup",
    entity=PupilGroup,
    doc="Pupil groups. Two names stay two groups until a person confirms that they are one.",
    fields=columns_of(PupilGroup),
    filters={"code": equals("code"), "knownAs": _ALIAS},
    sorts={"code": BY_CODE},
    scope=Scope.TRUST,
)
