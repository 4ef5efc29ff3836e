"""How long an academy has been in its stage, against what the framework expects."""

from datetime import date
from uuid import UUID

import pytest

from app.domain.categorisation import CategoryDecision
from app.domain.framework_vocabulary import Period
from app.domain.intervals import Calendar, Days, TermDates
from app.domain.stages import MaturityStage
from app.domain.stays import Expected, NoEnd, expected_end, last_days
from tests.domain.stage_rules import TRUST

TERMS = Calendar(
    terms=tuple(
        TermDates(name, "2023/24", *days)
        for name, days in {
            "autumn": (date(2023, 9, 4), date(2023, 12, 20)),
            "spring": (date(2024, 1, 8), date(2024, 3, 28)),
            "summer": (date(2024, 4, 15), date(2024, 7, 22)),
        }.items()
    )
)
ENTERED = date(2023, 10, 2)


def stage(
    low: int | None = None, high: int | None = None, unit: Period | None = None, *, open_: bool = False
) -> MaturityStage:
    return MaturityStage(
        trust_id=TRUST, framework_id=UUID(int=1), code="s", name="s", duration_min=low, duration_max=high,
        duration_unit=unit, open_ended=open_,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("expected", "of"),
    [
        (Expected(Days(date(2024, 1, 8), date(2024, 7, 22))), stage(1, 2, Period.TERM)),
        (Expected(Days(date(2024, 10, 2), date(2025, 4, 2))), stage(12, 18, Period.MONTH)),
        (Expected(Days(date(2023, 11, 13), date(2023, 12, 25))), stage(6, 12, Period.WEEK)),
        (Expected(Days(ENTERED, date(2024, 10, 2))), stage(None, 1, Period.YEAR)),
        (Expected(None, NoEnd.OPEN_ENDED), stage(open_=True)),
        (Expected(None, NoEnd.NO_DURATION), stage()),
        (Expected(None, NoEnd.CALENDAR_MISSING), stage(3, 4, Period.TERM)),
    ],
)  # fmt: skip
def test_the_durations_of_s2_and_s3_end_by_the_trusts_calendar(expected: Expected, of: MaturityStage) -> None:
    assert expected_end(of, ENTERED, TERMS) == expected


def test_an_academy_has_overstayed_from_the_day_after_the_last_expected() -> None:
    expected = expected_end(stage(1, 2, Period.TERM), ENTERED, TERMS)

    assert [expected.is_over(date(2024, 7, day)) for day in (22, 23)] == [False, True]
    assert Expected(None, NoEnd.NO_DURATION).is_over(date(2030, 1, 1)) is None


def test_a_decision_is_in_force_until_the_day_before_the_next_and_the_last_for_a_day_prevails() -> None:
    first, overruled, last, ahead = (
        CategoryDecision(
            trust_id=TRUST, academy_id=UUID(int=2), framework_id=UUID(int=1), stage_id=UUID(int=3), chair_role="CEO",
            decided_on=date(2024, 1, 1), effective_from=day, no=no,
        )
        for day, no in ((date(2024, 1, 1), 1), (date(2024, 9, 1), 1), (date(2024, 9, 1), 2), (date(2025, 9, 1), 1))
    )  # fmt: skip

    days = last_days([ahead, last, first, overruled])

    assert days == {first.id: date(2024, 8, 31), last.id: date(2025, 8, 31), ahead.id: None}
