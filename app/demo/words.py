"""The words of the demo trust's plans beside their themes: measures, subjects and groups, methods, notes and costs.

Slots: {pupils} and {subject}, {years} and {group} are filled for each academy.
"""

from dataclasses import dataclass
from typing import Final

from app.domain.vocabulary import AmountStatus, Comparator, Sector, StatementKind


@dataclass(frozen=True)
class Measure:
    """A figure that plans promise: `low` to `high` is where academies start, in tenths; `step` a term's gain.

    `of_pupils`: whether it is an outcome of pupils, which can be told for a group of them.
    """

    metric: str
    label: str
    unit: str
    comparator: Comparator
    low: int
    high: int
    step: int
    sectors: frozenset[Sector] = frozenset(Sector)
    of_pupils: bool = True


AREAS: Final = {
    "LG": "leadership and governance",
    "QE": "quality of education",
    "BA": "behaviour and attendance",
    "IN": "inclusion and SEND",
}

_SCHOOL_AGE: Final = frozenset(Sector) - {Sector.SIXTEEN_PLUS}
_WITH_YEAR_6: Final = frozenset({Sector.PRIMARY, Sector.ALL_THROUGH})
_WITH_YEAR_11: Final = frozenset({Sector.SECONDARY, Sector.ALL_THROUGH})
_LEAST, _MOST = Comparator.AT_LEAST, Comparator.AT_MOST

MEASURES: Final[dict[str, tuple[Measure, ...]]] = {
    "LG": (
        Measure("staff-clear-on-priorities", "staff who can name the priorities", "%", _LEAST, 520, 700, 100, of_pupils=False),
        Measure("governor-visits", "governors who have made a link visit", "%", _LEAST, 300, 600, 150, of_pupils=False),
        Measure("posts-filled", "posts filled by permanent staff", "%", _LEAST, 880, 950, 10, of_pupils=False),
    ),
    "QE": (
        Measure("ks2-combined-expected", "reading, writing and mathematics at the expected standard in Year 6", "%",
                _LEAST, 520, 640, 20, _WITH_YEAR_6),
        Measure("phonics-expected", "phonics check passed in Year 1", "%", _LEAST, 700, 820, 20, _WITH_YEAR_6),
        Measure("english-maths-grade-5", "grade 5 or above in English and mathematics", "%",
                _LEAST, 320, 460, 20, _WITH_YEAR_11),
        Measure("attainment-8", "Attainment 8", "points", _LEAST, 400, 475, 7, _WITH_YEAR_11),
        Measure("small-steps-met", "small steps in learning met", "%", _LEAST, 600, 740, 40,
                frozenset({Sector.SPECIAL, Sector.ALTERNATIVE_PROVISION})),
        Measure("retention-rate", "students retained to the end of their course", "%", _LEAST, 860, 920, 10,
                frozenset({Sector.SIXTEEN_PLUS})),
        Measure("routines-seen", "lessons in which the agreed routines are seen", "%", _LEAST, 550, 700, 80, of_pupils=False),
    ),
    "BA": (
        Measure("attendance-rate", "attendance", "%", _LEAST, 895, 938, 6),
        Measure("persistent-absence-rate", "persistent absence", "%", _MOST, 180, 290, -20),
        Measure("suspension-rate", "suspensions for every 100 {pupils}", "per 100", _MOST, 40, 110, -8, _SCHOOL_AGE),
    ),
    "IN": (
        Measure("plans-reviewed-on-time", "support plans reviewed on time", "%", _LEAST, 620, 780, 60, of_pupils=False),
        Measure("sen-attendance-rate", "attendance of {pupils} with SEN support", "%", _LEAST, 865, 915, 8),
    ),
}  # fmt: skip
QUALITIES: Final = {
    "LG": ("leaders know where teaching is strong and where it is not", "checks lead to change in the lessons seen",
           "leaders' own judgements agree with the trust's"),
    "QE": ("teachers plan from the agreed curriculum", "{pupils} remember what they were taught last term",
           "work in {subject} is of the same quality in every class"),
    "BA": ("classrooms and corridors are calm", "{pupils} say that they feel safe",
           "staff apply the behaviour policy in the same way"),
    "IN": ("needs are known and recorded", "support is seen in lessons, not only in plans",
           "parents of {pupils} with SEND are content with what is done"),
}  # fmt: skip

