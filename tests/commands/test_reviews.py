"""Assurance reviews on the twenty-eight lines: what is frozen, rated, refused, and never changes afterwards."""

from collections import Counter
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from app.commands import head_reports, records, reviews
from app.commands.reviews import Moderation
from app.db.embedded import EmbeddedPostgres
from app.db.verification import verify_all
from app.domain.errors import Conflict, Forbidden, IllegalMove, Invalid, StaleVersion
from app.domain.head_reports import HeadReport, HeadReportSection
from app.domain.review_vocabulary import ReviewStatus, SuggestionStatus
from app.domain.reviews import AssuranceRating, AssuranceReview, ReviewEvidence
from app.domain.roles import Role
from app.domain.trusts import Trust
from app.queries.heat_maps import MapAsked, read_heat_map
from app.queries.reading import Moment, read_tree
from app.queries.reviews import ASSURANCE_REVIEWS
from app.queries.suggestions import read_suggestions
from tests.commands.ledger import nothing_written, refused, superuser, telling
from tests.conftest import _installed
from tests.reviewing import SUGGESTED, TRUST, VALUES, Ground, ground_of

SUBMITTED = "This report was submitted, so nothing in it changes any more."


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ground(server: EmbeddedPostgres, packed_template: str) -> AsyncIterator[Ground]:
    """One for all tests here; each has an academy of its own."""
    async for installation in _installed(server, packed_template):
        yield await ground_of(installation)


async def doing(ground: Ground, name: str, review_id: UUID, version: int, *roles: Role, **more: Any) -> AssuranceReview:
    actor = ground.installation.actor(TRUST, *roles)
    async with ground.installation.database.begin(actor) as work:
        made: AssuranceReview = await getattr(reviews, f"{name}_review")(work, review_id, version=version, **more)
        return made


async def rated(ground: Ground, review_id: UUID, line_id: UUID, *, version: int) -> None:
    async with ground.installation.database.begin(ground.actor()) as work:
        level = ground.levels["assured"]
        await reviews.rate_line(work, review_id, line_id, level, rationale=None, version=version)


async def kept(ground: Ground, kind: type[Any], **where: Any) -> list[Any]:
    async with ground.installation.database.begin(ground.actor()) as work:
        return await work.where(kind, **where)


async def test_a_report_is_written_section_by_section_and_then_stays(ground: Ground) -> None:
    installation = ground.installation
    report_id = await ground.report("TIDEPOOL", submit=False)
    (first, *_) = sections = await kept(ground, HeadReportSection, report_id=report_id)
    async with installation.database.begin(ground.actor()) as work:
        await records.change(work, HeadReportSection, first.id, {"body": "Attendance rose."}, version=1)
    async with installation.database.begin(ground.actor()) as work:
        await records.withdraw(work, HeadReportSection, sections[-1].id, version=1, reason="Written twice.")

    assert len(sections) == 10
    async with nothing_written(installation):
        with pytest.raises(Conflict, match=r"^These sections are still missing: .+\. Write them, then submit"):
            async with installation.database.begin(ground.actor()) as work:
                await head_reports.submit_report(work, report_id, version=1)

    other = await ground.report("TIDEPOOL", term=3)
    (first, *_) = await kept(ground, HeadReportSection, report_id=other)
    async with refused(installation, Conflict, SUBMITTED), installation.database.begin(ground.actor()) as work:
        await records.change(work, HeadReportSection, first.id, {"body": "No."}, version=1)
    async with refused(installation, Conflict, SUBMITTED), installation.database.begin(ground.actor()) as work:
        await records.withdraw(work, HeadReportSection, first.id, version=1, reason="No.")
    async with refused(installation, Conflict, SUBMITTED), installation.database.begin(ground.actor()) as work:
        await records.withdraw(work, HeadReport, other, version=2, reason="No.")


