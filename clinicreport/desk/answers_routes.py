"""What is open about a month's report, and who answers for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from clinicreport.desk.desk_here import desk_here
from clinicreport.desk.trouble import CHANGED
from clinicreport.ground.errors import UsageError

if TYPE_CHECKING:
    from clinicreport.desk.answers_page import AnswersPage

pages = Blueprint("answers", __name__)


@pages.get("/month/<number>/open")
def open_findings(number: str) -> Response:
    """Each open error finding with a form to answer for it; ``number``: of the report."""
    from clinicreport.desk.answers_page import answers_page

    page = answers_page(desk_here(), number)
    if page is None:
        return redirect(url_for("month.month", changed=1), 303)
    return _shown(page)


def _shown(page: AnswersPage, fault: str = "", at: str = "") -> Response:
    """``fault``: what was amiss with the answer about ``at``."""
    from clinicreport.folder.acknowledging import LONGEST

    words = render_template(
        "answers.html",
        page=page,
        longest=LONGEST,
        fault=fault,
        at=at,
        given=request.form,
        changed=CHANGED if request.args.get("changed") == "1" else "",
    )
    return make_response(words, 422 if fault else 200)


@pages.post("/finding/<handle>")
def answer(handle: str) -> Response:
    """Somebody says that a finding may stay as it is: who, and why."""
    from clinicreport.desk.answers_page import answers_page
    from clinicreport.desk.finding_answers import say_it_is_right

    desk = desk_here()
    page = answers_page(desk, request.form.get("report", ""))
    if page is None:
        return redirect(url_for("month.month", changed=1), 303)
    number = page.report.id
    meant = next((one for one in page.open if one.handle == handle), None)
    if meant is None:
        return redirect(url_for(".open_findings", number=number, changed=1), 303)
    try:
        who, why = request.form.get("who", ""), request.form.get("why", "")
        say_it_is_right(desk.place(), desk.request(), meant.error, who, why)
    except UsageError as error:
        return _shown(page, str(error), handle)
    return redirect(url_for(".open_findings", _anchor="done", number=number), 303)
