"""What came, what failed, what waits, what was sent: from the ledger, for people and programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from clinicreport.folder import message_words
from clinicreport.folder.corrections import told
from clinicreport.folder.gate import Acknowledged, acknowledged
from clinicreport.folder.inbox import IGNORED
from clinicreport.folder.ledger import Ledger
from clinicreport.folder.ledger_rows import ErrorFinding, FileRow
from clinicreport.folder.month import earlier_path
from clinicreport.folder.places import Folder
from clinicreport.folder.rejection import AS_IT_IS, NO_LOG, marked_copy, reason_file
from clinicreport.settings import config
from clinicreport.workbook.life_words import answered_by, life_line
from clinicreport.workbook.words import count

STALE = "Made before something changed"
HELD = "Held: perhaps a correction, counted nowhere yet"
WAITING = "Messages that wait"
REPORTS = "Reports"
OPEN = ("held", "planned", "queued", "sending", "unsure", "failed", "drafted")


def status(
    folder: Folder,
    ledger: Ledger,
    settings: config.FolderSettings,
    today: date,
    stale: Sequence[str] = (),
) -> dict[str, Any]:
    """Everything that ``clinicreport status --json`` prints."""
    counted = sorted(ledger.files_in_force(), key=lambda row: (row.month or "", row.name))
    return {
        "schema": 1,
        "day": today.isoformat(),
        "logs": [
            {
                "file": row.name,
                "month": row.month,
                "visits": row.rows,
                "version": row.version,
                "received": row.local,
            }
            for row in counted
        ],
        "rejected": [
            _rejected(folder, row)
            for row in ledger.rejected_files()
            if (folder.root / row.path).exists()  # else somebody took it away: it is settled
        ],
        "held": [told(log, folder) for log in ledger.held_logs()],
        "stale": list(stale),
        "inbox": _in_inbox(folder),
        "reports": _reports(folder, ledger),
        "reports_due": [due.month for due in ledger.months_due()],
        "messages": _messages(ledger),
        "missing_months": missing_months(ledger, settings, today),
    }


def _rejected(folder: Folder, row: FileRow) -> dict[str, Any]:
    """A rejected file, with what lies beside it; None for what does not."""
    path = folder.root / row.path
    beside = {"marked": marked_copy(path), "reason_file": reason_file(path)}
    told = {"file": row.name, "path": row.path, "reason": row.reason, "received": row.local}
    return told | {
        name: folder.relative(there) if there.is_file() else None for name, there in beside.items()
    }


def _in_inbox(folder: Folder) -> list[str]:
    try:
        names = sorted(path.name for path in folder.inbox.iterdir())
    except OSError:
        return []
    return [name for name in names if not IGNORED.match(name)]


def _reports(folder: Folder, ledger: Ledger) -> list[dict[str, Any]]:
    """The newest report of each month, with how many earlier versions are kept, and who has
    answered for its error findings by now."""
    said = acknowledged(folder.acknowledged)
    rows = [(row, ledger.error_findings(row.id)) for row in ledger.last_reports()]
    return [
        {
            "month": row.month,
            "version": row.version,
            "file": row.path,
            "made": row.local,
            "errors": len(errors),
            "findings": row.figures.get("life"),
            "answered": _answered(said, errors),
            "changes": row.changes,
            "earlier": sum(
                earlier_path(folder.root / row.path, number).exists()
                for number in range(1, row.version)
            ),
        }
        for row, errors in rows
    ]


def _answered(said: Acknowledged, errors: list[ErrorFinding]) -> dict[str, int]:
    """How many of the error findings each person has answered for; the reasons stay inside."""
    return dict(Counter(reply.who for error in errors if (reply := said.reply(error))))


def _messages(ledger: Ledger) -> list[dict[str, Any]]:
    shown = [row for row in ledger.messages() if row.state != "replaced"]
    shown.sort(key=lambda row: row.month)
    return [message_words.facts(ledger, row) for row in shown]


def missing_months(ledger: Ledger, settings: config.FolderSettings, today: date) -> list[str]:
    """Months without a log between the first that came and the last that is due."""
    had = {row.month for row in ledger.files_in_force() if row.month}
    if not had:
        return []
    back = 1 if today.day >= settings.month_due_day else 2
    last = today.year * 12 + today.month - 1 - back
    return [month for month in _months(min(had), last) if month not in had]


def _months(first: str, last: int) -> Iterator[str]:
    start = int(first[:4]) * 12 + int(first[5:7]) - 1
    for number in range(start, last + 1):
        yield f"{number // 12:04d}-{number % 12 + 1:02d}"


def in_words(found: dict[str, Any]) -> str:
    """The status as lines for a terminal."""
    lines: list[str] = []
    for title, entries in sections(found):
        lines += [title, *(f"  {entry}" for entry in entries), ""]
    return "\n".join(lines).rstrip()


def sections(found: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """What needs attention first, then what is there; each a title and its lines."""
    messages = found["messages"]
    opened = [message for message in messages if message["state"] in OPEN]
    closed = [message for message in messages if message["state"] not in OPEN]
    told = [
        ("Months whose log never came", [f"{month}: no log" for month in found["missing_months"]]),
        (HELD, [held_line(one) for one in found["held"]]),
        (STALE, found["stale"]),
        ("Rejected", [_rejected_line(one) for one in found["rejected"]]),
        ("Reports that are still to be made", found["reports_due"]),
        (WAITING, [message_words.in_words(message) for message in opened]),
        ("In the inbox", found["inbox"]),
        (REPORTS, [_report(one) for one in found["reports"]]),
        ("Logs", [_log(one) for one in found["logs"]]),
        ("Messages done", [message_words.in_words(message) for message in closed]),
    ]
    return [(title, lines) for title, lines in told if lines] or [
        ("Nothing came yet", ["Drop a session log into the folder inbox and run: clinicreport run"])
    ]


def held_line(one: dict[str, Any]) -> str:
    """A held log in words, for the clinic's own pages and screen."""
    drafts = " and ".join(one["drafts"])
    asks = f" The manager is asked by a draft, to be sent by hand: {drafts}" if drafts else ""
    return f"{one['file']} ({', '.join(one['months'])}): {one['why']}. {one['do']}{asks}"


