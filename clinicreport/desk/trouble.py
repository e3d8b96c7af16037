"""What a page says when something is in the way, and what to do about it.

Our own mistakes are told without any value of the clinic's: their kind and their place.
"""

from __future__ import annotations

import platform
import re
from dataclasses import dataclass

from flask import Response, make_response, render_template, request
from werkzeug.exceptions import Forbidden, HTTPException, RequestEntityTooLarge

from clinicreport import __version__
from clinicreport.desk.desk_here import desk_here
from clinicreport.desk.desk_state import FolderGoneError, NotKeptError
from clinicreport.desk.door import REFUSED
from clinicreport.desk.jobs import USES
from clinicreport.desk.kept import find_kept
from clinicreport.desk.upload import LARGEST
from clinicreport.folder import clock
from clinicreport.folder.lock import Busy
from clinicreport.folder.logfile import where
from clinicreport.ground.errors import UserError
from clinicreport.ground.rounding import file_size
from clinicreport.ground.unsafe_text import clean


@dataclass(frozen=True, slots=True)
class Trouble:
    """A page's status, its words, which way out it offers, and what to tell one's IT."""

    status: int
    words: str
    again: bool = False
    report: str = ""


FOLDER_GONE = "We cannot reach the clinic folder. Is the network on? Nothing is lost."
AT_WORK = "The automatic run is at work."
OUR_FAULT = "That was our mistake."
NOT_NOW = "This cannot be done now: {why} Nothing is lost."
KEPT = "Your file is kept."  # said of a file that is there, and of no other
CHANGED = "This changed meanwhile. Here is how it stands."
NOTES = {  # what work waits for, by the code that it notes
    "a run": f"{AT_WORK} We go on when it ends.",
    "a run, with a file": f"{AT_WORK} Your file is kept; we go on when it ends.",
}
TOO_LARGE = (
    f"{{name}} is {{size}}; this page takes {LARGEST // 1_000_000}. "
    'Put it into the folder "inbox" instead.'
)
SAVED_SINCE = "{name} was saved after you chose it. Choose it once more."
UNKNOWN = "There is no such page here."


def page(error: Exception) -> Response:
    """The page for an error, with its status."""
    if isinstance(error, Forbidden):
        return make_response(REFUSED, 403)
    if isinstance(error, HTTPException) and error.response is not None:
        return make_response(error.response)
    found = trouble(error)
    words = render_template(
        "trouble.html",
        trouble=found,
        here=request.script_root + request.path if request.method == "GET" else "",
    )
    return make_response(words, found.status)


def trouble(error: Exception) -> Trouble:
    """An error as people read it."""
    if isinstance(error, RequestEntityTooLarge):
        return Trouble(413, "This is more than the page takes. Nothing was done.")
    if isinstance(error, HTTPException):
        return Trouble(error.code or 500, UNKNOWN)
    if isinstance(error, NotKeptError):
        return Trouble(404, str(error))
    if isinstance(error, FolderGoneError) or (isinstance(error, OSError) and _is_gone()):
        return Trouble(503, FOLDER_GONE, again=True)
    if isinstance(error, Busy):
        words = f"{AT_WORK} Nothing was done; try it again when it has ended.{_kept()}"
        return Trouble(503, words, again=True)
    if isinstance(error, UserError):
        return Trouble(409, str(error), again=True)
    if isinstance(error, OSError):
        from clinicreport.folder.guards import why

        words = f"{NOT_NOW.format(why=why(error))}{_kept()}"
        return Trouble(503, words, again=True, report=for_it(error))
    return Trouble(500, f"{OUR_FAULT}{_kept()}", report=for_it(error))


def _kept() -> str:
    """That the file which the page is about is kept, where there is one and it is."""
    about = request.view_args or {}
    sha = about.get("sha") or about.get("name", "").removeprefix(USES)
    folder = desk_here().folder
    return f" {KEPT}" if folder and sha and find_kept(folder, sha) else ""


def _is_gone() -> bool:
    """Whether the clinic folder cannot be reached any more: it went while a page was made."""
    try:
        desk_here().place()
    except FolderGoneError:
        return True
    return False


def too_large(size: int, beginning: bytes) -> Response:
    """The page for a file of which only the beginning of its form was kept."""
    named = re.search(rb'filename="([^"\r\n]{1,200})"', beginning)
    name = clean(named[1].decode("utf-8", "replace")) if named else "The file"
    words = TOO_LARGE.format(name=name, size=file_size(size))
    return make_response(render_template("trouble.html", trouble=Trouble(413, words), here=""), 413)


def for_it(error: BaseException) -> str:
    """What to tell one's IT: no value, no name, no folder."""
    return (
        f"clinicreport {__version__}, desk, {clock.stamp(clock.now())[0]}: {where(error)}; "
        f"Python {platform.python_version()}, {platform.system()} {platform.release()}"
    )
