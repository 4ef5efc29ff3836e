"""Milestones: lifecycle stored, confidence judged, timeliness computed. Nothing moves by the clock."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, Numeric
from sqlmodel import Field

from app.domain.clock import civil_day
from app.domain.dates import Due
from app.domain.due_columns import DueColumns
from app.domain.entity import Entity, PlanRecord, Word, belongs_to, holds, of_plan
from app.domain.errors import Fault, Forbidden, IllegalMove, Invalid
from app.domain.events import Event, Verb
from app.domain.framework_vocabulary import Direction
from app.domain.milestone_moves import FINAL, JUDGEMENTS, NEXT, Move
from app.domain.vocabulary import Comparator, Confidence, DateMoveReason, MeasureKind, MilestoneKind, MilestoneStatus


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What comes with a transition. Each move says which of it it needs."""

    on: date
    now: datetime
    by: str
    may_submit: bool = False
    reason: str | None = None
    has_evidence: bool = False
    due: Due | None = None
    due_reason: DateMoveReason | None = None
    value: Decimal | None = None
    override: bool = False
    direction: Direction | None = None
    may_review: bool = False
    reviewer_must_differ: bool = False


class Milestone(PlanRecord, DueColumns, table=True):
    """A dated statement of what will be so. It stands under an objective, or directly under a priority."""

    __tablename__ = "milestone"
    __table_args__ = of_plan(
        belongs_to("objective", "plan_id", "objective_id", refusal="The plan has no such objective."),
        belongs_to("area", "plan_id", "area_id", refusal="The plan has no such area."),
        belongs_to("milestone_window", "plan_id", "window_id", refusal="The plan has no such milestone window."),
        belongs_to("pupil_group", "group_id", refusal="There is no such pupil group."),
        belongs_to("person", "responsible_id", refusal="There is no such person or role."),
        holds(
            "one_parent",
            "num_nonnulls(objective_id, area_id) = 1",
            refusal="A milestone belongs to an objective or to an area: name one of them.",
        ),
        holds("numeric_value", "measured <> 'numeric' or value is not null", refusal="A numeric milestone needs a value."),
        Index(
            "uq_milestone_window_no", "trust_id", "objective_id", "window_id", "no", unique=True,
            info={"refusal": "The objective already has a milestone with this number in this window."},
        ),
    )  # fmt: skip

    DERIVED: ClassVar[frozenset[str]] = (
        Entity.DERIVED
        | DueColumns.DUE
        | {"status", "confidence", "baseline_due_on", "submitted_by", "met_on", "achieved_value", "due_moves"}
    )
    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"objective_id", "area_id", "window_id", "kind"}

    objective_id: UUID | None = None
    area_id: UUID | None = None
    window_id: UUID | None = Field(
        default=None, description="The window it is checked in; its due date comes from there."
    )
    no: int = Field(ge=1, description="Number within objective and window, or within the priority.")
    kind: MilestoneKind = Field(default=MilestoneKind.MILESTONE, sa_type=Word(MilestoneKind))
    label: str
    measured: MeasureKind = Field(default=MeasureKind.QUALITATIVE, sa_type=Word(MeasureKind))
    comparator: Comparator | None = Field(default=None, sa_type=Word(Comparator))
    value: Decimal | None = Field(default=None, sa_type=Numeric)
    unit: str | None = None
    metric: str | None = Field(default=None, description="Code of the metric its value is of.")
    printed: str | None = Field(default=None, description="The number as printed.")
    group_id: UUID | None = None
    responsible_id: UUID | None = Field(default=None, description="Whoever it names as producing its report.")
    expected_confidence: Confidence | None = Field(
        default=None,
        sa_type=Word(Confidence),
        description="What the document states is expected; not a result.",
    )
    data_pending: bool = Field(default=False, description="Whether its results do not exist yet.")

    status: MilestoneStatus = Field(default=MilestoneStatus.PLANNED, sa_type=Word(MilestoneStatus))
    confidence: Confidence = Field(default=Confidence.NOT_RATED, sa_type=Word(Confidence))
    baseline_due_on: date | None = Field(default=None, description="The last day first agreed. It never changes.")
    due_moves: int = Field(default=0, description="How often its due date has moved.")
    submitted_by: str | None = Field(default=None, description="The credential that submitted it.")
    met_on: date | None = None
    achieved_value: Decimal | None = Field(
        default=None, sa_type=Numeric, description="The value it was confirmed with."
    )

    @property
    def in_use(self) -> bool:
        return super().in_use and self.status is not MilestoneStatus.SUPERSEDED

    def check(self) -> None:
        if self.measured is MeasureKind.NUMERIC and self.value is None:
            sentence = "A numeric milestone needs a value. Give one, or make the milestone qualitative."
            raise Invalid(sentence, faults=[Fault("/value", "value-missing", sentence)])

    def first_due(self, due: Due) -> None:
        """The date agreed at the start, kept as the baseline."""
        self.set_due(due)
        self.baseline_due_on = due.ends_on

    def move(self, to: MilestoneStatus, given: Submission) -> Event:
        """Make one transition of the state machine, or refuse it; a refusal changes nothing."""
        move = NEXT[self.status].get(to)
        if move is None:
            raise self._illegal(to)
        self._guard(move, given)
        if to in JUDGEMENTS and given.reviewer_must_differ and given.by == self.submitted_by:
            raise Forbidden("Your trust asks that somebody else judges a milestone than submitted it.")
        if to is MilestoneStatus.NOT_MET:
            self._guard_window(given.on)
        if to is MilestoneStatus.MET:
            return self._meet(given)

        detail = self._move_due(given) if move.new_due else {}
        if to is MilestoneStatus.SUBMITTED:
            self.submitted_by = given.by
        if move.verb is Verb.REOPENED:
            self.met_on, self.achieved_value = None, None
        if to is MilestoneStatus.WITHDRAWN:
            self.withdrawn_at = given.now
        self.status = to
        return Event(record=self, verb=move.verb, reason=given.reason, on=given.on, detail=detail)

    def rate(self, confidence: Confidence, *, rationale: str) -> Event:
        """Judge how it is going. A judgement never changes the status."""
        if self.status in FINAL:
            raise Invalid(f"A {_words(self.status)} milestone is not rated any more: nothing is left to judge.")
        self.confidence = confidence
        return Event(record=self, verb=Verb.RATED, reason=rationale)

    def move_due(self, due: Due, *, because: DateMoveReason, reason: str | None) -> Event:
        """Agree another date. The former one stays in the history, the baseline where it was."""
        if self.status in FINAL:
            raise Invalid(f"The date of a {_words(self.status)} milestone does not move any more.")
        self._set_moved_due(due)
        return Event(record=self, verb=Verb.DUE_MOVED, reason=reason, detail={"because": because})

    def _illegal(self, to: MilestoneStatus) -> IllegalMove:
        legal = [str(status) for status in NEXT[self.status]]
        can = f"It can become {_listed(legal)}." if legal else "It is final."
        return IllegalMove(f"{_a(self.status)} milestone cannot become {_words(to)}. {can}", legal=legal)

    def _guard(self, move: Move, given: Submission) -> None:
        if move.by_reviewer and not given.may_review:
            raise Forbidden("Only a reviewer can do that: this credential lacks the permission review_milestones.")
        if not move.by_reviewer and not given.may_submit:
            raise Forbidden("This credential lacks the permission submit_milestones. Ask whoever leads the milestone.")
        if given.on > civil_day(given.now):
            raise _missing(
                "/on",
                "date-in-future",
                "Something that has happened cannot lie in the future. Give today or an earlier day.",
            )
        if move.reason and not given.reason:
            raise _missing("/reason", "reason-missing", "This transition needs a reason. Say why in a sentence.")
        if move.evidence and not given.has_evidence:
            raise _missing(
                "/evidence", "evidence-missing", "Submitting needs evidence. Add a note of what shows that it is so."
            )
        if move.new_due and (given.due is None or given.due.printed is None):
            raise _missing("/due", "due-missing", "This transition needs the newly agreed due date.")
        if move.new_due and given.due_reason is None:
            raise _missing("/dueReason", "due-reason-missing", "A date that moves needs a coded reason.")

    def _guard_window(self, on: date) -> None:
        if self.due_ends_on is not None and on < self.due_ends_on:
            sentence = f"It is due by {self.due_ends_on:%-d %B %Y}: before that day it cannot be judged not met."
            raise _missing("/on", "before-due", sentence)

    def _meet(self, given: Submission) -> Event:
        detail = self._judge_value(given) if self.measured is MeasureKind.NUMERIC else {}
        self.status = MilestoneStatus.MET
        self.met_on = given.on
        self.achieved_value = given.value
        return Event(record=self, verb=Verb.MET, reason=given.reason, on=given.on, detail=detail)

    def _judge_value(self, given: Submission) -> dict[str, object]:
        """A numeric milestone is met by a value that satisfies its comparator, or by an override with a reason.

        Where no comparator is printed the value counts inclusively in its metric's own direction, as a floor where that is
        unknown, and the event says that this was assumed.
        """
        assumed: dict[str, object] = {"comparatorAssumed": True} if self.comparator is None else {}
        if given.override:
            if not given.reason:
                raise _missing("/reason", "reason-missing", "Confirming against the figures needs a reason.")
            return {**assumed, "override": True}
        if given.value is None:
            raise _missing(
                "/value", "value-missing", "A numeric milestone is confirmed with the value that was reached."
            )
        inclusive = Comparator.AT_MOST if given.direction is Direction.LOWER else Comparator.AT_LEAST
        comparator = self.comparator or inclusive
        if not satisfies(given.value, comparator, self.value):
            wanted = _words(comparator)
            sentence = f"{given.value} does not satisfy {wanted} {self.value}. Give the value reached, or override with a reason."
            raise _missing("/value", "value-not-reached", sentence)
        return assumed

    def _move_due(self, given: Submission) -> dict[str, object]:
        if given.due is not None:
            self._set_moved_due(given.due)
        return {"because": given.due_reason}

    def _set_moved_due(self, due: Due) -> None:
        if due.ends_on is None:
            sentence = 'A newly agreed date has to name a last day, such as "12 March 2027" or "end of March 2027".'
            raise _missing("/due", "due-unresolved", sentence)
        if due.ends_on == self.due_ends_on:
            raise _missing("/due", "due-unchanged", f"It is due by {due.ends_on:%-d %B %Y} already. Give another date.")
        self.set_due(due)
        self.due_moves += 1


def satisfies(value: Decimal, comparator: Comparator, threshold: Decimal | None) -> bool:
    """Whether an exact value meets a threshold; above and below are strict, as printed."""
    if threshold is None:
        return False
    return {
        Comparator.ABOVE: value > threshold,
        Comparator.AT_LEAST: value >= threshold,
        Comparator.BELOW: value < threshold,
        Comparator.AT_MOST: value <= threshold,
        Comparator.EQUAL: value == threshold,
    }[comparator]


def _missing(pointer: str, code: str, sentence: str) -> Invalid:
    return Invalid(sentence, faults=[Fault(pointer, code, sentence)])


def _words(value: str) -> str:
    return value.replace("_", " ")


def _a(status: MilestoneStatus) -> str:
    return f"{'An' if status[0] in 'aeiou' else 'A'} {_words(status)}"


def _listed(values: list[str]) -> str:
    words = [_words(value) for value in values]
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
