"""How each field is typed into the blank log: heading, number format, drop-down, limit, message.

Everything that is a limit comes from the protocol. What a cell takes here, the reader understands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from functools import partial
from textwrap import shorten
from typing import Any, NamedTuple

from clinicreport.ground.rounding import written
from clinicreport.log.cells import RELATIONS, SEVERITIES, VISIT_TYPES
from clinicreport.log.dates import FIRST_YEAR
from clinicreport.log.field import Field, Kind
from clinicreport.log.fields import REGISTER_FIELDS, SESSION_FIELDS
from clinicreport.log.headings import Aliases, packaged_aliases
from clinicreport.protocol.in_force import Protocol

TEXT, DAY, CLOCK, NUMBER = "@", "d mmm yyyy", "hh:mm", "General"
_LONGEST_TITLE, _LONGEST_MESSAGE = 32, 255  # what a workbook takes


class EntryColumn(NamedTuple):
    """One column of the blank log. ``rule`` is a data validation as XlsxWriter takes it."""

    field: Field
    heading: str
    what: str  # what to write, for the instructions
    format: str
    rule: dict[str, Any]
    words: tuple[str, ...]  # of a drop-down that stands on the instructions sheet

    @property
    def centred(self) -> bool:
        """Whether the column holds short values of one kind."""
        return self.format != TEXT or self.field.kind in ("yes_no", "visit_type")


def session_entries(protocol: Protocol, own: Mapping[str, Sequence[str]]) -> list[EntryColumn]:
    """The columns of the sheet of sessions; ``own``: the clinic's headings by field."""
    fields = sorted(SESSION_FIELDS.values(), key=lambda field: not field.daily)
    return [_entry(field_, protocol, own) for field_ in fields]


def register_entries(protocol: Protocol, own: Mapping[str, Sequence[str]]) -> list[EntryColumn]:
    """The columns of the sheet of patients."""
    return [_entry(field_, protocol, own) for field_ in REGISTER_FIELDS.values()]


def heading_of(field_: Field, own: Mapping[str, Sequence[str]]) -> str:
    """The clinic's own heading of a field, else its label: the first one that is read as it."""
    aliases = Aliases(own)
    wanted = [*own.get(field_.name, ()), field_.heading, field_.label, field_.name]
    usual = packaged_aliases().get(field_.name, ())
    return next(text for text in (*wanted, *usual) if aliases.field(text) == field_.name)


def _entry(field_: Field, protocol: Protocol, own: Mapping[str, Sequence[str]]) -> EntryColumn:
    form, what, rule, words = _TYPED[field_.kind](field_, protocol)
    tolerance = written(protocol.dose.tolerance_percent)
    what = field_.what.format(dose_tolerance=tolerance) or what
    words = field_.choices or words
    if field_.name == "condition":
        words = _conditions(protocol, words)
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


def _conditions(protocol: Protocol, usual: tuple[str, ...]) -> tuple[str, ...]:
    """Conditions to choose from: those with limits or references of their own come first."""
    own = [entry.match[0] for entry in protocol.conditions.values()]
    referenced = [arm.population[0] for arm in protocol.reference]
    return tuple(dict.fromkeys((*own, *referenced, *usual)))


# ---------------------------------------------------------------------------------- by kind

_Typed = tuple[str, str, dict[str, Any], tuple[str, ...]]  # format, what to write, rule, words


def _id(field_: Field, _: Protocol) -> _Typed:
    return TEXT, f"The clinic's own {field_.label.lower()}, always written the same way.", {}, ()


def _date(_: Field, __: Protocol) -> _Typed:
    rule = {
        "validate": "date",
        "criteria": "between",
        "minimum": date(FIRST_YEAR, 1, 1),
        "maximum": "=TODAY()+366",
    }
    sentence = f"Enter a date from {FIRST_YEAR} to a year from today, such as 14/9/2026."
    return DAY, "A day, such as 14/9/2026.", rule | _refusal(sentence), ()


