"""``clinicreport desk``: the clinic's page on this computer."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clinicreport.commands.monthly import OVER_THE_FOLDERS
from clinicreport.commands.options import (
    JOBS,
    PASSWORD_FILE,
    QUIET,
    TODAY,
    config_option,
    protocol_option,
    with_options,
)
from clinicreport.ground.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from clinicreport.desk.running import Running
    from clinicreport.settings.request import Request


def _options(command: Callable[..., None]) -> Callable[..., None]:
    return with_options(
        command,
        protocol_option("A protocol in place of the folder's protocol.toml."),
        config_option(OVER_THE_FOLDERS),
        TODAY,
        PASSWORD_FILE,
        JOBS,
        QUIET,
    )


@click.command()
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--no-browser", is_flag=True, help="Say the address only; open no browser.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="N",
    help="The port on this computer. Default: a free one.",
)
@click.option(
    "--idle-minutes",
    type=click.FloatRange(min=1),
    default=60,
    show_default=True,
    metavar="N",
    help="End after so long without a click.",
)
@click.option(
    "--shortcut", is_flag=True, help="Put an icon on the desktop that opens it; open nothing."
)
@_options
def desk(
    *,
    directory: Path | None,
    no_browser: bool,
    port: int,
    idle_minutes: float,
    shortcut: bool,
    quiet: bool,
    **settings: Any,
) -> None:
    """Open the clinic's page in the browser: for people without a terminal.

    It is served to this computer alone, and ends by its button or after an hour without a click.
    DIR: the clinic folder (default: this one, else the page offers to make or to choose one).
    """
    from clinicreport.desk.running import find_running

    folder = _folder(directory)

    def request(root: Path) -> Request:
        from clinicreport.settings.request import make_request

        return make_request(folder=root, **settings)

    if shortcut:
        from clinicreport.desk.shortcut import make_shortcut

        click.echo(make_shortcut(folder, request(folder).config.name if folder else ""))
        return

    def tell(running: Running) -> None:
        if not quiet:
            click.echo(
                f"The desk is open. If no page appears, open this within a minute:\n{running.address}"
            )
        if not no_browser:
            _open_browser(running)

    running = find_running(folder)
    if running:
        tell(running)
        return
    from clinicreport.commands.garbage import stay
    from clinicreport.desk.start import run_desk

    stay()
    own = settings["config_file"]
    run_desk(folder, request, port=port, idle_minutes=idle_minutes, config_file=own, opened=tell)


def _folder(given: Path | None) -> Path | None:
    """The clinic folder; None where none is named and this is none. Raises UsageError."""
    from clinicreport.folder.places import find

    if given is None and not Path("clinic.toml").is_file():
        return None
    return find(given).root


def _open_browser(running: Running) -> None:
    """By a page for its user's eyes alone; where no browser reads that, the address was said."""
    from clinicreport.desk.running import write_entrance

    try:
        page = write_entrance(running)
    except OSError as error:
        raise UsageError(f"the state folder cannot be written ({error.strerror})") from error
    webbrowser.open(page.as_uri())
