"""Work under way: how far it is, and what came of it."""

from __future__ import annotations

from flask import Blueprint, jsonify, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from clinicreport.desk import trouble
from clinicreport.desk.desk_here import asked_by_script, desk_here

pages = Blueprint("work", __name__)


def waiting(name: str, then: str) -> ResponseReturnValue:
    """The page that asks again while the work goes on, and then goes on; the same for the script.

    ``name``: of the work; ``then``: the address that follows.
    """
    jobs = desk_here().jobs
    working = jobs.working(name)  # what came of it may be forgotten: the next page begins it anew
    if asked_by_script():
        return jsonify(working=working, then=then, note=trouble.NOTES.get(jobs.noted(name), ""))
    if not working:
        return redirect(then, 303)
    return make_response(render_template("waiting.html", note=trouble.NOTES.get(jobs.noted(name))))


@pages.get("/job/<name>")
def state(name: str) -> ResponseReturnValue:
    """How far a run is; where none of the name is known, how the month stands."""
    if not desk_here().jobs.known(name):
        return redirect(url_for("month.month", changed=1), 303)
    return waiting(name, url_for(".done", name=name))


@pages.get("/job/<name>/done")
def done(name: str) -> ResponseReturnValue:
    """What a run did."""
    from clinicreport.desk.look_model import LookedAt
    from clinicreport.desk.month_page import reports_of
    from clinicreport.folder.run_words import MARKS, run_lines

    desk = desk_here()
    ended = desk.jobs.result(name)
    if ended is None:
        return redirect(url_for(".state", name=name), 303)
    if ended.error:
        return trouble.page(ended.error)
    if isinstance(ended.value, LookedAt):  # reading a file has a page of its own
        return redirect(url_for("look.look", sha=name), 303)
    made = reports_of(desk.place(), [one["month"] for one in ended.value.reports])
    return render_template(
        "done.html",
        lines=run_lines(ended.value),
        marks=MARKS,
        made=made,
    )
