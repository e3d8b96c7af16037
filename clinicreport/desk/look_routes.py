"""A log as it is looked at: its findings on its cells, its marked copy, what a person says of one."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.wrappers import Response

from clinicreport.desk import kept_routes
from clinicreport.desk.desk_here import desk_here
from clinicreport.desk.desk_state import Desk
from clinicreport.desk.kept import Kept, folder_mode
from clinicreport.desk.trouble import CHANGED
from clinicreport.ground.errors import UsageError
from clinicreport.ground.held_files import bytes_of

if TYPE_CHECKING:
    from clinicreport.desk.look_model import LookedAt, ShownFinding
    from clinicreport.desk.look_page import WishedView

pages = Blueprint("look", __name__)
PATIENCE = 1.5  # seconds that a page waits for work that may end soon
MARKED = "marked"


@dataclass(frozen=True, slots=True)
class RightFault:
    """What was amiss when somebody said that a finding is right."""

    number: int
    words: str


def looked_at(desk: Desk, sha: str) -> LookedAt | None:
    """The file as it was read; None while it is being read. Raises what the reading raised."""
    ended = desk.jobs.result(sha)
    if ended is not None and ended.value is not None and not _in_force(ended.value, desk):
        desk.jobs.forget(sha)
        ended = None
    if ended is None:
        kept_routes.begin(desk, sha)
        desk.jobs.wait(PATIENCE)
        ended = desk.jobs.result(sha)
    if ended is None:
        return None
    if ended.error:
        desk.jobs.forget(sha)
        raise ended.error
    found: LookedAt = ended.value
    return found


def read_log(sha: str) -> tuple[Desk, LookedAt]:
    """The desk, and the file as it was read: what every page about a file begins with.

    Ends the request where it is being read: with the way to the page that waits. Raises what the
    reading raised, and NotKeptError.
    """
    desk = desk_here()
    desk.kept(sha)
    found = looked_at(desk, sha)
    if found is None:
        abort(redirect(url_for("kept.state", sha=sha), 303))
    return desk, found


def _in_force(found: LookedAt, desk: Desk) -> bool:
    """Whether the file was read as the settings say now: somebody else may have changed them."""
    then, now = found.checked.request, desk.request()
    return (then.config, then.protocol, then.today) == (now.config, now.protocol, now.today)


@pages.get("/look/<sha>")
def look(sha: str) -> Response:
    """The sheet as it is, with what was found."""
    desk, found = read_log(sha)
    return _shown(desk.kept(sha), found, _wish())


def _wish() -> WishedView:
    """What the address asks to see; numbers alone stand in it."""
    from clinicreport.desk.look_page import WishedView

    def number(name: str, usual: int) -> int:
        said = request.args.get(name, "")
        return int(said) if said.isdecimal() and len(said) < 8 else usual

    return WishedView(
        number("sheet", 1),
        number("page", 1),
        number("across", 1),
        number("only", 0) == 1,
        number("at", 0),
        number("kind", 0),
        max(1, number("part", 1)),
    )


def _shown(
    file: Kept, found: LookedAt, wish: WishedView, fault: RightFault | None = None
) -> Response:
    from clinicreport.desk.look_page import LISTED, OPEN_UP_TO, ROWS, LookPage
    from clinicreport.editing.to_fix_sheet import advice
    from clinicreport.folder.acknowledging import LONGEST
    from clinicreport.folder.gate import acknowledged

    desk = desk_here()
    page = LookPage(found, wish)
    said = acknowledged(desk.place().acknowledged, found.checked.request.config.date_order)
    words = render_template(
        "look.html",
        file=file,
        look=found,
        page=page,
        address=lambda wish, anchor: url_for(
            "look.look", sha=file.sha, _anchor=anchor or None, **wish.numbers
        ),
        advice=advice,
        reply_to=lambda one: said.reply(one.error),
        kind_of={one.number: at for at, kind in enumerate(page.kinds, 1) for one in kind.findings},
        listed=LISTED,
        open_up_to=OPEN_UP_TO,
        rows_a_page=ROWS,
        longest=LONGEST,
        can_use="kept.use" in current_app.view_functions,
        changed=CHANGED if request.args.get("changed") == "1" else "",
        fault=fault,
    )
    return make_response(words, 422 if fault else 200)


# ---------------------------------------------------------------------------- the marked copy


@pages.post("/look/<sha>/marked")
def marked(sha: str) -> Response:
    """Make the marked copy, as ``check --marked-copy`` does, and give it."""
    from clinicreport.editing import marked_copies

    desk, found = read_log(sha)
    file = desk.kept(sha)
    folder = file.path.parent / MARKED
    folder.mkdir(mode=folder_mode(shared=desk.shared), exist_ok=True)
    problems: list[str] = []
    books = {book.sha256: book for book in found.books if not book.reason}
    made = marked_copies(
        found.checked, [file.path], folder, books=books, force=True, say=problems.append
    )
    if not made:
        raise UsageError(" ".join(problems) or "There is no marked copy of this file.")
    return redirect(url_for(".marked_copy", sha=sha), 303)


@pages.get("/look/<sha>/marked")
def marked_copy(sha: str) -> Response:
    """The marked copy that was made last."""
    file = desk_here().kept(sha)
    path = next(iter(_files(file.path.parent / MARKED)), None)
    if path is None:
        return redirect(url_for(".look", sha=sha), 303)
    return send_file(BytesIO(bytes_of(path)), as_attachment=True, download_name=path.name)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.xlsx")) if folder.is_dir() else []


# ------------------------------------------------------------------------- what people say


@pages.post("/look/<sha>/password")
def password(sha: str) -> Response:
    """Try a password, which stays in memory until the file is used or thrown away."""
    desk = desk_here()
    desk.kept(sha)
    desk.passwords[sha] = request.form.get("password", "")
    desk.jobs.forget(sha)
    return redirect(url_for(".look", sha=sha), 303)


@pages.post("/look/<sha>/right")
def right(sha: str) -> Response:
    """Somebody says that a finding may stay as it is: who, and why."""
    from clinicreport.desk.finding_answers import say_it_is_right
    from clinicreport.desk.look_page import LookPage, WishedView

    desk, found = read_log(sha)
    file = desk.kept(sha)
    one = _meant(found, request.form.get("finding", ""))
    if one is None or one.error is None:
        return redirect(url_for(".look", sha=sha, changed=1), 303)
    wish = LookPage(found, WishedView(only=request.form.get("only") == "1")).wish_for(one)
    try:
        who, why = request.form.get("who", ""), request.form.get("why", "")
        say_it_is_right(desk.place(), desk.request(), one.error, who, why)
    except UsageError as error:
        return _shown(file, found, wish, RightFault(one.number, str(error)))
    return redirect(url_for(".look", sha=sha, _anchor=f"f{one.number}", **wish.numbers), 303)


def _meant(found: LookedAt, name: str) -> ShownFinding | None:
    """The finding of this id, with what stood in its cell."""
    there = (one for one in found.findings if one.error and one.error.finding == name)
    return next(there, None)
