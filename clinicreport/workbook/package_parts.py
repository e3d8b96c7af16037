"""The parts of a workbook's file, as XlsxWriter writes them but for what is quicker or not there."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from xlsxwriter.core import Core
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

    from clinicreport.workbook.packed_text import PackedArchive, PackedText

LANGUAGE = "en"  # of every workbook, for programs that read it aloud
TEXTS = 500  # shared texts written together


class CoreProperties(Core):  # type: ignore[misc]
    """The document's properties, with its language, for which XlsxWriter has no setter."""

    def _write_dc_description(self) -> None:
        super()._write_dc_description()
        self._xml_data_element("dc:language", LANGUAGE)


class SharedTexts(SharedStrings):  # type: ignore[misc]
    """The texts of all cells, many written together."""

    def _write_sst_strings(self) -> None:
        found = self.string_table.string_array
        for at in range(0, len(found), TEXTS):
            texts = found[at : at + TEXTS]
            if _plain(texts):
                told = escape("\n".join(texts), quote=False).replace("\n", "</t></si><si><t>")
                self.fh.write(f"<si><t>{told}</t></si>")
            else:
                for text in texts:
                    self._write_si(text)

    def _xml_rich_si_element(self, string: str) -> None:
        """No text here has several fonts, though it may look like XlsxWriter's own for one."""
        self._xml_si_element(string)


def _plain(texts: Sequence[str]) -> bool:
    """Whether nothing but "&<>" is written otherwise than it stands: no blanks at an end, no
    control characters, no codes such as _x0041_."""
    together = "".join(texts)
    return (
        together.isprintable()
        and "_x" not in together
        and all(text == text.strip() for text in texts)
    )


class PartPackager(Packager):  # type: ignore[misc]
    """Packs each part as it is written, one after the other, at one level."""

    def __init__(self, workbook: Workbook, archive: PackedArchive, level: int) -> None:
        super().__init__()
        self._add_workbook(workbook)
        self._set_in_memory(in_memory=True)
        self._archive, self._level = archive, level
        self._part: PackedText | None = None

    def _filename(self, xml_filename: str) -> PackedText:
        self._finish()
        self._part = self._archive.part(xml_filename, self._level)
        return self._part

    def _write_core_file(self) -> None:
        core = CoreProperties()
        core._set_properties(self.workbook.doc_properties)  # noqa: SLF001
        core._set_xml_writer(self._filename("docProps/core.xml"))  # noqa: SLF001
        core._assemble_xml_file()  # noqa: SLF001

    def _write_shared_strings_file(self) -> None:
        if self.workbook.str_table.count:
            texts = SharedTexts()
            texts.string_table = self.workbook.str_table
            texts._set_xml_writer(self._filename("xl/sharedStrings.xml"))  # noqa: SLF001
            texts._assemble_xml_file()  # noqa: SLF001

    def _finish(self) -> None:
        """Close the part that is open."""
        if self._part is not None:
            self._part.finish()
            self._part = None

    def write(self) -> None:
        """Every part, in XlsxWriter's order."""
        for picture, name, _ in self._create_package():
            self._filename(name).add(picture.getvalue())
        self._finish()
