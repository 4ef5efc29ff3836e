"""The life of an assurance review, and of the head teacher's report before it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.domain.errors import Conflict, Fault, Forbidden, IllegalMove, Invalid
from app.domain.events import Event, Verb
from app.domain.head_reports import HeadReport
from app.domain.report_sections import ReportSection
from app.domain.review_vocabulary import ReportStatus, ReviewStatus, SuggestionStatus
from app.domain.reviews import AssuranceRating, AssuranceReview

TRUST, ACADEMY, FRAMEWORK, TERM = (uuid4() for _ in range(4))
NOON = datetime(2024, 3, 5, 12, tzinfo=UTC)
LEGAL = {
    ReviewStatus.SCHEDULED: {Verb.OPENED: ReviewStatus.OPEN},
    ReviewStatus.OPEN: {Verb.SUBMITTED: ReviewStatus.SUBMITTED},
    ReviewStatus.SUBMITTED: {Verb.RETURNED: ReviewStatus.OPEN, Verb.MODERATED: ReviewStatus.MODERATED},
    ReviewStatus.MODERATED: {Verb.SIGNED_OFF: ReviewStatus.SIGNED_OFF},
    ReviewStatus.SIGNED_OFF: {Verb.SUPERSEDED: ReviewStatus.SUPERSEDED},
    ReviewStatus.SUPERSEDED: {},
}
DOING: dict[Verb, Callable[[AssuranceReview], Event]] = {
    Verb.OPENED: lambda review: review.open(at=NOON, report=None, asked=False),
    Verb.SUBMITTED: lambda review: review.submit(by="lead", unrated=[]),
    Verb.RETURNED: lambda review: review.send_back(reason="No evidence is named."),
    Verb.MODERATED: lambda review: review.moderate(by="chair", reviewer_must_differ=False),
    Verb.SIGNED_OFF: lambda review: review.sign_off(at=NOON, by="director"),
    Verb.SUPERSEDED: lambda review: review.supersede(reason="The census was sent again.")[0],
}


def review(**values: Any) -> AssuranceReview:
    made: dict[str, Any] = {
        "academy_id": ACADEMY,
        "framework_id": FRAMEWORK,
        "term_id": TERM,
        "lead_role": "director",
        **values,
    }
    return AssuranceReview(trust_id=TRUST, **made)


def report(**values: Any) -> HeadReport:
    return HeadReport(trust_id=TRUST, academy_id=ACADEMY, framework_id=FRAMEWORK, term_id=TERM, **values)


def section(label: str, no: int = 1, framework_id: UUID = FRAMEWORK) -> ReportSection:
    return ReportSection(trust_id=TRUST, framework_id=framework_id, code=label, no=no, label=label)


def rating(level: UUID, **values: Any) -> AssuranceRating:
    made = {"academy_id": ACADEMY, "framework_id": FRAMEWORK, "review_id": uuid4(), "line_id": uuid4(), **values}
    return AssuranceRating(
        trust_id=TRUST, level_id=level, suggestion=SuggestionStatus.SUGGESTED, rated_by="lead", **made
    )


@pytest.mark.parametrize(("status", "verb"), list(product(ReviewStatus, DOING)))
def test_a_review_goes_its_way_and_no_other(status: ReviewStatus, verb: Verb) -> None:
    made = review(status=status)
    before = made.state()
    to = LEGAL[status].get(verb)

    if to is None:
        with pytest.raises(IllegalMove) as caught:
            DOING[verb](made)

        assert caught.value.legal == tuple(str(one) for one in LEGAL[status])
        assert made.state() == before
    else:
        event = DOING[verb](made)

        assert (event.record, event.verb, made.status) == (made, verb, to)


def test_a_refusal_tells_what_could_be_done_instead() -> None:
    with pytest.raises(IllegalMove) as caught:
        review(status=ReviewStatus.SUBMITTED).open(at=NOON, report=None, asked=False)

    sentence = "A review that is submitted cannot be opened. It can be returned or moderated."
    assert caught.value.sentence == sentence


@pytest.mark.parametrize("before", [None, ReportStatus.DRAFT])
def test_a_review_follows_the_head_teachers_report_where_the_framework_asks_for_one(
    before: ReportStatus | None,
) -> None:
    made = review()

    with pytest.raises(Conflict, match="has not been submitted"):
        made.open(at=NOON, report=report(status=before) if before else None, asked=True)

    assert (made.status, made.report_id, made.opened_at) == (ReviewStatus.SCHEDULED, None, None)


def test_an_opened_review_names_the_report_it_follows() -> None:
    made, followed = review(), report(status=ReportStatus.SUBMITTED)

    event = made.open(at=NOON, report=followed, asked=True)

    assert event == Event(record=made, verb=Verb.OPENED)
    assert (made.status, made.report_id, made.opened_at) == (ReviewStatus.OPEN, followed.id, NOON)


def test_a_review_with_unrated_lines_is_not_submitted_and_names_them() -> None:
    made = review(status=ReviewStatus.OPEN)

    with pytest.raises(Conflict) as caught:
        made.submit(by="lead", unrated=["payroll", "Attendance"])

    assert caught.value.sentence == (
        "These lines are not rated yet: payroll, Attendance. Rate them, then submit the review."
    )
    assert (made.status, made.submitted_by) == (ReviewStatus.OPEN, None)


def test_who_submitted_a_review_does_not_moderate_it_where_the_trust_says_so() -> None:
    made = review(status=ReviewStatus.SUBMITTED, submitted_by="lead")

    with pytest.raises(Forbidden):
        made.moderate(by="lead", reviewer_must_differ=True)

    assert made.status is ReviewStatus.SUBMITTED
    assert made.moderate(by="chair", reviewer_must_differ=True) == Event(record=made, verb=Verb.MODERATED)


def test_a_superseded_review_stays_and_the_next_names_it() -> None:
    made = review(status=ReviewStatus.SIGNED_OFF, report_id=uuid4(), signed_off_by="director")
    before = made.state()

    event, again = made.supersede(reason="The census was sent again.")

    assert made.state() == {**before, "status": ReviewStatus.SUPERSEDED}
    assert event == Event(record=made, verb=Verb.SUPERSEDED, reason="The census was sent again.")
    same = ("trust_id", "academy_id", "framework_id", "term_id", "lead_role")
    assert [getattr(again, name) for name in same] == [getattr(made, name) for name in same]
    assert (again.status, again.supersedes_id, again.report_id) == (ReviewStatus.SCHEDULED, made.id, None)


def test_a_rating_that_differs_from_the_suggestion_says_why() -> None:
    level, suggested = uuid4(), uuid4()

    with pytest.raises(Invalid) as caught:
        rating(level, suggested_level_id=suggested).check()

    sentence = "This rating differs from what the figures suggest. Say why in its rationale."
    assert caught.value.faults == (Fault("/rationale", "rationale-missing", sentence),)
    rating(level, suggested_level_id=suggested, rationale="Seen in lessons.").check()
    rating(suggested, suggested_level_id=suggested).check()
    rating(level).check()


def test_moderation_keeps_the_level_people_gave_first() -> None:
    first, second, third = (uuid4() for _ in range(3))
    made = rating(first)

    made.moderate(second, reason="Others are rated so.")
    made.moderate(third, reason="Seen again.")

    assert (made.level_id, made.moderated_from_id, made.moderation_reason) == (third, first, "Seen again.")
    with pytest.raises(Invalid):
        made.moderate(third, reason="The same.")


def test_a_report_is_submitted_whole_and_then_stays() -> None:
    made = report()
    sections = [section("attendance", 2), section("quality", 1)]

    with pytest.raises(Conflict) as caught:
        made.submit(on=date(2024, 3, 1), asked=sections, answered=[])

    assert caught.value.sentence == (
        "These sections are still missing: quality, attendance. Write them, then submit the report."
    )
    assert (made.status, made.submitted_on) == (ReportStatus.DRAFT, None)
    event = made.submit(on=date(2024, 3, 1), asked=sections, answered=[one.id for one in sections])
    assert event == Event(record=made, verb=Verb.SUBMITTED, on=date(2024, 3, 1))
    assert (made.status, made.submitted_on) == (ReportStatus.SUBMITTED, date(2024, 3, 1))
    with pytest.raises(Conflict):
        made.submit(on=date(2024, 3, 2), asked=[], answered=[])


def test_a_report_has_the_sections_of_its_own_framework_alone() -> None:
    report().require_section(section("attendance"))

    with pytest.raises(Invalid) as caught:
        report().require_section(section("attendance", framework_id=uuid4()))

    assert [fault.code for fault in caught.value.faults] == ["section-of-another-framework"]
