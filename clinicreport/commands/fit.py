"""``clinicreport fit``: a clinic's own spreadsheet, learnt and remembered."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clinicreport.commands.options import UNREADABLE, Options, common_options
from clinicreport.ground.errors import OutputError, UsageError

if TYPE_CHECKING:
    from clinicreport.log.fit.candidates import Candidate
    from clinicreport.log.fit.learnt import Learnt
    from clinicreport.log.session_log import Log
    from clinicreport.reading.spreadsheet import Spreadsheet
    from clinicreport.settings.request import Request

QUESTIONS_LEFT = 1
FIRST_VISITS = 3


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
    takes it back. Without a terminal and without --yes nothing is written.
    """
    options = Options(**common)
    target = options.config_file or Path("clinic.toml")
    if take_back:
        _take_back(target, options, dry_run=dry_run)
        return
    if not paths:
        raise UsageError("name the spreadsheet: clinicreport fit october.xlsx")
    from clinicreport.log.fit.candidates import candidates
    from clinicreport.log.fit.learning import learn
    from clinicreport.settings.request import reading

    books = list(options.start(paths))
    request = _request(options)
    how = reading(request)
    tables = candidates(
        [book for book in books if not book.reason], how, sheet=sheet, heading_row=heading_row
    )
    learnt = learn(tables, how)
    lines, left = _lines(tables, learnt, options, take_certain=take_certain)
    made = _with_lines(request, lines)
    log = _read(books, made)
    writes = bool(lines) and not dry_run and (take_certain or _asks(options))
    if not options.as_json:
        _say_what_came(log, lines, options)
    if writes:
        writes = _write(target, lines, options, sure=take_certain)
    if options.as_json:
        click.echo(_as_json(tables, learnt, log, str(target) if writes else None))
    sys.exit(_status(log, left))


def _request(options: Options) -> Request:
    """The request; a file of --config that is not there yet is going to be made."""
    given = options.config_file
    return replace(options, config_file=given if given and given.exists() else None).request()


def _asks(options: Options) -> bool:
    return not options.as_json and sys.stdin is not None and sys.stdin.isatty()


def _lines(
    tables: Sequence[Candidate], learnt: Learnt, options: Options, *, take_certain: bool
) -> tuple[dict[str, Any], int]:
    """What is to be written, and how many questions are left."""
    certain = {one.key: one.value for one in learnt.proposals if one.certain}
    if take_certain or not _asks(options):
        if not options.as_json:
            _say_proposals(tables, learnt, options)
        return certain, len(learnt.questions)
    from clinicreport.commands import fit_dialog

    for table in tables:
        click.echo(fit_dialog.seen_table(table))
    try:
        answers = fit_dialog.ask(learnt.questions)
    except fit_dialog.GiveUp:
        click.echo("Nothing was written.")
        sys.exit(QUESTIONS_LEFT)
    return certain | answers.lines, answers.skipped


def _say_proposals(tables: Sequence[Candidate], learnt: Learnt, options: Options) -> None:
    from clinicreport.commands.fit_dialog import seen_table
    from clinicreport.settings.own_lines import shown_line

    for table in tables:
        options.say(seen_table(table))
    for one in learnt.proposals:
        sure = "certain" if one.certain else "to be asked"
        options.say(f"  + {shown_line(one.key, one.value)}   ({sure}: {one.why})")


def _with_lines(request: Request, lines: dict[str, Any]) -> Request:
    from clinicreport.settings.own_lines import with_lines

    return replace(request, config=with_lines(request.config, lines))


def _read(books: Sequence[Spreadsheet], request: Request) -> Log:
    from clinicreport import path

    return path.typed(books, request)


def _say_what_came(log: Log, lines: dict[str, Any], options: Options) -> None:
    """The first visits as they would be read, and the counts; else why it cannot be read."""
    from clinicreport.ground.rounding import fixed, written
    from clinicreport.settings.own_lines import shown_line
    from clinicreport.workbook.words import day

    visits = log.visits
    for at in range(min(FIRST_VISITS, len(visits))):
        one = visits.iloc[at]
        scores = [
            f"{word} {written(float(one[name]))}"
            for name, word in (("nrs_before", "before"), ("nrs_after", "after"))
            if one[name] == one[name]
        ]
        options.say(f"{one['patient_id']}  {day(one['date'])}  {', '.join(scores)}")
    rows = sum(source.rows for source in log.sources)
    if rows:
        mean = visits["nrs_before"].mean()
        before = f", mean before {fixed(mean, 1)}" if mean == mean else ""  # noqa: PLR0124
        used = sum(source.used for source in log.sources)
        options.say(
            f"{rows} rows in, {used} used, {rows - used} set aside; "
            f"{visits['patient_id'].nunique()} patients{before}"
        )
    for source in log.sources:
        if source.reason:
            options.say(f"Cannot be read yet: {source.reason}")
    for key, value in lines.items():
        options.say(f"  + {shown_line(key, value)}")


def _write(target: Path, lines: dict[str, Any], options: Options, *, sure: bool) -> bool:
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
        write_lines(target, lines)
    except OSError as error:
        raise OutputError(f"{target}: cannot be written ({error.strerror})") from error
    options.say(f"Written to {target}. clinicreport fit --undo takes it back.")
    return True


def _take_back(target: Path, options: Options, *, dry_run: bool) -> None:
    from clinicreport.settings.own_lines import undo

    if dry_run:
        options.say(f"Would take back what was written into {target} last.")
        return
    try:
        gone = undo(target)
    except OSError as error:
        raise OutputError(f"{target}: cannot be written ({error.strerror})") from error
    was = "is gone: it was made for these lines" if gone else "is as it was"
    options.say(f"{target} {was}.")


def _status(log: Log, left: int) -> int:
    unreadable = any(source.reason for source in log.sources)
    if left:
        return QUESTIONS_LEFT
    return UNREADABLE if unreadable else 0


def _as_json(tables: Sequence[Candidate], learnt: Learnt, log: Log, written: str | None) -> str:
    from clinicreport.books.json_report import inputs_object
    from clinicreport.log.inputs import inputs_of

    told = {
        "schema": 1,
        "seen": [entry for table in tables for entry in _seen(table)],
        "proposals": [
            {"key": one.key, "value": one.value, "certain": one.certain, "why": one.why}
            for one in learnt.proposals
        ],
        "unclear": [
            {
                "cell": one.cell,
                "heading": one.heading,
                "question": one.question,
                "choices": [
                    {"key": choice.key, "value": choice.value, "words": choice.words}
                    for choice in one.choices
                ],
            }
            for one in learnt.questions
        ],
        "written": written,
        "inputs": inputs_object(inputs_of(log)),
    }
    return json.dumps(told, indent=2, ensure_ascii=False, default=_iso)


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no value of the JSON")


def _seen(table: Candidate) -> list[dict[str, Any]]:
    return [
        {
            "file": table.book.name,
            "sheet": sheet.name,
            "heading_row": table.heading_row,
            "headings": [
                {
                    "cell": column.cell,
                    "heading": column.heading,
                    "field": column.field,
                    "looks_like": column.look.words,
                }
                for column in table.columns
            ],
            "rows": table.rows,
        }
        for sheet in table.sheets
    ]
