"""Several forms in one clinic: how a sheet is read follows from the headings that are there.

Two therapists with two layouts, or last year's form: each is named in ``clinic.toml`` under
``[[forms]]`` with the headings that tell it (``when``) and what holds for it alone.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from clinicreport.log.heading_rows import row_of
from clinicreport.log.headings import key
from clinicreport.log.session_log import Reading
from clinicreport.reading.spreadsheet import Sheet

AS_FAR = 30  # rows in which headings are looked for


class KnownForm(NamedTuple):
    """A form: the keys of its headings, and how its sheets are read."""

    name: str
    when: frozenset[str]
    reading: Reading


def reading_for(sheet: Sheet, reading: Reading) -> Reading:
    """How a sheet is read: as the form most of whose headings stand together in it, all of them;
    else as every other sheet."""
    if not reading.forms:
        return reading
    known = {heading for form in reading.forms for heading in form.when}
    rows = [
        {key(cell) for cell in row_of(sheet, row) if isinstance(cell, str)} & known
        for row in range(1, min(sheet.rows, AS_FAR) + 1)
    ]
    rows += [one | other for one, other in pairwise(rows)]  # groups above
    there = [form for form in reading.forms if any(form.when <= row for row in rows)]
    found = max(there, key=lambda form: len(form.when), default=None)
    return found.reading if found else reading
