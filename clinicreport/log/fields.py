"""The fields of the session log and of the register: what each means and how it is typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "id",
    "date",
    "score",
    "minutes",
    "number",
    "yes_no",
    "visit_type",
    "time",
    "text",
    "contraindications",
    "event",
    "given",
]


@dataclass(frozen=True, slots=True)
class Field:
    """One field. ``label`` is what people read, ``unit`` what a number is in."""

    name: str
    kind: Kind
    label: str
    unit: str = ""
    needed: bool = False


SESSION_FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field("patient_id", "id", "Patient", needed=True),
        Field("date", "date", "Date", needed=True),
        Field("start_time", "time", "Start time"),
        Field("visit_type", "visit_type", "Visit type"),
        Field("nrs_before", "score", "NRS before", needed=True),
        Field("nrs_after", "score", "NRS after"),
        Field("duration", "minutes", "Duration", "min"),
        Field("clinic", "text", "Clinic"),
        Field("course_id", "id", "Course label"),
        Field("condition", "text", "Condition"),
        Field("pain_years", "number", "Years of pain", "years"),
        Field("wavelength", "number", "Wavelength", "nm"),
        Field("irradiance", "number", "Irradiance", "mW/cm²"),
        Field("fluence", "number", "Fluence", "J/cm²"),
        Field("eye_protection", "yes_no", "Eye protection"),
        Field("safe_distance", "yes_no", "Safe distance"),
        Field("skin_clean", "yes_no", "Skin clean"),
        Field("contraindications", "contraindications", "Contraindications"),
        Field("clearance", "given", "Clearance"),
        Field("adverse_event", "event", "Adverse event"),
        Field("medication", "text", "Medication"),
        Field("mobility", "number", "Mobility", "cm"),
        Field("therapist", "text", "Therapist"),
        Field("waiver", "given", "Waiver"),
        Field("notes", "text", "Notes"),
    )
}

REGISTER_FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field("patient_id", "id", "Patient", needed=True),
        Field("clinic", "text", "Clinic"),
        Field("name", "text", "Name"),
        Field("sex", "text", "Sex"),
        Field("birth_year", "number", "Birth year"),
        Field("condition", "text", "Condition"),
        Field("pain_years", "number", "Years of pain", "years"),
        Field("contraindications", "contraindications", "Contraindications"),
        Field("clearance", "given", "Clearance"),
        Field("discharged", "date", "Discharged"),
    )
}

# What places a visit in time where its date is not written: week k is start + 7k days.
LAYOUT_FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field("start_date", "date", "Start date"),
        Field("week", "number", "Week"),
    )
}

NEEDED = tuple(field.name for field in SESSION_FIELDS.values() if field.needed)
PRECAUTIONS = ("eye_protection", "safe_distance", "skin_clean")
SCORES = ("nrs_before", "nrs_after")
# What differs from visit to visit: in a row a patient, one column of it belongs to no visit.
OF_A_VISIT = frozenset({*SCORES, "date", "adverse_event", "medication", "mobility"})
NUMERIC_KINDS = ("score", "minutes", "number", "time")
