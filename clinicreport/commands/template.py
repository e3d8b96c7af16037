"""``clinicreport template``: the blank session log."""

from __future__ import annotations

from pathlib import Path

import click

from clinicreport.ground.errors import UsageError


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE.xlsx",
    default=Path("session-log.xlsx"),
    show_default=True,
    help="The file to write.",
)
@click.option("--force", is_flag=True, help="Overwrite the file if it is there already.")
@click.option("--dry-run", is_flag=True, help="Do everything but write.")
@click.option(
    "--protocol",
    "protocol_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    envvar="CLINICREPORT_PROTOCOL",
    help="The clinic's protocol (a file that holds only changes is enough).",
)
@click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    envvar="CLINICREPORT_CONFIG",
    help="The clinic's settings (default: clinic.toml in the current folder).",
)
@click.option("-q", "--quiet", is_flag=True, help="Print only errors.")
def template(
    *,
    output: Path,
    force: bool,
    dry_run: bool,
    protocol_file: Path | None,
    config_file: Path | None,
    quiet: bool,
) -> None:
    """Write a blank session log for data entry.

    Its drop-downs and limits come from the protocol, its headings from the clinic's settings.
    """
    if output.suffix.lower() != ".xlsx":
        raise UsageError(f"{output}: name a file that ends in .xlsx")
    from clinicreport.books.template.blank_log import template as blank_log
    from clinicreport.settings.request import make_request
    from clinicreport.workbook.output import refuse, save

    request = make_request(protocol_file=protocol_file, config_file=config_file)
    refuse(output, force=force)
    content = blank_log(request.protocol, request.config.aliases)
    if not dry_run:
        save(content, output, force=force)
    if not quiet:
        click.echo(f"{'Would write' if dry_run else 'Written:'} {output}")
