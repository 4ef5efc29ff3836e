"""The head teacher's report: begin it, write its sections, hand it in."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.commands import records
from app.db.unit_of_work import UnitOfWork
from app.domain.frameworks import Framework
from app.domain.head_reports import HeadReport, HeadReportSection
from app.domain.report_sections import ReportSection


async def begin_report(work: UnitOfWork, values: Mapping[str, Any]) -> HeadReport:
    framework = await work.get(Framework, values["framework_id"])
    framework.require_published()
    return await records.create(work, HeadReport, values)


async def write_section(work: UnitOfWork, values: Mapping[str, Any]) -> HeadReportSection:
    report = await work.get(HeadReport, values["report_id"])
    report.require_section(await work.get(ReportSection, values["section_id"]))
    return await records.create(work, HeadReportSection, values)


async def submit_report(work: UnitOfWork, report_id: UUID, *, version: int) -> HeadReport:
    report = await work.get(HeadReport, report_id)
    await records.allow(work, report)
    report = await work.get(HeadReport, report_id, version=version)
    asked = await work.where(ReportSection, framework_id=report.framework_id)
    written = await work.where(HeadReportSection, report_id=report.id)
    work.record(report.submit(on=work.today, asked=asked, answered=[one.section_id for one in written]))
    return report
