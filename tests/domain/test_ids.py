"""Identities: time-ordered ones that never collide, and steady ones for what a pack names."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122, UUID, uuid4

from app.domain import ids


def test_new_ids_are_sorted_and_unique() -> None:
    made = [ids.uuid7() for _ in range(20_000)]

    assert made == sorted(made)
    assert len(set(made)) == 20_000


def test_ids_made_at_once_in_many_threads_are_unique() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = [one for many in pool.map(lambda _: [ids.uuid7() for _ in range(1000)], range(8)) for one in many]

    assert len(set(made)) == 8000


def test_a_new_id_is_a_version_7_uuid_of_this_millisecond() -> None:
    before = time.time_ns() // 1_000_000
    made = ids.uuid7()
    after = time.time_ns() // 1_000_000

    assert (made.version, made.variant) == (7, RFC_4122)
    # Ids made faster than the clock ticks run ahead of it by no more than they are many.
    assert before <= made.int >> 80 <= after + 20


def test_ids_never_run_backwards_though_the_clock_does(monkeypatch) -> None:
    first = ids.uuid7()
    monkeypatch.setattr(time, "time_ns", lambda: 1)

    later = [ids.uuid7() for _ in range(5000)]

    assert [first, *later] == sorted([first, *later])
    assert len({first, *later}) == 5001


def test_a_trust_has_the_same_id_everywhere() -> None:
    assert ids.trust_id("kestrel") == ids.trust_id("kestrel") == UUID("fb2079ce-4725-55d2-86fe-591dedbbe85d")
    assert ids.trust_id("kestrel") != ids.trust_id("larkfield")


def test_what_a_pack_names_has_the_same_id_in_the_same_trust_alone() -> None:
    here, there = uuid4(), uuid4()

    named = {
        ids.named_id(here, "action", "poap/L1"),
        ids.named_id(here, "action", "poap/L2"),
        ids.named_id(here, "milestone", "poap/L1"),
        ids.named_id(there, "action", "poap/L1"),
    }

    assert len(named) == 4
    assert ids.named_id(here, "action", "poap/L1") in named
