"""What to say where a needed heading is not known: what was seen, what came nearest, what to write.

No hint may do harm: a field that is there is never proposed, nor a column whose cells cannot be
what the field holds, nor one heading for two fields.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Sequence
from typing import NamedTuple

from clinicreport.log.fields import NEEDED, SESSION_FIELDS
from clinicreport.log.heading_rows import is_data, row_of
from clinicreport.log.headings import LONGEST, Aliases, key
from clinicreport.log.layout import LogTable
from clinicreport.log.raw_columns import below, says_who_came
from clinicreport.log.raw_kinds import is_date, is_filled, is_score
from clinicreport.log.wide_layout import names_visit
from clinicreport.reading.spreadsheet import Sheet, Value

SHOWN = 24  # headings
WIDEST = 40  # characters of one
LOOKED = 30  # rows in which headings are looked for
BELOW = 2000  # rows below them that tell what a column can be
FIT = "Run clinicreport fit with the file"
GROUPED = (
    "A form tool put the names of groups before the headings: export it without them, or name "
    "them as they stand."
)


class Headings(NamedTuple):
    """A row of headings that were seen. ``cells``: column A first."""

    sheet: Sheet
    row: int
    cells: Sequence[Value]

    @property
    def said(self) -> str:
        """The headings in words."""
        texts = [str(cell).strip() for cell in self.cells if is_filled(cell)]
        shown = [text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…" for text in texts]
        more = f" and {len(shown) - SHOWN} more" if len(shown) > SHOWN else ""
        return f"Row {self.row} says: {' | '.join(shown[:SHOWN])}{more}."

    def missing(self, aliases: Aliases) -> tuple[str, ...]:
        """The needed fields that none of the headings means."""
        there = {aliases.field(cell) for cell in self.cells}
        return tuple(name for name in NEEDED if name not in there)

    def proposed(self, aliases: Aliases) -> dict[str, str]:
        """For each of these its most likely heading."""
        return proposals(self, self.missing(aliases), aliases)


def seen_headings(sheet: Sheet, aliases: Aliases) -> Headings | None:
    """The row of a sheet that most looks like headings: the first of the most texts, no data."""
    best: Headings | None = None
    most = 1
    for row in range(1, min(sheet.rows, LOOKED) + 1):
        cells = row_of(sheet, row)
        texts = sum(isinstance(c, str) and is_filled(c) and len(c) <= LONGEST for c in cells)
        if texts > most and not is_data(cells, aliases):
            best, most = Headings(sheet, row, cells), texts
    return best


def proposals(seen: Headings, missing: Sequence[str], aliases: Aliases) -> dict[str, str]:
    """For needed fields their most likely heading among those that nothing maps to."""
    free = [
        column
        for column, cell in enumerate(seen.cells, 1)
        if isinstance(cell, str) and _is_free(cell, aliases)
    ]
    found: dict[str, str] = {}
    for name in sorted(missing, key=lambda name: name == "patient_id"):  # it can be any column
        able = [column for column in free if _can_be(seen, column, name)]
        column = _nearest(seen, able, name, aliases) or (able[0] if len(able) == 1 else None)
        if column is not None:
            free.remove(column)
            found[name] = str(seen.cells[column - 1]).strip()
    return found


def _is_free(heading: str, aliases: Aliases) -> bool:
    """Whether a heading means nothing yet, and no visit of a log with a row a patient."""
    known = aliases.field(heading) or names_visit(heading)
    return bool(key(heading)) and len(heading) <= LONGEST and not known


def ungrouped(heading: str) -> list[str]:
    """The heading without the names of groups before it: "grp_visit/patient_id"."""
    parts = re.split(r"[/:.-]", heading)
    return ["/".join(parts[at:]) for at in range(1, len(parts))]


def _nearest(seen: Headings, able: list[int], name: str, aliases: Aliases) -> int | None:
    """The column whose heading is most like one of the field's; None where none is."""
    known = [heading for heading, of in aliases.table.items() if of == name]
    likeness: dict[int, float] = {}
    for column in able:
        heading = str(seen.cells[column - 1])
        if any(aliases.field(part) == name for part in ungrouped(heading)):
            likeness[column] = 2.0
        elif near := difflib.get_close_matches(key(heading), known, n=1, cutoff=0.72):
            likeness[column] = difflib.SequenceMatcher(None, key(heading), near[0]).ratio()
    return max(likeness, key=lambda column: likeness[column]) if likeness else None


