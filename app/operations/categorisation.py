"""Categories: what measures suggest for an academy or the whole trust, what if, and what was decided."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from app.domain.review_vocabulary import Held
from app.domain.roles import Permission
from app.domain.suppositions import Supposition
from app.operations.asked import AskedOn, Instant
from app.operations.bodies import Body, Code, Day, Number
from app.operations.operation import Answer
from app.queries.academies import ACADEMIES
from app.queries.categories import AcademyCategory, TrustCategories, read_categories_in_force, read_category
from app.queries.categorisations import read_categorisation, read_trust_categorisation
from app.queries.category_answers import AcademyCategorisation, TrustCategorisation
from app.queries.frameworks import FRAMEWORKS
from app.queries.reading import Moment, Reads
from app.queries.rehearsals import Rehearsal, read_rehearsal


class AskedBy(AskedOn):
    framework_id: UUID | None = Field(
        default=None,
        alias="frameworkId",
        description="By this framework version, drafts included; left out: by the one in force for the academy's kind of school.",
    )


class WhatIf(Body):
    """What is supposed. Whatever is left out is as it is known."""

    on: Day | None = Field(default=None, description="The day asked about; left out: today.")
    framework_id: UUID | None = Field(default=None, description="By this framework version, drafts included.")
    readings: Annotated[dict[Code, Annotated[Number, WithJsonSchema({"type": "number"})]], Field(max_length=200)] = (
        Field(default_factory=dict, description="Values by the code of their metric.")
    )
    grades: Annotated[dict[Code, Code], Field(max_length=50)] = Field(
        default_factory=dict, description="Codes of grades, by the code of the metric or of the inspection framework."
    )
    judgements: Annotated[dict[Code, Held], Field(max_length=500)] = Field(
        default_factory=dict, description="Judgements by the code of their benchmark."
    )


class Replayed(BaseModel):
    """Which past terms, and how much the trust knew."""

    model_config = ConfigDict(extra="forbid")

    starts_on: Day | None = Field(
        default=None, alias="from", description="Terms that end on this day or later; left out: a year before the last."
    )
    ends_on: Day | None = Field(
        default=None, alias="to", description="Terms that end on this day or earlier; left out: today."
    )
    as_known_at: Instant | None = Field(
        default=None,
        alias="asKnownAt",
        description="By what the trust knew at this instant; left out: all it knows now.",
    )


async def _categorisation(reads: Reads, academy_id: UUID, asked: AskedBy, moment: Moment) -> bytes:
    told = await read_categorisation(reads, academy_id, moment, on=asked.on, framework_id=asked.framework_id)
    return told.body


async def _supposed(reads: Reads, academy_id: UUID, asked: WhatIf, moment: Moment) -> bytes:
    supposed = Supposition(asked.readings, asked.grades, asked.judgements)
    told = await read_categorisation(
        reads, academy_id, moment, on=asked.on, framework_id=asked.framework_id, supposed=supposed
    )
    return told.body


async def _of_trust(reads: Reads, _trust_id: UUID, asked: AskedOn, moment: Moment) -> bytes:
    return b"".join((await read_trust_categorisation(reads, moment, on=asked.on)).pieces())


async def _category(reads: Reads, academy_id: UUID, asked: AskedOn, moment: Moment) -> AcademyCategory:
    return await read_category(reads, academy_id, moment, on=asked.on)


async def _in_force(reads: Reads, _trust_id: UUID, asked: AskedOn, moment: Moment) -> TrustCategories:
    return await read_categories_in_force(reads, moment, on=asked.on)


async def _rehearsal(reads: Reads, framework_id: UUID, asked: Replayed, moment: Moment) -> Rehearsal:
    return await read_rehearsal(reads, framework_id, moment, starts_on=asked.starts_on, ends_on=asked.ends_on)


SUPPOSE: Final = Answer(
    name="supposeCategorisation",
    of=ACADEMIES,
    path="categorisation/what-if",
    tag="categories",
    summary="What measures would suggest if values were others",
    doc="Nothing is written. What is supposed stands in for what is known, and the ordinary rule is asked.",
    asked=WhatIf,
    gives=AcademyCategorisation,
    read=_supposed,
    tagged=False,
    own_route=True,
    field="supposedCategorisation",
    needs=Permission.READ_SENSITIVE,
)
OF_TRUST: Final = Answer(
    name="categoriseTrust",
    path="categorisation",
    tag="categories",
    summary="The stages that measures suggest for every academy, and why",
    doc="Each academy as it is told on its own. The answer is worked out while it is sent.",
    asked=AskedOn,
    gives=TrustCategorisation,
    read=_of_trust,
    missing=False,
    own_route=True,
    needs=Permission.READ_SENSITIVE,
)
ANSWERS: Final = (
    Answer(
        name="categoriseAcademy",
        of=ACADEMIES,
        path="categorisation",
        tag="categories",
        summary="The stage that measures suggest for an academy, and why",
        doc="Every criterion, the readings and judgements used, what is missing, what conflicts, and the way out.",
        asked=AskedBy,
        gives=AcademyCategorisation,
        read=_categorisation,
        needs=Permission.READ_SENSITIVE,
    ),
    SUPPOSE,
    OF_TRUST,
    Answer(
        name="getAcademyCategory",
        of=ACADEMIES,
        path="category",
        tag="categories",
        summary="The category decided for an academy, and how long it has had it",
        doc="The decision in force, every decision before it, the stay against what the framework expects, and the next review.",
        asked=AskedOn,
        gives=AcademyCategory,
        read=_category,
    ),
    Answer(
        name="getTrustCategories",
        path="categories",
        tag="categories",
        summary="The category decided for every academy",
        doc="With the academies that have been in theirs for longer than the framework expects, or were never put in one.",
        asked=AskedOn,
        gives=TrustCategories,
        read=_in_force,
        missing=False,
    ),
    Answer(
        name="rehearseFramework",
        of=FRAMEWORKS,
        path="rehearsal",
        tag="frameworks",
        summary="Who would have had another category or colour in past terms",
        doc="A draft, or any edition, replayed over the ends of terms beside the edition that was in force then.",
        asked=Replayed,
        gives=Rehearsal,
        read=_rehearsal,
        needs=Permission.READ_SENSITIVE,
    ),
)
