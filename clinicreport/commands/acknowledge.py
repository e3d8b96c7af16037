"""``clinicreport acknowledge``: a person says that an error finding was looked at."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

import click

from clinicreport.commands.monthly import FolderOptions, folder_options, status_of, tell


@click.command()
@click.argument("finding", metavar="ID")
@click.option("--who", required=True, metavar="NAME", help="Who looked at it: kept on record.")
@click.option("--why", required=True, metavar="TEXT", help="Why it may stay: kept on record.")
@click.option("--dry-run", is_flag=True, help="Say which finding is meant.")
@folder_options
def acknowledge(*, finding: str, who: str, why: str, dry_run: bool, **common: Any) -> None:
    """Say that an error finding was looked at, so that mail may go.

    It becomes a line of acknowledged.csv, and holds while the cell holds what it holds now. ID: the
    finding's id, from to-acknowledge.csv beside the report. What only waited for it is drafted at
    once; "run" sends. DIR: the clinic folder (default: this one).
    """
    options = FolderOptions(**common)
    from clinicreport.folder import acknowledging, outbox, status_page
    from clinicreport.folder.open_folder import opened
    from clinicreport.folder.recover import recover

    said = [acknowledging.worded(name, text) for name, text in (("--who", who), ("--why", why))]
    folder = options.folder()
    with opened(folder, options.request(folder)) as clinic:
        error = acknowledging.meant(clinic, finding.strip())
        options.say(f"{error.rule}, {error.place}: {error.message}")
        if dry_run:
            options.say("Nothing was written.")
            return
        recover(clinic)
        new = acknowledging.acknowledge(clinic, error, *said)
        options.say("Acknowledged." if new else "Somebody has acknowledged it already.")
        outbox.compose_due(clinic)
        status_page.write(clinic)
        status = status_of(clinic.done)
        if options.as_json:
            facts = {"schema": 1, "finding": error.finding, "new": new, "exit_status": status}
            click.echo(json.dumps(facts | asdict(clinic.done), indent=2))
        if clinic.done.anything:
            tell(options, clinic.done)
        sys.exit(status)
