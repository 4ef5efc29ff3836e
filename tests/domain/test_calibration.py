"""Calibration: counts of better, same and worse, and never a score."""

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from app.domain.calibration import Against, Calibration, Judgement, calibrate, calibrate_by

LINE, OTHER = uuid4(), uuid4()
_PLACES = st.sampled_from([1, 2, 3])
_JUDGEMENTS = st.lists(
    st.builds(
        Judgement,
        line_id=st.sampled_from([LINE, OTHER]),
        lead_role=st.sampled_from(["director", "officer"]),
        human=_PLACES,
        suggested=st.one_of(st.none(), _PLACES),
        moderated=st.one_of(st.none(), _PLACES),
        eventual=st.one_of(st.none(), _PLACES),
    )
)


def judgement(human: int, line_id: UUID = LINE, **values: int) -> Judgement:
    return Judgement(line_id=line_id, lead_role="director", human=human, **values)


def test_people_who_rate_better_than_the_figures_are_counted_and_not_averaged() -> None:
    rated = [
        judgement(1, suggested=2, eventual=3, moderated=2),
        judgement(2, suggested=2, eventual=1),
        judgement(3, suggested=1, moderated=2),
        judgement(1),
    ]

    assert calibrate(rated) == Calibration(
        ratings=4,
        suggested=Against(better=1, same=1, worse=1, not_comparable=1),
        eventual=Against(better=1, same=0, worse=1, not_comparable=2),
        moderated_to_better=1,
        moderated_to_worse=1,
    )


@given(_JUDGEMENTS)
def test_every_rating_is_counted_once_in_each_comparison_and_the_parts_add_up(rated: list[Judgement]) -> None:
    whole = calibrate(rated)
    parts = calibrate_by(rated, lambda one: (one.line_id, one.lead_role)).values()

    for against in (whole.suggested, whole.eventual):
        assert against.better + against.same + against.worse + against.not_comparable == len(rated)
    assert whole.ratings == len(rated) == sum(part.ratings for part in parts)
    assert whole.suggested.better == sum(part.suggested.better for part in parts)
    assert whole.eventual.worse == sum(part.eventual.worse for part in parts)
    assert whole.moderated_to_worse == sum(part.moderated_to_worse for part in parts)


@given(_JUDGEMENTS)
def test_turned_round_better_is_worse(rated: list[Judgement]) -> None:
    turned = [judgement(one.suggested, suggested=one.human) for one in rated if one.suggested is not None]
    told = [one for one in rated if one.suggested is not None]

    there, back = calibrate(told).suggested, calibrate(turned).suggested

    assert (there.better, there.same, there.worse) == (back.worse, back.same, back.better)
