"""``clinicreport report``: the main job."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clinicreport.commands.options import (
    PREVIOUS,
    UNREADABLE,
    Options,
    common_options,
    earlier_report,
)
from clinicreport.commands.sharing import RELEASE
from clinicreport.ground.errors import UsageError

if TYPE_CHECKING:
    from clinicreport.outcomes.analysis import Analysis
    from clinicreport.path import Report


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE.xlsx",
    help="Default: clinic-report-<as-of day>.xlsx in the current folder.",
)
@click.option("--force", is_flag=True, help="Overwrite the report if it is there already.")
@click.option("--dry-run", is_flag=True, help="Do everything but write.")
@click.option("--skip-unreadable", is_flag=True, help="Report on the rest where an input fails.")
@click.option(
    "--share",
    is_flag=True,
    help="Write the version that may leave the clinic: aggregates only, counts under 5"
    " hidden. Default name: clinic-report-<as-of day>-share.xlsx.",
)
@RELEASE
@PREVIOUS
@common_options
def report(
    *,
    paths: tuple[str, ...],
    output: Path | None,
    force: bool,
    dry_run: bool,
    skip_unreadable: bool,
    share: bool,
    release: str | None,
    previous: Path | None,
    **common: Any,
) -> None:
    """Read session logs, check them, and write the clinic report.

    PATH: workbooks, CSV files or folders of them, or a clinic folder; - reads one from standard
    input.
    """
    options = Options(**common)
    if share and options.as_json:
        raise UsageError("--json prints every patient's course: leave it out with --share")
    named = options.named(paths)
    with options.known(named) as known:
        books = options.start(named.paths, known=known)
        from clinicreport import path
        from clinicreport.commands import screen, sharing
        from clinicreport.log.inputs import counted_rows
        from clinicreport.reading.files import expand
        from clinicreport.workbook.output import refuse, save, spare_logs

        if not dry_run:
            from clinicreport.books.report import report_workbook  # noqa: F401
            from clinicreport.workbook import whole_rows  # noqa: F401  # all while a file is read

        earlier = earlier_report(previous)
        request = known.request if known else options.request(named.folder)
        made = path.report(named.paths, request, being_read=books, earlier=earlier, known=known)
    result = made.analysis
    screen.refuse_empty_period(made.checked)
    if options.as_json:
        click.echo(_as_json(made, earlier))
    for entry in made.refused:
        click.echo(f"clinicreport: {entry.reason}", err=True)
    if made.refused and not skip_unreadable:
        click.echo("Nothing was written. With --skip-unreadable the rest is reported.", err=True)
        sys.exit(UNREADABLE)
    target = output or _default_name(result, share=share)
    spare_logs(target, expand(named.paths))
    refuse(target, force=force)
    memories = sharing.read_from(named.paths) if share else []
    version = sharing.held_beside(memories, made.shared_versions(), release) if share else None
    remembered = ""
    if not dry_run:
        content = version.workbook() if version else made.workbook()
        if version:
            told = version.told
            remembered = sharing.remember(((one, told) for one in memories), version, release)
        save(content, target, force=force)
    options.say("\n".join([screen.report_summary(result, made.checked), *result.restated]))
    options.say(f"{'Would write' if dry_run else 'Written:'} {target}")
    if remembered:
        options.say(remembered)
    if warning := counted_rows(made.checked.inputs).warning:
        options.say(warning)
    sys.exit(UNREADABLE if made.refused else 0)


def _as_json(made: Report, earlier: Mapping[str, Any]) -> str:
    from clinicreport.books import json_report, restatement
    from clinicreport.outcomes.finding_life import finding_life

    life = made.analysis.life or finding_life(made.checked, earlier)
    told = json_report.report_object(made.checked, made.analysis, life)
    restated = {"restated": list(made.analysis.restated)}
    told["clinic"] |= restated | restatement.memory(made.analysis)
    return json_report.dumps(told)


def _default_name(result: Analysis, *, share: bool) -> Path:
    day = (result.as_of or result.run_day).isoformat()
    return Path(f"clinic-report-{day}{'-share' if share else ''}.xlsx")
