"""``clinicreport watch``: the same as ``run``, again and again."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from clinicreport.commands.monthly import FolderOptions, folder_options, tell, told_request

if TYPE_CHECKING:
    from clinicreport.folder.open_folder import Done


@click.command()
@folder_options
def watch(**common: Any) -> None:
    """Look into the inbox again and again, until stopped with Ctrl-C.

    With --json one object a line for each run that did something.
    """
    options = FolderOptions(**common)
    from clinicreport.commands.garbage import stay
    from clinicreport.folder.lock import Busy
    from clinicreport.folder.rounds import Watcher, check_free
    from clinicreport.ground.rounding import written

    stay()
    folder = options.folder()
    request = options.request(folder)
    check_free(folder, request)

    last: list[Done] = []

    def told(done: Done) -> None:
        if not done.anything or last == [done]:
            return  # what still waits is said once
        last[:] = [done]
        if options.as_json:
            click.echo(json.dumps({"schema": 1} | asdict(done)))
        tell(options, done)

    def trouble(text: str) -> None:
        click.echo(f"clinicreport: {text}", err=True)

    poll = written(request.config.folder.poll_seconds)
    options.say(f"Watching {folder.inbox}, every {poll} s. Stop with Ctrl-C.")
    watcher = Watcher(folder, lambda: told_request(options, folder), told, trouble)
    try:
        watcher.run()
    except Busy as error:
        trouble(str(error))
    except KeyboardInterrupt:
        options.say("Stopped.")
