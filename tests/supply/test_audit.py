"""What an audit's reports are worth: a package nobody looked at is no pass, and a network that is away is no failure."""

import json

import pytest

from contracts.audit import Outcome, Said, Verdict, judge

WANTED = {("starlette", "1.10.0"), ("httpx", "0.28.1")}


def report(*dependencies: dict[str, object]) -> Said:
    return Said(json.dumps({"dependencies": dependencies, "fixes": []}))


CLEAN = {"name": "starlette", "version": "1.10.0", "vulns": []}
OTHER = {"name": "httpx", "version": "0.28.1", "vulns": []}
SKIPPED = {
    "name": "httpx",
    "skip_reason": "Dependency not found on PyPI and could not be audited: httpx (0.28.1)",
}
VULNERABLE = {
    "name": "httpx",
    "version": "0.28.1",
    "vulns": [
        {"id": "PYSEC-2026-1", "fix_versions": ["0.28.2", "1.0"], "aliases": ["CVE-2026-1234"], "description": "It listens."},
        {"id": "PYSEC-2026-2", "fix_versions": [], "aliases": [], "description": "It talks."},
    ],
}  # fmt: skip


def test_all_audited_and_nothing_found_is_clean() -> None:
    assert judge(WANTED, [report(CLEAN), report(OTHER)]) == Verdict(
        Outcome.CLEAN, ("2 packages have no known vulnerability.",)
    )


def test_one_skipped_is_a_failure_though_the_tool_calls_it_a_pass() -> None:
    assert judge(WANTED, [report(CLEAN, SKIPPED)]) == Verdict(
        Outcome.FAILED,
        ("httpx was skipped: Dependency not found on PyPI and could not be audited: httpx (0.28.1).",),
    )


def test_a_vulnerable_one_is_a_failure_with_the_versions_that_mend_it() -> None:
    assert judge(WANTED, [report(CLEAN, VULNERABLE)]) == Verdict(
        Outcome.FAILED,
        (
            "httpx 0.28.1 has PYSEC-2026-1, mended in 0.28.2, 1.0.",
            "httpx 0.28.1 has PYSEC-2026-2, mended in no version yet.",
        ),
    )


def test_none_looked_at_is_not_run_and_never_a_pass() -> None:
    none = {**SKIPPED, "name": "starlette"}

    assert judge(WANTED, [report(none, SKIPPED)]) == Verdict(
        Outcome.NOT_RUN, ("the advisories cannot be reached from here, so none of 2 packages was looked at.",)
    )


def test_a_locked_package_of_which_no_report_speaks_is_a_failure() -> None:
    assert judge(WANTED, [report(CLEAN)]) == Verdict(
        Outcome.FAILED, ("httpx 0.28.1 is locked, and no report speaks of it.",)
    )


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [
        ("ERROR:pip_audit._cli:Could not connect to PyPI's vulnerability feed\n", Outcome.NOT_RUN),
        ("ERROR:pip_audit._cli:package click has duplicate requirements\n", Outcome.FAILED),
        ("", Outcome.FAILED),
    ],
)
def test_no_report_is_not_run_only_where_the_network_is_to_blame(trouble: str, outcome: Outcome) -> None:
    assert judge(WANTED, [report(CLEAN), Said("", trouble)]).outcome is outcome
