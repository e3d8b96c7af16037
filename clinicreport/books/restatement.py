"""What a report says differently about months that an earlier report covered, and why.

The earlier report's JSON (``report --json``) holds its months and a fingerprint of every row, under
``clinic.restatement``: digests, by which a late row and a corrected score are told apart, and no
text of a visit. The same days are computed again from the logs as they are now, so that what
differs is a change of what was known then, not a new visit. Where no row tells the cause, that is
said.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from statistics import fmean
from typing import TYPE_CHECKING, Any

from clinicreport.books.earlier_report import KEY
from clinicreport.ground.errors import UsageError
from clinicreport.ground.frame import Column, Frame, missing
from clinicreport.ground.rounding import POINTS, digits_apart, fixed, minus, share
from clinicreport.log.fields import SCORES, SESSION_FIELDS
from clinicreport.workbook.words import count, day, plain

if TYPE_CHECKING:
    from clinicreport.ground.period import Period
    from clinicreport.outcomes.analysis import Analysis, Checked

_IDENTITY = ("clinic", "patient_id", "date", "visit_type")
# What the fingerprints of earlier reports were made of, in this order. Never changed: a field that
# came later enters by its name, and only where it is filled.
_REST = (
    *("start_time", "duration", "course_id", "condition", "pain_years"),
    *("wavelength", "irradiance", "fluence", "eye_protection", "safe_distance", "skin_clean"),
    *("contraindications", "clearance", "adverse_event", "medication", "mobility"),
    *("therapist", "waiver", "notes"),
)
_BEGIN = date(1900, 1, 1)  # before any visit: a period without a first day
Months = dict[str, dict[str, Any]]
Rows = dict[str, dict[str, str]]
CHANGES = (
    ("late", "late row", "late rows"),
    ("gone", "row gone", "rows gone"),
    ("score", "corrected score", "corrected scores"),
    ("other", "other corrected value", "other corrected values"),
)


def memory(analysis: Analysis) -> dict[str, Any]:
    """What a later report needs to know of this one, for the ``clinic`` object of its JSON."""
    return {
        KEY: {
            "months": _months(analysis.month_courses),
            "rows": _rows(analysis.sessions.as_entered()),
        }
    }


def restate(previous: Mapping[str, Any], checked: Checked, analysis: Analysis) -> list[str]:
    """Sentences, a month each, on what is different now; one sentence where nothing is.

    Raises UsageError where the earlier report's day or period cannot be read.
    """
    if not previous["as_of"]:
        return []
    as_of = _day(previous["as_of"])
    known = previous["clinic"].get(KEY)
    before: Months = known["months"] if known else _trend(previous)
    now, now_rows = _as_then(checked, _period(previous, as_of))
    if not known:
        now = {month: _said(told) for month, told in now.items() if told["evaluable"]}
    changed = _changes(known["rows"], now_rows) if known else {}
    said = f"the report as of {day(as_of)}"
    if known and known["rows"] and not known["rows"].keys() & now_rows.keys():
        return [f"Nothing can be compared: these logs hold no patient of {said}."]
    other = _another(previous, analysis)
    told = [
        f"{_name(month)}: {'; '.join(differs)}: {_why(month, before, now, changed, other)}."
        for month in sorted(before.keys() | now.keys())
        if (differs := list(_differs(before.get(month, {}), now.get(month, {}))))
    ]
    total: Counter[str] = sum(changed.values(), Counter())
    rows = f" Since then: {_listed(total)}." if total else ""
    if not told:
        return [f"No month of {said} is different now.{rows}"]
    return [f"Restated since {said}.{rows}", *told]


def as_reported(previous: Mapping[str, Any], made_from: Checked) -> dict[str, Any]:
    """An earlier report with the rows of the logs that it was made from, where it kept none itself.

    What it said of a month stands as it said it; whom the month counted, and what it did not say, is
    computed from the logs. Raises UsageError where its day or period cannot be read.
    """
    if not previous["as_of"]:
        return dict(previous)
    months, rows = _as_then(made_from, _period(previous, _day(previous["as_of"])))
    said = _trend(previous)
    kept = {"months": {name: told | said.get(name, {}) for name, told in months.items()}}
    return {**previous, "clinic": previous["clinic"] | {KEY: kept | {"rows": rows}}}


def _day(text: Any) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise UsageError(f"the earlier report's day {text!r} cannot be read") from error


def _period(previous: Mapping[str, Any], as_of: date) -> Period:
    """The days of the earlier report."""
    from clinicreport.ground.period import Period, parse_period

    text = previous["period"]
    return parse_period(str(text)) if text else Period(_BEGIN, as_of, "")


def _as_then(checked: Checked, period: Period) -> tuple[Months, Rows]:
    """The months of those days by the logs as they are now, and the rows' fingerprints."""
    from clinicreport.log.courses import find_courses
    from clinicreport.outcomes.month_courses import month_courses, to_the_months_end

    log, protocol = checked.log, checked.request.protocol
    courses = find_courses(log, protocol, period)
    whole = to_the_months_end(log, courses, protocol) if period.text else courses
    return _months(month_courses(whole)), _rows(courses.visits.as_entered())


