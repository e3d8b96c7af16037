"""The logs in force as one run knows them: by name, and by the visits that they hold.

Each log is read at most once in a run, however many new ones it is compared with. The ledger has
the last word: :meth:`InForce.keep_step` takes over whatever it says, before files are judged.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

Visit = tuple[str, str, date]  # clinic, patient, day


def folded(name: str) -> str:
    """A file's name as people take it: case and form of accents do not count."""
    return unicodedata.normalize("NFC", name).casefold()


@dataclass(slots=True)
class InForce:
    """Numbers of files (as in the ledger) by name and by visit.

    A log is known by its visits once it was read: :meth:`put_visits`.
    """

    read_with: Mapping[str, str] = field(default_factory=dict)  # the settings' marks
    months: set[str] = field(default_factory=set)  # all logs with visits of these are known
    _files: dict[int, tuple[str, str]] = field(default_factory=dict)  # content and name
    _named: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _visits: dict[int, frozenset[Visit]] = field(default_factory=dict)
    _holders: dict[Visit, set[int]] = field(default_factory=lambda: defaultdict(set))
    _mark: int = 0

    def keep_step(self, files: Mapping[int, tuple[str, str]], marks: Mapping[str, str]) -> None:
        """Be as the ledger is: ``files`` in force, each with its content and name.

        Visits that were read with other settings (``marks``) are forgotten.
        """
        if marks != self.read_with:
            self._visits.clear()
            self._holders.clear()
            self.months.clear()
            self.read_with = dict(marks)
        for number in [one for one, known in self._files.items() if files.get(one) != known]:
            self.drop(number)
        for number, (content, name) in files.items():
            if number not in self._files:
                self.months.clear()
                self.put(number, content, name)

    def put(
        self, number: int, content: str, name: str, visits: frozenset[Visit] | None = None
    ) -> None:
        """One more log is in force; ``visits``: where it is known already what it holds."""
        self._files[number] = (content, name)
        self._named[folded(name)].append(number)
        self._mark ^= _digest(number, content)
        if visits is not None:
            self.put_visits(number, visits)

    def put_visits(self, number: int, visits: frozenset[Visit]) -> None:
        """What the log holds."""
        self._visits[number] = visits
        for visit in visits:
            self._holders[visit].add(number)

    def drop(self, number: int) -> None:
        """The log is no longer in force."""
        content, name = self._files.pop(number)
        self._named[folded(name)].remove(number)
        self._mark ^= _digest(number, content)
        for visit in self._visits.pop(number, ()):
            self._holders[visit].discard(number)

    @property
    def mark(self) -> str:
        """Which contents are in force, in one word."""
        return f"{self._mark:016x}"

    def name_of(self, number: int) -> str:
        """What the log is called."""
        return self._files[number][1]

    def named(self, name: str) -> list[int]:
        """The logs of this name, the newest first."""
        return sorted(self._named.get(folded(name), ()), reverse=True)

    def is_known(self, number: int) -> bool:
        """Whether it is known what the log holds."""
        return number in self._visits

    def shared(self, visits: Iterable[Visit]) -> list[tuple[int, int]]:
        """The logs that hold any of the visits, and how many; most first, then by number."""
        counts: Counter[int] = Counter()
        for visit in visits:
            counts.update(self._holders.get(visit, ()))
        return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))

    def held_by(self, numbers: Iterable[int], visits: Iterable[Visit]) -> int:
        """How many of the visits stand in any of these logs."""
        wanted = set(numbers)
        return sum(bool(wanted & self._holders.get(visit, set())) for visit in visits)

    def share_kept(self, number: int, visits: frozenset[Visit]) -> float:
        """The share of the log's visits that are among these: 1 where it holds none, 0 where it
        is not known (then it has no visit of a month that these lie in)."""
        held = self._visits.get(number)
        if held is None:
            return 0.0
        return len(held & visits) / len(held) if held else 1.0


def _digest(number: int, content: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{number} {content}".encode()).digest()[:8])