async def test_opening_waits_for_the_report_and_then_freezes_every_indicator(ground: Ground) -> None:
    review_id = await ground.scheduled("REEDBED")
    await ground.report("REEDBED", submit=False, term=1)
    async with nothing_written(ground.installation):
        with pytest.raises(Conflict, match="has not been submitted"):
            await doing(ground, "open", review_id, 1)

    report_id = await ground.report("REEDBED")
    await ground.send("REEDBED", {**VALUES, "attendance": None})
    async with telling(ground.installation, TRUST) as told:
        opened = await doing(ground, "open", review_id, 1, Role.REVIEWER)

    evidence = {one.metric: one for one in await kept(ground, ReviewEvidence, review_id=review_id)}
    assert (opened.status, opened.report_id, opened.version) == (ReviewStatus.OPEN, report_id, 2)
    assert Counter(told.types) == {"assurance_review.opened": 1, "review_evidence.created": 12}
    assert {metric: one.value for metric, one in evidence.items()} == {
        metric: None if metric == "attendance" else Decimal(value) for metric, value in VALUES.items()
    }
    codes = {level_id: code for code, level_id in ground.levels.items()}
    told_of = {
        metric: (str(one.certainty), [codes[level] for level in one.level_ids]) for metric, one in evidence.items()
    }
    assert told_of["severe-absence"] == ("ambiguous", ["assured", "not_yet_assured"])
    assert told_of["progress-maths"] == ("certain", ["intervention_required"])
    assert told_of["attendance"] == ("not_evaluable", [])
    assert evidence["attendance"].sentence.endswith("8 January 2024 to 28 March 2024: awaiting results.")
    assert all(one.reading_id for one in evidence.values())


async def test_a_rating_stands_beside_the_frozen_suggestion(ground: Ground) -> None:
    await ground.send("SALTPAN", VALUES)
    review_id = await ground.opened("SALTPAN")
    await ground.send("SALTPAN", dict.fromkeys(VALUES, "1"))

    await ground.rate_all(review_id)
    ratings = {one.line_id: one for one in await kept(ground, AssuranceRating, review_id=review_id)}
    by_line = {code: ratings[line_id] for code, line_id in ground.lines.items()}

    codes: dict[UUID | None, str | None] = {level_id: code for code, level_id in ground.levels.items()}
    suggested = {code: codes.get(by_line[code].suggested_level_id) for code in SUGGESTED}
    assert suggested == SUGGESTED
    assert Counter(str(one.suggestion) for one in ratings.values()) == {
        "suggested": 7, "ambiguous": 1, "statements_only": 6, "no_bands": 14,
    }  # fmt: skip
    async with nothing_written(ground.installation):
        with pytest.raises(Invalid, match="differs from what the figures suggest"):
            await ground.rate(review_id, {"mathematics": "assured"}, rationale=None)
    async with nothing_written(ground.installation):
        with pytest.raises(Invalid, match="no such line"):
            await rated(ground, review_id, uuid4(), version=2)
    async with telling(ground.installation, TRUST) as told:
        await ground.rate(review_id, {"mathematics": "intervention_required"}, rationale=None)
        await ground.rate(review_id, {"mathematics": "intervention_required"}, rationale=None)
    assert told.types == ["assurance_rating.rated"], "the same again is nothing new"


async def test_a_review_is_submitted_whole_returned_moderated_and_signed_off(ground: Ground) -> None:
    installation = ground.installation
    review_id = await ground.opened("BRACKWATER")
    async with installation.database.begin(ground.actor()) as work:
        trust = await work.get(Trust, work.actor.trust_id)
        await records.change(work, Trust, trust.id, {"reviewer_must_differ": True}, version=trust.version)
    await ground.rate(review_id, {code: "assured" for code in ground.lines if code != "payroll"})
    async with refused(
        installation, Conflict, "These lines are not rated yet: payroll. Rate them, then submit the review."
    ):
        await doing(ground, "submit", review_id, 2)
    await ground.rate(review_id, {"payroll": "assured"})
    await doing(ground, "submit", review_id, 2)
    returned = await doing(ground, "return", review_id, 3, reason="Payroll names no evidence.")
    again = await doing(ground, "submit", review_id, 4)

    async with refused(
        installation, Forbidden, "Your trust asks that somebody else moderates a review than submitted it."
    ):
        await doing(ground, "moderate", review_id, 5, moderations=[])
    actor = installation.actor(TRUST)
    other = type(actor)(actor.trust_id, "another", actor.roles)
    moved = Moderation(line_id=ground.lines["payroll"], level_id=ground.levels["not_yet_assured"], reason="As others.")
    async with nothing_written(installation):
        with pytest.raises(Invalid, match="is named twice"):
            async with installation.database.begin(other) as work:
                await reviews.moderate_review(work, review_id, [moved, moved], version=5)
    async with installation.database.begin(other) as work:
        moderated = await reviews.moderate_review(work, review_id, [moved], version=5)
    (payroll,) = await kept(ground, AssuranceRating, review_id=review_id, line_id=ground.lines["payroll"])
    async with nothing_written(installation):
        with pytest.raises(Forbidden, match="sign_off_reviews"):
            await doing(ground, "sign_off", review_id, 6, Role.REVIEWER)
    signed = await doing(ground, "sign_off", review_id, 6, Role.TRUST_EXECUTIVE)

    assert (returned.status, again.submitted_by) == (ReviewStatus.OPEN, "test")
    assert (moderated.status, signed.status, signed.signed_off_by) == (
        ReviewStatus.MODERATED, ReviewStatus.SIGNED_OFF, "test",
    )  # fmt: skip
    assert (payroll.level_id, payroll.moderated_from_id, payroll.moderation_reason) == (
        ground.levels["not_yet_assured"], ground.levels["assured"], "As others.",
    )  # fmt: skip
    async with nothing_written(installation):
        with pytest.raises(Conflict, match="this one is signed off"):
            await rated(ground, review_id, ground.lines["payroll"], version=7)
    async with nothing_written(installation):
        with pytest.raises(IllegalMove, match="It can be superseded"):
            await doing(ground, "open", review_id, 7)
    async with nothing_written(installation):
        with pytest.raises(StaleVersion):
            await doing(ground, "supersede", review_id, 6, reason="Late.")