# ------------------------------------------------------------------------------ months


def _months(counted: Frame) -> Months:
    """What each month's own report says: started, evaluable, responders, mean, and who."""
    from clinicreport.outcomes.trend import month_name

    months: Months = {}
    for row in counted.rows():
        name = month_name(row["month"])
        month = months.setdefault(name, _empty())
        month["started"] += 1
        month["patients"].append(_who(row["clinic"], row["patient"]))
        if row["evaluable"]:
            month["evaluable"] += 1
            month["reductions"].append(row["reduction"])
            month["responder_30"] += row["responder_30"]
            month["responder_50"] += row["responder_50"]
    return {name: _closed(months[name]) for name in sorted(months)}


def _empty() -> dict[str, Any]:
    numbers = dict.fromkeys(("started", "evaluable", "responder_30", "responder_50"), 0)
    return {**numbers, "reductions": [], "patients": []}


def _closed(month: dict[str, Any]) -> dict[str, Any]:
    reductions = month.pop("reductions")
    mean = fmean(reductions) if reductions else None
    return month | {"mean_reduction": mean, "patients": sorted(set(month["patients"]))}


def _trend(previous: Mapping[str, Any]) -> Months:
    """The months of a report that was made before fingerprints were kept."""
    return {
        entry["month"]: {
            "evaluable": entry["n"],
            "mean_reduction": entry["mean_reduction"],
            "responder_30": round((entry["responder_30"] or 0) * entry["n"]),
        }
        for entry in previous["clinic"].get("trend") or []
        if entry["n"]
    }


def _said(month: Mapping[str, Any]) -> dict[str, Any]:
    """Of a month, what such a report says too."""
    names = ("evaluable", "mean_reduction", "responder_30", "patients")
    return {name: month[name] for name in names}


