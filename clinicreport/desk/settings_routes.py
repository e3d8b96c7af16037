"""The clinic's settings as forms: saved line by line, taken back, and what follows from a change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinicreport.desk.desk_here import desk_here
from clinicreport.desk.desk_state import Desk
from clinicreport.desk.log_place import StandsElsewhereError
from clinicreport.desk.trouble import CHANGED
from clinicreport.ground.errors import UsageError

if TYPE_CHECKING:
    from clinicreport.desk.settings_faults import Fault

pages = Blueprint("settings", __name__)
NOT_IN_FORCE = "The desk was started with another protocol, {name}: what is changed here is not in force in it."
DONE = {
    "saved": "Saved.",
    "same": "Nothing was changed.",
    "undone": "The last change of this file was taken back.",
    "changed": CHANGED,
}


@pages.get("/settings")
def first() -> ResponseReturnValue:
    """The first page."""
    from clinicreport.desk import settings_pages

    return redirect(url_for(".settings", part=next(iter(settings_pages.parts()))), 303)


@pages.get("/settings/<part>")
def settings(part: str) -> ResponseReturnValue:
    """A page of settings, as their file stands."""
    said = request.args.get("done", "")
    return _shown(part, said=said if said in DONE else "")


@pages.post("/settings/<part>")
def save(part: str) -> ResponseReturnValue:
    """Write what was filled in; the page again, with what follows or what is amiss."""
    from clinicreport.desk import settings_model
    from clinicreport.desk.settings_faults import Fault

    _known(part)
    desk, given = desk_here(), _given()
    try:
        new = settings_model.save(_file(desk, part), part, given, _under(desk, part))
    except StandsElsewhereError:
        return _shown(part, said="changed", unsaved=given)
    except settings_model.NotSavedError as error:
        return _shown(part, error.faults, given)
    except UsageError as error:
        return _shown(part, (Fault(str(error)),), given)
    return _written(desk, part, "saved" if new else "same")


@pages.post("/settings/<part>/undo")
def undo(part: str) -> ResponseReturnValue:
    """Take the last change of the file back, one that ``fit`` or a question wrote, too."""
    from clinicreport.desk.ask_model import take_back
    from clinicreport.desk.settings_faults import Fault

    _known(part)
    desk = desk_here()
    try:
        take_back(_file(desk, part), request.form.get("stamp", ""), part)
    except StandsElsewhereError:
        return _shown(part, said="changed")
    except UsageError as error:
        return _shown(part, (Fault(str(error)),))
    return _written(desk, part, "undone")


def _written(desk: Desk, part: str, said: str) -> ResponseReturnValue:
    """What was read with the earlier settings is forgotten."""
    desk.jobs.forget_all()
    return redirect(url_for(".settings", part=part, done=said), 303)


def _file(desk: Desk, part: str) -> Path:
    """The file that a page is about. Raises FolderGoneError."""
    from clinicreport.desk import settings_pages

    if settings_pages.file_of(part) == settings_pages.SETTINGS:
        return desk.settings_file
    return desk.place().root / settings_pages.PROTOCOL


def _under(desk: Desk, part: str) -> dict[str, Any]:
    """The folder's own entries, where the page is about another file over them."""
    from clinicreport.desk import settings_pages
    from clinicreport.ground.strict_toml import read_toml

    own = desk.place().root / settings_pages.SETTINGS
    path = _file(desk, part)
    apart = path != own and settings_pages.file_of(part) == settings_pages.SETTINGS
    return read_toml(own) if apart else {}


def _known(part: str) -> None:
    from clinicreport.desk import settings_pages

    if part not in settings_pages.parts():
        abort(404)


def _given() -> dict[str, str]:
    return request.form.to_dict() | {"remove": " ".join(request.form.getlist("remove"))}


def _shown(
    part: str,
    faults: Sequence[Fault] = (),
    given: Mapping[str, str] | None = None,
    said: str = "",
    unsaved: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    """The page. ``given``: what was filled in and is not in order; ``unsaved``: and is not kept."""
    from clinicreport.desk import settings_model, settings_pages

    _known(part)
    desk = desk_here()
    page = settings_model.settings_page(_file(desk, part), part, _under(desk, part))
    faults = faults or page.faults
    words = render_template(
        "settings.html",
        page=page,
        parts=settings_pages.parts(),
        faults=faults,
        by_id={fault.id: fault.words for fault in faults if fault.id},
        given=given or {},
        removed=(given or {}).get("remove", "").split(),
        about=[words for words in (settings_pages.said_of(part), _elsewhere(desk, part)) if words],
        said=DONE.get(said, ""),
        warned=said == "changed",
        lost=settings_model.not_kept(page, unsaved or {}),
        follows=_follows(desk) if said in ("saved", "undone") and not faults else (),
    )
    amiss = 409 if unsaved else 422 if given is not None else 200
    return make_response(words, amiss)


def _elsewhere(desk: Desk, part: str) -> str:
    """That limits are taken from another file than the page's; empty where they are not."""
    from clinicreport.desk import settings_pages

    if settings_pages.file_of(part) != settings_pages.PROTOCOL:
        return ""
    try:
        name = dict(desk.request().settings)["Protocol"]
    except UsageError:  # which the page says
        return ""
    usual = {"built-in", settings_pages.PROTOCOL}
    return "" if name in usual else NOT_IN_FORCE.format(name=name)


def _follows(desk: Desk) -> list[str]:
    """Reports and mail that rest on the settings as they were, in the words of the month's page."""
    from clinicreport.desk.button_words import by_button
    from clinicreport.desk.month_page import looked_into
    from clinicreport.folder.staleness import sentences

    try:
        request = desk.request()
    except UsageError:  # a mistake in the other file, which its own page says
        return []
    with looked_into(desk.place()) as ledger:
        return [by_button(words) for words in sentences(ledger, request)]
