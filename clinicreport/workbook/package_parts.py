"""The parts of a workbook's file, each compressed while it is written, none held as a whole."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from html import escape
from io import StringIO
from typing import IO, TYPE_CHECKING, Any, Self
from zipfile import ZipFile

from xlsxwriter.core import Core
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings

if TYPE_CHECKING:
    from concurrent.futures import Future

LANGUAGE = "en"  # of every workbook, for programs that read it aloud
TOGETHER = 2**21  # characters that are compressed together
WAITING = 4  # of these, at most, while a thread compresses
TEXTS = 500  # shared texts written together


class PartArchive:
    """Writes parts to a file one after the other, in a thread while the texts of what follows are
    made (zlib lets Python go on). Where a computer has no thread to spare, it goes without."""

    def __init__(self, file: ZipFile) -> None:
        self._file, self._beside = file, True
        self._waiting: deque[Future[None]] = deque()
        self._stream: IO[bytes] | None = None

    def __enter__(self) -> Self:
        from concurrent.futures import ThreadPoolExecutor

        self._thread = ThreadPoolExecutor(1)
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown(cancel_futures=True)

    def add(self, name: str, data: bytes, *, last: bool) -> None:
        """More of a part; ``last``: it is whole now. Raises what went wrong with what was added."""
        self._do(self._write, name, data, last)

    def finish(self) -> None:
        """Wait until everything is written. Raises what went wrong."""
        while self._waiting:
            self._waiting.popleft().result()

    def _do(self, work: Callable[..., None], *what: Any) -> None:
        if self._beside:
            try:
                self._waiting.append(self._thread.submit(work, *what))
            except RuntimeError:  # no thread could be started
                self._beside = False
        if not self._beside:
            work(*what)
            return
        while len(self._waiting) > WAITING:
            self._waiting.popleft().result()

    def _write(self, name: str, data: bytes, last: bool) -> None:  # noqa: FBT001
        if self._stream is None:
            self._stream = self._file.open(name, "w")
        self._stream.write(data)
        if last:
            self._stream.close()
            self._stream = None


class WrittenPart(StringIO):
    """One part of the file: text that is compressed on its way."""

    def __init__(self, name: str, archive: PartArchive) -> None:
        super().__init__()
        self._name, self._archive = name, archive
        self._pieces, self._length = list[str](), 0

    def write(self, text: str) -> int:
        """Take a piece of text."""
        self._pieces.append(text)
        self._length += len(text)
        if self._length >= TOGETHER:
            self._hand_on(last=False)
        return len(text)

    def finish(self) -> None:
        """Nothing more comes."""
        self._hand_on(last=True)

    def _hand_on(self, *, last: bool) -> None:
        self._archive.add(self._name, "".join(self._pieces).encode(), last=last)
        self._pieces.clear()
        self._length = 0


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
    """Opens each part in the archive itself, one after the other."""

    def __init__(self, archive: PartArchive) -> None:
        super().__init__()
        self._archive = archive
        self._part: WrittenPart | None = None

    def _filename(self, xml_filename: str) -> WrittenPart:
        self.finish()
        self._part = WrittenPart(xml_filename, self._archive)
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

    def finish(self) -> None:
        """Close the part that is open."""
        if self._part is not None:
            self._part.finish()
            self._part = None
