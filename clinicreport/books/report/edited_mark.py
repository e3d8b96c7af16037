"""Says whether the Sessions sheet is as made: above each column that figures rest on, and in a line.

Scores stand beside a copy of what they were. Of other columns a sum is kept to which every row adds
its own, irrational weight, so that one changed cell, or several, change it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from clinicreport.books.report.ordered_visits import NO_EVENT
from clinicreport.books.report.patient_formulas import AS_MADE, USABLE
from clinicreport.workbook import words
from clinicreport.workbook.page import Cell, Formula, Page
from clinicreport.workbook.table import Table, address

MARK = "report_as_made"  # the defined name of the line
EDITED = f'LEFT({MARK},6)="EDITED"'
_LONGEST = 250  # characters of one text in a formula; Excel takes 255
EVENT = "Adverse event"
# Told by their copy, by their order, or looked at by no figure.
NOT_SUMMED = {"Line", "NRS before", "As made", "File", "Sheet", "Cell", "Row", "Notes", "Therapist"}
MOST_WORDS = 8  # of a column of words
_PLAIN = re.compile("[a-z0-9 ,.:/-]{1,60}")  # a word that may stand in a formula
WEIGHT = 0.618  # power of the row's number
FILLED = 1.7  # what a filled cell weighs beside its number, so that 0 is not blank
TOLERANCE = 0.005
BELOW = 500  # rows under the table that are looked at
AGAIN = "correct the log and run again"
STATIC = ("To do", "Findings", "Evidence", "Adherence and safety")  # rest on scores, as made
NOT_FOLLOWED = f"Not followed: sheets {', '.join(STATIC)}, and whatever says “{words.AS_MADE}”."
NONE_FOLLOWS = "Not followed: every other sheet."


def place_marks(page: Page, table: Table, columns: Mapping[str, Sequence[Cell]]) -> None:
    """Above each summed column the word "edited" once it is no longer as made."""
    row = table.top - 1
    style = page.styles.laid("lead", font_color="error", bold=True)
    for at, heading in enumerate(table.headings):
        summed = heading not in NOT_SUMMED and _sum(table.column(heading), heading, columns)
        if summed:
            formula, made = summed
            same = f"IFERROR(ABS({formula}-{made:.15g})<{TOLERANCE},FALSE)"
            page.put(row, at, Formula(f'=IF({same},"","edited")', ""), style)


def line(table: Table, *, evaluable: bool, weeks: int) -> Formula:
    """The line; ``evaluable``: somebody was when made, ``weeks``: the last week that is shown."""
    scores, made = table.column("NRS before"), table.column("As made")
    number = f'SUMPRODUCT(--({scores}&""<>{made}&""))'
    flags = f"{_cell(table, 0)}:{_cell(table, len(table.headings) - 1)}"
    others = f'COUNTIF({flags},"edited")'
    moved = f"The rows of sheet Sessions were sorted, added or deleted, figures are wrong: {AGAIN}."
    beside = f'&" score(s) and "&{others}&" other column(s), which figures do not follow: {AGAIN}."'
    nobody = "Nobody could be evaluated when made, and charts are missing:"
    rest = "The sheets that Summary names do not follow:" if evaluable else nobody
    tests = f'{table.column("Chart week")},">{weeks}",{USABLE.format(scores)}'
    later = f'IF(COUNTIFS({tests})>0," Weeks after {weeks} are not shown."," ")'
    changed = f'{number}&" score(s). {rest} run again."&{later}'
    edited = f"IF({others}>0,{number}{beside},{changed})"
    text = (
        f'IF({_moved(table)},"EDITED since made: {moved}",IF({number}+{others}=0,"{AS_MADE}",'
        f'"EDITED since made: "&{edited}))'
    )
    return Formula(f'=IFERROR({text},"EDITED since made: {AGAIN}.")', AS_MADE)


def not_followed(otherwise: str) -> Formula:
    """Which sheets do not follow, to stand below the line; ``otherwise``: as made."""
    named = f'IF(ISNUMBER(SEARCH("{AGAIN}",{MARK})),"{NONE_FOLLOWS}","{NOT_FOLLOWED}")'
    return Formula(f"=IF({EDITED},{named},{literal(otherwise)})", otherwise)


def literal(text: str) -> str:
    """A text as formulas want it."""
    parts = [text[at : at + _LONGEST] for at in range(0, len(text), _LONGEST)] or [""]
    return "&".join('"' + part.replace('"', '""') + '"' for part in parts)


def _moved(table: Table) -> str:
    """Whether the lines count no longer from 1 on, each one more than the line above it."""
    own, last = table.column("Line"), table.rows - 1
    below = (
        address(table.sheet, table.below, table.left),
        address(table.sheet, table.below + BELOW, table.right - 1).rpartition("!")[2],
    )
    steps = f"{table.span('Line', 1, last)}-{table.span('Line', 0, last - 1)}"
    tests = [
        f"{table.at('Line', 0)}<>1",
        f"ROW({table.at('Line', 0)})-ROW({_cell(table, 0)})<>2",
        *([f"SUMPRODUCT(--({steps}<>1))>0"] if last else []),
        f"ROWS({own})<>{table.rows}",
        f"COUNTA({':'.join(below)})>0",
    ]
    return f"OR({','.join(tests)})"


def _cell(table: Table, column: int) -> str:
    return address(table.sheet, table.top - 1, table.left + column)


def _sum(
    cells: str, heading: str, columns: Mapping[str, Sequence[Cell]]
) -> tuple[str, float] | None:
    """A column's weighted sum as a formula, and what it is as made; None where it has none."""
    import numpy as np

    values = columns[heading]
    weights = np.arange(1, len(values) + 1) ** WEIGHT
    weight = f"sessions[Line]^{WEIGHT}"
    filled = np.array([value is not None for value in values])
    if set(map(type, values)) <= {int, float, type(None)}:
        numbers = np.array([0.0 if value is None else value for value in values], dtype=float)
        base = int(numbers[filled].min(initial=np.inf)) if filled.any() else 0
        formula = f'SUMPRODUCT({weight}*({cells}-{base}+{FILLED}*({cells}<>"")))'
        return formula, float((weights * (numbers - base + FILLED * filled)).sum())
    found = _words(heading, values)
    if found is None:
        return None
    classes = {word: 2.0**at for at, word in enumerate(found, start=1)}
    tests = "".join(f'+{value:g}*({cells}="{word}")' for word, value in classes.items())
    worth = {value: classes.get(_word(value), 0.0) for value in dict.fromkeys(values)}
    own = np.array([worth[value] for value in values])
    return f'SUMPRODUCT({weight}*(({cells}<>""){tests}))', float((weights * (filled + own)).sum())


def _words(heading: str, values: Sequence[Cell]) -> list[str] | None:
    """The words that a column's cells are told apart by; programs compare them in any case."""
    if heading == EVENT:
        return sorted(NO_EVENT)
    found = sorted({_word(value) for value in dict.fromkeys(values) if value is not None})
    plain = all(_PLAIN.fullmatch(word) for word in found)
    return found if plain and len(found) <= MOST_WORDS else None


def _word(value: Cell) -> str:
    return "" if value is None else str(value).lower()
