"""What a retry is told: the first's answer, that it is still at work, or that the key was used for something else."""

import hashlib
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.db import idempotency
from app.db.idempotency import Answer, Claim, KeyInProgress, KeyReused, claim, keep, replayed

TRUST = UUID("0a4ffb4c-6a80-5b8e-9d57-1d3bb5f6e7a1")
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
KEY = Claim.of("POST /v1/evidence", "abc", b"one", b"two")
MINE = (TRUST, "key:abc", "POST /v1/evidence", "abc")
ROW = {"fingerprint": KEY.fingerprint, "status": 201, "headers": '{"ETag": "1"}', "body": b"{}"}


class Connection:
    """A database that answers as it is told, and remembers what it was asked."""

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[Any, ...]] = []

    async def fetchval(self, *asked: object) -> object:
        self.asked.append(asked)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    fetchrow = execute = fetchval


def work(*answers: object) -> Any:
    actor = SimpleNamespace(trust_id=TRUST, subject="key:abc")
    return SimpleNamespace(raw=Connection(*answers), actor=actor, now=NOW)


def test_a_fingerprint_covers_all_that_was_said_and_where_one_thing_ends() -> None:
    one = Claim.of("POST /v1/evidence", "abc", b"one", b"two")

    assert one == Claim("POST /v1/evidence", "abc", hashlib.sha256(b"one\0two").digest())
    assert Claim.of("r", "k", b"onet", b"wo") != Claim.of("r", "k", b"one", b"two")


async def test_a_key_of_ones_own_is_taken_and_nothing_is_replayed() -> None:
    at_work = work(True)

    assert await claim(at_work, KEY) is None

    assert at_work.raw.asked == [(idempotency._CLAIM, *MINE, KEY.fingerprint, NOW, timedelta(days=30))]


async def test_a_key_with_an_answer_gives_it_again() -> None:
    at_work = work(None, ROW)

    assert await claim(at_work, KEY) == Answer(201, {"ETag": "1"}, b"{}")

    assert at_work.raw.asked[1:] == [(idempotency._REPLAY, *MINE, NOW, timedelta(days=30))]


async def test_a_key_that_another_holds_is_in_progress() -> None:
    with pytest.raises(KeyInProgress) as caught:
        await claim(work(asyncpg.LockNotAvailableError("late")), KEY)

    assert caught.value.sentence == "A request with this Idempotency-Key is still being answered. Retry in a second."


async def test_a_key_forgotten_between_two_looks_is_sent_again() -> None:
    with pytest.raises(KeyInProgress) as caught:
        await claim(work(None, None), KEY)

    assert caught.value.sentence == "What this Idempotency-Key stood for was just forgotten. Send the request again."


async def test_a_key_used_for_another_request_tells_nothing_of_its_answer() -> None:
    for asked in (
        claim(work(None, {**ROW, "fingerprint": b"other"}), KEY),
        replayed(work({**ROW, "fingerprint": b""}), KEY),
    ):
        with pytest.raises(KeyReused) as caught:
            await asked

        sentence = "This Idempotency-Key was used for a different request. Use a new key for a new request."
        assert caught.value.sentence == sentence


async def test_a_key_that_nobody_used_has_no_answer() -> None:
    at_work = work(None)

    assert await replayed(at_work, KEY) is None

    assert at_work.raw.asked == [(idempotency._REPLAY, *MINE, NOW, timedelta(days=30))]


async def test_an_answer_is_kept_under_its_key_as_it_was_given() -> None:
    at_work = work("UPDATE 1")

    await keep(at_work, KEY, Answer(201, {"ETag": "1"}, b"{}"))

    assert at_work.raw.asked == [(idempotency._KEEP, *MINE, 201, '{"ETag":"1"}', b"{}")]
