"""The ledger: one SQLite file that says what came, what was made of it and who was sent what.

All SQL of the program stands here: the schema, what is asked (:class:`Ledger`) and what is written
(:class:`LedgerChange`). Rows are values (:mod:`clinicreport.folder.ledger_rows`).

Every change is flushed to the disk before it counts (``synchronous=FULL`` with a rollback journal,
which works on network shares too). ``PRAGMA user_version`` is the schema's version; an older file
is brought up to date when it is opened.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, fields
from pathlib import Path, PurePosixPath
from typing import TypeVar

from clinicreport.folder import clock
from clinicreport.folder.ledger_rows import (
    DueMonth,
    ErrorFinding,
    Event,
    FileRow,
    GivenRow,
    HeldLog,
    MessageRow,
    NewMessage,
    NewReport,
    PurgeRow,
    ReportRow,
    Wish,
)
from clinicreport.folder.overlap import Overlap
from clinicreport.ground.errors import DamagedLedger, OutputError

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

FINDING = """
ALTER TABLE errors ADD COLUMN finding TEXT NOT NULL DEFAULT '';
"""

MARKS = """
CREATE TABLE marks (
  kind TEXT NOT NULL, number INTEGER NOT NULL, marks TEXT NOT NULL, PRIMARY KEY (kind, number));
"""

HELD = """
CREATE TABLE held (
  file INTEGER PRIMARY KEY REFERENCES files (id), old TEXT NOT NULL, months TEXT NOT NULL,
  found TEXT NOT NULL, asked TEXT NOT NULL, drafted INTEGER NOT NULL DEFAULT 0);
"""

REACHED = """
ALTER TABLE purges ADD COLUMN months TEXT NOT NULL DEFAULT '[]';
ALTER TABLE purges ADD COLUMN files INTEGER NOT NULL DEFAULT 0;
CREATE INDEX content_of_files ON files (sha256);
CREATE INDEX path_of_files ON files (path);
CREATE INDEX name_of_files ON files (name);
"""

AHEAD = """
ALTER TABLE files ADD COLUMN ahead TEXT NOT NULL DEFAULT '';
"""

GIVEN = """
CREATE TABLE given (
  sha256 TEXT NOT NULL, name TEXT NOT NULL, how TEXT NOT NULL, day TEXT NOT NULL,
  lasting INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (sha256, name));
