"""``clinicreport mail``: who gets what, drafts by default, ``--send`` to send."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clinicreport.commands.monthly import (
    NO_MAIL,
    FolderOptions,
    settings_options,
    status_of,
    tell,
)
from clinicreport.ground.errors import UsageError

if TYPE_CHECKING:
    from clinicreport.folder.ledger_rows import ReportRow
    from clinicreport.folder.open_folder import Done, OpenFolder


@click.command()
@click.argument("reports", nargs=-1, metavar="REPORT...", type=click.Path(path_type=Path))
@click.option(
    "--folder",
    "directory",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The clinic folder (default: the report's own, else this one).",
)
@click.option("--send", is_flag=True, help="Send by the server in clinic.toml; else drafts.")
@click.option(
    "--to",
    "addresses",
    multiple=True,
    metavar="ADDRESS",
    help="Only to this recipient of clinic.toml; can be given several times.",
)
@click.option("--again", is_flag=True, help="Also what was drafted or sent already.")
@click.option(
    "--retry-unsure",
    is_flag=True,
    help="Ask about messages whose answer was lost, and send them again.",
)
@click.option("--arrived", is_flag=True, help="Ask about them, and note that they arrived.")
@click.option(
    "--settled",
    is_flag=True,
    help="Ask about messages that failed, and note that they are seen to.",
)
@click.option("--yes", is_flag=True, help="Answer these questions with yes.")
@click.option("--dry-run", is_flag=True, help="Show who would get what; write and send nothing.")
@settings_options
def mail(  # noqa: PLR0913
    *,
    reports: tuple[Path, ...],
    send: bool,
    addresses: tuple[str, ...],
    again: bool,
    retry_unsure: bool,
    arrived: bool,
    settled: bool,
    yes: bool,
    dry_run: bool,
    directory: Path | None,
    **common: Any,
) -> None:
    """Draft a report to those on the list in clinic.toml, or send it.

    Without REPORT: what waits in the outbox (with --send it is sent). The role of each recipient
    decides what they get; --dry-run shows it first.
    """
    options = FolderOptions(directory=directory or _folder_of(reports), **common)
    from clinicreport.folder import mailing, status_page
    from clinicreport.folder.open_folder import opened
    from clinicreport.folder.recover import recover

    if again and not reports:
        raise UsageError("--again: name the report that is to go once more")
    folder = options.folder()
    with opened(folder, options.request(folder)) as clinic:
        recover(clinic)
        recipients = mailing.chosen(clinic, addresses)
        found = _reports(clinic, reports)
        if dry_run:
            _show(options, mailing.preview(clinic, found, recipients))
            return
        if send and again:
            _agree(mailing.once_more(clinic, found, recipients), yes=yes)
        repeat = _settle(clinic, yes=yes, repeat=retry_unsure, arrived=arrived, failed=settled)
        found = found if reports else []
        mailing.deliver(clinic, found, recipients, send=send, again=again, repeat=repeat)
        status_page.write(clinic)
        status = _told(options, clinic.done, send=send)
    sys.exit(status)


def _told(options: FolderOptions, done: Done, *, send: bool) -> int:
    """Say what was done; the exit status."""
    unsent = any(one["state"] != "sent" for one in done.messages)
    status = status_of(done) or (NO_MAIL if send and unsent else 0)
    if options.as_json:
        click.echo(json.dumps({"schema": 1, "exit_status": status} | asdict(done)))
    tell(options, done)
    return status


def _agree(lines: list[Any], *, yes: bool) -> None:
    """Show what would go once more, and ask. Raises UsageError without a yes."""
    for line in lines:
        told = f"{line.month}  {line.address} ({line.role}): {line.what}: {line.state}"
        click.echo(f"{told}, would go once more", err=True)
    if not lines or yes:
        return
    try:
        agreed = click.confirm("Send these once more?", err=True)
    except click.Abort:  # nobody is there to answer
        agreed = False
    if not agreed:
        raise UsageError("nothing was sent. Name whom it is for: --to ADDRESS; --yes answers yes")


def _settle(
    clinic: OpenFolder, *, yes: bool, repeat: bool, arrived: bool, failed: bool
) -> set[int]:
    """Ask about what only a person can settle; the numbers of what is to be sent again."""
    from clinicreport.folder import mailing, postman

    def ask(text: str) -> bool:
        return yes or click.confirm(text, err=True)

    postman.mark_unsure(clinic)
    before = {row.id for row in clinic.ledger.messages_in("unsure")}
    if repeat or arrived:
        mailing.settle_unsure(clinic, ask, repeat=repeat)
    if failed:
        mailing.settle_failed(clinic, ask)
    return before & {row.id for row in clinic.ledger.messages_in("queued")}


def _folder_of(reports: tuple[Path, ...]) -> Path | None:
    """The clinic folder that the first report lies in, if it lies in one."""
    if not reports or Path("clinic.toml").is_file():
        return None
    above = reports[0].resolve().parents
    return next((place for place in above if (place / "clinic.toml").is_file()), None)


def _reports(clinic: OpenFolder, paths: tuple[Path, ...]) -> list[ReportRow]:
    """The reports named; without any the newest of each month."""
    from clinicreport.folder.foreign_report import report_row

    if paths:
        return [report_row(clinic, path) for path in paths]
    rows = clinic.ledger.last_reports()
    if not rows:
        raise UsageError("there is no report yet: put a log into the inbox, then: clinicreport run")
    return rows


def _show(options: FolderOptions, lines: list[Any]) -> None:
    if options.as_json:
        click.echo(json.dumps([asdict(line) for line in lines], indent=2))
        return
    for line in lines:
        click.echo(f"{line.month}  {line.address} ({line.role}): {line.what}: {line.state}")
