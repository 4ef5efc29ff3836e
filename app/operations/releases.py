"""Publishing figures: small numbers are protected when a release is made, and it never changes afterwards."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Protocol

from pydantic import Field

from app.commands.releases import Order, draft, publish, survey
from app.db.unit_of_work import UnitOfWork
from app.domain.actor import Actor
from app.domain.errors import Fault, Invalid
from app.domain.intervals import Days
from app.domain.measure_vocabulary import Grain
from app.domain.releases import Release
from app.operations.bodies import Body, Code, Day, Text
from app.queries.release_ground import Asked


class ReleaseCreate(Body):
    """Which figures to release. They are taken from the readings that stand."""

    code: Code = Field(description="Its name, unique in the trust.")
    label: Text
    metrics: list[Code] = Field(min_length=1, max_length=50, description="Codes of the metrics.")
    grain: Grain
    starts_on: Day
    ends_on: Day
    groups: list[Code] | None = Field(
        default=None,
        max_length=50,
        description="Codes of the pupil groups, besides all pupils; left out: every group that has readings.",
    )
    smallest_shown: Annotated[int, Field(ge=1, le=100)] | None = Field(
        default=None,
        description="The smallest count, other than 0, that is shown. It raises what the metrics say and never lowers it.",
    )

    def order(self) -> Order:
        if self.ends_on < self.starts_on:
            sentence = "A period cannot end before it starts. Put its two days in order."
            raise Invalid(sentence, faults=[Fault("/endsOn", "period-reversed", sentence)])
        asked = Asked(
            metrics=tuple(dict.fromkeys(self.metrics)),
            grain=self.grain,
            days=Days(self.starts_on, self.ends_on),
            groups=None if self.groups is None else tuple(dict.fromkeys(self.groups)),
        )
        return Order(code=self.code, label=self.label, asked=asked, smallest_shown=self.smallest_shown)


class Opens(Protocol):
    """What opens writing transactions."""

    def begin(self, actor: Actor) -> AbstractAsyncContextManager[UnitOfWork]: ...


async def prepare(database: Opens, actor: Actor, order: Order) -> Callable[[UnitOfWork], Awaitable[Release]]:
    """Survey in a transaction of its own and work out what can be shown in none. What is left publishes it in another.

    A door asks for an answer kept under the same Idempotency-Key before, for this takes long.
    """
    async with database.begin(actor) as work:
        ground = await survey(work, order)
    drafted = await draft(order, ground)

    async def publishing(work: UnitOfWork) -> Release:
        return await publish(work, drafted)

    return publishing
