"""Memberships, as they can be read; and the one by which somebody who signed in is known."""

from typing import Any, Final
from uuid import UUID

from app.db.database import Database
from app.db.noun import Filter, Noun, Scope, columns_of
from app.domain.actor import Actor
from app.domain.memberships import MemberKind, Membership, MembershipStatus
from app.domain.roles import Role
from app.queries.narrowing import BY_ID, equals, word

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
    scope=Scope.TRUST,
)
_COLUMNS: Final = "id, issuer, subject, kind, roles, academy_ids, status, sessions_from"
_BY_SUBJECT: Final = f"select {_COLUMNS} from membership where trust_id = $1 and issuer = $2 and subject = $3"
_BY_ID: Final = f"select {_COLUMNS} from membership where trust_id = $1 and id = $2"


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
