"""The words of the demo trust's framework: what climbs from stage to stage, what is offered, assured and reported.

Tables with four texts or figures have one for each stage.
"""

from typing import Final, TypeAlias

Item: TypeAlias = tuple[str | None, str, str | None, tuple[str | None, ...]]
"""Strand, thread and condition; the text of each stage that has it."""
Quantity: TypeAlias = tuple[str | None, str | None] | None
"""At least and at most."""
Offer: TypeAlias = tuple[str, str, str | None, str, dict[str, str], tuple[Quantity, ...], dict[str, str]]

STAGES: Final = (
    ("1", "Secure", "6-12 weeks", {"durationMin": 6, "durationMax": 12, "durationUnit": "week"}),
    ("2", "Rebuild", "12 to 18 months", {"durationMin": 12, "durationMax": 18, "durationUnit": "month"}),
    ("3", "Strengthen", "up to 2 years", {"durationMax": 2, "durationUnit": "year"}),
    ("4", "Lead", "3 terms or more", {"durationMin": 3, "durationUnit": "term", "openEnded": True}),
)
STRANDS: Final = (
    ("LG", "leadership and governance"),
    ("QE", "quality of education"),
    ("BA", "behaviour and attendance"),
    ("INC", "inclusion and SEND"),
    ("SG", "safeguarding"),
)
SETS: Final = (
    ("core", "core benchmarks"), ("inclusion", "inclusion benchmarks"), ("church", "benchmarks of church schools"),
)  # fmt: skip
CONDITIONS: Final = (
    ("church-school", "a church school", "faith", ()),
    ("specialist", "a special school or alternative provision", "sector", ("special", "alternative_provision")),
    ("post-16", "students over sixteen are taught", "phase_of_education", ("sixteen_plus", "all_through")),
    ("board-agrees", "the board of trustees agrees to it", None, ()),
)

BENCHMARKS: Final = (
    ("core", "LG", "leadership", ("leaders are new or stretched, and the trust directs the work",
     "leaders plan with the trust and begin to check teaching", "leaders at every level check, act and check again",
     "leaders support other academies and grow their successors")),
    ("core", "LG", "governance", ("a rapid improvement board meets in place of the local board",
     "the local board is formed and in training", "the local board asks for evidence and follows it up",
     "governors support the boards of other academies")),
    ("core", "QE", "curriculum", ("in most subjects it is not written down what is taught",
     "the trust's curriculum is adopted in the core subjects", "the curriculum is taught as planned in every subject",
     "subject teams write and share curriculum for the trust")),
    ("core", "QE", "teaching", ("routines differ from room to room", "routines are seen in half of the lessons",
     "routines are seen in three lessons of four", "routines are seen in nine lessons of ten")),
    ("core", "BA", "attendance", ("attendance is well below national", "attendance is below national, and rising",
     "attendance is close to national", "attendance is at or above national")),
    ("core", "BA", "conduct", ("some lessons are unsafe or cannot go on", "lessons go on undisturbed in most classes",
     "conduct is calm throughout the day", "pupils help to set the tone")),
    ("core", "SG", "safeguarding", ("safeguarding does not meet the law in full", "safeguarding meets the law",
     "safeguarding is a habit of all staff", "safeguarding leads train others")),
    ("inclusion", "INC", "needs", ("needs are not known in time", "needs are recorded, support is being set up",
     "support is seen in lessons", "practice is shared with other academies")),
    ("inclusion", "SG", "safeguarding", ("concerns are not recorded in one place", "concerns are recorded and followed up",
     "patterns of concern are found early", "the academy advises others on early help")),
    ("church", "LG", "vision", ("the Christian vision is not known to staff", "the vision is written with the community",
     "the vision shapes decisions", "the vision serves other schools too")),
)  # fmt: skip
FIGURES: Final = {
    "teaching": (None, ("at_least", "50", None), ("at_least", "75", None), ("at_least", "90", None)),
    "attendance": (("above", "3", None), (None, "1.5", "3"), (None, "0", "1.5"), ("at_most", "0", None)),
}
"""By thread: comparator, figure, and the higher figure where it is a range."""
FIGURE_UNITS: Final = {
    "teaching": ("routines-seen", "% of lessons", None),
    "attendance": ("attendance-gap", "percentage points", "national"),
}

