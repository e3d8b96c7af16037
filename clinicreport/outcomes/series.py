"""Figures over time: by week of course, by month, and how long a response lasts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from clinicreport.log.courses import Courses
from clinicreport.log.exact import at_least_zero
from clinicreport.outcomes.figures import MonthFigures, SustainedStep, TrendLimits
from clinicreport.outcomes.intervals import mean_interval, product_limit

FEW = 5  # patients in a week; under this its interval would say nothing
TRIAL_LIMITS = 12  # months; fewer points give limits that are called trial limits


def by_week(courses: Courses, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Mean NRS by week of course over the evaluable patients' latest courses.

    ``group``: "all", or "reference" for patients of the reference trial's population; ``week``: 0
    is the baseline, k the k-th week without the baseline score (each patient's own mean there
    first); ``n``, ``mean``, ``low``, ``high`` (95 % t interval, missing
    for fewer than 5 patients).
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
    reference = chosen.index[chosen["in_reference_population"].astype(bool)]
    groups = [("all", scores), ("reference", scores[scores["cid"].isin(reference)])]
    rows = []
    for name, group in groups:
        for week, values in group.groupby("week")["nrs_before"]:
            interval = mean_interval(values.to_numpy()) if len(values) >= FEW else None
            low, high = interval or (np.nan, np.nan)
            rows.append((name, week, len(values), float(values.mean()), low, high))
    return pd.DataFrame(rows, columns=["group", "week", "n", "mean", "low", "high"])


def trend(outcomes: pd.DataFrame) -> tuple[MonthFigures, ...]:
    """Month by month: the evaluable courses whose latest score falls in the month."""
    scored = outcomes[outcomes["not_evaluable"].isna()]
    months = scored["latest_date"].dt.strftime("%Y-%m")
    return tuple(
        MonthFigures(
            month=str(month),
            n=len(group),
            mean_reduction=float(group["reduction"].mean()),
            responder_30=float(group["responder_30"].isin([True]).mean()),
        )
        for month, group in scored.groupby(months)
    )


def trend_limits(months: Sequence[MonthFigures]) -> TrendLimits | None:
    """XmR limits of the monthly mean reduction: mean ± 2.66 · mean moving range."""
    if len(months) < 2:
        return None
    values = np.array([month.mean_reduction for month in months])
    reach = 2.66 * float(np.abs(np.diff(values)).mean())
    mean = float(values.mean())
    return TrendLimits(
        mean=mean,
        low=mean - reach,
        high=mean + reach,
        kind="process limits" if len(months) >= TRIAL_LIMITS else "trial limits",
    )


def sustained_response(courses: Courses, latest: pd.DataFrame) -> tuple[SustainedStep, ...]:
    """Kaplan-Meier of the response among 30 % responders with a follow-up.

    Origin: the last treatment; event: the first follow-up under 30 %; censored at the last
    follow-up.
    """
    followed = latest[latest["responder_30"].isin([True]) & latest["follow_up_days"].notna()]
    if followed.empty:
        return ()
    visits = courses.visits
    scores = visits.only(
        visits["follow_up"] & visits["nrs_before"].notna() & visits["cid"].isin(followed.index)
    )
    since = scores["day"] - courses.table["last_day"].reindex(scores["cid"]).to_numpy()
    start = followed["baseline"].reindex(scores["cid"]).to_numpy()
    holds = at_least_zero((7, start), (-10, scores.numbers("nrs_before")))
    late = (since >= courses.follow_up_days).to_numpy()
    lost = since[late & ~holds].groupby(scores["cid"]).min()
    censored = followed.loc[~followed.index.isin(lost.index), "follow_up_days"]
    steps = product_limit(lost.tolist(), censored.tolist())
    return tuple(SustainedStep(int(day), at_risk, share) for day, at_risk, share in steps)
