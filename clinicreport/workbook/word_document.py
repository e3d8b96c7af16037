"""A letter under construction: an A4 page of Word in the theme's look, with real headings.

The same content gives the same bytes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from itertools import groupby
from unicodedata import bidirectional

from docx import Document
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from clinicreport.workbook.cell_text import cell_text
from clinicreport.workbook.theme import Theme

LANGUAGE = "en-GB"
WIDTH = Cm(17)  # of the text: A4 without its margins
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # of a part of the file
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
# Style of Word: (size in points, colour, points before, points after)
_LOOKS = {
    "Normal": (10.5, "ink", 0, 3),
    "Title": (18, "primary", 0, 2),
    "Subtitle": (10, "muted", 0, 1),
    "Heading 1": (12, "primary", 9, 3),
    "List": (10.5, "ink", 0, 2),
}


class WordDocument:
    """``title`` stands in the file's properties, and so must name no patient."""

    def __init__(self, theme: Theme, title: str, author: str, made: date) -> None:
        self._theme = theme
        self._document = Document()
        package = self._document.part.package
        assert package is not None
        for key, relation in list(package.rels.items()):
            if relation.reltype.endswith("/thumbnail"):  # of the template's own page
                del package.rels[key]
        self._page()
        for name, (size, colour, before, after) in _LOOKS.items():
            style = self._document.styles[name]
            assert isinstance(style, ParagraphStyle)
            self._look(style, size, colour, before, after)
        self._language()
        told = self._document.core_properties
        told.title, told.author, told.last_modified_by = title, author, author
        told.language, told.comments, told.revision = LANGUAGE, "", 1
        told.created = told.modified = datetime(made.year, made.month, made.day)

    def _page(self) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2)
        section.top_margin, section.bottom_margin = Cm(1.7), Cm(1.5)

    def _look(
        self, style: ParagraphStyle, size: float, colour: str, before: int, after: int
    ) -> None:
        properties = style.element.get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        fonts.attrib.clear()  # a font of the template's theme would go before the name
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), self._theme.font)
        style.font.italic = False
        for spacing in properties.findall(qn("w:spacing")):
            properties.remove(spacing)
        style.font.size, style.font.color.rgb = Pt(size), self._rgb(colour)
        for other in properties.findall(qn("w:szCs")):  # of writing from the right, in half points
            other.set(qn("w:val"), str(int(2 * size)))
        style.paragraph_format.space_before = Pt(before)
        style.paragraph_format.space_after = Pt(after)
        style.paragraph_format.line_spacing = 1.0
        borders = style.element.get_or_add_pPr().find(qn("w:pBdr"))
        if borders is not None:
            borders.getparent().remove(borders)

    def _language(self) -> None:
        for language in self._document.styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), LANGUAGE)

    def _rgb(self, colour: str) -> RGBColor:
        return RGBColor.from_string(self._theme.colour(colour).lstrip("#"))

    def title(self, text: str) -> None:
        """The heading of the whole letter."""
        self._write(self._document.add_paragraph(style="Title"), text)

    def subtitle(self, text: str) -> None:
        """A quiet line below the title."""
        self._write(self._document.add_paragraph(style="Subtitle"), text)

    def heading(self, text: str) -> None:
        """A heading of a part; it stays with what follows."""
        self._write(self._document.add_paragraph(style="Heading 1"), text)

    def text(self, text: str, *, bold: bool = False) -> None:
        """A paragraph."""
        self._write(self._document.add_paragraph(), text, bold=bold)

    def entry(self, text: str, *, bold: bool = False) -> None:
        """An entry of a list."""
        self._write(self._document.add_paragraph(style="List"), text, bold=bold)

    def boxes(self, columns: Sequence[tuple[str, str, str]]) -> None:
        """A table of figures side by side: what each is, the figure, what to know of it."""
        table = self._document.add_table(rows=3, cols=len(columns))
        table.autofit = False
        for at, three in enumerate(columns):
            for row, text in enumerate(three):
                cell = table.cell(row, at)
                cell.width = WIDTH // len(columns)
                self._shade(cell)
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.keep_with_next = row < 2
                self._write(paragraph, text, bold=row < 2)
                for run in paragraph.runs:
                    run.font.size = Pt((9, 15, 9)[row])
                    run.font.color.rgb = self._rgb(("muted", "primary", "ink")[row])
        heading = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(heading)  # noqa: SLF001
        self._document.add_paragraph().paragraph_format.space_after = Pt(0)

    def _shade(self, cell: _Cell) -> None:
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), self._theme.colour("paper").lstrip("#"))
        cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001

    def picture(self, data: bytes, alt: str) -> None:
        """A PNG picture as wide as the text, with what it shows in words."""
        paragraph = self._document.add_paragraph()
        shape = paragraph.add_run().add_picture(BytesIO(data), width=WIDTH)
        shape._inline.docPr.set("descr", cell_text(alt))  # noqa: SLF001

    def lines_to_sign(self, labels: Iterable[str]) -> None:
        """A line to write on after each label."""
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(20)
        labels = list(labels)
        for at, label in enumerate(labels, start=1):
            end = WIDTH * at // len(labels)
            stops = paragraph.paragraph_format.tab_stops
            stops.add_tab_stop(end, WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.LINES)
            paragraph.add_run(f"{'  ' if at > 1 else ''}{label} \t")

    def _write(self, paragraph: Paragraph, text: str, *, bold: bool | None = None) -> None:
        """The text in runs of one direction each, so that a name from the right reads well."""
        for right_to_left, part in directions(cell_text(text)):
            run = paragraph.add_run(part)
            run.bold = bold or None
            run.font.rtl = right_to_left or None

    def content(self) -> bytes:
        """The file's bytes."""
        held = BytesIO()
        self._document.save(held)
        result = BytesIO()
        with (
            zipfile.ZipFile(held) as made,
            zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as file,
        ):
            for name in made.namelist():
                part = zipfile.ZipInfo(name, _EARLIEST)
                part.compress_type = zipfile.ZIP_DEFLATED
                file.writestr(part, made.read(name))
        return result.getvalue()


def directions(text: str) -> list[tuple[bool, str]]:
    """The text in parts, and whether a part is written from right to left.

    Blanks and signs go with what stands before them, as long as more of its kind follows.
    """
    words = re.split(r"(\s+)", text)
    marked = [(any(bidirectional(c) in _RIGHT_TO_LEFT for c in word), word) for word in words]
    for at in range(1, len(marked) - 1, 2):  # blanks between two words from the right
        if marked[at - 1][0] and marked[at + 1][0]:
            marked[at] = (True, marked[at][1])
    return [
        (kind, "".join(word for _, word in group))
        for kind, group in groupby(marked, key=lambda one: one[0])
    ]
