"""What a page says when something is in the way, and what to do about it.

Our own mistakes are told without any value of the clinic's: their kind and their place.
"""

from __future__ import annotations

import platform
import re
from dataclasses import dataclass

from flask import Response, current_app, make_response, render_template, request
from werkzeug.exceptions import Forbidden, HTTPException, RequestEntityTooLarge

from clinicreport import __version__
from clinicreport.desk.desk_state import Desk, FolderGoneError, NotKeptError
from clinicreport.desk.door import REFUSED
from clinicreport.desk.upload import LARGEST
from clinicreport.folder import clock
from clinicreport.folder.guards import why
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
AT_WORK = "The automatic run is at work. Your file is kept; we go on when it ends."
OUR_FAULT = "That was our mistake. Your file is kept."
NOT_NOW = "This cannot be done now: {why} Nothing is lost."
CHANGED = "This changed meanwhile. Here is how it stands."
NOTES = {"at work": AT_WORK}  # what work waits for, by the code that it notes
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
        return Trouble(503, AT_WORK, again=True)
    if isinstance(error, UserError):
        return Trouble(409, str(error), again=True)
    if isinstance(error, OSError):
        return Trouble(503, NOT_NOW.format(why=why(error)), again=True, report=for_it(error))
    return Trouble(500, OUR_FAULT, report=for_it(error))


def _is_gone() -> bool:
    """Whether the clinic folder cannot be reached any more: it went while a page was made."""
    desk: Desk = current_app.extensions["desk"]
    try:
        desk.place()
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
