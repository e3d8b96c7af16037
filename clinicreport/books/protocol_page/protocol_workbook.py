"""The protocol's page as a workbook: a sheet for the wall, and one with every rule."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from clinicreport.books.protocol_page.page_content import Content, LimitCard, RuleLine
from clinicreport.ground.unsafe_text import clean
from clinicreport.log.findings import SYMBOLS
from clinicreport.workbook.theme import Theme

A4 = 9
MADE = datetime(2026, 1, 1)  # fixed, so that the same protocol gives the same bytes
WALL = (31, 31, 31)  # column widths; three cards side by side
RULES = (29, 11, 52, 58)
FOUND = 26
LINE = 15  # points


def workbook(page: Content) -> bytes:
    """The workbook's bytes."""
    import xlsxwriter

    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": clean(page.title), "created": MADE})
    styles = _Styles(book)
    _wall(book.add_worksheet("Protocol"), styles, page)
    _rules(book.add_worksheet("Rules"), styles, page)
    book.close()
    return buffer.getvalue()


class _Styles:
    """The theme's styles as formats, made once; more properties can be laid over one."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.theme = Theme.load()
        self.made: dict[tuple[Any, ...], Any] = {}

    def __call__(self, name: str, **more: Any) -> Any:
        key = (name, *sorted(more.items()))
        if key not in self.made:
            properties = self.theme.properties(name) | more
            self.made[key] = self.book.add_format(properties)
        return self.made[key]


def _lines(text: str, width: float) -> int:
    """Rows of text that a cell of this width needs (1.1 characters a unit)."""
    return max(1, sum(math.ceil(len(part) / (width * 1.1)) for part in text.split("\n")))


def _setup(sheet: Any, widths: Sequence[float], *, landscape: bool) -> None:
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.hide_gridlines(2)
    sheet.set_paper(A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.6)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&8&F&R&8Page &P of &N")
    if landscape:
        sheet.set_landscape()


def _wide(sheet: Any, row: int, text: str, style: Any, size: float = 1.0) -> int:
    """A text over the whole width of the wall sheet, as high as it needs."""
    sheet.merge_range(row, 0, row, len(WALL) - 1, "", style)
    sheet.write_string(row, 0, clean(text), style)
    sheet.set_row(row, 4 + LINE * size * _lines(text, sum(WALL) / size))
    return row + 1


def _wall(sheet: Any, styles: _Styles, page: Content) -> None:
    """What everybody should know by heart, on one sheet of paper."""
    _setup(sheet, WALL, landscape=False)
    row = _wide(sheet, 0, page.title, styles("title", text_wrap=True), 1.9)
    row = _wide(sheet, row, f"Treatment protocol, version {page.version}", styles("lead"))
    row = _wide(sheet, row, page.source, styles("muted_wrap")) + 1
    for at in range(0, len(page.cards), len(WALL)):
        row = _cards(sheet, styles, row, page.cards[at : at + len(WALL)])
    quiet = styles("text", text_wrap=True, indent=1, font_size=12, bg_color="#F3F6FA")
    lists = (
        ("Before the first treatment", page.before),
        ("At every treatment", page.always),
        ("Conditions with limits of their own", [f"{a}: {b}" for a, b in page.conditions]),
    )
    for heading, items in lists:
        if items:
            row = _wide(sheet, row, heading, styles("section"), 1.3)
            for item in items:
                row = _wide(sheet, row, f"•  {item}", quiet, 1.2)
            row += 1
    _wide(sheet, row, page.caveat, styles("caveat", text_wrap=True))
    sheet.fit_to_pages(1, 1)


def _cards(sheet: Any, styles: _Styles, row: int, cards: Sequence[LimitCard]) -> int:
    """One row of cards: the number above, its words below."""
    sheet.set_row(row, 40)
    sheet.set_row(row + 1, 38)
    sheet.set_row(row + 2, 8)
    for column, card in enumerate(cards):
        sheet.write_string(row, column, clean(card.big), styles("card_value"))
        sheet.write_string(row + 1, column, clean(card.words), styles("card_note", font_size=11))
    return row + 3


def _rules(sheet: Any, styles: _Styles, page: Content) -> None:
    """Rule by rule, one row each under one heading row."""
    headings = ["Rule", "Severity", "Clause and limit", "Source"]
    widths = [*RULES]
    if page.read:
        headings.append("Found")
        widths.append(FOUND)
    _setup(sheet, widths, landscape=True)
    sheet.write_string(0, 0, "The rules, and where each comes from", styles("title"))
    sheet.set_row(0, 34)
    sheet.write_string(
        1, 0, clean(page.read or "† marks a choice of the program's own."), styles("lead")
    )
    for column, heading in enumerate(headings):
        sheet.write_string(3, column, heading, styles("heading"))
    sheet.repeat_rows(3)
    sheet.freeze_panes(4, 1)
    row = 4
    for line in (line for rules in page.rules.values() for line in rules):
        _rule(sheet, styles, row, line, widths)
        row += 1


def _rule(sheet: Any, styles: _Styles, row: int, line: RuleLine, widths: Sequence[float]) -> None:
    symbol = SYMBOLS.get(line.severity, "○")
    severity = "cell_muted" if line.severity == "off" else f"cell_{line.severity}"
    cells = [
        (line.rule, "cell_strong"),
        (f"{symbol} {line.severity}", severity),
        ("\n".join(line.clauses), "cell_wrap"),
        (line.source, "cell_wrap"),
    ]
    if line.found_words:
        cells.append((line.found_words, "cell_wrap"))
    for column, (text, style) in enumerate(cells):
        sheet.write_string(row, column, clean(text), styles(style))
    most = max(_lines(text, w - 2) for (text, _), w in zip(cells, widths, strict=False))
    sheet.set_row(row, 5 + 13.5 * most)
