"""Running one mutation: claim the key, run the command, read back what was selected; all of it or nothing."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from graphql import FragmentSpreadNode, GraphQLError, GraphQLResolveInfo, Node, Visitor, print_ast, visit
from graphql.execution.collect_fields import FieldDetails, FieldDetailsList, FragmentDetails
from graphql.execution.values import get_argument_values
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info

from app.db.idempotency import Answer, Claim, claim, keep, replayed
from app.db.unit_of_work import UnitOfWork
from app.domain.errors import Invalid, Refusal
from app.domain.permissions import to_read
from app.domain.roles import Permission
from app.graphql.execute import cut, selected
from app.graphql.mutation import Command, Mutation
from app.graphql.plan import Statement, Walk
from app.graphql.planner import Planner
from app.graphql.refusals import told
from app.graphql.running import Running
from app.graphql.sources import plain
from app.operations.operation import finished
from app.queries.published import Published

MAX_KEY: Final = 255
_ERRORS: Final = "errors"
_VARIABLE: Final = re.compile(r"\$(\w+)")


class MutationField(StrawberryField):
    """A field of Mutation. Its arguments are read by the command's own body, so strawberry need not."""

    mutation: Mutation

    @property
    def is_basic_field(self) -> bool:
        return False

    @property
    def is_async(self) -> bool:
        return True

    def get_result(self, source: Any, info: Info | None, args: list[Any], kwargs: Any) -> Any:  # noqa: ARG002  strawberry's signature
        assert info is not None
        return _AtWork(self.mutation, info._raw_info).run()  # noqa: SLF001  strawberry gives it no public name


class _AtWork:
    """One mutation at work."""

    def __init__(self, mutation: Mutation, info: GraphQLResolveInfo[Running]) -> None:
        self._mutation = mutation
        self._running = info.context
        self._info = info
        self._details: FieldDetailsList = [FieldDetails(node, None) for node in info.field_nodes]
        running = self._running
        self._planner = Planner(info.schema, running.prepared.fragments, running.operation, running.values)

    async def run(self) -> orjson.Fragment:
        """The record as it now is, or a refusal, cut to what was selected."""
        try:
            return orjson.Fragment(await self._done())
        except Refusal as refusal:
            member = told(refusal)
            if member is None:
                raise
            name, said = member
            return orjson.Fragment(orjson.dumps(cut(said, self._planner.shape(name, self._details))))

    async def _done(self) -> bytes:
        mutation, running = self._mutation, self._running
        given = plain(
            get_argument_values(
                self._info.parent_type.fields[self._info.field_name], self._info.field_nodes[0], running.values
            )
        )
        said, key = mutation.said(given), self._key(given)
        reading = self._reading()
        if mutation.preparing is not None and key is not None and (kept := await self._replayed(key)) is not None:
            return self._told(kept)
        command = await mutation.command(running.service, running.actor, said)
        async with running.database.begin(running.actor) as work:
            held = await claim(work, key) if key else None
            if held is not None:
                return self._told(held)
            answer = await self._run(work, command, reading)
            if key:
                await keep(work, key, answer)
        return self._told(answer)

    async def _replayed(self, key: Claim) -> Answer | None:
        """The answer that the key already has: asked before work that takes long."""
        async with self._running.database.begin(self._running.actor) as work:
            return await replayed(work, key)

    def _told(self, answer: Answer) -> bytes:
        """The record; what could not be computed of it is null there, and told beside."""
        for error in orjson.loads(answer.headers.get(_ERRORS, "[]")):
            path = [*self._info.path.as_list(), *error["path"]]
            told = GraphQLError(error["message"], self._info.field_nodes, path=path, extensions=error["extensions"])
            self._running.answered.errors.append(told)
        return answer.body

    async def _run(self, work: UnitOfWork, command: Command, reading: tuple[Statement, Walk] | None) -> Answer:
        done = await command(work)
        if isinstance(done, Published):
            shape = self._planner.shape(type(done).__name__, self._details)
            return Answer(200, {}, orjson.dumps(cut(json.loads(finished(done)), shape)))
        assert reading is not None
        await work.flush()
        if Permission.READ_EVENTS in self._planner.needs:
            await work.finish()
        answered = await selected(*reading, done.id, self._running.asked(), work)
        self._running.answered.statements += answered.statements
        self._running.answered.filled += answered.filled
        assert answered.data is not None
        return Answer(200, _beside(answered.errors), answered.data)

    def _reading(self) -> tuple[Statement, Walk] | None:
        """How the record is read back, if it may be; None where the mutation tells something else."""
        mutation, actor = self._mutation, self._running.actor
        if mutation.gives is None or (mutation.instead and not actor.may(to_read(mutation.gives.entity))):
            return None
        reading = self._planner.selected(mutation.gives, self._details)
        for permission in self._planner.needs:
            actor.require(permission)
        return reading

    def _key(self, given: dict[str, Any]) -> Claim | None:
        """The key covers the field, all that was given, and what was selected."""
        key = given.get("idempotencyKey")
        if key is None:
            return None
        if not 1 <= len(key) <= MAX_KEY or not key.isascii() or not key.isprintable():
            raise Invalid(f"An Idempotency-Key is 1 to {MAX_KEY} printable ASCII characters.")
        return Claim.of(f"GRAPHQL {self._mutation.name}", key, _spelt(given), *self._shown())

    def _shown(self) -> tuple[bytes, bytes]:
        """The selection with the fragments it spreads, and the variables that they name."""
        text = "".join(map(print_ast, _with_fragments(self._info.field_nodes, self._running.prepared.fragments)))
        values = self._running.values.coerced
        return text.encode(), _spelt({name: plain(values.get(name)) for name in _VARIABLE.findall(text)})


def _with_fragments(nodes: Sequence[Node], fragments: Mapping[str, FragmentDetails]) -> list[Node]:
    """The nodes, and after them every fragment that they spread, in the order in which they come to it."""
    found, spread = [*nodes], _Spread()
    for node in found:
        visit(node, spread)
        found += [fragments[name].definition for name in spread.new()]
    return found


class _Spread(Visitor):
    """Notes the fragments that are spread, each once."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[str, bool] = {}

    def enter_fragment_spread(self, spread: FragmentSpreadNode, *_: object) -> None:
        self._seen.setdefault(spread.name.value, True)

    def new(self) -> list[str]:
        new = [name for name, is_new in self._seen.items() if is_new]
        self._seen |= dict.fromkeys(new, False)
        return new


def _beside(errors: list[GraphQLError]) -> dict[str, str]:
    """Errors as they are kept with the answer, each at its place in the record."""
    told = [{"message": it.message, "path": it.path, "extensions": it.extensions} for it in errors]
    return {_ERRORS: json.dumps(told)} if told else {}


def _spelt(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True).encode()
