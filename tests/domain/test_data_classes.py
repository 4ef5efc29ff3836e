"""Every column has a class, every person is met where the registry says, and no text stays for ever by oversight."""

import tomllib
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import ARRAY, String, Text
from sqlalchemy.types import TypeDecorator

from app.config import Settings
from app.domain.data_classes import ACTORS, BESIDE, POSTS, DataClass, class_of, columns_in
from app.domain.entity import Word
from app.domain.erasure import ERASED, KEPT_IN_LAW, erase, in_sql, without_text
from app.domain.errors import Invalid
from app.domain.evidence import Evidence
from app.domain.head_reports import HeadReportSection
from app.domain.ids import trust_id, uuid7
from app.domain.keys import ApiKey
from app.domain.memberships import Membership
from app.domain.model import KEPT
from app.domain.observations import Observation
from app.domain.releases import ReleasedFigure
from app.domain.retention import Keep, Schedule
from app.domain.subjects import REGISTRY, Subject, Way, met_in, tables

NAMES = {
    "code",
    "name",
    "label",
    "title",
    "printed",
    "aliases",
    "source_document",
    "unit",
    "metric",
    "metrics",
    "context",
}
"""What a text column may be called without further reason: a name among the trust's own, or what a document prints."""
TEXTS = {
    "of frameworks, which are published": {
        "framework_condition.values", "cadence_rule.activity", "cadence_rule.anchors", "cadence_rule.attended",
        "cadence_rule.lead", "framework_statement.holder", "benchmark.relative_to", "benchmark.thread", "rating_level.colour",
        "template_item.thread", "entitlement_rule.team", "entitlement_rule.provider", "inspection_grade.grade",
    },
    "what a measure is, in words of its definition": {
        "metric.definition", "metric.numerator", "metric.denominator", "metric.cohort_basis", "metric.source_system",
        "reading_batch.source", "reading.source", "statutory_target.measure", "statutory_target.site",
        "review_evidence.sentence",
    },
    "what a plan commits the academy to, which its documents print": {
        "plan.aspiration", "area.scope", "statement.holder", "statement.cadence", "evaluation_method.cadence",
        "target.relative_to", "target.trend_metric", "target.trend_condition", "target.caveat", "target_version.trend_condition",
        "target_version.caveat", "budget.currency", "budget_line.detail",
    },
    "what a machine worked out or keeps": {
        "reading_batch.digest", "release.digest", "release.withheld", "trusted_document.digest", "trusted_document.text",
        "data_quality_flag.on_noun", "data_quality_flag.field", "data_quality_flag.detail", "data_quality_flag.raw",
        "data_quality_flag.reference", "api_key.roles", "api_key.scopes", "api_key.integration", "membership.roles",
    },
    "posts and teams, never whom": {
        "pupil_group.confirmed_by", "assurance_review.lead_role", "category_decision.chair_role", "support_allocation.team",
        "support_delivery.by_role", "review_held.by_role",
    },
    "a word for what was looked at": {
        "observation.subject", "observation.year_group", "observation.groups_seen", "observation.focus",
        "category_decision.evidence", "evidence.link", "academy_identifier.value", "academy.faith",
    },
}  # fmt: skip


def is_text(kind: Any) -> bool:
    kind = kind.item_type if isinstance(kind, ARRAY) else kind
    if isinstance(kind, Word):
        return False
    kind = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    return isinstance(kind, (String, Text))


def test_every_text_column_is_personal_or_says_why_it_is_not() -> None:
    reasoned = {name for names in TEXTS.values() for name in names}
    texts = {
        f"{kind.noun()}.{column.name}"
        for kind in KEPT
        for column in kind.columns()
        if is_text(column.type)
        and class_of(kind, column.name) in (DataClass.TRUST, DataClass.PUBLIC)
        and column.name not in NAMES
        and "printed" not in column.name
    }

    assert texts == reasoned


def test_a_column_is_told_by_the_strictest_that_is_said_of_it() -> None:
    assert class_of(ApiKey, "digest") is DataClass.SECRET
    assert class_of(Observation, "strengths") is DataClass.SENSITIVE
    assert class_of(Membership, "issuer") is DataClass.PERSONAL
    assert class_of(ReleasedFigure, "value") is DataClass.PUBLIC
    assert class_of(Evidence, "link") is DataClass.TRUST
    assert columns_in(Observation, DataClass.PERSONAL) == ("observers", "recorded_by")


def test_what_is_classed_is_there() -> None:
    for named in (ACTORS, POSTS, BESIDE):
        for kind, columns in named.items():
            assert columns <= {column.name for column in kind.columns()}, kind
    for kind in KEPT:
        for declared in (kind.PERSONAL, kind.SENSITIVE, kind.SECRET):
            assert declared <= {column.name for column in kind.columns()}, kind


