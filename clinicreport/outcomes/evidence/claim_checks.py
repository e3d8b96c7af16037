"""How a log is asked: one function a claim, its docstring the test in words.

Fewer patients than ``enough_patients``, or an interval that spans both answers, is "cannot tell".
"""

from __future__ import annotations

from collections.abc import Callable

from clinicreport.outcomes.analysis import Analysis
from clinicreport.outcomes.evidence.answers import (
    EventsFound,
    Found,
    MeanFound,
    MedicationFound,
    NotCompared,
    Verdict,
)
from clinicreport.outcomes.evidence.claims import Evidence
from clinicreport.outcomes.evidence.opioids import uses_opioid
from clinicreport.outcomes.evidence.verdicts import (
    above_zero,
    against,
    both_ends,
    course_visits,
    half_or_more,
    not_recorded,
    of_population,
    patients_of,
    too_few,
)
from clinicreport.outcomes.intervals import bound_of_none, mean_interval, rate_interval


def drop(analysis: Analysis, evidence: Evidence) -> Found:
    """Mean reduction in points of the evaluable patients of the trial's population against the
    trial's 3.9 points: consistent at 3.9 or more; not consistent where the whole 95 % t interval
    lies under it."""
    own, few = of_population(analysis, evidence)
    if few:
        return few
    reduction = own["reduction"].astype(float).to_numpy()
    mean = float(reduction.mean())
    low, high = mean_interval(reduction) or (mean, mean)
    start, end = own["baseline"].astype(float).mean(), own["latest"].astype(float).mean()
    verdict = against(mean, high, evidence.drop_points)
    return MeanFound(verdict, len(own), mean, low, high, start, end)


def half(analysis: Analysis, evidence: Evidence) -> Found:
    """Share of the evaluable patients of the trial's population whose pain at least halved, against
    one half: consistent where half of them or more did; not consistent where the whole 95 % Wilson
    interval lies under one half."""
    own, few = of_population(analysis, evidence)
    if few:
        return few
    count = int((own["responder_50"] == True).sum())  # noqa: E712
    median = float(own["percent_reduction"].astype(float).median())
    return half_or_more(count, len(own), median)


def no_adverse_effects(analysis: Analysis, evidence: Evidence) -> Found:
    """Not consistent with one event or more on any visit. Without one: consistent where enough
    patients and enough of the sessions have the field filled in, with the 95 % upper bound."""
    visits = analysis.sessions.only(analysis.sessions.flags("in_scope"))
    treated = visits.only(visits.flags("treatment"))
    filled = treated.only(treated["adverse_event"].notna())
    written = visits.only(visits.events())
    if len(written):
        who = len(patients_of(written))
        return EventsFound("not consistent", who, len(written), len(filled), len(treated))
    patients = len(patients_of(filled))
    if few := not_recorded(patients, evidence):
        return few
    if len(filled) / len(treated) < evidence.documented_share:
        return EventsFound("cannot tell", patients, 0, len(filled), len(treated))
    bound = bound_of_none(len(filled))
    return EventsFound("consistent", patients, 0, len(filled), len(treated), bound)


def benefit_by_week_4(analysis: Analysis, evidence: Evidence) -> Found:
    """Share of the evaluable patients with a score on or after day 28 who had 30 % less pain by
    day 28, against one half."""
    own = analysis.evaluable
    days = (own["latest_date"] - own["day_0"]).dt.days
    own = own[days >= evidence.week_4_day]
    if few := too_few(len(own), evidence):
        return few
    count = int((own["days_to_30"].astype(float) <= evidence.week_4_day).sum())
    return half_or_more(count, len(own))


def relief_in_first_sessions(analysis: Analysis, evidence: Evidence) -> Found:
    """Mean immediate relief (before minus after) of the first three sessions of each patient's
    latest course: consistent where the whole 95 % t interval lies above 0, not consistent where it
    lies at or under 0."""
    treated = course_visits(analysis, ["treatment"]).frame
    first = treated.groupby("cid", sort=False).head(evidence.first_sessions)
    relief = (first["nrs_before"].astype(float) - first["nrs_after"].astype(float)).dropna()
    each = relief.groupby(first["cid"]).mean()
    return not_recorded(len(each), evidence) or above_zero(each.to_numpy())


def compared(analysis: Analysis, evidence: Evidence) -> Found:  # noqa: ARG001
    """A comparison with another treatment: never to be told from a log of one treatment."""
    return NotCompared("cannot tell", 0)


def less_opioid_use(analysis: Analysis, evidence: Evidence) -> Found:
    """Patients whose medication is recorded on day 0 and again later in the course: how many
    stopped taking an opioid and how many began. Consistent where the 95 % Wilson interval of
    stopped / (stopped + began) lies above one half, not consistent where it lies under it."""
    ends = both_ends(analysis, "medication")
    if few := not_recorded(len(ends), evidence):
        return few
    terms = tuple(evidence.opioids)
    start = ends["first"].map(lambda text: uses_opioid(text, terms)).to_numpy(dtype=bool)
    end = ends["last"].map(lambda text: uses_opioid(text, terms)).to_numpy(dtype=bool)
    stopped, began = int((start & ~end).sum()), int((~start & end).sum())
    low, high = rate_interval(stopped, stopped + began) or (0.0, 1.0)
    verdict: Verdict = "cannot tell"
    if low > 0.5:
        verdict = "consistent"
    elif high < 0.5:
        verdict = "not consistent"
    return MedicationFound(verdict, len(ends), int(start.sum()), int(end.sum()), stopped, began)


def better_mobility(analysis: Analysis, evidence: Evidence) -> Found:
    """Mean change in trunk flexion (cm, more is better) from day 0 to the last record of the
    course: consistent where the whole 95 % t interval lies above 0, not consistent where it lies
    at or under 0."""
    ends = both_ends(analysis, "mobility")
    change = (ends["last"].astype(float) - ends["first"].astype(float)).to_numpy()
    return not_recorded(len(ends), evidence) or above_zero(change)


def long_lasting(analysis: Analysis, evidence: Evidence) -> Found:
    """Of the 30 % responders with a follow-up 90 days or more after the last treatment, the share
    with at least 30 % less pain at every follow-up, against one half."""
    own = analysis.evaluable
    late = own["follow_up_days"].astype(float) >= evidence.late_follow_up
    own = own[(own["responder_30"] == True) & late]  # noqa: E712
    if few := too_few(len(own), evidence):
        return few
    return half_or_more(int((own["durability"] == "sustained").sum()), len(own))


TESTS: dict[str, Callable[[Analysis, Evidence], Found]] = {
    test.__name__: test
    for test in (
        drop,
        half,
        no_adverse_effects,
        benefit_by_week_4,
        relief_in_first_sessions,
        compared,
        less_opioid_use,
        better_mobility,
        long_lasting,
    )
}
