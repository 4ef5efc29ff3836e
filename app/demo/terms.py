"""The demo trust's calendar: four academic years with invented dates."""

from typing import Any, Final

_YEARS: Final = {
    2023: (
        ("Autumn", "2023-09-04", "2023-10-20", "2023-10-30", "2023-12-20"),
        ("Spring", "2024-01-04", "2024-02-16", "2024-02-26", "2024-03-28"),
        ("Summer", "2024-04-15", "2024-05-24", "2024-06-03", "2024-07-19"),
    ),
    2024: (
        ("Autumn", "2024-09-03", "2024-10-25", "2024-11-04", "2024-12-20"),
        ("Spring", "2025-01-06", "2025-02-14", "2025-02-24", "2025-04-04"),
        ("Summer", "2025-04-22", "2025-05-23", "2025-06-02", "2025-07-22"),
    ),
    2025: (
        ("Autumn", "2025-09-02", "2025-10-24", "2025-11-03", "2025-12-19"),
        ("Spring", "2026-01-05", "2026-02-13", "2026-02-23", "2026-03-27"),
        ("Summer", "2026-04-13", "2026-05-22", "2026-06-01", "2026-07-21"),
    ),
    2026: (
        ("Autumn", "2026-09-02", "2026-10-23", "2026-11-02", "2026-12-18"),
        ("Spring", "2027-01-04", "2027-02-12", "2027-02-22", "2027-03-25"),
        ("Summer", "2027-04-12", "2027-05-28", "2027-06-07", "2027-07-22"),
    ),
}
"""By the year they begin in: each term's name, and the first and last day of its two half-terms."""


def academic_years() -> list[dict[str, Any]]:
    return [
        {
            "code": f"{year}/{(year + 1) % 100}",
            "startsOn": f"{year}-09-01",
            "endsOn": f"{year + 1}-08-31",
            "terms": [_term(no, *dates) for no, dates in enumerate(terms, start=1)],
        }
        for year, terms in _YEARS.items()
    ]


def _term(no: int, name: str, first: str, before_break: str, after_break: str, last: str) -> dict[str, Any]:
    half_terms = ((1, first, before_break), (2, after_break, last))
    return {
        "no": no,
        "name": name,
        "startsOn": first,
        "endsOn": last,
        "halfTerms": [{"no": half, "startsOn": start, "endsOn": end} for half, start, end in half_terms],
    }
