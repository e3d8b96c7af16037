"""One start of the desk, from its socket to its end."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from clinicreport.desk.desk_state import Desk
from clinicreport.desk.own_socket import own_socket
from clinicreport.desk.running import Running, take_away, take_entrance_away, write_state
from clinicreport.ground.errors import OutputError

if TYPE_CHECKING:
    import socket

    from clinicreport.settings.request import Request


def run_desk(
    folder: Path | None,
    request: Callable[[Path], Request],
    *,
    port: int = 0,
    idle_minutes: float = 60,
    config_file: Path | None = None,
    opened: Callable[[Running], None] = lambda _: None,
) -> None:
    """Serve the desk until it is closed or nobody clicks any more. Raises UserError.

    ``config_file``: where answers are kept in place of the folder's ``clinic.toml``. ``opened``:
    told how to come in as soon as somebody can knock; the browser starts while the pages are being
    loaded.
    """
    with own_socket(port) as own:
        state = Desk(folder, own.getsockname()[1], request, idle_minutes, config_file)
        running = Running(state.port, os.getpid(), state.prefix, state.keys.secret)
        told = []

        def leave_word(place: Path | None) -> None:
            told.append(write_state(place, running))

        state.chosen = leave_word
        try:
            leave_word(folder)
        except OSError as error:
            raise OutputError(f"the desk cannot be opened: {error.strerror}") from error
        own.listen()
        threading.Thread(target=opened, args=[running], daemon=True).start()
        try:
            _serve(state, own)
        finally:
            for path in told:
                take_away(path, running)
            take_entrance_away()


def _serve(state: Desk, own: socket.socket) -> None:
    """Load the pages, do what a stopped start left, and answer."""
    from clinicreport.desk.app import make_app
    from clinicreport.desk.clinic_choice import remember
    from clinicreport.desk.runs import go_on
    from clinicreport.desk.server import serve
    from clinicreport.folder.looked_at import throw_away_old
    from clinicreport.folder.places import Folder

    app = make_app(state)
    if state.folder:
        threading.Thread(target=_load_the_month, daemon=True).start()
        throw_away_old(Folder(state.folder).looking)
        remember(state.folder)
        go_on(state)
    serve(state, app, own)


def _load_the_month() -> None:
    """What the first page is made of, while the browser is still on its way."""
    import clinicreport.desk.month_page
    import clinicreport.settings.request  # noqa: F401
