"""The path in one function, and what comes out of it: :class:`Analysis`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from clinicreport.findings import Finding
    from clinicreport.protocol import Protocol


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included; ``text`` as the user wrote it."""

    first: date
    last: date
    text: str


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
    ``file``, ``sheet``, ``row`` (in the spreadsheet, from 1), ``course`` (Int64, missing where it
    belongs to none), ``in_scope`` (bool), ``day`` (days since the course's day 0), ``week`` (from 0).

    ``courses``: one row a course in scope, sorted by patient and course. Columns: those of the
    JSON's ``courses`` (dates as datetime64, booleans as nullable), then ``clinic``,
    ``latest_date``, ``is_latest`` (the patient's latest course in scope: what the clinic figures
    use), ``in_reference_population`` (bool).

    ``weeks``: one row a course and week up to its last treatment. Columns: ``patient``,
    ``clinic``, ``course``, ``week`` (from 0), ``days`` (treatment days), ``judged`` (bool),
    ``low``, ``high`` (the band), ``in_band`` (bool).

    ``by_week``: mean NRS by week of course over evaluable patients. Columns: ``group`` ("all", or
    "reference" for the patients who match the reference trial's population), ``week`` (0 is the
    baseline; k is the k-th week of the course without the baseline score, each patient's mean),
    ``n``, ``mean``, ``low``, ``high`` (95 % t interval, missing for n < 2).

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
