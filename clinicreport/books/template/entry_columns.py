"""How each field is typed into the blank log: heading, number format, drop-down, limit, message.

Everything that is a limit comes from the protocol. What a cell takes here, the reader understands.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from textwrap import shorten
from typing import Any

from clinicreport.ground.rounding import written
from clinicreport.log.cells import VISIT_TYPES
from clinicreport.log.dates import FIRST_YEAR
from clinicreport.log.fields import REGISTER_FIELDS, SESSION_FIELDS, Field
from clinicreport.log.headings import Aliases, packaged_aliases
from clinicreport.protocol.in_force import Protocol

# What is typed at every visit first, what is rarely used last: so the log is printed on two pages.
DAILY = (
    "patient_id",
    "date",
    "start_time",
    "visit_type",
    "nrs_before",
    "nrs_after",
    "duration",
    "eye_protection",
    "safe_distance",
    "skin_clean",
    "adverse_event",
    "contraindications",
    "clearance",
)
CONDITIONS = (
    "chronic low back pain",
    "menstrual pain",
    "postoperative pain",
    "musculoskeletal injury",
    "inflammation",
)
TEXT, DAY, CLOCK, NUMBER = "@", "d mmm yyyy", "hh:mm", "General"
_WIDTHS = {
    "patient_id": 13,
    "date": 13,
    "start_time": 9,
    "visit_type": 14,
    "nrs_before": 9,
    "nrs_after": 9,
    "duration": 10,
    "eye_protection": 12,
    "safe_distance": 11,
    "skin_clean": 9,
    "adverse_event": 20,
    "contraindications": 22,
    "clearance": 22,
    "clinic": 12,
    "course_id": 8,
    "condition": 21,
    "pain_years": 8,
    "wavelength": 11,
    "irradiance": 11,
    "fluence": 9,
    "medication": 14,
    "mobility": 9,
    "therapist": 10,
    "waiver": 17,
    "notes": 22,
    "name": 24,
    "discharged": 14,
}
_LONGEST_TITLE, _LONGEST_MESSAGE = 32, 255  # what a workbook takes


@dataclass(frozen=True, slots=True)
class EntryColumn:
    """One column of the blank log. ``rule`` is a data validation as XlsxWriter takes it."""

    field: Field
    heading: str
    what: str  # what to write, for the instructions
    format: str = TEXT
    rule: dict[str, Any] = dataclasses.field(default_factory=dict)
    words: tuple[str, ...] = ()  # of a drop-down that stands on the instructions sheet

    @property
    def width(self) -> float:
        """The column's width in characters."""
        return _WIDTHS.get(self.field.name, 12)

    @property
    def centred(self) -> bool:
        """Whether the column holds short values of one kind."""
        return self.format != TEXT or self.field.kind in ("yes_no", "visit_type")


def session_entries(protocol: Protocol, own: Mapping[str, Sequence[str]]) -> list[EntryColumn]:
    """The columns of the sheet of sessions; ``own``: the clinic's headings by field."""
    order = [*DAILY, *(name for name in SESSION_FIELDS if name not in DAILY)]
    return [_entry(SESSION_FIELDS[name], protocol, own, register=False) for name in order]


def register_entries(protocol: Protocol, own: Mapping[str, Sequence[str]]) -> list[EntryColumn]:
    """The columns of the sheet of patients."""
    fields = REGISTER_FIELDS.values()
    return [_entry(field_, protocol, own, register=True) for field_ in fields]


def heading_of(field_: Field, own: Mapping[str, Sequence[str]]) -> str:
    """The clinic's own heading of a field, else its label: the first one that is read as it."""
    aliases = Aliases(own)
    label = field_.label
    if field_.unit and field_.unit not in label.lower():
        label = f"{label} ({field_.unit})"
    wanted = [*own.get(field_.name, ()), label, field_.label, field_.name]
    usual = packaged_aliases().get(field_.name, ())
    return next(text for text in (*wanted, *usual) if aliases.field(text) == field_.name)


