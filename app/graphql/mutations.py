"""Mutations: every command under the name it has in REST, one transaction each, told as the record or as a refusal."""

from collections.abc import Iterator, Mapping
from functools import cache

from graphql.execution.collect_fields import FieldDetailsList

from app.commands import records
from app.db.noun import Noun
from app.db.unit_of_work import UnitOfWork
from app.domain.entity import Entity
from app.graphql.mutation import Mutation, Said
from app.graphql.own_mutations import OWN
from app.graphql.plan import Root
from app.graphql.planner import Planner
from app.operations.operation import Change
from app.operations.registry import CHANGES
from app.operations.resources import (
    Resource,
    Withdrawal,
    creation_of,
    merge_of,
    not_emptied,
    resources,
    values_of,
)


@cache
def mutations() -> Mapping[str, Mutation]:
    """Every mutation, by its name."""
    kept = (one for resource in resources() for one in _of(resource))
    return {one.name: one for one in (*kept, *map(_doing, CHANGES), *OWN)}


def plan_mutation(planner: Planner, key: str, details: FieldDetailsList) -> Root:
    """One root field of Mutation: counted for what is read back of it."""
    node = details[0].node
    mutation = mutations().get(node.name.value)
    if mutation is not None and mutation.gives is not None:
        planner.selected(mutation.gives, details)
    return Root(key, node)


def _of(resource: Resource) -> Iterator[Mutation]:
    noun = resource.noun
    if resource.create is not None:
        yield _creating(resource)
    if resource.may_change:
        yield _changing(noun)
    if resource.withdrawer is not None:
        yield _withdrawing(resource)


def _creating(resource: Resource) -> Mutation:
    noun, create = resource.noun, resource.create
    assert create is not None

    async def run(work: UnitOfWork, said: Said) -> Entity:
        return await create(work, values_of(said.body))

    return Mutation(
        name=f"create{noun.title}", doc=f"Add one. {noun.doc}", gives=noun, body=creation_of(resource), run=run,
        versioned=False,
    )  # fmt: skip


def _changing(noun: Noun) -> Mutation:
    async def run(work: UnitOfWork, said: Said) -> Entity:
        given = not_emptied(noun, said.body.given())
        return await records.change(work, noun.entity, said.record(), given, version=said.version)

    doc = "Change one: what is left out stays as it is, null empties."
    return Mutation(name=f"change{noun.title}", doc=doc, of=noun, gives=noun, body=merge_of(noun), run=run, keyed=False)


def _withdrawing(resource: Resource) -> Mutation:
    noun, withdraw = resource.noun, resource.withdrawer
    assert withdraw is not None

    async def run(work: UnitOfWork, said: Said) -> Entity:
        return await withdraw(work, noun.entity, said.record(), version=said.version, reason=said.body.reason)

    doc = "Take one out of use. Nothing is deleted: it stays readable and its code stays taken."
    return Mutation(name=f"withdraw{noun.title}", doc=doc, of=noun, gives=noun, body=Withdrawal, run=run)


def _doing(change: Change) -> Mutation:
    async def run(work: UnitOfWork, said: Said) -> Entity:
        return await change.run(work, said.record(), said.body, said.version)

    return Mutation(
        name=change.name, doc=f"{change.summary}. {change.doc}", of=change.of, gives=change.gives,
        body=change.body if change.body.model_fields else None, run=run, versioned=change.versioned,
        key_required=change.key_required,
    )  # fmt: skip
