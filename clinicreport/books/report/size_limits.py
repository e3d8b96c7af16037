"""What a large report leaves out or cuts, so that it still opens; Summary says each of them."""

from __future__ import annotations

from collections.abc import Iterator

from clinicreport.outcomes.analysis import Analysis
from clinicreport.workbook.words import count

WHOLE = 60_000  # visits up to which sheet Sessions has every column
LIVE = 250_000  # visits up to which they are listed, and figures follow them
LISTED = 20_000  # rows of a list; the gravest or most urgent come first
ORDERED = 1_000  # columns of the sorted chart that can still be told apart


def whole(visits: int) -> bool:
    """Whether sheet Sessions has every column."""
    return visits <= WHOLE


def live(visits: int) -> bool:
    """Whether the visits are listed, so that the figures can follow them."""
    return visits <= LIVE


def left_out(analysis: Analysis, patients: int) -> Iterator[str]:
    """Everything that is left out or cut, in words."""
    visits = len(analysis.sessions)
    if not live(visits):
        yield (
            f"{count(visits, 'visit')}, over {LIVE:,}: visits are not listed and no cell holds a"
            " formula; all figures are as made, and sheets Weeks and Patient are left out"
        )
    elif not whole(visits):
        yield f"over {WHOLE:,} visits: sheet Sessions leaves out precautions, doses and notes"
    for rows, what in (
        (0 if live(visits) else patients, "Patients: patients"),
        (len(analysis.findings), "Findings: findings"),
    ):
        if rows > LISTED:
            yield f"sheet {what} {LISTED:,} of {rows:,} are listed, the gravest first"
    if analysis.clinic.evaluable > ORDERED:
        yield f"over {ORDERED:,} evaluable patients: no column for each of them on sheet Charts"
