"""How much may be asked of the schema in one operation: what tools ask to know it all, and no more than that."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

MAX_QUESTIONS: Final = 1
MAX_LISTS: Final = 2
MAX_ALIASES: Final = 3
SCHEMA: Final = frozenset({"__schema", "__type"})
_LISTS: Final = frozenset({"types", "fields", "inputFields", "interfaces", "possibleTypes", "enumValues"})
_PLENTY: Final = 10_000


@dataclass(frozen=True)
class _Extent:
    """How many questions about the schema, how many aliases in them, and how many lists of a type within lists."""

    questions: int = 0
    aliases: int = 0
    lists: int = 0

    def beside(self, other: "_Extent") -> "_Extent":
        return _Extent(
            min(self.questions + other.questions, _PLENTY),
            min(self.aliases + other.aliases, _PLENTY),
            max(self.lists, other.lists),
        )


class Introspection:
    """The extent of each operation's questions about the schema. Each fragment is measured once."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._known: dict[tuple[str, bool], _Extent] = {}

    def excesses(self, operation: OperationDefinitionNode) -> Iterator[str]:
        """Why an operation asks for too much of the schema, if it does."""
        extent = self._of(operation.selection_set, inside=False)
        if extent.questions > MAX_QUESTIONS:
            yield f"An operation asks one question about the schema; this one asks {extent.questions}."
        if extent.aliases > MAX_ALIASES:
            yield f"A question about the schema has at most {MAX_ALIASES} aliases; this one has {extent.aliases}."
        if extent.lists > MAX_LISTS:
            yield (
                f"A question about the schema asks for lists at most {MAX_LISTS} deep, such as the fields of all types; "
                f"this one goes {extent.lists} deep."
            )

    def _of(self, selections: SelectionSetNode | None, *, inside: bool) -> _Extent:
        extent = _Extent()
        for selection in selections.selections if selections else ():
            if isinstance(selection, FieldNode):
                extent = extent.beside(self._field(selection, inside=inside))
            elif isinstance(selection, InlineFragmentNode):
                extent = extent.beside(self._of(selection.selection_set, inside=inside))
            elif isinstance(selection, FragmentSpreadNode):
                extent = extent.beside(self._fragment(selection.name.value, inside=inside))
        return extent

    def _field(self, field: FieldNode, *, inside: bool) -> _Extent:
        name = field.name.value
        asks = name in SCHEMA
        below = self._of(field.selection_set, inside=inside or asks)
        if asks:
            return replace(below, questions=min(below.questions + 1, _PLENTY))
        if not inside:
            return below
        return replace(
            below,
            aliases=min(below.aliases + int(field.alias is not None), _PLENTY),
            lists=min(below.lists + int(name in _LISTS), _PLENTY),
        )

    def _fragment(self, name: str, *, inside: bool) -> _Extent:
        """A fragment that is not there, or spreads itself, is for validation to refuse."""
        key = name, inside
        if key not in self._known:
            self._known[key] = _Extent()
            fragment = self._fragments.get(name)
            self._known[key] = self._of(fragment.selection_set if fragment else None, inside=inside)
        return self._known[key]
