"""A clock that cannot be right: one that is behind stops the work, one far ahead is asked about.

A clock that is behind would leave visits out of reports that were right. A clock that was ahead
for a while mends itself (:mod:`clinicreport.folder.ahead`), so its records alone stop nothing.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from clinicreport.ground.errors import OutputError

if TYPE_CHECKING:
    from clinicreport.folder.ledger import Ledger
    from clinicreport.folder.open_folder import OpenFolder
    from clinicreport.settings.request import Request

SLACK = timedelta(days=2)  # by which a clock may lie behind the last record: zones, corrections
LONG = timedelta(days=60)  # after which nobody would have worked, with no log of that time


def check_clock(clinic: OpenFolder) -> None:
    """Raises OutputError where the clock is behind; nothing was done then."""
    if said := behind(clinic.ledger, clinic.request):
        raise OutputError(said)
    if said := far_ahead(clinic.ledger, clinic.request):
        clinic.log.warning("%s", said)


def behind(ledger: Ledger, request: Request) -> str:
    """Why the clock cannot be right, and what to do; empty where it can be, or a day was named."""
    if request.day_given:
        return ""
    visits, work = _newest_month(ledger), _last_work(ledger)
    if visits and request.today < visits:
        known = f"most visits of a log that is counted are of {visits:%Y-%m}"
    elif visits and work and request.today + SLACK < work <= _end(visits) + LONG:
        known = f"the last work in this folder was on {work}"
    else:
        return ""
    return (
        f"this computer's clock says {request.today}, but {known}: nothing was done, and nothing is "
        "lost. Set the clock (time from the network), then run again. If the clock is right, name "
        f"the day once: clinicreport run --today {request.today}"
    )


def far_ahead(ledger: Ledger, request: Request) -> str:
    """The clock lies long after all work and visits: after a long pause, or since it is wrong."""
    visits, work = _newest_month(ledger), _last_work(ledger)
    if not visits or not work or request.today <= max(work, _end(visits)) + LONG:
        return ""
    return (
        f"the clock says {request.today}, long after the last work in this folder ({work}) and the "
        f"newest visits ({visits:%Y-%m}): after a long pause that is so, else the clock is wrong"
    )


def _newest_month(ledger: Ledger) -> date | None:
    """The first day of the newest month that most visits of some counted log lie in."""
    months = [row.month for row in ledger.files_in_force() if row.rows and row.month]
    return date.fromisoformat(f"{max(months)}-01") if months else None


def _end(first: date) -> date:
    """About the last day of a month."""
    return first + timedelta(days=30)


def _last_work(ledger: Ledger) -> date | None:
    """The day of the last record."""
    return next((date.fromisoformat(event.local[:10]) for event in ledger.history(1)), None)
