"""The desk that runs already: what a start leaves in its user's own state folder, and reads there.

One file a clinic folder, for its owner alone: port, process, the address's random part and the
secret of the one-time keys. Whoever can read it could read the clinic folder too.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import secrets
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from hmac import compare_digest
from pathlib import Path

from clinicreport.desk.one_time_keys import new_key, proof
from clinicreport.ground.held_files import remove
from clinicreport.ground.whole_file import put_whole

ENTRANCE = "open-the-desk.html"
SECONDS = 8  # until a desk must have answered; it may be loading its pages


@dataclass(frozen=True, slots=True, repr=False)
class Running:
    """A desk that runs, or ran."""

    port: int
    process: int
    prefix: str
    secret: str

    @property
    def address(self) -> str:
        """Where a browser comes in, with a new key."""
        return f"http://127.0.0.1:{self.port}/{self.prefix}/enter?key={new_key(self.secret)}"

    def answers(self) -> bool:
        """Whether it is this desk that listens there, and no other program on its port."""
        said = secrets.token_hex(16)
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            line.request("GET", f"/{self.prefix}/here?said={said}")
            answer = line.getresponse().read(200)
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()
        return compare_digest(answer, proof(self.secret, f"here {said}").encode())


def state_folder() -> Path:
    """The user's own folder for what programs keep between starts; made where it is not there."""
    home = Path.home()
    if sys.platform == "win32":
        place = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        place = home / "Library" / "Application Support"
    else:
        place = Path(os.environ.get("XDG_STATE_HOME") or home / ".local" / "state")
    folder = place / "clinicreport"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def state_file(folder: Path | None) -> Path:
    """The file for a clinic folder, or for a start without one; the name tells neither."""
    named = str(folder.resolve()) if folder else ""
    return state_folder() / f"desk-{hashlib.sha256(named.encode()).hexdigest()[:16]}.json"


def find_running(folder: Path | None) -> Running | None:
    """The desk that runs for this folder already; None where none does, or what is left is old."""
    path = state_file(folder)
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        found = Running(**told)
        listens = isinstance(found.port, int) and found.answers()
    except (OSError, ValueError, TypeError):
        return None
    return found if listens else None


def write_state(folder: Path | None, running: Running) -> Path:
    """Leave word of a start. Raises OSError."""
    path = state_file(folder)
    write_private(path, json.dumps(asdict(running)))
    return path


def write_entrance(running: Running) -> Path:
    """A page that leads to the desk with a new key: an address on a command line is seen by others.

    Raises OSError.
    """
    path = state_folder() / ENTRANCE
    write_private(
        path,
        '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>The desk</title>'
        f'<meta http-equiv="refresh" content="0; url={running.address}">'
        f'<a href="{running.address}">Open the desk</a></html>',
    )
    return path


def take_away(path: Path, running: Running) -> None:
    """Remove the word of a start, unless another start has left its own."""
    with suppress(OSError, ValueError):
        if json.loads(path.read_text(encoding="utf-8")).get("secret") == running.secret:
            remove(path)


def take_entrance_away() -> None:
    """Remove the page that led in; its key opens nothing any more."""
    with suppress(OSError):
        remove(state_folder() / ENTRANCE, missing_ok=True)


def write_private(path: Path, text: str) -> None:
    """A file for its owner alone. Raises OSError."""
    before = os.umask(0o077)
    try:
        put_whole(path, [text.encode()])
    finally:
        os.umask(before)