SUBJECTS: Final = {
    Sector.PRIMARY: ("mathematics", "writing", "reading", "science", "history"),
    Sector.SECONDARY: ("mathematics", "English", "science", "humanities", "languages"),
    Sector.ALL_THROUGH: ("mathematics", "English", "science", "history"),
    Sector.SPECIAL: ("communication", "early mathematics", "life skills"),
    Sector.ALTERNATIVE_PROVISION: ("English", "mathematics", "personal development"),
    Sector.SIXTEEN_PLUS: ("A level sciences", "GCSE resits", "vocational courses"),
}
YEARS: Final = {
    Sector.PRIMARY: ("Year 2", "Years 3 and 4", "Years 5 and 6"),
    Sector.SECONDARY: ("Year 7", "Year 9", "Years 10 and 11"),
    Sector.ALL_THROUGH: ("Year 6", "Year 7", "Years 10 and 11"),
    Sector.SPECIAL: ("key stage 2", "key stage 3", "the upper school"),
    Sector.ALTERNATIVE_PROVISION: ("key stage 3", "key stage 4"),
    Sector.SIXTEEN_PLUS: ("Year 12", "Year 13"),
}
GROUPS: Final = {
    "pp": ("pupil premium {pupils}", "PP"),
    "disadvantaged": ("disadvantaged {pupils}", "FSM6"),
    "sen": ("{pupils} with SEN support", "SEN K"),
    "boys": ("boys", "boys"),
    "eal": ("{pupils} new to English", "EAL"),
    "high-prior": ("{pupils} with high prior attainment", "HPA"),
}
"""By code of the pupil group: the words for it in a sentence, and in a column of figures."""

OPENING: Final = (
    ("PUR-1", StatementKind.PURPOSE, "give {subject}, attendance and inclusion the attention that results ask for"),
    ("PUR-2", StatementKind.PURPOSE, "let governors and trustees see what has changed"),
    ("CON-1", StatementKind.CONSULTED, "headteacher and senior leaders"),
    ("CON-2", StatementKind.CONSULTED, "local governing body"),
    ("CON-3", StatementKind.CONSULTED, "director of education"),
    ("MON-1", StatementKind.MONITORING_ACTIVITY, "learning walks with the school improvement partner"),
    ("MON-2", StatementKind.MONITORING_ACTIVITY, "half-termly progress review with the trust"),
    ("SYS-1", StatementKind.SYSTEM, "the trust's shared data dashboard"),
)
CADENCES: Final = (
    ("CAD-1", "leadership meeting on the plan", "weekly"),
    ("CAD-2", "review of milestones with the trust", "half termly"),
    ("CAD-3", "report to the local governing body", "termly"),
)
METHODS: Final = (
    ("learning walks and lesson visits", "fortnightly"),
    ("work scrutiny in {subject}", "half termly"),
    ("interviews with {pupils} in {years}", "half termly"),
    ("progress data reported to governors", "termly"),
    ("attendance and behaviour dashboard", "weekly"),
    ("visit by the school improvement partner", "monthly"),
    ("survey of parents and staff", "termly"),
    ("review by the local governing body", "termly"),
)
NOTES: Final = (
    "learning walk in {years}, notes in the shared folder",
    "minutes of the leadership meeting",
    "dashboard of the half-term, shown to governors",
    "visit note of the school improvement partner",
    "sample of books from {years}, looked at with the curriculum lead",
)
COSTS: Final = (
    ("cover for coaching and paired planning", "supply cover, two days each half-term", AmountStatus.CONFIRMED),
    ("{subject} resources", None, AmountStatus.SPENT),
    ("reading programme and training", "licences and two training days", AmountStatus.CONFIRMED),
    ("attendance casework", "family support worker, three days a week", AmountStatus.CONFIRMED),
    ("refurbishment of the supervised room", "quotes still awaited", AmountStatus.PROVISIONAL),
)
ASPIRATIONS: Final = (
    "every area at least at the expected standard at the next inspection",
    "{pupils} do as well here as in the best schools like ours",
    "out of targeted support by July 2027",
)
