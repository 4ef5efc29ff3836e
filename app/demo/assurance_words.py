"""What the demo trust assures each term: scales, lines with their bands or statements; what is reported and looked at."""

from typing import Final, TypeAlias

Line: TypeAlias = tuple[str, str, tuple[str, ...], dict[str, str]]

DESCRIPTIONS: Final = (
    ("descriptor", ("improvement is urgent", "foundations are being laid", "improvement holds", "improvement is shared")),
    ("leadership_quality", ("calm and present", "clear about what comes first", "exacting and fair", "generous with what works")),
    ("stance", ("the trust directs", "the trust leads, the academy plans", "the academy leads, the trust checks",
                "the academy leads others")),
    ("capacity", ("taker", "taker", "neutral", "giver")),
)  # fmt: skip
STATEMENTS: Final = (
    ("AIM-1", "aim", "every pupil in a good school, whichever of ours it is"),
    ("AIM-2", "aim", "help before harm: early, named and for a limited time"),
    ("VAL-1", "value", "we say what we see"),
    ("VAL-2", "value", "we mend what we own"),
    ("PRI-1", "strategic_priority", "attendance back above national by 2028"),
    ("PRI-2", "strategic_priority", "leaders for our own schools, grown here"),
    ("DUTY-1", "duty", "tell the board within a week when an academy needs more than its stage offers"),
    ("TERM-1", "term_undefined", "capacity giver, used of support and never measured"),
)

SCALES: Final = (
    ("assurance", "termly assurance", (
        ("assured", "#2e7d32", {"board": "Assured", "academy": "On course"}),
        ("partly_assured", "#f9a825", {"board": "Partly assured", "academy": "Actions in place"}),
        ("not_assured", "#c62828", {"board": "Not assured", "academy": "Help is on its way"}))),
    ("rag", "operations, four colours", (
        ("green", "#1b5e20", {"key": "Green"}), ("yellow", "#fdd835", {"key": "Yellow"}),
        ("amber", "#ef6c00", {"key": "Amber"}), ("red", "#b71c1c", {"key": "Red"}))),
    ("benchmark", "benchmarks", (
        ("yes", None, {"key": "Yes"}), ("partly", None, {"key": "Partly"}), ("no", None, {"key": "No"}))),
)  # fmt: skip

SECTIONS: Final[tuple[tuple[str, str, str, tuple[Line, ...]], ...]] = (
    ("KEY", "key figures", "assurance", (
        ("attendance", "attendance", ("attendance-rate", "persistent-absence-rate"), {}),
        ("suspensions", "suspensions", ("suspension-rate",), {}),
        ("outcomes", "outcomes", ("outcomes-gap",), {}))),
    ("EDU", "quality of education", "assurance", (
        ("curriculum", "curriculum", (), {"assured": "taught as planned in every subject",
         "partly_assured": "taught as planned in the core subjects", "not_assured": "not yet written down"}),
        ("teaching", "teaching", (), {"assured": "routines seen in nine lessons of ten",
         "partly_assured": "routines seen in most lessons", "not_assured": "routines differ from room to room"}),
        ("send", "SEND", ("plans-reviewed",), {"assured": "support seen in lessons, plans reviewed on time",
         "partly_assured": "support uneven, most plans reviewed", "not_assured": "support and reviews late"}))),
    ("OPS", "operations", "rag", (
        ("finance", "finance", ("reserves-share",), {}),
        ("people", "people", ("staff-turnover",), {}),
        ("estates", "estates", (), {}))),
    ("LAW", "compliance", "benchmark", (
        ("central-record", "single central record", (), {"yes": "complete at every check", "partly": "gaps mended the same day",
         "no": "gaps remain"}),
        ("website", "website", (), {"yes": "everything required is there", "partly": "up to three things are missing",
         "no": "more than three things are missing"}))),
)  # fmt: skip
"""Code, label and scale; of each line the code, label, indicators, and what each level says in words."""

INDICATORS: Final = {
    "attendance-rate": ("attendance", "%", "higher", {"rangeMin": "0", "rangeMax": "100"}, (
        ("assured", "[95", None), ("partly_assured", "[92", "95)"), ("not_assured", None, "92)"))),
    "persistent-absence-rate": ("persistent absence", "%", "lower", {"rangeMin": "0", "rangeMax": "100"}, (
        ("assured", None, "15)"), ("partly_assured", "[15", "22]"), ("not_assured", "(22", None))),
    "suspension-rate": ("suspensions", "per 100 pupils", "lower", {"rangeMin": "0"}, (
        ("assured", None, "2]"), ("partly_assured", "(2", "6]"), ("not_assured", "(6", None))),
    "outcomes-gap": ("outcomes against national", "points", "higher", {}, (
        ("assured", "[0", None), ("partly_assured", "[-5", "0)"), ("not_assured", None, "-5)"))),
    "plans-reviewed": ("support plans reviewed on time", "%", "higher", {"rangeMin": "0", "rangeMax": "100"}, (
        ("assured", "[90", "100]"), ("partly_assured", "[70", "90)"), ("not_assured", None, "70)"))),
    "reserves-share": ("reserves", "% of income", "higher", {}, (
        ("green", "[8", None), ("yellow", "[5", "8)"), ("amber", "[3", "5)"), ("red", None, "3)"))),
    "staff-turnover": ("staff turnover", "% in the year", "lower",
        {"rangeMin": "0", "definitionStatus": "local_undefined", "tiePolicy": "worse"}, (
        ("green", None, "12)"), ("yellow", "[12", "18)"), ("amber", "[18", "25]"), ("red", "(25", None))),
}  # fmt: skip
"""Label, unit, direction, range; bands as level, lower and higher end, a square bracket where the end is within."""

REPORT: Final = (
    ("context", "context of the academy"), ("progress", "progress of groups"), ("teaching", "curriculum and teaching"),
    ("attendance", "attendance and behaviour"), ("send", "SEND and inclusion"), ("safeguarding", "safeguarding"),
    ("people", "staffing and wellbeing"), ("risks", "risks and what help is needed"),
)  # fmt: skip
EVIDENCE: Final = (
    ("visits", "visit notes of school improvement partners"), ("data", "data of the term, with trends"),
    ("inspection", "inspection report"), ("reviews", "reviews by peers"), ("self-evaluation", "leaders' own evaluation"),
    ("surveys", "surveys of pupils, parents and staff"), ("audits", "audits of safeguarding and SEND"),
)  # fmt: skip
