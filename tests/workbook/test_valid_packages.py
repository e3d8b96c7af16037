"""The workbooks stand up to a second opinion on the file format, and say what their charts show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from openxml_audit import OpenXmlValidator
from written_books import KINDS, written

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"


@pytest.mark.parametrize("kind", KINDS)
def test_no_error_is_found(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(written()[kind])
    found = OpenXmlValidator().validate(path)
    assert [str(error) for error in found.errors] == []


def drawings(content: bytes) -> Iterator[list[tuple[int, int, str]]]:
    """Of each sheet with drawings: row, column and words of each, in the order of the file."""
    with ZipFile(BytesIO(content)) as parts:
        for name in parts.namelist():
            if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name):
                yield [_drawn(anchor) for anchor in ET.fromstring(parts.read(name))]


def _drawn(anchor: ET.Element) -> tuple[int, int, str]:
    (about,) = anchor.iter(f"{DRAWING}cNvPr")
    row, column = (next(anchor.iter(f"{DRAWING}{name}")).text for name in ("row", "col"))
    return int(row or 0), int(column or 0), about.attrib.get("descr", "")


@pytest.mark.parametrize("kind", ["report", "share", "network", "patient", "every patient"])
def test_charts_say_what_they_show_and_come_in_the_order_of_reading(kind: str) -> None:
    sheets = list(drawings(written()[kind]))
    assert sheets
    for drawn in sheets:
        assert [place[:2] for place in drawn] == sorted(place[:2] for place in drawn)
        for *_, words in drawn:
            # The chart of the chosen patient refers to the cell that follows the choice.
            assert re.search(r"\d", words) or words.startswith("The chosen patient's"), words
