"""Made-up clinics as typed rows: nasty ones for hypothesis, and bigger believable ones by seed.

A clinic here is what the reference takes: rows, register, columns, a period or none, and the day
of the run. Fields that are not in ``columns`` are None in every row (a visit type: "treatment").
"""

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st

FIELDS = (
    "patient_id",
    "date",
    "nrs_before",
    "nrs_after",
    "duration",
    "visit_type",
    "start_time",
    "clinic",
    "course_id",
    "condition",
    "pain_years",
    "wavelength",
    "irradiance",
    "fluence",
    "eye_protection",
    "safe_distance",
    "skin_clean",
    "contraindications",
    "clearance",
    "adverse_event",
    "event_severity",
    "event_related",
    "stopped_for_event",
    "medication",
    "mobility",
    "therapist",
    "waiver",
    "notes",
)
NEEDED = ("patient_id", "date", "nrs_before")
OPTIONAL = tuple(field for field in FIELDS if field not in NEEDED)
BACK_PAIN = "chronic low back pain"
FIRST_DAY = dt.date(2025, 1, 1)

DAYS_OF_WEEK = {  # days of a week with so many treatment days
    1: (0,),
    2: (0, 3),
    3: (0, 2, 4),
    4: (0, 1, 3, 4),
    5: (0, 1, 2, 3, 4),
    6: (0, 1, 2, 3, 4, 6),
    7: (0, 1, 2, 3, 4, 5, 6),
}
GAPS = (1, 3, 7, 8, 13, 14, 15, 20, 21, 27, 28, 29, 59, 60, 61, 61, 61, 62)
SCORES = (0.0, 1.0, 2.0, 3.0, 3.1, 3.5, 3.9, 4.0, 4.2, 4.9, 5.0, 5.1, 6.0, 6.9, 7.0, 7.1, 8.0, 10.0)
IDS = ("P1", "p1", "P 1", "P2", "007", "7", "70", "0", "00", "Ωμέγα", "P1.0")
TIMES = (dt.time(8, 0), dt.time(8, 30), dt.time(17, 45))
CONTRAINDICATIONS = (
    "none",
    "pregnancy",
    "Recent burns",
    "hyperthyroidism",
    "photosensitive medication",
    "Pregnancy; photosensitive medication",
    "epilepsy",
    "recent burns; cancer",
    "asthma",
    None,
)

# Each is something odd about one row: the values that it sets.
ODDITIES: tuple[dict[str, Any], ...] = (
    *({"nrs_before": score} for score in (None, 0.0, 3.1, 4.2, 5.1, 10.0)),
    *({"nrs_after": score} for score in (None, 0.0, 2.5, 5.1)),
    *({"duration": minutes} for minutes in (None, 9.0, 9.9, 10.0, 15.0, 15.1, 16.0, 20.0, 21.0)),
    *({"start_time": time} for time in (None, *TIMES)),
    *({"visit_type": kind} for kind in ("screening", "follow-up", "not-attended")),
    *(
        {"irradiance": 4.0, "duration": 10.0, "fluence": fluence}  # 2.4 J/cm², 5 % is 0.12
        for fluence in (1.6, 2.27, 2.28, 2.4, 2.52, 2.53, None)
    ),
    {"irradiance": 34.7, "duration": 20.0, "fluence": 41.64},
    {"irradiance": 0.0, "duration": 10.0, "fluence": 0.1},
    {"irradiance": None, "fluence": 2.4},
    *(
        {field: answer}
        for field in ("eye_protection", "safe_distance", "skin_clean")
        for answer in ("no", None)
    ),
    *({"contraindications": value} for value in CONTRAINDICATIONS),
    {"clearance": "Dr A, 2 January"},
    {"contraindications": "pregnancy", "clearance": "Dr A"},
    {"adverse_event": None},
    {"adverse_event": "redness"},
    {"adverse_event": "burn", "event_severity": "severe", "stopped_for_event": "yes"},
    {"adverse_event": "redness", "event_severity": "mild", "event_related": "unclear"},
    {"event_severity": "moderate", "event_related": "yes", "stopped_for_event": "no"},
    {"waiver": "agreed with the doctor"},
    *({"course_id": label} for label in (None, "A", "B")),
    *(
        {"condition": condition}
        for condition in (None, BACK_PAIN, "menstrual", "Chronic neck pain", "Zervikal")
    ),
    *({"clinic": clinic} for clinic in (None, "North", "South")),
)

