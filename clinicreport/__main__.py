"""The program as a process of its own: ``clinicreport`` and ``python -m clinicreport``."""

from __future__ import annotations

import sys

import click

from clinicreport.commands.cli import main
from clinicreport.commands.garbage import settle
from clinicreport.commands.streams import lost, open_streams
from clinicreport.ground.errors import OutputError


def run() -> None:
    """Runs the command. The exit status is that of the work; where standard output could not be
    written, on a full disk say, it says so."""
    open_streams()
    settle()
    try:
        main(prog_name="clinicreport")
    except SystemExit as ended:
        sys.stdout.flush()
        if lost():
            click.echo(f"clinicreport: standard output cannot be written: {lost()}", err=True)
            sys.exit(ended.code or OutputError.exit_status)
        raise


if __name__ == "__main__":
    run()
