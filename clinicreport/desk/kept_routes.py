"""A dropped file: kept and read, then used or thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from clinicreport.desk import kept
from clinicreport.desk.desk_here import desk_here
from clinicreport.desk.desk_state import Desk
from clinicreport.desk.upload import arrived
from clinicreport.desk.work_routes import waiting

if TYPE_CHECKING:
    from clinicreport.desk.look_model import LookedAt

pages = Blueprint("kept", __name__)


@pages.post("/look")
def look() -> ResponseReturnValue:
    """Keep the file that was dropped or chosen, and begin to read it."""
    desk = desk_here()
    folder = desk.place().root
    file = request.files.get("file")
    if file is None or not file.filename:
        return redirect(url_for("month.month"), 303)
    found = kept.keep(folder, arrived(file.stream), file.filename, shared=desk.shared)
    desk.jobs.forget(found.sha)
    begin(desk, found.sha)
    return redirect(url_for(".state", sha=found.sha), 303)


def begin(desk: Desk, sha: str) -> None:
    """Read a kept file, unless that is under way."""
    file, wanted = desk.kept(sha), desk.request()

    def read() -> LookedAt:
        from clinicreport.desk.look_model import look

        return look(file, wanted)

    desk.jobs.start(sha, read)


@pages.get("/look/<sha>/state")
def state(sha: str) -> ResponseReturnValue:
    """How far the reading is; then the file's page. A file without a result is read again."""
    desk = desk_here()
    desk.kept(sha)
    if desk.jobs.result(sha) is None:
        begin(desk, sha)
    return waiting(sha, url_for("look.look", sha=sha))


@pages.post("/look/<sha>/use")
def use(sha: str) -> ResponseReturnValue:
    """Put the file into the inbox, and run."""
    from clinicreport.desk.runs import begin_use

    desk = desk_here()
    desk.kept(sha)
    return redirect(url_for("work.state", name=begin_use(desk, sha)), 303)


@pages.post("/look/<sha>/forget")
def forget(sha: str) -> ResponseReturnValue:
    """Throw the file away."""
    desk = desk_here()
    kept.throw_away(desk.place().root, sha)
    desk.jobs.forget(sha)
    desk.passwords.pop(sha, None)
    return redirect(url_for("month.month"), 303)
