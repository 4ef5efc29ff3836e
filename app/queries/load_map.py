"""The half-term load map as it is published: what falls due across all plans within sight, by half-term."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from app.db.noun import Computed, Noun
from app.db.selection import ACADEMIES
from app.domain.intervals import Days
from app.domain.load_map import DueRecord, HalfTermDates, Load, LoadKind, LoadMap, LoadWarning, load_map, reach
from app.domain.plan_facts import NOT_COUNTED
from app.domain.vocabulary import DueKind
from app.queries.actions import ACTION_STEPS, ACTIONS
from app.queries.calendars import ACADEMIC_YEARS, HALF_TERMS, TERMS
from app.queries.milestones import MILESTONES
from app.queries.narrowing import ACADEMY, DUE, flag
from app.queries.published import Published
from app.queries.reading import Moment, Reads
from app.queries.revival import read_all
from app.queries.windows import MILESTONE_WINDOWS

_COLLISION: Final = "load.more_than_limit"
_LISTED: Final = "coalesce(json_agg(distinct jsonb_build_object('id', c.id, 'code', c.code)), '[]')"
_ACADEMIES: Final = (
    f"select {_LISTED} from plan_academy pa join academy c on c.trust_id = pa.trust_id and c.id = pa.academy_id "
    "where pa.trust_id = {trust} and pa.plan_id = {t}.plan_id and pa.withdrawn_at is null "
    f"and ({ACADEMIES}::uuid[] is null or pa.academy_id = any({ACADEMIES}::uuid[]))"
)
_LEADS: Final = (
    f"select {_LISTED} from responsibility l join person c on c.trust_id = l.trust_id and c.id = l.person_id "
    "where l.trust_id = {trust} and l.role = 'lead' and l.withdrawn_at is null and "
)
_OF_ACTION: Final = _LEADS + "l.action_id = {t}.id and l.step_id is null"
_HAS_OWN: Final = (
    "exists (select 1 from responsibility s where s.trust_id = {trust} and s.step_id = {t}.id and s.role = 'lead' "
    "and s.withdrawn_at is null)"
)
_OF_STEP: Final = (
    _LEADS + f"l.action_id = {{t}}.action_id and (l.step_id = {{t}}.id or l.step_id is null and not {_HAS_OWN})"
)
_RESPONSIBLE: Final = f"select {_LISTED} from person c where c.trust_id = {{trust}} and c.id = {{t}}.responsible_id"
_IS_DONE_AT_ALL: Final = (
    "exists (select 1 from action a where a.trust_id = {trust} and a.id = {t}.action_id and a.status <> 'cancelled')"
)
_ON_A_DAY: Final = frozenset({DueKind.DAY, DueKind.MONTH_START, DueKind.MONTH_END})
_FIELDS: Final = ("id", "planId", "code", "label", "duePrinted", "dueKind", "dueStartsOn", "dueEndsOn")


def _falling(noun: Noun, people: str, counted: str) -> Noun:
    """The noun as far as the map looks at it."""
    return replace(
        noun,
        fields=(
            *(item for item in noun.columns() if item.name in _FIELDS),
            Computed("academies", _ACADEMIES, Any),
            Computed("people", people, Any),
        ),
        filters={**DUE, **ACADEMY, "counted": flag(counted)},
    )


_NOT_COUNTED: Final = "(" + ", ".join(f"'{status}'" for status in NOT_COUNTED) + ")"
_KINDS: Final[Mapping[LoadKind, Noun]] = {
    LoadKind.ACTION: _falling(ACTIONS, _OF_ACTION, "{t}.status <> 'cancelled'"),
    LoadKind.STEP: _falling(ACTION_STEPS, _OF_STEP, _IS_DONE_AT_ALL),
    LoadKind.MILESTONE: _falling(MILESTONES, _RESPONSIBLE, f"{{t}}.status not in {_NOT_COUNTED}"),
    LoadKind.REVIEW: _falling(MILESTONE_WINDOWS, "select '[]'::json", "true"),
}


class LoadOf(Published):
    """What one academy or one person has due. All null: the whole trust's, or nobody's."""

    id: UUID | None
    code: str | None
    total: int
    byKind: dict[str, int]


class Collision(Published):
    """Somebody with more due in one half-term than the limit."""

    rule: str
    personId: UUID
    code: str
    due: int
    sentence: str


class HalfTermLoad(Published):
    """What falls due in one half-term."""

    id: UUID
    name: str
    startsOn: date
    endsOn: date
    total: int
    byKind: dict[str, int]
    academies: list[LoadOf] = Field(description="What is for several academies is counted for each.")
    people: list[LoadOf] = Field(description="By who leads, or is responsible. Reviews are on nobody.")
    collisions: list[Collision]


class FallingDue(Published):
    """One record and its day."""

    kind: LoadKind
    id: UUID
    planId: UUID
    code: str
    label: str | None
    duePrinted: str | None
    dueEndsOn: date


class DueWarning(FallingDue):
    """A record that falls due on a bad day."""

    rule: LoadWarning
    sentence: str


class TrustLoad(Published):
    """The load of every half-term from one day to another."""

    startsOn: date
    endsOn: date
    limit: int = Field(description="More than this on one person in one half-term is a collision.")
    halfTerms: list[HalfTermLoad]
    warnings: list[DueWarning] = Field(description="Due in a holiday, or on the last Friday of a half-term.")
    beyondCalendar: list[FallingDue] = Field(description="Due on days of which the trust's calendar says nothing.")


@dataclass(frozen=True)
class _Names:
    """Codes of whoever and whatever is spoken of."""

    codes: dict[UUID, str] = field(default_factory=dict)

    def ids(self, told: Iterable[Mapping[str, str]]) -> tuple[UUID, ...]:
        for one in told:
            self.codes[UUID(one["id"])] = one["code"]
        return tuple(UUID(one["id"]) for one in told)


async def read_load_map(reads: Reads, days: Days, *, academy_id: UUID | None, limit: int, moment: Moment) -> TrustLoad:
    """One statement for each kind of record and for each part of the calendar, however many plans there are."""
    names = _Names()
    half_terms = await _half_terms(reads, moment)
    whole = reach(half_terms, days)
    asked = {"dueFrom": whole.starts_on, "dueBefore": whole.ends_on + timedelta(days=1), "academyId": academy_id}
    records = [
        _due(kind, one, names, academy_id)
        for kind, noun in _KINDS.items()
        for one in await read_all(reads, noun, moment, counted=True, **asked)
    ]
    found = load_map(records, half_terms, days)
    return _published(found, days, limit, names.codes)


async def _half_terms(reads: Reads, moment: Moment) -> list[HalfTermDates]:
    years = {one["id"]: one["code"] for one in await read_all(reads, ACADEMIC_YEARS, moment)}
    terms = {one["id"]: one for one in await read_all(reads, TERMS, moment)}
    found = []
    for one in await read_all(reads, HALF_TERMS, moment):
        term = terms[one["termId"]]
        name = f"{term['name']} {one['no']}, {years[term['academicYearId']]}"
        found.append(HalfTermDates(id=one["id"], name=name, days=_days(one)))
    return found


def _due(kind: LoadKind, told: Mapping[str, Any], names: _Names, academy_id: UUID | None) -> DueRecord:
    academies = names.ids(told["academies"])
    last = date.fromisoformat(told["dueEndsOn"])
    is_day = told["dueKind"] in _ON_A_DAY or told["dueStartsOn"] is None
    return DueRecord(
        kind=kind,
        id=UUID(told["id"]),
        plan_id=UUID(told["planId"]),
        code=told["code"],
        label=told.get("label"),
        due_printed=told["duePrinted"],
        due_starts_on=last if is_day else date.fromisoformat(told["dueStartsOn"]),
        due_ends_on=last,
        academy_ids=academies if academy_id is None else (academy_id,),
        person_ids=names.ids(told["people"]),
    )


def _days(told: Mapping[str, Any]) -> Days:
    return Days(date.fromisoformat(told["startsOn"]), date.fromisoformat(told["endsOn"]))


def _published(found: LoadMap, days: Days, limit: int, codes: Mapping[UUID, str]) -> TrustLoad:
    return TrustLoad(
        startsOn=days.starts_on,
        endsOn=days.ends_on,
        limit=limit,
        halfTerms=[_half_term(one, limit, codes) for one in found.loads],
        warnings=[
            DueWarning(**_record(one), rule=rule, sentence=_sentence(rule, one))
            for rule, one in found.warnings
            if days.starts_on <= one.due_ends_on <= days.ends_on
        ],
        beyondCalendar=[
            FallingDue(**_record(one))
            for one in found.beyond_calendar
            if days.starts_on <= one.due_ends_on <= days.ends_on
        ],
    )


def _half_term(load: Load, limit: int, codes: Mapping[UUID, str]) -> HalfTermLoad:
    term = load.half_term
    return HalfTermLoad(
        id=term.id,
        name=term.name,
        startsOn=term.days.starts_on,
        endsOn=term.days.ends_on,
        total=sum(load.by_kind.values()),
        byKind=_kinds(load.by_kind),
        academies=_each(load.by_academy, codes),
        people=_each(load.by_person, codes),
        collisions=[
            Collision(
                rule=_COLLISION,
                personId=person,
                code=codes[person],
                due=due,
                sentence=f"{codes[person]} has {due} due in {term.name}, and {limit} is the limit.",
            )
            for person, due in sorted(load.collisions(limit), key=lambda one: (-one[1], codes[one[0]]))
        ],
    )


def _each(loads: Mapping[UUID | None, Mapping[LoadKind, int]], codes: Mapping[UUID, str]) -> list[LoadOf]:
    """The heaviest first."""
    made = [
        LoadOf(id=of, code=None if of is None else codes.get(of), total=sum(kinds.values()), byKind=_kinds(kinds))
        for of, kinds in loads.items()
    ]
    return sorted(made, key=lambda one: (one.id is None, -one.total, one.code or ""))


def _kinds(kinds: Mapping[LoadKind, int]) -> dict[str, int]:
    return {str(kind): kinds[kind] for kind in LoadKind if kinds.get(kind)}


def _record(record: DueRecord) -> dict[str, Any]:
    return {
        "kind": record.kind,
        "id": record.id,
        "planId": record.plan_id,
        "code": record.code,
        "label": record.label,
        "duePrinted": record.due_printed,
        "dueEndsOn": record.due_ends_on,
    }


def _sentence(rule: LoadWarning, record: DueRecord) -> str:
    bad = "in a holiday" if rule is LoadWarning.IN_HOLIDAY else "on the last Friday of a half-term"
    return f"{record.code} is due by {record.due_ends_on:%-d %B %Y}, {bad}. Agree another day, or say why it stays."
