"""How a log is asked: one function a claim, its docstring the test in words.

A claim is supported, or spoken against, only by a whole 95 % interval on its side or on the other.
Fewer patients than ``enough_patients``, or an interval that reaches over, is "cannot tell".
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from clinicreport.ground.frame import codes, holds, known, means, median, missing
from clinicreport.outcomes.analysis import Analysis
from clinicreport.outcomes.evidence.answers import (
    EventsFound,
    Found,
    MedicationFound,
    NotCompared,
)
from clinicreport.outcomes.evidence.claims import Evidence
from clinicreport.outcomes.evidence.opioids import uses_opioid
from clinicreport.outcomes.evidence.verdicts import (
    ONE_HALF,
    both_ends,
    by_interval,
    course_visits,
    mean_found,
    not_recorded,
    of_population,
    patients_of,
    responders_by,
    share_found,
    too_few,
)
from clinicreport.outcomes.intervals import bound_of_none, rate_interval


def drop(analysis: Analysis, evidence: Evidence) -> Found:
    """Mean reduction in points of the evaluable patients of the trial's population, by its 95 % t
    interval, against the trial's 3.9 points."""
    own, few = of_population(analysis, evidence)
    if few:
        return few
    start, end = float(own["baseline"].mean()), float(own["latest"].mean())
    return mean_found(own["reduction"], evidence.drop_points, start, end)


def half(analysis: Analysis, evidence: Evidence) -> Found:
    """Share of the evaluable patients of the trial's population whose pain at least halved, by its
    95 % Wilson interval, against one half."""
    own, few = of_population(analysis, evidence)
    if few:
        return few
    count = int(holds(own["responder_50"]).sum())
    return share_found(count, len(own), median(own["percent_reduction"]))


def no_adverse_effects(analysis: Analysis, evidence: Evidence) -> Found:
    """Against the claim with one event or more on any visit. Without one, however many sessions
    have the field filled in: cannot tell, with the 95 % upper bound."""
    visits = analysis.sessions
    in_scope = visits.flags("in_scope")
    treated, written = in_scope & visits.flags("treatment"), in_scope & visits.events()
    filled = treated & ~missing(visits["adverse_event"])
    looked_at, hit = patients_of(visits, filled | written), patients_of(visits, written)
    events, documented = int(written.sum()), int(filled.sum())
    if not events and (few := not_recorded(len(looked_at), evidence)):
        return few
    enough = len(looked_at) >= evidence.enough_patients
    return EventsFound(
        verdict="against" if events and enough else "cannot tell",
        n=len(looked_at),
        events=events,
        patients=len(hit),
        filled=documented,
        sessions=int(treated.sum()),
        upper_bound=0.0 if events else bound_of_none(documented),
    )


def benefit_by_week_4(analysis: Analysis, evidence: Evidence) -> Found:
    """Share with 30 % less pain by the last score after day 0 up to day 28, by its 95 % Wilson
    interval, against one half. Of the evaluable patients with such a score who came on day 28 or
    later."""
    responders = responders_by(analysis, evidence.week_4_day)
    few = too_few(len(responders), evidence)
    return few or share_found(int(responders.sum()), len(responders))


def relief_in_first_sessions(analysis: Analysis, evidence: Evidence) -> Found:
    """Mean immediate relief (before minus after) of the second and third session of each patient's
    latest course, by its 95 % t interval, against 0. The very first is left out: who starts on a
    bad day has less pain soon after anyway."""
    treated = course_visits(analysis, ["treatment"], "nth", "nrs_before", "nrs_after")
    nth = treated["nth"]
    first = treated.where((nth > 0) & (nth < evidence.first_sessions))
    patient, patients = codes(first["cid"])
    each = known(means(first["nrs_before"] - first["nrs_after"], patient, len(patients)))
    return not_recorded(len(each), evidence) or mean_found(each, 0.0)


def compared(analysis: Analysis, evidence: Evidence) -> Found:  # noqa: ARG001
    """A comparison with another treatment: never to be told from a log of one treatment."""
    return NotCompared("cannot tell", 0)


def less_opioid_use(analysis: Analysis, evidence: Evidence) -> Found:
    """Patients whose medication is recorded on day 0 and again later in the course: how many
    stopped taking an opioid and how many began. The share of stopped / (stopped + began), by its
    95 % Wilson interval, against one half."""
    ends = both_ends(analysis, "medication")
    if few := not_recorded(len(ends), evidence):
        return few
    terms = tuple(evidence.opioids)
    start, end = (
        np.array([uses_opioid(text, terms) for text in ends[name].tolist()])
        for name in ("first", "last")
    )
    stopped, began = int((start & ~end).sum()), int((~start & end).sum())
    verdict = by_interval(rate_interval(stopped, stopped + began), ONE_HALF)
    return MedicationFound(verdict, len(ends), int(start.sum()), int(end.sum()), stopped, began)


def better_mobility(analysis: Analysis, evidence: Evidence) -> Found:
    """Mean change in trunk flexion (cm, more is better) from day 0 to the last record of the
    course, by its 95 % t interval, against 0."""
    ends = both_ends(analysis, "mobility")
    change = ends["last"] - ends["first"]
    return not_recorded(len(ends), evidence) or mean_found(change, 0.0)


def long_lasting(analysis: Analysis, evidence: Evidence) -> Found:
    """Of the 30 % responders with a follow-up 90 days or more after the last treatment, the share
    with at least 30 % less pain at every follow-up, by its 95 % Wilson interval, against one
    half."""
    own = analysis.evaluable
    late = own["follow_up_days"] >= evidence.late_follow_up
    own = own.where(holds(own["responder_30"]) & late)
    few = too_few(len(own), evidence)
    return few or share_found(int((own["durability"] == "sustained").sum()), len(own))


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