async def everything(ground: Ground, review_id: UUID) -> tuple[bytes, str, bytes, list[dict[str, Any]]]:
    """All that is told of a review: its page, its suggestions, the heat map, its evidence."""
    database = ground.installation.database
    async with database.reader(ground.actor()) as reader:
        moment = Moment(database.clock())
        page = (await read_tree(reader, ASSURANCE_REVIEWS, review_id, moment)).body
        suggestions = (await read_suggestions(reader, review_id, moment)).model_dump_json()
        asked = MapAsked(ground.framework_id, ground.terms[1], ground.terms[3])
        heat_map, _ = await read_heat_map(reader, asked, moment)
    evidence = await kept(ground, ReviewEvidence, review_id=review_id)
    return page, suggestions, heat_map, sorted((one.state() for one in evidence), key=lambda one: str(one["id"]))


async def test_a_reading_restated_after_signing_off_changes_nothing(ground: Ground) -> None:
    await ground.send("SANDSPIT", VALUES)
    review_id = await ground.opened("SANDSPIT")
    await ground.rate_all(review_id)
    await doing(ground, "submit", review_id, 2)
    actor = ground.installation.actor(TRUST)
    async with ground.installation.database.begin(type(actor)(actor.trust_id, "another", actor.roles)) as work:
        await reviews.moderate_review(work, review_id, [], version=3)
    await doing(ground, "sign_off", review_id, 4)
    before = await everything(ground, review_id)

    await ground.send("SANDSPIT", dict.fromkeys(VALUES, "99"))
    await ground.send("SANDSPIT", dict.fromkeys(VALUES, "98"), term=3)

    assert await everything(ground, review_id) == before
    again = await doing(ground, "supersede", review_id, 5, reason="The census was sent again.")
    (former,) = await kept(ground, AssuranceReview, id=review_id)
    assert (former.status, again.status, again.supersedes_id) == (
        ReviewStatus.SUPERSEDED, ReviewStatus.SCHEDULED, review_id,
    )  # fmt: skip
    opened = await doing(ground, "open", again.id, 1)
    values = {one.metric: one.value for one in await kept(ground, ReviewEvidence, review_id=opened.id)}
    assert values == dict.fromkeys(VALUES, Decimal(98))
    old = {one.metric: one.value for one in await kept(ground, ReviewEvidence, review_id=review_id)}
    assert old == {metric: Decimal(value) for metric, value in VALUES.items()}
    (tied,) = await kept(ground, AssuranceRating, review_id=review_id, line_id=ground.lines["suspensions"])
    assert tied.suggestion is SuggestionStatus.AMBIGUOUS
    async with superuser(ground.installation) as connection:
        assert {verdict.fault for verdict in await verify_all(connection)} == {None}


async def test_an_academy_has_one_review_a_term_and_a_scheduled_one_may_go(ground: Ground) -> None:
    review_id = await ground.scheduled("AVOCET")
    sentence = "The academy already has a review for this term. Supersede that one to review again."
    async with refused(ground.installation, Conflict, sentence):
        await ground.scheduled("AVOCET")

    async with ground.installation.database.begin(ground.actor()) as work:
        await reviews.take_back_review(work, AssuranceReview, review_id, version=1, reason="Wrong term.")

    other = await ground.opened("AVOCET")
    async with nothing_written(ground.installation):
        with pytest.raises(Conflict, match="Only a scheduled one is taken back"):
            async with ground.installation.database.begin(ground.actor()) as work:
                await reviews.take_back_review(work, AssuranceReview, other, version=2, reason="Wrong term.")
