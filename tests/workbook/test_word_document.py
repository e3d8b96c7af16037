"""A document of Word: its page, its language, its headings, texts from right to left."""

import datetime as dt
import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Cm

from clinicreport.workbook.theme import Theme
from clinicreport.workbook.word_document import WordDocument, directions

NAME = "שרה כהן"


def made() -> WordDocument:
    letter = WordDocument(Theme.load(), "A report", "Hill Clinic", dt.date(2026, 11, 2))
    letter.title(f"Patient P-1: {NAME} of Hill")
    letter.heading("Result")
    letter.text("a \x00 \u202e b", bold=True)
    return letter


def read(letter: WordDocument):
    return docx.Document(io.BytesIO(letter.content()))


def test_page_language_and_properties() -> None:
    found = read(made())
    section = found.sections[0]
    assert [round(side / Cm(1), 1) for side in (section.page_width, section.page_height)] == [
        21,
        29.7,
    ]
    told = found.core_properties
    assert (told.title, told.author, told.language) == ("A report", "Hill Clinic", "en-GB")
    assert told.created.date() == told.modified.date() == dt.date(2026, 11, 2)
    languages = {tag.get(qn("w:val")) for tag in found.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}


def test_headings_are_styles_in_the_themes_font() -> None:
    found = read(made())
    assert [p.style.name for p in found.paragraphs] == ["Title", "Heading 1", "Normal"]
    for paragraph in found.paragraphs:
        fonts = paragraph.style.element.rPr.rFonts
        assert set(fonts.attrib.values()) == {Theme.load().font}
        sizes = [paragraph.style.element.rPr.find(qn(f"w:{tag}")) for tag in ("sz", "szCs")]
        assert len({size.get(qn("w:val")) for size in sizes if size is not None}) == 1


def test_a_name_from_the_right_is_a_run_of_its_own() -> None:
    title = read(made()).paragraphs[0]
    assert [(run.text, run.font.rtl) for run in title.runs] == [
        ("Patient P-1: ", None),
        (NAME, True),
        (" of Hill", None),
    ]


def test_what_a_document_cannot_hold_is_left_out() -> None:
    assert read(made()).paragraphs[2].text == "a   b"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("plain text", [(False, "plain text")]),
        ("", [(False, "")]),
        (NAME, [(True, NAME)]),
        (f"{NAME} x {NAME}", [(True, NAME), (False, " x "), (True, NAME)]),
    ],
)
def test_directions(text, parts) -> None:
    assert directions(text) == parts


def test_the_same_bytes_and_no_picture_of_somebody_elses_page() -> None:
    content = made().content()
    assert content == made().content()
    assert "docProps/thumbnail.jpeg" not in zipfile.ZipFile(io.BytesIO(content)).namelist()
