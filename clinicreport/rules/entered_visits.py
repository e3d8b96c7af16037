"""Rules about how visits were entered."""

from __future__ import annotations

from collections.abc import Iterator

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
    key = ["who", "visit_type", "date", "start_time", "nrs_before", "nrs_after"]
    visits = case.visits[key].sort_index()
    telling = visits[["start_time", "nrs_before", "nrs_after"]].notna().any(axis=1)
    told = visits[telling & visits.duplicated(["who", "date"], keep=False)]
    later = told.duplicated().to_numpy()
    if not later.any():
        return
    first = told.groupby(key, dropna=False, sort=False).ngroup()
    index = told.index.to_numpy()
    originals = dict(zip(first[~later].tolist(), index[~later].tolist(), strict=True))
    details = [case.where(originals[group]) for group in first[later].tolist()]
    yield Hits(case.position[index[later]], "patient_id", detail=details)


def outside_period(case: Case) -> Iterator[Hits]:
    """A visit before the period, in a file most of whose visits lie in it."""
    period = case.courses.period
    if period is None:
        return
    log = case.log.visits
    inside = log["date"].between(pd.Timestamp(period.first), pd.Timestamp(period.last))
    book = case.books[log["source"].to_numpy()]
    mostly = inside.groupby(book).mean().gt(0.5).reindex(range(len(case.books)), fill_value=False)
    own = mostly.to_numpy()[book][case.visits.index.to_numpy()]
    early = (case.visits["date"] < pd.Timestamp(period.first)).to_numpy()
    yield Hits(own & early, "date")
