"""``clinicreport check``: the findings alone."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clinicreport.commands.options import (
    FINDINGS,
    PREVIOUS,
    UNREADABLE,
    Options,
    common_options,
    earlier_report,
)

if TYPE_CHECKING:
    from clinicreport.outcomes.analysis import Checked


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "never"]),
    default="error",
    show_default=True,
    help="The severity from which on the exit status is 1.",
)
@click.option(
    "--marked-copy",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Also write, for each input, a copy with every finding on its cell into DIR.",
)
@PREVIOUS
@click.option("--force", is_flag=True, help="Overwrite marked copies that are there already.")
@click.option("--dry-run", is_flag=True, help="Say which marked copies would be written.")
@common_options
def check(
    *,
    paths: tuple[str, ...],
    fail_on: str,
    folder: Path | None,
    previous: Path | None,
    force: bool,
    dry_run: bool,
    **common: Any,
) -> None:
    """List what should be looked at in session logs: the findings alone.

    PATH: workbooks, CSV files or folders of them, or a clinic folder; - reads one from standard
    input.
    """
    options = Options(**common)
    named = options.named(paths)
    with options.known(named) as known:
        books = options.start(named.paths, keep=folder is not None, known=known)
        from clinicreport.books import json_report
        from clinicreport.commands import screen
        from clinicreport.outcomes.finding_life import finding_life
        from clinicreport.path import check_logs

        earlier = earlier_report(previous, findings_only=True)
        request = known.request if known else options.request(named.folder)
        checked = check_logs(named.paths, request, books, known)
    screen.refuse_empty_period(checked)
    if options.as_json:
        life = finding_life(checked, earlier)
        click.echo(json_report.dumps(json_report.check_object(checked, life)))
    elif not options.quiet:
        click.echo(screen.findings_table(checked, width=screen.terminal_width()))
    for entry in checked.inputs:
        if entry.reason:
            click.echo(f"clinicreport: {entry.reason}", err=True)
    if folder:
        from clinicreport.editing import marked_copies

        for copy in marked_copies(
            checked,
            named.paths,
            folder,
            books=books.kept,
            force=force,
            dry_run=dry_run,
            say=_say_problem,
        ):
            options.say(f"{'Would write' if dry_run else 'Marked copy:'} {copy}")
    sys.exit(_check_status(checked, fail_on))


def _say_problem(sentence: str) -> None:
    click.echo(f"clinicreport: {sentence}", err=True)


def _check_status(checked: Checked, fail_on: str) -> int:
    if any(entry.reason for entry in checked.inputs):
        return UNREADABLE
    failing = {"error": ("error",), "warning": ("error", "warning"), "never": ()}[fail_on]
    return FINDINGS if any(finding.severity in failing for finding in checked.findings) else 0
