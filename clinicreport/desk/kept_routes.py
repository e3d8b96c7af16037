"""A dropped file: kept and read, then used or thrown away."""

from __future__ import annotations

from flask import (
    Blueprint,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from clinicreport.desk import kept
from clinicreport.desk.desk_state import Desk
from clinicreport.desk.look_model import look as look_model
from clinicreport.desk.upload import arrived

pages = Blueprint("kept", __name__)
USING = "use "  # how the name of the work begins


def _desk() -> Desk:
    desk: Desk = current_app.extensions["desk"]
    return desk


@pages.post("/look")
def look() -> Response:
    """Keep the file that was dropped or chosen, and begin to read it."""
    desk = _desk()
    folder = desk.place().root
    file = request.files.get("file")
    if file is None or not file.filename:
        return redirect(url_for("month.month"), 303)
    found = kept.keep(folder, arrived(file.stream), file.filename)
    begin(desk, found.sha)
    return redirect(url_for(".state", sha=found.sha), 303)


def begin(desk: Desk, sha: str) -> None:
    """Read a kept file, unless that is under way."""
    file, wanted = desk.kept(sha), desk.request()
    desk.jobs.start(sha, lambda: look_model(file, wanted))


@pages.get("/look/<sha>/state")
def state(sha: str) -> Response:
    """How far the reading is; then the file's page. A file without a result is read again."""
    desk = _desk()
    desk.kept(sha)
    if desk.jobs.result(sha) is None:
        begin(desk, sha)
    return waiting(sha, working=desk.jobs.result(sha) is None, then=url_for("look.look", sha=sha))


def waiting(name: str, *, working: bool, then: str) -> Response:
    """The page that asks again while the work goes on, and then goes on; the same for the script."""
    if request.accept_mimetypes.best == "application/json":
        return jsonify(working=working, then=then)
    if not working:
        return redirect(then, 303)
    return make_response(render_template("waiting.html", then=then, name=name))


@pages.post("/look/<sha>/forget")
def forget(sha: str) -> Response:
    """Throw the file away."""
    desk = _desk()
    kept.throw_away(desk.place().root, sha)
    desk.jobs.forget(sha)
    desk.passwords.pop(sha, None)
    return redirect(url_for("month.month"), 303)
