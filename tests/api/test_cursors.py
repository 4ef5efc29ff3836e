"""Cursors of lists: read back by whoever made them, for the list they came from, and changed by nobody."""

import base64
import hashlib
import hmac
import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.cursors import list_key, seal, unseal
from app.operations.refusals import Refused
from app.queries.reading import Cursor

PEPPER = b"a pepper for these tests"
LIST = list_key("/v1/plans", {"status": "open", "cursor": "abc", "limit": 50, "academyId": None})
ONE = Cursor("2026-11-22", UUID("01890000-0000-7000-8000-000000000001"), backward=True)
ODD = "This cursor is not one of this list's. Start the list again without it."


def test_a_list_is_known_by_its_address_and_by_what_decides_its_rows() -> None:
    same = list_key("/v1/plans", {"status": "open", "limit": 10, "cursor": "def", "at": None})
    others = [
        list_key("/v1/milestones", {"status": "open"}),
        list_key("/v1/plans", {"status": "closed"}),
        list_key("/v1/plans", {"status": "open", "academyId": "oak"}),
        list_key("/v1/plans", {}),
    ]

    assert same == list_key("/v1/plans", {"status": "open"}) == LIST
    assert len({LIST, *others}) == 5
    assert list_key("/v1/plans", {"a": 1, "b": 2}) == list_key("/v1/plans", {"b": 2, "a": 1})


def test_a_cursor_is_its_key_signed_for_its_list_and_nothing_else() -> None:
    raw = base64.urlsafe_b64decode(seal(ONE, LIST, PEPPER) + "==")
    digest = hashlib.sha256(b'["/v1/plans", {"status": "open"}]').digest()[:12]

    assert raw[16:] == b'["2026-11-22","01890000-0000-7000-8000-000000000001",true]'
    assert digest == LIST
    assert raw[:16] == hmac.digest(PEPPER, b"cursor" + LIST + raw[16:], "sha256")[:16]


@given(st.text() | st.none(), st.uuids(), st.booleans())
def test_a_cursor_reads_back_as_what_it_was(key: str | None, record: UUID, backward: bool) -> None:  # noqa: FBT001  hypothesis
    one = Cursor(key, record, backward)
    text = seal(one, LIST, PEPPER)

    assert unseal(text, LIST, PEPPER) == one
    assert "=" not in text


@given(st.data())
def test_a_cursor_changed_anywhere_is_refused(data: st.DataObject) -> None:
    raw = bytearray(base64.urlsafe_b64decode(seal(ONE, LIST, PEPPER) + "=="))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))

    with pytest.raises(Refused) as caught:
        unseal(base64.urlsafe_b64encode(raw).decode().rstrip("="), LIST, PEPPER)

    assert (caught.value.kind, caught.value.sentence) == ("invalid", ODD)


@pytest.mark.parametrize(
    "text",
    [
        seal(ONE, list_key("/v1/milestones", {}), PEPPER), seal(ONE, LIST, b"another pepper"), "", "a", "é", "!!!",
        base64.urlsafe_b64encode(json.dumps(["a", str(ONE.id), False]).encode()).decode(),
    ],
)  # fmt: skip
def test_a_cursor_of_another_list_another_installation_or_none_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="not one of this list's"):
        unseal(text, LIST, PEPPER)
