"""The month's page, and its buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinicreport.desk import kept, trouble
from clinicreport.desk.desk_here import desk_here
from clinicreport.desk.upload import LARGEST

if TYPE_CHECKING:
    from clinicreport.folder.rounds import Wanted

pages = Blueprint("month", __name__)


@pages.get("/month")
def month() -> ResponseReturnValue:
    """What came, what needs somebody, what is done; the place to drop a log."""
    from clinicreport.desk.month_page import month_page

    desk = desk_here()
    if desk.folder is None:
        return redirect(url_for("start.choose"), 303)
    page = month_page(desk.place(), desk.request())
    return render_template(
        "month.html",
        month=page,
        changed="changed" in request.args,
        largest=LARGEST,
        too_large=trouble.TOO_LARGE,
        saved_since=trouble.SAVED_SINCE,
    )


@pages.post("/run")
def run() -> ResponseReturnValue:
    """Handle what lies in the inbox."""
    from clinicreport.folder.rounds import Wanted

    return _run(Wanted())


@pages.post("/retry")
def retry() -> ResponseReturnValue:
    """Try rejected files again."""
    from clinicreport.folder.rounds import Wanted

    return _run(Wanted(retry=True))


@pages.post("/month/<number>/remake")
def remake(number: str) -> ResponseReturnValue:
    """Make a month's report again; ``number``: of the report, as the ledger counts them."""
    from clinicreport.desk.month_page import report_row
    from clinicreport.folder.rounds import Wanted

    row = report_row(desk_here().place(), number)
    return _run(Wanted(remake=(row.month,))) if row else _changed()


@pages.post("/open/<number>")
def open_report(number: str) -> ResponseReturnValue:
    """Open a report in the program that the system has for it."""
    from clinicreport.desk.month_page import report_row
    from clinicreport.desk.opener import open_file

    folder = desk_here().place()
    row = report_row(folder, number)
    if row is None or not (folder.root / row.path).is_file():
        return _changed()
    open_file(folder.root / row.path)
    return redirect(url_for(".month"), 303)


@pages.post("/month/<number>/folder")
def open_folder(number: str) -> ResponseReturnValue:
    """Open the folder that a report lies in, with all that lies beside it."""
    from clinicreport.desk.month_page import report_row
    from clinicreport.desk.opener import open_file

    folder = desk_here().place()
    row = report_row(folder, number)
    if row is None or not (folder.root / row.path).is_file():
        return _changed()
    open_file((folder.root / row.path).parent)
    return redirect(url_for(".month"), 303)


@pages.post("/month/<number>/show")
def show(number: str) -> ResponseReturnValue:
    """Look at the logs of a report: a copy of each, as if they had been dropped."""
    from clinicreport.desk.month_page import logs_of, report_row

    folder = desk_here().place()
    row = report_row(folder, number)
    logs = logs_of(folder, row.month) if row else []
    shared = desk_here().shared
    copies = [kept.keep_copy(folder.root, folder.root / log.path, shared=shared) for log in logs]
    if not copies:
        return _changed()
    if len(copies) > 1:
        return redirect(url_for(".month", _anchor="looked-at"), 303)
    return redirect(url_for("kept.state", sha=copies[0].sha), 303)


@pages.post("/held/<number>/<answer>")
def held(number: str, answer: str) -> ResponseReturnValue:
    """A held log replaces the other, counts beside it, or is a mere copy."""
    from clinicreport.desk.month_page import held_row
    from clinicreport.folder.rounds import Wanted
    from clinicreport.settings.own_lines import write_lines

    desk = desk_here()
    log = held_row(desk.place(), number)
    if log is None:
        return _changed()
    olds = [log.old, *log.found.beside]
    if answer == "both":
        pairs = [[log.name, old] for old in olds]
        known = desk.request().config.folder.both  # the settings file may not be the folder's own
        write_lines(desk.settings_file, {"folder.both": [*known, *pairs]})
        desk.jobs.forget_all()
        return _run(Wanted())
    replaces = {
        "instead": [f"{log.name}={old}" for old in olds],
        "copy": [f"{log.old}={log.name}"],
    }
    if answer not in replaces:
        abort(404)
    return _run(Wanted(replaces=replaces[answer]))


def _run(wanted: Wanted) -> ResponseReturnValue:
    """Begin a run; the page that waits for it."""
    from clinicreport.desk.runs import begin_run

    return redirect(url_for("work.state", name=begin_run(desk_here(), wanted)), 303)


def _changed() -> ResponseReturnValue:
    """Another tab or person was quicker."""
    return redirect(url_for(".month", changed=1), 303)
