"""A workbook under construction: what every book draws on, and what makes its bytes.

>>> class Greeting(Canvas):
...     pass
>>> def hello(book: Greeting) -> None:
...     book.page("Hello").put(0, 0, "Hello", "title")
>>> content = Greeting().finish({"Hello": hello}, "A greeting", date(2026, 10, 15))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Self, Unpack

from clinicreport.workbook.chart import Chart
from clinicreport.workbook.column_names import ColumnNames
from clinicreport.workbook.page import Page, Printing
from clinicreport.workbook.styles import Styles
from clinicreport.workbook.table import Table
from clinicreport.workbook.theme import Theme

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

LARGE = (2400, 1600)  # pixels of the window that a workbook of many sheets opens in


@dataclass(slots=True)
class Canvas:
    """The workbook, its styles, and the tables placed so far, by name.

    A book extends it by the figures that its sheets show, and says what is printed around them.
    """

    theme: Theme = field(default_factory=Theme.load, kw_only=True)
    workbook: Workbook = field(init=False)
    styles: Styles = field(init=False)
    tables: dict[str, Table] = field(init=False, default_factory=dict)
    columns: ColumnNames = field(init=False, default_factory=ColumnNames)
    _pages: list[Page] = field(init=False, default_factory=list)
    _target: BytesIO = field(init=False, default_factory=BytesIO)

    def __post_init__(self) -> None:
        from clinicreport.workbook.whole_rows import new_workbook

        self.workbook = new_workbook(self._target)
        self.styles = Styles(self.workbook, self.theme)

    @property
    def caveat(self) -> str:
        """What stands on top of every printed page."""
        return ""

    @property
    def footer(self) -> str:
        """What stands below every printed page, at the left."""
        return ""

    @property
    def live(self) -> bool:
        """Whether formulas and links are written, not only their values."""
        return True

    @property
    def locks(self) -> bool:
        """Whether sheets with formulas are locked, but for their open cells."""
        return False

    def page(self, name: str) -> Page:
        """The sheet of that name."""
        sheet = self.workbook.get_worksheet_by_name(name)
        page = Page(name, sheet, self.styles, self.live, self.columns)
        self._pages.append(page)
        return page

    def chart(self, title: str, kind: str, subtype: str | None = None) -> Chart:
        """A chart in the theme's look, to be inserted into a page or combined with another one."""
        return Chart(self.workbook, self.theme, title, kind, subtype)

    def add(self, table: Table) -> Table:
        """Remember a placed table."""
        self.tables[table.name] = table
        return table

    def print_setup(self, page: Page, **how: Unpack[Printing]) -> None:
        """A4 with the caveat on top of every printed page, and whose it is below."""
        page.print_setup(self.caveat, self.footer, **how)

    def finish(
        self,
        contents: Mapping[str, Callable[[Self], None]],
        title: str,
        made: date,
        *,
        order: Iterable[str] | None = None,
        window: tuple[int, int] | None = None,
    ) -> bytes:
        """Write every sheet; the workbook's bytes, the same for the same figures.

        ``contents``: name of a sheet -> what writes it, in the order of the tabs; ``order``: that
        of writing, where a sheet refers to tables of later ones. ``window``: its size in pixels.
        """
        self.workbook.set_properties({"title": title, "created": datetime.combine(made, time())})
        if window is not None:
            self.workbook.set_size(*window)
        for name in contents:
            self.workbook.add_worksheet(name)
        early = getattr(self.workbook, "write_early", None)
        for name in order or contents:
            contents[name](self)
            if early:
                early(name)
        for page in self._pages:
            if self.locks and page.follows:
                page.lock()
        for column, area in self.columns.defined():
            self.workbook.define_name(column, f"={area}")
        self.workbook.close()
        return self._target.getvalue()
