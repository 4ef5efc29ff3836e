"""The grid of a framework version read for the rules: its sections, lines, levels, indicators, bands and statements."""

from dataclasses import replace
from typing import Final, TypeVar
from uuid import UUID

from app.db.noun import Noun
from app.domain.assurance import AssuranceLine, AssuranceSection
from app.domain.assurance_grids import AssuranceGrid, grid_of
from app.domain.band_levels import BandSet
from app.domain.entity import Entity
from app.domain.indicators import Band, BandStatement, Indicator
from app.domain.ratings import RatingLevel
from app.queries.assurance import ASSURANCE_LINES, ASSURANCE_SECTIONS
from app.queries.band_levels import names_of
from app.queries.figures import FrameworkNamed
from app.queries.frameworks import FRAMEWORKS
from app.queries.indicators import BAND_STATEMENTS, BANDS, INDICATORS
from app.queries.ratings import RATING_LEVELS
from app.queries.reading import Moment, Reads, read_tree
from app.queries.revival import Told, revived, told

E = TypeVar("E", bound=Entity)
_READ: Final = ("id", "code", "edition", "scales", "sections")
GRIDS: Final = replace(FRAMEWORKS, fields=tuple(one for one in FRAMEWORKS.fields if one.name in _READ))


async def read_grid(reads: Reads, framework_id: UUID, moment: Moment) -> tuple[FrameworkNamed, AssuranceGrid]:
    """In one statement, with the name of the framework."""
    trust_id = reads.actor.trust_id
    whole = told((await read_tree(reads, GRIDS, framework_id, moment)).body)
    named = FrameworkNamed(id=framework_id, code=whole["code"], edition=whole["edition"])
    lines = _below(whole["sections"], "lines")
    indicators = _below(lines, "indicators")

    def each(kind: type[E], noun: Noun, records: list[Told]) -> list[E]:
        return [revived(kind, noun, one, trust_id) for one in records]

    levels = each(RatingLevel, RATING_LEVELS, _below(whole["scales"], "levels"))
    statements = each(BandStatement, BAND_STATEMENTS, _below(lines, "statements"))
    by_id = {one.id: one for one in levels}
    names = names_of(
        {
            UUID(one["id"]): {label["context"]: label["label"] for label in one["labels"]}
            for one in _below(whole["scales"], "levels")
            if one["labels"]
        }
    )
    bands = [
        BandSet(
            indicator=revived(Indicator, INDICATORS, one, trust_id),
            bands=tuple(each(Band, BANDS, one["bands"])),
            levels=by_id,
            statements=tuple(statements),
            names=names,
        )
        for one in indicators
    ]
    sections = each(AssuranceSection, ASSURANCE_SECTIONS, whole["sections"])
    return named, grid_of(sections, each(AssuranceLine, ASSURANCE_LINES, lines), levels, bands, statements)


def _below(records: list[Told], name: str) -> list[Told]:
    return [child for record in records for child in record[name]]
