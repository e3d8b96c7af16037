"""Which findings count for a run, and in which order they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from clinicreport.log.courses import Courses
    from clinicreport.log.session_log import Located, Log


def in_scope(located: list[Located], log: Log, courses: Courses) -> list[Located]:
    """Without the findings on visits after the as-of day, or of courses out of scope.

    Visits that belong to no course count where they lie in the period.
    """
    kept = courses.visits.only(courses.visits.flags("looked_at"))
    if len(kept) == len(log.visits):
        return located
    gone = ~np.isin(np.arange(len(log.visits)), kept["place"])
    places = log.places(log.visits.where(gone))
    return [item for item in located if (item.source, item.row) not in places]


def in_order(located: list[Located], log: Log) -> list[Located]:
    """Findings in the order of the inputs, then as one reads a sheet."""
    files: dict[str, int] = {}
    for source in log.sources:
        files.setdefault(source.file, len(files))
    sheets: dict[tuple[str, str], int] = {}
    for item in located:
        sheets.setdefault((item.finding.file, item.finding.sheet), len(sheets))

    def place(item: Located) -> tuple[int, int, int, int, str]:
        finding = item.finding
        at = sheets[finding.file, finding.sheet]
        return (files.get(finding.file, 0), at, finding.row or 0, len(finding.cell), finding.cell)

    return sorted(located, key=place)
