"""What the cells of a column say together, before anybody knows what the column is."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from clinicreport.log.answer_words import MISSING
from clinicreport.log.attendance import ASKED
from clinicreport.log.cells import NO, VISIT_TYPES, YES, plain, unaccented
from clinicreport.log.raw_kinds import is_filled
from clinicreport.reading.spreadsheet import Sheet, Value

LONGEST_WORDS = 60  # characters of a cell that says whether somebody came


def below(sheet: Sheet, column: int, row: int, last: int | None = None) -> dict[Value, int]:
    """The filled cells of a column below a row, up to ``last``: how often each value stands."""
    raw = sheet.columns[column - 1]
    codes = np.frombuffer(raw.codes, dtype=np.uint32)[row:last]
    counts = np.bincount(codes, minlength=len(raw.values)).tolist()
    pairs = zip(raw.values, counts, strict=True)
    return {value: count for value, count in pairs if count and is_filled(value)}


def says_who_came(counts: Mapping[Value, int], heading: Value) -> bool:
    """Whether most of the cells say that somebody came or not, and one at least that not.

    Yes and no say so below a heading that asks for it.
    """
    words = re.split(r"\W+", unaccented(plain(heading))) if isinstance(heading, str) else []
    asked = not ASKED.isdisjoint(words)
    total = said = absent = 0
    for value, count in counts.items():
        text = _first_words(value)
        if text in MISSING:
            continue
        away = text in VISIT_TYPES["not-attended"] or (asked and text in NO)
        total += count
        said += count * (away or text in _CAME or (asked and text in YES))
        absent += count * away
    return absent > 0 and 2 * said > total


_CAME = frozenset(VISIT_TYPES["treatment"]) - {"t", "s", "rx", "tx"}


def _first_words(value: Value) -> str:
    """A cell's words up to a comma or bracket, or the whole: "cancelled (ill)", "no-show"."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = unaccented(plain(str(value)))[:LONGEST_WORDS].strip(" .!")
    if text in VISIT_TYPES["not-attended"]:
        return text
    return re.split(r"\s*[,;:(–]|\s-\s", text)[0].strip(" .!")
