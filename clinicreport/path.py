"""The path in one place: spreadsheet -> log -> findings -> outcomes -> workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clinicreport.log.session_log import Log
    from clinicreport.outcomes.analysis import Analysis, Checked
    from clinicreport.reading.files import Books
    from clinicreport.reading.spreadsheet import Spreadsheet
    from clinicreport.settings.request import Request


def analyse(paths: Sequence[str | Path], request: Request) -> Analysis:
    """The path: spreadsheets in, everything that the report shows out.

    Raises UsageError for a path that is not there.
    """
    from clinicreport.outcomes.analysis import evaluate

    return evaluate(check_logs(paths, request))


def check_logs(
    paths: Sequence[str | Path], request: Request, books: Books | None = None
) -> Checked:
    """Reads the spreadsheets and asks every rule. Raises UsageError for a missing path.

    ``books``: the same paths, where they are being read already.
    """
    from clinicreport.reading.files import expand, read_books

    if books is None:
        books = read_books(
            expand(paths), password=request.password, jobs=request.jobs, progress=request.progress
        )
    checked = check_spreadsheets(books, request)
    return replace(checked, repeated=tuple(item.name for item in books.skipped))


def check_spreadsheets(books: Iterable[Spreadsheet], request: Request) -> Checked:
    """Asks every rule of what these books hold."""
    from clinicreport import rules  # noqa: F401  # imported while the first file is being read
    from clinicreport.log.visits import read_sessions
    from clinicreport.settings.request import reading

    return check_log(read_sessions(books, reading(request)), request)


def check_log(log: Log, request: Request, repeated: tuple[str, ...] = ()) -> Checked:
    """Asks every rule of what was read."""
    from clinicreport import rules
    from clinicreport.log.courses import find_courses
    from clinicreport.log.inputs import inputs_of
    from clinicreport.outcomes.analysis import Checked
    from clinicreport.rules.case import Case
    from clinicreport.rules.in_scope import in_order, in_scope

    courses = find_courses(log, request.protocol, request.period)
    located = log.located + rules.check(Case(log, courses, request.protocol))
    findings = tuple(item.finding for item in in_order(in_scope(located, log, courses), log))
    return Checked(request, log, courses, inputs_of(log), findings, repeated)
