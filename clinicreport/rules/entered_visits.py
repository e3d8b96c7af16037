"""Rules about how visits were entered."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import numpy as np
import pandas as pd

from clinicreport.rules.case import Case, Hits


def missing_score(case: Case) -> Iterator[Hits]:
    """A treatment or follow-up without a score before the session.

    A cell that holds something unreadable has a finding of its own and none here.
    """
    visits = case.visits
    scored = case.treatment | visits["follow_up"].to_numpy()
    empty = visits["nrs_before"].isna().to_numpy() & ~case.unusable("nrs_before")
    yield Hits(scored & empty, "nrs_before")


def duplicate_row(case: Case) -> Iterator[Hits]:
    """The same patient, kind of visit, day, start time and scores as in an earlier row.

    Rows without a time and without any score are no evidence and are passed over.
    """
    visits = case.visits.sort_index()
    key = ["who", "visit_type", "date", "start_time", "nrs_before", "nrs_after"]
    telling = visits[["start_time", "nrs_before", "nrs_after"]].notna().any(axis=1)
    told = visits.loc[telling, key]
    later = told.duplicated().to_numpy()
    if not later.any():
        return
    first = told.groupby(key, dropna=False, sort=False).ngroup()
    index = told.index.to_numpy()
    originals = dict(zip(first[~later].tolist(), index[~later].tolist(), strict=True))
    position = pd.Series(np.arange(len(case.visits)), index=case.visits.index)
    hit = index[later]
    details = [_where(case, originals[group]) for group in first[later].tolist()]
    yield Hits(position.loc[hit].to_numpy(), "patient_id", detail=details)


def _where(case: Case, index: int) -> str:
    spot = case.log.spot(index, "patient_id")
    sheet = f", sheet {spot.sheet}" if spot.sheet else ""
    return f"{spot.file}{sheet}, row {spot.row}"


def similar_patient_id(case: Case) -> Iterator[Hits]:
    """Ids that differ only in case, spaces, leading zeros or a ".0": perhaps one person."""
    visits = case.visits.sort_index()
    firsts = visits.drop_duplicates("who")
    seen: dict[tuple[str | None, str], list[str]] = {}
    at: list[int] = []
    details: list[str] = []
    for index, patient, clinic in zip(
        firsts.index.tolist(), firsts["patient_id"], firsts["clinic"], strict=True
    ):
        earlier = seen.setdefault((clinic, similar_key(patient)), [])
        unsettled = [other for other in earlier if not case.log.settled(patient, other)]
        if unsettled:
            at.append(index)
            details.append(unsettled[0])
        earlier.append(patient)
    position = pd.Series(np.arange(len(case.visits)), index=case.visits.index)
    yield Hits(position.loc[at].to_numpy(dtype=np.intp), "patient_id", detail=details)


def similar_key(patient: str) -> str:
    """What remains of an id when the usual slips of typing are taken away."""
    text = unicodedata.normalize("NFKC", patient).casefold()
    text = re.sub(r"\s+", "", text)
    return text.removesuffix(".0").lstrip("0") or "0"


def outside_period(case: Case) -> Iterator[Hits]:
    """A visit before the period, in a file most of whose visits lie in it."""
    period = case.courses.period
    if period is None:
        return
    log = case.log.visits
    inside = log["date"].between(pd.Timestamp(period.first), pd.Timestamp(period.last))
    books = [(source.file, source.sha256) for source in case.log.sources]
    number = {book: n for n, book in enumerate(dict.fromkeys(books))}
    book = np.array([number[b] for b in books], dtype=np.int64)[log["source"].to_numpy()]
    mostly = inside.groupby(book).mean().gt(0.5).reindex(range(len(number)), fill_value=False)
    own = mostly.to_numpy()[book][case.visits.index.to_numpy()]
    early = (case.visits["date"] < pd.Timestamp(period.first)).to_numpy()
    yield Hits(own & early, "date")
