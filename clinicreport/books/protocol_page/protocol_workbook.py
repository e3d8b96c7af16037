"""The protocol's page as a workbook: a sheet for the wall, and one with every rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clinicreport.books.protocol_page.page_content import Content, RuleLine
from clinicreport.ground.unsafe_text import clean
from clinicreport.log.findings import SYMBOLS
from clinicreport.workbook.canvas import Canvas
from clinicreport.workbook.cards import LOOKS, Card, place_cards
from clinicreport.workbook.page import FILE_NAME, Page
from clinicreport.workbook.table import Column, place

MADE = date(2026, 1, 1)  # fixed, so that the same protocol gives the same bytes
WALL = (31, 31, 31)  # column widths; three cards side by side
MARGINS = (0.5, 0.5, 0.5, 0.6)
LINE = 15  # points
AIR = 1.1  # how much wider the wall's letters run than ordinary ones
HEADINGS = 3  # row of the rules' headings, from 0


@dataclass(slots=True)
class ProtocolBook(Canvas):
    """The canvas, and what stands on the page."""

    content: Content

    @property
    def footer(self) -> str:
        """Whatever the file is called: the title stands on the page."""
        return FILE_NAME


def workbook(content: Content) -> bytes:
    """The workbook's bytes."""
    contents = {"Protocol": _wall, "Rules": _rules}
    return ProtocolBook(content).finish(contents, clean(content.title), MADE)


def _wide(page: Page, row: int, text: str, style: str, size: float = 1.0) -> int:
    """A text over the whole width of the wall sheet, as high as it needs."""
    page.sheet.merge_range(row, 0, row, len(WALL) - 1, "", page.styles[style])
    page.put(row, 0, text, style)
    page.sheet.set_row(row, 4 + LINE * size * page.lines(text, sum(WALL) / size / AIR))
    return row + 1


def _wall(book: ProtocolBook) -> None:
    """What everybody should know by heart, on one sheet of paper."""
    page, content, laid = book.page("Protocol"), book.content, book.styles.laid
    page.widths(WALL)
    row = _wide(page, 0, content.title, laid("title", text_wrap=True), 1.9)
    row = _wide(page, row, f"Treatment protocol, version {content.version}", "lead")
    row = _wide(page, row, content.source, "muted_wrap") + 1
    looks = (*LOOKS[:2], laid("card_note", font_size=11))
    cards = [Card(None, card.big, card.words) for card in content.cards]
    for at in range(0, len(cards), len(WALL)):
        row = place_cards(page, row, cards[at : at + len(WALL)], (0, 40, 38, 8), looks=looks)
    quiet = laid("text", text_wrap=True, indent=1, font_size=12, bg_color="paper")
    lists = (
        ("Before the first treatment", content.before),
        ("At every treatment", content.always),
        ("Conditions with limits of their own", [f"{a}: {b}" for a, b in content.conditions]),
    )
    for heading, items in lists:
        if items:
            row = _wide(page, row, heading, "section", 1.3)
            for item in items:
                row = _wide(page, row, f"•  {item}", quiet, 1.2)
            row += 1
    _wide(page, row, content.caveat, laid("caveat", text_wrap=True))
    book.print_setup(page, landscape=False, pages_high=1, margins=MARGINS)
    page.sheet.center_horizontally()


def _rules(book: ProtocolBook) -> None:
    """Rule by rule, one row each under one heading row."""
    page, read = book.page("Rules"), book.content.read
    page.head(
        "The rules, and where each comes from",
        [read or "† marks a choice of the program's own."],
    )
    columns: list[Column[RuleLine]] = [
        Column("Rule", lambda line: line.rule, "cell_strong", 29),
        Column("Severity", _severity, _severity_style, 11),
        Column("Clause and limit", lambda line: "\n".join(line.clauses), "cell_wrap", 52),
        Column("Source", lambda line: line.source, "cell_wrap", 58),
    ]
    if read:
        columns.append(Column("Found", lambda line: line.found_words, "cell_wrap", 26))
    rules = [line for lines in book.content.rules.values() for line in lines]
    place(page, HEADINGS, columns, rules)
    page.sheet.freeze_panes(HEADINGS + 1, 1)
    book.print_setup(page, repeat=HEADINGS, margins=MARGINS)
    page.sheet.center_horizontally()


def _severity(line: RuleLine) -> str:
    return f"{SYMBOLS.get(line.severity, '○')} {line.severity}"


def _severity_style(line: RuleLine) -> str:
    return "cell_muted" if line.severity == "off" else f"cell_{line.severity}"
