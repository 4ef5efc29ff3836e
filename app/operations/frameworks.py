"""What is done to frameworks, and asked of them besides their page: publish, next edition, compare, intervals, expectations."""

from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.commands.frameworks import end_framework, next_edition, publish
from app.db.unit_of_work import UnitOfWork
from app.domain.frameworks import Framework
from app.operations.asked import Nothing
from app.operations.bodies import Body, Day
from app.operations.operation import Answer, Change
from app.queries.comparison import Comparison, compare
from app.queries.coverage import FrameworkCoverage, read_framework_coverage
from app.queries.expectations import Expectations, read_expectations
from app.queries.frameworks import FRAMEWORKS
from app.queries.interval_reports import IntervalReports, report_intervals
from app.queries.reading import Moment, Reads
from app.queries.stages import MATURITY_STAGES


class Publication(Body):
    """From when to when it is in force."""

    valid_from: Day | None = Field(
        default=None,
        description="First day in force; left out: without a beginning. The edition in force then gives way.",
    )
    valid_to: Day | None = Field(default=None, description="Last day in force; left out: until another takes over.")


class Ending(Body):
    """When it ends, with no edition to follow."""

    on: Day = Field(description="Last day in force.")


class NextEdition(Body):
    """Nothing need be said: the draft has everything the edition has."""


class ComparedWith(BaseModel):
    model_config = ConfigDict(extra="forbid")

    earlier: UUID = Field(
        alias="with", description="The framework version to compare with, usually the earlier edition."
    )


class Whom(BaseModel):
    model_config = ConfigDict(extra="forbid")

    academy_id: UUID = Field(alias="academyId", description="The academy.")
    since: Day | None = Field(
        default=None,
        description="The day it entered the stage, or reviews were last held: tells when the next are due.",
    )


async def _publish(work: UnitOfWork, framework_id: UUID, body: Publication, version: int) -> Framework:
    return await publish(work, framework_id, valid_from=body.valid_from, valid_to=body.valid_to, version=version)


async def _end(work: UnitOfWork, framework_id: UUID, body: Ending, version: int) -> Framework:
    return await end_framework(work, framework_id, on=body.on, version=version)


async def _next_edition(work: UnitOfWork, framework_id: UUID, _body: NextEdition, _version: int) -> Framework:
    return await next_edition(work, framework_id)


async def _comparison(reads: Reads, framework_id: UUID, asked: ComparedWith, moment: Moment) -> Comparison:
    return await compare(reads, asked.earlier, framework_id, moment)


async def _intervals(reads: Reads, framework_id: UUID, _asked: Nothing, moment: Moment) -> IntervalReports:
    return await report_intervals(reads, framework_id, moment)


async def _coverage(reads: Reads, framework_id: UUID, _asked: Nothing, moment: Moment) -> FrameworkCoverage:
    return await read_framework_coverage(reads, framework_id, moment)


async def _expectations(reads: Reads, stage_id: UUID, asked: Whom, moment: Moment) -> Expectations:
    return await read_expectations(reads, stage_id, asked.academy_id, asked.since, moment)


CHANGES: Final = (
    Change(
        name="publishFramework",
        of=FRAMEWORKS,
        gives=FRAMEWORKS,
        path="publication",
        summary="Put a draft in force",
        doc="From then on nothing in it changes. Two editions are never in force on one day: the former ends the day before.",
        body=Publication,
        run=_publish,
    ),
    Change(
        name="endFramework",
        of=FRAMEWORKS,
        gives=FRAMEWORKS,
        path="ending",
        summary="Name the last day a framework is in force",
        doc="For a framework that no other edition follows. One that another follows ends by itself.",
        body=Ending,
        run=_end,
    ),
    Change(
        name="createFrameworkEdition",
        of=FRAMEWORKS,
        gives=FRAMEWORKS,
        path="editions",
        summary="Make a draft of the next edition",
        doc="It has everything the given edition has, under the same codes, and is free to be changed.",
        body=NextEdition,
        run=_next_edition,
        versioned=False,
        creates=True,
    ),
)
ANSWERS: Final = (
    Answer(
        name="compareFrameworks",
        of=FRAMEWORKS,
        path="comparison",
        tag="frameworks",
        summary="What differs between two versions of a framework",
        doc="What was added, removed and changed since the version named by `with`, record by record, told by code.",
        asked=ComparedWith,
        gives=Comparison,
        read=_comparison,
    ),
    Answer(
        name="reportIntervals",
        of=FRAMEWORKS,
        path="intervals",
        tag="frameworks",
        summary="Gaps and overlaps of a framework's bands and measures",
        doc="Told for a draft as well as for what is in force. What a source prints is kept, gaps and overlaps included.",
        asked=Nothing,
        gives=IntervalReports,
        read=_intervals,
    ),
    Answer(
        name="getFrameworkCoverage",
        of=FRAMEWORKS,
        path="coverage",
        tag="frameworks",
        summary="Lines without bands, and indicators without a metric",
        doc="What people have to rate without a suggestion, and figures that nobody has defined or recorded.",
        asked=Nothing,
        gives=FrameworkCoverage,
        read=_coverage,
    ),
    Answer(
        name="getExpectations",
        of=MATURITY_STAGES,
        path="expectations",
        tag="maturity-stages",
        summary="What a stage expects of an academy today",
        doc="Benchmarks, plan items, support and reviews, each with whether it is meant for an academy of this kind.",
        asked=Whom,
        gives=Expectations,
        read=_expectations,
    ),
)
