"""One synthetic clinic from July to September 2026: its patients and each visit they made.

Every patient has a random generator of their own, so that a change to one of them leaves the
others as they were. Nobody here exists. Scores are made so that the clinic's result is modest,
about 2 points of 10 with half of the patients under 30 %, and some get worse.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random

Cell = str | int | float | date | time | None
Visit = dict[str, Cell]  # by field name, such as "nrs_before"

SEED = "Harbour 9"
PATIENTS = 62
OPENING_RUSH = 17  # patients of the first eight working days
OPENED, LAST_DAY, LAST_SCREENING = date(2026, 7, 1), date(2026, 9, 30), date(2026, 9, 17)

CONDITIONS = {  # share of the patients
    "Chronic low back pain": 0.58,
    "Neck pain": 0.14,
    "Musculoskeletal injury": 0.12,
    "Postoperative": 0.08,
    "Menstrual pain": 0.08,
}
DEVICES = ((890, 24.0), (850, 34.7))  # nm, mW/cm²
WEEKDAYS = {3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}  # by visits a week; Monday is 0
PLAIN_NUMBER_IDS = (7, 23, 41)  # written "007", without the "H-" of the others
MEDICATION = ("Paracetamol 1 g", "Ibuprofen 400 mg", "Naproxen 250 mg", "Tramadol 50 mg")
EVENTS = ("Warmth at the site, gone in an hour", "Mild headache", "Slight redness of the skin")
REMARKS = ("Slept better", "Arrived late", "Back at work", "Tired today", "Walked to the clinic")

# What is planted in one patient each, by the patient's number.
BASELINES = {12: 0, 29: 3, 44: 2}
CONTRAINDICATIONS = {
    9: ("Hyperthyroidism", "GP letter of 01/07/2026"),
    31: ("Photosensitive medication", "Dermatology clinic, 03/08/2026"),
    52: ("Recent burns", ""),
}
NO_SCREENING_VISIT = {16, 38}
NOTHING_RECORDED = {38}  # about contraindications, in the log or in the register
PAUSES = {14: (6, 21), 22: (7, 14)}  # after so many sessions, so many days more than planned
PLANTED: tuple[tuple[int, int, str, Cell], ...] = (  # patient, treatment from 0, field, value
    (3, 5, "duration", 6),
    (8, 1, "duration", 20),
    (17, 6, "duration", 28),
    (26, 7, "duration", 25),
    (26, 7, "waiver", "Longer by agreement: two areas treated"),
    (22, 7, "waiver", "Away for a family visit"),
    (11, 4, "fluence", 14.4),
    (35, 3, "fluence", 312.3),
    (20, 2, "eye_protection", "No"),
    (30, 4, "safe_distance", "No"),
    (6, 8, "skin_clean", "No"),
    (16, 0, "nrs_before", None),  # nor a screening visit: no baseline
    (50, 4, "nrs_before", "6-7"),
)
DUPLICATED = (28, 5)  # patient, treatment from 0: this row is there twice


@dataclass(frozen=True)
class Patient:
    """One line of the register, and what the simulation knows beyond it."""

    number: int
    patient_id: str
    sex: str
    birth_year: int
    condition: str
    pain_years: float
    contraindications: str
    clearance: str
    baseline: int
    change: float  # points from the first session to the end of a full course
    per_week: int
    weeks: int
    kept: int  # sessions until the patient drops out
    minutes: int
    device: tuple[int, float]  # nm, mW/cm²
    start: int  # usual time, in minutes after midnight
    medication: str


@dataclass(frozen=True)
class Clinic:
    """All visits in order of date and time, and when each course that was completed ended."""

    patients: list[Patient]
    visits: list[Visit]
    discharged: dict[str, date]  # by patient id

    def first_visit(self, patient: Patient) -> date:
        """The day from which the register knows the patient."""
        return min(day(visit) for visit in self.visits if visit["patient_id"] == patient.patient_id)


def day(visit: Visit) -> date:
    """The date of a visit."""
    value = visit["date"]
    assert isinstance(value, date)
    return value


def working_day(wanted: date) -> date:
    """The day itself, or the Monday after it."""
    return wanted + timedelta(max(0, 7 - wanted.weekday()) if wanted.weekday() > 4 else 0)


def harbour_pain_clinic() -> Clinic:
    """The whole clinic, always the same."""
    clinic = Clinic([], [], {})
    for number in range(1, PATIENTS + 1):
        rng = Random(f"{SEED}, patient {number}")  # text seeds are stable across versions
        patient = make_patient(rng, number)
        visits = all_visits(rng, patient, clinic.discharged)
        plant(patient, visits)
        clinic.patients.append(patient)
        clinic.visits.extend(visit for visit in visits if day(visit) <= LAST_DAY)
    clinic.visits.sort(key=lambda visit: (day(visit), str(visit["start_time"])))
    return clinic


def make_patient(rng: Random, number: int) -> Patient:
    """Who comes, with which pain, and how treatment will go."""
    condition = rng.choices(list(CONDITIONS), list(CONDITIONS.values()))[0]
    menstrual = condition == "Menstrual pain"
    recent = condition in {"Postoperative", "Musculoskeletal injury"}
    unknown = ("", "") if number in NOTHING_RECORDED else ("None", "")
    contraindications, clearance = CONTRAINDICATIONS.get(number, unknown)
    baseline = BASELINES.get(number, min(10, max(4, round(rng.gauss(6.6, 1.4)))))
    planted_late = number in PAUSES or any(number == plan[0] for plan in PLANTED)
    drops_out = rng.random() < 0.17 and not planted_late
    return Patient(
        number=number,
        patient_id=f"{number:03d}" if number in PLAIN_NUMBER_IDS else f"H-{number:03d}",
        sex="F" if menstrual or rng.random() < 0.55 else "M",
        birth_year=rng.randint(1985, 2004) if menstrual else rng.randint(1941, 1999),
        condition=condition,
        pain_years=0.5 if recent else rng.randint(1, 18),
        contraindications=contraindications,
        clearance=clearance,
        baseline=baseline,
        change=course_change(rng) if baseline >= 4 else rng.choice((0.4, -0.6, -1.2)),
        per_week=rng.choices((3, 4, 5), (0.3, 0.62, 0.08))[0],
        weeks=rng.choices((3, 4), (0.45, 0.55))[0],
        kept=rng.randint(1, 8) if drops_out else 99,
        minutes=rng.choice((15, 15, 18, 20)),
        device=rng.choice(DEVICES),
        start=510 + 15 * rng.randrange(34),
        medication=rng.choice((*MEDICATION, "None")),
    )


def course_change(rng: Random) -> float:
    """Points from baseline to the end of a course: a few worse, a third little, the rest better."""
    kind = rng.random()
    if kind < 0.10:
        return rng.gauss(1.8, 0.7)
    return rng.gauss(-0.9, 0.6) if kind < 0.45 else rng.gauss(-3.5, 1.0)


def all_visits(rng: Random, patient: Patient, discharged: dict[str, date]) -> list[Visit]:
    """Screening, course, follow-ups and, after a relapse, perhaps a second course."""
    screened = screening_day(patient.number)
    visits: list[Visit] = []
    if patient.number not in NO_SCREENING_VISIT:
        visits.append(screening(rng, patient, screened))
    first = working_day(screened + timedelta(rng.randint(1, 5)))
    course = course_visits(rng, patient, first, "1")
    visits += course
    last = max(day(visit) for visit in course if visit["visit_type"] == "Treatment")
    if patient.kept < 99 or last > LAST_DAY:
        return visits
    if rng.random() < 0.75:
        discharged[patient.patient_id] = last
    relapses = patient.change < -1.5 and rng.random() < 0.35
    returned = working_day(last + timedelta(rng.randint(28, 38)))
    if rng.random() < 0.85:
        visits.append(follow_up(rng, patient, returned, relapses=relapses))
    if relapses and rng.random() < 0.8:
        again = working_day(returned + timedelta(rng.randint(3, 8)))
        return visits + course_visits(rng, patient, again, "2")
    later = working_day(last + timedelta(rng.randint(56, 68)))
    if rng.random() < 0.6:
        visits.append(follow_up(rng, patient, later, relapses=relapses))
    return visits


def screening_day(number: int) -> date:
    """A rush when the clinic opens, then patients come evenly."""
    if number <= OPENING_RUSH:
        return working_day(OPENED + timedelta((number - 1) * 11 // OPENING_RUSH))
    start = OPENED + timedelta(12)
    share = (number - OPENING_RUSH) / (PATIENTS - OPENING_RUSH)
    return working_day(start + timedelta(round(share * (LAST_SCREENING - start).days)))


def course_visits(rng: Random, patient: Patient, first: date, label: str) -> list[Visit]:
    """The sessions of one course; now and then a visit is missed, and some never return."""
    days = treatment_days(patient, first)
    visits: list[Visit] = []
    done = 0
    for when in days:
        gone = done == patient.kept
        if gone or (done and rng.random() < 0.05):
            visits.append(not_attended(rng, patient, when, label))
        else:
            progress = (1 - math.exp(-2.5 * done / len(days))) / (1 - math.exp(-2.5))
            level = patient.baseline + patient.change * progress
            visits.append(treatment(rng, patient, when, label, done, level))
            done += 1
        if gone:  # one missed visit is written down, then no more are planned
            break
    return visits


def treatment_days(patient: Patient, first: date) -> list[date]:
    """One day more than usual in the first week, then the patient's weekdays; pauses as planted."""
    weekdays = WEEKDAYS[patient.per_week]
    days = [first + timedelta(k) for k in range(7)]
    days = [when for when in days if when.weekday() < 5][: min(5, patient.per_week + 1)]
    rest = (first + timedelta(k) for k in range(7, 7 * patient.weeks))
    days += [when for when in rest if when.weekday() in weekdays]
    after, pause = PAUSES.get(patient.number, (len(days), 0))
    return days[:after] + [when + timedelta(pause) for when in days[after:]]


