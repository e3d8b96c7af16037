"""What a claim's check found, in a plain sentence."""

from __future__ import annotations

from clinicreport.ground.rounding import bare_share, per_100, percent, points, share
from clinicreport.outcomes.evidence.answers import (
    Answer,
    EventsFound,
    MeanFound,
    MedicationFound,
    NotRecorded,
    ShareFound,
    TooFew,
)
from clinicreport.workbook.words import count

NO_CONTROL = "Without a control group it is not known how much of it the treatment made."
_BOTH_ENDS = "with {field} recorded at the start and later"
_LATE = (
    "who responded and came to a follow-up {limits.late_follow_up} days or more after the last"
    " treatment"
)
# check -> of which patients there are too few
TOO_FEW = {
    "drop": "with {limits.population}",
    "half": "with {limits.population}",
    "no_adverse_effects": "with the field filled in",
    "benefit_by_week_4": "with a later score by day {limits.week_4_day} and a visit from then on",
    "relief_in_first_sessions": (
        "with scores before and after one of the sessions 2 to {limits.first_sessions}"
    ),
    "less_opioid_use": _BOTH_ENDS.format(field="medication"),
    "better_mobility": _BOTH_ENDS.format(field="mobility"),
    "long_lasting": _LATE,
}
NOT_RECORDED = {
    "no_adverse_effects": "no session says whether there was an event",
    "relief_in_first_sessions": "no score right after the sessions that follow the first",
    "less_opioid_use": f"no patient {TOO_FEW['less_opioid_use']}",
    "better_mobility": f"no patient {TOO_FEW['better_mobility']}",
}
# check -> what is true of a share of the patients
SHARES = {
    "half": "had at least 50 % less pain; the median was {median} less",
    "benefit_by_week_4": (
        "had 30 % less pain by their last score up to day {limits.week_4_day} (those who left"
        " earlier are not in it)"
    ),
    "long_lasting": f"{_LATE} still had 30 % less pain each time (those who come back may differ)",
}
# check -> how a gain and a loss are called, and of what
MEANS = {
    "relief_in_first_sessions": (
        ("points less", "points more"),
        "right after one of the sessions 2 to {limits.first_sessions} (the first is left out:"
        " who starts on a bad day has less pain soon after anyway)",
    ),
    "better_mobility": (
        ("cm more", "cm less"),
        "of trunk flexion at the end (read as: more is better)",
    ),
}


def why(answer: Answer) -> str:
    """The figures behind the verdict, in words."""
    found, check, limits = answer.found, answer.claim.test, answer.limits
    match found:
        case TooFew():
            which = TOO_FEW[check].format(limits=limits)
            return f"Too few: {people(found.n)} {which}; {limits.enough_patients} are needed."
        case NotRecorded():
            return f"Not recorded: {NOT_RECORDED[check]}."
        case ShareFound():
            what = SHARES[check].format(limits=limits, median=percent(found.median))
            told = share_text(found.value, *found.interval)
            return f"{found.those} of {people(found.n)} {what}: {told}. {NO_CONTROL}"
        case MeanFound() if check == "drop":
            return _drop(found, limits.drop_points)
        case MeanFound():
            words, what = MEANS[check]
            said = f"{points(abs(found.value))} {words[found.value < 0]}"
            said += f" {what.format(limits=limits)} on average (n = {found.n})"
            return f"{said}, {span(found)}. {NO_CONTROL}"
        case EventsFound():
            return _events(found, limits.enough_patients)
        case MedicationFound():
            return _medication(found)
    return "No control group: the log holds no patients treated otherwise."


def _drop(found: MeanFound, claimed: float) -> str:
    return (
        f"Mean NRS {points(found.start)} to {points(found.end)} (n = {found.n}):"
        f" {points(found.value)} points less, {span(found)}; the trial had {points(claimed)}."
        f" {NO_CONTROL}"
    )


def _events(found: EventsFound, enough: int) -> str:
    if found.events:
        told = (
            f"An adverse event is written down at {count(found.events, 'visit')} of"
            f" {people(found.patients)}. Whether the treatment made it is not known without a"
            " control group."
        )
        if found.verdict == "against":
            return told
        return f"{told} Too few to judge: {people(found.n)}; {enough} are needed."
    return (
        f"{found.filled} of {found.sessions} sessions say whether there was an event, of"
        f" {people(found.n)}; none was. That does not show that there is none: up to"
        f" {per_100(found.upper_bound)} in 100 sessions can still have one (95 % upper bound;"
        " more, as events of one patient often belong together), and blanks can hide some."
    )


def _medication(found: MedicationFound) -> str:
    changed = found.stopped + found.began
    return (
        f"An opioid was written down for {found.start} of {people(found.n)} at the start and for"
        f" {found.end} at the end: {found.stopped} stopped, {found.began} began."
        f" {NO_CONTROL if changed else 'Nothing changed.'}"
    )


def span(found: MeanFound) -> str:
    """Its interval in points or centimetres: "95 % 2.1 to 3.4"; or that there is none."""
    if found.interval is None:
        return "no interval: all alike"
    low, high = found.interval
    return f"95 % {points(low)} to {points(high)}"


def share_text(rate: float, low: float, high: float) -> str:
    """A share with its interval, in per cent."""
    return f"{share(rate)}, 95 % {bare_share(low)} to {share(high)}"


def people(number: int) -> str:
    """A number of patients in words."""
    return count(number, "patient")
