"""What the demo trust's framework assures: rating scales, sections of lines, indicators with their bands."""

from decimal import Decimal
from typing import Any, Final

from app.demo.assurance_words import EVIDENCE, INDICATORS, REPORT, SCALES, SECTIONS
from app.domain.ranges import Range

_FORMER_ENDS: Final = {1: {"attendance-rate": {"[95": "[94", "95)": "94)"}}}
"""Ends of bands that were elsewhere in an earlier edition."""


def scales() -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "label": label,
            "levels": [
                {
                    "code": level,
                    "colour": colour,
                    "labels": [{"context": context, "label": text} for context, text in labels.items()],
                }
                for level, colour, labels in levels
            ],
        }
        for code, label, levels in SCALES
    ]


def sections(edition: int) -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "label": label,
            "scale": scale,
            "lines": [
                {
                    "code": line,
                    "label": name,
                    "indicators": [_indicator(indicator, edition) for indicator in indicators],
                    "statements": [
                        {"code": f"{line}-{level}", "level": level, "label": text} for level, text in said.items()
                    ],
                }
                for line, name, indicators, said in lines
            ],
        }
        for code, label, scale, lines in SECTIONS
    ]


def report_and_evidence() -> dict[str, list[dict[str, Any]]]:
    return {
        "reportSections": [{"code": code, "label": label} for code, label in REPORT],
        "evidenceKinds": [{"code": code, "label": label} for code, label in EVIDENCE],
    }


def _indicator(code: str, edition: int) -> dict[str, Any]:
    label, unit, direction, more, bands = INDICATORS[code]
    former = _FORMER_ENDS.get(edition, {}).get(code, {})
    told = {name: Decimal(value) if name.startswith("range") else value for name, value in more.items()}
    return {
        "code": code,
        "label": label,
        "metric": code,
        "unit": unit,
        "direction": direction,
        **told,
        "bands": [
            _band(no, level, lo and former.get(lo, lo), hi and former.get(hi, hi))
            for no, (level, lo, hi) in enumerate(bands, start=1)
        ],
    }


def _band(no: int, level: str, lo: str | None, hi: str | None) -> dict[str, Any]:
    """Ends are told as mathematics writes them: "[92" from 92 on, "95)" up to but without 95."""
    within = Range(
        lo=Decimal(lo[1:]) if lo else None,
        lo_included=lo is not None and lo.startswith("["),
        hi=Decimal(hi[:-1]) if hi else None,
        hi_included=hi is not None and hi.endswith("]"),
    )
    return {
        "no": no,
        "level": level,
        "lo": within.lo,
        "loIncluded": within.lo_included,
        "hi": within.hi,
        "hiIncluded": within.hi_included,
        "printed": str(within),
    }
