"""To which academies something conditional applies: what always holds, then the church schools of the core offer."""

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.academies import Academy
from app.domain.conditions import NO_FAITH, FrameworkCondition
from app.domain.errors import Fault, Invalid
from app.domain.framework_vocabulary import AcademyAttribute, Applies
from app.domain.vocabulary import AcademyType, PhaseOfEducation, Sector

FAITH, SECTOR = AcademyAttribute.FAITH, AcademyAttribute.SECTOR
ANGLICAN, CATHOLIC = "Church of England", "Roman Catholic"


def academy(**values: Any) -> Academy:
    return Academy(trust_id=uuid4(), code="A1", name="Larkfield", **values)


def condition(attribute: AcademyAttribute | None, *values: str) -> FrameworkCondition:
    ids: dict[str, Any] = {"trust_id": uuid4(), "framework_id": uuid4()}
    return FrameworkCondition(**ids, code="C1", label="Church school", attribute=attribute, values=list(values))


faiths = st.sampled_from([ANGLICAN, CATHOLIC, "Jewish", NO_FAITH]) | st.text(min_size=1)
academies = st.builds(
    academy,
    faith=st.none() | faiths,
    type=st.none() | st.sampled_from(AcademyType),
    phase_of_education=st.none() | st.sampled_from(PhaseOfEducation),
)
attributes = st.sampled_from(AcademyAttribute)
words = st.one_of(faiths, st.sampled_from(AcademyType), st.sampled_from(PhaseOfEducation), st.sampled_from(Sector)).map(
    str
)
values = st.lists(words, min_size=1, max_size=20)


@given(academies)
def test_without_an_attribute_a_person_judges(school: Academy) -> None:
    assert condition(None).applies_to(school) is Applies.TO_JUDGE


@given(academies, attributes, st.just([]) | values)
def test_a_person_judges_exactly_where_the_attribute_is_not_known(
    school: Academy, attribute: AcademyAttribute, listed: list[str]
) -> None:
    applies = condition(attribute, *listed).applies_to(school)

    assert (applies is Applies.TO_JUDGE) == (getattr(school, attribute) is None)


@given(academies, attributes, values)
def test_with_values_it_applies_exactly_where_the_attribute_has_one_of_them(
    school: Academy, attribute: AcademyAttribute, listed: list[str]
) -> None:
    held = getattr(school, attribute)

    applies = condition(attribute, *listed).applies_to(school)

    if held is not None:
        among = any(str(held).casefold() == value.casefold() for value in listed)
        assert applies is (Applies.YES if among else Applies.NO)


@given(academies, attributes, values)
def test_what_applies_by_some_values_applies_by_more_of_them(
    school: Academy, attribute: AcademyAttribute, listed: list[str]
) -> None:
    by_the_first = condition(attribute, listed[0]).applies_to(school)

    assert by_the_first is not Applies.YES or condition(attribute, *listed).applies_to(school) is Applies.YES


@given(faiths)
def test_without_values_it_applies_where_there_is_any_faith_but_none(faith: str) -> None:
    has_none = condition(FAITH, NO_FAITH).applies_to(academy(faith=faith))
    has_any = condition(FAITH).applies_to(academy(faith=faith))

    assert {has_none, has_any} == {Applies.YES, Applies.NO}


@pytest.mark.parametrize(
    ("faith", "applies"),
    [
        (ANGLICAN, Applies.YES),
        (CATHOLIC, Applies.YES),
        ("none", Applies.NO),
        ("None", Applies.NO),
        (None, Applies.TO_JUDGE),
    ],
)
def test_what_is_meant_for_church_schools_applies_where_a_faith_is_known(faith: str | None, applies: Applies) -> None:
    assert condition(FAITH).applies_to(academy(faith=faith)) is applies


@pytest.mark.parametrize(
    ("faith", "applies"),
    [
        (ANGLICAN, Applies.YES),
        ("Church Of England", Applies.YES),
        (CATHOLIC, Applies.NO),
        ("none", Applies.NO),
        (None, Applies.TO_JUDGE),
    ],
)
def test_what_is_meant_for_one_faith_applies_to_no_other(faith: str | None, applies: Applies) -> None:
    assert condition(FAITH, ANGLICAN, "Methodist").applies_to(academy(faith=faith)) is applies


@pytest.mark.parametrize(
    ("attribute", "value", "applies"),
    [
        (AcademyAttribute.TYPE, "special_converter", Applies.YES),
        (AcademyAttribute.TYPE, "converter", Applies.NO),
        (AcademyAttribute.PHASE_OF_EDUCATION, "secondary", Applies.YES),
        (AcademyAttribute.PHASE_OF_EDUCATION, "primary", Applies.NO),
        (SECTOR, "special", Applies.YES),
        (SECTOR, "secondary", Applies.NO),
    ],
)
def test_type_phase_and_sector_are_compared_by_their_words(
    attribute: AcademyAttribute, value: str, applies: Applies
) -> None:
    school = academy(type=AcademyType.SPECIAL_CONVERTER, phase_of_education=PhaseOfEducation.SECONDARY)

    assert condition(attribute, value).applies_to(school) is applies


@pytest.mark.parametrize("attribute", AcademyAttribute)
def test_of_an_academy_nothing_is_known_of_a_person_judges_everything(attribute: AcademyAttribute) -> None:
    assert condition(attribute).applies_to(academy()) is Applies.TO_JUDGE


@pytest.mark.parametrize("listed", [(), (ANGLICAN,), (ANGLICAN, CATHOLIC)])
def test_an_attribute_may_have_values_or_none(listed: tuple[str, ...]) -> None:
    condition(FAITH, *listed).check()


def test_a_condition_that_a_person_judges_has_no_values() -> None:
    condition(None).check()


def test_values_without_an_attribute_are_refused() -> None:
    made = condition(None, ANGLICAN)
    before = made.state()
    sentence = "Values need the attribute that is to have them. Name it, or leave the values out."

    with pytest.raises(Invalid) as caught:
        made.check()

    assert caught.value.sentence == sentence
    assert caught.value.faults == (Fault("/attribute", "attribute-missing", sentence),)
    assert made.state() == before
