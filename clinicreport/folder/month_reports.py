"""The report of every month that changed, from the whole archive.

A month is *due* in the ledger until its report is made. The new report is planned (its SHA-256 is
recorded), the earlier version is kept beside it under its number, then the new one takes its place
and is recorded. The same analysis gives the same bytes, so a stopped step can be done again.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clinicreport.books.json_report import report_object
from clinicreport.folder import changes
from clinicreport.folder.beside import write_beside
from clinicreport.folder.examine import log_of
from clinicreport.folder.gate import error_findings
from clinicreport.folder.guards import why
from clinicreport.folder.known_books import known_books
from clinicreport.folder.known_findings import known_findings
from clinicreport.folder.ledger_rows import DueMonth, FileRow, NewReport, ReportRow
from clinicreport.folder.logfile import where
from clinicreport.folder.month import Month, earlier_path
from clinicreport.folder.month_figures import digest, headline, memory
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.staleness import REPORT
from clinicreport.folder.steps import fault
from clinicreport.folder.whole_files import copy_whole, free_name, holds, sha256_of, write_whole
from clinicreport.ground.errors import DamagedLedger, OutputError, UsageError, UserError
from clinicreport.ground.period import parse_period
from clinicreport.settings.marks import report_marks

if TYPE_CHECKING:
    from clinicreport.settings.request import Request

NEVER = "9999-99"  # the month of a log whose rows all lie in the future


def make_due(clinic: OpenFolder) -> None:
    """Make the report of every month that is due, the earliest first.

    A month that changed makes the later ones due, since their courses reach back into it.
    """
    month = ""
    while due := clinic.ledger.months_due(after=month):
        month = due[0].month
        try:
            _make(clinic, due[0])
        except Exception as error:
            if isinstance(error, DamagedLedger):
                raise
            _say_not_made(clinic, month, error)


def _say_not_made(clinic: OpenFolder, month: str, error: Exception) -> None:
    """A month whose report could not be made, with its files where nobody knows the cause."""
    text = f"the report of {month} is not made yet: {why(error)}"
    if not isinstance(error, OSError | UserError):
        names = ", ".join(row.name for row in counted_files(clinic) if month in row.months)
        text += f". It is made from {names}; the other months are made all the same"
    clinic.problem(text, f"the report of {month} is not made yet: {where(error)}")


def want(clinic: OpenFolder, month: str) -> None:
    """Make a month's report anew, for example after a change of the protocol.

    Raises UsageError where no log has visits of it.
    """
    if not any(month in row.months for row in counted_files(clinic)):
        raise UsageError(f"{month}: no log that is counted has visits of this month")
    with clinic.ledger.change() as change:
        change.make_due([month], direct=True)


def compute(clinic: OpenFolder, month: str) -> Month | None:
    """The month from everything that counts up to its end; None where there is nothing.

    Raises OutputError where an archived file is no longer what came.
    """
    return compute_after(clinic, month, clinic.ledger.last_report(month))


def compute_after(clinic: OpenFolder, month: str, before: ReportRow | None) -> Month | None:
    """The same beside the version ``before``, or where there is none the month before."""
    from clinicreport.outcomes.finding_life import finding_life
    from clinicreport.path import report

    files = tuple(row for row in counted_files(clinic) if min(row.months, default=NEVER) <= month)
    if not any(month in row.months for row in files):
        return None
    for row in files:
        if not holds(clinic.folder.root / row.path, row.sha256):
            raise OutputError(
                f"{row.path} is not what came on {row.local[:10]}. Put the original back, "
                "or put the changed file into the inbox as a new version"
            )
    found = _changes(clinic, before, files) if before else []
    request = _request(clinic, month, before, found)
    paths = [clinic.folder.root / row.path for row in files]
    last = _remembered(before or clinic.ledger.report_of_a_month_before(month))
    known = known_books(clinic)
    earlier = _as_reported(clinic, before, files, request) if before else None
    made = report(paths, request, earlier=earlier, last=last, known=known)
    if made.refused:
        raise OutputError(f"an archived log cannot be read any more: {made.refused[0].reason}")
    if known:
        known.store()
    life = finding_life(made.checked, last, known_findings(clinic, month, made.checked))
    made = made._replace(analysis=made.analysis._replace(life=life))
    return Month(month, made, files, found, before, life)


def _remembered(row: ReportRow | None) -> dict[str, Any] | None:
    """What a report kept for later ones; None where there is none."""
    return json.loads(row.memory) if row and row.memory else None


def _as_reported(
    clinic: OpenFolder, before: ReportRow, files: tuple[FileRow, ...], request: Request
) -> dict[str, Any] | None:
    """What the version before said, with the rows of its logs where they are others now and are all
    there yet."""
    from clinicreport.books.restatement import as_reported
    from clinicreport.path import check_logs

    told = _remembered(before)
    if told is None or set(before.inputs) == {row.id for row in files}:
        return told
    then = [clinic.ledger.file(number) for number in before.inputs]
    paths = [clinic.folder.root / row.path for row in then if row]
    if len(paths) < len(then) or not all(path.is_file() for path in paths):
        return told
    checked = check_logs(paths, request, known=known_books(clinic))
    return told if any(entry.reason for entry in checked.inputs) else as_reported(told, checked)


def counted_files(clinic: OpenFolder) -> list[FileRow]:
    """The newest version of every archived log, by name as a folder's files."""
    rows = clinic.ledger.files_in_force()
    return sorted(rows, key=lambda row: (row.name.casefold(), row.name, row.id))


