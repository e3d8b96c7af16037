"""Says whether the Sessions sheet is as made: above each column that figures rest on, and in a line.

Scores stand beside a copy of what they were. Of other columns a sum is kept to which every row adds
its own, irrational weight, so that one changed cell, or several, change it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from clinicreport.books.report.ordered_visits import NO_EVENT
from clinicreport.books.report.patient_formulas import AS_MADE, usable
from clinicreport.workbook import words
from clinicreport.workbook.page import Cell, Formula, Page
from clinicreport.workbook.table import Table, address

if TYPE_CHECKING:
    import numpy.typing as npt

MARK = "report_as_made"  # the defined name of the line
EDITED = f'LEFT({MARK},6)="EDITED"'
_LONGEST = 250  # characters of one text in a formula; Excel takes 255
EVENT = "Adverse event"
# Told by their copy, by their order, or looked at by no figure.
NOT_SUMMED = {"Line", "NRS before", "As made", "File", "Sheet", "Cell", "Row", "Notes", "Therapist"}
MOST_WORDS = 8  # of a column of words; of more it is seen where they repeat
_PLAIN = re.compile("[a-z0-9 ,.:/-]{1,60}")  # a word that may stand in a formula
WEIGHT = 0.618  # power of the row's number
FILLED = 1.7  # what a filled cell weighs beside its number, so that 0 is not blank
TOLERANCE = 0.005
BELOW = 500  # rows under the table that are looked at
AGAIN = "correct the log and run again"
NO_VISIT = (
    " Where a row of the log holds several visits, one without a score is none: visits listed and"
    " counted, days of treatment, and why somebody is not evaluable do not follow: run again."
)
STATIC = ("To do", "Findings", "Evidence", "Adherence and safety")  # rest on scores, as made
NOT_FOLLOWED = f"Not followed: sheets {', '.join(STATIC)}, and whatever says “{words.AS_MADE}”."
NONE_FOLLOWS = "Not followed: every other sheet."


def place_marks(page: Page, table: Table, columns: Mapping[str, Sequence[Cell]]) -> None:
    """Above each summed column the word "edited" once it is no longer as made."""
    row = table.top - 1
    style = page.styles.laid("lead", font_color="error", bold=True)
    for at, heading in enumerate(table.headings):
        if heading not in NOT_SUMMED:
            formula, made = _sum(table, heading, columns)
            same = f"IFERROR(ABS({formula}-{made:.15g})<{TOLERANCE},FALSE)"
            page.put(row, at, Formula(f'=IF({same},"","edited")', ""), style)


def line(table: Table, *, evaluable: bool, weeks: int, wide: bool) -> Formula:
    """The line; ``evaluable``: somebody was when made, ``weeks``: the last week that is shown,
    ``wide``: a row of a log holds several visits."""
    scores, made = table.column("NRS before"), table.column("As made")
    number = f'SUMPRODUCT(--({scores}&""<>{made}&""))'
    flags = _area(table, table.top - 1, table.top - 1)
    others = f'COUNTIF({flags},"edited")'
    moved = (
        "Rows of sheet Sessions were sorted, added or deleted, or a column is gone, and figures are"
        f" wrong: {AGAIN}."
    )
    beside = f'&" score(s) and "&{others}&" other column(s), which figures do not follow: {AGAIN}."'
    nobody = "Nobody could be evaluated when made, and charts are missing:"
    rest = "The sheets that Summary names do not follow:" if evaluable else nobody
    tests = f'{table.column("Chart week")},">{weeks}",{usable(scores)}'
    later = f'IF(COUNTIFS({tests})>0," Weeks after {weeks} are not shown."," ")'
    changed = (
        f'{number}&" score(s). {rest} run again."&{later}{_unfollowed(scores, made, wide=wide)}'
    )
    edited = f"IF({others}>0,{number}{beside},{changed})"
    text = (
        f'IF({_moved(table)},"EDITED since made: {moved}",IF({number}+{others}=0,"{AS_MADE}",'
        f'"EDITED since made: "&{edited}))'
    )
    return Formula(f'=IFERROR({text},"EDITED since made: {AGAIN}.")', AS_MADE)


def _unfollowed(scores: str, made: str, *, wide: bool) -> str:
    """What a run may take in another way than the formulas: texts, and visits left empty."""
    text = f'&IF(COUNTIF({scores},"?*")>0," A text counts as no score here: run again.","")'
    if not wide:
        return text
    gone = f"SUMPRODUCT(ISNUMBER({made})*(1-ISNUMBER({scores})))>0"
    return f'{text}&IF({gone},"{NO_VISIT}","")'


def not_followed(otherwise: str) -> Formula:
    """Which sheets do not follow, to stand below the line; ``otherwise``: as made."""
    named = f'IF(ISNUMBER(SEARCH("{AGAIN}",{MARK})),"{NONE_FOLLOWS}","{NOT_FOLLOWED}")'
    return Formula(f"=IF({EDITED},{named},{literal(otherwise)})", otherwise)


def literal(text: str) -> str:
    """A text as formulas want it."""
    parts = [text[at : at + _LONGEST] for at in range(0, len(text), _LONGEST)] or [""]
    return "&".join('"' + part.replace('"', '""') + '"' for part in parts)


def _moved(table: Table) -> str:
    """Whether the lines count no longer from 1 on, each one more than the line above it, or a
    column is gone."""
    own, last = table.column("Line"), table.rows - 1
    below = _area(table, table.below, table.below + BELOW)
    steps = f"{table.span('Line', 1, last)}-{table.span('Line', 0, last - 1)}"
    tests = [
        f"{table.at('Line', 0)}<>1",
        f"ROW({table.at('Line', 0)})-ROW({_cell(table, 0)})<>2",
        *([f"SUMPRODUCT(--({steps}<>1))>0"] if last else []),
        f"ROWS({own})<>{table.rows}",
        f"COUNTA({below})>0",
        f"COLUMNS({_area(table, table.top, table.top)})<{len(table.headings)}",
    ]
    return f"OR({','.join(tests)})"


def _area(table: Table, first: int, last: int) -> str:
    """The cells of these rows, as wide as the table."""
    end = address(table.sheet, last, table.right - 1).rpartition("!")[2]
    return f"{address(table.sheet, first, table.left)}:{end}"


def _cell(table: Table, column: int) -> str:
    return address(table.sheet, table.top - 1, table.left + column)


def _sum(table: Table, heading: str, columns: Mapping[str, Sequence[Cell]]) -> tuple[str, float]:
    """A column's weighted sum as a formula, and what it is as made."""
    import numpy as np

    cells, values = table.column(heading), columns[heading]
    weights = _weights(len(values))
    weight = f"sessions[Line]^{WEIGHT}"
    if set(map(type, values)) <= {int, float, type(None)}:
        numbers = np.array(values, dtype=float)
        filled = ~np.isnan(numbers)
        numbers[~filled] = 0
        base = int(numbers[filled].min(initial=np.inf)) if filled.any() else 0
        formula = f'SUMPRODUCT({weight}*({cells}-{base}+{FILLED}*({cells}<>"")))'
        return formula, float((weights * (numbers - base + FILLED * filled)).sum())
    distinct = list(dict.fromkeys(values))
    found = _words(heading, distinct)
    if found is None:
        formula, repeated = _repeats(table, heading, values, distinct)
        filled = np.array([value is not None for value in values])
        return f'SUMPRODUCT({weight}*({cells}<>"")){formula}', repeated + float(weights @ filled)
    classes = {word: 2.0**at for at, word in enumerate(found, start=1)}
    tests = "".join(f'+{value:g}*({cells}="{word}")' for word, value in classes.items())
    worth = {value: (value is not None) + classes.get(_word(value), 0.0) for value in distinct}
    own = np.fromiter(map(worth.__getitem__, values), float, len(values))
    return f'SUMPRODUCT({weight}*(({cells}<>""){tests}))', float((weights * own).sum())


