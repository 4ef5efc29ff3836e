"""Good packs with faults planted in them: each fault is told with its file, line and reason, and nothing is loaded."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest

from app.pack_loads import load
from app.packs.reading import BrokenPack, PackFault, read_pack
from app.packs.references import names_in
from app.packs.shapes import RecordShape
from tests.commands.ledger import nothing_written
from tests.conftest import Installation
from tests.packs.breaking import KINDS
from tests.packs.breaking.books import GOOD, PACKS, book
from tests.packs.breaking.drafts import Draft
from tests.packs.breaking.plants import Mutation, Plant
from tests.packs.breaking.steps import Begin, File, Put

EACH, TOGETHER, SEED = 2, 30, 20261122
SIZES = {pack: sum(map(len, book(pack).texts.values())) for pack in sorted(GOOD)}
"""How much there is to read: the smaller packs are broken more often, since each is read anew every time."""


@cache
def plants_of(kind: str, pack: str) -> Mapping[str, Sequence[Plant]]:
    """Where such a fault can stand in the pack, by noun and key."""
    found: dict[str, list[Plant]] = defaultdict(list)
    for plant in KINDS[kind](book(pack)):
        found[plant.pattern].append(plant)
    return found


@cache
def packs_for(kind: str) -> tuple[str, ...]:
    """The packs that such a fault can stand in."""
    return tuple(pack for pack in GOOD if next(KINDS[kind](book(pack)), None))


def broken(pack: str, plants: Mapping[str, Plant]) -> Mutation:
    draft = Draft(book(pack))
    for plant in plants.values():
        plant.plant(draft)
    files, told = draft.finish()
    nouns = frozenset(plant.pattern.partition(".")[0] for plant in plants.values())
    return Mutation(pack, tuple(plants), nouns, files, told)


@cache
def apart() -> Mapping[str, Sequence[Mutation]]:
    """By kind, a few with that fault alone, in packs and on kinds of record that had the fewest so far, the rare ones first."""
    packs, nouns, rng = Counter(SIZES), Counter[str](), random.Random(SEED)
    common = Counter(noun for pack in GOOD for noun in {record.noun for record in book(pack).records})
    made: dict[str, list[Mutation]] = {}
    for kind in KINDS:
        free = packs_for(kind)
        for _ in range(EACH):
            pack = min(free, key=lambda one: packs[one])
            free = tuple(one for one in free if one != pack) or free
            found = plants_of(kind, pack)
            noun = min(
                sorted({pattern.partition(".")[0] for pattern in found}),
                key=lambda one: (nouns[one], common[one], rng.random()),
            )
            pattern = rng.choice(sorted(one for one in found if one.partition(".")[0] == noun))
            made.setdefault(kind, []).append(broken(pack, {kind: rng.choice(found[pattern])}))
            packs[pack] += SIZES[pack]
            nouns[noun] += 1
    for noun in sorted(common.keys() - nouns.keys() - {"pack"}):
        pack = next(pack for pack in GOOD if book(pack).of(noun))
        made["a_key_that_is_not_known"].append(broken(pack, {"": next(_on(noun, "a_key_that_is_not_known", pack))}))
    made["a_dead_reference"] = list(dead_references(rng).values())
    return made


def _on(noun: str, kind: str, pack: str) -> Iterator[Plant]:
    yield from (plant for plant in KINDS[kind](book(pack)) if plant.record.noun == noun)


def dead_references(rng: random.Random) -> dict[str, Mutation]:
    """One of every kind of reference there is in the good packs."""
    kind = "a_dead_reference"
    large_first = sorted(GOOD, key=lambda pack: -SIZES[pack])
    found = {pattern: (pack, plants) for pack in large_first for pattern, plants in plants_of(kind, pack).items()}
    return {pattern: broken(pack, {kind: rng.choice(plants)}) for pattern, (pack, plants) in sorted(found.items())}


@cache
def together(turn: int) -> Mutation:
    """Two to five faults at once, in two files at least; in every third round of the packs a file is left unread."""
    rng = random.Random(f"{SEED}/{turn}")
    pack, size, tears = GOOD[turn % 5], 2 + turn % 4, turn // 5 % 3 == 2
    chosen: dict[str, Plant] = {}
    while len(chosen) < size:
        kind = rng.choice([kind for kind in KINDS if pack in packs_for(kind) and kind not in chosen])
        plants = plants_of(kind, pack)
        plant = rng.choice(plants[rng.choice(sorted(plants))])
        is_other = len(chosen) != 1 or plant.record.file not in {one.record.file for one in chosen.values()}
        is_fit = not plant.alone and plant.tears == (tears and not chosen) and is_other
        if is_fit and all(plant.suits(one) for one in chosen.values()):
            chosen[kind] = plant
    return broken(pack, chosen)


def told(folder: Path) -> tuple[PackFault, ...]:
    with pytest.raises(BrokenPack) as caught:
        read_pack(folder)
    return caught.value.faults


def differences(faults: Iterable[PackFault], mutation: Mutation) -> list[str]:
    """What was told and not planted, planted and not told, or told in other words."""
    planted = {(one.file, one.line, one.path): one.part for one in mutation.told}
    seen = Counter((fault.file, fault.line, fault.path) for fault in faults)
    return [
        *(f"not told: {place} {planted[place]}" for place in planted.keys() - seen.keys()),
        *(f"told {times} times: {place}" for place, times in seen.items() if times > 1),
        *(
            f"not so: {fault}"
            for fault in faults
            if planted.get((fault.file, fault.line, fault.path), "\0") not in fault.reason
        ),
    ]


@pytest.mark.parametrize("pack", GOOD)
def test_a_good_pack_is_good(pack: str) -> None:
    assert read_pack(PACKS / pack).name == pack


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_is_told_with_its_file_its_line_and_its_reason_and_nothing_besides(kind: str, tmp_path: Path) -> None:
    for mutation in apart()[kind]:
        faults = told(mutation.lay(tmp_path / mutation.pack))

        assert differences(faults, mutation) == []


@pytest.mark.parametrize("turn", range(TOGETHER))
def test_faults_planted_together_are_all_told_and_nothing_besides(turn: int, tmp_path: Path) -> None:
    mutation = together(turn)
    faults = told(mutation.lay(tmp_path / mutation.pack))

    assert differences(faults, mutation) == []


def test_more_than_200_good_packs_are_broken_in_many_ways_and_everywhere() -> None:
    alone = [mutation for mutations in apart().values() for mutation in mutations]
    joint = [together(turn) for turn in range(TOGETHER)]
    broken_so = {(one.pack, tuple(sorted(one.files.items()))) for one in (*alone, *joint)}
    nouns = Counter(noun for one in alone for noun in one.nouns)
    there = {record.noun for pack in GOOD for record in book(pack).records if record.path}

    assert len(broken_so) == len(alone) + len(joint) > 200
    assert len(KINDS) > 25
    assert all(one.told for one in (*alone, *joint))
    assert {one.pack for one in alone} == {one.pack for one in joint} == set(GOOD)
    assert there - nouns.keys() == set()
    assert {len(one.kinds) for one in joint} == {2, 3, 4, 5}
    assert all(len(one.told) >= len(one.kinds) for one in joint)
    assert all(len({fault.file for fault in one.told}) > 1 for one in joint)


def test_every_kind_of_reference_is_led_nowhere_once() -> None:
    shapes = {record.shape for pack in GOOD for record in book(pack).records}
    there = {
        f"{record.noun}.{key}"
        for pack in GOOD
        for record in book(pack).records
        if issubclass(record.shape, RecordShape)
        for key in names_in(record.shape)
    }
    assert len(shapes) > 40

    assert dead_references(random.Random(SEED)).keys() == there


# Nothing is loaded


def frameworks(*told: str, place: int, part: str) -> File:
    """A file of further frameworks; the one marked is told at its place."""
    text = "".join(f"  - {{{one}}}\n" for one in told)
    return File("zz-more.yaml", None, f"frameworks:\n{text}", {"@": (f"/frameworks/{place}", part)})


LATE = {
    "two frameworks for one kind of school on one day": frameworks(
        "@code: the-other, title: other, sector: secondary",
        place=1,
        part="Another framework for the same kind of school is in force on one of these days. End it first.",
    ),
    "two editions of one framework on one day": frameworks(
        "code: the-other, title: first, sector: primary, validFrom: 2023-09-01",
        "@code: the-other, title: second, sector: special, edition: 2, validFrom: 2022-09-01",
        place=2,
        part="Edition 1 is in force on some of these days (2023-09-01 to further notice). Let edition 2 have days of its own.",
    ),
    "an edition that begins with the one before it": frameworks(
        "code: the-other, title: first, sector: primary, validFrom: 2023-09-01",
        "@code: the-other, title: second, sector: primary, edition: 2, validFrom: 2023-09-01",
        place=2,
        part="Let edition 2 begin after that day, not on 2023-09-01.",
    ),
    "an edition that does not say when it begins": frameworks(
        "@code: secondary-strategy, title: again, edition: 2",
        place=1,
        part="Edition 1 is published. Say from which day edition 2 takes over: validFrom.",
    ),
}


def laid(mutation: Mutation, root: Path) -> Path:
    root.mkdir()
    return mutation.lay(root / mutation.pack)


async def loaded(to: Installation, folder: Path) -> None:
    await load(to.database, read_pack(folder), lambda _done, _all: None)


async def test_of_a_broken_pack_nothing_is_loaded(empty: Installation, tmp_path: Path) -> None:
    sample = [*(mutations[0] for mutations in apart().values()), *map(together, range(TOGETHER))][::9]
    assert len(sample) >= 10

    async with nothing_written(empty):
        for place, mutation in enumerate(sample):
            with pytest.raises(BrokenPack) as caught:
                await loaded(empty, laid(mutation, tmp_path / str(place)))
            assert differences(caught.value.faults, mutation) == []


@pytest.mark.parametrize("case", LATE)
async def test_what_only_the_load_finds_is_told_with_its_place_and_nothing_is_loaded(
    empty: Installation, tmp_path: Path, case: str
) -> None:
    mutation = broken("merlin", {case: Plant(book("merlin").of("framework")[0], (LATE[case],))})
    folder = laid(mutation, tmp_path / "late")

    async with nothing_written(empty):
        with pytest.raises(BrokenPack) as caught:
            await loaded(empty, folder)

    assert differences(caught.value.faults, mutation) == []


async def test_a_published_framework_is_not_changed_by_its_pack(empty: Installation, tmp_path: Path) -> None:
    record = book("plover").of("strand")[0]
    part = (
        "Edition 1 of core-offer is published, so nothing in it changes any more. Make a new edition and change that."
    )
    mutation = broken("plover", {"changed": Plant(record, (Put("label", None, "another"), Begin("", part)))})
    await loaded(empty, PACKS / "plover")

    async with nothing_written(empty):
        with pytest.raises(BrokenPack) as caught:
            await loaded(empty, laid(mutation, tmp_path / "late"))

    assert differences(caught.value.faults, mutation) == []


async def test_a_second_code_for_a_cell_of_the_grid_is_told_at_its_record(empty: Installation, tmp_path: Path) -> None:
    record = book("larkfield").of("statutoryTarget")[-1]
    mutation = broken(
        "larkfield",
        {
            "changed": Plant(
                record, (Put("code", None, "ANEW"), Begin("", "The grid already has this cell. Change its value"))
            )
        },
    )
    await loaded(empty, PACKS / "larkfield")

    async with nothing_written(empty):
        with pytest.raises(BrokenPack) as caught:
            await loaded(empty, laid(mutation, tmp_path / "late"))

    assert differences(caught.value.faults, mutation) == []
