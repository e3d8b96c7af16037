"""What the launchers start: a run of the clinic folder, or a report of each file dropped on them."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import click

LINE = "CLINICREPORT_DROPPED"  # the command line of Windows' batch file, as it stands
_BATCH = re.compile(r'/c\s+""[^"]*"(.*)"\s*', re.IGNORECASE | re.DOTALL)
_WORD = re.compile(r'"([^"]*)"|(\S+)')


@click.command(hidden=True)
@click.argument("directory", type=click.Path(path_type=Path))
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--wait", is_flag=True, help="Leave the window open until a key is pressed.")
def dropped(*, directory: Path, files: tuple[Path, ...], wait: bool) -> None:
    """Report on each file with the clinic folder's settings, beside it; without a file, run."""
    logs = files or tuple(map(Path, dropped_on_batch(os.environ.get(LINE, ""))))
    if logs:
        status = _reports(directory, [path.absolute() for path in logs])
    else:
        status = _done("run", str(directory), "--show")
    if wait:
        click.pause("\nPress a key to close this window.")
    sys.exit(status)


def dropped_on_batch(line: str) -> list[str]:
    """The files of a batch file's command line. Its own words end at an ampersand; these do not."""
    found = _BATCH.search(line)
    return [quoted or bare for quoted, bare in _WORD.findall(found[1])] if found else []


def _reports(directory: Path, logs: list[Path]) -> int:
    """A report of each log; the worst of their statuses."""
    from clinicreport.folder.places import find

    root = find(directory).root
    os.chdir(root)  # whose settings hold
    worst = 0
    for log in logs:
        click.echo(f"{log.name}:")
        target = _target(root, log)
        status = _done("report", str(log), "-o", str(target))
        if not status and len(logs) == 1:
            from clinicreport.commands import showing

            showing.show(target)
        worst = max(worst, status)
        click.echo()
    return worst


def _target(root: Path, log: Path) -> Path:
    """Beside the log; of one in the clinic folder in that itself, whose places are for logs."""
    name = f"{log.stem}-report.xlsx"
    return root / name if root in log.resolve().parents else log.with_name(name)


def _done(*words: str) -> int:
    """One command of the program; its exit status."""
    from clinicreport.commands.cli import main

    try:
        ended = main.main(args=list(words), prog_name="clinicreport", standalone_mode=False)
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return ended if isinstance(ended, int) else 0
