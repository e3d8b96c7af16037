"""The first page without a workbook: its words, figures and charts are those of the workbook."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest
import report_data as data

from clinicreport.books.report import report_workbook
from clinicreport.books.report.first_page import FirstPage, ShownChart, first_page
from clinicreport.outcomes.figures import MonthFigures, TrendLimits
from clinicreport.settings.config import DatedChange
from clinicreport.workbook.shapes import Box, Lettering, Mark, Stroke
from clinicreport.workbook.shapes_svg import svg

MAKERS = {
    "usual": data.analysis,
    "one patient": data.one_patient,
    "nobody evaluable": data.nobody_evaluable,
    "empty": data.empty,
}


@pytest.fixture(scope="module", params=MAKERS)
def made(request: pytest.FixtureRequest) -> tuple[str, FirstPage, Any]:
    """A kind of clinic, its page, and its workbook."""
    analysis = MAKERS[request.param]()
    book = openpyxl.load_workbook(BytesIO(report_workbook.content(analysis)), data_only=True)
    return request.param, first_page(analysis), book


def one_line(book: Any) -> str:
    """All that stands on the first page, without the breaks of its lines."""
    cells = (cell.value for row in book["Summary"].iter_rows() for cell in row)
    return " ".join(" ".join(str(value).split()) for value in cells if value is not None)


def texts(page: FirstPage) -> list[str]:
    """Every text of the page that the workbook's first page has, too."""
    cards = [text for card in page.cards for text in (card.label, card.figure, *card.notes)]
    charts = [chart.title for chart in page.charts]
    whose = [task.whose for task in page.today]
    rest = [page.rest] if page.rest else []
    lines = [" ".join(text.split()) for line in page.rests_on for text in line]
    lead = [page.heading, *page.lead, page.caveat]
    return [*lead, *page.verdict, *cards, *charts, *whose, *rest, *lines]


def test_every_text_stands_on_the_workbooks_first_page(made: tuple[str, FirstPage, Any]) -> None:
    _, page, book = made
    there = one_line(book)
    assert [text for text in texts(page) if " ".join(text.split()) not in there] == []
    for task in page.today:
        assert task.words[:80] in there


def test_nothing_of_the_first_page_is_left_out(made: tuple[str, FirstPage, Any]) -> None:
    """Besides headings, links and what is about the workbook alone."""
    kind, page, book = made
    ours = " ".join([*texts(page), *(task.words for task in page.today)])
    cells = [str(cell.value) for row in book["Summary"]["A1:D60"] for cell in row if cell.value]
    end = next((at for at, text in enumerate(cells) if text == "Behind the figures"), len(cells))
    usual = ("As made", "To do today", "Nothing is due", "What the figures rest on")
    left = [
        text
        for text in cells[:end]
        if text not in ours and not text.startswith(usual) and not text.endswith("sheet To do")
    ]
    assert left == []
    assert end > {"empty": 15}.get(kind, 20)


def test_a_charts_numbers_are_the_workbooks(made: tuple[str, FirstPage, Any]) -> None:
    kind, page, book = made
    charts = [*page.charts, page.months]
    for chart, name in zip(charts, ("by_week", "results", "months"), strict=False):
        if not isinstance(chart, ShownChart):
            continue
        sheet = next(sheet for sheet in book if name in sheet.tables)
        head, *rows = sheet[sheet.tables[name].ref]
        headings = [str(cell.value).removesuffix(" (as made)") for cell in head]
        assert chart.numbers.rows
        for shown, cells in zip(chart.numbers.rows, rows, strict=False):
            of = dict(zip(headings, cells, strict=True))
            own = dict(zip(chart.numbers.headings, shown, strict=True))
            assert own == {heading: as_shown(of[heading]) for heading in own}
    assert len(page.charts) == (0 if kind in ("nobody evaluable", "empty") else 2)


def as_shown(cell: Any) -> str:
    """A cell as a spreadsheet shows it."""
    value, code = cell.value, cell.number_format.removesuffix("_)")
    if value is None or isinstance(value, str):
        return value or ""
    digits = len(found[1]) if (found := re.match(r"0\.(0+)", code)) else 0
    percent = code.endswith("%")
    text = f"{100 * value if percent else value:,.{digits}f}{' %' if percent else ''}"
    return text.replace("-", "−")


# ------------------------------------------------------------------------------- the pictures


@pytest.fixture(scope="module")
def usual() -> FirstPage:
    return first_page(data.analysis())


def letters(chart: ShownChart) -> list[str]:
    return [shape.text for shape in chart.drawing.shapes if isinstance(shape, Lettering)]


