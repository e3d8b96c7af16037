"""Score columns of another scale than 0 to 10: never read as such, unless the clinic declares it.

A heading says so, or the numbers do: 3 or more, and at least a fifth of them, above 10. Such a
column is taken out of its table, with one finding at its heading.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from clinicreport.ground.rounding import written
from clinicreport.log.cells import Words, number, plain, shown
from clinicreport.log.declared import scale
from clinicreport.log.fields import COLUMN_FIELDS, SCORES
from clinicreport.log.layout import LogTable, OtherScale
from clinicreport.log.reporter import Spot
from clinicreport.log.scales import OWN, named_scale
from clinicreport.log.session_log import Reading
from clinicreport.log.typed_columns import typed_columns
from clinicreport.log.visit_rows import filled_rows, summary_rows
from clinicreport.reading.spreadsheet import Value, column_letters

AT_LEAST = 3  # numbers above 10
SHARE = 5  # one in five
_UP_TO = (20, 100)  # the usual ends of other scales


def without_other_scales(tables: Sequence[LogTable], reading: Reading) -> list[LogTable]:
    """The tables of one sheet, without the score columns that are on another scale.

    A visit of a wide log that has no other score is left out where another visit has one.
    """
    for table in tables:
        for name in SCORES:
            _named_otherwise(table, name, reading)
    for name in SCORES:
        if name not in reading.declared.scale:
            _counted_otherwise([table for table in tables if name in table.columns], name, reading)
    lost = [table for table in tables if table.own and _lost(table)]
    if lost and len(lost) < len(tables) and any("nrs_before" in t.columns for t in tables):
        kept = [table for table in tables if table not in lost]
        kept[0].other_scales += tuple(other for table in lost for other in table.other_scales)
        if lost[0] is tables[0]:
            kept[0].headings = tables[0].headings
        return kept
    return list(tables)


def lacking_columns(table: LogTable) -> list[str]:
    """The needed fields that have no column at all, not even one on another scale."""
    there = {other.field for other in table.other_scales}
    return [name for name in table.missing if name not in there]


def spot(table: LogTable, other: OtherScale) -> Spot:
    """The heading's cell."""
    row = table.heading_row
    cell = f"{column_letters(other.column)}{row}"
    return Spot(table.book.name, table.sheet.name, cell, row, other.field)


def in_words(table: LogTable, other: OtherScale) -> str:
    """Why a file that has no other score counts as not read, and what to do."""
    heading = str(heading_of(table, other.column)).strip()
    return (
        f"the scores under “{heading}” are on another scale ({other.why}), so they were not read "
        f"as 0 to 10. Say which in clinic.toml under [reading]: {other.line} (its own ends), or "
        "let `clinicreport fit` find out"
    )


def heading_of(table: LogTable, column: int) -> Value | object:
    """A column's heading, joined with its group where it has one."""
    texts = table.headings.texts
    joined = texts[column - 1] if column <= len(texts) else ""
    return joined or table.sheet.value(table.heading_row, column)


def _lost(table: LogTable) -> bool:
    return "nrs_before" not in table.columns and any(
        other.field == "nrs_before" for other in table.other_scales
    )


def _take_out(table: LogTable, other: OtherScale) -> None:
    """Takes a column out of its table; the next one with a heading of its field comes instead."""
    table.other_scales += (other,)
    table.columns.pop(other.field, None)
    further = [at for at, name in table.headings.duplicates if name == other.field]
    if further:
        rest = [(at, name) for at, name in table.headings.duplicates if at != further[0]]
        table.columns[other.field] = further[0]
        columns = {**table.headings.columns, other.field: further[0]}
        table.headings = table.headings._replace(columns=columns, duplicates=rest)


def _named_otherwise(table: LogTable, name: str, reading: Reading) -> None:
    """Takes out the field's columns whose heading names a scale that nobody has declared."""
    said = reading.declared.scale.get(name)
    for column in (table.columns.get(name), *_duplicates(table, name)):
        named = named_scale(str(heading_of(table, column))) if column else None
        if column is None or named is None or (said and _agrees(said, named.declared)):
            continue
        why = f"the heading names the scale {named.words}"
        if said:
            why += f", clinic.toml says {said}"
        other = OtherScale(column, name, why, named.declared)
        if column == table.columns.get(name):
            _take_out(table, other)
        else:
            table.other_scales += (other,)
            rest = [pair for pair in table.headings.duplicates if pair[0] != column]
            table.headings = table.headings._replace(duplicates=rest)


def _duplicates(table: LogTable, name: str) -> list[int]:
    return [at for at, other in table.headings.duplicates if other == name]


def _agrees(said: str, named: str) -> bool:
    """Whether a declared scale has the ends that the heading names; one that is declared for a
    heading without its ends, or upside down, does."""
    one, other = scale(said), scale(named)
    return {one.none, one.worst} in ({other.none, other.worst}, set(OWN))


def _counted_otherwise(tables: Sequence[LogTable], name: str, reading: Reading) -> None:
    """Takes out the columns whose numbers are on another scale, each by itself or all together."""
    counts = [_numbers(table, table.columns[name], reading) for table in tables]
    together = _is_other(sum((c[0] for c in counts), 0), sum((c[1] for c in counts), 0))
    together = together and all(table.own for table in tables)
    for table, (above, all_of_them, largest) in zip(tables, counts, strict=True):
        if together or _is_other(above, all_of_them):
            why = f"{above} of {all_of_them} numbers are above 10, up to {written(largest)}"
            if not above:
                why = "those of the other visits are above 10"
            worst = next((end for end in _UP_TO if largest <= end), int(largest))
            _take_out(table, OtherScale(table.columns[name], name, why, f"0-{worst}"))
            if name in table.columns:
                _counted_otherwise([table], name, reading)


def _is_other(above: int, of: int) -> bool:
    return above >= AT_LEAST and SHARE * above >= of


def _numbers(table: LogTable, column: int, reading: Reading) -> tuple[int, int, float]:
    """How many numbers of a column are above 10, how many there are, and the largest."""
    found = _counted(table, column, reading, None)
    if not _is_other(found[0], found[1]) and not table.own:
        return found
    typed = typed_columns(table, COLUMN_FIELDS, reading)
    if not {"patient_id", "date"} <= typed.keys():
        return found
    rows = np.flatnonzero(filled_rows(table) & ~summary_rows(table, typed))
    return _counted(table, column, reading, rows)


def _counted(
    table: LogTable, column: int, reading: Reading, rows: npt.NDArray[np.intp] | None
) -> tuple[int, int, float]:
    values = table.sheet.columns[column - 1].values
    codes = table.codes(column) if rows is None else table.codes(column)[rows]
    counts = np.bincount(codes, minlength=len(values)).tolist()
    above = every = 0
    largest = 0.0
    for value, count in zip(values, counts, strict=True):
        amount = _amount(value, reading.words) if count else None
        if amount is not None:
            every += count
            above += count * (amount > max(OWN))
            largest = max(largest, amount)
    return above, every, largest


def _amount(value: Value, words: Words) -> float | None:
    """A cell's number; None where it holds none, or a code for missing."""
    if isinstance(value, bool) or str(shown(value)).casefold() in words.missing:
        return None
    if isinstance(value, int | float):
        return float(value) if np.isfinite(value) else None
    if isinstance(value, str):
        text = plain(value)
        return None if text in words.missing else number(text)
    return None
