"""Native charts in the theme's look. Series are given as cells, so that they follow the sheets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from clinicreport.workbook.page import Page
from clinicreport.workbook.table import Table
from clinicreport.workbook.theme import Theme

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart as Native
    from xlsxwriter.workbook import Workbook

Options = dict[str, Any]


@dataclass(slots=True)
class Chart:
    """A chart under construction, which a canvas makes: ``kind``, ``subtype`` as in XlsxWriter."""

    workbook: Workbook
    theme: Theme
    title: str
    kind: str
    subtype: str | None = None
    native: Native = field(init=False)

    def __post_init__(self) -> None:
        options = {"type": self.kind} | ({"subtype": self.subtype} if self.subtype else {})
        self.native = self.workbook.add_chart(options)
        self.entitle(self.title)
        self.native.set_chartarea({"border": {"color": self.colour("rule")}})
        self.native.set_plotarea({"fill": {"none": True}})
        self.native.show_blanks_as("gap")
        self.native.set_legend({"none": True})

    def entitle(self, name: str, size: float = 11) -> None:
        """Give it another title than its own."""
        self.native.set_title(
            {
                "name": name,
                "overlay": False,
                "name_font": self.font(size, bold=True),
                "layout": {"x": 0.02, "y": 0.025},
            }
        )

    def title_in(self, cell: str, size: float = 11) -> None:
        """Take the title from a cell, so that it follows the figures."""
        self.entitle(f"={cell}", size)

    def colour(self, name: str) -> str:
        """A colour of the theme."""
        return self.theme.colour(name)

    def font(self, size: float = 9, *, bold: bool = False, colour: str = "ink") -> Options:
        """The theme's font."""
        return {
            "name": self.theme.font,
            "size": size,
            "bold": bold,
            "color": self.colour(colour),
        }

    def legend(self, position: str = "bottom", hide: list[int] | None = None) -> None:
        """Show a legend; ``hide``: series that need no entry."""
        options: Options = {"position": position, "font": self.font(9)}
        self.native.set_legend(options | ({"delete_series": hide} if hide else {}))

    def x_axis(self, name: str = "", **options: Any) -> None:
        """The category axis, labels at the foot also where values are negative."""
        self.native.set_x_axis(
            {
                "name": name,
                "name_font": self.font(9, colour="muted"),
                "num_font": self.font(9),
                "label_position": "low",
                "major_tick_mark": "none",
                "line": {"color": self.colour("muted")},
                "major_gridlines": {"visible": False},
            }
            | options
        )

    def y_axis(self, name: str = "", **options: Any) -> None:
        """The value axis, with quiet grid lines."""
        self.native.set_y_axis(
            {
                "name": name,
                "name_font": self.font(9, colour="muted"),
                "num_font": self.font(9),
                "line": {"none": True},
                "major_tick_mark": "none",
                "major_gridlines": {
                    "visible": True,
                    "line": {"color": self.colour("rule"), "width": 0.75},
                },
            }
            | options
        )

    def bars_lie(self) -> None:
        """The axes of bars on their side, the first on top, that show shares."""
        # In such a chart the vertical axis holds the categories.
        self.y_axis(reverse=True, num_font=self.font(8), major_gridlines={"visible": False})
        quiet = {"color": self.colour("rule"), "width": 0.75}
        self.x_axis(
            min=0,
            max=1,
            num_format='0" "%',
            major_unit=0.2,
            label_position="high",  # the axis of the categories runs downwards
            major_gridlines={"visible": True, "line": quiet},
        )

    def series(
        self,
        table: Table,
        x: str | list[str | int],
        y: str,
        name: str | None = None,
        **options: Any,
    ) -> None:
        """Add a column of a table over another one, or over the cells of another table."""
        categories = table.ref(x) if isinstance(x, str) else x
        self.native.add_series(
            {"name": name or y, "categories": categories, "values": table.ref(y)} | options
        )

    def columns(
        self,
        table: Table,
        x: str | list[str | int],
        y: str,
        colour: str,
        name: str | None = None,
        **options: Any,
    ) -> None:
        """Add a column series in one colour; ``colour`` may name a pattern for grey print."""
        looks = {"fill": {"color": self.colour(colour)}, "border": {"color": self.colour("white")}}
        self.series(table, x, y, name, **looks | options)

    def line(
        self,
        table: Table,
        x: str | list[str | int],
        y: str,
        colour: str,
        name: str | None = None,
        **options: Any,
    ) -> None:
        """Add a line; without markers unless asked for."""
        looks = {"line": {"color": self.colour(colour), "width": 2.25}, "marker": {"type": "none"}}
        self.series(table, x, y, name, **looks | options)

    def points(
        self,
        table: Table,
        x: str | list[str | int],
        y: str,
        colour: str,
        name: str | None = None,
        *,
        mark: tuple[str, int],
        **options: Any,
    ) -> None:
        """Add markers that no line joins; ``mark``: their kind and size."""
        looks = {"line": {"none": True}, "marker": self.marker(mark[0], colour, size=mark[1])}
        self.line(table, x, y, colour, name, **looks | options)

    def marker(self, kind: str, colour: str, *, size: int = 7, hollow: bool = False) -> Options:
        """A marker: filled, or only its outline."""
        fill = self.colour("white" if hollow else colour)
        return {
            "type": kind,
            "size": size,
            "fill": {"color": fill},
            "border": {"color": self.colour(colour), "width": 1.5},
        }

    def pale_marker(self, colour: str, *, size: int = 6) -> Options:
        """The outline of a circle with a pale fill: what draws no outlines shows it too."""
        outline = self.marker("circle", colour, size=size, hollow=True)
        return outline | {"fill": {"color": self.colour(f"{colour}_light")}}

    def bars(
        self, table: Table, minus: str, plus: str, data: tuple[list[Any], list[Any]]
    ) -> Options:
        """Error bars from two columns; ``data``: what they hold, for readers that look it up."""
        from xlsxwriter.utility import xl_range_formula

        ranges = [xl_range_formula(*table.ref(heading)) for heading in (minus, plus)]
        return {
            "type": "custom",
            "minus_values": f"={ranges[0]}",
            "plus_values": f"={ranges[1]}",
            "minus_data": data[0],
            "plus_data": data[1],
            "line": {"color": self.colour("ink"), "width": 1},
        }

    def insert(
        self, page: Page, row: int, column: int, alt: str, size: tuple[int, int], left: int = 0
    ) -> None:
        """Put it on a sheet at a cell; ``size`` in pixels; ``alt`` says what it shows."""
        self.native.set_size({"width": size[0], "height": size[1]})
        place = {"x_offset": left, "y_offset": 4, "object_position": 1, "description": alt}
        page.sheet.insert_chart(row, column, self.native, place)
