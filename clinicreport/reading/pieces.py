"""A large sheet's rows, parsed in pieces side by side: the parser lets other threads run."""

from __future__ import annotations

import io
import re
from collections import deque
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from clinicreport.reading.grid import Grid
from clinicreport.reading.plain_workbook import stored

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from concurrent.futures import Future

    from python_calamine import CalamineSheet

    from clinicreport.reading.plain_workbook import PackedPart
    from clinicreport.reading.seen import Look

Buffer = bytes | memoryview
LANES = 2  # threads
PIECES = 8
AHEAD = 3  # pieces under way or parsed beside the one that is asked for
# Bytes of a sheet that is cut. A smaller one is read before the program has loaded what it needs
# for it; a visit has about 500.
LARGE = 10_000_000
SHARED = 20_000_000  # bytes of all sheets' strings, up to which each lane may parse them for itself

_FIRST_ROW = re.compile(rb'<sheetData>\s*(?=<row r="[0-9]+")')
_NEXT_ROW = re.compile(rb'</row>\s*(?=<row r="[0-9]+")')


@dataclass(slots=True)
class Cut:
    """A sheet's XML, and where in it its rows begin, are cut, and end."""

    xml: bytes
    at: list[int]

    def sheets(self, lane: int) -> list[PackedPart]:
        """A lane's pieces, each as a sheet of its own, not packed."""
        whole = memoryview(self.xml)
        before, after = whole[: self.at[0]], whole[self.at[-1] :]
        ours = list(pairwise(self.at))[lane::LANES]
        return [stored(before, whole[begin:end], after) for begin, end in ours]


class ConsecutiveFile:
    """A file of bytes one after another, as the parser reads it: without joining them before."""

    def __init__(self, pieces: Sequence[Buffer]) -> None:
        self._pieces = pieces
        self.seek(0)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Back to the beginning, and nowhere else."""
        if offset or whence:
            raise io.UnsupportedOperation("seek")
        self._rest = [memoryview(piece) for piece in reversed(self._pieces) if piece]
        return 0

    def read(self, size: int = -1, /) -> bytes:
        """Up to so many bytes; none at the end only."""
        if not self._rest:
            return b""
        piece = self._rest.pop()
        if 0 <= size < len(piece):
            self._rest.append(piece[size:])
            piece = piece[:size]
        return bytes(piece)


def cut(xml: bytes) -> Cut | None:
    """A sheet cut between two rows in several places; none where it is small, or written so that a
    row's beginning is not surely one.

    Each row after a cut says its own number, so that it needs none of what stands before. A cut
    within an attribute's quotes leaves the piece before it without an end, which the parser tells.
    """
    if len(xml) < LARGE:
        return None
    begin = _FIRST_ROW.search(xml, max(0, xml.find(b"<sheetData")))
    if not begin:
        return None
    first, end = begin.end(), xml.rfind(b"</sheetData>")
    # One letter is found far quicker than many, and mostly there is none.
    for mark, start in ((b"<!", 0), (b"<?", first), (b"sheetData", first)):
        if xml.find(mark[1:2], start, end) >= 0 and xml.find(mark, start, end) >= 0:
            return None
    aims = [first + (end - first) * number // PIECES for number in range(1, PIECES)]
    found = {row.end() for aim in aims if (row := _NEXT_ROW.search(xml, aim, end))}
    return Cut(xml, [first, *sorted(found), end]) if found else None


def read_pieces(
    whole: Cut, workbook: Callable[[Sequence[PackedPart]], Sequence[Buffer]], seen: Look
) -> Grid | None:
    """The grid of a sheet that was cut; none where it is to be read as a whole: a piece cannot be
    parsed by itself, or its rows do not stand below those of the pieces before.

    ``workbook``: makes a workbook of these sheets, in pieces of the archive. ``whole`` lets go of its XML.
    """
    from python_calamine import CalamineError

    grid = Grid()
    try:
        with closing(_parsed(whole, workbook)) as sheets:
            for sheet in sheets:
                if not sheet.start or sheet.start[0] < grid.rows:
                    return None
                grid.go_on(*sheet.start)
                grid.extend(sheet.to_python(), truths=seen.truths)
    except (CalamineError, MemoryError, RuntimeError):  # the last where no thread is to be had
        return None
    return grid


def _parsed(
    whole: Cut, workbook: Callable[[Sequence[PackedPart]], Sequence[Buffer]]
) -> Generator[CalamineSheet, None, None]:
    """The pieces in their order. Each lane has a workbook with every second of them, as the strings
    that they share take time and memory too."""
    from concurrent.futures import ThreadPoolExecutor  # loads more than a small file needs

    from python_calamine import load_workbook

    with ExitStack() as stack:
        lanes = [ThreadPoolExecutor(1) for _ in range(LANES)]
        for lane in lanes:
            stack.callback(lane.shutdown, cancel_futures=True)
        books = [
            lane.submit(load_workbook, ConsecutiveFile(workbook(whole.sheets(number))))
            for number, lane in enumerate(lanes)
        ]
        whole.xml = b""

        def parse(piece: int) -> CalamineSheet:
            return books[piece % LANES].result().get_sheet_by_index(piece // LANES)

        begun: deque[Future[CalamineSheet]] = deque()
        for piece in range(len(whole.at) - 1):
            begun.append(lanes[piece % LANES].submit(parse, piece))
            if len(begun) > AHEAD:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
