"""The fields of the session log and of the register: all that is known about each, in one place.

Reading, headings, the blank log, the report's Sessions sheet, completeness, precautions and the
docs derive from the entries here (what an entry can tell: :mod:`clinicreport.log.field`). A field
is one entry and its headings in ``templates/headings.toml``; ``docs/adding-a-rule.md`` has the
steps.
"""

from __future__ import annotations

from clinicreport.log.field import Field, SessionsColumn

_CONDITIONS = (
    "chronic low back pain",
    "menstrual pain",
    "postoperative pain",
    "musculoskeletal injury",
    "inflammation",
)
_TREATED = "What is treated. Choose, or write your own."
_CLEARED = "Who cleared a contraindication, and when."
_SCORE = "a whole number from 0 (none) to 10 (worst). Blank if it was not asked."

# In the order of the blank log. One that is added can stand anywhere.
SESSION_FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field(
            "patient_id",
            "id",
            "Patient",
            needed=True,
            width=13,
            daily=True,
            what="The clinic's own id, always written the same way: P-007 is not P-7.",
            sessions=None,
        ),
        Field(
            "date",
            "date",
            "Date",
            needed=True,
            each_visit=True,
            width=13,
            daily=True,
            what="The day of the visit, such as 14/9/2026.",
            sessions=None,
        ),
        Field(
            "start_time",
            "time",
            "Start time",
            width=9,
            daily=True,
            what="When the session began, such as 14:30.",
            sessions=None,
        ),
        Field("visit_type", "visit_type", "Visit type", width=14, daily=True, sessions=None),
        Field(
            "nrs_before",
            "score",
            "NRS before",
            needed=True,
            each_visit=True,
            filled="Pain before the session",
            width=9,
            daily=True,
            what=f"Pain now, before the session: {_SCORE}",
            sessions=None,
        ),
        Field(
            "nrs_after",
            "score",
            "NRS after",
            each_visit=True,
            filled="Pain after the session",
            width=9,
            daily=True,
            what=f"Pain right after the session: {_SCORE}",
            sessions=None,
        ),
        Field(
            "duration",
            "minutes",
            "Duration",
            "min",
            filled="Minutes of the session",
            width=10,
            daily=True,
            sessions=SessionsColumn(9, "Minutes", printed=True),
        ),
        Field(
            "eye_protection",
            "yes_no",
            "Eye protection",
            filled="Eye protection",
            kept="Eye protection worn",
            daily=True,
            sessions=SessionsColumn(11, place=-1),
        ),
        Field(
            "safe_distance",
            "yes_no",
            "Safe distance",
            filled="Safe distance",
            kept="Safe distance kept",
            width=11,
            daily=True,
            sessions=SessionsColumn(10, place=-1),
        ),
        Field(
            "skin_clean",
            "yes_no",
            "Skin clean",
            filled="Skin clean",
            kept="Skin clean (no lotion)",
            width=9,
            daily=True,
            sessions=SessionsColumn(9, place=-1),
        ),
        Field(
            "adverse_event",
            "event",
            "Adverse event",
            each_visit=True,
            filled="Adverse event",
            width=20,
            daily=True,
            sessions=SessionsColumn(18, printed=True, place=1),
        ),
        Field("event_severity", "severity", "Event severity", each_visit=True, sessions=None),
        Field("event_related", "relation", "Event related", each_visit=True, sessions=None),
        Field(
            "stopped_for_event",
            "yes_no",
            "Stopped for event",
            each_visit=True,
            what="yes or no: treatment ended because of the adverse event.",
            sessions=None,
        ),
        Field(
            "contraindications",
            "contraindications",
            "Contraindications",
            width=22,
            daily=True,
            sessions=SessionsColumn(20, place=-1),
        ),
        Field(
            "clearance",
            "clearance",
            "Clearance",
            width=22,
            daily=True,
            what=_CLEARED,
            sessions=SessionsColumn(18, place=-1),
        ),
        Field(
            "clinic",
            "text",
            "Clinic",
            what="Only where one log holds several sites. Then in every row.",
            sessions=None,
        ),
        Field(
            "course_id",
            "label",
            "Course label",
            width=8,
            what="Only where the clinic numbers its courses of treatment.",
            sessions=SessionsColumn(place=2),
        ),
        Field(
            "condition",
            "text",
            "Condition",
            width=21,
            what=_TREATED,
            choices=_CONDITIONS,
            sessions=SessionsColumn(22, printed=True),
        ),
        Field(
            "pain_years",
            "number",
            "Years of pain",
            "years",
            bounds=(0, 120),
            width=8,
            sessions=SessionsColumn(9, place=1),
        ),
        Field("wavelength", "number", "Wavelength", "nm", bounds=(100, 20_000), width=11),
        Field("irradiance", "number", "Irradiance", "mW/cm²", width=11),
        Field(
            "fluence",
            "number",
            "Fluence",
            "J/cm²",
            width=9,
            what="The dose as given, in J/cm²: irradiance in mW/cm² x minutes x 60 / 1000, "
            "within {dose_tolerance} %.",
            sessions=SessionsColumn(11),
        ),
        Field(
            "medication",
            "medication",
            "Medication",
            "mg",
            each_visit=True,
            width=14,
            what="Pain medication taken that day, or none.",
            sessions=SessionsColumn(16, place=-1),
        ),
        Field(
            "mobility",
            "number",
            "Mobility",
            "cm",
            bounds=(-100, 200),
            each_visit=True,
            width=9,
            what="Trunk flexion in cm.",
            sessions=SessionsColumn(11, "Trunk flexion (cm)"),
        ),
        Field(
            "therapist",
            "text",
            "Therapist",
            width=10,
            what="Initials.",
            sessions=SessionsColumn(11, printed=True, place=1),
        ),
        Field(
            "waiver",
            "given",
            "Waiver",
            width=17,
            what="Why this visit deviates from the protocol on purpose.",
            sessions=SessionsColumn(20, place=3),
        ),
        Field("notes", "text", "Notes", width=22, sessions=SessionsColumn(30, place=3)),
    )
}

