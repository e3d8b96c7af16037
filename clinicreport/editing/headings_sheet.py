"""The last sheet of a marked copy: each heading, what it was taken for, and a place to say better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING

from clinicreport.editing.to_fix_sheet import MAIN, sheet_row, text_cell
from clinicreport.log.chosen_headings import CHOICES, COLUMNS, TITLE, ChosenHeading

if TYPE_CHECKING:
    from clinicreport.editing.marked_styles import StyleSheet
    from clinicreport.log.fit.candidates import Candidate

_WIDTHS = (20, 9, 44, 36, 24, 26, 3, 24)
_LEAD = (
    "Where a column was taken for something else than it is, or for nothing, choose in the last "
    "column what it holds; leave the others as they are. The list on the right says what there is.",
    "Save this file and put it into the inbox of the clinic folder, or run clinicreport fit with "
    "it: your choices become lines of clinic.toml, and count for every log with these headings.",
    "This sheet is never read as a log.",
)
_LONGEST = 140  # characters of a line above the list
LIST_COLUMN = "H"


@dataclass(frozen=True, slots=True)
class SeenHeading:
    """One heading, as it is listed."""

    sheet: str
    cell: str
    heading: str
    looks_like: str
    field: str | None
    chosen: str = ""


def seen_headings_of(
    tables: Sequence[Candidate], chosen: Sequence[ChosenHeading]
) -> list[SeenHeading]:
    """Every heading of the tables, with what was chosen for it in an earlier copy."""
    picked = {(one.sheet, one.heading): one.field for one in chosen}
    labels = {name: label for label, name in CHOICES.items()}
    return [
        SeenHeading(
            table.sheet.name,
            column.cell,
            column.heading,
            column.look.words,
            column.field,
            labels.get(picked.get((table.sheet.name, column.heading), ""), ""),
        )
        for table in tables
        for column in table.columns
        if column.heading
    ]


def headings_sheet(headings: Sequence[SeenHeading], styles: StyleSheet) -> bytes:
    """The sheet's XML."""
    lead = [line for text in _LEAD for line in wrap(text, _LONGEST)]
    head = len(lead) + 3
    labels = list(CHOICES)
    rows = [sheet_row(1, [("A", text_cell(TITLE), styles.named("title"))], 32)]
    rows += [
        sheet_row(number, [("A", text_cell(line), styles.named("lead"))])
        for number, line in enumerate(lead, 2)
    ]
    look = styles.named("heading")
    names = [
        (letter, text_cell(name), look) for letter, name in zip("ABCDEF", COLUMNS, strict=True)
    ]
    rows.append(sheet_row(head, [*names, (LIST_COLUMN, text_cell("What there is"), look)], 20))
    muted = styles.named("cell_muted")
    for number, (heading, label) in enumerate(zip_longest(headings, labels), head + 1):
        own = _cells(heading, styles) if heading else []
        word = [(LIST_COLUMN, text_cell(label), muted)] if label else []
        rows.append(sheet_row(number, own + word))
    return _sheet(rows, head, len(headings), len(labels))


def _cells(one: SeenHeading, styles: StyleSheet) -> list[tuple[str, str, int]]:
    from clinicreport.log.fit.candidates import field_words

    taken = field_words(one.field)
    texts = (one.sheet, one.cell, one.heading, one.looks_like, taken, one.chosen)
    looks = ("cell_muted", "cell_muted", "cell", "cell", "cell", "cell_link")
    return [
        (letter, text_cell(text) if text else "", styles.named(look, wrap=letter == "C"))
        for letter, text, look in zip("ABCDEF", texts, looks, strict=True)
    ]


def _sheet(rows: Sequence[str], head: int, count: int, choices: int) -> bytes:
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>'
        for at, width in enumerate(_WIDTHS, 1)
    )
    first, below = head + 1, f"A{head + 1}"
    area = f"F{first}:F{head + count}"
    words = f"${LIST_COLUMN}${first}:${LIST_COLUMN}${head + choices}"
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView showGridLines="0" workbookViewId="0">'
        f'<pane ySplit="{head}" topLeftCell="{below}" activePane="bottomLeft" state="frozen"/>'
        f'<selection pane="bottomLeft" activeCell="F{first}" sqref="F{first}"/></sheetView>'
        f'</sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols>'
        f"<sheetData>{''.join(rows)}</sheetData>"
        '<dataValidations count="1"><dataValidation type="list" allowBlank="1" '
        'showErrorMessage="1" errorTitle="What there is" error="Choose one of the list, or leave '
        f'it empty." sqref="{area}"><formula1>{words}</formula1></dataValidation></dataValidations>'
        '<pageMargins left="0.45" right="0.45" top="0.55" bottom="0.65" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    ).encode()
