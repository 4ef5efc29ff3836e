"""The milestone state machine as data: what may follow each status, and what each move needs.

Source: the state machine agreed from five trusts' plans; `docs/reference/milestones.md` shows it as a table.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from app.domain.events import Verb
from app.domain.vocabulary import MilestoneStatus as S


@dataclass(frozen=True)
class Move:
    """One legal transition, the event it makes, and its guards.

    `by_reviewer`: needs the permission to review. `reason`, `evidence`, `new_due`: what must be given with it.
    """

    verb: Verb
    by_reviewer: bool = False
    reason: bool = False
    evidence: bool = False
    new_due: bool = False


_SUBMIT: Final = Move(Verb.SUBMITTED, evidence=True)
_NOT_MET: Final = Move(Verb.NOT_MET, by_reviewer=True, reason=True)
_DEFER: Final = Move(Verb.DEFERRED, new_due=True)
_CARRY: Final = Move(Verb.CARRIED_FORWARD, new_due=True)
_WITHDRAW: Final = Move(Verb.WITHDRAWN, by_reviewer=True, reason=True)
_SUPERSEDE: Final = Move(Verb.SUPERSEDED, by_reviewer=True)

FINAL: Final = frozenset({S.MET, S.WITHDRAWN, S.SUPERSEDED})
JUDGEMENTS: Final = frozenset({S.MET, S.PARTLY_MET, S.NOT_MET})

_OWN: Final[dict[S, dict[S, Move]]] = {
    S.PLANNED: {S.IN_PROGRESS: Move(Verb.STARTED), S.SUBMITTED: _SUBMIT, S.DEFERRED: _DEFER},
    S.IN_PROGRESS: {S.SUBMITTED: _SUBMIT, S.NOT_MET: _NOT_MET, S.DEFERRED: _DEFER},
    S.SUBMITTED: {
        S.IN_PROGRESS: Move(Verb.RETURNED, by_reviewer=True, reason=True),
        S.MET: Move(Verb.MET, by_reviewer=True),
        S.PARTLY_MET: Move(Verb.PARTLY_MET, by_reviewer=True, reason=True),
        S.NOT_MET: _NOT_MET,
    },
    S.PARTLY_MET: {S.IN_PROGRESS: _CARRY},
    S.NOT_MET: {S.IN_PROGRESS: _CARRY},
    S.MET: {S.IN_PROGRESS: Move(Verb.REOPENED, by_reviewer=True, reason=True)},
    S.DEFERRED: {S.IN_PROGRESS: Move(Verb.RESUMED)},
    S.WITHDRAWN: {},
    S.SUPERSEDED: {},
}


def _with_endings(status: S, own: dict[S, Move]) -> MappingProxyType[S, Move]:
    """Any status that is not final may be withdrawn; any but superseded itself may be superseded."""
    endings = {} if status in FINAL else {S.WITHDRAWN: _WITHDRAW}
    if status is not S.SUPERSEDED:
        endings[S.SUPERSEDED] = _SUPERSEDE
    return MappingProxyType({**own, **endings})


NEXT: Final = MappingProxyType({status: _with_endings(status, own) for status, own in _OWN.items()})
