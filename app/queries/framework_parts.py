"""How the parts of a framework can be read: alike in scope, order and the filters they all have."""

from collections.abc import Mapping

from app.db.noun import Children, Computed, Filter, Noun, Scope, columns_of
from app.domain.entity import Entity
from app.queries.narrowing import BY_CODE, BY_NO, FRAMEWORK, SOURCE


def framework_part(
    entity: type[Entity],
    *more: Computed | Children,
    name: str,
    plural: str,
    doc: str,
    filters: Mapping[str, Filter] | None = None,
    default_sort: str = "code",
) -> Noun:
    """The noun of a kind of record that a framework is made of. Everybody in the trust sees it."""
    return Noun(
        name=name,
        plural=plural,
        title=name[0].upper() + name[1:],
        entity=entity,
        doc=doc,
        fields=(*columns_of(entity), *more),
        filters={**FRAMEWORK, **(filters or {}), **SOURCE},
        sorts={"code": BY_CODE, "no": BY_NO},
        scope=Scope.TRUST,
        default_sort=default_sort,
    )
