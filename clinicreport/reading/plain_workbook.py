"""An OOXML workbook once more, written as plainly as the parser wants it.

Workbooks that every spreadsheet program opens can hold what the parser stumbles over: an error
code that is newer than it, a sheet's size given as ``1:5``, sheets of macros, parts in UTF-16, two
sheets of one name. So it never sees the archive as it came, but a new one: only the sheets with
cells, named by their number, their strings and their styles. What need not change is taken over as
it is packed.

The parser goes through each sheet twice, the second time for merged cells. That is no waste: then
it minds every tag, and tells a damaged sheet that it would read at first.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zlib_ng import zlib_ng

from clinicreport.reading.spreadsheet import CellError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from clinicreport.reading.seen import Look

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KNOWN_ERRORS = frozenset(["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"])
_NO_CELLS = b"<worksheet/>"
# Bytes that a workbook may unpack to of whose sheets the parser gets copies that are not packed. Above,
# that would need more memory than the process is allowed.
ORDINARY = 100_000_000
_HEAD = 20_000  # bytes in which a sheet's declared size stands

_DIMENSION = re.compile(rb"<(?:[\w.-]+:)?dimension\b[^<>]*(?:/>|>\s*</(?:[\w.-]+:)?dimension\s*>)")
_ERROR_TYPE = re.compile(rb"(<(?:[\w.-]+:)?c\s[^<>]*?\bt\s*=\s*)([\"'])e\2")
_MERGED = re.compile(rb"<((?:[\w.-]+:)?)mergeCells\b[^<>]*(?:/>|>.*?</\1mergeCells\s*>)", re.DOTALL)
_PLAIN_AREA = re.compile(rb"[A-Za-z]{1,3}[0-9]{1,7}(?::[A-Za-z]{1,3}[0-9]{1,7})?")
_REF = re.compile(rb"\bref\s*=\s*[\"']([^\"']*)[\"']")


@dataclass(frozen=True, slots=True)
class PackedPart:
    """A part as it lies in an archive."""

    packed: tuple[bytes | memoryview, ...]  # one after another
    method: int  # 0 stored, 8 deflated
    checksum: int
    size: int  # unpacked, bytes


def packed(content: bytes) -> PackedPart:
    """Content that was changed, as a part of its own."""
    engine = zlib_ng.compressobj(1, zlib_ng.DEFLATED, -zlib_ng.MAX_WBITS)
    deflated = engine.compress(content) + engine.flush()
    return PackedPart((deflated,), 8, zlib_ng.crc32(content), len(content))


def stored(*content: bytes | memoryview) -> PackedPart:
    """Content in pieces, as a part that is not packed."""
    checksum = 0
    for piece in content:
        checksum = zlib_ng.crc32(piece, checksum)
    return PackedPart(content, 0, checksum, sum(map(len, content)))


def plain_sheet(xml: bytes, seen: Look) -> bytes:
    """A sheet without what the parser stumbles over; the same object where there is none of it.

    Error cells of newer codes become texts here: what was seen replaces them anyway.
    """
    found = _DIMENSION.search(xml, 0, _HEAD)
    if found and not _is_plain(found[0]):
        xml = xml[: found.start()] + xml[found.end() :]
    errors = {each.text for each in seen.replace.values() if isinstance(each, CellError)}
    if not all(_is_known_error(text, xml) for text in errors):
        xml = _ERROR_TYPE.sub(rb"\1\2str\2", xml)
    cells_end = max(xml.rfind(b"sheetData"), 0)
    merged = _MERGED.search(xml, cells_end)
    if merged and not all(map(_PLAIN_AREA.fullmatch, _REF.findall(merged[0]))):
        xml = xml[: merged.start()] + xml[merged.end() :]
    return xml


def _is_known_error(text: str, xml: bytes) -> bool:
    """Whether the parser knows this code, as it stands wherever it stands in the sheet."""
    code = text.encode()
    return text in _KNOWN_ERRORS and xml.count(code) == xml.count(b">" + code + b"<")


def _is_plain(dimension: bytes) -> bool:
    reference = _REF.search(dimension)
    return bool(reference and _PLAIN_AREA.fullmatch(reference[1]))


def plain_workbook(
    sheets: Sequence[PackedPart | None],
    strings: PackedPart | None,
    styles: PackedPart | None,
    *,
    dates_1904: bool,
) -> list[bytes | memoryview]:
    """An archive, in pieces, whose sheets are these, in their order; none is one without cells."""
    relations = [("worksheet", f"worksheets/sheet{at}.xml") for at in range(len(sheets))]
    parts: list[tuple[str, PackedPart]] = [
        (f"xl/{place}", part or packed(_NO_CELLS))
        for (_, place), part in zip(relations, sheets, strict=True)
    ]
    for kind, shared in (("sharedStrings", strings), ("styles", styles)):
        if shared is not None:
            relations.append((kind, f"{kind}.xml"))
            parts.append((f"xl/{kind}.xml", shared))
    listed = "".join(
        f'<sheet name="{at}" sheetId="{at + 1}" r:id="r{at}"/>' for at in range(len(sheets))
    )
    targets = "".join(
        f'<Relationship Id="r{at}" Type="{_OFFICE}/{kind}" Target="{place}"/>'
        for at, (kind, place) in enumerate(relations)
    )
    texts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f'<workbookPr date1904="{int(dates_1904)}"/><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{targets}'
        "</Relationships>",
    }
    return archive_pieces(
        [*((name, packed(text.encode())) for name, text in texts.items()), *parts]
    )


_LOCAL = struct.Struct("<4s5H3I2H")
_ENTRY = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")


def archive_of(parts: Iterable[tuple[str, PackedPart]]) -> bytes:
    """A zip archive of parts as they are packed (under 4 GB in all)."""
    return b"".join(archive_pieces(parts))


def archive_pieces(parts: Iterable[tuple[str, PackedPart]]) -> list[bytes | memoryview]:
    """The same in pieces, of which no large one is a copy."""
    pieces: list[bytes | memoryview] = []
    directory = b""
    position = count = 0
    for name, part in parts:
        encoded = name.encode()
        length = sum(map(len, part.packed))
        facts = (0x800, part.method, 0, 0x21, part.checksum, length, part.size)
        head = _LOCAL.pack(b"PK\x03\x04", 20, *facts, len(encoded), 0) + encoded
        directory += (
            _ENTRY.pack(b"PK\x01\x02", 20, 20, *facts, len(encoded), 0, 0, 0, 0, 0, position)
            + encoded
        )
        pieces += [head, *part.packed]
        position += len(head) + length
        count += 1
    end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), position, 0)
    return [*pieces, directory, end]
