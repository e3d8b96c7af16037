"""``clinicreport network``: one report for several clinics."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clinicreport.commands.options import UNREADABLE, Options, common_options
from clinicreport.commands.sharing import RELEASE
from clinicreport.ground.errors import UsageError

if TYPE_CHECKING:
    from clinicreport.commands.network_sharing import SharedNetwork
    from clinicreport.commands.network_units import NetworkUnit
    from clinicreport.outcomes.network.network_result import Network
    from clinicreport.settings.request import Request

PREFIX = "clinic-report-"  # files of this name are never read as logs


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="FOLDER...")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE.xlsx",
    help="Default: clinic-report-network-<period, or day>.xlsx in the current folder.",
)
@click.option(
    "--no-clinic-reports",
    is_flag=True,
    help="Only the network's report, not each clinic's own beside it.",
)
@click.option(
    "--share",
    is_flag=True,
    help="Write the version that may leave: no figure of a clinic with under 5 patients, no file's"
    " name, no clinic reports beside it.",
)
@RELEASE
@click.option("--force", is_flag=True, help="Overwrite reports that are there already.")
@click.option("--dry-run", is_flag=True, help="Do everything but write.")
@click.option("--skip-unreadable", is_flag=True, help="Report on the rest where an input fails.")
@click.option(
    "--dask",
    metavar="ADDRESS",
    envvar="CLINICREPORT_DASK",
    help="Read on a Dask cluster, as in tcp://scheduler:8786, instead of --jobs.",
)
@common_options
def network(  # noqa: PLR0913 (one for each option)
    *,
    paths: tuple[str, ...],
    output: Path | None,
    no_clinic_reports: bool,
    share: bool,
    release: str | None,
    force: bool,
    dry_run: bool,
    skip_unreadable: bool,
    dask: str | None,
    **common: Any,
) -> None:
    """Write one report for several clinics: a row each, and a funnel plot.

    FOLDER: a clinic's folder of logs, a folder of such folders, or one log with a clinic column.
    """
    options = Options(**common)
    if share and options.as_json:
        raise UsageError("--json prints every clinic's figures: leave it out with --share")
    from clinicreport.commands.garbage import stay
    from clinicreport.commands.network_gather import discard
    from clinicreport.commands.network_units import find_units, for_sharing, without_logs

    stay()
    request = options.request()
    units = find_units(paths, request, options.config_file)
    for name in () if options.quiet else without_logs(paths):
        click.echo(f"clinicreport: {name}: there is no log in this folder; left out", err=True)
    target = output or _default_name(request, share=share)
    _check_target(target, paths, units, force=force)
    beside = None if no_clinic_reports or share else str(target.resolve().with_suffix(""))
    units = [replace(unit, beside=beside, force=force, dry_run=dry_run) for unit in units]
    shared = for_sharing(units) if share else units
    try:
        result = _read(shared, request, options, dask)
        if result.refused and not skip_unreadable:
            click.echo(
                "Nothing was written. With --skip-unreadable the rest is reported.", err=True
            )
            sys.exit(UNREADABLE)
        made = _shared(result, paths, units, release) if share else None
        said = ""
        if not dry_run:
            said = made.remember() if made else ""
            _write(result, target, made, force=force)
    finally:
        if beside:
            discard(beside)
    _say(result, target, options, dry_run=dry_run)
    if said:
        for unit, called in zip(units, shared, strict=True):
            if called.name != unit.name:
                options.say(f"{called.name} (unless its visits name one): {unit.name}")
        options.say(said)
    sys.exit(UNREADABLE if result.refused else 0)


def _default_name(request: Request, *, share: bool) -> Path:
    when = request.period.text if request.period else request.today.isoformat()
    return Path(f"{PREFIX}network-{when}{'-share' if share else ''}.xlsx")


def _check_target(
    target: Path, paths: tuple[str, ...], units: list[NetworkUnit], *, force: bool
) -> None:
    """Raises OutputError or UsageError at once where the report could not stand there."""
    from clinicreport.workbook.output import is_same, refuse, spare_logs

    if target.suffix.lower() != ".xlsx":
        raise UsageError(f"{target}: name a file that ends in .xlsx")
    refuse(target, force=force)
    spare_logs(target, (Path(path) for unit in units for path in unit.paths))
    folders = {Path(path) for path in paths}
    folders |= {Path(path).parent for unit in units if unit.fixed for path in unit.paths}
    among = not target.name.startswith(PREFIX) and any(
        is_same(target.parent, folder) for folder in folders
    )
    if among:
        raise UsageError(
            f"{target}: among the clinics' logs it would be read as a log the next time; put it in"
            f" another folder, or let its name begin with {PREFIX}"
        )


def _read(
    units: list[NetworkUnit], request: Request, options: Options, dask: str | None
) -> Network:
    """All units read and added up; the JSON printed, and what could not be read said."""
    from clinicreport.books.json_report import dumps
    from clinicreport.books.network.network_json import json_object
    from clinicreport.commands.network_gather import executor, read_all, refuse_empty_period
    from clinicreport.outcomes.network.network_result import network as add_up

    with executor(options.jobs, dask) as pool:
        found = read_all(units, pool, options.progress)
    refuse_empty_period(found, request)
    result = add_up(found, request)
    if options.as_json:
        inputs = [{"clinic": name} | entry._asdict() for name, entry in result.inputs]
        click.echo(dumps(json_object(result, inputs)))
    for entry in result.refused:
        click.echo(f"clinicreport: {entry.reason}", err=True)
    return result


def _shared(
    result: Network, paths: tuple[str, ...], units: list[NetworkUnit], release: str | None
) -> SharedNetwork:
    """The version for sharing that may be given. Raises OutputError where it is held."""
    from clinicreport.commands.network_sharing import SharedNetwork, places

    return SharedNetwork.of(result, places(paths, units), release)


def _write(result: Network, target: Path, shared: SharedNetwork | None, *, force: bool) -> None:
    """The network's report, then the clinics' own. Raises OutputError."""
    from clinicreport.books.network import network_workbook
    from clinicreport.commands.network_gather import place
    from clinicreport.workbook.output import save

    content = shared.version.workbook() if shared else network_workbook.content(result)
    save(content, target, force=force)
    place(result.reports)


def _say(result: Network, target: Path, options: Options, *, dry_run: bool) -> None:
    from clinicreport.books.network.network_words import interval
    from clinicreport.ground.rounding import bare_share, share
    from clinicreport.log.inputs import counted_rows
    from clinicreport.workbook.words import count

    total, rate = result.total, result.total.responder_30
    of_them = (
        f" of them = {share(rate.observed)} (95 % {interval(rate.observed_ci, bare_share)})"
        if rate.observed is not None
        else ""
    )
    options.say(
        f"{count(len(result.clinics), 'clinic')}: {count(total.started, 'patient')} started,"
        f" {total.evaluable:,} evaluable; pain down by 30 % or more in"
        f" {rate.count:,}{of_them}."
    )
    outside = [clinic for clinic in result.clinics if clinic.verdict.startswith(("above", "below"))]
    for clinic in outside:
        options.say(f"  {clinic.name}: {clinic.verdict} % limit of the funnel")
    counts = counted_rows(entry for _, entry in result.inputs)
    options.say(f"Rows in the logs: {counts.said}")
    said = "Would write" if dry_run else "Written:"
    options.say(f"{said} {target}")
    if result.reports:
        options.say(f"{said} {count(len(result.reports), 'clinic report')} beside it")
    if counts.warning:
        options.say(counts.warning)