def _can_be(seen: Headings, column: int, name: str) -> bool:
    """Whether most of a column's cells are what the field holds; an empty column can be any."""
    counts = below(seen.sheet, column, seen.row, seen.row + BELOW)
    total = sum(counts.values())
    days = sum(count for value, count in counts.items() if is_date(value))
    if name == "patient_id":
        return not total or (2 * days < total and not says_who_came(counts, seen.cells[column - 1]))
    fits = days if name == "date" else sum(n for value, n in counts.items() if is_score(value))
    return 2 * fits > total or not total


def lines(
    seen: Headings | None,
    missing: Sequence[str],
    aliases: Aliases,
    sheet: str = "",
    only: str = "",
) -> str:
    """What to do about headings that are missing: ``fit``, and the very lines of ``clinic.toml``.

    ``sheet``: the sheet's name where it may be no log at all. ``only``: the line of this field.
    """
    parts = []
    found = proposals(seen, missing, aliases) if seen else {}
    found = {name: heading for name, heading in found.items() if only in ("", name)}
    if seen and any(aliases.field(part) in NEEDED for h in found.values() for part in ungrouped(h)):
        parts.append(GROUPED)
    if sheet:
        quoted = json.dumps(sheet, ensure_ascii=False)
        parts.append(
            f"If the sheet “{sheet}” is no log, write in clinic.toml under [reading]: "
            f"ignore = [{quoted}]."
        )
    if not found:
        return " ".join([*parts, f"{FIT}, or add your headings in clinic.toml under [aliases]."])
    labels = " and ".join(
        f"“{heading}” means {SESSION_FIELDS[name].label}" for name, heading in found.items()
    )
    parts.append(f"{FIT}, or, if {labels}, write in clinic.toml under [aliases]:")
    return " ".join([*parts, "\n".join(_line(name, h, aliases) for name, h in found.items())])


def _line(name: str, heading: str, aliases: Aliases) -> str:
    headings = json.dumps([*aliases.own.get(name, ()), heading], ensure_ascii=False)
    return f"{name} = {headings}"


class MissingHeadings(NamedTuple):
    """What to say of a table that lacks needed columns: ``missing`` are their fields."""

    missing: tuple[str, ...]
    headings: Headings
    aliases: Aliases
    no_log: str = ""  # the sheet's name, where another sheet is a log

    @property
    def seen(self) -> str:
        """The headings in words."""
        return self.headings.said

    @property
    def labels(self) -> str:
        """The fields in words."""
        return ", ".join(SESSION_FIELDS[name].label for name in self.missing)

    @property
    def lines(self) -> str:
        """What to do about all of them."""
        return lines(self.headings, self.missing, self.aliases, self.no_log)

    def lines_for(self, name: str) -> str:
        """What to do about one of them, beside the others."""
        return lines(self.headings, self.missing, self.aliases, self.no_log, only=name)


def missing_headings(table: LogTable, aliases: Aliases, no_log: str = "") -> MissingHeadings:
    """What to say of a table that lacks needed columns."""
    cells = row_of(table.sheet, table.heading_row)
    seen = Headings(table.sheet, table.heading_row, cells)
    return MissingHeadings(tuple(table.missing), seen, aliases, no_log)


def no_table_words(sheets: Sequence[Sheet], aliases: Aliases) -> str:
    """What to say of a book that holds no table: what was looked at, and seen there."""
    visible = [sheet for sheet in sheets if sheet.visible]
    names = [sheet.name for sheet in visible if sheet.name]
    looked = f"Looked at: {', '.join(names)}." if names else ""
    found = [seen for sheet in visible if (seen := seen_headings(sheet, aliases))]
    if not found:
        return f"{looked} {lines(None, (), aliases)}".strip()
    seen = max(found, key=lambda seen: len(seen.proposed(aliases)))
    return f"{looked} {seen.said} {lines(seen, seen.missing(aliases), aliases)}".strip()
