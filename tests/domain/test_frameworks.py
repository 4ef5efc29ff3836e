"""How an edition of a framework comes into force and gives way to the next, and for which schools it is written."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.academies import Academy
from app.domain.errors import Conflict, Fault, Invalid
from app.domain.events import Event, Verb
from app.domain.framework_vocabulary import Applies, FrameworkStatus
from app.domain.frameworks import Framework
from app.domain.vocabulary import AcademyType, PhaseOfEducation, Sector

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
FIRST, LAST = date(2026, 9, 1), date(2027, 8, 31)
A_DAY = timedelta(days=1)
DRAFT, PUBLISHED, SUPERSEDED = FrameworkStatus.DRAFT, FrameworkStatus.PUBLISHED, FrameworkStatus.SUPERSEDED


def framework(**values: Any) -> Framework:
    return Framework(**{"trust_id": uuid4(), "code": "Core offer", "title": "Core offer", **values})


def published(valid_from: date | None, valid_to: date | None, **values: Any) -> Framework:
    made = framework(**values)
    made.publish(at=NOW, valid_from=valid_from, valid_to=valid_to)
    return made


def superseded() -> Framework:
    made = published(FIRST, None)
    made.give_way(framework(edition=2), from_day=LAST)
    return made


def academy(kind: AcademyType | None, phase: PhaseOfEducation | None) -> Academy:
    return Academy(trust_id=uuid4(), code="A1", name="Larkfield", type=kind, phase_of_education=phase)


near = st.dates(FIRST - 5 * A_DAY, FIRST + 5 * A_DAY)  # few days, so that they meet
maybe_near = st.none() | near
kinds = st.none() | st.sampled_from(AcademyType)
phases = st.none() | st.sampled_from(PhaseOfEducation)
sectors = st.none() | st.sampled_from(Sector)


def in_order(valid_from: date | None, valid_to: date | None) -> bool:
    return valid_from is None or valid_to is None or valid_from <= valid_to


@given(maybe_near, maybe_near)
def test_a_draft_is_published_for_days_in_order_or_stays_as_it_was(
    valid_from: date | None, valid_to: date | None
) -> None:
    made = framework()
    before = made.state()

    if in_order(valid_from, valid_to):
        event = made.publish(at=NOW, valid_from=valid_from, valid_to=valid_to)
        assert event == Event(record=made, verb=Verb.PUBLISHED)
        said = {"valid_from": valid_from, "valid_to": valid_to, "status": PUBLISHED, "published_at": NOW}
        assert made.state() == {**before, **said}
    else:
        with pytest.raises(Invalid):
            made.publish(at=NOW, valid_from=valid_from, valid_to=valid_to)
        assert made.state() == before


@given(maybe_near, maybe_near, near)
def test_an_edition_is_in_force_from_its_first_day_to_its_last(
    valid_from: date | None, valid_to: date | None, on: date
) -> None:
    assume(in_order(valid_from, valid_to))
    made = published(valid_from, valid_to)

    assert made.is_in_force(on) == ((valid_from or date.min) <= on <= (valid_to or date.max))


@given(maybe_near, maybe_near, near)
def test_a_draft_is_never_in_force(valid_from: date | None, valid_to: date | None, on: date) -> None:
    assert not framework(valid_from=valid_from, valid_to=valid_to).is_in_force(on)


@given(maybe_near, maybe_near, near, near)
def test_giving_way_ends_an_edition_before_the_day_given_and_changes_no_other_day(
    valid_from: date | None, valid_to: date | None, from_day: date, on: date
) -> None:
    assume(in_order(valid_from, valid_to) and (valid_from is None or valid_from < from_day))
    made = published(valid_from, valid_to)
    before = made.is_in_force(on)

    made.give_way(framework(edition=2), from_day=from_day)

    assert made.is_in_force(on) == (before and on < from_day)


@given(maybe_near, near, maybe_near, near)
def test_of_an_edition_and_the_one_it_gave_way_to_no_day_has_both(
    valid_from: date | None, from_day: date, valid_to: date | None, on: date
) -> None:
    assume(in_order(from_day, valid_to) and (valid_from is None or valid_from < from_day))
    former, later = published(valid_from, None), published(from_day, valid_to, edition=2)

    former.give_way(later, from_day=from_day)

    begun = valid_from is None or valid_from <= on
    over = valid_to is not None and valid_to < on
    assert [former.is_in_force(on), later.is_in_force(on)].count(True) == (begun and not over)


@given(sectors, kinds, phases)
def test_a_framework_fits_the_academies_of_its_sector_and_one_for_every_sector_fits_all(
    sector: Sector | None, kind: AcademyType | None, phase: PhaseOfEducation | None
) -> None:
    school = academy(kind, phase)

    fits = framework(sector=sector).fits(school)

    in_part = school.sector is Sector.ALL_THROUGH and sector in (Sector.PRIMARY, Sector.SECONDARY)
    assert (fits is Applies.YES) == (sector is None or school.sector is sector)
    assert (fits is Applies.TO_JUDGE) == (sector is not None and (school.sector is None or in_part))


@pytest.mark.parametrize("made", [published(FIRST, LAST), superseded()], ids=[PUBLISHED, SUPERSEDED])
def test_an_edition_is_published_once_and_nothing_in_it_changes_after(made: Framework) -> None:
    before = made.state()
    sentence = (
        "Edition 1 of Core offer is published, so nothing in it changes any more. Make a new edition and change that."
    )

    with pytest.raises(Conflict) as publishing:
        made.publish(at=NOW + A_DAY, valid_from=None, valid_to=None)
    with pytest.raises(Conflict) as writing:
        made.require_draft()

    assert publishing.value.sentence == writing.value.sentence == sentence
    assert made.state() == before


def test_a_withdrawn_draft_is_not_published() -> None:
    made = framework(withdrawn_at=NOW)
    before = made.state()

    with pytest.raises(Conflict, match=r"^This draft is withdrawn, so nothing in it changes any more\.$"):
        made.publish(at=NOW, valid_from=FIRST, valid_to=LAST)

    assert made.state() == before


def test_a_draft_is_written_in() -> None:
    framework().require_draft()


def test_an_edition_that_would_end_before_it_begins_is_refused() -> None:
    made = framework()
    before = made.state()
    sentence = "It would end on 2026-08-31, before it begins on 2026-09-01. Put the two in order."

    with pytest.raises(Invalid) as caught:
        made.publish(at=NOW, valid_from=FIRST, valid_to=FIRST - A_DAY)

    assert caught.value.sentence == sentence
    assert caught.value.faults == (Fault("/validTo", "dates-reversed", sentence),)
    assert made.state() == before


def test_an_edition_may_be_in_force_for_one_day() -> None:
    made = published(FIRST, FIRST)

    assert [made.is_in_force(FIRST + step) for step in (-A_DAY, timedelta(0), A_DAY)] == [False, True, False]


@pytest.mark.parametrize(
    ("on", "is_in_force"),
    [
        (FIRST - A_DAY, False),
        (FIRST, True),
        (date(2027, 2, 1), True),
        (LAST, True),
        (LAST + A_DAY, False),
    ],
)
def test_the_first_and_the_last_day_are_both_in_force(on: date, *, is_in_force: bool) -> None:
    assert published(FIRST, LAST).is_in_force(on) is is_in_force


def test_without_a_beginning_or_an_end_an_edition_is_in_force_on_every_day() -> None:
    made = published(None, None)

    assert made.is_in_force(date.min) and made.is_in_force(FIRST) and made.is_in_force(date.max)


@pytest.mark.parametrize("valid_from", [None, FIRST, LAST - A_DAY])
def test_an_edition_that_gives_way_was_in_force_until_the_day_before(valid_from: date | None) -> None:
    made, later = published(valid_from, None), framework(edition=2)
    before = made.state()

    event = made.give_way(later, from_day=LAST)

    assert event == Event(record=made, verb=Verb.SUPERSEDED, detail={"by": 2})
    assert made.state() == {**before, "valid_to": LAST - A_DAY, "status": SUPERSEDED}
    assert made.is_in_force(LAST - A_DAY) and not made.is_in_force(LAST)


@pytest.mark.parametrize(
    ("ends_on", "last_day"),
    [
        (LAST + A_DAY, LAST - A_DAY),
        (LAST, LAST - A_DAY),
        (LAST - A_DAY, LAST - A_DAY),
        (date(2027, 7, 21), date(2027, 7, 21)),
    ],
)
def test_giving_way_never_makes_an_edition_last_longer_than_was_published(ends_on: date, last_day: date) -> None:
    made = published(FIRST, ends_on)

    made.give_way(framework(edition=2), from_day=LAST)

    assert made.valid_to == last_day


@pytest.mark.parametrize("from_day", [FIRST, FIRST - A_DAY])
def test_an_edition_does_not_give_way_before_it_was_in_force_for_a_day(from_day: date) -> None:
    made = published(FIRST, None)
    before = made.state()

    with pytest.raises(Conflict) as caught:
        made.give_way(framework(edition=2), from_day=from_day)

    assert caught.value.sentence == (
        f"Edition 1 is in force from 2026-09-01. Let edition 2 begin after that day, not on {from_day}."
    )
    assert made.state() == before


@pytest.mark.parametrize("made", [framework(), superseded()], ids=[DRAFT, SUPERSEDED])
def test_only_a_published_edition_gives_way(made: Framework) -> None:
    before = made.state()
    sentence = f"Edition 1 of Core offer is {made.status}. Only a published edition gives way to another."

    with pytest.raises(Conflict) as caught:
        made.give_way(framework(edition=3), from_day=LAST + A_DAY)

    assert caught.value.sentence == sentence
    assert made.state() == before


@pytest.mark.parametrize(
    ("kind", "phase", "fits"),
    [
        (AcademyType.CONVERTER, PhaseOfEducation.SECONDARY, Applies.YES),
        (AcademyType.UTC, PhaseOfEducation.SECONDARY, Applies.YES),
        (None, PhaseOfEducation.MIDDLE_DEEMED_SECONDARY, Applies.YES),
        (AcademyType.CONVERTER, PhaseOfEducation.PRIMARY, Applies.NO),
        (AcademyType.CONVERTER, PhaseOfEducation.ALL_THROUGH, Applies.TO_JUDGE),
        (AcademyType.SPECIAL_CONVERTER, PhaseOfEducation.SECONDARY, Applies.NO),
        (AcademyType.ALTERNATIVE_PROVISION, None, Applies.NO),
        (AcademyType.CONVERTER, None, Applies.TO_JUDGE),
        (None, None, Applies.TO_JUDGE),
    ],
)
def test_the_secondary_strategy_fits_secondary_academies(
    kind: AcademyType | None, phase: PhaseOfEducation | None, fits: Applies
) -> None:
    assert framework(sector=Sector.SECONDARY).fits(academy(kind, phase)) is fits


@pytest.mark.parametrize("phase", [None, *PhaseOfEducation])
@pytest.mark.parametrize(
    ("kind", "sector"),
    [
        (AcademyType.SPECIAL_SPONSOR_LED, Sector.SPECIAL),
        (AcademyType.SPECIAL_CONVERTER, Sector.SPECIAL),
        (AcademyType.FREE_SPECIAL, Sector.SPECIAL),
        (AcademyType.ALTERNATIVE_PROVISION, Sector.ALTERNATIVE_PROVISION),
        (AcademyType.SIXTEEN_TO_NINETEEN, Sector.SIXTEEN_PLUS),
    ],
)
def test_a_type_that_names_a_kind_of_school_goes_before_the_phase(
    kind: AcademyType, phase: PhaseOfEducation | None, sector: Sector
) -> None:
    assert academy(kind, phase).sector is sector


@pytest.mark.parametrize("kind", [None, AcademyType.CONVERTER, AcademyType.FREE_SCHOOL, AcademyType.MAINTAINED])
@pytest.mark.parametrize(
    ("phase", "sector"),
    [
        (None, None),
        (PhaseOfEducation.NURSERY, Sector.PRIMARY),
        (PhaseOfEducation.PRIMARY, Sector.PRIMARY),
        (PhaseOfEducation.MIDDLE_DEEMED_PRIMARY, Sector.PRIMARY),
        (PhaseOfEducation.SECONDARY, Sector.SECONDARY),
        (PhaseOfEducation.MIDDLE_DEEMED_SECONDARY, Sector.SECONDARY),
        (PhaseOfEducation.SIXTEEN_PLUS, Sector.SIXTEEN_PLUS),
        (PhaseOfEducation.ALL_THROUGH, Sector.ALL_THROUGH),
    ],
)
def test_any_other_academy_is_of_the_sector_of_its_phase(
    kind: AcademyType | None, phase: PhaseOfEducation | None, sector: Sector | None
) -> None:
    assert academy(kind, phase).sector is sector
