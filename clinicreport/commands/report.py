"""``clinicreport report``: the main job."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from clinicreport.commands.options import UNREADABLE, Options, common_options
from clinicreport.errors import UsageError


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE.xlsx",
              help="Default: clinic-report-<as-of day>.xlsx in the current folder.")  # fmt: skip
@click.option("--force", is_flag=True, help="Overwrite the report if it is there already.")
@click.option("--dry-run", is_flag=True, help="Do everything but write.")
@click.option("--skip-unreadable", is_flag=True, help="Report on the rest where an input fails.")
@common_options
def report(
    *, paths: tuple[str, ...], output: Path | None, force: bool, dry_run: bool,
    skip_unreadable: bool, **common: Any
) -> None:  # fmt: skip
    """Read session logs, check them, and write the clinic report.

    PATH: workbooks, CSV files or folders of them; - reads one from standard input.
    """
    options = Options(**common)
    from clinicreport import analysis, json_output, screen
    from clinicreport import report as workbook
    from clinicreport.report.output import refuse

    checked = analysis.check(paths, options.request())
    result = analysis.evaluate(checked)
    refused = [entry for entry in checked.inputs if entry.reason]
    if options.as_json:
        click.echo(json_output.dumps(json_output.report_object(checked, result)))
    for entry in refused:
        click.echo(f"clinicreport: {entry.reason}", err=True)
    if refused and not skip_unreadable:
        click.echo("Nothing was written. With --skip-unreadable the rest is reported.", err=True)
        sys.exit(UNREADABLE)
    target = output or Path(f"clinic-report-{(result.as_of or result.run_day).isoformat()}.xlsx")
    _spare_the_logs(paths, target)
    if dry_run:
        refuse(target, force=force)
    else:
        workbook.write(result, target, force=force)
    options.say(screen.report_summary(result, checked))
    options.say(f"{'Would write' if dry_run else 'Written:'} {target}")
    sys.exit(UNREADABLE if refused else 0)


def _spare_the_logs(paths: tuple[str, ...], target: Path) -> None:
    """Raises UsageError where the report would replace one of its inputs, with --force or not."""
    from clinicreport.spreadsheet import expand

    if target.is_file() and any(
        target.samefile(path) for path in expand(paths) if path.is_file()
    ):
        raise UsageError(f"{target} is one of the logs; name another file for the report")
