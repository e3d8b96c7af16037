"""``clinicreport status``: what came, what failed, what waits."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from clinicreport.commands.monthly import REJECTED, FolderOptions, folder_options

if TYPE_CHECKING:
    from clinicreport.folder.ledger import Ledger
    from clinicreport.folder.ledger_rows import Event
    from clinicreport.folder.places import Folder
    from clinicreport.settings.request import Request


@click.command()
@click.option("--history", is_flag=True, help="Everything that happened, in its order.")
@click.option("--last", type=click.IntRange(min=1), metavar="N", help="Only the last N events.")
@click.option("--doctor", is_flag=True, help="What is wrong around the folder, and what to do.")
@click.option(
    "--connect", is_flag=True, help="With --doctor: try mail server and mailbox, send nothing."
)
@folder_options
def status(*, history: bool, last: int | None, doctor: bool, connect: bool, **common: Any) -> None:
    """Say what came, what failed, what waits, and which month's log never came."""
    options = FolderOptions(**common)
    from clinicreport.folder import folder_status as state
    from clinicreport.folder.ledger import Ledger
    from clinicreport.folder.open_folder import check_known
    from clinicreport.folder.staleness import sentences

    folder = options.folder()
    request = options.request(folder)
    if doctor or connect:
        _doctor(options, folder, request, connect=connect)
        return
    ledger = Ledger(folder.ledger, read_only=True) if folder.ledger.exists() else _blank()
    try:
        check_known(folder, ledger)
        if history or last:
            events = ledger.history(last)
            if options.as_json:
                click.echo(
                    json.dumps({"schema": 1, "events": [asdict(one) for one in events]}, indent=2)
                )
            else:
                click.echo("\n".join(_line(event) for event in events) or "Nothing happened yet.")
            return
        stale = sentences(ledger, request)
        found = state.status(folder, ledger, request.config.folder, request.today, stale)
    finally:
        ledger.close()
    click.echo(json.dumps(found, indent=2) if options.as_json else state.in_words(found))


def _doctor(options: FolderOptions, folder: Folder, request: Request, *, connect: bool) -> None:
    """Say what is to be done; ends with status 1 where that is anything."""
    from clinicreport.folder import doctor

    points = doctor.look(folder, request, connect=connect)
    if options.as_json:
        facts = {"schema": 1, "points": [asdict(point) for point in points]}
        click.echo(json.dumps(facts, indent=2))
    else:
        click.echo(doctor.in_words(points))
    if not all(point.well for point in points):
        sys.exit(REJECTED)


def _line(event: Event) -> str:
    when = event.local[:16].replace("T", " ")
    return f"{event.id:>5}  {when}  {event.kind:<10} {event.text}"


def _blank() -> Ledger:
    """A folder in which nothing ran yet has no ledger; none is made by looking."""
    import tempfile
    from pathlib import Path

    from clinicreport.folder.ledger import Ledger

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        return Ledger(Path(place) / "ledger.sqlite")
