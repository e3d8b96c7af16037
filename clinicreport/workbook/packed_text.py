"""Text that is compressed in a thread while what follows is made: the parts of a workbook's file.

Deflated runs that end on a whole byte and look back at nothing before them may stand one behind the
other. So the longest rows of a sheet are packed as soon as they are known, long before what stands
above them in its part.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from io import StringIO
from typing import TYPE_CHECKING, Any

from zlib_ng import zlib_ng

from clinicreport.reading.plain_workbook import PackedPart, archive_of

if TYPE_CHECKING:
    from concurrent.futures import Future

TOGETHER = 2**21  # characters that are compressed together
WAITING = 4  # of these, at most, while a thread compresses
_DEFLATED = 8  # the method's number in an archive


@dataclass(slots=True)
class Run:
    """A stretch of text, packed at a level from 1 to 9 so that others may stand around it."""

    level: int
    packed: bytes = b""
    checksum: int = 0
    size: int = 0
    _pieces: list[bytes] = field(default_factory=list)
    _engine: Any = None

    def __post_init__(self) -> None:
        self._engine = zlib_ng.compressobj(self.level, zlib_ng.DEFLATED, -zlib_ng.MAX_WBITS)

    def add(self, data: bytes) -> None:
        """More of it."""
        self.checksum = zlib_ng.crc32(data, self.checksum)
        self.size += len(data)
        self._pieces.append(self._engine.compress(data))

    def end(self, how: int) -> None:
        """It is whole, ``how``: Z_FINISH for the last of a part, else Z_FULL_FLUSH."""
        self.packed = b"".join([*self._pieces, self._engine.flush(how)])
        self._pieces, self._engine = [], None


class PackedArchive:
    """Parts that are packed in a thread (zlib lets Python go on meanwhile). Where a computer has no
    thread to spare, it goes without."""

    def __init__(self) -> None:
        from concurrent.futures import ThreadPoolExecutor

        self._thread, self._beside = ThreadPoolExecutor(1), True
        self._waiting: deque[Future[None]] = deque()
        self._parts: list[tuple[str, PackedText]] = []

    def part(self, name: str, level: int) -> PackedText:
        """A part that stands behind those before."""
        text = PackedText(self, level)
        self._parts.append((name, text))
        return text

    def do(self, work: Callable[..., None], *what: Any) -> None:
        """Some work, after what was asked for before. Raises what went wrong with that."""
        if self._beside:
            try:
                self._waiting.append(self._thread.submit(work, *what))
            except RuntimeError:  # no thread could be started
                self._beside = False
        if not self._beside:
            work(*what)
        while len(self._waiting) > WAITING:
            self._waiting.popleft().result()

    @property
    def busy(self) -> bool:
        """Whether more work would have to wait."""
        while self._waiting and self._waiting[0].done():
            self._waiting.popleft().result()
        return len(self._waiting) >= WAITING

    def content(self) -> bytes:
        """The archive, once its parts are finished, which it keeps no longer. Raises what went
        wrong."""
        while self._waiting:
            self._waiting.popleft().result()
        content = archive_of((name, text.packed()) for name, text in self._parts)
        self._parts.clear()
        return content

    def close(self) -> None:
        """Nothing more is to be packed."""
        self._thread.shutdown(cancel_futures=True)


class PackedText(StringIO):
    """Text that is packed while it is written: a part, or what is to stand in one later."""

    def __init__(self, archive: PackedArchive, level: int) -> None:
        super().__init__()
        self._archive, self._level = archive, level
        self._pieces, self._length = list[str](), 0
        self._runs = [Run(level)]

    def write(self, text: str) -> int:
        """Take a piece of text."""
        self._pieces.append(text)
        self._length += len(text)
        if self._length >= TOGETHER:
            self._hand_on()
        return len(text)

    def write_all(self, texts: Iterable[str]) -> None:
        """Take several pieces."""
        before = len(self._pieces)
        self._pieces += texts
        self._length += sum(map(len, self._pieces[before:]))
        if self._length >= TOGETHER:
            self._hand_on()

    def add(self, data: bytes) -> None:
        """What is no text, a picture."""
        self._hand_on()
        self._archive.do(self._runs[-1].add, data)

    def take(self, other: PackedText) -> None:
        """All of another text, as it is packed."""
        self.end()
        self._runs += [*other._runs, Run(self._level)]

    def end(self, how: int = zlib_ng.Z_FULL_FLUSH) -> None:
        """Nothing more comes of the last run."""
        self._hand_on()
        self._archive.do(self._runs[-1].end, how)

    def finish(self) -> None:
        """Nothing more comes of the part."""
        self.end(zlib_ng.Z_FINISH)

    def packed(self) -> PackedPart:
        """The part, once it is finished and the archive's thread is through with it."""
        checksum = size = 0
        for run in self._runs:
            checksum = zlib_ng.crc32_combine(checksum, run.checksum, run.size)
            size += run.size
        packed = tuple(run.packed for run in self._runs)
        return PackedPart(packed, _DEFLATED, checksum, size)

    def _hand_on(self) -> None:
        if self._pieces:
            self._archive.do(self._runs[-1].add, "".join(self._pieces).encode())
        self._pieces.clear()
        self._length = 0