def _request(
    clinic: OpenFolder, month: str, before: ReportRow | None, found: list[changes.Change]
) -> Request:
    settings = clinic.request.settings
    if before:
        told = f"version {before.version} of {before.local[:10]}"
        settings = (*settings, ("This report replaces", told))
    if found:
        words = f"{changes.summary(found)}: {changes.sentences(found)}"
        settings = (*settings, ("What changed since then", words))
    return clinic.request._replace(period=parse_period(month), settings=settings)


def _changes(
    clinic: OpenFolder, before: ReportRow, files: tuple[FileRow, ...]
) -> list[changes.Change]:
    """What new versions of logs changed since the last report."""
    now = {row.id: row for row in files}
    found: list[changes.Change] = []
    for number in before.inputs:
        old = clinic.ledger.file(number)
        new = old
        while new and new.superseded_by:
            new = clinic.ledger.file(new.superseded_by)
        if old and new and new.id in now and new.id != old.id:
            path = clinic.folder.root / old.path
            if path.is_file():
                found += changes.between(
                    new.name,
                    [log_of(path, clinic.request)],
                    log_of(clinic.folder.root / new.path, clinic.request),
                )
    return found


def _make(clinic: OpenFolder, due: DueMonth) -> None:
    month = compute(clinic, due.month)
    if month is None:
        _nothing_left(clinic, due)
        return
    told = report_object(month.checked, month.analysis)
    mark = digest(told)
    if not due.direct and month.replaces and month.replaces.digest == mark:
        _settled(clinic, due.month)  # a later month whose figures stayed the same
        return
    content = month.report.workbook()
    fault("report: computed")
    kept = memory(month.checked, told)
    row = _plan(clinic, month, content, (mark, kept), announced=due.quiet)
    path = clinic.folder.root / row.path
    _keep_earlier(clinic, month, path, row)
    write_whole(path, content, "report")
    write_beside(clinic, month, path.parent)
    fault("report: beside")
    _record(clinic, month, row)
    fault("report: recorded")


def _plan(
    clinic: OpenFolder, month: Month, content: bytes, kept: tuple[str, str], *, announced: bool
) -> ReportRow:
    """Record which bytes come next, before they do. ``kept``: the report's digest and memory."""
    folder = clinic.folder.reports / month.month
    path = folder / f"clinic-report-{month.month}.xlsx"
    report = NewReport(
        month=month.month,
        version=month.version,
        sha256=hashlib.sha256(content).hexdigest(),
        path=clinic.folder.relative(path),
        digest=kept[0],
        figures=headline(month.analysis, month.checked)
        | {"life": month.life.counts(), "answered_by": month.life.answered_by()},
        inputs=tuple(row.id for row in month.files),
        changes=changes.summary(month.changes) if month.changes else "",
        announced=announced,
        memory=kept[1],
    )
    with clinic.ledger.change() as change:
        change.plan_report(report)
    fault("report: planned")
    row = clinic.ledger.planned_report(month.month)
    assert row is not None
    return row


def _keep_earlier(clinic: OpenFolder, month: Month, path: Path, planned: ReportRow) -> None:
    """Copy the version before under its number, and whatever else stands in its place."""
    if not path.exists():
        return
    before = month.replaces
    if before and holds(path, before.sha256):
        kept = earlier_path(path, before.version)
        if not kept.exists():
            copy_whole(path, kept, "keep")
    elif not holds(path, planned.sha256) and not _ours(clinic, path):
        kept = free_name(path.parent, f"{path.stem}.changed-by-hand{path.suffix}")
        copy_whole(path, kept, "keep")
        clinic.log.warning("the report of %s was changed by hand; that one is kept", month.month)


def _ours(clinic: OpenFolder, path: Path) -> bool:
    """Whether a stopped run put this report there (its plan is remembered in the history)."""
    return clinic.ledger.was_planned(sha256_of(path))


def _record(clinic: OpenFolder, month: Month, row: ReportRow) -> None:
    """The report counts from here on; its month is no longer due."""
    errors = error_findings(month.checked)
    later = clinic.ledger.months_reported_after(month.month)
    with clinic.ledger.change() as change:
        change.record_report(row, errors)
        change.keep_marks(REPORT, row.id, report_marks(clinic.request))
        change.make_due(later, direct=False, quiet=row.announced)
    clinic.log.info(
        "report of %s made, version %d, %d error findings", month.month, row.version, len(errors)
    )
    clinic.done.reports.append(
        {
            "month": month.month,
            "version": row.version,
            "file": row.path,
            "errors": len(errors),
            "changes": row.changes,
        }
    )


def _settled(clinic: OpenFolder, month: str) -> None:
    with clinic.ledger.change() as change:
        change.no_longer_due(month)


def _nothing_left(clinic: OpenFolder, due: DueMonth) -> None:
    """Every visit of the month went with a newer version, or lies in the future: the last report
    stays, it is said, and what was not sent of it is not sent any more."""
    last = clinic.ledger.last_report(due.month)
    with clinic.ledger.change() as change:
        change.no_longer_due(due.month)
        if last:
            change.withdraw_unsent(last, "no log holds a visit of the month any more")
        change.note("empty", f"{due.month}: no log holds a visit of it any more", month=due.month)
