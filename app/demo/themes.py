"""The themes of the demo trust's plans, by area: what was found, what is to be so, and what is done about it.

Slots: {pupils}, {subject}, {years} and {group} are filled for each academy.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Theme:
    """One thing to improve: what was found, the objective, a milestone for each third of the year, and actions."""

    finding: str
    objective: str
    milestones: tuple[str, str, str]
    actions: tuple[str, ...]


THEMES: Final[dict[str, tuple[Theme, ...]]] = {
    "LG": (
        Theme(
            "leaders' checks on teaching do not lead to change quickly enough",
            "make leaders' checks on teaching lead to change within a fortnight",
            ("every senior leader has done a paired learning walk with the trust",
             "checks name the same two next steps for each team", "feedback is acted on in most of the lessons seen"),
            ("agree a calendar of learning walks with the school improvement partner",
             "train {subject} leads to write feedback in two sentences",
             "look at the last round of checks at each leadership meeting",
             "report to the local governing body what has changed since the last visit"),
        ),
        Theme(
            "middle leaders are not yet clear what {pupils} should know in each year",
            "give middle leaders the time and training to lead their subject",
            ("each middle leader has protected time on the timetable",
             "middle leaders can say what is taught in {years} and why", "subject reviews are led by the subject lead"),
            ("set up fortnightly line management with a fixed agenda", "pair each new middle leader with a coach",
             "hold a subject review in {subject}", "ask the trust's network to moderate two subject reviews"),
        ),
        Theme(
            "governors do not test what they are told against evidence",
            "make governors' challenge sharper and rest on evidence",
            ("every governor has a link area and has visited it", "minutes show questions that follow up earlier answers",
             "an outside review finds that challenge is effective"),
            ("audit the skills of the local governing body", "train governors to read attendance and attainment data",
             "agree a visit form of one page", "bring the trust's review of governance to the board"),
        ),
        Theme(
            "self-evaluation and plan name different priorities",
            "keep one short list of priorities that every member of staff can name",
            ("the plan fits on six pages and staff have met it", "team plans use the same priorities",
             "staff say in the survey that the priorities help them"),
            ("rewrite self-evaluation with the director of education", "put the priorities on every meeting agenda",
             "ask each team for its share in the priorities", "survey staff on workload and clarity"),
        ),
        Theme(
            "staff turnover slows down every other improvement",
            "recruit early and keep more of our staff",
            ("every leaver has had an exit interview", "posts for next year are advertised before Easter",
             "fewer posts are filled by supply staff than last year"),
            ("review the marking and reporting load with the union representatives", "offer each new teacher a mentor",
             "plan recruitment with the trust's head of people", "publish the professional development offer for the year"),
        ),
    ),
    "QE": (
        Theme(
            "the weakest readers are not catching up",
            "help the weakest readers to catch up",
            ("all {pupils} below age in reading are known and have a plan",
             "reading support happens four times a week as planned", "most of those supported have gained a year in reading age"),
            ("test reading ages in {years}", "train support staff in the reading programme",
             "timetable daily reading for those furthest behind", "listen to twenty readers each half-term"),
        ),
        Theme(
            "the {subject} curriculum does not build on what came before",
            "teach a {subject} curriculum in which each unit builds on the last",
            ("the {subject} curriculum is mapped and agreed", "lessons seen in {years} start from earlier learning",
             "{pupils} can explain how a new topic follows from the last one"),
            ("map {subject} against the trust's curriculum", "write knowledge organisers for {years}",
             "plan jointly with a partner academy", "look at books with the curriculum network"),
        ),
        Theme(
            "teachers move on before they know what {pupils} have understood",
            "check for understanding in every lesson before moving on",
            ("all staff have practised the agreed questioning routines", "routines are seen in most lessons visited",
             "{pupils} say that teachers notice when they are stuck"),
            ("model cold calling and mini-whiteboards in staff training", "coach six teachers each half-term",
             "drop in on lessons in {years} every week", "film and discuss one lesson in each team"),
        ),
        Theme(
            "{pupils} write too little and too carelessly",
            "raise the quality and the stamina of writing",
            ("a common approach to editing is in use", "extended writing is seen in {years} every fortnight",
             "work scrutiny finds clear gains over the autumn"),
            ("agree the writing sequence with the literacy lead", "moderate writing with two other academies",
             "teach vocabulary in {subject} before each unit", "display finished work in every classroom"),
        ),
        Theme(
            "{group} do not achieve as well as others",
            "close the gap for {group}",
            ("every teacher knows who is in the group and what they need", "the gap in {subject} has narrowed since the autumn",
             "outcomes for {group} are in line with others nationally"),
            ("mark the work of {group} first", "review the use of pupil premium funding with the trust",
             "run small-group teaching in {subject}", "ring home each fortnight with something that went well"),
        ),
    ),
    "BA": (
        Theme(
            "too many {pupils} are persistently absent",
            "bring persistent absence down, first of all among {group}",
            ("every persistent absentee has a plan agreed at home", "attendance of those with a plan is rising",
             "persistent absence is lower than at this time last year"),
            ("hold weekly attendance meetings with year teams", "visit homes on the third day of absence",
             "reward better attendance, not only full attendance", "agree fast-track casework with the local authority"),
        ),
        Theme(
            "routines differ from classroom to classroom",
            "have the same calm routines in every classroom and corridor",
            ("all staff use the agreed start and end of lessons", "low-level disruption is rarely seen on visits",
             "{pupils} say that rules are the same with every teacher"),
            ("rehearse the routines with staff on the first training day", "have leaders on every corridor at lesson change",
             "teach the routines to {years} again after each holiday", "review the behaviour log each Friday"),
        ),
        Theme(
            "suspensions are high and repeated",
            "bring suspensions down without letting standards slip",
            ("every suspension is followed by a return meeting", "fewer {pupils} are suspended more than once",
             "suspensions are below the figure for similar schools"),
            ("open a supervised room with planned work", "train staff in de-escalation",
             "review the plans of those suspended twice", "draw on the trust's alternative provision early"),
        ),
        Theme(
            "too many {pupils} arrive late in the morning",
            "start the day on time and ready to learn",
            ("gates, greeting and registers follow one routine", "lateness in {years} has halved",
             "lateness is no longer an issue raised by staff"),
            ("greet {pupils} at the gate every morning", "ring home on the first late mark",
             "agree bus times with the operator", "run breakfast club for {group}"),
        ),
        Theme(
            "some {pupils} do not report bullying because they think nothing is done",
            "make sure that bullying is reported and dealt with",
            ("all {pupils} can name an adult to talk to", "reported cases are closed within a week",
             "the survey shows that {pupils} trust what is done"),
            ("teach about bullying and discrimination in tutor time", "log and review every case at leadership meetings",
             "train twelve peer mentors", "survey {pupils} and parents each term"),
        ),
    ),
    "IN": (
        Theme(
            "needs are noticed late",
            "notice and meet needs earlier",
            ("all new {pupils} have been screened", "referrals lead to support within three weeks",
             "the register of needs is accurate when the trust audits it"),
            ("screen {years} for language and reading", "train teachers in the graduated approach",
             "hold a SEND surgery every Thursday", "audit the register with the trust's SEND lead"),
        ),
        Theme(
            "support plans are written and not used in class",
            "put support plans to work in every lesson",
            ("plans are on one page and every teacher has them", "strategies from the plans are seen in {subject}",
             "parents say that support makes a difference"),
            ("rewrite plans with parents and {pupils}", "brief cover staff on plans each week",
             "visit lessons to see the plans in use", "review every plan once a term"),
        ),
        Theme(
            "teaching is not adapted well for {group}",
            "adapt teaching so that {group} learn the same curriculum",
            ("teachers plan scaffolds for each unit in {subject}", "books of {group} show the same content as others'",
             "{group} make the progress that others do"),
            ("train all staff in scaffolding and chunking", "plan two units together with the SEND coordinator",
             "coach teachers of {years}", "share three good examples at each briefing"),
        ),
        Theme(
            "support staff help {pupils} to finish work but not to learn",
            "use support staff so that {pupils} become independent",
            ("support staff have a timetable led by need", "support staff and teachers plan together weekly",
             "{pupils} start tasks without waiting for an adult"),
            ("review where support staff are placed", "train support staff to prompt and step back",
             "set aside fifteen minutes a week for joint planning", "ask {pupils} what helps them most"),
        ),
        Theme(
            "moves between phases unsettle the most vulnerable",
            "plan every transition of vulnerable {pupils} in good time",
            ("those who will need more are known by half-term", "visits and passports are in place for {years}",
             "attendance of those who moved is as good as before"),
            ("meet the settings that {pupils} come from", "name a key adult for all vulnerable {pupils}",
             "hold two extra visits in the summer term", "hand over records before the holidays"),
        ),
    ),
}  # fmt: skip