def _time(_: Field, __: Protocol) -> _Typed:
    rule = {
        "validate": "time",
        "criteria": "between",
        "minimum": time(0, 0),
        "maximum": time(23, 59, 59),
    }
    refusal = _refusal("Enter a time of day such as 14:30.")
    return CLOCK, "A time of day, such as 14:30.", rule | refusal, ()


def _score(_: Field, __: Protocol) -> _Typed:
    what, rule = _scored("whole number")
    return NUMBER, what, rule, ()


def _scored(number: str) -> tuple[str, dict[str, Any]]:
    """What to write for a score, and the rule of its cell; ``number``: whole, or any."""
    what = f"A {number} from 0 to 10. Blank if it was not asked."
    kind = "decimal" if number == "number" else "integer"
    rule = {"validate": kind, "criteria": "between", "minimum": 0, "maximum": 10}
    return what, rule | _refusal(f"Enter one {number} from 0 to 10.")


def score_rule(field_: Field, *, whole: bool) -> dict[str, Any]:
    """The rule of a score's cell, with its messages; ``whole``: not for scores such as 6.5."""
    what, rule = _scored("whole number" if whole else "number")
    return rule | _message(field_.label, field_.what if whole and field_.what else what)


def _minutes(field_: Field, protocol: Protocol) -> _Typed:
    if field_.name != "duration":  # whose minutes the protocol limits
        return _number(field_, protocol)
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


def _number(field_: Field, _: Protocol) -> _Typed:
    unit = f" in {field_.unit}" if field_.unit else ""
    what = f"{field_.label}{unit}, a number."
    low, high = field_.bounds
    kind = "integer" if field_.whole else "decimal"
    rule = {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}
    sentence = f"Enter a number{unit} from {written(low)} to {written(high)}, without letters."
    return NUMBER, what, rule | _refusal(sentence), ()


def _yes_no(field_: Field, protocol: Protocol) -> _Typed:
    asked = getattr(protocol.safety, field_.name, "")
    what = f"yes or no{f': {asked}' if asked else ''}. Blank means that nobody wrote it down."
    rule = {"validate": "list", "source": ["yes", "no"]}
    return TEXT, what, rule | _refusal("Choose yes or no, or leave it blank."), ()


def _visit_type(_: Field, __: Protocol) -> _Typed:
    names = list(VISIT_TYPES)
    said = f"{', '.join(names[:-1])} or {names[-1]}"
    rule = {"validate": "list", "source": names} | _refusal(f"Choose {said}.")
    return TEXT, f"{said}. Blank means treatment.", rule, ()


def _contraindications(_: Field, protocol: Protocol) -> _Typed:
    names = tuple(entry.name for entry in protocol.safety.asked)
    also = ("photosensitive medication",) if protocol.safety.photosensitive_terms else ()
    what = f"What was found ({', '.join((*names, *also))} …), or none where nothing was."
    return TEXT, what, {}, ("none", *names, *also)


def _event(_: Field, __: Protocol) -> _Typed:
    what = "What happened, in a few words, or none. Blank is not none: it means not documented."
    return TEXT, what, {}, ("none",)


def _choice(choices: Mapping[str, Sequence[str]], field_: Field, _: Protocol) -> _Typed:
    said = f"{', '.join(list(choices)[:-1])} or {list(choices)[-1]}"
    rule = {"validate": "list", "source": list(choices)}
    return TEXT, f"{field_.label}: {said}.", rule | _refusal(f"Choose {said}."), ()


def _text(field_: Field, _: Protocol) -> _Typed:
    return TEXT, f"{field_.label}, in your own words.", {}, ()


_TYPED: dict[Kind, Callable[[Field, Protocol], _Typed]] = {
    "id": _id,
    "label": _id,
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
    "medication": _text,
    "given": _text,
    "clearance": _text,
    "severity": partial(_choice, SEVERITIES),
    "relation": partial(_choice, RELATIONS),
}
