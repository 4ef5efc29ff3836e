"""What a key's text holds, that a mistyped one is none, and when a key works."""

import hashlib
import hmac
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.actor import Actor
from app.domain.errors import Conflict
from app.domain.events import Event, Verb
from app.domain.keys import ApiKey, KeyText, _checksum
from app.domain.roles import Permission, Role

TRUST = UUID("0a4ffb4c-6a80-5b8e-9d57-1d3bb5f6e7a1")
PEPPER = b"a pepper for these tests"
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def key(text: KeyText, **more: object) -> ApiKey:
    values = {
        "trust_id": text.trust_id,
        "code": text.code,
        "label": "report",
        "digest": text.digest(PEPPER),
        "roles": ["senior_leader"],
        "created_at": datetime(2026, 11, 1, tzinfo=UTC),
        "expires_on": date(2026, 11, 22),
    }
    return ApiKey(**{**values, **more})


@given(st.uuids(), st.sampled_from(["live", "test", "demo"]))
def test_a_keys_text_reads_back_as_its_parts(trust: UUID, environment: str) -> None:
    text = KeyText.new(environment, trust)

    again = KeyText.read(str(text))

    assert again == text
    assert again is not None
    assert str(again) == str(text)
    assert (again.environment, again.trust_id) == (environment, trust)
    assert str(text).startswith(f"mp_{environment}_")
    assert (len(text.code), len(text.secret)) == (8, 58)


def test_no_two_keys_share_a_code_or_a_secret() -> None:
    texts = [KeyText.new("live", TRUST) for _ in range(200)]

    assert len({text.code for text in texts}) == len({text.secret for text in texts}) == 200


@given(st.data())
def test_a_truncated_or_mistyped_key_is_no_key(data: st.DataObject) -> None:
    text = str(KeyText.new("live", TRUST))
    at = data.draw(st.integers(0, len(text) - 1))
    typed = data.draw(st.sampled_from(LETTERS.upper() + LETTERS + "_-018 é"))

    wrong = text[:at] + typed + text[at + 1 :]

    assert KeyText.read(text[:at]) is None
    assert KeyText.read(text[at + 1 :]) is None
    assert wrong == text or KeyText.read(wrong) is None


@given(st.text(max_size=120) | st.text(alphabet="mp_a234", max_size=120))
def test_anything_else_is_no_key_and_nothing_is_raised(text: str) -> None:
    assert KeyText.read(text) is None


@pytest.mark.parametrize("environment", ["", "a", "eyJ.x.y", "Live", "live1", "environment"])
def test_a_key_of_no_environment_that_could_be_is_no_key_though_its_checksum_fits(environment: str) -> None:
    _, _, trust, code, secret = str(KeyText.new("live", TRUST)).split("_")
    start = f"mp_{environment}_{trust}_{code}_{secret[:-6]}"

    assert KeyText.read(start + _checksum(start)) is None


def test_the_digest_depends_on_the_secret_and_the_pepper() -> None:
    text = KeyText.new("live", TRUST)

    digest = text.digest(PEPPER)

    assert digest == hmac.new(PEPPER, text.secret.encode(), hashlib.sha256).digest()
    assert digest != text.digest(b"another pepper")
    assert digest != KeyText.new("live", TRUST).digest(PEPPER)


def test_a_key_matches_its_own_text_and_no_other() -> None:
    text = KeyText.new("live", TRUST)
    made = key(text)

    assert made.matches(text, pepper=PEPPER)
    assert not made.matches(text, pepper=b"another pepper")
    assert not made.matches(KeyText.new("live", TRUST), pepper=PEPPER)


def test_a_key_works_up_to_and_including_its_last_day_unless_it_is_revoked() -> None:
    made, revoked = key(KeyText.new("live", TRUST)), key(KeyText.new("live", TRUST))
    at = datetime(2026, 11, 2, tzinfo=UTC)

    event = revoked.revoke(at=at)

    assert [made.is_live(today=date(2026, 11, day)) for day in (21, 22, 23)] == [True, True, False]
    assert not revoked.is_live(today=date(2026, 11, 3))
    assert event == Event(record=revoked, verb=Verb.REVOKED)
    assert revoked.revoked_at == at


def test_a_key_is_revoked_once() -> None:
    made = key(KeyText.new("live", TRUST), revoked_at=datetime(2026, 11, 2, tzinfo=UTC))
    before = made.state()

    with pytest.raises(Conflict, match=r"^This key is already revoked\.$"):
        made.revoke(at=datetime(2026, 11, 3, tzinfo=UTC))

    assert made.state() == before


def test_a_key_becomes_an_actor_with_what_it_was_given() -> None:
    text, academy = KeyText.new("live", TRUST), uuid4()
    whole, narrow = key(text), key(text, scopes=["read"], academy_ids=[academy], roles=["senior_leader", "reviewer"])

    assert whole.actor("rest") == Actor(TRUST, f"key:{text.code}", frozenset({Role.SENIOR_LEADER}), channel="rest")
    assert narrow.actor("graphql") == Actor(
        TRUST,
        f"key:{text.code}",
        frozenset({Role.SENIOR_LEADER, Role.REVIEWER}),
        academies=frozenset({academy}),
        scopes=frozenset({Permission.READ}),
        channel="graphql",
    )


def test_a_key_that_names_no_academy_at_all_is_not_one_for_every_academy() -> None:
    assert key(KeyText.new("live", TRUST), academy_ids=[]).actor("rest").academies == frozenset()
