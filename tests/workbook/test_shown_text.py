"""A cell as text: what a spreadsheet shows of it."""

from datetime import date, datetime

import pytest

from clinicreport.workbook.page import Formula, Link
from clinicreport.workbook.shown_text import shown_text


@pytest.mark.parametrize(
    ("cell", "style", "text"),
    [
        (12_000, "cell_count", "12,000"),
        (2.25, "cell_mean", "2.3"),
        (-0.5, "cell_mean2", "−0.50"),
        (6.5, "cell_score", "6.5"),
        (29.97, "cell_percent", "29.97 %"),
        (0.2875, "cell_share", "28.8 %"),
        (Formula("=A1", 0.5), "figure_share", "50.0 %"),
        (Formula("=A1", "too few (n = 3)"), "cell_mean", "too few (n = 3)"),
        (Link("Findings!A1", "the logs"), "cell_link", "the logs"),
        (date(2026, 10, 5), "cell_date", "5 Oct 2026"),
        (datetime(2026, 10, 5), "cell_date", "5 Oct 2026"),
        (None, "cell_mean", ""),
        ("–", "cell_score", "–"),
    ],
)
def test_a_cell_reads_as_its_style_shows_it(cell, style, text):
    assert shown_text(cell, style) == text


def test_a_number_in_a_style_for_words_is_a_mistake():
    with pytest.raises(KeyError):
        shown_text(3, "cell_strong")
