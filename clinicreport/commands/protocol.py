"""``clinicreport protocol``: the protocol in force, rule by rule, with the source of each."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clinicreport.commands.options import UNREADABLE, Options, common_options
from clinicreport.ground.errors import UsageError

if TYPE_CHECKING:
    from clinicreport.books.protocol_page.page_content import Content
    from clinicreport.outcomes.analysis import Checked


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE.xlsx|FILE.html",
    help="Write the page to print, for the staff-room wall.",
)
@click.option("--force", is_flag=True, help="Overwrite the file if it is there already.")
@click.option("--dry-run", is_flag=True, help="Do everything but write.")
@common_options
def protocol(
    *, paths: tuple[str, ...], output: Path | None, force: bool, dry_run: bool, **common: Any
) -> None:
    """Show the protocol in force: every rule, its limit, its severity and where it comes from.

    With PATHs (workbooks, CSV files or folders of them) also what each rule found in them.
    """
    options = Options(**common)
    if output is not None and output.suffix.lower() not in (".xlsx", ".html", ".htm"):
        raise UsageError(f"{output}: name a file that ends in .xlsx or .html")
    from clinicreport.books import json_report
    from clinicreport.books.protocol_page.plain_page import json_object, text
    from clinicreport.commands import screen

    request = options.request()
    checked = _checked(paths, request) if paths else None
    page = _page(request.protocol, checked)
    if options.as_json:
        inputs = json_report.check_object(checked)["inputs"] if checked else []
        click.echo(json_report.dumps(json_object(request.protocol, page, inputs)))
    elif output is None:
        options.say(text(page, screen.terminal_width()))
    refused = [entry.reason for entry in checked.inputs if entry.reason] if checked else []
    for reason in refused:
        click.echo(f"clinicreport: {reason}", err=True)
    if output is not None:
        _write(page, output, force=force, dry_run=dry_run)
        options.say(f"{'Would write' if dry_run else 'Written:'} {output}")
    sys.exit(UNREADABLE if refused else 0)


def _checked(paths: tuple[str, ...], request: Any) -> Checked:
    from clinicreport.path import check_logs

    return check_logs(paths, request)


def _page(protocol: Any, checked: Checked | None) -> Content:
    from clinicreport.books.protocol_page.page_content import content

    if checked is None:
        return content(protocol)
    from clinicreport.books.protocol_page.found import found, what_was_read

    return content(protocol, found(checked), what_was_read(checked))


def _write(page: Content, path: Path, *, force: bool, dry_run: bool) -> None:
    from clinicreport.workbook.output import refuse, save

    refuse(path, force=force)
    if path.suffix.lower() == ".xlsx":
        from clinicreport.books.protocol_page.protocol_workbook import workbook

        made = workbook(page)
    else:
        from clinicreport.books.protocol_page.html_page import html

        made = html(page).encode("utf-8")
    if not dry_run:
        save(made, path, force=force)
