"""Mean pain by week of course."""

from __future__ import annotations

import numpy as np
import pandas as pd

from clinicreport.log.courses import Courses
from clinicreport.outcomes.intervals import mean_interval

FEW = 5  # patients in a week; under this it is drawn hollow, and without an interval
SAME_WEEKS = (1, 2, 3)  # "the same patients" have a score in each of these


def by_week(courses: Courses, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Mean NRS by week of course over the evaluable patients' latest courses.

    ``group``: "attending" (whoever has a score in the week), "same" (those who have one in each of
    the first three weeks), or "reference" (those attending of the reference trial's population);
    ``week``: 0 is the baseline, k the k-th week without the baseline score (each patient's own
    mean there first); ``n``, ``mean``, ``low``, ``high`` (95 % t interval, missing for fewer than
    two patients and where all are alike).
    """
    chosen = outcomes[outcomes["is_latest"] & outcomes["not_evaluable"].isna()]
    visits = courses.visits
    later = (visits.whole("nth") > 0) & np.isin(visits.whole("cid"), chosen.index)
    weekly = (
        visits.only(later)
        .frame.groupby(["cid", "week"])["nrs_before"]
        .mean()
        .dropna()
        .reset_index()
    )
    weekly["week"] += 1
    start = pd.DataFrame({"cid": chosen.index, "week": 0, "nrs_before": chosen["baseline"]})
    scores = pd.concat([start, weekly], ignore_index=True)
    counted = weekly[weekly["week"].isin(SAME_WEEKS)].groupby("cid").size()
    groups = {
        "attending": chosen.index,
        "same": counted.index[counted == len(SAME_WEEKS)],
        "reference": chosen.index[chosen["in_reference_population"].astype(bool)],
    }
    rows = []
    week, score = scores["week"].to_numpy(dtype=int), scores["nrs_before"].to_numpy(dtype=float)
    for name, members in groups.items():
        own = scores["cid"].isin(members).to_numpy()
        for number in np.unique(week[own]).tolist():
            values = score[own & (week == number)]
            low, high = mean_interval(values) or (np.nan, np.nan)
            rows.append((name, number, len(values), float(values.mean()), low, high))
    return pd.DataFrame(rows, columns=["group", "week", "n", "mean", "low", "high"])
