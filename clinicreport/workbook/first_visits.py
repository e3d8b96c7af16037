"""A log as it would be read, in a few lines: its first visits, its counts, what is in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from clinicreport.ground.rounding import fixed, written
from clinicreport.ground.unsafe_text import on_screen
from clinicreport.log.fields import SCORES, as_written
from clinicreport.workbook.words import day

if TYPE_CHECKING:
    from clinicreport.log.session_log import Log

FIRST_VISITS = 3


def came_of(log: Log) -> Iterator[str]:
    """The first visits as read, the counts, and for each file that cannot be read the reason."""
    from clinicreport.ground.frame import known

    visits = log.visits
    for visit in visits.take(slice(FIRST_VISITS)).rows():
        yield _visit(visit)
    rows = sum(source.rows for source in log.sources)
    if rows:
        scores = known(visits["nrs_before"])
        before = f", mean before {fixed(scores.mean(), 1)}" if len(scores) else ""
        used = sum(source.used for source in log.sources)
        patients = len(set(visits["patient_id"].tolist()))
        yield f"{rows} rows in, {used} used, {rows - used} set aside; {patients} patients{before}"
    for source in log.sources:
        if source.reason:
            yield f"Cannot be read yet: {source.reason}"


def _visit(one: Mapping[str, Any]) -> str:
    said = []
    for name, word in zip(SCORES, ("before", "after"), strict=True):
        if one[name] == one[name]:
            own = one.get(as_written(name))
            in_cell = f" ({on_screen(str(own))})" if own is not None and own == own else ""  # noqa: PLR0124
            said.append(f"{word} {written(float(one[name]))}{in_cell}")
    return f"{on_screen(str(one['patient_id']))}  {day(one['date'])}  {', '.join(said)}"