"""

SLIM = """
UPDATE reports SET memory = json_remove(memory, '$.reported') WHERE json_valid(memory);
"""

LOOKED_UP = """
CREATE INDEX report_of_errors ON errors (report);
"""

Value = str | int | bytes | None  # what a column holds
Row = TypeVar("Row")
_NEWEST = (
    "state = 'made' AND version = (SELECT MAX(version) FROM reports n "
    "WHERE n.month = reports.month AND n.state = 'made') ORDER BY month"
)
RECEIVED_OR_KEPT = ("received", "archived")
UNSENT = ("held", "not-sent", "planned", "drafted", "queued", "failed")

MIGRATIONS = (
    FIRST,
    PURGES,
    MEMORY,
    FINDING,
    HELD,
    REACHED,
    AHEAD,
    MARKS,
    GIVEN,
    SLIM,
    LOOKED_UP,
)  # to version 1, 2, …: only ever add at the end


_CHECK = "close it in other programs; check the share, the free space and your rights"


def damaged(name: str, why: str) -> str:
    """The sentence about a damaged ledger, with the way out."""
    return (
        f"{name} is damaged ({why}). Nothing is written over it. The archive holds every log: run "
        '"clinicreport run --rebuild", which makes it anew and keeps the damaged file under '
        "another name, or put the ledger back from a backup"
    )


class Ledger:
    """An open ledger. Reading is free; every change goes through :meth:`change`."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open the file, and make or update it where needed.

        Raises DamagedLedger for a file that is damaged, no ledger, or newer than this program.
        """
        self.path, self.read_only = path, read_only
        if path.is_dir():
            raise DamagedLedger(damaged(path.name, "it is a folder"))
        try:  # by its path: an address (URI) cannot name a file on a Windows share
            self._db = sqlite3.connect(path, isolation_level=None, timeout=10)
            self._db.row_factory = sqlite3.Row
            self._set_up(read_only=read_only)
        except sqlite3.OperationalError as error:
            raise OutputError(f"{path}: cannot be opened or written ({error}): {_CHECK}") from error
        except sqlite3.DatabaseError as error:
            raise DamagedLedger(damaged(path.name, str(error))) from error

    def _set_up(self, *, read_only: bool) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            self.close()
            raise DamagedLedger(
                f"{self.path.name} was written by a newer clinicreport (schema {version}, this one "
                f"knows {len(MIGRATIONS)}): update clinicreport"
            )
        found = self._db.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok" or not _is_ours(self._db, version):
            self.close()
            why = (
                "it does not hold together" if found != "ok" else "it is no ledger, or lacks a part"
            )
            raise DamagedLedger(damaged(self.path.name, why))
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

    @property
    def is_current(self) -> bool:
        """Whether the file has every column that this program knows (it does after a run)."""
        return int(self._db.execute("PRAGMA user_version").fetchone()[0]) == len(MIGRATIONS)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def change(self) -> Iterator[LedgerChange]:
        """A change that counts whole or not at all, on the disk when the block ends."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield LedgerChange(self._db, self)
            self._db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self._undo()
            said = f"{self.path.name} could not be written ({error}): {_CHECK}"
            raise OutputError(said) from error
        except sqlite3.IntegrityError:
            self._undo()
            raise
        except sqlite3.DatabaseError as error:
            self._undo()
            raise DamagedLedger(damaged(self.path.name, str(error))) from error
        except BaseException:
            self._undo()
            raise

    def _undo(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def compact(self) -> None:
        """Give back the space of removed rows, so that nothing of them is left in the file."""
        self._db.execute("VACUUM")

    def _rows(self, query: str, *values: Value) -> list[sqlite3.Row]:
        """All rows of a query."""
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.OperationalError as error:
            said = f"{self.path.name} could not be read ({error}): {_CHECK}"
            raise OutputError(said) from error
        except sqlite3.DatabaseError as error:
            raise DamagedLedger(damaged(self.path.name, str(error))) from error

    def _made(self, make: Callable[[sqlite3.Row], Row], rows: list[sqlite3.Row]) -> list[Row]:
        """A value of each row."""
        try:
            return [make(row) for row in rows]
        except (AttributeError, TypeError, ValueError) as error:
            said = damaged(self.path.name, "a record in it cannot be read")
            raise DamagedLedger(said) from error

    # ------------------------------------------------------------------------------- files

    def _files(self, which: str, *values: Value) -> list[FileRow]:
        """The files of a condition, in the order in which they came."""
        query = f"SELECT * FROM files WHERE {which} ORDER BY id"  # noqa: S608
        return self._made(_file, self._rows(query, *values))

    def file(self, number: int) -> FileRow | None:
        """The file of a number."""
        return _first(self._files("id = ?", number))

    def files_in_force(self) -> list[FileRow]:
        """The newest version of every archived log."""
        return self._files("state = 'archived' AND superseded_by IS NULL")

    def contents_in_force(self) -> dict[int, tuple[str, str]]:
        """The content and the name of each such log, by its number."""
        query = (
            "SELECT id, sha256, name FROM files "
            "WHERE state = 'archived' AND superseded_by IS NULL ORDER BY id"
        )
        return {row["id"]: (row["sha256"], row["name"]) for row in self._rows(query)}

    def archived_files(self) -> list[FileRow]:
        """Every archived log, earlier versions too."""
        return self._files("state = 'archived'")

    def received_files(self, *, held: bool = True) -> list[FileRow]:
        """Files that are neither archived nor rejected yet; without those about which people were
        asked and have said nothing, where these are not wanted."""
        asked = "" if held else " AND id NOT IN (SELECT file FROM held WHERE asked != '')"
        return self._files(f"state = 'received'{asked}")

    def rejected_files(self) -> list[FileRow]:
        """Files that could not be used, and did not come again."""
        return self._files("state = 'rejected' AND superseded_by IS NULL")

    def files_ahead(self, *, but: str) -> list[FileRow]:
        """Files with rows in the future of the day on which they were read, if not on this one."""
        which = "ahead NOT IN ('', ?) AND superseded_by IS NULL AND state IN "
        return self._files(f"{which} ('archived', 'rejected')", but)

    def stored_files(self) -> list[FileRow]:
        """Every file that is kept: archived, rejected, or held or otherwise on its way."""
        return self._files("state IN ('received', 'archived', 'rejected')")

    def held_logs(self) -> list[HeldLog]:
        """The logs that may be corrections, in the order in which they came."""
        return self._held("1")

    def _held(self, which: str, *values: Value) -> list[HeldLog]:
        query = (
            "SELECT held.*, name, local FROM held JOIN files ON files.id = held.file "  # noqa: S608
            f"WHERE {which} ORDER BY file"
        )
        return self._made(_held, self._rows(query, *values))

    def held_log(self, number: int) -> HeldLog | None:
        """What is known of a file that is held."""
        return _first(self._held("file = ?", number))

    def marks(self, kind: str, number: int) -> dict[str, str] | None:
        """The settings that a report or a file was made or read with; None where it is not known."""
        rows = self._rows("SELECT marks FROM marks WHERE kind = ? AND number = ?", kind, number)
        return dict(json.loads(rows[0]["marks"])) if rows else None

    def marks_of(self, kind: str) -> dict[int, dict[str, str]]:
        """All marks of a kind, by number."""
        rows = self._rows("SELECT number, marks FROM marks WHERE kind = ? ORDER BY number", kind)
        return {row["number"]: dict(json.loads(row["marks"])) for row in rows}

    def given(self, sha256: str, name: str, how: str, day: str) -> bytes | None:
        """What a file of this content and name gave when it was read so, on the day or earlier
        where that makes no difference; None where it is not known."""
        which = "sha256 = ? AND name = ? AND how = ? AND (day = ? OR lasting AND day < ?)"
        rows = self._rows(f"SELECT content FROM given WHERE {which}", sha256, name, how, day, day)  # noqa: S608
        return bytes(rows[0]["content"]) if rows else None

    def uncleared_files(self) -> list[FileRow]:
        """Files whose original may still lie where it was dropped."""
        return self._files("cleared = 0")

    def known_content(
        self, sha256: str, states: Sequence[str] = (*RECEIVED_OR_KEPT, "rejected")
    ) -> FileRow | None:
        """The newest file of this content that has no successor."""
        marks = ",".join("?" * len(states))
        which = f"sha256 = ? AND superseded_by IS NULL AND state IN ({marks})"
        return _first(self._files(which, sha256, *states)[::-1])

    def newest_named(self, name: str, month: str) -> FileRow | None:
        """The file of this name and month that has no successor."""
        which = "name = ? AND month = ? AND superseded_by IS NULL"
        return _first(self._files(which, name, month))

    def keeps(self, path: str) -> bool:
        """Whether the content of a file is kept at this path, or was about to be moved there."""
        return bool(self._files("path = ? OR target = ?", path, path))

    def knows_anything(self) -> bool:
        """Whether any file came, or was purged."""
        query = "SELECT 1 FROM files UNION SELECT 1 FROM events WHERE kind = 'purged'"
        return bool(self._rows(query))

    def wishes(self) -> list[Wish]:
        """Which logs are to replace which."""
        return [Wish(**row) for row in self._rows("SELECT new, old FROM wishes")]

    # ------------------------------------------------------------------- months and reports

    def months_due(self, after: str = "") -> list[DueMonth]:
        """The months after this one whose report is to be made, the earliest first."""
        rows = self._rows("SELECT * FROM due WHERE month > ? ORDER BY month", after)
        return [DueMonth(row["month"], bool(row["direct"]), bool(row["quiet"])) for row in rows]

    def _reports(self, which: str, *values: Value, what: str = "*") -> list[ReportRow]:
        query = f"SELECT {what} FROM reports WHERE {which}"  # noqa: S608
        return self._made(_report, self._rows(query, *values))

    def report(self, number: int) -> ReportRow | None:
        """The report of a number."""
        return _first(self._reports("id = ?", number))

    def planned_report(self, month: str) -> ReportRow | None:
        """The month's report that comes next."""
        return _first(self._reports("month = ? AND state = 'planned'", month))

    def report_with_content(self, sha256: str) -> ReportRow | None:
        """The newest report that was made with this content."""
        return _first(self._reports("sha256 = ? AND state = 'made' ORDER BY id DESC", sha256))

    def last_report(self, month: str, *, before: int | None = None) -> ReportRow | None:
        """The newest report of a month that was made; ``before``: of the versions below this."""
        which = "month = ? AND state = 'made' AND version < COALESCE(?, version + 1)"
        return _first(self._reports(f"{which} ORDER BY version DESC LIMIT 1", month, before))

    def report_of_a_month_before(self, month: str) -> ReportRow | None:
        """The newest report of the last month before this one that has a report."""
        which = "month < ? AND month GLOB '[0-9]*' AND state = 'made'"
        return _first(self._reports(f"{which} ORDER BY month DESC, version DESC LIMIT 1", month))

    def last_reports(self) -> list[ReportRow]:
        """The newest report of each month, by month; without what they keep for later ones."""
        what = ", ".join(each.name for each in fields(ReportRow) if each.name != "memory")
        return self._reports(_NEWEST, what=what)

    def newest_reports(self) -> dict[str, int]:
        """The numbers of the same, by month."""
        rows = self._rows(f"SELECT month, id FROM reports WHERE {_NEWEST}")  # noqa: S608
        return {row["month"]: row["id"] for row in rows}

    def first_found(self, until: str) -> dict[str, str]:
        """By a finding's id the first month whose report had it, of those up to a month."""
        query = (
            "SELECT json_extract(one.value, '$.id') AS finding, MIN(month) AS first FROM "
            "(SELECT month, memory FROM reports WHERE state = 'made' AND memory != '' "
            "AND month <= ? AND month GLOB '[0-9]*') kept, json_each(kept.memory, '$.findings') one "
            "GROUP BY finding"
        )
        return {row["finding"]: row["first"] for row in self._rows(query, until) if row["finding"]}

    def unannounced_reports(self) -> list[ReportRow]:
        """Reports about which no message is planned yet."""
        return self._reports("state = 'made' AND announced = 0 ORDER BY id")

    def reported_months(self) -> list[str]:
        """What the reports are of: months, and the words of reports from elsewhere."""
        return [row["month"] for row in self._rows("SELECT DISTINCT month FROM reports")]

    def months_reported_after(self, month: str) -> list[str]:
        """The later months whose report was made."""
        query = (
            "SELECT DISTINCT month FROM reports WHERE month > ? AND month GLOB '[0-9]*' "
            "AND state = 'made'"
        )
        return [row["month"] for row in self._rows(query, month)]

    def was_planned(self, sha256: str) -> bool:
        """Whether a report of this content was about to be made once."""
        return self.was_noted("planned", sha256)

    def was_noted(self, kind: str, text: str) -> bool:
        """Whether the history tells this."""
        query = "SELECT 1 FROM events WHERE kind = ? AND text = ?"
        return bool(self._rows(query, kind, text))

    def error_findings(self, report: int) -> list[ErrorFinding]:
        """The report's error findings."""
        query = "SELECT rule, patient, day, place, message, finding FROM errors WHERE report = ?"
        return [ErrorFinding(**row) for row in self._rows(query, report)]

    # ----------------------------------------------------------------------------- messages

    def _messages(self, which: str, *values: Value) -> list[MessageRow]:
        query = f"SELECT * FROM messages WHERE {which}"  # noqa: S608
        return [MessageRow(**row) for row in self._rows(query, *values)]

    def message(self, number: int) -> MessageRow | None:
        """The message of a number."""
        return _first(self._messages("id = ?", number))

    def messages(self) -> list[MessageRow]:
        """Every message, in the order in which they were planned."""
        return self._messages("1 ORDER BY id")

    def messages_in(self, state: str) -> list[MessageRow]:
        """The messages in a state, in the order in which they were planned."""
        return self._messages("state = ? ORDER BY id", state)

    def drafts_for_mailbox(self) -> list[MessageRow]:
        """The drafts that are to be put into the mailbox and are not known to be there."""
        return self._messages("state = 'drafted' AND next_utc IS NOT NULL ORDER BY id")

    def messages_about(self, report: int) -> list[MessageRow]:
        """The messages about a report, by address."""
        return self._messages("report = ? ORDER BY address, role, again", report)

    def last_message(self, report: int, address: str, role: str) -> MessageRow | None:
        """The last message about a report to a recipient."""
        which = "report = ? AND address = ? AND role = ? ORDER BY again DESC"
        return _first(self._messages(which, report, address, role))

    # ------------------------------------------------------------------- purges and history

    def purges_to_do(self) -> list[PurgeRow]:
        """The purges that were begun."""
        return [
            PurgeRow(
                **{**row, "done": bool(row["done"]), "months": tuple(json.loads(row["months"]))}
            )
            for row in self._rows("SELECT * FROM purges WHERE done = 0 ORDER BY id")
        ]

    def was_purged(self, sha256: str) -> bool:
        """Whether this content was removed on purpose."""
        return bool(self._rows("SELECT 1 FROM purged_contents WHERE sha256 = ?", sha256))

    def history(self, limit: int | None = None) -> list[Event]:
        """What happened, in its order; the last events where there is a limit.

        That a report was planned only the program itself needs to know.
        """
        query = (
            "SELECT id, local, kind, text FROM events WHERE kind != 'planned' "
            "ORDER BY id DESC LIMIT ?"
        )
        return [Event(**row) for row in reversed(self._rows(query, limit or -1))]


class LedgerChange:
    """What is written in one change of the ledger: it counts whole or not at all."""

    def __init__(self, db: sqlite3.Connection, ledger: Ledger) -> None:
        self._db = db
        self._ledger = ledger

    def _insert(self, table: str, values: dict[str, Value], how: str = "INSERT") -> int:
        """A new row; its number."""
        names, marks = ", ".join(values), ",".join("?" * len(values))
        query = f"{how} INTO {table} ({names}) VALUES ({marks})"
        return self._db.execute(query, tuple(values.values())).lastrowid or 0

    def _update(self, table: str, number: int, **values: Value) -> None:
        """New values in the row of this number."""
        sets = ", ".join(f"{name} = ?" for name in values)
        query = f"UPDATE {table} SET {sets} WHERE id = ?"  # noqa: S608 (names of this module)
        self._db.execute(query, (*values.values(), number))

    def note(
        self,
        kind: str,
        text: str,
        *,
        file: int | None = None,
        month: str | None = None,
        message: int | None = None,
    ) -> None:
        """One line of the history, in the same change as what it tells."""
        told: dict[str, Value] = {"kind": kind, "file": file, "month": month, "message": message}
        self._insert("events", {**_stamps(), **told, "text": text})

    # ------------------------------------------------------------------------------- files

    def receive(self, sha256: str, name: str, size: int, source: str, path: str) -> int:
        """A file whose content is kept now; its number."""
        number = self._add_file("received", sha256, name, size, source=source, path=path)
        self.note("received", name, file=number)
        return number

    def _add_file(self, state: str, sha256: str, name: str, size: int, **more: Value) -> int:
        what: dict[str, Value] = {"sha256": sha256, "name": name, "size": size, "state": state}
        return self._insert("files", {**what, **_stamps(), **more})

    def dropped_again(self, number: int, source: str) -> None:
        """The same content lies in another place, from which it is to be cleared."""
        self._update("files", number, source=source, cleared=False)

    def try_again(self, number: int, source: str) -> None:
        """A rejected file is received once more, from where it lies."""
        self._update("files", number, state="received", target=None, source=source, cleared=False)

    def plan_place(self, number: int, target: str) -> None:
        """Where the file is about to be moved."""
        self._update("files", number, target=target)

    def plan_rejection(self, number: int, target: str, reason: str) -> None:
        """Where the file is about to be moved since it cannot be used, and why."""
        self._update("files", number, target=target, reason=reason)

    def moved_file(self, number: int, path: str) -> None:
        """Where the file's content is now."""
        self._update("files", number, path=path)

    def looked(self, number: int, ahead: str) -> None:
        """The day on which rows of the file lay in the future; empty where none did."""
        self._update("files", number, ahead=ahead)

    def recount_months(self, row: FileRow, month: str, months: dict[str, int]) -> None:
        """The same content, of which more or less counts than before."""
        counts, rows = json.dumps(months), sum(months.values())
        self._update("files", row.id, month=month, months=counts, rows=rows)

    def cleared(self, number: int) -> None:
        """The original is gone from where it was dropped."""
        self._update("files", number, cleared=True)

    def record_archived(
        self, row: FileRow, path: str, month: str, months: dict[str, int], version: int
    ) -> None:
        """The file counts from here on; an earlier one of its name that was rejected is settled."""
        self._update(
            "files",
            row.id,
            state="archived",
            path=path,
            month=month,
            months=json.dumps(months),
            rows=sum(months.values()),
            version=version,
            reason=None,
        )
        self._no_longer_held(row.id)
        self._supersede_rejected(row)

    def record_rejected(self, row: FileRow, path: str) -> None:
        """The file is in ``rejected/``; an earlier one of its name there is settled."""
        self._update("files", row.id, state="rejected", path=path)
        self._no_longer_held(row.id)
        self._supersede_rejected(row)

    def _supersede_rejected(self, row: FileRow) -> None:
        self._db.execute(
            "UPDATE files SET superseded_by = ? WHERE state = 'rejected' AND name = ? "
            "AND id != ? AND superseded_by IS NULL",
            (row.id, row.name, row.id),
        )

    def supersede(self, old: FileRow, new: FileRow) -> None:
        """The new file counts instead of the old one; a wish for it is fulfilled."""
        self._update("files", old.id, superseded_by=new.id)
        for one, other in ((new.name, old.name), (old.name, new.name)):
            self._db.execute("DELETE FROM wishes WHERE new = ? AND old = ?", (one, other))

    def hold_file(self, log: HeldLog) -> None:
        """The file waits until a person says what it is; the managers are asked once."""
        self._db.execute(
            "INSERT INTO held (file, old, months, found, asked) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (file) DO UPDATE SET old = excluded.old, months = excluded.months, "
            "found = excluded.found, asked = excluded.asked",
            (
                log.file,
                log.old,
                json.dumps(log.months),
                json.dumps(asdict(log.found)),
                log.asked,
            ),
        )

    def ask_anew(self, number: int) -> None:
        """What is known about a held file rests on something that is different now."""
        self._db.execute("UPDATE held SET asked = '' WHERE file = ?", (number,))

    def asked_by_mail(self, log: HeldLog) -> None:
        """The managers' drafts about the file are written."""
        self._db.execute("UPDATE held SET drafted = 1 WHERE file = ?", (log.file,))

    def _no_longer_held(self, number: int) -> None:
        self._db.execute("DELETE FROM held WHERE file = ?", (number,))

    def keep_marks(self, kind: str, number: int, marks: dict[str, str]) -> None:
        """The settings that a report or a file was made or read with."""
        kept: dict[str, Value] = {"kind": kind, "number": number, "marks": json.dumps(marks)}
        self._insert("marks", kept, "INSERT OR REPLACE")

    def keep_given(self, row: GivenRow) -> None:
        """What a file gave when it was read."""
        self._insert("given", row._asdict(), "INSERT OR REPLACE")

    def forget_given(self, but: str = "") -> None:
        """What files gave when they were read goes; what was read so (``but``) stays where the
        file is in force."""
        in_force = "SELECT sha256 FROM files WHERE state = 'archived' AND superseded_by IS NULL"
        query = f"DELETE FROM given WHERE how != ? OR sha256 NOT IN ({in_force})"  # noqa: S608
        self._db.execute(query, (but,))

    def wish(self, new: str, old: str) -> None:
        """Remember which log is to replace which."""
        self._insert("wishes", {"new": new, "old": old}, "INSERT OR IGNORE")

    # ------------------------------------------------------------------- months and reports

    def make_due(self, months: Iterable[str], *, direct: bool, quiet: bool = False) -> None:
        """Reports to be made; one that is due already stays so, and becomes direct if this is."""
        self._db.executemany(
            "INSERT INTO due (month, direct, quiet) VALUES (?, ?, ?) "
            "ON CONFLICT (month) DO UPDATE SET direct = MAX(direct, excluded.direct)",
            [(month, direct, quiet) for month in months],
        )

    def no_longer_due(self, month: str) -> None:
        """The month's report is made, or there is nothing to make."""
        self._db.execute("DELETE FROM due WHERE month = ?", (month,))

    def plan_report(self, report: NewReport) -> None:
        """Which bytes come next, instead of what was planned before."""
        self._db.execute(
            "DELETE FROM reports WHERE month = ? AND state = 'planned'", (report.month,)
        )
        self.note("planned", report.sha256, month=report.month)
        self._add_report(report, "planned")

    def adopt_report(self, report: NewReport, errors: Iterable[ErrorFinding] = ()) -> int:
        """A report that is there already; its number."""
        number = self._add_report(report, "made")
        self._add_errors(number, errors)
        return number

    def _add_report(self, report: NewReport, state: str) -> int:
        values = {one.name: getattr(report, one.name) for one in fields(NewReport)}
        values |= {"figures": json.dumps(report.figures), "inputs": json.dumps(report.inputs)}
        return self._insert("reports", {**values, "state": state, **_stamps()})

    def _add_errors(self, report: int, errors: Iterable[ErrorFinding]) -> None:
        for error in errors:
            self._insert("errors", {"report": report, **asdict(error)})

    def record_report(self, report: ReportRow, errors: Iterable[ErrorFinding]) -> None:
        """The report counts from here on; its month is no longer due."""
        self._update("reports", report.id, state="made")
        self._add_errors(report.id, errors)
        self.no_longer_due(report.month)
        self.note("reported", f"{report.path}, version {report.version}", month=report.month)

    def announced(self, report: ReportRow) -> None:
        """Messages about the report are planned."""
        self._update("reports", report.id, announced=True)

    # ----------------------------------------------------------------------------- messages

    def plan_message(self, message: NewMessage) -> None:
        """One recipient's message about a report, unless it is there."""
        values = {one.name: getattr(message, one.name) for one in fields(NewMessage)}
        self._insert("messages", {**values, **_stamps()}, "INSERT OR IGNORE")

    def plan_message_again(self, row: MessageRow, how: str) -> None:
        """A message that is to be composed once more, in this way."""
        self._update(
            "messages", row.id, state="planned", how=how, reason="", tries=0, next_utc=None
        )

    def replace_unsent(self, report: ReportRow) -> None:
        """Messages about the month's other reports that have not been sent are out of date."""
        marks = ",".join("?" * len(UNSENT))
        self._db.execute(
            "UPDATE messages SET state = 'replaced', reason = 'a newer report was made' "  # noqa: S608
            f"WHERE month = ? AND report != ? AND state IN ({marks})",
            (report.month, report.id, *UNSENT),
        )

    def withdraw_unsent(self, report: ReportRow, reason: str) -> None:
        """Nothing about the report is sent any more, nor planned."""
        self.announced(report)
        marks = ",".join("?" * len(UNSENT))
        self._db.execute(
            "UPDATE messages SET state = 'replaced', reason = ? "  # noqa: S608
            f"WHERE report = ? AND state IN ({marks})",
            (reason, report.id, *UNSENT),
        )

    def turn_message(self, row: MessageRow, state: str, reason: str) -> None:
        """A message's new state and why, which the history does not tell."""
        self._update("messages", row.id, state=state, reason=reason)

    def store_message(
        self, row: MessageRow, state: str, reason: str, path: str, sha256: str
    ) -> None:
        """The message is written whole, and waits."""
        queued = _stamps()["utc"]
        self._update(
            "messages",
            row.id,
            state=state,
            reason=reason,
            path=path,
            sha256=sha256,
            queued_utc=queued,
        )
        self._note_message(row, state)

    def wait_for_mailbox(
        self, row: MessageRow, next_utc: str | None, tries: int, reason: str
    ) -> None:
        """When the draft is to be put into the mailbox; None: it is not."""
        self._update("messages", row.id, next_utc=next_utc, tries=tries, reason=reason)

    def put_into_mailbox(self, row: MessageRow, reason: str) -> None:
        """The draft lies in the mailbox."""
        self.wait_for_mailbox(row, None, 0, reason)
        self._note_message(row, "in-mailbox")

    def moved_message(self, row: MessageRow, path: str) -> None:
        """Where the message lies now."""
        self._update("messages", row.id, path=path)

    def sending(self, row: MessageRow) -> None:
        """From here on the server may have the message."""
        self._db.execute(
            "UPDATE messages SET state = 'sending', tries = tries + 1 WHERE id = ?", (row.id,)
        )

    def record_sent(self, row: MessageRow, answer: str) -> None:
        """The server has taken the message."""
        utc, local = clock.stamp(clock.now())
        self._update(
            "messages",
            row.id,
            state="sent",
            reason=answer,
            sent_utc=utc,
            sent_local=local,
            next_utc=None,
        )
        self._note_message(row, "sent")

    def queue_again(self, row: MessageRow, tries: int, next_utc: str, reason: str) -> None:
        """Back into the queue, until a moment."""
        self._update(
            "messages", row.id, state="queued", tries=tries, next_utc=next_utc, reason=reason
        )

    def end_message(self, row: MessageRow, state: str, reason: str) -> None:
        """The message is no longer in the queue, and the history tells why."""
        self._update("messages", row.id, state=state, reason=reason, next_utc=None)
        self._note_message(row, state, reason)

    def settle_message(self, row: MessageRow, state: str, reason: str) -> None:
        """What a person decided: its tries are counted anew."""
        self.end_message(row, state, reason)
        self._update("messages", row.id, tries=0, queued_utc=_stamps()["utc"])

    def _note_message(self, row: MessageRow, kind: str, reason: str = "") -> None:
        said = f": {reason}" if reason else ""
        text = f"{row.month} to {row.address}{said}"
        self.note(kind, text, message=row.id, month=row.month)

    # ------------------------------------------------------------------------------- purges

    def begin_purge(self, kind: str, what: str, who: str, why: str) -> None:
        """What is to go."""
        self.forget_given()
        asked: dict[str, Value] = {"kind": kind, "what": what, "who": who, "why": why}
        self._insert("purges", {**asked, **_stamps()})

    def reached(self, purge: PurgeRow, months: Iterable[str]) -> None:
        """One more file was changed, which had visits of these months."""
        query = "SELECT months FROM purges WHERE id = ?"
        before = json.loads(self._db.execute(query, (purge.id,)).fetchone()[0])
        self._db.execute(
            "UPDATE purges SET months = ?, files = files + 1 WHERE id = ?",
            (json.dumps(sorted({*before, *months})), purge.id),
        )

    def forget_words(self, pattern: re.Pattern[str], instead: str) -> None:
        """Put something else for whoever is named in what the ledger says in words."""
        texts = {
            "events": "text",
            "files": "reason",
            "messages": "reason",
            "reports": "changes",
            "purges": "why",
        }
        for table, column in texts.items():
            for row in self._db.execute(f"SELECT id, {column} FROM {table}").fetchall():  # noqa: S608
                if row[1] and pattern.search(row[1]):
                    self._update(table, row[0], **{column: pattern.sub(instead, row[1])})
        for row in self._db.execute("SELECT id, new, old FROM wishes").fetchall():
            if pattern.search(f"{row[1]} {row[2]}"):
                self._db.execute("DELETE FROM wishes WHERE id = ?", (row[0],))

        self._forget_names(pattern)

    def _forget_names(self, pattern: re.Pattern[str]) -> None:
        """Files that are kept no more, and places that are no more, are not called so either."""
        query = "SELECT id, state, name, source, path, target FROM files"
        for number, state, *names in self._db.execute(query).fetchall():
            if any(name and pattern.search(name) for name in names):
                gone: dict[str, Value] = {"source": "", "target": None}
                if state == "purged":
                    gone |= {"name": "", "path": ""}
                self._update("files", number, **gone)

    def rename_file(self, row: FileRow, path: str, name: str) -> None:
        """The file is called otherwise, and lies elsewhere; what is held beside it is told anew."""
        self._update("files", row.id, name=name, path=path, source=path, target=None)
        self._db.execute("UPDATE held SET old = ? WHERE old = ?", (name, row.name))
        self._db.execute("UPDATE held SET asked = ''")

    def end_purge(self, purge: PurgeRow, said: str) -> None:
        """It is gone; whom it was about is not kept."""
        self.forget_given()
        what = "" if purge.kind == "patient" else purge.what
        self._update("purges", purge.id, done=True, what=what)
        query = "SELECT why FROM purges WHERE id = ?"
        (why,) = self._db.execute(query, (purge.id,)).fetchone()  # without the patient's id by now
        self.note("purged", f"{said}; asked for by {purge.who}: {why}")

    def bar_content(self, row: FileRow, purge: PurgeRow) -> None:
        """The content that the file had is not taken again."""
        barred: dict[str, Value] = {"sha256": row.sha256, "purge": purge.id}
        self._insert("purged_contents", barred, "INSERT OR IGNORE")

    def recount(self, row: FileRow, sha256: str, size: int, months: dict[str, int]) -> None:
        """The file's new content, from which somebody's rows were taken; what other content it had
        in common with a file in force, :meth:`spare` has settled before."""
        values: dict[str, Value] = {"sha256": sha256, "size": size}
        if row.state == "archived":
            values["state"] = "archived" if months else "purged"
            values |= {"months": json.dumps(months), "rows": sum(months.values())}
        self._update("files", row.id, **values)
        self.ask_anew(row.id)

    def spare(self, row: FileRow, same: FileRow) -> None:
        """Two logs hold the same now: this one counts nowhere, the other does."""
        self._update("files", row.id, superseded_by=same.id)
        said = f"{row.name}: it holds the same as {same.name} since a purge, and counts nowhere"
        self.note("left out", said, file=row.id)

    def forget_file(self, row: FileRow) -> None:
        """The file is deleted; what it was called is not kept."""
        self._no_longer_held(row.id)
        gone = {"state": "purged", "name": "", "source": "", "path": "", "months": "{}"}
        self._update("files", row.id, **gone, reason=None, target=None, cleared=True)
        self._db.execute("UPDATE events SET text = 'removed by a purge' WHERE file = ?", (row.id,))
        self._db.execute("DELETE FROM wishes WHERE old = ? OR new = ?", (row.name, row.name))

    def forget_errors_of(self, patient: str) -> None:
        """The patient's error findings go."""
        self._db.execute("DELETE FROM errors WHERE patient = ?", (patient,))

    def forget_due_before(self, month: str) -> None:
        """No report of an earlier month is to be made."""
        self._db.execute("DELETE FROM due WHERE month < ?", (month,))

    def forget_message(self, row: MessageRow) -> None:
        """The stored message is deleted: sent, as far as is known, or out of date."""
        state = "sent" if row.state in ("sent", "unsure") else "replaced"
        self._update(
            "messages", row.id, path="", sha256="", state=state, reason="removed by a purge"
        )

    def forget_reports(self, month: str, *, again: bool) -> None:
        """What the month's reports hold goes; ``again``: they are made anew, else they go too."""
        self._db.execute(
            "DELETE FROM errors WHERE report IN (SELECT id FROM reports WHERE month = ?)", (month,)
        )
        self._db.execute(
            "UPDATE reports SET digest = '', inputs = '[]', memory = '' WHERE month = ?", (month,)
        )
        if again:
            self.make_due([month], direct=True, quiet=True)
        else:
            self._db.execute("DELETE FROM messages WHERE month = ?", (month,))
            self._db.execute("DELETE FROM reports WHERE month = ?", (month,))

    # ------------------------------------------------------------------------------ rebuild

    def adopt_archived(
        self, sha256: str, size: int, path: str, month: str, months: dict[str, int]
    ) -> int:
        """A file of the archive, after what has its name in its month already; its number."""
        name = PurePosixPath(path).name
        self._db.execute(  # the same content once more: taken back, and come again
            "UPDATE files SET sha256 = sha256 || ' ' || id "
            "WHERE sha256 = ? AND superseded_by IS NULL",
            (sha256,),
        )
        old = self._ledger.newest_named(name, month)
        number = self._add_file(
            "archived",
            sha256,
            name,
            size,
            source=path,
            path=path,
            month=month,
            months=json.dumps(months),
            rows=sum(months.values()),
            version=old.version + 1 if old else 1,
            cleared=True,
        )
        if old:
            self._update("files", old.id, superseded_by=number)
        self.make_due(months, direct=True, quiet=True)
        return number

    def adopt_rejected(self, sha256: str, size: int, path: str, reason: str) -> int:
        """A file of ``rejected/``; its number."""
        name = PurePosixPath(path).name
        return self._add_file(
            "rejected", sha256, name, size, source=path, path=path, reason=reason, cleared=True
        )

    def came(self, number: int, received: str, replaced_by: int | None) -> None:
        """When a file came and what replaced it, whose version is the next one."""
        self._update("files", number, superseded_by=replaced_by, local=received)
        if replaced_by:
            self._db.execute(
                "UPDATE files SET version = 1 + (SELECT version FROM files WHERE id = ?) "
                "WHERE id = ?",
                (number, replaced_by),
            )


def _is_ours(db: sqlite3.Connection, version: int) -> bool:
    """Whether the file has every column of its schema; a new one has none at all."""
    if not version:
        return not _columns(db)
    with closing(sqlite3.connect(":memory:")) as like:
        like.executescript("".join(MIGRATIONS[:version]))
        return _columns(like) <= _columns(db)


def _columns(db: sqlite3.Connection) -> set[tuple[str, str]]:
    """Table and name of each column."""
    query = (
        "SELECT one.name, two.name FROM sqlite_master one, pragma_table_info(one.name) two "
        "WHERE one.type = 'table' AND one.name NOT LIKE 'sqlite%'"
    )
    return {(table, name) for table, name in db.execute(query)}


def _stamps() -> dict[str, Value]:
    """The present moment, as each row keeps it."""
    utc, local = clock.stamp(clock.now())
    return {"utc": utc, "local": local}


def _file(row: sqlite3.Row) -> FileRow:
    read = {"months": json.loads(row["months"]), "cleared": bool(row["cleared"])}
    return FileRow(**{**row, **read})


def _held(row: sqlite3.Row) -> HeldLog:
    found = json.loads(row["found"])
    found |= {name: tuple(found.get(name, ())) for name in ("cells", "beside")}
    read = {"months": tuple(json.loads(row["months"])), "found": Overlap(**found)}
    return HeldLog(**{**row, **read, "drafted": bool(row["drafted"])})


def _report(row: sqlite3.Row) -> ReportRow:
    figures, inputs = json.loads(row["figures"]), tuple(json.loads(row["inputs"]))
    read = {"figures": figures, "inputs": inputs, "announced": bool(row["announced"])}
    return ReportRow(**{**row, **read})


def _first(rows: Sequence[Row]) -> Row | None:
    """The first row, or None."""
    return rows[0] if rows else None
