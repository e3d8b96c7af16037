"""What one book gave: its part of the log, which stands for itself and can be kept."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from clinicreport.log.register import Register
from clinicreport.log.session_log import Located, Log, Source
from clinicreport.log.watched_day import WatchedDay

Part = dict[str, npt.NDArray[Any]]  # a table's used visits, by column


class BookLog(NamedTuple):
    """One book's tables, sources and findings; its sources are counted from 0."""

    parts: list[Part]
    sources: list[Source]
    located: list[Located]
    unusable: dict[str, set[tuple[int, int]]]
    register: Register

    def join(self, log: Log) -> list[Part]:
        """Add all but the visits to the log; the visits, with the log's numbers of the sources.

        Nothing of this book is changed, nor shared with the log where that could change it.
        """
        first = len(log.sources)
        log.sources += self.sources
        log.located += [
            item if item.source is None else item._replace(source=item.source + first)
            for item in self.located
        ]
        for name, cells in self.unusable.items():
            moved = {(at + first if at >= 0 else at, row) for at, row in cells}
            log.unusable.setdefault(name, set()).update(moved)
        log.register.columns |= self.register.columns
        for who, entries in self.register.patients.items():
            log.register.patients.setdefault(who, {}).update(entries)
        return [{**part, "source": np.add(part["source"], first)} for part in self.parts]


class BooksBefore(Protocol):
    """What books gave before, by name and content."""

    @property
    def day(self) -> WatchedDay:
        """The day on which they are read."""

    def recall(self, name: str, sha256: str) -> BookLog | None:
        """What the book gave, where reading it again would give the same."""

    def knows(self, name: str, sha256: str) -> bool:
        """Whether that is known."""

    def keep(self, name: str, sha256: str, given: BookLog) -> None:
        """What the book gave just now."""
