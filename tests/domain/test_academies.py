"""The shapes of the numbers that academies are known by, and how one takes over from another."""

from datetime import date
from uuid import uuid4

import pytest

from app.domain.academies import AcademyIdentifier
from app.domain.errors import Fault, Invalid
from app.domain.events import Event, Verb
from app.domain.vocabulary import IdentifierKind

URN, UKPRN, LAESTAB = IdentifierKind.URN, IdentifierKind.UKPRN, IdentifierKind.LAESTAB


def identifier(kind: IdentifierKind, value: str) -> AcademyIdentifier:
    return AcademyIdentifier(trust_id=uuid4(), academy_id=uuid4(), kind=kind, value=value, valid_from=date(2020, 9, 1))


@pytest.mark.parametrize(
    ("kind", "value"),
    [(URN, "137083"), (URN, "000001"), (UKPRN, "10035678"), (UKPRN, "19999999"), (LAESTAB, "3024012")],
)
def test_a_number_of_its_kinds_shape_is_taken(kind: IdentifierKind, value: str) -> None:
    identifier(kind, value).check()


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (URN, "13708"),
        (URN, "1370833"),
        (URN, "13708a"),
        (URN, " 137083"),
        (URN, "137083\n"),
        (URN, ""),
        (URN, "१३७०८३"),
        (UKPRN, "20035678"),
        (UKPRN, "1003567"),
        (LAESTAB, "302/4012"),
        (LAESTAB, "302401"),
    ],
)
def test_any_other_is_refused_with_the_shape_it_should_have(kind: IdentifierKind, value: str) -> None:
    sentence = {
        URN: "A URN is six digits.",
        UKPRN: "A UKPRN is eight digits and begins with 1.",
        LAESTAB: "A LAESTAB is seven digits: three for the authority, four for the school.",
    }[kind]

    with pytest.raises(Invalid) as caught:
        identifier(kind, value).check()

    assert caught.value.sentence == sentence
    assert caught.value.faults == (Fault("/value", "malformed-identifier", sentence),)


def test_an_identifier_ends_on_its_last_day() -> None:
    made = identifier(URN, "137083")

    event = made.end(on=date(2026, 8, 31))

    assert made.valid_to == date(2026, 8, 31)
    assert event == Event(record=made, verb=Verb.ENDED, on=date(2026, 8, 31))
