"""Categories proposed: of one academy, of one under a supposition, of every academy of the trust in one answer."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

import orjson

from app.domain.academies import Academy
from app.domain.frameworks import Framework
from app.domain.roles import Permission
from app.domain.suppositions import NOTHING_SUPPOSED, Supposition
from app.queries.category_proposals import Explained, Explainer, instant, without_framework
from app.queries.reading import Moment, Reads
from app.queries.stage_inputs import Known, read_known
from app.queries.stage_rules import (
    in_force_for,
    read_academies,
    read_academy,
    read_categories,
    read_editions,
    read_framework,
    read_measured,
)

_TOGETHER: Final = 20
"""So many academies are written at once: the answer for a whole trust is never held in memory."""


async def read_categorisation(
    reads: Reads,
    academy_id: UUID,
    moment: Moment,
    *,
    on: date | None = None,
    framework_id: UUID | None = None,
    supposed: Supposition = NOTHING_SUPPOSED,
) -> Explained:
    """By the framework named, drafts included; else by the one in force for the academy's kind of school."""
    academy, day = await read_academy(reads, academy_id, moment), on or moment.today
    framework = await _framework(reads, academy, framework_id, day, moment)
    reads.actor.require(Permission.READ_SENSITIVE)
    if framework is None:
        return without_framework(academy, day, moment.as_of)
    measured = await read_measured(reads, moment)
    categories = await read_categories(reads, framework, measured, moment)
    supposed.check(categories.rules, {one.benchmark.code for one in categories.benchmarks}, measured.metrics)
    known = await read_known(reads, categories, [academy.id], day, moment)
    explainer = Explainer(categories, day, moment.as_of)
    return explainer.explain(academy, known.get(academy.id) or Known(), supposed)


async def _framework(
    reads: Reads, academy: Academy, framework_id: UUID | None, on: date, moment: Moment
) -> Framework | None:
    if framework_id is not None:
        return await read_framework(reads, framework_id, moment)
    return in_force_for(academy, await read_editions(reads, moment), on)


@dataclass(frozen=True)
class Asked:
    """An academy with all that is known of it, and the framework it is asked by."""

    academy: Academy
    known: Known
    explainer: Explainer | None


@dataclass(frozen=True)
class TrustProposals:
    """Everything that the answer for a trust needs, read; it is worked out while it is sent."""

    moment: Moment
    on: date
    asked: Sequence[Asked]

    def each(self) -> Iterator[tuple[Academy, Explained]]:
        for one in self.asked:
            yield one.academy, self._told(one)

    def pieces(self) -> Iterator[bytes]:
        """The JSON of the answer, piece by piece."""
        agreements: Counter[str] = Counter()
        stages: Counter[str] = Counter()
        start = orjson.dumps({"on": self.on, "asKnownAt": instant(self.moment.as_of)})
        yield start[:-1] + b',"academies":['
        for first in range(0, len(self.asked), _TOGETHER):
            told = [self._told(one) for one in self.asked[first : first + _TOGETHER]]
            agreements.update(str(one.proposal.agreement) for one in told)
            stages.update(one.stage.code for one in told if one.stage)
            yield (b"," if first else b"") + b",".join(one.body for one in told)
        counts = orjson.dumps({"byAgreement": agreements, "byStage": stages}, option=orjson.OPT_SORT_KEYS)
        yield b"]," + counts[1:]

    def _told(self, one: Asked) -> Explained:
        if one.explainer is None:
            return without_framework(one.academy, self.on, self.moment.as_of)
        return one.explainer.explain(one.academy, one.known)


async def read_trust_categorisation(reads: Reads, moment: Moment, *, on: date | None = None) -> TrustProposals:
    """A few statements for each framework in force, however many academies there are."""
    reads.actor.require(Permission.READ_SENSITIVE)
    day, academies = on or moment.today, await read_academies(reads, moment)
    editions = await read_editions(reads, moment)
    by_framework: dict[UUID | None, list[Academy]] = defaultdict(list)
    for academy in academies:
        framework = in_force_for(academy, editions, day)
        by_framework[framework.id if framework else None].append(academy)
    explainers: dict[UUID, Explainer] = {}
    known: dict[UUID, Known] = {}
    measured = await read_measured(reads, moment) if by_framework.keys() - {None} else None
    for edition in editions:
        if edition.id in by_framework and measured is not None:
            categories = await read_categories(reads, edition, measured, moment)
            ids = [academy.id for academy in by_framework[edition.id]]
            explainer = Explainer(categories, day, moment.as_of)
            explainers |= dict.fromkeys(ids, explainer)
            known |= await read_known(reads, categories, ids, day, moment)
    asked = [Asked(one, known.get(one.id) or Known(), explainers.get(one.id)) for one in academies]
    return TrustProposals(moment, day, asked)
