"""A look at a zip archive before any parser sees it: sizes, ratios, entities.

A spreadsheet of a clinic is a zip archive, and a small archive can be made to unpack to far more
than a computer holds. The limits follow the archive's own directory first; then every part is
unpacked once, in measured steps, so that a part that is larger than it says is found too.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from zlib_ng import zlib_ng

from clinicreport.ground.rounding import file_size, fixed
from clinicreport.reading import RefusedError
from clinicreport.reading.plain_workbook import PackedPart

if TYPE_CHECKING:
    from collections.abc import Iterator

MEGABYTE = 1_000_000
SMALL_PART = 100_000  # bytes: the ratio of a part below is not judged
MOST_RATIO = 100  # unpacked / packed of one part; a session log has about 7, a bomb 300 and more
# A part that is packed more densely may be no larger than this where it is to be read: one text
# 200,000 times is no bomb. What is not read (a blank picture) only counts towards the totals.
DENSE_PART = 20 * MEGABYTE
HONEST_RATIO = 50  # parts above it share the limit of TOTAL
TOTAL = 200 * MEGABYTE
# A log of a million visits honestly unpacks to 500 MB and more. Its parts have a low ratio, so
# whoever wants this much memory and time must send a file of a matching size: no bomb.
HONEST_TOTAL = 2_000 * MEGABYTE
MOST_PARTS = 10_000  # a workbook with a sheet and a chart a patient has several thousand
PROLOGUE = MEGABYTE  # bytes in which the root element of a part must begin

_BROKEN = "is damaged (the archive inside is incomplete): ask for it again, or open it in Excel \
and save it as a new .xlsx file"
_CHANGED = "was damaged on its way ({part} does not match its checksum): ask for it again"


class Package:
    """A zip archive whose directory has been judged. Parts are named in lower case.

    ``unpacked``: what all its parts together say they unpack to, in bytes.
    """

    def __init__(self, data: bytes) -> None:
        """Raises RefusedError where the directory is broken or goes beyond a limit."""
        self._data = data
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        except Exception:  # noqa: BLE001 (zipfile has many ways to fail over a hostile directory)
            raise RefusedError(_BROKEN) from None
        _judge(entries)
        self._parts = {_plain(entry.filename): entry for entry in entries}
        if len(self._parts) < len(entries):
            raise RefusedError(
                "has two parts of the same name, which no spreadsheet program writes: "
                "open it in Excel and save it as a new .xlsx file"
            )
        self._unseen = set(self._parts)
        self.unpacked = sum(entry.file_size for entry in entries)

    def __contains__(self, part: str) -> bool:
        return _plain(part) in self._parts

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def read(self, part: str) -> bytes:
        """One part, unpacked and looked at; empty where there is none."""
        name = _plain(part)
        entry = self._parts.get(name)
        if entry is None:
            return b""
        _judge_density(entry)
        content = b"".join(_unpack(self._data, entry, entry.file_size + 1))
        self._unseen.discard(name)
        _check_markup(name, content[:PROLOGUE], len(content))
        return content

    def packed(self, part: str) -> PackedPart:
        """One part that was read, as it lies in the archive."""
        entry = self._parts[_plain(part)]
        method = 8 if entry.compress_type else 0
        return PackedPart((_packed(self._data, entry),), method, entry.CRC, entry.file_size)

    def check_rest(self) -> None:
        """Look at every part not read so far, without keeping it."""
        for name in sorted(self._unseen):
            head = b""
            for piece in _unpack(self._data, self._parts[name], MEGABYTE):
                head = head or piece
            _check_markup(name, head, self._parts[name].file_size)
        self._unseen.clear()


def _plain(name: str) -> str:
    """A part's name as readers look it up: they ignore case, and some write backslashes."""
    return name.replace("\\", "/").lstrip("/").lower()