# Each is how one patient's visits are written down: the values it sets in every treatment row.
HABITS: tuple[dict[str, Any], ...] = (
    *[{}] * 4,
    {"contraindications": None},
    {"contraindications": None, "adverse_event": None, "eye_protection": None},
    {"contraindications": "pregnancy"},
    {"waiver": "works in shifts"},
    {"waiver": "works in shifts", "duration": 21.0},
    {"duration": 16.0},
    {"duration": 9.0, "nrs_after": 3.1},
    {"duration": 10.0, "irradiance": 4.0, "fluence": 2.53, "skin_clean": None},
)


class Clinic(NamedTuple):
    """What the reference takes."""

    rows: list[dict[str, Any]]
    register: dict[str, dict[str, Any]]
    columns: set[str]
    period: tuple[dt.date, dt.date] | None
    run_day: dt.date


def empty_row(patient_id: str, date: dt.date, **values: Any) -> dict[str, Any]:
    """Give a treatment row with every other field blank, but for the values given."""
    row: dict[str, Any] = dict.fromkeys(FIELDS)
    row.update(patient_id=patient_id, date=date, visit_type="treatment")
    row.update(values)
    return row


def documented_row(patient_id: str, date: dt.date, **values: Any) -> dict[str, Any]:
    """Give a treatment row about which no rule has anything to say, but for the values given."""
    usual: dict[str, Any] = {
        "nrs_before": 5.0,
        "duration": 12.0,
        "eye_protection": "yes",
        "safe_distance": "yes",
        "skin_clean": "yes",
        "contraindications": "none",
        "adverse_event": "none",
    }
    return empty_row(patient_id, date, **(usual | values))


def drop_columns(rows: Sequence[dict[str, Any]], columns: set[str]) -> None:
    """Blank the fields that the log does not have."""
    for row in rows:
        for field in FIELDS:
            if field not in columns:
                row[field] = "treatment" if field == "visit_type" else None


# ------------------------------------------------------------------ hypothesis


@st.composite
def treatment_days(draw: st.DrawFn) -> list[int]:
    """Give the treatment days of one patient, days from the first, several courses perhaps."""
    days = [0]
    for _ in range(draw(st.integers(1, 6))):
        if draw(st.booleans()):
            for _ in range(draw(st.integers(1, 3))):
                start = days[-1] if len(days) == 1 else days[-1] + draw(st.integers(1, 4))
                days += [start + day for day in DAYS_OF_WEEK[draw(st.integers(1, 7))]]
        else:
            days.append(days[-1] + draw(st.sampled_from(GAPS)))
        if len(days) > 30:
            break
    return days if draw(st.integers(0, 9)) == 0 else sorted(set(days))


@st.composite
def scores(draw: st.DrawFn, count: int) -> list[float | None]:
    """Give the scores of one patient: any, falling, or the same fall for everyone."""
    shape = draw(st.sampled_from(("any", "falling", "same-fall")))
    if shape == "same-fall":
        return [6.0, *[4.2] * (count - 1)]
    if shape == "falling":
        start = draw(st.sampled_from((10.0, 7.4, 6.9, 5.1, 3.9)))
        return [max(round(start - 0.3 * step, 1), 0.0) for step in range(count)]
    one = st.sampled_from((None, *SCORES))
    return draw(st.lists(one, min_size=count, max_size=count))


@st.composite
def patients(draw: st.DrawFn, patient_id: str) -> list[dict[str, Any]]:
    """Give the rows of one patient, by date."""
    first = FIRST_DAY + dt.timedelta(days=draw(st.integers(0, 40)))
    days = draw(treatment_days())
    habit = draw(st.sampled_from(HABITS))
    rows = [
        documented_row(patient_id, first + dt.timedelta(days=day), nrs_before=score, **habit)
        for day, score in zip(days, draw(scores(len(days))), strict=True)
    ]
    if draw(st.integers(0, 2)) == 0:
        label = None
        labels = st.sampled_from((None, "A", "B"))
        for place, row in enumerate(rows):
            if place == 0 or (row["date"] - rows[place - 1]["date"]).days > 7:
                label = draw(labels)
            row["course_id"] = label

    treated = [row["date"] for row in rows]
    score = st.sampled_from((None, *SCORES))
    for before in draw(st.lists(st.sampled_from((0, 1, 13, 14, 15, 16)), max_size=2)):
        day = draw(st.sampled_from(treated)) - dt.timedelta(days=before)
        rows.append(
            empty_row(patient_id, day, visit_type="screening", nrs_before=draw(score)),
        )
    for after in draw(st.lists(st.sampled_from((0, 1, 26, 27, 28, 29, 45, 61)), max_size=3)):
        day = draw(st.sampled_from((treated[-1], treated[-1], treated[0]))) + dt.timedelta(after)
        rows.append(empty_row(patient_id, day, visit_type="follow-up", nrs_before=draw(score)))
    if draw(st.integers(0, 3)) == 0:
        day = draw(st.sampled_from(treated)) + dt.timedelta(days=draw(st.integers(-3, 40)))
        rows.append(empty_row(patient_id, day, visit_type="not-attended"))
    return sorted(rows, key=lambda row: row["date"])


