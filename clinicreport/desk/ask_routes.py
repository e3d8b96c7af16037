"""The questions about a file and the fields of its headings: asked, answered, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from clinicreport.desk.desk_here import desk_here
from clinicreport.desk.desk_state import Desk
from clinicreport.desk.log_place import LogPlace, StandsElsewhereError
from clinicreport.desk.look_routes import read_log
from clinicreport.desk.trouble import CHANGED
from clinicreport.ground.errors import UsageError

if TYPE_CHECKING:
    from clinicreport.desk.look_model import LookedAt

pages = Blueprint("ask", __name__)
PATIENCE = 6  # seconds that an answer waits for the log to be read with it


def _number(name: str, usual: int = 0) -> int:
    said = request.args.get(name, "")
    return int(said) if said.isdecimal() and len(said) < 8 else usual


def _place() -> LogPlace:
    return LogPlace(_number("sheet"), _number("row"))


def _changed() -> str:
    return CHANGED if request.args.get("changed") == "1" else ""


@pages.get("/look/<sha>/ask")
def ask(sha: str) -> Response:
    """One question as a card, with the first visits as each answer would read them."""
    _, found = read_log(sha)
    return _card(sha, found)


def _card(sha: str, found: LookedAt, fault: str = "", typed: str = "") -> Response:
    from clinicreport.desk import ask_model

    desk, place = desk_here(), _place()
    at = max(1, _number("at", 1))
    asked = ask_model.ask(found, found.checked.request, desk.settings_file, place, at)
    words = render_template(
        "ask.html",
        file=desk.kept(sha),
        asked=asked,
        spot=place,
        left=0 if asked.card else asked.open,
        fault=fault,
        typed=typed,
        changed=_changed(),
    )
    return make_response(words, 422 if fault else 200)


@pages.post("/look/<sha>/ask")
def answered(sha: str) -> Response:
    """Write an answer; then the next question."""
    from clinicreport.desk import ask_model

    desk, found = read_log(sha)
    place, at = _place(), _number("at", 1)
    try:
        new = ask_model.answer(
            found, found.checked.request, desk.settings_file, place, at, request.form
        )
    except StandsElsewhereError:
        return _to("ask.ask", sha, changed=1)
    except UsageError as error:
        return _card(sha, found, str(error), request.form.get("typed", ""))
    if not new:
        return _to("ask.ask", sha, at=at + 1)
    _read_again(desk, sha, found)
    return _to("ask.ask", sha, at=at)


@pages.post("/look/<sha>/ask/certain")
def certain(sha: str) -> Response:
    """Write what needs no asking."""
    from clinicreport.desk import ask_model

    desk, found = read_log(sha)
    try:
        ask_model.keep_certain(
            found, found.checked.request, desk.settings_file, _place(), request.form
        )
    except StandsElsewhereError:
        return _to("ask.ask", sha, changed=1)
    except UsageError as error:
        return _card(sha, found, str(error))
    _read_again(desk, sha, found)
    return _to("ask.ask", sha)


@pages.post("/look/<sha>/undo")
def undo(sha: str) -> Response:
    """Take the last answer back."""
    from clinicreport.desk import ask_model

    desk, found = read_log(sha)
    try:
        ask_model.take_back(desk.settings_file, request.form.get("stamp", ""))
    except StandsElsewhereError:
        return _to("ask.ask", sha, changed=1)
    except UsageError as error:
        return _card(sha, found, str(error))
    _read_again(desk, sha, found)
    return _to("ask.ask", sha)


@pages.get("/look/<sha>/headings")
def headings(sha: str) -> Response:
    """Every heading with what it is read as, and what it could be."""
    _, found = read_log(sha)
    return _headings(sha, found)


def _headings(sha: str, found: LookedAt, fault: str = "") -> Response:
    from clinicreport.desk import headings_model
    from clinicreport.log.chosen_headings import CHOICES
    from clinicreport.log.fit.candidates import field_words

    desk, place = desk_here(), _place()
    words = render_template(
        "headings.html",
        file=desk.kept(sha),
        chosen=headings_model.headings(found, found.checked.request, desk.settings_file, place),
        fields=CHOICES,
        words=field_words,
        given=request.form if fault else {},
        spot=place,
        fault=fault,
        changed=_changed(),
    )
    return make_response(words, 422 if fault else 200)


@pages.post("/look/<sha>/headings")
def choose(sha: str) -> Response:
    """Write what headings were said to hold."""
    from clinicreport.desk import headings_model

    desk, found = read_log(sha)
    try:
        new = headings_model.choose_headings(
            found, found.checked.request, desk.settings_file, _place(), request.form
        )
    except StandsElsewhereError:
        return _to("ask.headings", sha, changed=1)
    except UsageError as error:
        return _headings(sha, found, str(error))
    if new:
        _read_again(desk, sha, found)
    return _to("look.look", sha) if found.state == "read" else _to("ask.ask", sha)


def _to(page: str, sha: str, **more: Any) -> Response:
    """To a page about the same file, and where its log stands."""
    place = _place()
    there: dict[str, Any] = {}
    if place != LogPlace() and page != "look.look":
        there = {"sheet": place.sheet, "row": place.row}
    return redirect(url_for(page, sha=sha, **there, **more), 303)


def _read_again(desk: Desk, sha: str, found: LookedAt) -> None:
    """The settings changed: what was read of other files is stale, and this one is read anew."""
    from clinicreport.desk.look_model import look_at

    desk.jobs.forget_all()
    wanted = desk.request()
    password = found.checked.request.password
    desk.jobs.start(sha, lambda: look_at(found.books, wanted, found.name, password))
    desk.jobs.wait(PATIENCE)