@lru_cache(maxsize=1)
def _weights(rows: int) -> npt.NDArray[Any]:
    """What each row weighs."""
    import numpy as np

    return np.arange(1, rows + 1) ** WEIGHT


def _repeats(
    table: Table, heading: str, values: Sequence[Cell], distinct: Sequence[Cell]
) -> tuple[str, float]:
    """For texts that are too many to name: which rows repeat the text above."""
    import numpy as np

    last = table.rows - 1
    if not last:
        return "", 0.0
    below, above = table.span(heading, 1, last), table.span(heading, 0, last - 1)
    formula = f"+SUMPRODUCT({table.span('Line', 1, last)}^{WEIGHT}*({below}={above}))"
    words = {value: _word(value) for value in distinct}
    numbers = {word: at for at, word in enumerate(dict.fromkeys(words.values()))}
    told = {value: numbers[word] for value, word in words.items()}
    texts = np.fromiter(map(told.__getitem__, values), int, len(values))
    same = texts[1:] == texts[:-1]
    return formula, float((_weights(len(values))[1:] * same).sum())


def _words(heading: str, distinct: Sequence[Cell]) -> list[str] | None:
    """The words that a column's cells are told apart by; programs compare them in any case."""
    if heading == EVENT:
        return sorted(NO_EVENT)
    found = sorted({_word(value) for value in distinct if value is not None})
    few = len(found) <= MOST_WORDS and all(map(_PLAIN.fullmatch, found))
    return found if few else None


def _word(value: Cell) -> str:
    return "" if value is None else str(value).lower()