def _rejected_line(one: dict[str, Any]) -> str:
    """A rejected file in words: why, where that is marked, and the way out."""
    reason = str(one["reason"] or "").removeprefix(f"{one['file']}: ").rstrip(".")
    end = "" if reason.endswith("?") else "."
    marked = f" Marked in {one['marked']}." if one["marked"] else ""
    more = f" The same stands beside it, in {one['reason_file']}." if one["reason_file"] else ""
    return (
        f"{one['path']}: {reason}{end}{marked} Mend it and drop it into the folder inbox again "
        "under the same name; where nothing is wrong with it (a password was missing, the clock "
        f"was wrong), drop it again as it is, or run: {AS_IT_IS}. {NO_LOG}{more}"
    )


def _report(one: dict[str, Any]) -> str:
    errors = f", {count(one['errors'], 'error finding')}" if one["errors"] else ""
    if one["answered"]:
        errors += f" (answered by {answered_by(one['answered'])})"
    earlier = f", {one['earlier']} earlier kept" if one["earlier"] else ""
    life = one["findings"] or {}
    findings = f"; findings: {life_line(life)}" if any(life.values()) else ""
    return f"{one['month']}: {one['file']}, version {one['version']}{earlier}{errors}{findings}"


def _log(one: dict[str, Any]) -> str:
    version = f", version {one['version']}" if one["version"] > 1 else ""
    return (
        f"{one['month']}: {one['file']}, {one['visits']} visits{version}, came "
        f"{one['received'][:10]}"
    )