def _differs(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Each figure that is not what it was."""
    for name, label in (("responder_30", "30 % responders"), ("responder_50", "50 % responders")):
        if before and name not in before:
            continue
        old, new = (_rate(month, name) for month in (before, now))
        if old != new:
            yield f"{label} {_share(*old)} → {_share(*new)} ({_of(*old)} → {_of(*new)})"
    old_mean, new_mean = before.get("mean_reduction"), now.get("mean_reduction")
    if (old_mean is None) != (new_mean is None) or (
        old_mean is not None and abs(old_mean - new_mean) > 1e-9
    ):
        yield f"mean reduction {_means(old_mean, new_mean)}"
    for name in ("evaluable", "started"):
        if (name in before or not before) and before.get(name, 0) != now.get(name, 0):
            yield f"{name} {before.get(name, 0)} → {now.get(name, 0)}"


def _rate(month: Mapping[str, Any], name: str) -> tuple[int, int]:
    return month.get(name, 0), month.get("evaluable", 0)


def _share(hits: int, total: int) -> str:
    return share(hits / total) if total else "nobody"


def _of(hits: int, total: int) -> str:
    return f"{hits} of {total}"


def _means(old: float | None, new: float | None) -> str:
    """Both means, with as many decimals as tell them apart."""
    digits = POINTS if old is None or new is None else digits_apart(old, new, POINTS)
    return " → ".join("none" if v is None else minus(fixed(v, digits)) for v in (old, new))


def _name(month: str) -> str:
    return f"{date.fromisoformat(f'{month}-01'):%B %Y}"


# ------------------------------------------------------------------------------ rows


def _rows(visits: Frame) -> Rows:
    """Fingerprints by patient and visit: the scores', a dot, the rest's. No text of a visit."""
    texts = {name: _texts(visits[name]) for name in SESSION_FIELDS}
    added = sorted(SESSION_FIELDS.keys() - {*_IDENTITY, *SCORES, *_REST})
    added = [name for name in added if any(texts[name])]
    parts = [
        list(zip(*(texts[name] for name in names), strict=True)) or [()] * len(visits)
        for names in (_IDENTITY, SCORES, _REST, added)
    ]
    seen: Counter[tuple[str, ...]] = Counter()
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for identity, scores, rest, more in zip(*parts, strict=True):
        seen[identity] += 1
        key = _digest(*identity, str(seen[identity]))
        later = (f"{name}={text}" for name, text in zip(added, more, strict=True) if text)
        prints = f"{_digest(key, *scores)[:8]}.{_digest(key, *rest, *later)[:8]}"
        rows.setdefault((identity[0], identity[1]), {})[key] = prints  # clinic and patient
    return {_who(*who): prints for who, prints in rows.items()}


def _texts(values: Column) -> list[str]:
    """A column's values as texts; what is missing is empty."""
    if missing(values).all():
        return [""] * len(values)
    held = values.tolist()
    if values.dtype.kind == "M":
        known = {each: _text(each) for each in set(held)}
        return [known[each] for each in held]
    if values.dtype.kind == "f":
        return [str(each) if each == each else "" for each in held]  # noqa: PLR0124 (no NaN)
    return [each if type(each) is str else _text(each) for each in held]


def _who(clinic: Any, patient: Any) -> str:
    return _digest(_text(clinic), _text(patient))


def _text(value: Any) -> str:
    return "" if plain(value) is None else str(value)


def _digest(*parts: str) -> str:
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()[:12]


def _changes(before: Rows, now: Rows) -> dict[str, Counter[str]]:
    """For each patient, how many rows are late, gone or corrected."""
    changed = {}
    for patient in before.keys() | now.keys():
        old, new = before.get(patient, {}), now.get(patient, {})
        found = Counter(late=len(new.keys() - old.keys()), gone=len(old.keys() - new.keys()))
        for key in old.keys() & new.keys():
            if old[key] != new[key]:
                scores_alike = old[key].partition(".")[0] == new[key].partition(".")[0]
                found["other" if scores_alike else "score"] += 1
        if any(found.values()):
            changed[patient] = +found
    return changed


def _why(
    month: str, before: Months, now: Months, changed: Mapping[str, Counter[str]], other: str
) -> str:
    """The changed rows of the patients whom the month counts, or counted."""
    people = {who for months in (before, now) for who in months.get(month, {}).get("patients", ())}
    found: Counter[str] = sum((changed[who] for who in people & changed.keys()), Counter())
    return _listed(found) or other or "cause not known"


def _listed(found: Mapping[str, int]) -> str:
    parts = [count(found[kind], one, many) for kind, one, many in CHANGES if found.get(kind)]
    return ", ".join(parts)


def _another(previous: Mapping[str, Any], analysis: Analysis) -> str:
    """What else is different: the protocol, or the program."""
    from clinicreport import __version__

    protocol = analysis.protocol
    now = {"name": protocol.name, "version": protocol.version}
    if previous.get("protocol") not in (None, now):
        return f"cause not known; the protocol is another one (now {now['name']}, {now['version']})"
    if previous.get("version") not in (None, __version__):
        return f"cause not known; made then with version {previous['version']} of the program"
    return ""
