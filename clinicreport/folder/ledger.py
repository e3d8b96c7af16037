"""The ledger: one SQLite file that says what came, what was made of it and who was sent what.

Every change is flushed to the disk before it counts (``synchronous=FULL`` with a rollback journal,
which works on network shares too). ``PRAGMA user_version`` is the schema's version; an older file
is brought up to date when it is opened.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from clinicreport.folder import clock
from clinicreport.ground.errors import OutputError, UsageError

FIRST = """
CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT, utc TEXT NOT NULL, local TEXT NOT NULL,
  kind TEXT NOT NULL, file INTEGER, month TEXT, message INTEGER, text TEXT NOT NULL);
CREATE TABLE files (
  id INTEGER PRIMARY KEY AUTOINCREMENT, sha256 TEXT NOT NULL, name TEXT NOT NULL,
  size INTEGER NOT NULL, utc TEXT NOT NULL, local TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('received', 'archived', 'rejected', 'purged')),
  source TEXT NOT NULL, path TEXT NOT NULL, target TEXT, month TEXT,
  months TEXT NOT NULL DEFAULT '{}',
  rows INTEGER NOT NULL DEFAULT 0, version INTEGER NOT NULL DEFAULT 1, reason TEXT,
  superseded_by INTEGER REFERENCES files (id), cleared INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX one_content ON files (sha256)
  WHERE superseded_by IS NULL AND state IN ('received', 'archived');
CREATE TABLE due (
  month TEXT PRIMARY KEY, direct INTEGER NOT NULL, quiet INTEGER NOT NULL DEFAULT 0);
CREATE TABLE reports (
  id INTEGER PRIMARY KEY AUTOINCREMENT, month TEXT NOT NULL, version INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('planned', 'made')), sha256 TEXT NOT NULL,
  path TEXT NOT NULL, digest TEXT NOT NULL, figures TEXT NOT NULL, inputs TEXT NOT NULL,
  changes TEXT NOT NULL DEFAULT '', announced INTEGER NOT NULL DEFAULT 0,
  utc TEXT NOT NULL, local TEXT NOT NULL, UNIQUE (month, version));
CREATE TABLE errors (
  id INTEGER PRIMARY KEY AUTOINCREMENT, report INTEGER NOT NULL REFERENCES reports (id),
  rule TEXT NOT NULL, patient TEXT NOT NULL, day TEXT NOT NULL, place TEXT NOT NULL,
  message TEXT NOT NULL);
CREATE TABLE messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT, report INTEGER NOT NULL REFERENCES reports (id),
  month TEXT NOT NULL, address TEXT NOT NULL, role TEXT NOT NULL, again INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK (state IN ('held', 'not-sent', 'planned', 'drafted', 'queued',
    'sending', 'unsure', 'sent', 'failed', 'replaced')),
  how TEXT NOT NULL DEFAULT 'drafts', reason TEXT NOT NULL DEFAULT '',
  message_id TEXT NOT NULL DEFAULT '', path TEXT NOT NULL DEFAULT '',
  sha256 TEXT NOT NULL DEFAULT '', tries INTEGER NOT NULL DEFAULT 0, next_utc TEXT, queued_utc TEXT,
  utc TEXT NOT NULL, local TEXT NOT NULL, sent_utc TEXT, sent_local TEXT,
  UNIQUE (report, address, role, again));
CREATE TABLE wishes (
  id INTEGER PRIMARY KEY AUTOINCREMENT, new TEXT NOT NULL, old TEXT NOT NULL, UNIQUE (new, old));
"""

PURGES = """
CREATE TABLE purges (
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, what TEXT NOT NULL, who TEXT NOT NULL,
  why TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0, utc TEXT NOT NULL, local TEXT NOT NULL);
CREATE TABLE purged_contents (sha256 TEXT PRIMARY KEY, purge INTEGER NOT NULL);
"""

MEMORY = """
ALTER TABLE reports ADD COLUMN memory TEXT NOT NULL DEFAULT '';
"""

MIGRATIONS = (FIRST, PURGES, MEMORY)  # to version 1, 2, …: only ever add at the end


class Ledger:
    """An open ledger. Reading is free; every change goes through :meth:`change`."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open the file, and make or update it where needed.

        Raises UsageError for a file that is damaged or newer than this program.
        """
        self.path = path
        try:  # by its path: an address (URI) cannot name a file on a Windows share
            self._db = sqlite3.connect(path, isolation_level=None, timeout=10)
            self._db.row_factory = sqlite3.Row
            self._set_up(read_only=read_only)
        except sqlite3.OperationalError as error:
            raise OutputError(f"{path}: cannot be opened or written ({error})") from error
        except sqlite3.DatabaseError as error:
            raise UsageError(
                f"{path.name} is damaged ({error}). The archive holds everything: run "
                '"clinicreport run --rebuild", which keeps the damaged file under another name'
            ) from error

    def _set_up(self, *, read_only: bool) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            self.close()
            raise UsageError(
                f"{self.path.name} was written by a newer clinicreport (schema {version}, this one "
                f"knows {len(MIGRATIONS)}): update clinicreport"
            )
        self._db.execute("PRAGMA quick_check(1)").fetchone()
        if read_only:
            self._db.execute("PRAGMA query_only = ON")
            return
        self._db.execute("PRAGMA journal_mode = DELETE")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA fullfsync = ON")  # macOS: past the disk's own cache
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.execute("PRAGMA secure_delete = ON")
        for number, script in enumerate(MIGRATIONS[version:], version + 1):
            self._db.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """A change that counts whole or not at all, on the disk when the block ends."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield self._db
            self._db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self._undo()
            raise OutputError(f"{self.path.name} could not be written ({error})") from error
        except BaseException:
            self._undo()
            raise

    def _undo(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def rows(self, query: str, *values: Any) -> list[sqlite3.Row]:
        """All rows of a query."""
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.OperationalError as error:
            raise OutputError(f"{self.path.name} could not be read ({error})") from error

    def row(self, query: str, *values: Any) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        found = self.rows(query, *values)
        return found[0] if found else None

    def compact(self) -> None:
        """Give back the space of removed rows, so that nothing of them is left in the file."""
        self._db.execute("VACUUM")


def note(
    db: sqlite3.Connection,
    kind: str,
    text: str,
    *,
    file: int | None = None,
    month: str | None = None,
    message: int | None = None,
) -> None:
    """One line of the history, in the same change as what it tells."""
    utc, local = clock.stamp(clock.now())
    db.execute(
        "INSERT INTO events (utc, local, kind, file, month, message, text) VALUES (?,?,?,?,?,?,?)",
        (utc, local, kind, file, month, message, text),
    )
