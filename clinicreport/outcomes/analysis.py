"""What the path gives: everything checked, and everything that a report shows, finished."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from clinicreport.ground.period import Period
from clinicreport.log.inputs import Input
from clinicreport.protocol.in_force import Protocol
from clinicreport.settings.config import DatedChange
from clinicreport.settings.request import Request

if TYPE_CHECKING:
    from clinicreport.ground.frame import Bools, Column, Frame
    from clinicreport.log.courses import Courses
    from clinicreport.log.findings import Finding
    from clinicreport.log.session_log import Located, Log
    from clinicreport.log.visit_table import Visits
    from clinicreport.outcomes.after_course import AfterCourse
    from clinicreport.outcomes.figures import ClinicFigures, ConditionFigures
    from clinicreport.outcomes.finding_life import FindingLife


class Checked(NamedTuple):
    """The first half of the path: everything read, every rule asked."""

    request: Request
    log: Log
    courses: Courses
    inputs: tuple[Input, ...]
    findings: tuple[Finding, ...]
    located: tuple[Located, ...]  # the same and those out of scope, each with its place
    repeated: tuple[str, ...] = ()  # inputs whose content was read already


class Analysis(NamedTuple):
    """Everything the report shows, finished: nothing is computed while writing.

    ``sessions``: the courses' visits (``cid`` is that of one's course in ``courses``), and of each
    its ``file``, ``sheet``, ``cell`` (of the score before the session) and ``course`` (its number,
    None where the visit belongs to none).

    ``courses``: one row a course in scope, sorted by patient and course. Columns: ``cid``, those of
    the JSON's ``courses`` (dates as datetime64; True, False or None), then ``clinic``,
    ``latest_date``, ``is_latest`` (the patient's latest course in scope: what the clinic figures
    use), ``in_reference_population`` (bool).

    ``weeks``: one row a course and week up to its last treatment, of the courses whose days are
    known. Columns: ``patient``,
    ``clinic``, ``course``, ``week`` (from 0), ``days`` (treatment days), ``judged`` (bool),
    ``low``, ``high`` (the band), ``in_band`` (bool).

    ``by_week``: mean NRS by week of course over evaluable patients, see :func:`series.by_week`.

    ``after_course``: how long responses last, a row a day on which somebody relapsed or was seen
    last.

    ``clinic``: the JSON's ``clinic`` object, typed. ``month_courses``: whom each month's own
    report counts, see :mod:`month_courses`. ``changes``: what the clinic changed, by day.
    """

    protocol: Protocol
    run_day: date
    as_of: date | None
    period: Period | None
    clinic_name: str
    settings: tuple[tuple[str, str], ...]  # what was used and where it came from, in words
    inputs: tuple[Input, ...]
    findings: tuple[Finding, ...]
    sessions: Visits
    courses: Frame
    weeks: Frame
    by_week: Frame
    after_course: tuple[AfterCourse, ...]
    clinic: ClinicFigures
    month_courses: Frame
    changes: tuple[DatedChange, ...] = ()
    by_clinic: tuple[ConditionFigures, ...] = ()  # where the log names two or more
    restated: tuple[str, ...] = ()  # what differs from an earlier report, in words
    logo: Path | None = None
    life: FindingLife | None = None  # of the findings, where an earlier report is known

    @property
    def latest(self) -> Frame:
        """The patients' latest courses in scope."""
        return self.courses.where(self.courses["is_latest"])

    @property
    def evaluable(self) -> Frame:
        """Those of them that can be evaluated."""
        from clinicreport.ground.frame import missing

        latest = self.latest
        return latest.where(missing(latest["not_evaluable"]))


def evaluate(checked: Checked) -> Analysis:
    """The second half: outcomes of the courses, figures of the clinic."""
    from clinicreport.ground.frame import lasts, sorted_by
    from clinicreport.outcomes.after_course import after_course
    from clinicreport.outcomes.clinic_figures import by_condition, clinic_figures
    from clinicreport.outcomes.course_outcomes import course_outcomes
    from clinicreport.outcomes.month_courses import month_courses, to_the_months_end
    from clinicreport.outcomes.series import by_week
    from clinicreport.outcomes.trend import trend, trend_limits

    request, log, courses = checked.request, checked.log, checked.courses
    protocol = request.protocol
    outcomes = course_outcomes(courses, protocol)
    outcomes = outcomes.where(outcomes["in_scope"])
    outcomes = outcomes.assign(
        is_latest=lasts(courses.table["who"][outcomes["cid"]]),
        in_reference_population=_in_population(outcomes["condition"], protocol),
    )
    by_month = month_courses(to_the_months_end(log, courses, protocol))
    months, changes = trend(courses, by_month), request.config.changes
    limits = trend_limits(months, [change.day for change in changes if change.rebase])
    latest = outcomes.where(outcomes["is_latest"])
    named = set(latest["clinic"].tolist())
    sites = by_condition(latest, "clinic") if len(named) > 1 else ()
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
        courses=outcomes.take(
            sorted_by(outcomes["clinic"], outcomes["patient"], outcomes["course"])
        ),
        weeks=_weeks(courses),
        by_week=by_week(courses, outcomes),
        after_course=after_course(courses, latest),
        clinic=clinic_figures(log, courses, outcomes, protocol, months, limits),
        month_courses=by_month,
        changes=tuple(changes),
        by_clinic=sites if len(sites) > 1 else (),
        logo=request.folder / request.config.logo if request.config.logo else None,
    )


def _in_population(conditions: Column, protocol: Protocol) -> Bools:
    """For each course, whether it may stand beside the reference arms."""
    import numpy as np

    from clinicreport.ground.frame import codes

    number, written = codes(conditions)
    told = [*map(protocol.in_reference_population, written), False]
    return np.array(told, dtype=bool)[number]  # number -1 (no condition) is the last


def _sessions(log: Log, courses: Courses) -> Visits:
    """The visits up to the as-of day, each with its source and its course."""
    import numpy as np

    from clinicreport.log.visit_table import Visits

    visits = courses.visits.frame
    cid = courses.visits.whole("cid")
    known = cid >= 0
    number = np.full(len(visits), None, dtype=object)
    number[known] = courses.table["course"][cid[known]]
    source = visits["source"]
    letters = [entry.cell("nrs_before", 0)[:-1] for entry in log.sources]
    rows = zip(source.tolist(), visits["row"].tolist(), strict=True)
    cells = [f"{letters[at]}{row}" for at, row in rows]
    files = np.array([entry.file for entry in log.sources] or [""], dtype=object)
    sheets = np.array([entry.sheet for entry in log.sources] or [""], dtype=object)
    return Visits(
        visits.assign(course=number, file=files[source], cell=cells, sheet=sheets[source])
    )


def _weeks(courses: Courses) -> Frame:
    """The weeks of the courses in scope whose days are known, with patient and course number."""
    table, weeks = courses.table, courses.weeks
    shown = table["in_scope"] & table["days_known"]
    weeks = weeks.where(shown[weeks["cid"]])
    own = table.select("patient", "clinic", "course").take(weeks["cid"])
    return weeks.assign(**{name: own[name] for name in own.names})
