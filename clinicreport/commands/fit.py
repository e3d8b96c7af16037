"""``clinicreport fit``: a clinic's own spreadsheet, learnt and remembered."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clinicreport.commands.options import UNREADABLE, Options, common_options
from clinicreport.ground.errors import OutputError, UsageError

if TYPE_CHECKING:
    from clinicreport.fitting import Fitting

QUESTIONS_LEFT = 1


@click.command()
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--yes", "take_certain", is_flag=True, help="Write what is certain; leave the rest.")
@click.option("--dry-run", is_flag=True, help="Propose; write nothing.")
@click.option("--undo", "take_back", is_flag=True, help="Take back what was written last.")
@click.option("--sheet", metavar="NAME", help="The sheet with the log, where another was taken.")
@click.option(
    "--heading-row",
    type=click.IntRange(min=1),
    metavar="N",
    help="The row with the headings, where another was taken.",
)
@common_options
def fit(
    *,
    paths: tuple[str, ...],
    take_certain: bool,
    dry_run: bool,
    take_back: bool,
    sheet: str | None,
    heading_row: int | None,
    **common: Any,
) -> None:
    """Learn a clinic's own spreadsheet: what its columns are, and write it to clinic.toml.

    Proposes headings and readings with the reason for each and asks where it cannot know. What is
    answered is kept in clinic.toml (or the file of --config), where every remark stays; --undo
    takes it back. Without a terminal and without --yes nothing is written. A PATH may be a clinic
    folder: then the logs in force and those that wait are learnt, and its clinic.toml is written.
    """
    from clinicreport.commands import fitting
    from clinicreport.fitting import Fitting

    options = Options(**common)
    folder = fitting.clinic_folder(paths)
    target = options.config_file or (folder or Path()) / "clinic.toml"
    if take_back:
        _take_back(target, options, dry_run=dry_run)
        return
    if not paths:
        raise UsageError("name the spreadsheet: clinicreport fit october.xlsx")
    books = list(options.start(fitting.logs_of(folder, paths) if folder else paths))
    work = Fitting(books, _request(options, folder), sheet, heading_row)
    asks = not take_certain and _asks(options)
    if asks:
        _ask(work)
    else:
        work.take_certain()
        _say_proposals(work, options)
    if not options.as_json:
        _say_what_came(work, options)
    writes = bool(work.lines) and not dry_run and (take_certain or asks)
    written = writes and _write(target, work, options, sure=take_certain)
    if options.as_json:
        from clinicreport.commands.fit_shown import fit_json

        click.echo(fit_json(work, str(target) if written else None))
    sys.exit(_status(work, kept=bool(written) or not work.lines))


def _request(options: Options, folder: Path | None) -> Any:
    """The request; a file of --config that is not there yet is going to be made."""
    given = options.config_file
    return options._replace(config_file=given if given and given.exists() else None).request(
        folder=folder
    )


def _asks(options: Options) -> bool:
    try:
        return not options.as_json and sys.stdin is not None and sys.stdin.isatty()
    except ValueError:  # it was closed
        return False


def _ask(work: Fitting) -> None:
    """Questions until none is left that is new; ends the program where the person gives up."""
    from clinicreport.commands import fit_dialog

    try:
        fit_dialog.ask_all(work)
    except fit_dialog.GiveUp:
        click.echo("Nothing was written.")
        sys.exit(QUESTIONS_LEFT)


def _say_proposals(work: Fitting, options: Options) -> None:
    from clinicreport.commands.fit_shown import seen_table
    from clinicreport.settings.own_lines import shown_line

    if options.as_json:
        return
    for table in work.tables:
        options.say(seen_table(table, work.learnt))
    for one in work.learnt.proposals:
        sure = "certain" if one.certain else "to be asked"
        options.say(f"  + {shown_line(one.key, one.value)}   ({sure}: {one.why})")


def _say_what_came(work: Fitting, options: Options) -> None:
    """The first visits as they would be read, and the counts; else why it cannot be read."""
    from clinicreport.settings.own_lines import shown_line
    from clinicreport.workbook.first_visits import came_of

    for line in came_of(work.log):
        options.say(line)
    for key, value in work.lines.items():
        options.say(f"  + {shown_line(key, value)}")


def _write(target: Path, work: Fitting, options: Options, *, sure: bool) -> bool:
    """Write the lines, after a yes where somebody is asked."""
    from clinicreport.commands.fit_dialog import GiveUp, yes
    from clinicreport.settings.own_lines import write_lines

    try:
        if not sure and not yes(f"Write this to {target}?"):
            options.say("Nothing was written.")
            return False
    except GiveUp:
        options.say("Nothing was written.")
        return False
    try:
        write_lines(target, work.lines)
    except OSError as error:
        raise OutputError(f"{target}: cannot be written ({error.strerror})") from error
    options.say(f"Written to {target}. clinicreport fit --undo takes it back.")
    return True


def _take_back(target: Path, options: Options, *, dry_run: bool) -> None:
    from clinicreport.settings.earlier_settings import undo

    if dry_run:
        options.say(f"Would take back what was written into {target} last.")
        return
    try:
        gone = undo(target)
    except OSError as error:
        raise OutputError(f"{target}: cannot be written ({error.strerror})") from error
    was = "is gone: it was made for these lines" if gone else "is as it was"
    options.say(f"{target} {was}.")


def _status(work: Fitting, *, kept: bool) -> int:
    """``kept``: everything that the log was read with is in force or was written."""
    if work.left or not kept:
        return QUESTIONS_LEFT
    return UNREADABLE if any(source.reason for source in work.log.sources) else 0
