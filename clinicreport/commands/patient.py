"""``clinicreport patient``: one patient on one printable page."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clinicreport.commands.options import UNREADABLE, Options, common_options
from clinicreport.ground.errors import OutputError, UsageError

if TYPE_CHECKING:
    from clinicreport.books.patient import Facts
    from clinicreport.outcomes.analysis import Analysis


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="ID PATH...")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE.xlsx",
    help="Default: patient-<id>.xlsx (with --letter .docx) in the current folder.",
)
@click.option(
    "--all",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write one page for every patient into DIR; then no ID is given.",
)
@click.option("--letter", is_flag=True, help="Write a letter for Word (.docx) instead of the page.")
@click.option("--clinic", metavar="NAME", help="The patient's clinic, where several use the id.")
@click.option("--force", is_flag=True, help="Overwrite pages that are there already.")
@click.option("--dry-run", is_flag=True, help="Do everything but write.")
@click.option("--skip-unreadable", is_flag=True, help="Go on with the rest where an input fails.")
@common_options
def patient(
    *,
    words: tuple[str, ...],
    output: Path | None,
    folder: Path | None,
    letter: bool,
    clinic: str | None,
    force: bool,
    dry_run: bool,
    skip_unreadable: bool,
    **common: Any,
) -> None:
    """Write one patient's report: one page to print, to talk over and to sign, or a letter.

    ID: the patient's id as written in the log. PATH: workbooks, CSV files or folders of them, or
    a clinic folder; - reads one from standard input. With --all DIR a page for every patient.
    """
    options = Options(**common)
    who, paths = _words(words, output, folder, clinic)
    named_paths = options.named(paths)
    paths = named_paths.paths
    books = options.start(paths)
    from clinicreport.books.patient import gather, named, write_all
    from clinicreport.books.patient.patient_files import LETTER, PAGE, make_folder, plan_files
    from clinicreport.commands.garbage import stay
    from clinicreport.commands.screen import refuse_empty_period
    from clinicreport.path import report

    made = report(paths, options.request(named_paths.folder), being_read=books)
    result = made.analysis
    refuse_empty_period(made.checked)
    for entry in made.refused:
        click.echo(f"clinicreport: {entry.reason}", err=True)
    if made.refused and not skip_unreadable:
        click.echo("Nothing was written. With --skip-unreadable the rest is used.", err=True)
        sys.exit(UNREADABLE)
    everyone = gather(made.checked, result)
    found = named(everyone, who, clinic) if who is not None else everyone
    ending = LETTER if letter else PAGE
    planned = (
        plan_files(found, folder, ending)
        if folder
        else [(found[0], _target(found, output, ending))]
    )
    _spare_the_logs(paths, [path for _, path in planned])
    if not dry_run:
        if folder is not None:
            stay()
            make_folder(folder)
        write_all(result, planned, force=force)
    elif not force:
        _refuse_early([path for _, path in planned])
    _say(options, result, planned, folder, letter=letter, dry_run=dry_run)
    sys.exit(UNREADABLE if made.refused else 0)


def _words(
    words: tuple[str, ...], output: Path | None, folder: Path | None, clinic: str | None
) -> tuple[str | None, tuple[str, ...]]:
    """The id (None with --all) and the paths. Raises UsageError where they do not fit together."""
    if folder is not None:
        if output is not None or clinic is not None:
            raise UsageError("--all DIR writes everybody: leave out --output and --clinic")
        return None, words
    if len(words) < 2:
        raise UsageError("name the patient's id first, then the logs: clinicreport patient ID PATH")
    return words[0], words[1:]


def _target(found: Sequence[Facts], output: Path | None, ending: str) -> Path:
    from clinicreport.books.patient import file_name

    if len(found) > 1:
        clinics = ", ".join(f'"{facts.clinic}"' for facts in found)
        raise UsageError(f"several clinics have a patient with this id: add --clinic, {clinics}")
    if output is not None and output.suffix.lower() != ending:
        raise UsageError(f"{output}: name a file that ends in {ending}")
    return output or Path(file_name(found[0], ending))


def _refuse_early(paths: Sequence[Path]) -> None:
    for path in paths:
        if path.exists():
            raise OutputError(f"{path} is there already; add --force to replace it")


def _spare_the_logs(paths: Sequence[str], targets: Sequence[Path]) -> None:
    """Raises UsageError where a page would replace one of the logs, with --force or not."""
    from clinicreport.reading.files import expand
    from clinicreport.workbook.output import spare_logs

    logs = expand(paths)
    for target in targets:
        spare_logs(target, logs, "page")


def _say(
    options: Options,
    result: Analysis,
    planned: Sequence[tuple[Facts, Path]],
    folder: Path | None,
    *,
    letter: bool,
    dry_run: bool,
) -> None:
    from clinicreport.books import json_report
    from clinicreport.log.inputs import counted_rows
    from clinicreport.workbook.words import count

    if options.as_json:
        as_of = result.as_of.isoformat() if result.as_of else None
        pages = [
            {"patient": facts.patient, "clinic": facts.clinic or None, "file": str(path)}
            for facts, path in planned
        ]
        told = {"schema": json_report.SCHEMA, "as_of": as_of, "pages": pages, "dry_run": dry_run}
        click.echo(json_report.dumps(told))
    done = "Would write" if dry_run else "Written:"
    if folder is None:
        options.say(f"{done} {planned[0][1]}")
    else:
        kind = "letter" if letter else "page"
        options.say(f"{done} {count(len(planned), kind)} in {folder}")
    counts = counted_rows(result.inputs)
    options.say(f"Rows in the logs: {counts.said}")
    if counts.warning:
        options.say(counts.warning)
