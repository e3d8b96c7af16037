"""A finding's id: the same in every run for the same matter, wherever its row has moved to."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clinicreport.ground.frame import Frame
    from clinicreport.log.findings import Finding
    from clinicreport.log.session_log import Located, Log


_SPAN = 10_000_000  # more rows than a sheet has: source and row in one number
LENGTH = 15  # hexadecimal digits: with a million findings two are alike in one run of two million


def days_of(located: Iterable[Located], log: Log) -> list[str]:
    """For each finding its visit's day as ISO text; empty where it stands on no used row."""
    places = [(item.source, item.row) for item in located]
    found = visits_at(places, log)
    texts = found["date"].astype("datetime64[D]").astype(str).tolist()
    rows = zip(found["source"].tolist(), found["row"].tolist(), texts, strict=True)
    days = {(at, row): day for at, row, day in rows}
    return [days.get((at, row), "") if at is not None and row else "" for at, row in places]


def visits_at(places: Iterable[tuple[int | None, int | None]], log: Log) -> Frame:
    """The used visits at these places (source and row), and any others of the same rows."""
    import numpy as np

    wanted = [at * _SPAN + row for at, row in places if at is not None and row]
    visits = log.visits
    return visits.where(np.isin(visits["source"] * _SPAN + visits["row"], wanted))


def finding_ids(located: Sequence[Located], log: Log) -> list[str]:
    """An id for each finding, from its rule, patient (or file and sheet), day (or what stood in
    the cell) and field; of several alike the second and later ones carry their number too.

    A letter stands first, so that no spreadsheet takes an id for a number.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    ids = []
    for item, day in zip(located, days_of(located, log), strict=True):
        matter = _matter(item.finding, day)
        seen[matter] += 1
        ids.append(digest(*matter, *([str(seen[matter])] if seen[matter] > 1 else [])))
    return ids


def _matter(found: Finding, day: str) -> tuple[str, ...]:
    who = (found.patient, found.clinic or "") if found.patient else (found.file, found.sheet)
    about = found.matter or day or str(found.value if found.value is not None else "")
    return (found.rule, *who, about, found.field or "")


def digest(*parts: str) -> str:
    """A short name made of these parts."""
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return f"f{hashlib.sha256(text).hexdigest()[:LENGTH]}"