@st.composite
def registers(draw: st.DrawFn, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Give a register with some columns, of some patients and one who never came."""
    columns = draw(
        st.sampled_from(
            (
                (),
                ("condition",),
                ("discharged",),
                ("contraindications",),
                ("condition", "contraindications", "clearance", "discharged"),
            )
        )
    )
    if not columns:
        return {}
    values = {
        "condition": st.sampled_from((None, BACK_PAIN, "inflammation")),
        "contraindications": st.sampled_from(CONTRAINDICATIONS),
        "clearance": st.sampled_from((None, None, "Dr B")),
        "discharged": st.none() | st.integers(0, 200).map(_day),
    }
    register = {}
    for patient_id in (*ids, "never came"):
        if draw(st.integers(0, 3)):
            register[patient_id] = {column: draw(values[column]) for column in columns}
    return register


def _day(offset: int) -> dt.date:
    return FIRST_DAY + dt.timedelta(days=offset)


@st.composite
def log_columns(draw: st.DrawFn) -> set[str]:
    """Give the columns of a log: usually all but the clinic, sometimes fewer."""
    columns = set(FIELDS)
    if draw(st.integers(0, 3)):
        columns.discard("clinic")
    if draw(st.integers(0, 2)) == 0:
        columns -= set(draw(st.lists(st.sampled_from(OPTIONAL), max_size=8)))
    return columns


@st.composite
def periods(draw: st.DrawFn, rows: Sequence[dict[str, Any]]) -> tuple[dt.date, dt.date] | None:
    """Give no period, or one whose ends lie on or next to dates of rows, or anywhere."""
    if not draw(st.booleans()):
        return None
    dates = [row["date"] for row in rows] or [FIRST_DAY]
    near = st.builds(
        lambda date, shift: date + dt.timedelta(days=shift),
        st.sampled_from(dates),
        st.sampled_from((0, 0, -1, 1)),
    )
    anywhere = st.integers(-20, 300).map(_day)
    ends = sorted(draw(st.tuples(near | anywhere, near | anywhere)))
    return ends[0], ends[1]


@st.composite
def clinics(draw: st.DrawFn, max_patients: int = 4) -> Clinic:
    """Give a whole nasty clinic."""
    ids = draw(st.lists(st.sampled_from(IDS), max_size=max_patients, unique=True))
    rows = [row for patient_id in ids for row in draw(patients(patient_id))]
    if rows:
        places = st.integers(0, len(rows) - 1)
        for _ in range(draw(st.integers(0, 15))):
            rows[draw(places)].update(draw(st.sampled_from(ODDITIES)))
        for place in draw(st.lists(places, max_size=2)):  # twice entered, or two of a day
            rows.insert(place, dict(rows[place]))
            if draw(st.booleans()):
                rows[place]["start_time"] = draw(st.sampled_from(TIMES))
            if draw(st.booleans()):
                rows[place]["nrs_before"] = draw(st.sampled_from((None, *SCORES)))
    order = draw(st.sampled_from(("by-patient", "by-date", "backwards", "mixed")))
    if order == "by-date":
        rows.sort(key=lambda row: row["date"])
    elif order == "backwards":
        rows.reverse()
    elif order == "mixed":
        random.Random(draw(st.integers(0, 1000))).shuffle(rows)

    columns = draw(log_columns())
    drop_columns(rows, columns)
    register = draw(registers(ids))
    period = draw(periods(rows))
    last = max((row["date"] for row in rows), default=FIRST_DAY)
    if period is not None:
        last = max(last, period[1])
    return Clinic(rows, register, columns, period, last + dt.timedelta(draw(st.integers(0, 2))))


# ------------------------------------------------------------------ by seed


def random_clinic(
    seed: int, patients: int = 40, weeks: int = 6, odd: float = 0.03, period: bool = False
) -> Clinic:
    """Give a believable clinic; the same seed gives the same one.

    ``weeks`` is about how long a course lasts, ``odd`` the share of rows with something wrong,
    ``period`` whether a month in the middle is asked for.
    """
    rng = random.Random(seed)
    rows: list[dict[str, Any]] = []
    register: dict[str, dict[str, Any]] = {}
    for number in range(1, patients + 1):
        patient_id = f"P{number:04d}"
        theirs = _believable_patient(rng, patient_id, weeks)
        for row in theirs:
            if rng.random() < odd:
                row.update(rng.choice(ODDITIES) | {"clinic": None})
            if rng.random() < odd:
                row["nrs_before"] = None
        rows += theirs
        register[patient_id] = {
            "condition": rng.choice((BACK_PAIN, BACK_PAIN, "Nackenschmerzen", None)),
            "contraindications": rng.choice((None, "none", "none", rng.choice(CONTRAINDICATIONS))),
            "clearance": "Dr B" if rng.random() < 0.1 else None,
            "discharged": None,
        }
        if rng.random() < 0.2:
            register[patient_id]["discharged"] = rows[-1]["date"]
    rows.sort(key=lambda row: (row["date"], row["start_time"] or dt.time(23)))
    columns = set(FIELDS) - {"clinic"}
    last = max((row["date"] for row in rows), default=FIRST_DAY)
    month = None
    if period:
        middle = FIRST_DAY + (last - FIRST_DAY) / 2
        month = (middle.replace(day=1), middle.replace(day=28))
    return Clinic(rows, register, columns, month, last)


def _believable_patient(rng: random.Random, patient_id: str, weeks: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    start = FIRST_DAY + dt.timedelta(days=rng.randrange(120))
    for course in range(rng.choice((1, 1, 1, 2))):
        pain, floor = rng.uniform(3, 9.5), rng.uniform(0, 5)
        label = f"C{course + 1}" if rng.random() < 0.3 else None
        screened = start - dt.timedelta(days=rng.randrange(16))
        if rng.random() < 0.6:
            rows.append(
                empty_row(
                    patient_id,
                    screened,
                    visit_type="screening",
                    nrs_before=round(pain, 1),
                    contraindications="none",
                )
            )
        day = start
        stays = rng.choices(("to the end", "a week or two", "once"), (7, 2, 1))[0]
        lasts = {"to the end": round(rng.gauss(weeks, 1.5)), "a week or two": rng.choice((1, 2))}
        for week in range(max(1, lasts.get(stays, 1))):
            days_a_week = 1 if stays == "once" else rng.choice((2, 3, 3, 3, 4, 4, 5, 6))
            for offset in DAYS_OF_WEEK[days_a_week]:
                day = start + dt.timedelta(days=7 * week + offset)
                now = min(max(pain + rng.gauss(0, 0.8), 0), 10)
                score = round(now, 1) if rng.random() < 0.1 else float(round(now))
                rows.append(_believable_session(rng, patient_id, day, score, len(rows)))
                rows[-1]["course_id"] = label
            pain = floor + (pain - floor) * rng.uniform(0.6, 0.95)
            if rng.random() < 0.05:
                start += dt.timedelta(days=rng.choice((7, 14)))
        rows += _believable_follow_ups(rng, patient_id, day, pain)
        start = day + dt.timedelta(days=rng.choice((58, 60, 61, 90)))
    return rows


def _believable_follow_ups(
    rng: random.Random, patient_id: str, last_day: dt.date, pain: float
) -> list[dict[str, Any]]:
    rows = []
    for after in (27, 28, 60, 90):
        score = float(round(min(max(pain + rng.gauss(0, 2), 0), 10)))
        row = empty_row(
            patient_id,
            last_day + dt.timedelta(days=after),
            visit_type="follow-up",
            nrs_before=score,
        )
        if rng.random() < 0.3:
            rows.append(row)
    return rows


def _believable_session(
    rng: random.Random, patient_id: str, day: dt.date, score: float, place: int
) -> dict[str, Any]:
    minutes = float(rng.choice((8, 10, 12)) if place < 2 else rng.choice((10, 15, 20)))
    dose = round(34.7 * minutes * 60 / 1000, 1)
    return documented_row(
        patient_id,
        day,
        nrs_before=score,
        nrs_after=max(round(score - rng.choice((0, 0, 1, 2)), 1), 0.0),
        duration=minutes,
        start_time=dt.time(rng.randrange(8, 18), rng.choice((0, 15, 30, 45))),
        wavelength=830.0,
        irradiance=34.7,
        fluence=dose if rng.random() < 0.98 else round(dose * 1.1, 1),
        contraindications="none" if place == 0 and rng.random() < 0.8 else None,
        therapist=rng.choice(("Ada", "Ben")),
        adverse_event="mild redness" if rng.random() < 0.01 else "none",
    )
