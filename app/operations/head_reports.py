"""Handing in a head teacher's report."""

from typing import Final
from uuid import UUID

from app.commands.head_reports import submit_report
from app.db.unit_of_work import UnitOfWork
from app.domain.head_reports import HeadReport
from app.operations.bodies import Body
from app.operations.operation import Change
from app.queries.reviews import HEAD_REPORTS


class ReportSubmission(Body):
    """Nothing need be said: the report has every section that the framework asks for."""


async def _submit(work: UnitOfWork, report_id: UUID, _body: ReportSubmission, version: int) -> HeadReport:
    return await submit_report(work, report_id, version=version)


CHANGES: Final = (
    Change(
        name="submitHeadReport",
        of=HEAD_REPORTS,
        gives=HEAD_REPORTS,
        path="submission",
        summary="Hand in a head teacher's report",
        doc="Every section of the framework is answered; otherwise the missing ones are named. Nothing changes afterwards.",
        body=ReportSubmission,
        run=_submit,
        key_required=True,
    ),
)
