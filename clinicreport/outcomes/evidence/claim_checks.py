"""How a log is asked: one function a claim, its docstring the test in words.

Fewer patients than ``enough_patients``, or an interval that spans both answers, is "cannot tell".
"""

from __future__ import annotations

from collections.abc import Callable

from clinicreport.ground.rounding import per_100, percent, points
from clinicreport.outcomes.analysis import Analysis
from clinicreport.outcomes.evidence.claims import Evidence, Said, Verdict
from clinicreport.outcomes.evidence.evidence_words import people, span
from clinicreport.outcomes.evidence.opioids import uses_opioid
from clinicreport.outcomes.evidence.verdicts import (
    NO_CONTROL,
    above_zero,
    against,
    both_ends,
    course_visits,
    evaluable,
    half_or_more,
    not_recorded,
    of_population,
    patients_of,
    too_few,
)
from clinicreport.outcomes.intervals import mean_interval, rate_interval


def drop(analysis: Analysis, evidence: Evidence) -> Said:
    """Mean reduction in points of the evaluable patients of the trial's population against the
    trial's 3.9 points: consistent at 3.9 or more; not consistent where the whole 95 % t interval
    lies under it."""
    own, few = of_population(analysis, evidence)
    if few:
        return few
    reduction = own["reduction"].astype(float).to_numpy()
    low, high = mean_interval(reduction) or (reduction.mean(), reduction.mean())
    start, end = own["baseline"].astype(float).mean(), own["latest"].astype(float).mean()
    why = (
        f"Mean NRS {points(start)} to {points(end)} (n = {len(own)}): {points(reduction.mean())} "
        f"points less, 95 % {span(low, high)}; the trial had {points(evidence.drop_points)}. "
        f"{NO_CONTROL}"
    )
    return Said(against(float(reduction.mean()), high, evidence.drop_points), why)


def half(analysis: Analysis, evidence: Evidence) -> Said:
    """Share of the evaluable patients of the trial's population whose pain at least halved, against
    one half: consistent where half of them or more did; not consistent where the whole 95 % Wilson
    interval lies under one half."""
    own, few = of_population(analysis, evidence)
    if few:
        return few
    count = int((own["responder_50"] == True).sum())  # noqa: E712
    median = float(own["percent_reduction"].astype(float).median())
    what = f"had at least 50 % less pain; the median was {percent(median)} less"
    return half_or_more(count, len(own), what)


def no_adverse_effects(analysis: Analysis, evidence: Evidence) -> Said:
    """Not consistent with one event or more on any visit. Without one: consistent where enough
    patients and enough of the sessions have the field filled in, with the 95 % upper bound."""
    visits = analysis.sessions[analysis.sessions["in_scope"].astype(bool)]
    treated = visits[visits["visit_type"] == "treatment"]
    filled = treated[treated["adverse_event"].notna()]
    written = visits[visits["adverse_event"].notna() & (visits["adverse_event"] != "none")]
    if len(written):
        who = people(len(patients_of(written)))
        return Said(
            "not consistent",
            f"An adverse event is written down at {len(written)} "
            f"visit{'' if len(written) == 1 else 's'} of {who}. Whether the treatment made it is "
            "not known without a control group.",
        )
    if filled.empty:
        return Said("cannot tell", "Not recorded: no session says whether there was an event.")
    patients = len(patients_of(filled))
    if patients < evidence.enough_patients:
        return too_few(patients, "with the field filled in", evidence)
    share = len(filled) / len(treated)
    told = f"{len(filled)} of {len(treated)} sessions say whether there was an event"
    if share < evidence.documented_share:
        return Said(
            "cannot tell", f"Only {told}: none was written down, but the blanks can hide some."
        )
    bound = 100 * (1 - 0.05 ** (1 / len(filled)))
    return Said(
        "consistent",
        f"{told}, of {people(patients)}; none was. Up to {per_100(bound)} in 100 sessions can "
        "still have one (95 % upper bound; more, as events of one patient often belong together).",
    )


def benefit_by_week_4(analysis: Analysis, evidence: Evidence) -> Said:
    """Share of the evaluable patients with a score on or after day 28 who had 30 % less pain by
    day 28, against one half."""
    own = evaluable(analysis)
    days = (own["latest_date"] - own["day_0"]).dt.days
    own = own[days >= evidence.week_4_day]
    if len(own) < evidence.enough_patients:
        return too_few(len(own), f"with a score on or after day {evidence.week_4_day}", evidence)
    count = int((own["days_to_30"].astype(float) <= evidence.week_4_day).sum())
    what = f"had 30 % less pain by day {evidence.week_4_day} (those who left earlier are not in it)"
    return half_or_more(count, len(own), what)


