"""Questions that are asked of a column and of a run's findings alike, each worded once."""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Sequence

from clinicreport.log.fit.learnt import Choice

TWO_ROWS = (
    Choice("reading.rows", "before-and-after", "Before, then after: one visit"),
    Choice("reading.two_sessions_a_day", value=True, words="Two sessions"),
    Choice("", None, "neither: they are to be looked at"),
)


def order_words(examples: Sequence[str]) -> tuple[str, dict[str, str]]:
    """The question for the order of text dates, and what each order makes of the first of some
    dates that can be read both ways."""
    for text in examples:
        parts = [int(part) for part in re.findall(r"\d+", text)]
        if len(parts) >= 3 and parts[0] != parts[1] and all(1 <= at <= 12 for at in parts[:2]):
            one, other = parts[:2]
            days = f"{one} {month_name[other]}", f"{other} {month_name[one]}"
            ways = dict(zip(("day-first", "month-first"), days, strict=True))
            return f"Is {text} {days[0]} or {days[1]}?", ways
    first = f"In {examples[0]}" if examples else "In its dates"
    return f"{first}: what stands first?", {"day-first": "the day", "month-first": "the month"}
