"""A line of ``acknowledged.csv`` written by the program: what a person says about one finding."""

from __future__ import annotations

import csv
import io

from clinicreport.folder import shared_again
from clinicreport.folder.gate import (
    COLUMNS,
    NEEDED,
    acknowledged,
    delimiter,
    head_of,
    line_of,
    rows_of,
    text_of,
)
from clinicreport.folder.ledger_rows import ErrorFinding
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.places import ACKNOWLEDGED_HEAD
from clinicreport.folder.steps import fault
from clinicreport.folder.whole_files import write_whole
from clinicreport.ground.errors import OutputError, UsageError
from clinicreport.ground.held_files import bytes_of

LONGEST = 500  # characters of who, and of why


def worded(name: str, text: str) -> str:
    """Who or why on one line. ``name``: what it is called where it is asked for; raises
    UsageError where nothing is said, or too much."""
    if not text.strip() or len(text) > LONGEST:
        raise UsageError(f"{name}: write something, of up to {LONGEST} characters")
    return " ".join(text.split())


def meant(clinic: OpenFolder, name: str) -> ErrorFinding:
    """The error finding of this id in the newest reports.

    Raises UsageError where there is none, or two whose cells hold different things.
    """
    found: dict[str, ErrorFinding] = {}
    for report in clinic.ledger.last_reports():
        for error in clinic.ledger.error_findings(report.id):
            if error.finding and name in (error.finding, error.finding.partition("-")[0]):
                found[error.finding] = error
    for error in shared_again.pending(clinic):
        if name in (error.finding, error.finding.partition("-")[0]):
            found[error.finding] = error
    if not found:
        raise UsageError(
            f"{name}: no error finding of the newest reports has this id. Ids stand in the last "
            "column of to-acknowledge.csv beside each report, and in check --json"
        )
    if len(found) > 1:
        raise UsageError(f"{name}: several cells have this id; name one: {', '.join(found)}")
    return next(iter(found.values()))


def acknowledge(clinic: OpenFolder, error: ErrorFinding, who: str, why: str) -> bool:
    """Write the line, and note it; False where somebody has acknowledged the finding already.

    What stands in the file stays byte for byte. Raises UsageError, OutputError.
    """
    path = clinic.folder.acknowledged
    said = acknowledged(path, clinic.request.config.date_order)
    new = not said.covers(error)
    if new:
        try:
            before = bytes_of(path) if path.exists() else ACKNOWLEDGED_HEAD.encode("utf-8-sig")
            write_whole(path, _with_line(before, line_of(error, who, why)), "acknowledge")
        except OSError as problem:
            raise OutputError(
                f"{path.name} cannot be written ({problem.strerror}): close it in Excel"
            ) from problem
        fault("acknowledge: written")
    text = f"{error.finding} ({error.rule}), by {who}: {why}"
    if not clinic.ledger.was_noted("acknowledged", text):
        with clinic.ledger.change() as change:
            change.note("acknowledged", text)
        clinic.log.info("finding %s was acknowledged", error.finding)
    return new


def _with_line(before: bytes, cells: list[str]) -> bytes:
    """The file with one more line, in its own encoding and order of columns."""
    rows = rows_of(before)
    if not rows:
        before, rows = ACKNOWLEDGED_HEAD.encode("utf-8-sig"), [list(COLUMNS)]
    head = head_of(rows[0])
    if not {*NEEDED, "finding"} <= set(head):
        raise UsageError(
            f"acknowledged.csv: its first line must be {','.join(COLUMNS)}; mend it first"
        )
    values = dict(zip(COLUMNS, cells, strict=True))
    text, encoding = text_of(before)
    line = io.StringIO()
    if not text.endswith(("\n", "\r")):
        line.write("\r\n")
    csv.writer(line, delimiter=delimiter(text)).writerow([values.get(name, "") for name in head])
    if encoding == "utf-16":
        encoding = "utf-16-le" if before.startswith(b"\xff\xfe") else "utf-16-be"
    return before + line.getvalue().encode(encoding, "replace")
