"""The path in one place: spreadsheet -> sessions -> findings -> outcomes.

:func:`analyse` is the whole path up to the workbook, :func:`check` its first half. What comes out
is an :class:`Analysis`, finished: whoever writes it computes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clinicreport.config import Config
from clinicreport.period import Period
from clinicreport.protocol import Protocol

if TYPE_CHECKING:
    import pandas as pd

    from clinicreport.courses import Courses
    from clinicreport.findings import Finding
    from clinicreport.log import Located, Log, Reading
    from clinicreport.reading.books import Books
    from clinicreport.spreadsheet import Book


@dataclass(frozen=True, slots=True)
class Request:
    """What a user asked for, beside the paths."""

    protocol: Protocol
    config: Config
    today: date
    period: Period | None = None
    password: str | None = None
    jobs: int = 1
    progress: Callable[[str], None] | None = None
    settings: tuple[tuple[str, str], ...] = ()  # what is in force and where it came from, in words
    folder: Path = Path()  # the clinic folder, which the logo is looked for in


@dataclass(frozen=True, slots=True)
class Input:
    """One session sheet, or one unreadable file: an entry of ``inputs`` in the JSON."""

    file: str
    sha256: str
    sheet: str
    rows: int
    used: int
    set_aside: int
    status: str  # "read" or "unreadable"
    reason: str | None
    assumptions: tuple[str, ...] = ()  # heading row, column -> field, date order, in words


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything the report shows, finished: nothing is computed while writing.

    ``sessions``: one row a used visit up to the as-of day, in input order. Columns: every field of
    the session log (``date`` as datetime64, numbers as float, the rest text or missing), then
    ``file``, ``sheet``, ``row`` (in the spreadsheet, from 1), ``cell`` (of the score before the
    session), ``cid`` (index of its course in ``courses``, -1 where it belongs to none), ``course``
    (that one's number, Int64, missing where it belongs to none), ``in_scope`` (bool), ``day`` (days
    since the course's day 0), ``week`` (from 0).

    ``courses``: one row a course in scope, sorted by patient and course, index = ``cid``. Columns:
    those of the JSON's ``courses`` (dates as datetime64, booleans as nullable), then ``clinic``,
    ``latest_date``, ``is_latest`` (the patient's latest course in scope: what the clinic figures
    use), ``in_reference_population`` (bool).

    ``weeks``: one row a course and week up to its last treatment, of the courses whose days are
    known. Columns: ``patient``,
    ``clinic``, ``course``, ``week`` (from 0), ``days`` (treatment days), ``judged`` (bool),
    ``low``, ``high`` (the band), ``in_band`` (bool).

    ``by_week``: mean NRS by week of course over evaluable patients. Columns: ``group`` ("all", or
    "reference" for the patients who match the reference trial's population), ``week`` (0 is the
    baseline; k is the k-th week of the course without the baseline score, each patient's mean),
    ``n``, ``mean``, ``low``, ``high`` (95 % t interval, missing for few patients).

    ``clinic``: the JSON's ``clinic`` object, with more fields beside the contract's.
    """

    protocol: Protocol
    run_day: date
    as_of: date | None
    period: Period | None
    clinic_name: str
    settings: tuple[tuple[str, str], ...]  # what was used and where it came from, in words
    inputs: tuple[Input, ...]
    findings: tuple[Finding, ...]
    sessions: pd.DataFrame
    courses: pd.DataFrame
    weeks: pd.DataFrame
    by_week: pd.DataFrame
    clinic: dict[str, Any]
    restated: tuple[str, ...] = ()  # what differs from an earlier report, in words
    logo: Path | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """The first half of the path: everything read, every rule asked."""

    request: Request
    log: Log
    courses: Courses
    inputs: tuple[Input, ...]
    findings: tuple[Finding, ...]
    repeated: tuple[str, ...] = field(default=())  # inputs whose content was read already


def analyse(paths: Sequence[str | Path], request: Request) -> Analysis:
    """The path: spreadsheets in, everything that the report shows out.

    Raises UsageError for a path that is not there.
    """
    return evaluate(check(paths, request))


def check(
    paths: Sequence[str | Path], request: Request, books: Books | None = None
) -> Checked:
    """Reads the spreadsheets and asks every rule. Raises UsageError for a missing path.

    ``books``: the same paths, where they are being read already.
    """
    from clinicreport.spreadsheet import expand, read_books

    if books is None:
        books = read_books(
            expand(paths), password=request.password, jobs=request.jobs, progress=request.progress
        )
    checked = check_books(books, request)
    return replace(checked, repeated=tuple(item.name for item in books.skipped))


def check_books(books: Iterable[Book], request: Request) -> Checked:
    """Asks every rule of what these books hold."""
    from clinicreport import rules  # noqa: F401  # imported while the first file is being read
    from clinicreport.sessions import read_sessions

    return check_log(read_sessions(books, _reading(request)), request)


def check_log(log: Log, request: Request, repeated: tuple[str, ...] = ()) -> Checked:
    """Asks every rule of what was read."""
    from clinicreport import rules
    from clinicreport.courses import find_courses
    from clinicreport.rules.case import Case

    courses = find_courses(log, request.protocol, request.period)
    located = log.located + rules.check(Case(log, courses, request.protocol))
    findings = tuple(item.finding for item in _in_order(_in_scope(located, log, courses), log))
    return Checked(request, log, courses, _inputs(log), findings, repeated)


