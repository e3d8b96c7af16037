"""The parts of a workbook's file, each compressed while it is written, none held as a whole."""

from __future__ import annotations

from io import StringIO
from typing import IO
from zipfile import ZipFile

from xlsxwriter.core import Core
from xlsxwriter.packager import Packager

LANGUAGE = "en"  # of every workbook, for programs that read it aloud
PIECES = 5000  # texts that wait before they are compressed together


class WrittenPart(StringIO):
    """One part of the file: text that is compressed on its way."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__()
        self._stream, self._pieces = stream, list[str]()

    def write(self, text: str) -> int:
        """Take a piece of text."""
        self._pieces.append(text)
        if len(self._pieces) >= PIECES or len(text) >= PIECES:
            self._hand_on()
        return len(text)

    def finish(self) -> None:
        """Nothing more comes."""
        self._hand_on()
        self._stream.close()

    def _hand_on(self) -> None:
        self._stream.write("".join(self._pieces).encode())
        self._pieces.clear()


class CoreProperties(Core):  # type: ignore[misc]
    """The document's properties, with its language, for which XlsxWriter has no setter."""

    def _write_dc_description(self) -> None:
        super()._write_dc_description()
        self._xml_data_element("dc:language", LANGUAGE)


class PartPackager(Packager):  # type: ignore[misc]
    """Opens each part in the archive itself, one after the other."""

    def __init__(self, archive: ZipFile) -> None:
        super().__init__()
        self._archive = archive
        self._part: WrittenPart | None = None

    def _filename(self, xml_filename: str) -> WrittenPart:
        self.finish()
        self._part = WrittenPart(self._archive.open(xml_filename, "w"))
        return self._part

    def _write_core_file(self) -> None:
        core = CoreProperties()
        core._set_properties(self.workbook.doc_properties)  # noqa: SLF001
        core._set_xml_writer(self._filename("docProps/core.xml"))  # noqa: SLF001
        core._assemble_xml_file()  # noqa: SLF001

    def finish(self) -> None:
        """Close the part that is open."""
        if self._part is not None:
            self._part.finish()
            self._part = None
