"""What was made before the settings, the protocol or the recipients changed: said, and made anew
where the clinic wants that (``remake`` under ``[folder]``)."""

from __future__ import annotations

from collections.abc import Mapping

from clinicreport.folder.ledger import Ledger
from clinicreport.folder.ledger_rows import FileRow
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.settings.config import Config
from clinicreport.settings.marks import different, reading_marks, report_marks
from clinicreport.settings.request import Request

REPORT, FILE = "report", "file"  # what marks are kept of


def stale_months(ledger: Ledger, request: Request) -> dict[str, list[str]]:
    """The months whose newest report rests on other settings, and on which.

    A report that knows no marks (of a rebuilt or an older ledger) is not known to be stale.
    """
    now, marks = report_marks(request), ledger.marks_of(REPORT)
    found = {
        month: changed
        for month, number in ledger.newest_reports().items()
        if (changed := _changed(marks.get(number), now))
    }
    due = {one.month for one in ledger.months_due()}
    return {month: changed for month, changed in found.items() if month not in due}


def _changed(kept: Mapping[str, str] | None, now: Mapping[str, str]) -> list[str]:
    return [] if kept is None else different(kept, now)


def remake_stale(clinic: OpenFolder) -> None:
    """Make these reports due, where the clinic wants that without being asked."""
    if clinic.request.config.folder.remake == "always":
        months = stale_months(clinic.ledger, clinic.request)
        if months:
            with clinic.ledger.change() as change:
                change.make_due(months, direct=True)


def read_otherwise_now(clinic: OpenFolder) -> list[FileRow]:
    """Rejected files that were read with other settings than those in force."""
    now = reading_marks(clinic.request.config)
    return [
        row
        for row in clinic.ledger.rejected_files()
        if _changed(clinic.ledger.marks(FILE, row.id), now)
    ]


def sentences(ledger: Ledger, request: Request) -> list[str]:
    """What is stale and what to do, for the clinic's own pages and the screen."""
    return [
        f"{month}: its report was made before {_listed(changed)} changed. To make it anew: "
        f'clinicreport run --remake {month}; or write remake = "always" in clinic.toml, under '
        "[folder], and every such report is made anew (and given out as a new version)"
        for month, changed in stale_months(ledger, request).items()
    ] + _not_given(ledger, request.config)


def _listed(changed: list[str]) -> str:
    """The names, each with the file that it stands in."""
    names = [name if name.endswith(".toml") else f"{name} (clinic.toml)" for name in changed]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _not_given(ledger: Ledger, config: Config) -> list[str]:
    """Recipients who were put on the list after the newest month's messages."""
    months = [one for one in ledger.newest_reports().items() if one[0][:4].isdigit()]
    newest = ledger.report(max(months)[1]) if months else None
    told = ledger.messages_about(newest.id) if newest else []
    if not newest or not told or config.mail.mode == "off":
        return []
    had = {(row.address, row.role) for row in told}
    send = " --send" if config.mail.mode == "send" else ""
    return [
        f"{newest.month}: {one.address} ({one.role}) was put on the list after its report. To give "
        f"it to them: clinicreport mail {newest.path} --to {one.address}{send}"
        for one in config.recipients
        if (one.address, one.role) not in had
    ]
