"""How one cell is read where the clinic has declared something about its field."""

from __future__ import annotations

from collections.abc import Callable

from clinicreport.log.cells import BLANK, Read, plain, reader, shown
from clinicreport.log.declared import Declared, Split, scale
from clinicreport.log.field import Field
from clinicreport.log.rescaled import read_rescaled
from clinicreport.log.session_log import Reading
from clinicreport.reading.spreadsheet import Value


def in_the_clinics_words(value: Value, name: str, declared: Declared) -> Value:
    """What the clinic says that a cell's word means in a field; the cell's value where nothing."""
    own = declared.values.get(name)
    if not own:
        return value
    words = {plain(word): said for word, said in own.items()}
    return words.get(plain(value if isinstance(value, str) else str(shown(value))), value)


def cell_reader(
    name: str, field_: Field, reading: Reading, *, split: bool
) -> Callable[[Value], Read]:
    """The reader of a field's cells: its kind's, or as declared. ``split``: a cell of the column
    holds before and after."""
    declared = reading.declared
    said = declared.scale.get(name)
    usual = reader(field_)
    if not (split or said or declared.values.get(name)):
        return lambda value: usual(value, reading.words)

    def read(value: Value) -> Read:
        if split and declared.split:
            value, blank = half(value, declared.split, after=name == "nrs_after")
            if blank:
                return BLANK
        value = in_the_clinics_words(value, name, declared)
        if said:
            return read_rescaled(value, reading.words, scale(said))
        return usual(value, reading.words)

    return read


def half(value: Value, split: Split, *, after: bool) -> tuple[Value, bool]:
    """The part of a cell before or after what stands between, and whether that is blank.

    A cell without it holds the score before.
    """
    by = split.by.strip() or split.by
    if not isinstance(value, str) or by not in value:
        return value, after
    first, _, second = value.strip().partition(by)
    return (second, not second.strip()) if after else (first, not first.strip())
