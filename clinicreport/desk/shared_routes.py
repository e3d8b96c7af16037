"""A month's version for sharing: made, remembered as given, and handed over as a file."""

from __future__ import annotations

import secrets
from io import BytesIO
from typing import TYPE_CHECKING

from flask import Blueprint, make_response, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from clinicreport.desk import trouble
from clinicreport.desk.desk_here import desk_here
from clinicreport.desk.work_routes import waiting

if TYPE_CHECKING:
    from clinicreport.folder.places import Folder
    from clinicreport.folder.roles import Parcel
    from clinicreport.settings.request import Request

pages = Blueprint("shared", __name__)


@pages.post("/month/<int:number>/share")
def share(number: int) -> Response:
    """Make it; ``number``: of the report."""
    from clinicreport.desk.runs import when_free

    desk, name = desk_here(), f"share-{secrets.token_hex(8)}"
    folder, request = desk.place(), desk.request()  # another one may be chosen while this waits
    desk.jobs.start(
        name, lambda: when_free(desk, name, "a run", lambda: _made(folder, request, number))
    )
    return redirect(url_for(".state", number=number, name=name), 303)


def _made(folder: Folder, request: Request, number: int) -> Parcel | str:
    """The version, which counts as given from here on; or why it waits. Raises UserError."""
    from clinicreport.folder.hold_reasons import hold_reason
    from clinicreport.folder.open_folder import opened
    from clinicreport.folder.roles import Packer, Withheld
    from clinicreport.folder.shared_memory import keep_by_hand

    with opened(folder, request) as clinic:
        report = clinic.ledger.report(number)
        if report is None or report != clinic.ledger.last_report(report.month):
            return trouble.CHANGED
        if held := hold_reason(clinic, report):
            return held
        try:
            parcel = Packer(clinic, report).shared()
        except Withheld as held_back:
            return str(held_back)
        keep_by_hand(clinic, parcel.shared)
        return parcel


@pages.get("/month/<int:number>/share/<name>/state")
def state(number: int, name: str) -> ResponseReturnValue:
    """How far it is; where none of the name is known, how the month stands."""
    if not desk_here().jobs.known(name):
        return redirect(url_for("month.month", changed=1), 303)
    return waiting(name, url_for(".done", number=number, name=name))


@pages.get("/month/<int:number>/share/<name>")
def done(number: int, name: str) -> ResponseReturnValue:
    """It is there to be saved; or it waits, and why."""
    from clinicreport.desk.button_words import by_button

    ended = desk_here().jobs.result(name)
    if ended is None or not name.startswith("share-"):
        return redirect(url_for("month.month", changed=1), 303)
    if ended.error:
        return trouble.page(ended.error)
    why = ended.value if isinstance(ended.value, str) else ""
    words = render_template(
        "shared.html", number=number, name=name, why=by_button(why), made=ended.value
    )
    return make_response(words)


@pages.get("/shared/<name>")
def file(name: str) -> ResponseReturnValue:
    """The workbook, as a file to be saved."""
    ended = desk_here().jobs.result(name)
    if ended is None or not name.startswith("share-") or isinstance(ended.value, str | None):
        return redirect(url_for("month.month", changed=1), 303)
    made: Parcel = ended.value
    return send_file(BytesIO(made.workbook), as_attachment=True, download_name=made.name)
