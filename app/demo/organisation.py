"""The demo trust itself: its bodies, who leads and monitors (by code, never by name), pupil groups, inspection."""

from typing import Any, Final

from app.demo.schools import School

TRUST: Final = {
    "code": "demo",
    "name": "Heron Vale Academies Trust",
    "kind": "multi_academy_trust",
}

_BODIES: Final = (
    ("Board", "board of trustees", "trust_board"),
    ("Standards", "education and standards committee", "committee"),
    ("Exec", "executive team of the trust", "leadership_team"),
    ("NET-ATT", "attendance network", "network"),
    ("NET-SEND", "SEND network", "network"),
    ("NET-CURR", "curriculum and assessment network", "network"),
    ("Heads", "heads' forum", "forum"),
)
_TRUST_ROLES: Final = (
    ("CEO", "chief executive of the trust"),
    ("DoE", "director of education"),
    ("SIP-P", "school improvement partner, primary"),
    ("SIP-S", "school improvement partner, secondary and post-16"),
    ("SIP-I", "school improvement partner, special and alternative provision"),
    ("SEND-T", "SEND lead of the trust"),
    ("SAFE-T", "safeguarding lead of the trust"),
    ("HR-T", "head of people"),
    ("FIN-T", "chief finance officer"),
    ("CoT", "chair of trustees"),
)
ROLES: Final = {
    "HT": "headteacher",
    "DHT": "deputy headteacher",
    "SENDCO": "SEND coordinator",
    "DSL": "designated safeguarding lead",
    "ATT": "attendance lead",
    "CURR": "curriculum lead",
    "CoG": "chair of the local governing body",
}
_SMALL_ROLES: Final = ("HT", "DHT", "SENDCO")

_GROUPS: Final = (
    ("all", "all pupils", ()),
    ("pp", "pupil premium pupils", ("PP",)),
    ("disadvantaged", "disadvantaged pupils", ("FSM6",)),
    ("sen", "pupils with SEN support", ("SEN", "SEN K")),
    ("ehcp", "pupils with an education, health and care plan", ("EHCP",)),
    ("boys", "boys", ()),
    ("girls", "girls", ()),
    ("eal", "pupils with English as an additional language", ("EAL",)),
    ("lac", "looked-after and previously looked-after children", ("LAC",)),
    ("high-prior", "pupils with high prior attainment", ("HPA",)),
)

_OVERALL: Final = (("1", "outstanding"), ("2", "good"), ("3", "requires improvement"), ("4", "inadequate"))
_UNRANKED: Final = (("0", "insufficient evidence"), ("8", "not applicable"), ("9", "no headline grade"))
_CARD_AREAS: Final = (
    "leadership and governance", "curriculum and teaching", "achievement", "attendance and behaviour",
    "personal development and well-being", "inclusion", "early years", "post-16",
)  # fmt: skip
_CARD: Final = ("exceptional", "strong standard", "expected standard", "needs attention", "urgent improvement")


def bodies(schools: list[School]) -> list[dict[str, Any]]:
    own = [
        (f"{school.code} {code}", f"{label} of {school.name}", kind)
        for school in schools
        for code, label, kind in (
            ("LGB", "local governing body", "governing_body"),
            ("SLT", "senior leaders", "leadership_team"),
        )[: 1 if school.is_small else 2]
    ]
    return [{"code": code, "label": label, "kind": kind} for code, label, kind in (*_BODIES, *own)]


def trust_people() -> list[dict[str, Any]]:
    roles = [{"code": code, "kind": "role", "label": label} for code, label in _TRUST_ROLES]
    board = {"code": "Board", "kind": "body", "label": "board of trustees", "body": "Board"}
    return [*roles, board]


def people_of(school: School) -> list[dict[str, Any]]:
    """Its roles, its local board, and for the told academies its senior leaders and whom it knows by initials alone."""
    codes = _SMALL_ROLES if school.is_small else tuple(ROLES)
    people: list[dict[str, Any]] = [
        {"code": f"{school.code} {code}", "kind": "role", "label": f"{ROLES[code]} of {school.name}"} for code in codes
    ]
    groups = (("LGB", "body", "local governing body"), ("SLT", "group", "senior leaders"))
    people += [
        {"code": f"{school.code} {code}", "kind": kind, "label": label, "body": f"{school.code} {code}"}
        for code, kind, label in groups[: 1 if school.is_small else 2]
    ]
    for initials, status in zip(school.initials, ("active", "undefined"), strict=False):
        code = f"{school.code} {initials}"
        people.append({"code": code, "kind": "person", "status": status, "aliases": [initials.upper()]})
    return people


def pupil_groups() -> list[dict[str, Any]]:
    return [{"code": code, "label": label, "aliases": list(aliases)} for code, label, aliases in _GROUPS]


def inspection_frameworks() -> list[dict[str, Any]]:
    """The two that English schools have been judged by. Grades of one are never translated into the other's."""
    overall = {
        "code": "ofsted-overall",
        "label": "Ofsted, four overall grades",
        "validTo": "2024-09-01",
        "areas": [{"code": "overall-effectiveness", "label": "overall effectiveness"}],
        "grades": [
            *({"code": f"overall-{no}", "grade": no, "label": label, "rank": int(no)} for no, label in _OVERALL),
            *({"code": f"overall-{no}", "grade": no, "label": label} for no, label in _UNRANKED),
            {"code": "overall-not-judged", "grade": "not judged", "label": "not judged"},
        ],
    }
    card = {
        "code": "ofsted-report-card",
        "label": "Ofsted, report card",
        "validFrom": "2025-11-10",
        "areas": [
            *({"code": label.replace(" ", "-"), "label": label} for label in _CARD_AREAS),
            {"code": "safeguarding", "label": "safeguarding", "verdict": "met_or_not_met"},
        ],
        "grades": [
            *(
                {
                    "code": f"card-{label.replace(' ', '-')}",
                    "grade": label.replace(" ", "_"),
                    "label": label,
                    "rank": rank,
                }
                for rank, label in enumerate(_CARD, start=1)
            ),
            {"code": "card-met", "grade": "met", "label": "met", "verdict": "met_or_not_met"},
            {"code": "card-not-met", "grade": "not_met", "label": "not met", "verdict": "met_or_not_met"},
        ],
    }
    return [overall, card]
