"""Nobody sets by a body or an input what only rules set, and what is not known is refused by name."""

from tests.access.ground import Estate
from tests.access.mass_assignment import extra_allowed, over_graphql, over_rest
from tests.access.matrix import heads


async def test_no_body_takes_what_only_rules_set(estate: Estate) -> None:
    before = await heads(estate)

    made = await over_rest(estate)

    print(f"{made.tried:,} pairs of a body and a member")  # noqa: T201  how much was tried
    assert made.accepted == []
    assert made.tried >= 8_000
    assert await heads(estate) == before


def test_no_input_takes_what_only_rules_set() -> None:
    made = over_graphql()

    print(f"{made.tried:,} pairs of an input and a member")  # noqa: T201  likewise
    assert made.accepted == []
    assert made.tried >= 8_000


async def test_bodies_that_take_everything_are_found(estate: Estate) -> None:
    """The teeth."""
    before = await heads(estate)

    with extra_allowed():
        made = await over_rest(estate)

    assert len(made.accepted) > 5_000
    assert await heads(estate) == before