REGISTER_FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field(
            "patient_id",
            "id",
            "Patient",
            needed=True,
            width=13,
            what="The same id as in the sessions. One row a patient.",
        ),
        Field("clinic", "text", "Clinic", what="Only where the sessions have it too."),
        Field("name", "text", "Name", width=24, what="Only if you want it here; the id is enough."),
        Field(
            "sex",
            "text",
            "Sex",
            what="Choose, or write your own.",
            choices=("female", "male", "other"),
        ),
        Field(
            "birth_year",
            "number",
            "Birth year",
            bounds=(1900, 2100),
            whole=True,
            what="Four digits, such as 1961.",
        ),
        Field("condition", "text", "Condition", width=21, what=_TREATED, choices=_CONDITIONS),
        Field("pain_years", "number", "Years of pain", "years", bounds=(0, 120), width=8),
        Field("contraindications", "contraindications", "Contraindications", width=22),
        Field("clearance", "clearance", "Clearance", width=22, what=_CLEARED),
        Field("discharged", "date", "Discharged", width=14, what="The day of discharge."),
    )
}

# Read only to tell two people of one id apart: never printed, written or passed on.
PEOPLE_FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field("name", "name", "Name", sessions=None),
        Field("birth_date", "birth_date", "Date of birth", sessions=None),
        Field("birth_year", "birth_year", "Birth year", sessions=None),
    )
}

# All that a column of a session table can be.
COLUMN_FIELDS = SESSION_FIELDS | PEOPLE_FIELDS

# What places a visit in time where its date is not written: week k is start + 7k days.
LAYOUT_FIELDS: dict[str, Field] = {
    field.name: field
    for field in (Field("start_date", "date", "Start date"), Field("week", "number", "Week"))
}

NEEDED = tuple(field.name for field in SESSION_FIELDS.values() if field.needed)
SCORES = tuple(field.name for field in SESSION_FIELDS.values() if field.kind == "score")
PRECAUTIONS = {field.name: field.kept for field in SESSION_FIELDS.values() if field.kept}
OF_A_VISIT = frozenset(field.name for field in SESSION_FIELDS.values() if field.each_visit)
# Field -> its name in words; the precautions stand last.
COMPLETENESS = {
    field.name: field.filled
    for field in sorted(SESSION_FIELDS.values(), key=lambda field: field.name in PRECAUTIONS)
    if field.filled
}


def as_written(name: str) -> str:
    """The column of visits that holds a score as its cell does, where its scale is declared."""
    return f"{name}_own"


def sessions_columns(*, printed: bool) -> list[tuple[Field, SessionsColumn]]:
    """The fields that the report's Sessions sheet shows where a log has them, in its order."""
    shown = [(field, field.sessions) for field in SESSION_FIELDS.values() if field.sessions]
    own = [(field, column) for field, column in shown if column.printed == printed]
    return sorted(own, key=lambda pair: pair[1].place)
