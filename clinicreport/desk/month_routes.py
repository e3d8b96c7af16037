"""The month's page."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template

from clinicreport.desk.desk_state import Desk

pages = Blueprint("month", __name__)


@pages.get("/month")
def month() -> str:
    """What came, what needs somebody, what is done; the place to drop a log."""
    from clinicreport.desk.month_page import month_page

    desk: Desk = current_app.extensions["desk"]
    return render_template("month.html", month=month_page(desk.place(), desk.request()))
