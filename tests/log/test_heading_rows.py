"""Which rows hold headings: told by the kinds of their cells first, then by few of their texts."""

import dataclasses
import datetime as dt

from helpers import sheet_of
from hypothesis import given, settings
from hypothesis import strategies as st

from clinicreport.log.fields import LAYOUT_FIELDS, NEEDED
from clinicreport.log.heading_rows import heading_rows, is_data, row_of
from clinicreport.log.headings import Aliases
from clinicreport.reading.spreadsheet import Percent, Sheet, Value

NAMES = (*NEEDED, *LAYOUT_FIELDS)
HEADINGS = ["Patient ID", "Date", "Pain before", "Pain after", "Week", "Duration", "7", "Notes"]
ALIASES = Aliases({"nrs_before": ["7"]})  # a number as text, that the clinic calls its scores by
CELLS = st.one_of(
    st.sampled_from([*HEADINGS, *HEADINGS, "", "P-1", "07.10.2026"]),
    st.sampled_from([7.0, True, Percent(0.7), dt.date(2026, 10, 7), dt.time(9), 2026]),
)


def by_every_cell(sheet: Sheet, at_least: int, *, dated: bool) -> list[int]:
    """The same by the words of the definition: each row's cells looked at one by one."""
    found = []
    for row in range(1, sheet.rows + 1):
        cells = row_of(sheet, row)
        fields = {ALIASES.field(cell) for cell in cells if isinstance(cell, str)}
        if len(fields & set(NAMES)) >= at_least and not is_data(cells, ALIASES, dated=dated):
            found.append(row)
    return found


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(CELLS, min_size=5, max_size=5), min_size=1, max_size=6),
    st.integers(1, 3),
    st.booleans(),
)
def test_as_by_looking_at_every_cell(rows: list[list[Value]], at_least: int, dated: bool) -> None:
    sheet = sheet_of(rows)
    found = heading_rows(sheet, ALIASES, NAMES, at_least, dated=dated)
    assert found == by_every_cell(sheet, at_least, dated=dated)


@dataclasses.dataclass(frozen=True)
class Asked(Aliases):
    """Headings that remember which texts were looked up."""

    texts: set[object] = dataclasses.field(default_factory=set)

    def field(self, heading: object) -> str | None:
        self.texts.add(heading)
        return super().field(heading)


def test_texts_of_rows_of_data_are_not_looked_up() -> None:
    head = ["Patient ID", "Date", "Pain before", "Pain after", "Notes"]
    visits = [[f"P-{n}", dt.date(2026, 10, 7), 7.0, 5.0, f"note {n}"] for n in range(50)]
    aliases = Asked()
    assert heading_rows(sheet_of([head, *visits]), aliases, NAMES, 2) == [1]
    assert aliases.texts == set(head)


def test_of_a_text_file_the_column_with_most_texts_is_not_looked_up() -> None:
    head = ["Patient ID", "Date", "Pain before", "Pain after"]
    visits = [[f"P-{n}", "2026-10-07", str(n % 10), "5"] for n in range(50)]
    aliases = Asked()
    assert heading_rows(sheet_of([head, *visits]), aliases, NAMES, 2) == [1]
    assert "Patient ID" in aliases.texts
    assert not any(str(text).startswith("P-") for text in aliases.texts)