ITEMS: Final[tuple[Item, ...]] = (
    ("LG", "leadership review", None, ("leadership reviewed in the first fortnight", "leadership team trained as one",
     "middle leaders lead a review each", "two leaders work for the trust one day a week")),
    ("LG", "governance", None, ("rapid improvement board set up", "governors' skills audited",
     "external review of governance", "governors lead a trust-wide visit")),
    ("QE", "curriculum", None, ("core subjects planned week by week", "trust's curriculum adopted in the core subjects",
     "curriculum reviewed in every subject", "curriculum written for the trust in one subject")),
    ("QE", "reading", None, ("every pupil's reading age tested", "reading programme for the weakest readers",
     "reading across all subjects", "reading network led for the trust")),
    ("BA", "attendance", None, ("attendance casework from the first week", "attendance plan with the local authority",
     "attendance work aimed at groups", "attendance practice shared")),
    ("BA", "routines", None, ("routines of the day set and rehearsed", "behaviour policy brought in line with the trust's",
     "pupil leaders trained", "visits from other academies received")),
    ("INC", "needs", None, ("register of needs checked", "graduated approach in every class",
     "support evaluated with parents", "SEND practice shared")),
    ("INC", "outreach", "specialist", ("placements reviewed with the local authority", "outreach planned",
     "outreach given to two academies", "outreach given across the trust")),
    ("SG", "safeguarding", None, ("safeguarding audited in the first week", "safeguarding training complete",
     "safeguarding self-review, moderated", "safeguarding supervision given to others")),
    ("LG", "vision", "church-school", ("diocese met", "vision written with the community", "church school self-evaluation",
     "church school network hosted")),
    ("QE", "post-16", "post-16", ("courses and retention reviewed", "study programmes redrawn",
     "destinations tracked", "post-16 network led")),
    (None, "remote learning", None, (None, "remote learning plan kept ready", None, None)),
    (None, "use of AI", None, (None, None, "use of AI agreed with staff and parents", None)),
)  # fmt: skip

CADENCES: Final = (
    ("review", "review of the improvement plan", "director of education", (
        {"printed": "fortnightly", "everyMin": 2, "unit": "week"},
        {"printed": "4-6 weekly", "everyMin": 4, "everyMax": 6, "unit": "week"},
        {"printed": "half termly", "everyMin": 1, "unit": "half_term"},
        {"printed": "termly", "everyMin": 1, "unit": "term"})),
    ("walk", "learning walk with the school improvement partner", "school improvement partner", (
        {"printed": "twice a week", "times": 2, "period": "week"}, {"printed": "monthly", "times": 1, "period": "month"},
        {"printed": "two each half-term", "times": 2, "period": "half_term"},
        {"printed": "one a term", "times": 1, "period": "term"})),
    ("attendance", "attendance meeting", "attendance lead", (
        {"printed": "every 5 school days", "everyMin": 5, "unit": "day", "dayBasis": "school"},
        {"printed": "every 10 school days", "everyMin": 10, "unit": "day", "dayBasis": "school"},
        {"printed": "monthly at least", "everyMin": 1, "unit": "month", "atLeast": True},
        {"printed": "as the academy sees fit"})),
    ("governance", "review of governance", "chair of trustees", (
        {"printed": "at the start of each term",
         "anchors": ["start of autumn term", "start of spring term", "start of summer term"]},
        {"printed": "end of autumn and summer terms", "anchors": ["end of autumn term", "end of summer term"]},
        {"printed": "yearly", "everyMin": 1, "unit": "year"},
        {"printed": "every 2 years", "everyMin": 2, "unit": "year", "condition": "board-agrees"})),
)  # fmt: skip
TRUST_CADENCES: Final = (
    {"code": "heads", "activity": "heads' forum", "printed": "half termly, 90 minutes", "times": 1, "period": "half_term",
     "minutes": 90, "lead": "chief executive"},
    {"code": "networks", "activity": "networks of the trust", "printed": "three a year", "times": 3, "period": "year",
     "attended": ["NET-ATT", "NET-SEND", "NET-CURR"]},
    {"code": "data", "activity": "data sent to the trust", "printed": "at the end of each term",
     "anchors": ["end of autumn term", "end of spring term", "end of summer term"]},
    {"code": "audit", "activity": "safeguarding audit", "printed": "yearly at least", "everyMin": 1, "unit": "year",
     "atLeast": True, "lead": "safeguarding lead of the trust"},
)  # fmt: skip

ENTITLEMENTS: Final[tuple[Offer, ...]] = (
    ("SI", "school_improvement", "core", "school improvement partner", {"unit": "days", "period": "half_term"},
     (("6", "8"), ("3", "4"), ("2", None), ("1", None)), {"cadenceRule": "walk"}),
    ("ADV", "school_improvement", "enhanced", "subject adviser", {"unit": "days", "period": "year"},
     (("10", "15"), ("6", "10"), (None, "6"), None), {}),
    ("EXEC", "school_improvement", "bespoke", "executive leader on loan", {"unit": "fte", "period": "year"},
     (("0.4", "0.6"), ("0.2", "0.4"), None, None), {"condition": "board-agrees"}),
    ("SAFE", "safeguarding", "core", "safeguarding review", {"unit": "visits", "period": "year"},
     (("3", None), ("2", None), ("1", None), ("1", None)), {"provider": "safeguarding lead of the trust"}),
    ("SEND", "inclusion", "core", "training for support staff", {"unit": "hours", "period": "term"},
     (("6", None), ("6", None), ("3", None), ("2", "3")), {"provider": "SEND lead of the trust"}),
    ("HR", "hr", "core", "meeting with the people team", {"unit": "meetings", "period": "month"},
     (("4", None), ("2", None), ("1", None), ("1", None)), {"provider": "people team"}),
    ("FIN", "finance", "core", "budget review", {"unit": "visits"},
     (("3", None), ("2", None), ("1", None), ("1", None)), {"provider": "finance team"}),
    ("COACH", "school_improvement", None, "coaching of the head", {}, (None,) * 4, {"provider": "a head of the trust"}),
)  # fmt: skip
"""Code, team, tier and what; in what unit and period; the quantity of each stage; what else is told of it."""