def test_weeks_lie_where_their_numbers_say(usual: FirstPage) -> None:
    weeks = usual.charts[0]
    marks = [shape for shape in weeks.drawing.shapes if isinstance(shape, Mark)]
    zero, ten = (
        shape.points[0][1]
        for shape in (weeks.drawing.shapes[0], weeks.drawing.shapes[10])
        if isinstance(shape, Stroke)
    )
    means = [float(row[2]) for row in weeks.numbers.rows]
    assert len(marks) == len(means) > 3
    for mark, mean in zip(marks, means, strict=True):
        assert (zero - mark.at[1]) / (zero - ten) * 10 == pytest.approx(mean, abs=0.051)
    assert {weeks.numbers.rows[0][2], weeks.numbers.rows[-1][2]} <= set(letters(weeks))
    assert weeks.drawing.alt == f"{weeks.title}."


def test_bars_are_as_long_as_their_numbers(usual: FirstPage) -> None:
    results = usual.charts[1]
    bars = [shape for shape in results.drawing.shapes if isinstance(shape, Box)]
    counts = [int(count) for _, count in results.numbers.rows if count != "0"]
    assert [bar.width / bars[0].width for bar in bars] == pytest.approx(
        [count / counts[0] for count in counts]
    )
    for name, count in results.numbers.rows:
        at = letters(results).index(name)
        assert letters(results)[at + 1] == count


def months(*figures: tuple[int, float | None, str | None]) -> tuple[MonthFigures, ...]:
    return tuple(
        MonthFigures(f"2025-{at:02d}", n, mean, None if mean is None else 0.5, signal)
        for at, (n, mean, signal) in enumerate(figures, start=1)
    )


def trended(*figures: tuple[int, float | None, str | None], **more: Any) -> ShownChart | str:
    analysis = data.analysis(6)
    clinic = replace(analysis.clinic, trend=months(*figures), **more)
    changes = (DatedChange(day=date(2025, 2, 3), words="a new lamp"),)
    return first_page(analysis._replace(clinic=clinic, changes=changes)).months


def test_months_have_gaps_signals_limits_and_changes() -> None:
    limits = (TrendLimits("2025-01", "2025-05", 2.0, 0.5, 3.5),)
    chart = trended(
        (12, 2.0, None),
        (12, -1.0, "beyond"),
        (0, None, None),
        (4, 1.5, None),
        (12, 2.5, None),
        trend_limits=limits,
    )
    assert isinstance(chart, ShownChart)
    shapes = chart.drawing.shapes
    marks = [shape for shape in shapes if isinstance(shape, Mark)]
    plotted = {
        kind: [m for m in marks if m.kind == kind and m.at[1] > 20] for kind in ("circle", "square")
    }
    assert len(plotted["square"]) == 1
    assert len(plotted["circle"]) == 3 + 2  # a month of few is drawn hollow, by two
    runs = [s for s in shapes if isinstance(s, Stroke) and s.width == 2.25]
    assert [len(run.points) for run in runs] == [2, 2]  # the gap parts them
    assert sum(bool(s.dash) for s in shapes if isinstance(s, Stroke)) == 3  # limits, change
    assert {"judged month", "under 10 patients", "signal", "−1"} <= set(letters(chart))
    assert chart.numbers.rows[1][-2:] == ("beyond", "3 February 2025: a new lamp")
    assert chart.numbers.rows[2][:4] == ("Mar 2025", "0", "", "")
    assert "1 month with a signal, the last " in chart.drawing.alt


def test_one_month_has_no_trend_and_says_why() -> None:
    assert trended((12, 2.0, None)) == "Not known: it takes two months with scores."


def test_many_months_name_as_many_as_have_room() -> None:
    found = []
    for count in (2, 12):
        chart = trended(*[(12, 2.0, None)] * count)
        assert isinstance(chart, ShownChart)
        places = [
            s.at[0] for s in chart.drawing.shapes if isinstance(s, Lettering) and "202" in s.text
        ]
        assert all(b - a >= 45 for a, b in pairwise(places))
        found.append(len(places))
        assert chart.numbers.rows[-1][0] in letters(chart)
    assert found == [2, 6]


def test_the_pictures_carry_no_style_and_their_words_are_text(usual: FirstPage) -> None:
    for chart in (*usual.charts, usual.months):
        assert isinstance(chart, ShownChart)
        text = svg(chart.drawing)
        assert "style=" not in text
        root = ET.fromstring(text)
        assert root.get("role") == "img"
        assert root[0].text == chart.drawing.alt
