"""The path: spreadsheet -> log -> findings -> outcomes -> workbook -> mail.

Each step is a room of the package, and a room knows only those before it:

============  ==================================================================================
``reading/``  opens any workbook or text file: the score's cell as it stands, with its address
``log/``      finds the table and its columns, types the cell: a visit's score, or a finding
``rules/``    judges visits and courses by the protocol: findings
``outcomes/`` counts: each course's outcome, the clinic's figures
``books/``    writes them: the report, and every other workbook
``mail/``     a message with it; ``folder/`` decides when, and to whom
============  ==================================================================================

Beside them: ``protocol/`` (the rules' limits and words), ``settings/`` (what the clinic says), both
from ``templates/``; ``workbook/`` (what every book is drawn with), ``editing/`` (a clinic's own file
marked, or rows taken out), ``commands/`` (the command line), ``ground/`` (what all rooms stand on).

:func:`report` walks the whole of it, for every command and folder that makes a report.
:func:`check_logs` is its first half, up to the findings; :mod:`clinicreport.fitting` walks that half
again with what a person answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from clinicreport.books.share.shared_version import SharedVersion
    from clinicreport.log.book_log import BooksBefore
    from clinicreport.log.inputs import Input
    from clinicreport.log.session_log import Log
    from clinicreport.outcomes.analysis import Analysis, Checked
    from clinicreport.reading.files import Books
    from clinicreport.reading.spreadsheet import Spreadsheet
    from clinicreport.settings.request import Request


class Report(NamedTuple):
    """A report as computed: what was read and found, and the figures. Books are made of it."""

    checked: Checked
    analysis: Analysis

    @property
    def refused(self) -> list[Input]:
        """The inputs that could not be read."""
        return [entry for entry in self.checked.inputs if entry.reason]

    def workbook(self) -> bytes:
        """The clinic report; the same report gives the same bytes."""
        from clinicreport.books.report import report_workbook

        return report_workbook.content(self.analysis)

    def shared_versions(self) -> Iterator[SharedVersion]:
        """What may leave the clinic: aggregates only, small counts hidden; then one with less."""
        from clinicreport.books.share.shared_version import versions

        return versions(self.analysis)


def report(
    paths: Sequence[str | Path],
    request: Request,
    *,
    being_read: Books | None = None,
    earlier: Mapping[str, Any] | None = None,
    last: Mapping[str, Any] | None = None,
    known: BooksBefore | None = None,
) -> Report:
    """The whole path, from spreadsheets to a finished report.

    ``being_read``: the same paths, where they are being read already. ``earlier``: what an earlier
    report of the same months said (its JSON): the new one says what is different. ``last``: the
    report before, of whatever months: a heading that is gone since then is named, and what became
    of its findings. ``known``: what files gave before; of these nothing is read again. Raises
    UsageError for a path that is not there.
    """
    spreadsheets = being_read or read(paths, request, known)
    log = typed(spreadsheets, request, known)
    checked = judged(log, request, spreadsheets)
    return counted(checked, earlier, last or earlier)


def check_logs(
    paths: Sequence[str | Path],
    request: Request,
    being_read: Books | None = None,
    known: BooksBefore | None = None,
) -> Checked:
    """The first half of the path: everything read, every rule asked. Raises UsageError."""
    spreadsheets = being_read or read(paths, request, known)
    return judged(typed(spreadsheets, request, known), request, spreadsheets)


def read(paths: Sequence[str | Path], request: Request, known: BooksBefore | None = None) -> Books:
    """Spreadsheets as they stand, read ahead by child processes. Raises UsageError."""
    from clinicreport.reading.files import expand, read_books

    return read_books(
        expand(paths),
        password=request.password,
        jobs=request.jobs,
        progress=request.progress,
        known=known.knows if known else None,
    )


def typed(
    spreadsheets: Iterable[Spreadsheet], request: Request, known: BooksBefore | None = None
) -> Log:
    """Their visits as one log: a row a visit, each cell typed, or a finding on it."""
    from clinicreport import rules  # noqa: F401  # loaded while the first file is being read
    from clinicreport.log.visits import read_sessions
    from clinicreport.settings.request import reading

    how = reading(request._replace(today=known.day) if known else request)
    return read_sessions(spreadsheets, how, known)


def judged(log: Log, request: Request, read_from: Books | None = None) -> Checked:
    """Every rule asked of the log; the findings in the order of the inputs.

    ``read_from``: names the inputs whose content had been read already.
    """
    from clinicreport import rules
    from clinicreport.log.courses import find_courses
    from clinicreport.log.inputs import inputs_of
    from clinicreport.outcomes.analysis import Checked
    from clinicreport.rules.case import Case
    from clinicreport.rules.in_scope import in_order, in_scope

    courses = find_courses(log, request.protocol, request.period)
    located = in_order(log.located + rules.check(Case(log, courses, request.protocol)), log)
    findings = tuple(item.finding for item in in_scope(located, log, courses))
    repeated = tuple(item.name for item in read_from.skipped) if read_from else ()
    return Checked(request, log, courses, inputs_of(log), findings, tuple(located), repeated)


def counted(
    checked: Checked,
    earlier: Mapping[str, Any] | None = None,
    last: Mapping[str, Any] | None = None,
) -> Report:
    """The figures of what was judged, and what differs from an ``earlier`` report; of the ``last``
    one, which headings are gone and which findings mended."""
    from clinicreport.outcomes.analysis import evaluate

    analysis = evaluate(checked)
    if earlier:
        from clinicreport.books.restatement import restate

        said = restate(earlier, checked, analysis)
        analysis = analysis._replace(restated=tuple(said))
    if last:
        from clinicreport.books.moved_headings import inputs_in_period, moved_headings

        gone = tuple(moved_headings(last, inputs_in_period(checked)))
        analysis = analysis._replace(restated=(*analysis.restated, *gone))
        from clinicreport.outcomes.finding_life import finding_life

        analysis = analysis._replace(life=finding_life(checked, last))
    return Report(checked, analysis)
