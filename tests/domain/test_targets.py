"""What a target promises, and how it promises something else."""

from decimal import Decimal
from uuid import uuid4

import pytest

from app.domain.errors import Fault, Invalid
from app.domain.events import Event, Verb
from app.domain.targets import Target
from app.domain.vocabulary import Comparator, MeasureKind

PROMISE = {
    "comparator": Comparator.AT_LEAST,
    "value": Decimal("91.0"),
    "unit": "percent",
    "printed": "91%",
    "trend_condition": None,
    "caveat": "Cohort of nine.",
}


def target(**values: object) -> Target:
    made = {"kind": MeasureKind.NUMERIC, "label": "Pupils attend.", **PROMISE, **values}
    return Target(trust_id=uuid4(), plan_id=uuid4(), area_id=uuid4(), code="T1", no=1, **made)


def test_a_revised_promise_counts_up_and_tells_why() -> None:
    made = target()
    before = made.state()

    event = made.revise({"value": Decimal("92.5"), "caveat": None}, reason="Last year's was passed.")

    assert made.state() == {**before, "value": Decimal("92.5"), "caveat": None, "revision": 2}
    assert event == Event(record=made, verb=Verb.REVISED, reason="Last year's was passed.")


@pytest.mark.parametrize("promise", [{}, PROMISE, {"value": Decimal("91.00")}])
def test_a_revision_that_changes_nothing_is_refused(promise: dict[str, object]) -> None:
    made = target()
    before = made.state()

    with pytest.raises(Invalid, match=r"^Nothing in this revision differs from what is promised already\.$"):
        made.revise(promise, reason="It is the same.")

    assert made.state() == before


def test_a_numeric_target_keeps_a_value() -> None:
    made = target()
    before = made.state()
    sentence = "A numeric target needs a value. Give one, or make the target qualitative."

    with pytest.raises(Invalid) as caught:
        made.revise({"value": None}, reason="Nobody knows.")

    assert caught.value.faults == (Fault("/value", "value-missing", sentence),)
    assert made.state() == before


@pytest.mark.parametrize("kind", [MeasureKind.QUALITATIVE, MeasureKind.MIXED])
def test_a_target_in_words_needs_no_value(kind: MeasureKind) -> None:
    target(kind=kind, value=None).check()


def test_every_promise_is_kept_as_a_version_of_its_own() -> None:
    made = target()
    first = made.as_promised()

    made.revise({"value": Decimal(95)}, reason="More is asked.")
    second = made.as_promised()

    shared = {"trust_id": made.trust_id, "plan_id": made.plan_id, "target_id": made.id, "version": 1}
    told = [first.state(), second.state()]
    for state in told:
        del state["id"], state["withdrawn_at"]
    assert told == [
        {**shared, **PROMISE, "revision": 1},
        {**shared, **PROMISE, "value": Decimal(95), "revision": 2},
    ]
    assert first.id != second.id
