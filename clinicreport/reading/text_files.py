"""CSV and its relatives: encoding and delimiter are found out, every cell is text.

A row of the sheet is a record of the file, which is how Excel counts when it opens the file: a
line break inside quotation marks starts no row, a blank line is a row.
"""

from __future__ import annotations

import re
from array import array

from clinicreport.ground.rounding import file_size
from clinicreport.reading import RefusedError, other_texts, sniff
from clinicreport.reading.encodings import decode
from clinicreport.reading.grid import MOST_COLUMNS, Grid, check_text_area
from clinicreport.reading.records import Records, find_cutting
from clinicreport.reading.spreadsheet import Sheet, TextEnd

LARGEST = 250_000_000  # bytes; a million visits take about 150 MB
_END_MARK = "\x1a"  # that DOS programs write behind the text
# ="007", =""007"" and '007 keep Excel from making a number of a text.
_KEPT = re.compile(r"""="(?P<formula>[^"]*)"|'(?P<quoted>[^']+)'|'(?P<marked>[\w=+@-][^']*)""")


def read(data: bytes) -> tuple[Sheet, str]:
    """The one sheet of a text file, whose name is empty; and its encoding's name where that was
    guessed. Raises RefusedError."""
    if len(data) > LARGEST:
        raise RefusedError(f"is larger than {file_size(LARGEST)}: split the log")
    decoded = decode(data)
    text = decoded.text.rstrip(_END_MARK)
    other_texts.check_kind(text)
    sniff.check_markup(text)
    records = Records(text, find_cutting(text))
    grid = Grid()
    lengths = array("I")
    filled = 0
    for chunk in records:
        width = max(map(len, chunk))
        if width > MOST_COLUMNS:
            raise RefusedError(
                f"has a line of {width:,} cells: ask for it again, or open it in Excel "
                "and save it as .xlsx"
            )
        counts = array("I", map(len, chunk))
        filled += sum(counts)
        check_text_area(grid.rows + len(chunk), max(width, grid.width), filled)
        grid.extend_ragged(chunk)
        lengths.extend(counts)
    end = TextEnd(closed=text.endswith(("\n", "\r")), torn=decoded.torn or records.open_end)
    columns = grid.columns(without_mark)
    return Sheet("", columns, grid.rows, record_cells=lengths, end=end), decoded.guessed


def without_mark(text: str) -> str:
    """A cell's text without what was written around it to keep Excel from changing it."""
    if text.lstrip()[:1] not in ("=", "'"):
        return text
    found = _KEPT.fullmatch(text.strip())
    return str(found[found.lastgroup]) if found and found.lastgroup else text
