"""Rows that sum up a table or explain it: no visits."""

from __future__ import annotations

import re

from clinicreport.log.cells import plain, unaccented
from clinicreport.reading.spreadsheet import Value

_TOTAL = re.compile(
    r"(?:grand |sub-?|monthly |overall )?(?:totals?|sum|means?|averages?|avg|counts?|medians?|"
    r"minimum|maximum|range|std\.?|std\.? ?dev\.?|standard deviation|sd|n|summe|gesamt|mittelwert|"
    r"durchschnitt|anzahl|somme|moyenne|nombre|suma|promedio|media|numero)"
    r"(?:\s*[:=(].*|\s+(?:of|for|per|nrs|pain|sessions?|visits?|patients?|minutes?|score|scores|all|"
    r"reduction|before|after|duration|month|week|der|des|de|von|du)\b.*|\s*\d*)"
)


def says_total(value: Value) -> bool:
    """Whether a row's first filled cell says that the row is a total, a mean, a count …"""
    return isinstance(value, str) and _TOTAL.fullmatch(unaccented(plain(value))) is not None
