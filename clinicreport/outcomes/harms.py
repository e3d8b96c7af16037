"""Adverse events of the clinic: over the treatment rows of all courses in scope."""

from __future__ import annotations

from collections import Counter

from clinicreport.ground.frame import distinct, missing
from clinicreport.log.cells import RELATIONS, SEVERITIES
from clinicreport.log.session_log import Log
from clinicreport.log.visit_table import Visits
from clinicreport.outcomes.figures import AdverseEvents
from clinicreport.outcomes.intervals import Interval, bound_of_none, exact_interval


def adverse_events(log: Log, treated: Visits) -> AdverseEvents:
    """Sessions with an event per 100 sessions whose field is completed.

    With no event there is an upper bound; events cluster within patients, so it is a lower limit of
    what can be ruled out.
    """
    with_event = treated.only(treated.events())
    completed, count = int((~missing(treated["adverse_event"])).sum()), len(with_event)
    columns = {name for source in log.sources for name in source.columns}

    def graded(name: str, answers: tuple[str, ...]) -> dict[str, int] | None:
        found = Counter(with_event[name].tolist())
        return {word: found[word] for word in answers} if name in columns else None

    stopped = graded("stopped_for_event", ("yes",))
    return AdverseEvents(
        sessions_with_event=count,
        sessions_completed=completed,
        per_100=100 * count / completed if completed else None,
        per_100_ci=per_100_interval(count, completed),
        patients=len(distinct(with_event["who"])),
        upper_bound_per_100=bound_of_none(completed) if completed and not count else None,
        by_severity=graded("event_severity", tuple(SEVERITIES)),
        related=graded("event_related", tuple(RELATIONS)),
        stopped=None if stopped is None else stopped["yes"],
    )


def per_100_interval(count: int, completed: int) -> Interval | None:
    """The exact 95 % interval, per 100 sessions."""
    ends = exact_interval(count, completed)
    return (100 * ends[0], 100 * ends[1]) if ends else None
