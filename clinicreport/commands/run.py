"""``clinicreport run``: handle what lies in the inbox, once."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

import click

from clinicreport.commands.monthly import (
    FolderOptions,
    folder_options,
    status_of,
    tell,
    told_request,
)


@click.command()
@click.option(
    "--retry", is_flag=True, help="Try rejected files and waiting mail again, whatever their pause."
)
@click.option(
    "--replaces",
    multiple=True,
    metavar="[NEW.xlsx=]OLD.xlsx",
    help="The new log takes the place of one with another name.",
)
@click.option(
    "--rebuild",
    is_flag=True,
    help="Make ledger.sqlite anew from the archive. Mails nothing for those months.",
)
@click.option(
    "--remake",
    multiple=True,
    metavar="YYYY-MM",
    help="Make this month's report anew, for example after a change of the protocol.",
)
@click.option("--dry-run", is_flag=True, help="Say what lies in the inbox and would be taken.")
@click.option("--show", is_flag=True, help="Open STATUS.html where the run said something.")
@folder_options
def run(
    *,
    retry: bool,
    replaces: tuple[str, ...],
    rebuild: bool,
    remake: tuple[str, ...],
    dry_run: bool,
    show: bool,
    **common: Any,
) -> None:
    """Handle what lies in the inbox once: for Task Scheduler, cron or a systemd timer.

    Each log is checked and archived, or rejected with the reason; the report of every month it
    touches is made, and its mail is drafted or sent. DIR: the clinic folder (default: this one).
    """
    options = FolderOptions(**common)
    from clinicreport.commands.garbage import stay
    from clinicreport.folder.foreseen import foreseen
    from clinicreport.folder.rounds import Wanted, run_once

    stay()
    folder = options.folder()
    request = told_request(options, folder, keep=not dry_run, show=show)
    if dry_run:
        found = foreseen(folder, request)
        if options.as_json:
            click.echo(json.dumps(found, indent=2))
        else:
            options.say("\n".join(found["lines"]) or "The inbox is empty.")
        return
    done = run_once(folder, request, Wanted(retry, rebuild, replaces, remake))
    status = status_of(done)
    if options.as_json:
        facts = {"schema": 1, "day": request.today.isoformat(), "exit_status": status}
        click.echo(json.dumps(facts | asdict(done), indent=2))
    tell(options, done)
    if show and done.anything:
        from clinicreport.commands import showing

        showing.show(folder.status_page)
    sys.exit(status)
