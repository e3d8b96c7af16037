"""Runs of the clinic folder that somebody asked for on the desk.

They are the command line's ``run``; the desk sends no mail by them, whatever ``clinic.toml`` says:
what is ready to go waits. While the automatic run is at work they wait until that has ended.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from clinicreport.desk import kept
from clinicreport.desk.jobs import USES
from clinicreport.folder.whole_files import copy_whole, free_name, holds
from clinicreport.ground.errors import OutputError, UsageError

if TYPE_CHECKING:
    from clinicreport.desk.desk_state import Desk
    from clinicreport.folder.inbox import Settling
    from clinicreport.folder.open_folder import Done
    from clinicreport.folder.places import Folder
    from clinicreport.folder.rounds import Wanted

LONGEST = 900  # seconds that another run may take before this one gives up
Result = TypeVar("Result")


def begin_run(desk: Desk, wanted: Wanted) -> str:
    """Begin a run of the folder that is chosen now, when it is free; the name of the work.

    Raises UserError.
    """
    from clinicreport.folder.rounds import run_once

    name, folder, request = f"run-{secrets.token_hex(8)}", desk.place(), desk.request()
    wanted = replace(wanted, send=False)

    def work() -> Done:
        return run_once(folder, request, wanted)

    desk.jobs.start(name, lambda: when_free(desk, name, "a run", work))
    return name


def use_kept(desk: Desk, name: str, sha: str) -> Done:
    """Put a kept file into the inbox and run; what is looked at no more is thrown away.

    Raises UserError; NotKeptError where it was thrown away meanwhile. A stopped program does it
    again, and the folder knows content that it has.
    """
    from clinicreport.folder.rounds import Wanted, check_free, run_once

    file, folder, request = desk.kept(sha), desk.place(), desk.request()
    _check_name(file.name)
    with _told_as_thrown_away(desk, sha):
        kept.want_used(folder.root, sha)
    request = request._replace(password=file.password or request.password)

    polls = request.config.folder.settle_polls

    def work() -> Done:
        check_free(folder, request)
        with _told_as_thrown_away(desk, sha):
            dropped = _into_inbox(folder, file)
        return run_once(folder, request, Wanted(send=False), _settled(dropped, polls))

    done = when_free(desk, name, "a run, with a file", work)
    try:
        kept.throw_away(folder.root, sha)
    except OutputError as error:
        done.waiting.append({"file": file.name, "why": f"was used, but its copy stays: {error}"})
    desk.passwords.pop(sha, None)
    return done


@contextmanager
def _told_as_thrown_away(desk: Desk, sha: str) -> Iterator[None]:
    """Raises NotKeptError where another tab threw the file away."""
    try:
        yield
    except FileNotFoundError:
        desk.kept(sha)
        raise


def go_on(desk: Desk) -> None:
    """What was to be used when the program was stopped is used now."""
    for file in kept.to_be_used(desk.place().root):
        begin_use(desk, file.sha)


def begin_use(desk: Desk, sha: str) -> str:
    """Use a kept file, in the worker; the name of the work."""
    name = f"{USES}{sha}"
    desk.jobs.start(name, lambda: use_kept(desk, name, sha))
    return name


def when_free(desk: Desk, name: str, note: str, work: Callable[[], Result]) -> Result:
    """Do it as soon as no other program is at work in the folder; ``note``: what it then waits
    for. Raises Busy in the end."""
    from clinicreport.folder.lock import Busy

    for _ in range(LONGEST):
        try:
            return work()
        except Busy:
            desk.jobs.note(name, note)
            if desk.ended.wait(1):
                raise
    return work()


def _check_name(name: str) -> None:
    """Raises UsageError for a name that the inbox would never take."""
    from clinicreport.folder.inbox import IGNORED

    if IGNORED.match(name):
        raise UsageError(
            f"{name} is named like a copy that has not ended: give it the name of a spreadsheet, "
            "and drop it again"
        )


def _into_inbox(folder: Folder, file: kept.Kept) -> Path:
    """Where the file lies in the inbox, under its own name wherever that is free."""
    path = folder.inbox / file.name
    if holds(path, file.sha):
        return path
    path = free_name(folder.inbox, file.name)
    copy_whole(file.path, path, "use")
    return path


def _settled(path: Path, polls: int) -> Settling:
    """The one file is whole: it needs no looks. What else lies in the inbox does."""
    from clinicreport.folder.inbox import Settling

    settling = Settling()
    for _ in range(polls + 1):
        settling.look([path])
    return settling
