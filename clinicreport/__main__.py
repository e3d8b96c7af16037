"""The program as a process of its own: ``clinicreport`` and ``python -m clinicreport``."""

from __future__ import annotations

import os
import sys

import click

from clinicreport.commands.cli import main
from clinicreport.commands.garbage import settle
from clinicreport.commands.streams import lost, open_streams
from clinicreport.ground.errors import OutputError

COMPLETION = "_CLINICREPORT_COMPLETE"  # how a shell asks click what a line may go on with


def run() -> None:
    """Runs the command. The exit status is that of the work; where standard output could not be
    written, on a full disk say, it says so."""
    if COMPLETION not in os.environ:  # a shell asks for bytes, and gets them from Python's own
        open_streams()
    if getattr(sys, "frozen", False) and _another_process():
        return
    settle()
    try:
        main(prog_name="clinicreport")
    except SystemExit as ended:
        sys.stdout.flush()
        if lost():
            click.echo(f"clinicreport: standard output cannot be written: {lost()}", err=True)
            sys.exit(ended.code or OutputError.exit_status)
        raise


def _another_process() -> bool:
    """Whether a frozen program was started as one of its own processes, whose work is done then."""
    from multiprocessing import freeze_support

    from clinicreport.reading.exchange import READING_CHILD

    freeze_support()  # ends here for a worker of ``network --jobs``
    if sys.argv[1:] != [READING_CHILD]:
        return False
    from clinicreport.reading import worker

    worker.main()
    return True


if __name__ == "__main__":
    run()
