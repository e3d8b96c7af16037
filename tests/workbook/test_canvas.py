"""The kit that every workbook is drawn with."""

from __future__ import annotations

import pkgutil
import re
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from io import BytesIO

import openpyxl
import pytest

from clinicreport.workbook.canvas import Canvas
from clinicreport.workbook.cards import Card, caveat_band, place_cards
from clinicreport.workbook.table import Column, place

ROOMS = ["workbook", "books", *(f"books.{name}" for name in ("report", "patient", "share"))]
ROOMS += [f"books.{name}" for name in ("network", "template", "protocol_page")]
DAY = date(2026, 10, 15)


@dataclass(slots=True)
class Book(Canvas):
    word: str

    @property
    def footer(self) -> str:
        return self.word


def fill(book: Book) -> None:
    page = book.page("Sheet")
    row = caveat_band(page, 0, ["No comparison group."], 3)
    cards = [Card("Pain", 3, ("first", "second")), Card("Sessions", 12, "of 15")]
    row = place_cards(page, row, cards, (20, 30, None, 6), across=2)
    columns: list[Column[int]] = [Column("Number", lambda n: n), Column("Twice", lambda n: 2 * n)]
    assert place(page, row, columns, [1, 2]).below == row + 3
    book.print_setup(page, landscape=False)


def test_a_book_gives_the_same_bytes_and_needs_no_report() -> None:
    content = Book("page of a test").finish({"Sheet": fill}, "Test", DAY)
    assert content == Book("page of a test").finish({"Sheet": fill}, "Test", DAY)
    sheet = openpyxl.load_workbook(BytesIO(content))["Sheet"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows == [
        ("No comparison group.", None, None, None),
        ("Pain", None, "Sessions", None),
        (3, None, 12, None),
        ("first", None, "of 15", None),
        ("second", None, None, None),
        (None, None, None, None),
        ("Number", "Twice", None, None),
        (1, 2, None, None),
        (2, 4, None, None),
    ]
    assert not sheet.tables
    assert sheet.oddFooter.left.text == "page of a test"
    assert sheet.row_dimensions[3].height == 30


def test_sheets_are_written_in_the_order_asked_for_and_stand_in_their_own() -> None:
    written = []
    contents = {name: (lambda _, name=name: written.append(name)) for name in ("One", "Two")}
    content = Book("").finish(contents, "Test", DAY, order=("Two", "One"))
    assert written == ["Two", "One"]
    assert openpyxl.load_workbook(BytesIO(content)).sheetnames == ["One", "Two"]


def test_a_style_with_more_laid_over_it_is_made_once() -> None:
    styles = Book("").styles
    name = styles.laid("muted", top=1, top_color="accent")
    assert styles.laid("muted", top_color="accent", top=1) == name
    assert styles[name] is styles[name]
    assert styles[name].top_color._rgb_hex_value() == styles.theme.colour("accent")[1:]
    assert styles.laid("muted", top=2) != name
    with pytest.raises(KeyError):
        styles.laid("no such style", top=1)


@pytest.mark.parametrize("room", ROOMS)
def test_a_rooms_list_names_its_modules(room: str) -> None:
    package = import_module(f"clinicreport.{room}")
    listed = re.findall(r"^``(\w+)``", package.__doc__ or "", flags=re.MULTILINE)
    assert sorted(listed) == sorted(
        module.name for module in pkgutil.iter_modules(package.__path__)
    )
