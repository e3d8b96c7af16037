"""The protocol's rules over the whole frame: each a function from :class:`Case` to hits.

To add a rule: write one function in a module of this package, list it in :data:`RULES`, and give
it a stanza in ``templates/protocol.toml``. Its page in the docs, its line in ``clinicreport
protocol`` and its findings in report and check follow by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from clinicreport.log.session_log import Located
from clinicreport.rules import entered_visits, response, safety, schedule, session
from clinicreport.rules.case import Case, Hits

RULES: dict[str, Callable[[Case], Iterable[Hits]]] = {
    "missing-score": entered_visits.missing_score,
    "duplicate-row": entered_visits.duplicate_row,
    "similar-patient-id": entered_visits.similar_patient_id,
    "outside-period": entered_visits.outside_period,
    "session-too-short": session.session_too_short,
    "session-too-long": session.session_too_long,
    "ramp-up-too-long": session.ramp_up_too_long,
    "dose-mismatch": session.dose_mismatch,
    "too-few-sessions": schedule.too_few_sessions,
    "too-many-sessions": schedule.too_many_sessions,
    "above-recommended": schedule.above_recommended,
    "interruption": schedule.interruption,
    "no-response-by-week-4": response.no_response_by_checkpoint,
    "pain-rise": response.pain_rise,
    "no-eye-protection": safety.no_eye_protection,
    "unsafe-distance": safety.unsafe_distance,
    "lotion-on-skin": safety.lotion_on_skin,
    "precaution-not-documented": safety.precaution_not_documented,
    "contraindication": safety.contraindication,
    "photosensitive-medication": safety.photosensitive_medication,
    "not-screened": safety.not_screened,
    "adverse-event": safety.adverse_event,
    "adverse-event-not-documented": safety.adverse_event_not_documented,
}


def check(case: Case) -> list[Located]:
    """The findings of every rule that is switched on."""
    found: list[Located] = []
    for rule, function in RULES.items():
        if case.protocol.active(rule):
            for hits in function(case):
                found += case.located(rule, hits)
    return found
