"""What every workbook's package says beside its sheets."""

import io
import re
import zipfile
from datetime import date
from xml.etree import ElementTree as ET

import report_data

from clinicreport.books.report import report_workbook
from clinicreport.workbook.canvas import Canvas
from clinicreport.workbook.package_parts import TEXTS


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return book.read(name).decode()


def small() -> bytes:
    def hello(book: Canvas) -> None:
        book.page("Hello").put(0, 0, "Hello", "title")

    return Canvas().finish({"Hello": hello}, "A greeting", date(2026, 10, 15))


def test_the_language_is_said_once() -> None:
    core = part(small(), "docProps/core.xml")
    assert re.findall("<dc:language>(.*?)</dc:language>", core) == ["en"]
    assert "<dc:title>A greeting</dc:title>" in core


def test_excel_has_nothing_to_calculate_on_opening() -> None:
    (told,) = re.findall("<calcPr (.*?)/>", part(small(), "xl/workbook.xml"))
    assert told == 'calcId="191029"'


def test_the_title_names_the_clinic_and_the_days() -> None:
    core = part(report_workbook.content(report_data.one_patient()), "docProps/core.xml")
    (title,) = re.findall("<dc:title>(.*?)</dc:title>", core)
    assert title.startswith("Harbour Pain Clinic: clinic report, all visits up to ")


def test_every_text_is_kept_whatever_it_looks_like() -> None:
    plain = [f"P-{number} <&>" for number in range(TEXTS + 3)]
    odd = [
        "<r><t>no font</t></r>",
        " ends ",
        "two\nlines",
        "\u00a0",
        "_x0041_",
        "_",
        "x0041_",
        "é😀",
    ]
    texts = [*odd, *plain, "last "]

    def listed(book: Canvas) -> None:
        page = book.page("Texts")
        page.put_columns(0, 0, [([*texts], "cell")])

    content = Canvas().finish({"Texts": listed}, "Texts", date(2026, 10, 15))
    cells = ET.fromstring(part(content, "xl/sharedStrings.xml"))
    found = ["".join(each.itertext()) for each in cells]
    assert found == [text.replace("_x0041_", "_x005F_x0041_") for text in texts]