def test_everything_personal_or_sensitive_is_in_the_registry() -> None:
    registered = {(met.kind, met.column) for met in REGISTRY}
    classed = {(kind, column) for kind in KEPT for column in columns_in(kind, DataClass.PERSONAL, DataClass.SENSITIVE)}

    assert classed <= registered
    for kind in tables():  # a row that is met only beside something else would never be found
        assert met_in(kind, *(way for way in Way if way is not Way.BESIDE)), kind


def test_whoever_did_something_is_in_a_column_that_says_so() -> None:
    posts = {name.partition(".")[2] for name in TEXTS["posts and teams, never whom"]}
    done = {(kind, column.name) for kind in KEPT for column in kind.columns() if column.name.endswith("_by")}

    assert {one for one in done if one[1] not in posts} == {
        (kind, name) for kind, names in ACTORS.items() for name in names
    }


@pytest.mark.parametrize("mention", ["", "Jo", "  J "])
def test_a_text_to_look_for_is_no_syllable(mention: str) -> None:
    with pytest.raises(Invalid, match=r"^A text to look for has at least 3 letters"):
        Subject(name="somebody", mentions=(mention,))


def test_erased_text_leaves_nothing_or_a_word_that_says_so() -> None:
    trust, record_id = trust_id("kestrel"), uuid7()
    seen = Observation(trust_id=trust, id=record_id, strengths="Asked everybody.", next_steps=None)
    section = HeadReportSection(trust_id=trust, body="Attendance rose.")
    member = Membership(trust_id=trust, id=record_id, issuer="https://id.example", subject="abc", label="J. Doe")

    events = [erase(seen), erase(section), erase(member)]

    assert [event and event.type for event in events] == [
        "observation.erased", "head_report_section.erased", "membership.erased",
    ]  # fmt: skip
    assert (seen.strengths, section.body) == (None, ERASED)
    assert (member.label, member.subject) == (None, f"erased:{record_id}")
    assert [erase(seen), erase(section), erase(member)] == [None, None, None]


def test_only_the_named_columns_are_erased() -> None:
    seen = Observation(trust_id=trust_id("kestrel"), strengths="Asked everybody.", next_steps="Ask again.")

    erase(seen, {"strengths", "kind"})

    assert (seen.strengths, seen.next_steps) == (None, "Ask again.")


def test_sql_says_the_same_of_erased_text_as_the_rule() -> None:
    for kind in KEPT:
        for column in kind.PERSONAL:
            said, told = in_sql(kind, column, "'x'"), without_text(kind, column, uuid7())
            assert (said is None) == (told is None)
            assert said is None or said.strip("'").startswith((told or "")[:7])


@given(st.dates(date(2000, 3, 1), date(2100, 1, 1)), st.integers(1, 30))
def test_a_stretch_of_years_ends_on_the_same_day_of_the_year(today: date, years: int) -> None:
    before = Keep.read(f"{years} years", "reads").before(today)

    assert (before.year, before.month) == (today.year - years, today.month)
    assert before.day == today.day or (today.month, today.day, before.day) == (2, 29, 28)
    assert Keep.read(f"{12 * years} months", "reads").before(today) == before
    assert Keep.read(f"{years} days", "reads").before(today) == today - timedelta(days=years)


def test_the_packaged_retention_has_a_rule_for_every_kind_with_personal_text() -> None:
    schedule = Schedule.read(told())

    assert {rule.kind for rule in schedule.rules} == {kind for kind in KEPT if kind.PERSONAL}
    assert KEPT_IN_LAW.keys() <= {kind for kind in KEPT if kind.PERSONAL}


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        (("kinds", "evidence"), None, "The retention of evidence cannot be read: it has no rule."),
        (("kinds", "plan"), {"keep": "1 year"}, "The retention of plan cannot be read: it holds no personal text."),
        (("reads",), "for ever", "reads says 'for ever': say how long, such as 6 years, 18 months or 30 days."),
        (("reasons",), "0 days", "reasons says '0 days': say how long, such as 6 years, 18 months or 30 days."),
        (
            ("kinds", "evidence"),
            {"keep": "6 years", "after": "note"},
            "kinds.evidence counts from 'note': say one of changed.",
        ),
    ],
)
def test_a_retention_that_cannot_be_read_says_where(place: tuple[str, ...], value: Any, sentence: str) -> None:
    changed = told()
    holder = changed["kinds"] if len(place) > 1 else changed
    holder[place[-1]] = value
    if value is None:
        del holder[place[-1]]

    with pytest.raises(Invalid) as caught:
        Schedule.read(changed)

    assert caught.value.sentence == sentence


def told() -> dict[str, Any]:
    return tomllib.loads(Settings().retention.read_text())
