"""What the demo leaves unclear on purpose, as real plans and frameworks do, and what is done about it."""

from collections.abc import Sequence
from typing import Any, Final

Unclear = Sequence[tuple[str, str, str]]

OF_TRUST: Final = (("D-O1", "code_undefined", "whoever wrote the plan is asked whom the code stands for"),)
OF_PLANS: Final = (
    ("D-O2", "amount_provisional", "the finance committee confirms the amount in January"),
    ("D-O3", "due_unresolved", "the academy is asked for a day; until then it is never overdue"),
    ("D-O4", "due_missing", "the academy is asked for a date"),
    ("D-O5", "lead_missing", "the head names a lead at the next review"),
    ("D-O6", "week_unresolved", "the month stands for the week"),
)
OF_FRAMEWORKS: Final = (
    ("D-O7", "measure_overlap", "the tests of the gap nest on purpose: the first match in stage order counts"),
    ("D-O8", "cadence_missing", "in the last stage it is left to the academy"),
    ("D-O9", "period_missing", "the finance team is asked in what period its reviews are counted"),
    ("D-O10", "numeric_bands_missing", "people rate it"),
    ("D-O11", "bands_missing", "people rate it until the survey of estates is in"),
    ("D-O12", "definition_undefined", "the people team is asked for the definition"),
    ("D-O13", "term_undefined", "the board is asked for another word"),
)


def oddities(unclear: Unclear) -> list[dict[str, Any]]:
    """Each is found by rule, wherever in the trust, the plan or the framework it is so."""
    return [{"ref": ref, "code": code, "label": label, "byRule": True} for ref, code, label in unclear]
