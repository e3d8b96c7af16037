"""What is different in a held log."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from clinicreport.desk.desk_here import desk_here
from clinicreport.desk.prepared import prepared
from clinicreport.desk.work_routes import waiting

pages = Blueprint("held", __name__)


def _name(number: str) -> str:
    """Of the work that compares."""
    return f"held-{number}"


@pages.get("/held/<int:number>")
def differences(number: int) -> ResponseReturnValue:
    """Each visit that differs from the log in force; ``number``: of the log, as the ledger has it."""
    from clinicreport.desk.held_page import held_page

    desk, name = desk_here(), _name(str(number))
    found = prepared(
        desk.jobs, name, lambda: (held_page(desk.place(), desk.request(), str(number)),)
    )
    if found is None:
        return redirect(url_for(".state", number=number), 303)
    desk.jobs.forget(name)  # compared anew at the next look
    (page,) = found
    if page is None:
        return redirect(url_for("month.month", changed=1), 303)
    return render_template("held.html", page=page)


@pages.get("/held/<int:number>/state")
def state(number: int) -> ResponseReturnValue:
    """How far the comparing is."""
    return waiting(_name(str(number)), url_for(".differences", number=number))
