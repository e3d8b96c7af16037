"""The period that a report is about."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from clinicreport.ground.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Days = npt.NDArray[np.datetime64]


class Period(NamedTuple):
    """A stretch of days, both ends included; ``text`` as it is written."""

    first: date
    last: date
    text: str

    def holds(self, dates: Days) -> bool:
        """Whether one of the days lies in it (datetime64)."""
        return bool(self.inside(dates).any())

    def inside(self, dates: Days) -> npt.NDArray[np.bool_]:
        """Which of the days (datetime64) lie in it."""
        import numpy as np

        days = dates.astype("datetime64[D]")
        return np.asarray((days >= np.datetime64(self.first)) & (days <= np.datetime64(self.last)))


def months_of(dates: Days) -> tuple[str, ...]:
    """The months that days (datetime64) lie in, as in "2026-10", in order."""
    return tuple(sorted(set(dates.astype("datetime64[M]").astype(str).tolist())))


def no_visit_in(period: Period, months: Sequence[str]) -> str:
    """What to say where a period holds no visit, though these months do."""
    return (
        f"no visit lies in the period {period.text}; the logs hold {', '.join(months)}. "
        "Give one of these after --period"
    )


def parse_period(text: str) -> Period:
    """``2026-10`` or ``2026-10-05..2026-10-20``. Raises UsageError for anything else."""
    month = re.fullmatch(r"(\d{4})-(\d{2})", text.strip())
    days = re.fullmatch(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", text.strip())
    try:
        if month:
            year, number = int(month.group(1)), int(month.group(2))
            last = calendar.monthrange(year, number)[1]
            return Period(date(year, number, 1), date(year, number, last), month.group(0))
        if days:
            first, end = (date.fromisoformat(part) for part in days.groups())
            if first <= end:
                return Period(first, end, days.group(0))
            raise UsageError(f"period {text}: its first day is after its last")
    except ValueError as error:
        raise UsageError(f"period {text}: there is no such month or day") from error
    raise UsageError(f"period {text!r}: write it as 2026-10 or 2026-10-05..2026-10-20")
