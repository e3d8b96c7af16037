"""What archived logs gave when they were read, kept in the ledger: a new month reads only itself.

Kept by content and name, with a digest of all that reading rests on beside: the program, settings
and protocol; and with the day, unless every later day would give the same. What was read otherwise
is read again. A purge clears all of it, and nothing is kept of logs that are encrypted. It is
written as the reading processes write what they give, and read back as guardedly: known kinds of
values and nothing else.
"""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import clinicreport
from clinicreport.folder.ledger_rows import GivenRow
from clinicreport.log.book_log import BookLog
from clinicreport.log.watched_day import WatchedDay
from clinicreport.settings.marks import report_marks

if TYPE_CHECKING:
    from clinicreport.folder.ledger import Ledger
    from clinicreport.folder.open_folder import OpenFolder
    from clinicreport.settings.request import Request

ROOMS = ("ground", "reading", "protocol", "log", "settings")  # what reading a log rests on
LIBRARIES = ("numpy", "python-calamine", "pydantic")
_ALLOWED = {
    "clinicreport.log.book_log": {"BookLog"},
    "clinicreport.log.session_log": {"Source", "Located"},
    "clinicreport.log.findings": {"Finding"},
    "clinicreport.log.register": {"Register", "RegisterEntry"},
    "clinicreport.log.reporter": {"Spot"},
    "datetime": {"date", "datetime", "time", "timedelta"},
    "builtins": {"set", "frozenset"},
    "numpy": {"ndarray", "dtype"},
    "numpy._core.multiarray": {"_reconstruct", "scalar"},
    "numpy._core.numeric": {"_frombuffer"},
    "numpy.core.multiarray": {"_reconstruct", "scalar"},  # of numpy 1
    "numpy.core.numeric": {"_frombuffer"},
}


def known_books(clinic: OpenFolder) -> KnownBooks | None:
    """What is known of the folder's logs; the same for the whole of a run."""
    encrypted = clinic.request.password is not None
    if clinic.known is None and not encrypted and clinic.ledger.is_current:
        clinic.known = KnownBooks(clinic.ledger, clinic.request)
    return clinic.known


@contextmanager
def known_in(folder: Path, request: Request) -> Iterator[KnownBooks | None]:
    """What is known of a clinic folder's logs, for who only looks at them; None where the folder
    has no ledger of this program, or a password opens its logs."""
    from clinicreport.folder.ledger import Ledger
    from clinicreport.folder.places import Folder

    path = Folder(folder).ledger
    if request.password is not None or not path.is_file():
        yield None
        return
    ledger = Ledger(path, read_only=True)
    try:
        yield KnownBooks(ledger, request) if ledger.is_current else None
    finally:
        ledger.close()


class KnownBooks:
    """What books gave before; each is looked up once in a run.

    ``request``: how they are read. ``day``: today, which notices whether what is read rests on it.
    """

    def __init__(self, ledger: Ledger, request: Request) -> None:
        self.request = request
        self.day = WatchedDay.of(request.today)
        self._today = request.today.isoformat()
        self._how = _how(request)
        self._ledger = ledger
        self._books: dict[tuple[str, str], BookLog] = {}
        self._new: list[GivenRow] = []

    def recall(self, name: str, sha256: str) -> BookLog | None:
        """What the file gave, where reading it now would give the same."""
        book = self._books.get((name, sha256))
        if book is None:
            content = self._ledger.given(sha256, name, self._how, self._today)
            book = _unpacked(content) if content else None
            if book is not None:
                self._books[name, sha256] = book
        return book

    def knows(self, name: str, sha256: str) -> bool:
        """Whether that is known."""
        return self.recall(name, sha256) is not None

    def keep(self, name: str, sha256: str, given: BookLog) -> None:
        """What the file gave just now; it is written by :meth:`store`, but where the ledger is only
        read."""
        lasting, self.day.matters = not self.day.matters, False
        self._books[name, sha256] = given
        if self._ledger.read_only:
            return
        row = GivenRow(sha256, name, self._how, self._today, lasting, _packed(given))
        self._new.append(row)

    def store(self) -> None:
        """Write what is new, and drop what no log in force gives any more."""
        if not self._new:
            return
        with self._ledger.change() as change:
            for row in self._new:
                change.keep_given(row)
            change.forget_given(but=self._how)
        self._new.clear()


def _how(request: Request) -> str:
    """All but the file and the day that reading rests on, in one word."""
    text = json.dumps([_program(), report_marks(request)])
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _program() -> list[str]:
    """The program that reads: its own files that have to do with reading, and its libraries."""
    if getattr(sys, "frozen", False):
        whole = Path(sys.executable).stat()
        return [clinicreport.__version__, str(whole.st_size), str(whole.st_mtime_ns)]
    package = Path(clinicreport.__file__).parent
    templates = [*package.glob("templates/*.toml"), *package.parent.glob("templates/*.toml")]
    modules = [path for room in ROOMS for path in package.glob(f"{room}/**/*.py")]
    digest = hashlib.sha256()
    for path in sorted([*modules, *templates]):
        digest.update(path.read_bytes())
    told = [f"{name} {version(name)}" for name in LIBRARIES]
    return [clinicreport.__version__, sys.version, digest.hexdigest(), *told]


def _packed(given: BookLog) -> bytes:
    """As bytes that tell when one of them is another."""
    content = zlib.compress(pickle.dumps(given, pickle.HIGHEST_PROTOCOL), 1)
    return hashlib.sha256(content).digest() + content


class _Kept(pickle.Unpickler):
    """Unpickles a BookLog and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if name not in _ALLOWED.get(module, ()):
            raise pickle.UnpicklingError(f"{module}.{name}")
        return super().find_class(module, name)


def _unpacked(content: bytes) -> BookLog | None:
    """What was kept; None where that cannot be told, so that the log is read again."""
    if hashlib.sha256(content[32:]).digest() != content[:32]:
        return None
    try:
        book = _Kept(io.BytesIO(zlib.decompress(content[32:]))).load()
    except Exception:  # noqa: BLE001 (whatever is amiss with it, the log itself is there)
        return None
    return book if isinstance(book, BookLog) else None