def evaluate(checked: Checked) -> Analysis:
    """The second half: outcomes of the courses, figures of the clinic."""
    from clinicreport.outcomes.clinic import clinic_figures
    from clinicreport.outcomes.course import course_outcomes
    from clinicreport.outcomes.series import by_week

    request, log, courses = checked.request, checked.log, checked.courses
    protocol = request.protocol
    outcomes = course_outcomes(courses, protocol)
    outcomes = outcomes[outcomes["in_scope"]]
    who = courses.table["who"].loc[outcomes.index]
    outcomes = outcomes.assign(
        is_latest=~who.duplicated(keep="last"),
        in_reference_population=[
            protocol.in_reference_population(text) for text in outcomes["condition"]
        ],
    )
    return Analysis(
        protocol=protocol,
        run_day=request.today,
        as_of=courses.as_of,
        period=request.period,
        clinic_name=request.config.name,
        settings=request.settings,
        inputs=checked.inputs,
        findings=checked.findings,
        sessions=_sessions(log, courses),
        courses=outcomes.sort_values(["clinic", "patient", "course"], kind="stable"),
        weeks=_weeks(courses, outcomes),
        by_week=by_week(courses, outcomes),
        clinic=clinic_figures(log, courses, outcomes),
        logo=request.folder / request.config.logo if request.config.logo else None,
    )


def _reading(request: Request) -> Reading:
    """How the clinic's settings say that its files are to be read."""
    from clinicreport.cells import Words, plain
    from clinicreport.dates import DateStyle
    from clinicreport.headings import Aliases
    from clinicreport.log import Reading
    from clinicreport.reporter import Reporter

    config = request.config
    return Reading(
        reporter=Reporter(request.protocol),
        today=request.today,
        aliases=Aliases(config.aliases),
        words=Words(frozenset(plain(code) for code in config.missing)),
        dates=DateStyle(config.date_order, tuple(config.languages)),
        start=config.start_date,
        same={other: group[0] for group in config.ids.same for other in group[1:]},
        different=frozenset(
            frozenset((one, other))
            for group in config.ids.different for one in group for other in group if one != other
        ),
    )  # fmt: skip


def _in_scope(located: list[Located], log: Log, courses: Courses) -> list[Located]:
    """Without the findings on visits after the as-of day, or of courses out of scope.

    Visits that belong to no course count where they lie in the period.
    """
    kept = courses.visits[courses.visits["looked_at"]]
    if len(kept) == len(log.visits):
        return located
    gone = log.visits.drop(index=kept.index)
    places = set(zip(gone["source"].tolist(), gone["row"].tolist(), strict=True))
    return [item for item in located if (item.source, item.row) not in places]


def _in_order(located: list[Located], log: Log) -> list[Located]:
    """Findings in the order of the inputs, then as one reads a sheet."""
    files: dict[str, int] = {}
    for source in log.sources:
        files.setdefault(source.file, len(files))
    sheets: dict[tuple[str, str], int] = {}
    for item in located:
        sheets.setdefault((item.finding.file, item.finding.sheet), len(sheets))

    def place(item: Located) -> tuple[int, int, int, int, str]:
        finding = item.finding
        at = sheets[finding.file, finding.sheet]
        return (files.get(finding.file, 0), at, finding.row or 0, len(finding.cell), finding.cell)

    return sorted(located, key=place)


def _inputs(log: Log) -> tuple[Input, ...]:
    """One entry a session sheet (its tables together), one for an unreadable file."""
    sheets: dict[tuple[str, str, str], list[Any]] = {}
    for source in log.sources:
        sheets.setdefault((source.file, source.sha256, source.sheet), []).append(source)
    entries = []
    for (file, sha256, sheet), parts in sheets.items():
        rows, used = sum(part.rows for part in parts), sum(part.used for part in parts)
        reason = next((part.reason for part in parts if part.reason), None)
        status = "unreadable" if reason else "read"
        said = tuple(text for part in parts for text in part.assumptions)
        entries.append(Input(file, sha256, sheet, rows, used, rows - used, status, reason, said))
    return tuple(entries)


def _sessions(log: Log, courses: Courses) -> pd.DataFrame:
    """The visits up to the as-of day in input order, each with its source and its course."""
    import numpy as np
    import pandas as pd

    visits = courses.visits.sort_index()
    cid = visits["cid"].to_numpy()
    known = cid >= 0
    number = pd.array(np.zeros(len(visits), dtype=np.int64), dtype="Int64")
    number[known] = courses.table["course"].to_numpy()[cid[known]]
    number[~known] = pd.NA
    source = visits["source"].to_numpy()
    letters = np.array([entry.cell("nrs_before", 0)[:-1] for entry in log.sources] or [""])
    cells = np.char.add(letters[source], visits["row"].to_numpy().astype(str))
    files = np.array([entry.file for entry in log.sources] or [""], dtype=object)
    sheets = np.array([entry.sheet for entry in log.sources] or [""], dtype=object)
    return visits.assign(course=number, file=pd.Series(files[source], visits.index, dtype=object),
                         cell=pd.Series(cells.tolist(), visits.index, dtype=object),
                         sheet=pd.Series(sheets[source], visits.index, dtype=object))  # fmt: skip


def _weeks(courses: Courses, outcomes: pd.DataFrame) -> pd.DataFrame:
    """The weeks of the courses in scope whose days are known, with patient and course number."""
    import pandas as pd

    known = outcomes.index[outcomes["weeks_attended"].notna()]
    weeks = courses.weeks[courses.weeks["cid"].isin(known)]
    own = outcomes[["patient", "clinic", "course"]].loc[weeks["cid"]]
    return weeks.assign(**{name: pd.Series(own[name].to_numpy(), weeks.index, dtype=object)
                           for name in own.columns})  # fmt: skip
