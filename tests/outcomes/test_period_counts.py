"""A month's report counts the month, beside the whole courses."""

import datetime as dt

import report_data as data

from clinicreport.ground.period import Period
from clinicreport.outcomes.period_counts import PeriodCounts, period_counts

ROWS = [
    data.visit("A", 0, 7.0, adverse_event="none"),
    data.visit("A", 40, 5.0, adverse_event="warmth"),
    data.visit("A", 41, 5.0),
    data.visit("B", 40, 6.0, adverse_event="none"),
    data.visit("B", 70, 6.0, visit_type="follow-up"),
    data.visit("C", 2, 6.0, adverse_event="rash"),
]


def test_only_the_treatments_of_the_period_count() -> None:
    whole = data.from_rows(ROWS, today="2027-06-01")
    assert period_counts(whole) is None
    days = sorted(set(whole.sessions["date"].astype("datetime64[D]").tolist()))
    second = Period(days[2], days[-2], "")  # from A's second treatment to the last one
    assert period_counts(whole._replace(period=second)) == PeriodCounts(3, 2, 1, 2)
    after = Period(days[-1] + dt.timedelta(days=1), days[-1] + dt.timedelta(days=9), "")
    assert period_counts(whole._replace(period=after)) == PeriodCounts(0, 0, 0, 0)