def _entry(
    field_: Field, protocol: Protocol, own: Mapping[str, Sequence[str]], *, register: bool
) -> EntryColumn:
    form, what, rule, words = _TYPED[field_.kind](field_, protocol, register)
    special = _SPECIAL.get((field_.name, register))
    if special:
        what = special
    if field_.name == "condition":
        words = _conditions(protocol)
    elif field_.name == "sex":
        words = ("female", "male", "other")
    if words:
        rule = rule | {"validate": "list", "show_error": False}
    rule = {"validate": "any"} | rule | _message(field_.label, what)
    return EntryColumn(field_, heading_of(field_, own), what, form, rule, words)


def _message(label: str, what: str) -> dict[str, Any]:
    return {
        "input_title": shorten(label, _LONGEST_TITLE, placeholder="…"),
        "input_message": shorten(what, _LONGEST_MESSAGE, placeholder="…"),
    }


def _refusal(sentence: str, kind: str = "stop") -> dict[str, Any]:
    return {
        "error_title": "Please check",
        "error_message": shorten(sentence, _LONGEST_MESSAGE, placeholder="…"),
        "error_type": kind,
    }


def _conditions(protocol: Protocol) -> tuple[str, ...]:
    """Conditions to choose from: those with limits or references of their own come first."""
    own = [entry.match[0] for entry in protocol.conditions.values()]
    referenced = [arm.population[0] for arm in protocol.reference]
    return tuple(dict.fromkeys((*own, *referenced, *CONDITIONS)))


# ---------------------------------------------------------------------------------- by kind

_Typed = tuple[str, str, dict[str, Any], tuple[str, ...]]  # format, what to write, rule, words


def _id(field_: Field, _: Protocol, __: bool) -> _Typed:  # noqa: FBT001
    return TEXT, f"The clinic's own {field_.label.lower()}, always written the same way.", {}, ()


def _date(_: Field, __: Protocol, register: bool) -> _Typed:  # noqa: FBT001
    what = "The day of discharge." if register else "The day of the visit, such as 14/9/2026."
    rule = {
        "validate": "date",
        "criteria": "between",
        "minimum": date(FIRST_YEAR, 1, 1),
        "maximum": "=TODAY()+366",
    }
    sentence = f"Enter a date from {FIRST_YEAR} to a year from today, such as 14/9/2026."
    return DAY, what, rule | _refusal(sentence), ()


def _time(_: Field, __: Protocol, ___: bool) -> _Typed:  # noqa: FBT001
    rule = {
        "validate": "time",
        "criteria": "between",
        "minimum": time(0, 0),
        "maximum": time(23, 59, 59),
    }
    refusal = _refusal("Enter a time of day such as 14:30.")
    return CLOCK, "When the session began, such as 14:30.", rule | refusal, ()


def _score(field_: Field, _: Protocol, __: bool) -> _Typed:  # noqa: FBT001
    when = "now, before the session" if field_.name == "nrs_before" else "right after the session"
    what = f"Pain {when}: a whole number from 0 (none) to 10 (worst). Blank if it was not asked."
    rule = {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 10}
    return NUMBER, what, rule | _refusal("Enter one whole number from 0 to 10."), ()


def _minutes(_: Field, protocol: Protocol, __: bool) -> _Typed:  # noqa: FBT001
    band, session = protocol.widest()[0], protocol.session
    limits = f"{written(band.min)} to {written(band.max)} minutes"
    what = f"Minutes of light. The protocol: {limits}" + (
        f"; in the first treatments of a course ({session.ramp_up_treatments}) "
        f"{written(session.ramp_up_max_minutes)} minutes at most, or fewer than "
        f"{written(band.min)}."
        if session.ramp_up_treatments
        else "."
    )
    rule = {"validate": "decimal", "criteria": "between", "minimum": band.min, "maximum": band.max}
    sentence = f"The protocol says {limits}. Keep this if it is what was done."
    return NUMBER, what, rule | _refusal(sentence, "warning"), ()


