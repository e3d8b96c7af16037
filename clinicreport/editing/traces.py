"""Where a patient's id still stands in a file, outside the rows that were emptied.

An id that is only a number, or a few letters, also means other things: it is looked for in
remarks, text boxes and the like alone. One of letters may be anybody's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from xml.parsers import expat

from clinicreport.editing.package import Archive
from clinicreport.editing.splice import NotEditableError, as_utf8, escaped, local, parser, run

_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_ATTRIBUTES = frozenset(
    {
        "name",
        "val",
        "v",
        "value",
        "display",
        "tooltip",
        "location",
        "prompt",
        "promptTitle",
        "error",
        "errorTitle",
        "descr",
        "title",
        "displayName",
        "totalsRowLabel",
        "caption",
        "u",
        "alt",
        "uniqueName",
        "Target",
        "string-value",
        "string",
        "href",
        "label-cell-address",
        "condition",
        "formula",
    }
)
_FORMULAS = frozenset({"f", "formula", "formula1", "formula2", "definedName", "condition"})
_PLACES = frozenset({"sqref", "ref"})
_INLINE = frozenset({"t", "r", "span", "a", "font", "fld"})
_TEXTS = re.compile(r"/drawings/|/comments|/threadedcomments/|^docprops/|^meta\.xml$")
_BETWEEN = re.compile(r"[,;\t|]")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_WORDS = (
    (r"/(?:drawings|diagrams)/", "a text box, picture or drawing"),
    (r"/charts/", "a chart"),
    (r"/pivot|/slicer", "a pivot table"),
    (r"/tables/", "a table's heading or filter"),
    (r"^xl/workbook\.xml$", "a sheet's name or a defined name"),
    (r"^docprops/|^meta\.xml$", "the properties of the file"),
    (r"/externallinks/", "a link to another workbook"),
    (r"/comments|/threadedcomments/", "a remark"),
    (r"^xl/sharedstrings\.xml$", "the list of texts"),
    (r"^xl/vba", "the macros"),
    (r"^styles\.xml$", "a header or footer"),
)


@dataclass(frozen=True, slots=True)
class Trace:
    """One place with the id. ``alone``: it is all that stands there."""

    where: str  # in words
    alone: bool
    text: int | None = None  # its number in the list of texts that cells share


def telling(id_: str) -> bool:
    """Whether an id means a patient wherever it stands: H-014 does; 7, 2.5 and Anna do not."""
    return not _NUMBER.fullmatch(id_) and bool(re.search(r"\d", id_))


def _is_word(id_: str) -> bool:
    return not _NUMBER.fullmatch(id_) and len(id_) >= 4


def traces(data: bytes, ids: Iterable[str], sheets: Mapping[str, str]) -> list[Trace]:
    """The places of a package in which one of the ids stands; ``sheets``: part -> sheet."""
    archive = Archive(data)
    found: dict[Trace, None] = {}
    for name in archive.names():
        content = archive.read(name)
        for id_ in ids:
            if telling(id_) or _is_word(id_) or _TEXTS.search(name):
                for trace in _in_part(name, content, id_, sheets.get(name, "")):
                    found |= dict.fromkeys(_in_cells(archive, trace, sheets))
    return list(found)


def traces_in_text(text: str, ids: Iterable[str]) -> list[Trace]:
    """The lines of a text file in which one of the ids stands."""
    words = [(id_, whole_word([id_])) for id_ in ids if telling(id_) or _is_word(id_)]
    return [
        Trace(f"line {number}", telling(id_) and id_ in map(_bare, _BETWEEN.split(line)))
        for number, line in enumerate(text.splitlines(), 1)
        for id_, word in words
        if id_ in line and word.search(line)
    ]


def _bare(cell: str) -> str:
    return cell.strip().strip('"').strip()


def whole_word(ids: Iterable[str]) -> re.Pattern[str]:
    """The ids where they are no part of a longer one."""
    words = "|".join(map(re.escape, sorted(ids, key=len, reverse=True)))
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])")


def _in_cells(archive: Archive, trace: Trace, sheets: Mapping[str, str]) -> list[Trace]:
    """A text of the list as the cells that show it; itself where none does."""
    if trace.text is None:
        return [trace]
    shows = re.compile(
        rb'<(?:\w+:)?c\s[^<>]*?\br="([A-Z]+\d+)"[^<>]*><(?:\w+:)?v>%d</' % trace.text
    )
    found = [
        Trace(f"the sheet “{sheet}”, cell {cell[1].decode()}", trace.alone)
        for part, sheet in sheets.items()
        for cell in shows.finditer(archive.read(part))
        if b't="s"' in cell[0]
    ]
    return found or [trace]


def _in_part(name: str, content: bytes, id_: str, sheet: str) -> Iterator[Trace]:
    where = f"the sheet “{sheet}”" if sheet else _words(name)
    if content.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"<") or content[:2] in (
        b"\xff\xfe",
        b"\xfe\xff",
    ):
        with suppress(NotEditableError):  # an old drawing may be no XML at all
            xml = as_utf8(content)
            written = (escaped(id_).encode(), id_.encode(), b"&#")
            if not sheet or any(each in xml for each in written):  # a sheet can be large
                yield from _Search(id_, where).over(xml)
            return
    if id_.encode() in content or id_.encode("utf-16-le") in content:
        yield Trace(where, alone=False)


def _words(name: str) -> str:
    for pattern, words in _WORDS:
        if re.search(pattern, name):
            return f"{words} ({name})"
    return name


class _Search:
    """One XML part that is looked through."""

    def __init__(self, id_: str, where: str) -> None:
        self._id = id_
        self._word = whole_word([id_])
        self._where = where
        self._cell = ""
        self._text = -1  # in the list of texts
        self._texts: list[list[str]] = []
        self._found: list[Trace] = []

    def over(self, xml: bytes) -> list[Trace]:
        """The traces, in their order. Raises NotEditableError."""
        made: expat.XMLParserType = parser()
        made.buffer_text = True
        made.StartElementHandler, made.EndElementHandler = self._start, self._end
        made.CharacterDataHandler = self._data
        run(made, xml)
        return self._found

    def _start(self, qname: str, attributes: dict[str, str]) -> None:
        self._texts.append([])
        if local(qname) == "c":
            self._cell = attributes.get("r", "")
        self._text += local(qname) == "si"
        for key, value in attributes.items():
            if local(key) in _ATTRIBUTES and self._id in value:
                self._judge(local(key), value)

    def _data(self, text: str) -> None:
        if self._texts:
            self._texts[-1].append(text)

    def _end(self, qname: str) -> None:
        text = "".join(self._texts.pop())
        if self._id in text:
            self._judge(local(qname), text)
        if local(qname) in _INLINE and self._texts:
            self._texts[-1].append(text)
        if local(qname) == "c":
            self._cell = ""

    def _judge(self, name: str, text: str) -> None:
        if name in _PLACES:
            return
        if name in _FORMULAS:  # only what stands in quotation marks is text
            texts, alone = _QUOTED.findall(text), False
        else:
            texts, alone = [text], text.strip() == self._id and telling(self._id)
        if any(self._word.search(each) for each in texts):
            cell = f", cell {self._cell}" if self._cell else ""
            number = self._text if name == "si" else None
            if number is not None or self._text < 0:  # a text of the list is judged as a whole
                self._found.append(Trace(f"{self._where}{cell}", alone, number))