def relief_in_first_sessions(analysis: Analysis, evidence: Evidence) -> Said:
    """Mean immediate relief (before minus after) of the first three sessions of each patient's
    latest course: consistent where the whole 95 % t interval lies above 0, not consistent where it
    lies at or under 0."""
    treated = course_visits(analysis, ["treatment"])
    first = treated.groupby("cid", sort=False).head(evidence.first_sessions)
    relief = (first["nrs_before"].astype(float) - first["nrs_after"].astype(float)).dropna()
    each = relief.groupby(first["cid"]).mean()
    if each.empty:
        return Said("cannot tell", "Not recorded: no score right after the first sessions.")
    if len(each) < evidence.enough_patients:
        return too_few(len(each), "with scores before and after a first session", evidence)
    what = f"right after one of the first {evidence.first_sessions} sessions"
    return above_zero(each.to_numpy(), ("points less", "points more"), what)


def compared(analysis: Analysis, evidence: Evidence) -> Said:  # noqa: ARG001
    """A comparison with another treatment: never to be told from a log of one treatment."""
    return Said("cannot tell", "No control group: the log holds no patients treated otherwise.")


def less_opioid_use(analysis: Analysis, evidence: Evidence) -> Said:
    """Patients whose medication is recorded on day 0 and again later in the course: how many
    stopped taking an opioid and how many began. Consistent where the 95 % Wilson interval of
    stopped / (stopped + began) lies above one half, not consistent where it lies under it."""
    ends = both_ends(analysis, "medication")
    if len(ends) < evidence.enough_patients:
        return not_recorded(len(ends), "medication", evidence)
    terms = tuple(evidence.opioids)
    start = ends["first"].map(lambda text: uses_opioid(text, terms)).to_numpy(dtype=bool)
    end = ends["last"].map(lambda text: uses_opioid(text, terms)).to_numpy(dtype=bool)
    stopped, began = int((start & ~end).sum()), int((~start & end).sum())
    why = (
        f"An opioid was written down for {int(start.sum())} of {people(len(ends))} at the start "
        f"and for {int(end.sum())} at the end: {stopped} stopped, {began} began."
    )
    interval = rate_interval(stopped, stopped + began)
    if interval is None:
        return Said("cannot tell", f"{why} Nothing changed.")
    low, high = interval
    verdict: Verdict = "cannot tell"
    if low > 0.5:
        verdict = "consistent"
    elif high < 0.5:
        verdict = "not consistent"
    return Said(verdict, f"{why} {NO_CONTROL}")


def better_mobility(analysis: Analysis, evidence: Evidence) -> Said:
    """Mean change in trunk flexion (cm, more is better) from day 0 to the last record of the
    course: consistent where the whole 95 % t interval lies above 0, not consistent where it lies
    at or under 0."""
    ends = both_ends(analysis, "mobility")
    if len(ends) < evidence.enough_patients:
        return not_recorded(len(ends), "mobility", evidence)
    change = (ends["last"].astype(float) - ends["first"].astype(float)).to_numpy()
    what = "of trunk flexion at the end (read as: more is better)"
    return above_zero(change, ("cm more", "cm less"), what)


def long_lasting(analysis: Analysis, evidence: Evidence) -> Said:
    """Of the 30 % responders with a follow-up 90 days or more after the last treatment, the share
    with at least 30 % less pain at every follow-up, against one half."""
    own = evaluable(analysis)
    late = own["follow_up_days"].astype(float) >= evidence.late_follow_up
    own = own[(own["responder_30"] == True) & late]  # noqa: E712
    which = (
        f"who responded and came to a follow-up {evidence.late_follow_up} days or more after the "
        "last treatment"
    )
    if len(own) < evidence.enough_patients:
        return too_few(len(own), which, evidence)
    count = int((own["durability"] == "sustained").sum())
    what = f"{which} still had 30 % less pain each time (those who come back may differ)"
    return half_or_more(count, len(own), what)


TESTS: dict[str, Callable[[Analysis, Evidence], Said]] = {
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
