"""The visits in the order of the Sessions sheet, and what each counts as."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from clinicreport.workbook.page import BEFORE_DAY_1
from clinicreport.workbook.words import missing

if TYPE_CHECKING:
    import pandas as pd

    from clinicreport.log.visit_table import Visits

Key = tuple[str, str]  # patient, clinic ("" where the log has no such column)

NO_EVENT = {"none", "no", "nil", "0"}


def patient_key(patient: Any, clinic: Any) -> Key:
    """What tells patients apart."""
    return str(patient), "" if missing(clinic) else str(clinic)


def listed(column: pd.Series[Any]) -> list[Any]:
    """A column's values as Python has them, None where one is missing."""
    if column.dtype.kind == "M":
        return list(column.to_numpy("datetime64[us]").tolist())
    values, gone = list(column.tolist()), column.isna().to_numpy()
    if not gone.any():
        return values
    return [None if missed else value for value, missed in zip(values, gone.tolist(), strict=True)]


def days(dates: pd.Series[Any]) -> list[int]:
    """Dates as a workbook counts days."""
    import numpy as np

    first = np.datetime64(date.fromordinal(BEFORE_DAY_1))
    return list((dates.to_numpy("datetime64[D]") - first).astype(int).tolist())


def ordered(visits: Visits, serials: dict[Key, int]) -> pd.DataFrame:
    """A patient's, and in it a course's, visits one below the other; in each as they stand."""
    import numpy as np

    sessions = visits.frame
    numbers, names = _serials(sessions, serials)
    course = sessions["course"].to_numpy(float, na_value=np.nan)
    order = np.lexsort((course, names, numbers))  # stable: the visits' order is kept
    placed = sessions.assign(serial=numbers).take(order).reset_index(drop=True)
    return placed.assign(counted=_counted(placed), event=_events(placed))


def _serials(sessions: pd.DataFrame, serials: dict[Key, int]) -> tuple[Any, Any]:
    """For each visit the patient's number, and one that sorts by name those who have none."""
    import numpy as np
    import pandas as pd

    patients, names = pd.factorize(sessions["patient_id"], sort=True)
    sites = pd.Series(None, sessions.index, dtype=object)
    codes, labels = pd.factorize(sessions.get("clinic", sites), use_na_sentinel=False)
    pairs, each = np.unique(patients * (len(labels) or 1) + codes, return_inverse=True)
    unknown = len(serials) + 1  # patients who never started a course stand last
    found = [
        serials.get(patient_key(names[pair // len(labels)], labels[pair % len(labels)]), unknown)
        for pair in pairs.tolist()
    ]
    return np.array(found, dtype=int)[each], patients


def _counted(sessions: pd.DataFrame) -> list[str]:
    columns = zip(
        listed(sessions["visit_type"]),
        sessions["course"].isna().tolist(),
        sessions["in_scope"].tolist(),
        strict=True,
    )
    return [counted(*values) for values in columns]


def _events(sessions: pd.DataFrame) -> list[str]:
    kinds, texts = listed(sessions["visit_type"]), listed(sessions["adverse_event"])
    return [event(*pair) for pair in zip(kinds, texts, strict=True)]


@lru_cache
def counted(visit_type: str, outside: bool, in_scope: bool) -> str:  # noqa: FBT001
    """Whether a visit is a session of the figures, and if not, why; ``outside``: of any course."""
    if visit_type == "not-attended":
        return "no: not attended"
    if outside:
        return "no: in no course"
    if not in_scope:
        return "no: before the period"
    return "yes" if visit_type == "treatment" else "score only"


@lru_cache
def event(visit_type: str, text: str | None) -> str:
    """What a treatment row says about adverse events; blank is never "none"."""
    if visit_type != "treatment":
        return "not a session"
    if text is None:
        return "not documented"
    return "none" if text.strip().casefold() in NO_EVENT else "event"
