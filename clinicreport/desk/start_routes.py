"""The first page where no clinic folder is chosen: make one, open one, or try a made-up month."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinicreport.desk import clinic_choice, kept
from clinicreport.desk.desk_here import desk_here
from clinicreport.desk.runs import go_on
from clinicreport.ground.errors import UserError

pages = Blueprint("start", __name__)


@pages.get("/choose")
def choose() -> ResponseReturnValue:
    """Where does your clinic keep its logs?"""
    return _asked()


@pages.post("/choose/make")
def make() -> ResponseReturnValue:
    """Make a clinic folder with the clinic's name, or use the one that is there."""
    name, where = request.form.get("name", "").strip(), request.form.get("where", "").strip()
    try:
        return _chosen(clinic_choice.make_folder(name, where))
    except UserError as error:
        return _asked("make", str(error), name=name, where=where)


@pages.post("/choose/open")
def open_folder() -> ResponseReturnValue:
    """Open a clinic folder that is there."""
    where = request.form.get("folder", "").strip()
    try:
        return _chosen(clinic_choice.there(where))
    except UserError as error:
        return _asked("open", str(error), folder=where)


@pages.post("/choose/try")
def try_it() -> ResponseReturnValue:
    """A clinic folder for trying, with a made-up month to look at."""
    try:
        root = clinic_choice.made_up()
        answer = _chosen(root)
        for sample in clinic_choice.samples(root):
            kept.keep_copy(root, sample)
    except UserError as error:
        return _asked("try", str(error))
    return answer


def _asked(form: str = "", problem: str = "", **given: str) -> ResponseReturnValue:
    """The page; with what is wrong in one of its forms."""
    words = {"name": "", "where": str(clinic_choice.usual_place()), "folder": ""} | given
    known = clinic_choice.known()
    page = render_template("start.html", known=known, form=form, problem=problem, given=words)
    return make_response(page, 422 if problem else 200)


def _chosen(root: Path) -> ResponseReturnValue:
    """The folder is the desk's from here on."""
    desk = desk_here()
    desk.choose(root)
    clinic_choice.remember(root)
    go_on(desk)
    return redirect(url_for("month.month"), 303)
