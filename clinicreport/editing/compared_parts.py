"""The parts of a redacted package compared with the original's: formulas, texts, and all others."""

from __future__ import annotations

import re

from clinicreport.editing.emptied_rows import EmptiedSheet, Rows
from clinicreport.editing.formula_groups import Written, address, translated
from clinicreport.editing.marked_workbook import book_part, listed_sheets
from clinicreport.editing.package import Archive
from clinicreport.ground.errors import OutputError
from clinicreport.reading.seen import Place

# Parts that may change or go beside the sheets themselves.
_MAY_CHANGE = re.compile(
    r"\[content_types\]\.xml|_rels/\.rels|(?:.*/)?_rels/[^/]+\.rels|xl/sharedstrings\.xml|"
    r"xl/calcchain\.xml|docprops/thumbnail\.\w+|.*/?(?:threaded)?comments?\d*\.xml|.*\.vml|"
    r"xl/(?:charts|chartsheets)/.*\.xml|xl/(?:threaded)?comments/.*\.xml"
)
_ODS_MAY_CHANGE = re.compile(r"content\.xml|meta-inf/manifest\.xml|thumbnails/thumbnail\.png")


def sheet_names(archive: Archive, kind: str) -> dict[str, str]:
    """The name of each sheet by its part."""
    if kind == "ods":
        return {}
    listed = listed_sheets(archive, book_part(archive))
    return {sheet.part.lower(): sheet.name for sheet in listed}


def check_parts(original: bytes, new: bytes, kind: str, rows: Rows) -> None:
    """Raises OutputError where a part differs that holds none of the rows."""
    before, after = Archive(original), Archive(new)
    sheets = sheet_names(before, kind)
    allowed = _ODS_MAY_CHANGE if kind == "ods" else _MAY_CHANGE
    for name in before.names():
        mine = bool(rows.get(sheets.get(name, ""), ()))
        if not mine and not allowed.fullmatch(name) and before.read(name) != after.read(name):
            raise OutputError(f"its part {name} would not be the same")
    new_parts = set(after.names()) - set(before.names())
    if new_parts:
        raise OutputError(f"it would hold a new part: {min(new_parts)}")


def check_formulas(original: bytes, new: bytes, rows: Rows) -> None:
    """Raises OutputError where a formula of another row reads differently."""
    before, after = Archive(original), Archive(new)
    for part, name in sheet_names(before, "xlsx").items():
        mine = rows.get(name, frozenset())
        if not mine:
            continue
        nothing: frozenset[int] = frozenset()
        old = EmptiedSheet(before.xml(part), nothing).groups.written
        made = EmptiedSheet(after.xml(part), nothing).groups.written
        wanted = {where: each for where, each in old.items() if where[0] not in mine}
        for where in wanted.keys() | made.keys():
            if not (where in wanted and where in made and _same(wanted[where], made[where], where)):
                raise OutputError(
                    f"the formula in cell {address(where)} of the sheet “{name}” would not be "
                    "the same"
                )


def _same(before: Written, after: Written, where: Place) -> bool:
    """Whether two formulas read the same in a cell, whichever cell they are written in."""
    if before == after:
        return True
    texts = {translated(each.text, each.origin, where) for each in (before, after)}
    return len(texts) == 1
