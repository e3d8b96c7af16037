"""Long work in one worker thread, so that a page answers at once and asks again.

What came of it is kept in memory only, of the last few: whoever finds none begins the work anew,
after a stop of the program too.
"""

from __future__ import annotations

import queue
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

KEPT = 8  # results
USES = "use-"  # work of this name, with a file's SHA-256 behind it, uses the file


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of a piece of work: its ``value``, or the ``error`` that ended it."""

    value: Any = None
    error: Exception | None = None


class Jobs:
    """Pieces of work by name, a kept file's SHA-256 mostly, done one after the other."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._waiting: queue.SimpleQueue[tuple[str, Callable[[], Any]]] = queue.SimpleQueue()
        self._at_work: set[str] = set()
        self._ended: OrderedDict[str, Ended] = OrderedDict()
        self._notes: dict[str, str] = {}
        self._worker: threading.Thread | None = None

    def start(self, name: str, work: Callable[[], Any]) -> None:
        """Begin the work, unless it is under way; an earlier result is forgotten."""
        with self._lock:
            if name in self._at_work:
                return
            self._ended.pop(name, None)
            self._at_work.add(name)
            self._waiting.put((name, work))
            if self._worker is None:
                self._worker = threading.Thread(target=self._run, daemon=True)
                self._worker.start()

    def result(self, name: str) -> Ended | None:
        """What came of the work; None while it goes on, and where none was begun."""
        with self._lock:
            return self._ended.get(name)

    def working(self, name: str) -> bool:
        """Whether it waits or is under way."""
        with self._lock:
            return name in self._at_work

    def known(self, name: str) -> bool:
        """Whether it waits, is under way, or what came of it is still there."""
        with self._lock:
            return name in self._at_work or name in self._ended

    def note(self, name: str, code: str) -> None:
        """Say of work under way what it waits for."""
        with self._lock:
            self._notes[name] = code

    def noted(self, name: str) -> str:
        """What the work waits for; empty where it does not."""
        with self._lock:
            return self._notes.get(name, "")

    @property
    def busy(self) -> bool:
        """Whether anything is under way."""
        with self._lock:
            return bool(self._at_work)

    def forget(self, name: str) -> None:
        """Drop what came of the work."""
        with self._lock:
            self._ended.pop(name, None)

    def forget_all(self) -> None:
        """Drop every result, since the settings changed."""
        with self._lock:
            self._ended.clear()

    def wait(self, seconds: float) -> None:
        """Until one more piece of work has ended, or nothing is under way; at most so long."""
        with self._lock:
            if self._at_work:
                self._lock.wait(seconds)

    def _run(self) -> None:
        while True:
            name, work = self._waiting.get()
            try:
                ended = Ended(work())
            except Exception as error:  # noqa: BLE001 (told on the page that asks)
                ended = Ended(error=error)
            with self._lock:
                self._at_work.discard(name)
                self._notes.pop(name, None)
                self._ended[name] = ended
                self._lock.notify_all()
                while len(self._ended) > KEPT:
                    self._ended.popitem(last=False)
