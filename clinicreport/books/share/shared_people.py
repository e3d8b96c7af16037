"""Who stands behind a shared figure: for each patient fingerprints of what the counts rest on.

Nothing but fingerprints leaves this module: no id, no day, no score. Two versions are compared by
them, see :mod:`clinicreport.books.share.differencing`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from clinicreport.books.share.conditions import known
from clinicreport.outcomes.person import Person
from clinicreport.workbook.words import missing

if TYPE_CHECKING:
    from clinicreport.ground.frame import Column, Frame
    from clinicreport.outcomes.analysis import Analysis

OUTCOME = (  # of the patient's latest course; what is made of scores too, since limits can change
    "day_0",
    "baseline",
    "latest",
    "latest_date",
    "responder_30",
    "responder_50",
    "mcid",
    "response",
    "not_evaluable",
    "confirmed_30",
    "confirmed_50",
    "confirmed_mcid",
    "follow_up_score",
    "change_before",
    "durability",
)
STATUS = ("day_0", "last_treatment", "status")
SESSION = ("date", "visit_type", "adverse_event", "event_severity")  # where the log has it
VISIT = (*SESSION, "nrs_before", "nrs_after", "duration")
Key = tuple[str, str]  # patient, clinic


def people_of(analysis: Analysis) -> tuple[Person, ...]:
    """Everybody whom the figures count, in no order that tells anything."""
    latest = analysis.latest
    visits, every = _visits(analysis.sessions.frame)
    frame = latest.assign(condition=[known(name) for name in latest["condition"].tolist()])
    outcomes = _lines(frame, (*OUTCOME, "condition"))
    statuses = _lines(frame, STATUS)
    keys = zip(_texts(latest["patient"]), _texts(latest["clinic"]), strict=True)
    rest = frame.select("condition", "not_evaluable", "low_baseline").rows()
    found = [
        Person(
            fingerprint(f"{key}{outcome}"),
            fingerprint(f"{key}{status}"),
            visits.get(key, ""),
            every.pop(key, ""),
            str(own["condition"]) if missing(own["not_evaluable"]) else "",
            low=bool(own["low_baseline"]),
        )
        for key, outcome, status, own in zip(keys, outcomes, statuses, rest, strict=True)
    ]
    found += [Person("", "", visits.get(key, ""), own, "", low=False) for key, own in every.items()]
    return tuple(sorted(found, key=lambda one: (one.outcome, one.log, one.status)))


def fingerprint(text: str) -> str:
    """16 hexadecimal digits that stand for a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _visits(frame: Frame) -> tuple[dict[Key, str], dict[Key, str]]:
    """Patient and clinic -> the fingerprint of their sessions in scope, and of all their visits.

    That of all visits is of values alone: whoever is only called otherwise did not change.
    """
    sessions, visits = (
        _lines(frame, [name for name in names if name in frame]) for names in (SESSION, VISIT)
    )
    inside: dict[Key, list[str]] = {}
    every: dict[Key, list[str]] = {}
    keys = zip(_texts(frame["patient_id"]), _texts(frame["clinic"]), strict=True)
    rows = zip(keys, sessions, visits, frame["in_scope"].tolist(), strict=True)
    for key, session, visit, in_scope in rows:
        every.setdefault(key, []).append(visit)
        if in_scope:
            inside.setdefault(key, [str(key)]).append(session)
    return _printed(inside), _printed(every)


def _printed(told: dict[Key, list[str]]) -> dict[Key, str]:
    return {key: fingerprint("\n".join(sorted(lines))) for key, lines in told.items()}


def _lines(frame: Frame, names: Iterable[str]) -> list[str]:
    """A text for each row: the same values give the same text, whatever nothing is written as."""
    columns = [_texts(frame[name]) for name in names]
    return ["\t".join(row) for row in zip(*columns, strict=True)] if columns else [""] * len(frame)


def _texts(column: Column) -> list[str]:
    if column.dtype.kind == "M":
        return list(column.astype("datetime64[D]").astype(str).tolist())
    return ["" if missing(value) else str(value) for value in column.tolist()]
