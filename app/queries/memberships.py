"""Memberships, as they can be read; and the one by which somebody who signed in is known."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app.db.database import Database
from app.db.noun import Filter, Noun, Scope, columns_of
from app.domain.actor import Actor
from app.domain.memberships import MemberKind, Membership, MembershipStatus, membership_of
from app.domain.roles import Role
from app.queries.narrowing import BY_ID, equals, word
from app.queries.reading import Reads

MEMBERSHIPS: Final = Noun(
    name="membership",
    plural="memberships",
    title="Membership",
    entity=Membership,
    doc="What people and applications that sign in with the trust's identity provider may do. An administrator decides it.",
    fields=columns_of(Membership),
    filters={
        "status": word("status", MembershipStatus),
        "kind": word("kind", MemberKind),
        "issuer": equals("issuer"),
        "subject": equals("subject"),
        "role": Filter("{value} = any({t}.roles)", "text", Role, "Those that have this role."),
    },
    sorts={"id": BY_ID},
    default_sort="id",
    scope=Scope.COVERED,
)
_COLUMNS: Final = "id, issuer, subject, kind, roles, academy_ids, status, sessions_from"
_BY_SUBJECT: Final = f"select {_COLUMNS} from membership where trust_id = $1 and issuer = $2 and subject = $3"
_BY_ID: Final = f"select {_COLUMNS} from membership where trust_id = $1 and id = $2"
_WHO: Final = """
select t.code, t.name, m.label from trust t left join membership m on m.trust_id = t.trust_id and m.id = $2
where t.trust_id = $1"""


@dataclass(frozen=True)
class Known:
    """What we call whoever asks, and their trust. A key has no label here."""

    trust_code: str
    trust_name: str
    label: str | None


async def who_is(reads: Reads) -> Known | None:
    """Whoever reads, whatever they may read; None before the trust is on this installation."""
    row = await reads.row(_WHO, reads.actor.trust_id, membership_of(reads.actor))
    return None if row is None else Known(row["code"], row["name"], row["label"])


async def member_of(database: Database, trust_id: UUID, issuer: str, subject: str) -> Membership | None:
    """Whoever the trust knows under this subject of this issuer. Nothing else is looked at, least of all an e-mail address."""
    return await _find(database, trust_id, _BY_SUBJECT, issuer, subject)


async def member_by_id(database: Database, trust_id: UUID, membership_id: UUID) -> Membership | None:
    return await _find(database, trust_id, _BY_ID, membership_id)


async def _find(database: Database, trust_id: UUID, sql: str, *arguments: Any) -> Membership | None:
    async with database.reader(Actor(trust_id, "nobody", frozenset[Role]())) as reader:
        row = await reader.row(sql, trust_id, *arguments)
    if row is None:
        return None
    closed = {"kind": MemberKind(row["kind"]), "status": MembershipStatus(row["status"])}
    return Membership(trust_id=trust_id, **(dict(row) | closed))
