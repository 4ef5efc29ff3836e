"""What a GraphQL document may be: so long, so deep, so wide; and who may ask about the schema. Looked at before anything runs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    Visitor,
    parse,
    validate,
    visit,
)

from app.domain.roles import Permission
from app.domain.trusted_documents import MAX_TEXT
from app.graphql.introspection_limits import SCHEMA, Introspection
from app.graphql.refusing import not_sent_back, refused

MAX_TOKENS: Final = 1_000
MAX_DEPTH: Final = 8
MAX_ALIASES: Final = 15
MAX_ALIAS: Final = 60
MAX_DIRECTIVES: Final = 50
MAX_COMPARISONS: Final = 5_000
MAX_ERRORS: Final = 10
OVER_LIMIT: Final = "limit-exceeded"
_FREE: Final = frozenset({"edges", "node", "nodes", "pageInfo"})
_PLENTY: Final = 10_000
_LEVELS: Final = 40


class RefusedDocument(Exception):
    """A document, or what came with it, that is not run; each error says what is wrong and where."""

    def __init__(self, *errors: GraphQLError) -> None:
        super().__init__(*errors)
        self.errors = errors


def examine(schema: GraphQLSchema, text: str, *, may_read_schema: bool) -> DocumentNode:
    """The document, parsed, within the limits and valid. Refused with every error found otherwise."""
    document = _parsed(text)
    found = _Found()
    visit(document, found)
    errors = [*_over_limit(document, found)]
    if found.of_schema is not None and not may_read_schema:
        sentence = f"This credential may not ask about the schema: it lacks the permission {Permission.READ_SCHEMA}."
        errors.append(refused("forbidden", sentence, found.of_schema))
    errors = errors or validate(schema, document, max_errors=MAX_ERRORS, hide_suggestions=not may_read_schema)
    if errors:
        raise RefusedDocument(*(_coded(error, "invalid") for error in errors))
    return document


def _parsed(text: str) -> DocumentNode:
    if len(text) > MAX_TEXT:
        raise RefusedDocument(_over(f"A document has at most {MAX_TEXT} characters; this one has {len(text)}."))
    try:
        return parse(text, max_tokens=MAX_TOKENS)
    except GraphQLSyntaxError as error:
        if f"more than {MAX_TOKENS} tokens" in error.message:
            raise RefusedDocument(_over(f"A document has at most {MAX_TOKENS} tokens.")) from None
        raise RefusedDocument(_coded(error, "bad-request")) from None


def _over_limit(document: DocumentNode, found: "_Found") -> Iterator[GraphQLError]:
    if found.too_long is not None:
        yield _over(f"An alias has at most {MAX_ALIAS} letters.", found.too_long)
    if found.directives > MAX_DIRECTIVES:
        yield _over(f"A document has at most {MAX_DIRECTIVES} directives; this one has {found.directives}.")
    fragments = {it.name.value: it for it in document.definitions if isinstance(it, FragmentDefinitionNode)}
    sizes, merging, introspection = _Sizes(fragments), _Merging(fragments), Introspection(fragments)
    for operation in document.definitions:
        if not isinstance(operation, OperationDefinitionNode):
            continue
        size = sizes.of(operation.selection_set)
        if size.depth > MAX_DEPTH:
            yield _over(f"An operation goes at most {MAX_DEPTH} records deep; this one goes {size.depth}.", operation)
        if size.aliases > MAX_ALIASES:
            sentence = f"An operation has at most {MAX_ALIASES} aliases, those of fragments counted at each spread"
            yield _over(f"{sentence}; this one has {size.aliases}.", operation)
        for sentence in introspection.excesses(operation):
            yield _over(sentence, operation)
        if size.depth <= MAX_DEPTH and not merging.is_light([operation.selection_set]):
            yield _over("An operation asks for the same fields again and again. Ask for each of them once.", operation)
            return


class _Found(Visitor):
    """What is counted or looked for wherever it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.directives = 0
        self.too_long: FieldNode | None = None
        self.of_schema: FieldNode | None = None

    def enter_directive(self, *_: object) -> None:
        self.directives += 1

    def enter_field(self, field: FieldNode, *_: object) -> None:
        if field.name.value in SCHEMA:
            self.of_schema = self.of_schema or field
        if field.alias is not None and len(field.alias.value) > MAX_ALIAS:
            self.too_long = self.too_long or field


@dataclass(frozen=True)
class _Size:
    """How many records deep, and how many aliases. Past plenty, nobody counts on."""

    depth: int = 0
    aliases: int = 0

    def beside(self, other: "_Size") -> "_Size":
        return _Size(max(self.depth, other.depth), min(self.aliases + other.aliases, _PLENTY))


class _Sizes:
    """Sizes of selections, spreads followed. Each fragment is measured once, however often it is spread."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._known: dict[str, _Size] = {}

    def of(self, selections: SelectionSetNode | None) -> _Size:
        size = _Size()
        for selection in selections.selections if selections else ():
            if isinstance(selection, FieldNode):
                size = size.beside(self._field(selection))
            elif isinstance(selection, InlineFragmentNode):
                size = size.beside(self.of(selection.selection_set))
            elif isinstance(selection, FragmentSpreadNode):
                size = size.beside(self._fragment(selection.name.value))
        return size

    def _field(self, field: FieldNode) -> _Size:
        """Questions about the schema have limits of their own."""
        name = field.name.value
        aliased = int(field.alias is not None)
        below = _Size() if name in SCHEMA else self.of(field.selection_set)
        counts = field.selection_set is not None and name not in _FREE
        return _Size(below.depth + int(counts), min(below.aliases + aliased, _PLENTY))

    def _fragment(self, name: str) -> _Size:
        """A fragment that is not there, or spreads itself, is for validation to refuse."""
        if name not in self._known:
            self._known[name] = _Size()
            fragment = self._fragments.get(name)
            self._known[name] = self.of(fragment.selection_set) if fragment else _Size()
        return self._known[name]


class _Merging:
    """Counts the fields of all operations as they will be merged, and every two of one name, which validation compares."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._left = MAX_COMPARISONS

    def is_light(self, selections: Iterable[SelectionSetNode], levels: int = _LEVELS) -> bool:
        """Also not light is what has no end: a fragment that spreads itself further down."""
        fields: dict[str, list[FieldNode]] = {}
        spread: set[str] = set()
        for one in selections:
            for field in self._fields(one, spread):
                same = fields.setdefault((field.alias or field.name).value, [])
                self._left -= 1 + len(same)
                same.append(field)
                if self._left < 0:
                    return False
        below = ([field.selection_set for field in same if field.selection_set is not None] for same in fields.values())
        return levels > 0 and all(self.is_light(some, levels - 1) for some in below if some)

    def _fields(self, selections: SelectionSetNode, spread: set[str]) -> Iterator[FieldNode]:
        """The fields in one place, those of its fragments among them; each fragment once."""
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                yield selection
            elif isinstance(selection, InlineFragmentNode):
                yield from self._fields(selection.selection_set, spread)
            elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in spread:
                spread.add(selection.name.value)
                fragment = self._fragments.get(selection.name.value)
                if fragment is not None:
                    yield from self._fields(fragment.selection_set, spread)


def _over(sentence: str, node: OperationDefinitionNode | FieldNode | None = None) -> GraphQLError:
    return refused(OVER_LIMIT, sentence, node)


def _coded(error: GraphQLError, code: str) -> GraphQLError:
    error.extensions = {"code": code, **(error.extensions or {})}
    error.message = not_sent_back(error.message)
    return error
