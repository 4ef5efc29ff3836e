"""The bytes that are hashed: one spelling of each value, chained to what came before, with no text that names somebody."""

import hashlib
import time
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.db.event_log import GENESIS, Entry, canonical, chained
from app.domain.entity import Entity
from app.domain.events import Event, Verb
from app.domain.keys import ApiKey
from app.domain.memberships import Membership

ID = UUID("0a4ffb4c-6a80-5b8e-9d57-1d3bb5f6e7a1")
AT = datetime(2026, 11, 22, 10, 30, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("value", "spelt"),
    [
        ({"b": 1, "a": None}, b'{"a":null,"b":1}'), ([Decimal("1.50"), Decimal("1E+3")], b"[1.50,1000]"),
        (AT, b'"2026-11-22T09:30:00.000000Z"'), (date(2026, 11, 22), b'"2026-11-22"'), (ID, f'"{ID}"'.encode()),
        ("Zoë", '"Zoë"'.encode()), (Verb.MET, b'"met"'),
    ],
)  # fmt: skip
def test_a_value_has_one_spelling(value: object, spelt: bytes) -> None:
    assert canonical(value) == spelt


def test_an_instant_is_spelt_in_utc_wherever_the_machine_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert canonical(AT) == b'"2026-11-22T09:30:00.000000Z"'
    finally:
        monkeypatch.undo()
        time.tzset()


def test_what_has_no_spelling_is_not_hashed() -> None:
    with pytest.raises(TypeError) as caught:
        canonical({"a": {1, 2}})

    assert str(caught.value.__cause__ or caught.value) == "set has no canonical spelling"


@given(st.dictionaries(st.text(), st.integers(-(2**53), 2**53) | st.text() | st.none()))
def test_the_order_in_which_a_value_was_put_together_does_not_matter(value: dict[str, object]) -> None:
    assert canonical(value) == canonical(dict(reversed(value.items())))
    assert orjson.loads(canonical(value)) == value


@given(st.binary(min_size=32, max_size=32), st.binary())
def test_a_link_is_the_digest_of_what_came_before_and_what_is_said(previous: bytes, body: bytes) -> None:
    assert chained(previous, body) == hashlib.sha256(previous + body).digest()
    assert chained(previous, body) != chained(previous, body + b"\0")
    assert bytes(32) == GENESIS


def member(**more: object) -> Membership:
    values = {"issuer": "https://example.org", "subject": "s-1", "label": None, "roles": [], "sessions_from": AT}
    return Membership(trust_id=ID, id=ID, **{**values, **more})


def entry(record: Entity, before: dict[str, object], **event: object) -> Entry:
    return Entry.of(Event(record=record, verb=Verb.CHANGED, **event), before=before, after=record.state())  # type: ignore[arg-type]  # what each test gives fits


def digest(salt: bytes, text: str) -> str:
    return hashlib.sha256(salt + text.encode()).hexdigest()


def test_an_entry_says_what_happened_without_text_that_names_somebody() -> None:
    record = member(label="A. Head")
    one = entry(
        record,
        {"label": "A. Deputy", "issuer": "x"},
        reason="A. Head asked",
        on=date(2026, 11, 1),
        detail={"a": 1, "b": None},
    )

    assert one.record is record
    assert (one.reason, len(one.salt)) == ("A. Head asked", 16)
    assert one.texts == {"subject": "s-1", "label": "A. Head"}
    assert {name: one.body[name] for name in ("type", "noun", "subject", "plan", "on", "detail")} == {
        "type": "membership.changed", "noun": "membership", "subject": ID, "plan": None, "on": date(2026, 11, 1),
        "detail": {"a": 1},
    }  # fmt: skip
    assert one.body["data"]["before"] == {"issuer": "x"}
    assert one.body["data"]["after"].keys() >= {"issuer", "roles", "academyIds", "sessionsFrom"}
    assert not one.body["data"]["after"].keys() & {"subject", "label", "trustId", "trust_id", "academy_ids"}
    assert one.body["reasonDigest"] == digest(one.salt, "A. Head asked")
    assert one.body["textDigests"] == {"subject": digest(one.salt, "s-1"), "label": digest(one.salt, "A. Head")}
    assert one.body.keys() == {"type", "noun", "subject", "plan", "on", "detail", "data", "reasonDigest", "textDigests"}
    assert b"A. Head" not in canonical(one.body)
    assert one.salt != entry(record, {}).salt


def test_a_text_that_was_taken_away_is_told_as_gone_and_one_that_never_was_not_at_all() -> None:
    gone, never = entry(member(), {"label": "A. Head"}), entry(member(), {})

    assert (gone.texts, gone.body["textDigests"].keys()) == ({"subject": "s-1", "label": None}, {"subject"})
    assert never.texts == {"subject": "s-1"}
    assert (never.reason, never.body["reasonDigest"]) == (None, None)


def test_a_secret_is_in_no_event_nor_beside_it() -> None:
    key = ApiKey(trust_id=ID, code="c", label="l", digest=b"secret", roles=[], created_at=AT, expires_on=AT.date())
    one = entry(key, {"digest": b"older"})

    assert one.body["data"]["before"] == {}
    assert "digest" not in one.body["data"]["after"] | one.texts


def test_the_plan_of_a_record_is_the_one_it_stands_in_and_a_plans_own_is_itself() -> None:
    from app.domain.milestones import Milestone  # noqa: PLC0415  only what this test asks
    from app.domain.plans import Plan  # noqa: PLC0415  likewise

    other = UUID(int=7)
    plan, milestone = (
        Plan.model_construct(trust_id=ID, id=ID),
        Milestone.model_construct(trust_id=ID, id=ID, plan_id=other),
    )

    told = [Entry.of(Event(record=one, verb=Verb.MET), before={}, after={}).body["plan"] for one in (plan, milestone)]
    assert told == [ID, other]
