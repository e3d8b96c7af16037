"""Scores of a declared scale as points from 0 to 10, exactly.

A score x of the scale a-b counts as 10 · (x - a) / (b - a). The cell's own value stays what
findings show, and stands beside the score on the report's Sessions sheet.
"""

from __future__ import annotations

import math
import re

from clinicreport.ground.rounding import written
from clinicreport.log.cells import Read, Words, number, plain, read_score
from clinicreport.log.declared import Scale
from clinicreport.reading.spreadsheet import Percent, Value

_OF = r"(?:/|out of|of|von|sur|de|sobre)"
_SCORE = rf"([+-]?\d+(?:[.,]\d+)?)\s*(mm|%)?(?:\s*{_OF}\s*(\d+))?"
_MILLIMETRES = 100


def read_rescaled(value: Value, words: Words, scale: Scale) -> Read:
    """One cell of a declared scale: its score from 0 to 10, or a finding on the scale as it is."""
    usual = read_score(value, words)
    if usual.blank or usual.rule in ("error-cell", "uncached-formula"):
        return usual
    own = _own_value(value, scale)
    if own is None:
        detail = usual.detail if usual.rule == "bad-score" else ""
        return Read(rule="bad-score", detail=detail or f" ({_ends(scale)})")
    if scale.percent and 0 < own < 1 and not isinstance(value, Percent | str):
        return Read(rule="bad-score", detail=": it may be a share of 1 or a per cent")
    score = scale.score(own)
    if not 0 <= score <= 10:
        return Read(rule="score-out-of-range", detail=_ends(scale))
    whole = own == int(own) or abs(scale.worst - scale.none) <= 1
    return Read(float(score), rule="" if whole else "score-decimal")


def _ends(scale: Scale) -> str:
    low, high = sorted((scale.none, scale.worst))
    said = f"{written(low)} to {written(high)}"
    return f"{said} per cent" if scale.percent else f"{said}, as declared in clinic.toml"


def _own_value(value: Value, scale: Scale) -> float | None:
    """The number of a cell on its own scale; None where it holds none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, Percent):
        return float(f"{100 * value.number:.12g}") if scale.percent else None
    if isinstance(value, int | float):
        return float(value) + 0.0 if math.isfinite(value) else None
    match = re.fullmatch(_SCORE, plain(value)) if isinstance(value, str) else None
    if not match:
        return None
    worst = max(scale.none, scale.worst)
    fits = {"mm": worst == _MILLIMETRES and not scale.percent, "%": scale.percent, None: True}
    of = match[3] is None or float(match[3]) == worst
    return number(match[1]) if fits[match[2]] and of else None
