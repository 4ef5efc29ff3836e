"""The first words of every transaction: for whom it is, so that row security and sights fail closed; and sight that is lent."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final
from uuid import UUID

import asyncpg

from app.db.sights import ASKED_FOR
from app.domain.actor import Actor
from app.domain.roles import Permission

EVERYWHERE: Final = "*"
_WORD: Final = re.compile(r"[A-Za-z0-9:._-]{1,100}")
_PURPOSE: Final = re.compile(r"[A-Za-z0-9_:./{} -]{1,120}")


def opening(actor: Actor, *, noting: str | None) -> str:
    """Said in one round trip. `set local` reaches other nodes; `set_config` does not.

    `noting` is what is asked for, in a few words: then what is read of sensitive columns is noted, and the transaction
    writes; without it, it only reads. Every value is spelt here or checked, so none can say more than it is.
    """
    told = {
        "trust_id": _id(actor.trust_id),
        "actor": _word(actor.subject),
        "holder": _word(actor.holder),
        "academies": EVERYWHERE if actor.academies is None else ",".join(sorted(map(_id, actor.academies))),
        "may": _asked_for(actor),
    }
    if noting is not None:
        if not _PURPOSE.fullmatch(noting):
            raise ValueError("a purpose is a short phrase without quotes")
        told |= {"channel": _word(actor.channel), "purpose": noting}
    settings = "; ".join(f"set local app.{name} = '{value}'" for name, value in told.items())
    return f"begin{' read only' if noting is None else ''}; {settings}"


@asynccontextmanager
async def lent(connection: asyncpg.Connection, actor: Actor) -> AsyncIterator[None]:
    """The sight of whoever sees everything in the actor's academies, for as long as the block runs.

    Where the transaction is lost, so is what was lent.
    """
    if actor.may(Permission.READ_SENSITIVE):
        yield
        return
    await connection.execute(f"set local app.may = '{Permission.READ_SENSITIVE}'")
    try:
        yield
    finally:
        with suppress(asyncpg.InFailedSQLTransactionError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError):
            await connection.execute(f"set local app.may = '{_asked_for(actor)}'")


def _asked_for(actor: Actor) -> str:
    """Those of its permissions that conditions ask for."""
    return ",".join(sorted(one for one in ASKED_FOR if actor.may(one)))


def _id(value: UUID) -> str:
    if not isinstance(value, UUID):
        raise TypeError("a trust and an academy are told by their ids")
    return str(value)


def _word(value: str) -> str:
    if not _WORD.fullmatch(value):
        raise ValueError("a transaction needs a subject, a holder and a channel of plain letters")
    return value
