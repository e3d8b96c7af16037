"""Words and columns that several sheets of the network's report use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clinicreport.ground.rounding import bare_share, points
from clinicreport.outcomes.intervals import Interval
from clinicreport.outcomes.network.funnel import FEWEST
from clinicreport.outcomes.network.network_figures import NetworkFigures
from clinicreport.outcomes.network.network_result import NetworkClinic
from clinicreport.workbook.page import Cell
from clinicreport.workbook.table import Column

NONE = "–"
VERDICTS = {
    "within": "within the limits",
    "above 95": "above the 95 % limit",
    "below 95": "below the 95 % limit",
    "above 99.8": "above the 99.8 % limit",
    "below 99.8": "below the 99.8 % limit",
    "not judged": f"not judged: under {FEWEST}",
}


def verdict(clinic: NetworkClinic) -> str:
    """Where a clinic lies in the funnel, in words."""
    if clinic.verdict == "not judged" and clinic.figures.evaluable >= FEWEST:
        return "not judged: no other clinic"
    return VERDICTS[clinic.verdict]


def verdict_style(clinic: NetworkClinic) -> str:
    """A colour beside the words."""
    if clinic.verdict.endswith("99.8"):
        return "cell_error"
    if clinic.verdict.endswith("95"):
        return "cell_warning"
    return "cell_muted" if clinic.verdict == "not judged" else "cell"


def interval(ends: Interval | None, words: Callable[[float], str] = points) -> str:
    """As in "2.1 to 3.4"; a dash where there is none. ``words``: of one end."""
    return NONE if ends is None else " to ".join(words(end) for end in ends)


def share_interval(ends: Interval | None) -> str:
    """As in "36.5 to 75.5 %"."""
    return interval(ends, bare_share) + (" %" if ends else "")


def figure(
    heading: str, value: Callable[[NetworkFigures], Any], style: str, width: float = 10
) -> Column[NetworkClinic]:
    """A column of one figure; a dash where it is undefined."""

    def cell(clinic: NetworkClinic) -> Cell:
        found: Cell = value(clinic.figures)
        return NONE if found is None else found

    return Column(heading, cell, style, width)


def with_interval(
    heading: str, value: Callable[[NetworkFigures], Any], ends: str, style: str
) -> list[Column[NetworkClinic]]:
    """A figure and its 95 % interval beside it: never one without the other.

    ``value`` gives the figure and its interval; ``ends``: the interval's heading.
    """
    words = share_interval if style == "cell_share" else interval
    return [
        figure(heading, lambda f: value(f)[0], style, 10),
        Column(ends, lambda c: words(value(c.figures)[1]), "cell_centre", 15),
    ]