def any_visit(rng: Random, patient: Patient, when: date, kind: str) -> Visit:
    """What every row has."""
    start = patient.start + rng.choice((-15, -10, 0, 0, 0, 5, 10, 20))
    return {
        "patient_id": patient.patient_id,
        "date": when,
        "start_time": time(start // 60, start % 60),
        "visit_type": kind,
        "therapist": f"T{rng.randint(1, 3)}",
        "condition": patient.condition,
    }


def screening(rng: Random, patient: Patient, when: date) -> Visit:
    """The first visit: pain and contraindications, no treatment."""
    return any_visit(rng, patient, when, "Screening") | {
        "nrs_before": score(patient.baseline + rng.gauss(0, 0.5) * (patient.baseline > 0)),
        "contraindications": patient.contraindications,
        "clearance": patient.clearance,
    }


def follow_up(rng: Random, patient: Patient, when: date, *, relapses: bool) -> Visit:
    """A later visit without treatment; whoever relapses is nearly back where they began."""
    ending = patient.baseline + patient.change
    level = patient.baseline - 0.5 if relapses else ending + rng.gauss(0.3, 0.6)
    visit = any_visit(rng, patient, when, "Follow-up")
    return visit | {"course_id": "1", "nrs_before": score(level)}


def not_attended(rng: Random, patient: Patient, when: date, label: str) -> Visit:
    """A visit that was planned and missed."""
    kind = rng.choice(("No-show", "No-show", "Cancelled"))
    return any_visit(rng, patient, when, kind) | {"course_id": label}


def treatment(
    rng: Random, patient: Patient, when: date, label: str, done: int, level: float
) -> Visit:
    """One session: ``done`` sessions of the course came before it, ``level`` is the true pain."""
    before = score(level + (rng.gauss(0, 0.55) if done and patient.baseline else 0))
    after = score(before - rng.gauss(0.8, 0.8))
    shorter = {0: rng.choice((8, 10)), 1: rng.choice((10, 12, 15))}  # the first two sessions
    minutes = shorter.get(done, patient.minutes)
    wavelength, irradiance = patient.device
    visit = any_visit(rng, patient, when, "Treatment") | {
        "course_id": label,
        "nrs_before": before if done == 0 or rng.random() < 0.988 else None,
        "nrs_after": after if rng.random() < 0.97 else None,
        "duration": minutes,
        "wavelength": wavelength,
        "irradiance": irradiance,
        "fluence": dose(irradiance, minutes),
        "adverse_event": rng.choice(EVENTS) if rng.random() < 0.011 else "None",
        "medication": patient.medication if rng.random() < 0.12 * before else "None",
        "notes": rng.choice(REMARKS) if rng.random() < 0.04 else None,
    }
    for precaution in ("eye_protection", "safe_distance", "skin_clean"):
        visit[precaution] = "Yes" if rng.random() < 0.992 else None
    if rng.random() < 0.03:
        visit["adverse_event"] = None
    if done == 0:
        visit["contraindications"] = patient.contraindications
        visit["clearance"] = patient.clearance
    return visit


def score(level: float) -> int:
    """A pain level as a patient says it: a whole number from 0 to 10."""
    return min(10, max(0, round(level)))


def dose(irradiance: float, minutes: float) -> float:
    """Fluence in J/cm² of so many minutes at an irradiance in mW/cm²."""
    return round(irradiance * minutes * 60 / 1000, 1)


def plant(patient: Patient, visits: list[Visit]) -> None:
    """Put the deviations of ``PLANTED`` and the duplicate row into a patient's visits."""
    treatments = [visit for visit in visits if visit["visit_type"] == "Treatment"]
    for number, nth, field, value in PLANTED:
        if number == patient.number:
            treatments[nth][field] = value
            if field == "duration" and isinstance(value, int):
                treatments[nth]["fluence"] = dose(patient.device[1], value)
    if patient.number == DUPLICATED[0]:
        twice = treatments[DUPLICATED[1]]
        visits.append(dict(twice))
