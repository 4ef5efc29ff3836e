"""Pupils are known by a keyed code, and nothing that looks like their own number is taken anywhere."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.ids import trust_id
from app.domain.pseudonyms import NOT_A_UPN, PupilKey, holds_upn, is_pseudonym, refuse_upn

SECRET = b"a secret of thirty-two characters"
LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
TRUST = trust_id("kestrel")
digits = st.text("0123456789", min_size=11, max_size=11)
upns = st.builds(
    lambda first, middle, last, low: (first + middle + last).lower() if low else first + middle + last,
    st.sampled_from(LETTERS), digits, st.sampled_from(LETTERS + "0123456789"), st.booleans(),
)  # fmt: skip
blanks = st.text(" .,;:()\n\"'-/", min_size=1)
words = st.text("abcdefghij klmnop,.-\n", max_size=40)
references = st.text(min_size=1).filter(lambda text: bool(text.strip()) and not holds_upn(text))


@given(upns, words, words, blanks, blanks)
def test_a_text_that_holds_a_upn_is_refused_wherever_it_stands(
    upn: str, before: str, after: str, left: str, right: str
) -> None:
    for text in (upn, f"{before}{left}{upn}{right}{after}", f"{upn}{right}{after}"):
        with pytest.raises(Invalid) as caught:
            refuse_upn(text, pointer="/note")
        assert caught.value.sentence == NOT_A_UPN
        assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [("/note", "pupil-number")]
        assert upn not in caught.value.sentence


@given(st.one_of(st.uuids().map(str), st.binary(min_size=32, max_size=32).map(bytes.hex), words, st.dates().map(str)))
def test_ids_digests_days_and_words_are_no_upn(text: str) -> None:
    refuse_upn(text)


@pytest.mark.parametrize(
    "text", ["A12345678901", "A12345678901234", "I123456789012", "1234567890123", "XA123456789012"]
)
def test_what_is_shorter_or_longer_or_begins_otherwise_is_no_upn(text: str) -> None:
    assert not holds_upn(text)


@given(references, references)
def test_a_pupil_has_one_code_and_no_two_pupils_have_the_same(one: str, other: str) -> None:
    key = PupilKey(SECRET, TRUST)

    assert key.pseudonym("mis", one) == PupilKey(SECRET, TRUST).pseudonym("mis", one)
    assert (key.pseudonym("mis", one) == key.pseudonym("mis", other)) == (one == other)
    assert is_pseudonym(key.pseudonym("mis", one))
    assert not holds_upn(key.pseudonym("mis", one))


@given(references, st.uuids(version=4))
def test_another_trust_source_secret_or_edition_gives_another_code(reference: str, other: UUID) -> None:
    codes = {
        PupilKey(SECRET, TRUST).pseudonym("mis", reference),
        PupilKey(SECRET, other).pseudonym("mis", reference),
        PupilKey(SECRET, TRUST).pseudonym("register", reference),
        PupilKey(SECRET[::-1], TRUST).pseudonym("mis", reference),
        PupilKey(SECRET, TRUST, edition=2).pseudonym("mis", reference),
    }

    assert len(codes) == 5


def test_source_and_reference_are_not_run_together() -> None:
    key = PupilKey(SECRET, TRUST)

    assert key.pseudonym("mi", "s1") != key.pseudonym("mis", "1")


def test_a_upn_is_no_reference_of_a_pupil() -> None:
    with pytest.raises(Invalid):
        PupilKey(SECRET, TRUST).pseudonym("mis", "A123456789012")
    with pytest.raises(ValueError, match="known by a source and a reference"):
        PupilKey(SECRET, TRUST).pseudonym("mis", " ")
    with pytest.raises(ValueError, match="at least 16 bytes"):
        PupilKey(b"short", TRUST)
