"""What is read stands out from what it stands on: text by 4.5 to 1, marks of a chart by 3 to 1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
import report_data as data
from written_books import written

from clinicreport.books.report import report_workbook
from clinicreport.books.report.first_page import ShownChart, first_page
from clinicreport.books.share import shared_workbook
from clinicreport.workbook.shapes import Box, Lettering, Mark
from clinicreport.workbook.theme import Theme

THEME = Theme.load()
WHITE = "#FFFFFF"
TEXT, MARK = 4.5, 3.0
# Zebra and errors of formulas that no reader is to see.
UNSEEN = {"mark_quiet"}
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def light(colour: str) -> float:
    """Relative luminance (WCAG 2.1)."""
    parts = [int(colour.lstrip("#")[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


def test_the_measure() -> None:
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert contrast("#777777", WHITE) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("style", sorted(THEME.styles.keys() - UNSEEN))
def test_text_can_be_read(style: str) -> None:
    look = THEME.properties(style)
    ink = look.get("font_color", THEME.colour("ink"))
    assert contrast(ink, look.get("bg_color", WHITE)) >= TEXT


def test_numbers_can_be_read_on_the_darkest_cell_of_a_heat_map() -> None:
    assert contrast(THEME.colour("ink"), THEME.colour("heat")) >= TEXT


def test_the_last_column_of_a_sparkline_differs_from_the_others() -> None:
    assert contrast(THEME.colour("primary_mid"), WHITE) >= MARK
    assert contrast(THEME.colour("ink"), THEME.colour("primary_mid")) >= MARK


def charts(content: bytes) -> Iterator[ET.Element]:
    with ZipFile(BytesIO(content)) as parts:
        for name in sorted(parts.namelist()):
            if re.fullmatch(r"xl/charts/chart\d+\.xml", name):
                yield ET.fromstring(parts.read(name))


def colours(element: ET.Element | None) -> list[str]:
    found = [] if element is None else element.iter(f"{A}srgbClr")
    return [each.attrib["val"] for each in found]


@pytest.fixture(scope="module", params=["report", "share", "network", "patient"])
def drawn(request: pytest.FixtureRequest) -> list[ET.Element]:
    contents = {"report": report_workbook.content, "share": shared_workbook.content}
    if make := contents.get(request.param):
        return list(charts(make(data.analysis(60))))
    return list(charts(written()[request.param]))


def test_every_mark_stands_out_from_the_page(drawn: list[ET.Element]) -> None:
    seen = 0
    for series in (each for chart in drawn for each in chart.iter(f"{C}ser")):
        marks = [*colours(series.find(f"{C}spPr")), *colours(series.find(f"{C}marker"))]
        if not marks:  # names alone
            continue
        name = "".join(series.find(f"{C}tx").itertext())  # type: ignore[union-attr]
        assert max(contrast(each, WHITE) for each in marks) >= MARK, name
        seen += 1
    assert seen > 3


def test_whiskers_stand_out_from_page_and_bar(drawn: list[ET.Element]) -> None:
    for series in (each for chart in drawn for each in chart.iter(f"{C}ser")):
        for bars in series.iter(f"{C}errBars"):
            (ink,) = colours(bars)
            assert contrast(ink, WHITE) >= MARK
            bar = series.find(f"{C}spPr/{A}solidFill")
            for fill in colours(bar):
                assert contrast(ink, fill) >= MARK


def test_orange_means_attention_in_every_chart(drawn: list[ET.Element]) -> None:
    orange = THEME.colour("accent").lstrip("#")
    for series in (each for chart in drawn for each in chart.iter(f"{C}ser")):
        if orange in colours(series):
            name = "".join(series.find(f"{C}tx").itertext())  # type: ignore[union-attr]
            assert re.search(
                "signal|adverse event|outside the band|interruption|worse", name.lower()
            )


def test_the_pictures_of_a_page_stand_out() -> None:
    """Their letters, marks and thick lines, and the edge of each bar; the grid is quiet."""
    page = first_page(data.analysis())
    assert isinstance(page.months, ShownChart)
    seen = []
    for chart in (*page.charts, page.months):
        for shape in chart.drawing.shapes:
            if isinstance(shape, Box):
                seen.append((contrast(shape.edge, WHITE), MARK))
            elif isinstance(shape, Lettering):
                seen.append((contrast(shape.colour, WHITE), TEXT))
            elif isinstance(shape, Mark) or shape.width >= 1:
                seen.append((contrast(shape.colour, WHITE), MARK))
    assert len(seen) > 40
    assert [pair for pair in seen if pair[0] < pair[1]] == []