def _judge(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_PARTS:
        raise RefusedError(
            f"holds {len(entries):,} parts (limit {MOST_PARTS:,}): not a session log"
        )
    total = dense = 0
    for entry in entries:
        if entry.flag_bits & 1:
            raise RefusedError("is an archive with a password: unpack it, and give the spreadsheet")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise RefusedError(
                "is packed in a way that no spreadsheet program uses: open it in Excel "
                "and save it as a new .xlsx file"
            )
        ratio = entry.file_size / max(1, entry.compress_size)
        total += entry.file_size
        dense += entry.file_size if ratio > HONEST_RATIO else 0
        for size, limit in ((dense, TOTAL), (total, HONEST_TOTAL)):
            if size > limit:
                raise RefusedError(_would_unpack(entry, entries, limit))


def _judge_density(entry: zipfile.ZipInfo) -> None:
    """Refuse a part that is to be read, and is packed as no log is."""
    ratio = entry.file_size / max(1, entry.compress_size)
    if entry.file_size > DENSE_PART and ratio > MOST_RATIO:
        raise RefusedError(
            f"{entry.filename} would unpack to {file_size(entry.file_size)}, {fixed(ratio, 0)} "
            f"times its size (limit {MOST_RATIO} times, above {file_size(DENSE_PART)}): it was "
            "not opened, ask the sender for a fresh export"
        )


def _would_unpack(entry: zipfile.ZipInfo, entries: list[zipfile.ZipInfo], limit: int) -> str:
    alone = entry.file_size > limit
    size = entry.file_size if alone else sum(each.file_size for each in entries)
    what = entry.filename if alone else "it"
    return (
        f"{what} would unpack to {file_size(size)} (limit {file_size(limit)}): "
        "it was not opened, split the log or ask the sender for a fresh export"
    )


def _packed(data: bytes, entry: zipfile.ZipInfo) -> memoryview:
    """One part's bytes as they lie in the archive. Raises RefusedError where they do not."""
    start = entry.header_offset
    if start < 0 or data[start : start + 4] != b"PK\x03\x04":
        raise RefusedError(_BROKEN)
    lengths = data[start + 26 : start + 30]
    start += 30 + int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
    packed = memoryview(data)[start : start + entry.compress_size]
    if len(packed) < entry.compress_size:
        raise RefusedError(_BROKEN)
    return packed


def _unpack(data: bytes, entry: zipfile.ZipInfo, step: int) -> Iterator[bytes]:
    """The unpacked bytes of one part in pieces of at most ``step`` bytes."""
    packed = _packed(data, entry)
    size = checksum = 0
    pieces = _inflate(packed, step) if entry.compress_type else iter((bytes(packed),))
    for piece in pieces:
        size += len(piece)
        if size > entry.file_size:
            raise RefusedError(
                f"{entry.filename} unpacks to more than it says: it was not opened, "
                "ask the sender for a fresh export"
            )
        checksum = zlib_ng.crc32(piece, checksum)
        yield piece
    if size < entry.file_size or checksum != entry.CRC:
        raise RefusedError(_CHANGED.format(part=entry.filename))


def _inflate(packed: memoryview, step: int) -> Iterator[bytes]:
    engine = zlib_ng.decompressobj(-zlib_ng.MAX_WBITS)
    rest: bytes | memoryview = packed
    try:
        while not engine.eof:
            piece = engine.decompress(rest, step)
            rest = engine.unconsumed_tail
            if piece:
                yield piece
            elif not rest:
                return  # the packed bytes end too early; the size tells
    except zlib_ng.error:  # type: ignore[misc]  # a class, whatever its stub says
        raise RefusedError(_BROKEN) from None


def _check_markup(name: str, head: bytes, size: int) -> None:
    """Check a part's prologue, save for drawings and the macros of LibreOffice.

    Those declare a document type of their own, and nothing here ever reads them.
    """
    if not name.endswith(".svg") and not name.startswith(("basic/", "dialogs/")):
        check_prologue(head, size)


_BEFORE_ROOT = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)


def check_prologue(head: bytes, size: int) -> None:
    """Refuse an XML part that declares a document type (and with it, entities).

    ``head``: the part's first bytes, whatever its encoding; ``size``: how many it has in all.
    A document type can only stand before the root element. What is not XML passes.
    """
    text = narrow(head)
    if text.lstrip()[:1] != b"<":
        return
    position = 0
    while found := _BEFORE_ROOT.match(text, position):
        position = found.end()
    rest = text[position : position + 4]
    unfinished = size > len(head) and (not rest or rest[:2] in (b"<?", b"<") or rest == b"<!--")
    if (rest[:2] == b"<!" and rest != b"<!--") or unfinished:
        raise RefusedError(
            "declares its own XML entities, which no spreadsheet program writes: it "
            "was not opened, ask the sender for a fresh export"
        )


def narrow(head: bytes) -> bytes:
    """Markup as single bytes, also where the part is written in UTF-16 or UTF-32."""
    if head[:3] == b"\xef\xbb\xbf":
        return head[3:]
    start = head[:8].lstrip(b"\xff\xfe\x00")
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or (b"\x00" in head[:4] and start[:1] == b"<"):
        return re.sub(rb"^[\xff\xfe]+", b"", head.replace(b"\x00", b""))
    return head
