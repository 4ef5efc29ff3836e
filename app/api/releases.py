"""Publishing figures: small numbers are protected when a release is made, and it never changes afterwards."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from app.api.bodies import Body, Code, Day, Text, json_of
from app.api.credentials import Caller
from app.api.openapi import answers, body_of
from app.api.problems import Refused
from app.api.writing import Writing
from app.commands.releases import Order, draft, publish, survey
from app.domain.errors import Fault
from app.domain.intervals import Days
from app.domain.measure_vocabulary import Grain
from app.queries.published import record_model
from app.queries.release_ground import Asked
from app.queries.releases import RELEASES

router = APIRouter(prefix="/v1/releases", tags=["releases"])


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
            raise Refused("invalid", sentence, faults=[Fault("/endsOn", "period-reversed", sentence)])
        asked = Asked(
            metrics=tuple(dict.fromkeys(self.metrics)),
            grain=self.grain,
            days=Days(self.starts_on, self.ends_on),
            groups=None if self.groups is None else tuple(dict.fromkeys(self.groups)),
        )
        return Order(code=self.code, label=self.label, asked=asked, smallest_shown=self.smallest_shown)


@router.post(
    "", name="createRelease", summary="Release figures, small numbers protected", status_code=201,
    **answers(record_model(RELEASES), 400, 401, 403, 404, 409, 413, 415, 422, status=201, headers=("ETag", "Location"),
              extra=body_of(ReleaseCreate, key=True)),
)  # fmt: skip
async def create(
    request: Request, actor: Caller, body: Annotated[ReleaseCreate, Depends(json_of(ReleaseCreate))]
) -> Response:
    """A metric whose small numbers no hiding can protect is withheld as a whole and named in `withheld`."""
    order = body.order()
    writing = Writing(request, actor, RELEASES, status=201)
    if (answered := await writing.replay()) is not None:
        return answered
    async with request.app.state.database.begin(actor) as work:
        ground = await survey(work, order)
    drafted = await draft(order, ground)
    return await writing.run(lambda work: publish(work, drafted))
