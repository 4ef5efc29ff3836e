"""Cadences: how often a review, a visit or a meeting recurs, exactly as far as the framework says, and when the next is due."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.domain.entity import Entity, FrameworkRecord, Word, belongs_to, holds, of_framework
from app.domain.errors import Fault, Invalid
from app.domain.framework_vocabulary import DayBasis, Period
from app.domain.intervals import Calendar, Days
from app.domain.periods import after, one_day, period_around

ANCHOR: Final = re.compile(r"(start|end) of (?:the )?([a-z]+) term", re.IGNORECASE)


class NoDueDate(StrEnum):
    """Why there is no date for the next occasion."""

    NO_CADENCE = "no_cadence"
    NO_PERIOD = "no_period"
    CALENDAR_NOT_SET = "calendar_not_set"
    NOT_RECORDED = "not_recorded"


@dataclass(frozen=True)
class NextDue:
    """The days in which the next occasion falls; none, and why."""

    days: Days | None = None
    reason: NoDueDate | None = None


class CadenceRule(FrameworkRecord, table=True):
    """An activity that recurs: every so many weeks or terms, so often in each, or at named points of the year.

    What is not printed is empty: an activity without a cadence is kept, and is never due.
    """

    __tablename__ = "cadence_rule"
    __table_args__ = of_framework(
        belongs_to("maturity_stage", "framework_id", "stage_id", refusal="The framework has no such stage."),
        belongs_to("framework_condition", "framework_id", "condition_id", refusal="The framework has no such condition."),
        holds(
            "every", "(every_min is null and every_max is null and unit is null) or "
            "(every_min is not null and unit is not null and (every_max is null or every_max >= every_min))",
            refusal="Every so many of what? Give the lower figure and the unit, and the higher figure after the lower.",
        ),
    )  # fmt: skip

    FIXED: ClassVar[frozenset[str]] = Entity.FIXED | {"stage_id"}

    stage_id: UUID | None = Field(default=None, description="The stage it is for; null: every stage.")
    activity: str = Field(description="What is done.")
    printed: str | None = Field(default=None, description='The cadence as printed: "4-6 weekly".')
    every_min: int | None = Field(default=None, ge=1, le=1000, description="Every so many units, at the earliest.")
    every_max: int | None = Field(default=None, ge=1, le=1000, description="At the latest; null: exactly `everyMin`.")
    unit: Period | None = Field(default=None, sa_type=Word(Period))
    at_least: bool = Field(default=False, description="Whether it may be done more often.")
    times: int | None = Field(default=None, ge=1, le=1000, description="So often in each period.")
    period: Period | None = Field(
        default=None, sa_type=Word(Period), description="In what; null where none is printed."
    )
    anchors: list[str] = Field(
        default_factory=list, sa_type=ARRAY(Text), description='Points of the year: "end of autumn term".'
    )
    minutes: int | None = Field(default=None, ge=1, description="How long one lasts.")
    lead: str | None = Field(default=None, description="The post or body that leads it.")
    attended: list[str] = Field(default_factory=list, sa_type=ARRAY(Text), description="Forums or bodies it names.")
    printed_list: str | None = Field(default=None, description="The list it is printed in, where there are several.")
    day_basis: DayBasis = Field(
        default=DayBasis.CALENDAR, sa_type=Word(DayBasis), description="Whether days are counted in holidays too."
    )
    condition_id: UUID | None = Field(default=None, description="What has to be so for it to be meant.")

    def check(self) -> None:
        wrong = [anchor for anchor in self.anchors if not ANCHOR.fullmatch(anchor)]
        if wrong:
            sentence = f'{wrong[0]!r} names no point of the year. Write it like "end of autumn term".'
            raise Invalid(sentence, faults=[Fault("/anchors", "malformed-anchor", sentence)])

    def next_due(self, last_held: date, calendar: Calendar, *, held_in_period: int = 1) -> NextDue:
        """When it is due after the day it was last held. Terms come from the trust's calendar and from nowhere else.

        `held_in_period`: how often it was held in the period that day is in, for what is done so often in each.
        """
        if self.anchors:
            return self._next_anchor(last_held, calendar)
        if self.every_min is not None and self.unit is not None:
            first = after(last_held, self.every_min, self.unit, calendar, basis=self.day_basis)
            last = after(last_held, self.every_max or self.every_min, self.unit, calendar, basis=self.day_basis)
            return _resolved(first.until_end_of(last) if first and last else None)
        if self.times is None:
            return NextDue(reason=NoDueDate.NO_CADENCE)
        if self.period is None:
            return NextDue(reason=NoDueDate.NO_PERIOD)
        ahead = 0 if held_in_period < self.times else 1
        return _resolved(period_around(last_held, self.period, calendar, ahead=ahead))

    def _next_anchor(self, last_held: date, calendar: Calendar) -> NextDue:
        points = []
        for anchor in self.anchors:
            if found := ANCHOR.fullmatch(anchor):
                edge, season = found[1].lower(), found[2].casefold()
                named = (t for t in calendar.terms if t.name.strip().casefold().removesuffix(" term") == season)
                points += [term.starts_on if edge == "start" else term.ends_on for term in named]
        ahead = sorted(point for point in points if point > last_held)
        return _resolved(one_day(ahead[0]) if ahead else None)


def _resolved(days: Days | None) -> NextDue:
    return NextDue(days) if days else NextDue(reason=NoDueDate.CALENDAR_NOT_SET)