def _number(field_: Field, protocol: Protocol, __: bool) -> _Typed:  # noqa: FBT001
    unit = f" in {field_.unit}" if field_.unit else ""
    what = f"{field_.label}{unit}, a number."
    if field_.name == "fluence":
        what = (
            "The dose as given, in J/cm²: irradiance in mW/cm² x minutes x 60 / 1000, "
            f"within {written(protocol.dose.tolerance_percent)} %."
        )
    low, high = _BOUNDS.get(field_.name, (0, 100_000))
    kind = "integer" if field_.name == "birth_year" else "decimal"
    rule = {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}
    sentence = f"Enter a number{unit} from {written(low)} to {written(high)}, without letters."
    return NUMBER, what, rule | _refusal(sentence), ()


_BOUNDS = {
    "pain_years": (0, 120),
    "wavelength": (100, 20_000),
    "mobility": (-100, 200),
    "birth_year": (1900, 2100),
}


def _yes_no(field_: Field, protocol: Protocol, __: bool) -> _Typed:  # noqa: FBT001
    asked = getattr(protocol.safety, field_.name, "")
    what = f"yes or no{f': {asked}' if asked else ''}. Blank means that nobody wrote it down."
    rule = {"validate": "list", "source": ["yes", "no"]}
    return TEXT, what, rule | _refusal("Choose yes or no, or leave it blank."), ()


def _visit_type(_: Field, __: Protocol, ___: bool) -> _Typed:  # noqa: FBT001
    names = list(VISIT_TYPES)
    said = f"{', '.join(names[:-1])} or {names[-1]}"
    rule = {"validate": "list", "source": names} | _refusal(f"Choose {said}.")
    return TEXT, f"{said}. Blank means treatment.", rule, ()


def _contraindications(_: Field, protocol: Protocol, __: bool) -> _Typed:  # noqa: FBT001
    names = tuple(entry.name for entry in protocol.safety.contraindications)
    also = ("photosensitive medication",) if protocol.safety.photosensitive_terms else ()
    what = f"What was found ({', '.join((*names, *also))} …), or none where nothing was."
    return TEXT, what, {}, ("none", *names, *also)


def _event(_: Field, __: Protocol, ___: bool) -> _Typed:  # noqa: FBT001
    what = "What happened, in a few words, or none. Blank is not none: it means not documented."
    return TEXT, what, {}, ("none",)


def _text(field_: Field, _: Protocol, __: bool) -> _Typed:  # noqa: FBT001
    return TEXT, f"{field_.label}, in your own words.", {}, ()


_TYPED = {
    "id": _id,
    "date": _date,
    "time": _time,
    "score": _score,
    "minutes": _minutes,
    "number": _number,
    "yes_no": _yes_no,
    "visit_type": _visit_type,
    "text": _text,
    "contraindications": _contraindications,
    "event": _event,
    "given": _text,
}
_SPECIAL = {
    ("patient_id", False): "The clinic's own id, always written the same way: P-007 is not P-7.",
    ("patient_id", True): "The same id as in the sessions. One row a patient.",
    ("course_id", False): "Only where the clinic numbers its courses of treatment.",
    ("clinic", False): "Only where one log holds several sites. Then in every row.",
    ("clinic", True): "Only where the sessions have it too.",
    ("clearance", False): "Who cleared a contraindication, and when.",
    ("clearance", True): "Who cleared a contraindication, and when.",
    ("waiver", False): "Why this visit deviates from the protocol on purpose.",
    ("medication", False): "Pain medication taken that day.",
    ("mobility", False): "Trunk flexion in cm.",
    ("therapist", False): "Initials.",
    ("name", True): "Only if you want it here; the id is enough.",
    ("condition", False): "What is treated. Choose, or write your own.",
    ("condition", True): "What is treated. Choose, or write your own.",
    ("sex", True): "Choose, or write your own.",
    ("birth_year", True): "Four digits, such as 1961.",
}
