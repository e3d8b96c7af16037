"""What people type in a cell, read as one value of a field's kind, or a finding: never a guess.

Each reader takes one raw value and the :class:`Words` of the clinic and gives a :class:`Read`.
They are called once for each distinct value of a column.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from typing import Any, Literal, NamedTuple

from clinicreport.ground.rounding import written
from clinicreport.ground.unsafe_text import clean
from clinicreport.log.answer_words import (
    MISSING,
    UNKNOWN_WORDS,
    Clearances,
    says_no_event,
    says_none,
)
from clinicreport.log.attendance import CAME, NOT_CAME
from clinicreport.log.field import Field
from clinicreport.log.patient_ids import why_no_id, written_id
from clinicreport.log.people import birth_date_digest, birth_year_digest, name_digest
from clinicreport.log.units import UNITS
from clinicreport.reading.spreadsheet import (
    CellError,
    Percent,
    ShownFraction,
    SymbolText,
    Uncached,
    Value,
    rounded,
)


class Read(NamedTuple):
    """A cell as read. ``value`` is None where nothing usable stands there; then ``blank`` tells
    an empty cell from one with a finding. ``rule`` and ``detail`` are the finding's, if any.
    ``dated``: a date stands there, though none that can be a visit's day."""

    value: Any = None
    rule: str = ""
    detail: str = ""
    blank: bool = False
    dated: bool = False


class Words(NamedTuple):
    """A clinic's own words: codes for "missing", beside the usual ones (compared as
    :func:`plain`), and what its protocol takes for a clearance."""

    missing: frozenset[str] = frozenset()
    clearances: Clearances = Clearances()


BLANK = Read(blank=True)
YES = frozenset(
    {
        "yes",
        "y",
        "ja",
        "j",
        "oui",
        "o",
        "si",
        "sí",
        "sì",
        "s",
        "true",
        "wahr",
        "vrai",
        "verdadero",
        "waar",
        "sim",
        "verdadeiro",
        "vero",
        "1",
        "1.0",
        "x",
        "✓",
        "✔",
        "☑",
        "✅",
        "ok",
        "done",
        "worn",
    }
)
NO = frozenset(
    {
        "no",
        "n",
        "nein",
        "non",
        "false",
        "falsch",
        "faux",
        "falso",
        "nee",
        "onwaar",
        "nao",
        "não",
        "0",
        "0.0",
        "✗",
        "✘",
        "☐",
        "❌",
        "not worn",
    }
)
SEVERITIES = {
    "mild": [
        "mild",
        "light",
        "slight",
        "leicht",
        "gering",
        "leve",
        "leger",
        "legere",
        "faible",
        "licht",
        "lieve",
        "ligeiro",
        "ligeira",
        "1",
    ],
    "moderate": [
        "moderate",
        "medium",
        "mittel",
        "massig",
        "mittelschwer",
        "moderado",
        "moderada",
        "modere",
        "moderee",
        "matig",
        "moderato",
        "moderata",
        "2",
    ],
    "severe": [
        "severe",
        "serious",
        "heavy",
        "schwer",
        "stark",
        "grave",
        "severo",
        "severa",
        "fuerte",
        "ernstig",
        "zwaar",
        "forte",
        "intenso",
        "intensa",
        "3",
    ],
}
RELATIONS = {
    "yes": (
        *sorted(YES),
        "related",
        "probable",
        "probably",
        "certain",
        "definite",
        "wahrscheinlich",
        "waarschijnlijk",
        "provavel",
        "probabile",
    ),
    "no": (
        *sorted(NO),
        *("unrelated", "not related", "unlikely", "unwahrscheinlich"),
        *("onwaarschijnlijk", "improvavel", "improbabile"),
    ),
    "unclear": [
        "unclear",
        "uncertain",
        "unsure",
        "possible",
        "possibly",
        "maybe",
        "unklar",
        "fraglich",
        "moglich",
        "unsicher",
        "incertain",
        "possiblement",
        "peut-etre",
        "incierto",
        "incierta",
        "dudoso",
        "posible",
        "quizas",
        "onduidelijk",
        "mogelijk",
        "misschien",
        "onzeker",
        "incerto",
        "incerta",
        "possivel",
        "duvidoso",
        "talvez",
        "possibile",
        "dubbio",
        "forse",
    ],
}
VISIT_TYPES = {
    "treatment": (
        "treatment",
        "tx",
        "t",
        "session",
        "treatment session",
        "nir",
        "nir session",
        "nir treatment",
        "therapy",
        "behandlung",
        "sitzung",
        "traitement",
        "seance",
        "tratamiento",
        "sesion",
        "behandeling",
        "sessie",
        "tratamento",
        "sessao",
        "trattamento",
        "seduta",
        "treated",
        "rx",
        "light therapy",
        *CAME,
    ),
    "screening": (
        "screening",
        "screen",
        "s",
        "screening visit",
        "initial assessment",
        "assessment",
        "intake",
        "pre-treatment",
        "pre-treatment assessment",
        "erstgesprach",
        "voruntersuchung",
        "depistage",
        "bilan initial",
        "cribado",
        "evaluacion inicial",
        "intakegesprek",
        "eerste gesprek",
        "triagem",
        "avaliacao inicial",
        "valutazione iniziale",
        "prima valutazione",
        "scr",
        "baseline",
        "baseline visit",
        "baseline assessment",
    ),
    "follow-up": (
        "follow-up",
        "follow up",
        "followup",
        "fu",
        "f/u",
        "f-u",
        "f",
        "follow-up visit",
        "review",
        "check-up",
        "checkup",
        "nachkontrolle",
        "nachsorge",
        "nachuntersuchung",
        "suivi",
        "controle",
        "seguimiento",
        "control",
        "revision",
        "nacontrole",
        "controlebezoek",
        "seguimento",
        "acompanhamento",
        "reavaliacao",
        "controlo",
        "controllo",
        "visita di controllo",
        "rivalutazione",
        "post-treatment",
        "post-treatment assessment",
    ),
    "not-attended": NOT_CAME,
}
_VISIT_WORDS = {word: name for name, words in VISIT_TYPES.items() for word in words}

_NUMBER = r"[+-]?\d+(?:[.,]\d+)?"
_SCORE = re.compile(
    rf"({_NUMBER})(?:\s*(?:/|out of|of|von|sur|de|sobre|van|em|su)\s*10(?:[.,]0+)?)?"
)
_MEASURED = rf"({_NUMBER})\s*(\D.*|)"
_CLOCK = r"(\d{1,2}):(\d{2})(?::(\d{2}))?"
_TIME = r"(\d{1,2})(?:[:.h](\d{2}))?(?::(\d{2}))?\s*(am|pm|a\.m\.|p\.m\.|uhr|uur|h)?"
LONGEST_CLOCK = 180  # minutes: "15:00" as a duration may be 15 minutes or 15 hours


_RAISED = re.compile("([⁰¹²³⁴-⁹₀-₉]+)")  # digits of a footnote, a power, an index


def plain(text: str) -> str:
    """Text as words are compared: full-width forms made usual, no outer blanks, no case.

    Raised and lowered digits stay what they are: 7 with a raised 0 is not 70.
    """
    text = clean(text)
    if not text.isascii():
        text = _normal("NFKC", text)
    return " ".join(text.split()).casefold()


def unaccented(text: str) -> str:
    """Text without accents."""
    if text.isascii():
        return text
    return "".join(c for c in _normal("NFKD", text) if not unicodedata.combining(c))


def _normal(form: Literal["NFKC", "NFKD"], text: str) -> str:
    """A text in one of Unicode's normal forms, but for raised and lowered digits."""
    pieces = _RAISED.split(text)
    pieces[::2] = [unicodedata.normalize(form, piece) for piece in pieces[::2]]
    return "".join(pieces)


def shown(value: Value) -> Any:
    """A raw value as findings and the JSON show it: text, number, boolean or None."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        return int(value) if value == int(value) and abs(value) < 1e17 else value
    if isinstance(value, CellError):
        return value.text
    if isinstance(value, Uncached):
        return value.formula or None
    if isinstance(value, Percent):
        return f"{written(100 * value.number)}%"
    if isinstance(value, ShownFraction | SymbolText):
        return value.text
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if value.time() != time() else value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else value


def number(text: str) -> float | None:
    """A decimal number with point or comma; None for anything else. "1,000" may be a thousand
    or one: None."""
    if not re.fullmatch(_NUMBER, text) or re.search(r",\d{3}$", text):
        return None
    return rounded(float(text.replace(",", ".")))


def _as_unit(text: str) -> str:
    """A unit as it is compared: no case, accents, blanks or closing point."""
    text = unicodedata.normalize("NFKC", unaccented(plain(text)))
    return "".join(text.replace("^", "").split()).removesuffix(".")


@cache
def _unit_words(name: str) -> frozenset[str]:
    unit = UNITS[name]
    return frozenset(_as_unit(word) for word in (name, *unit.words, *unit.in_cells))


def measured(text: str, unit: str) -> float | None:
    """A number with or without its unit; None for anything else, another unit included."""
    match = re.fullmatch(_MEASURED, plain(text))
    if not match or (match[2] and not (unit and _as_unit(match[2]) in _unit_words(unit))):
        return None
    return number(match[1])


def _common(value: Value, words: Words, missing: frozenset[str]) -> Read | None:
    """Blanks, error cells and formulas without a value: the same for every kind."""
    if isinstance(value, str):
        text = plain(value)
        return BLANK if not text or text in missing or text in words.missing else None
    if isinstance(value, CellError):
        return Read(rule="error-cell")
    if isinstance(value, Uncached):
        return Read(rule="uncached-formula")
    if isinstance(value, SymbolText):
        return Read(rule="bad-value", detail=f"a text: {_kind_of(value)}")
    if str(shown(value)).casefold() in words.missing:
        return BLANK
    return None


def _kind_of(value: Value) -> str:
    """What a raw value of the wrong kind is, in words."""
    if isinstance(value, bool):
        return "it is TRUE or FALSE"
    if isinstance(value, Percent):
        return "the cell shows a percentage"
    if isinstance(value, ShownFraction):
        return f"the cell shows the fraction of a number ({written(value.number)})"
    if isinstance(value, SymbolText):
        return f"it stands in the symbol font {value.font}, which shows pictures"
    if isinstance(value, datetime | date):
        return "the cell holds a date; Excel turns a typed 7/10 or 6-7 into one"
    return "it is a time" if isinstance(value, time | timedelta) else ""


def read_id(value: Value, words: Words) -> Read:
    """A patient's id: text without invisible characters, or why the cell holds none."""
    value = _as_typed(value)
    common = _common(value, words, MISSING)
    if common is not None:
        return common
    if isinstance(value, float) and not math.isfinite(value):
        return BLANK
    if isinstance(value, str):
        kept = written_id(value)
        if kept != value and (not kept or plain(kept) in MISSING):
            return BLANK
        value = kept
    why = why_no_id(value)
    return Read(rule="bad-patient", detail=why) if why else Read(str(shown(value)))


def read_label(value: Value, words: Words) -> Read:
    """A label such as a course's: text, as it stands but for outer blanks."""
    if isinstance(value, float) and not math.isfinite(value):
        return BLANK
    value = _as_typed(value)
    return read_text(value.number if isinstance(value, Percent) else value, words)


def _as_typed(value: Value) -> Value:
    """An id's cell without the format or the font that it is shown in."""
    if isinstance(value, SymbolText):
        return value.text
    return value.number if isinstance(value, ShownFraction) else value


def read_score(value: Value, words: Words) -> Read:
    """A pain score: one number, 0 to 10."""
    if isinstance(value, SymbolText):
        return Read(rule="bad-score", detail=f": {_kind_of(value)}")
    common = _common(value, words, MISSING)
    if common is not None:
        return common
    if isinstance(value, str):
        text = plain(value)
        match = _SCORE.fullmatch(text)
        score = number(match.group(1)) if match else None
        if score is None:
            raised = ": its raised digits may be a footnote" if _RAISED.search(text) else ""
            return Read(rule="bad-score", detail=raised)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        score = float(value)
    else:
        return Read(rule="bad-score", detail=f": {_kind_of(value)}")
    if not math.isfinite(score):
        return Read(rule="bad-score")
    if not 0 <= score <= 10:
        return Read(rule="score-out-of-range", detail="0 to 10")
    return Read(score + 0.0, rule="" if score == int(score) else "score-decimal")


def read_minutes(value: Value, words: Words) -> Read:
    """Minutes: a number, "15 min", "15'", a clock length such as 0:15, a duration cell."""
    common = _common(value, words, MISSING)
    if common is not None:
        return common
    minutes: float | None = None
    if isinstance(value, timedelta):
        minutes = value.total_seconds() / 60
    elif isinstance(value, time):
        minutes = _clock_minutes(value.hour, value.minute, value.second)
    elif isinstance(value, str):
        minutes = measured(value, "min")
        if clock := re.fullmatch(_CLOCK, plain(value)):
            minutes = _clock_minutes(*(int(part or 0) for part in clock.groups()))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        minutes = float(value)
    if minutes is None or not math.isfinite(minutes) or minutes < 0:
        return Read(rule="bad-value", detail="minutes")
    return Read(minutes)


def _clock_minutes(hours: int, minutes: int, seconds: int) -> float | None:
    total = hours * 60 + minutes + seconds / 60
    return total if total <= LONGEST_CLOCK and minutes < 60 and seconds < 60 else None


def read_number(value: Value, words: Words, field_: Field) -> Read:
    """A number, with or without its unit; negative only where the field's bounds are."""
    common = _common(value, words, MISSING)
    if common is not None:
        return common
    result: float | None = None
    if isinstance(value, str):
        result = measured(value, field_.unit)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        result = float(value)
    if result is None or not math.isfinite(result) or (result < 0 <= field_.bounds[0]):
        of = f" of {field_.unit}" if field_.unit else ""
        return Read(rule="bad-value", detail=f"a number{of}")
    return Read(result)


def read_yes_no(value: Value, words: Words) -> Read:
    """Yes or no, in the words people use for them."""
    common = _common(value, words, MISSING)
    if common is not None:
        return common
    text = plain(str(shown(value)))
    if text in YES:
        return Read("yes")
    return Read("no") if text in NO else Read(rule="bad-value", detail="yes or no")


def read_visit_type(value: Value, words: Words) -> Read:
    """treatment, screening, follow-up or not-attended."""
    common = _common(value, words, MISSING)
    if common is not None:
        return common
    name = _VISIT_WORDS.get(unaccented(plain(str(shown(value)))))
    detail = "treatment, screening, follow-up or not-attended"
    return Read(name) if name else Read(rule="bad-value", detail=detail)


def read_time(value: Value, words: Words) -> Read:
    """A time of day, as minutes since midnight."""
    common = _common(value, words, MISSING)
    if common is not None:
        return common
    bad = Read(rule="bad-value", detail="a time of day")
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, time):
        return Read(value.hour * 60 + value.minute + value.second / 60)
    if isinstance(value, timedelta):
        minutes = value.total_seconds() / 60
        return Read(minutes) if 0 <= minutes < 1440 else bad
    match = re.fullmatch(_TIME, plain(value)) if isinstance(value, str) else None
    if not match or not (match.group(2) or match.group(4)):
        return bad
    hour, minute, second = (int(match.group(i) or 0) for i in (1, 2, 3))
    half = (match.group(4) or "").replace(".", "")
    if half in ("am", "pm"):
        if not 1 <= hour <= 12:
            return bad
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return bad
    return Read(hour * 60 + minute + second / 60)


def read_text(value: Value, words: Words) -> Read:
    """Any text, as it stands but for outer blanks."""
    common = _common(value, words, MISSING)
    if common is not None:
        return common
    return Read(value.strip() if isinstance(value, str) else _as_text(value))


def _as_text(value: Value) -> str:
    return str(value).upper() if isinstance(value, bool) else str(shown(value))


def read_event(value: Value, words: Words) -> Read:
    """An adverse event, or "none"; "?" and the like are not documented."""
    common = _common(value, words, UNKNOWN_WORDS)
    if common is not None:
        return common
    text = _as_text(value).strip()
    return Read("none") if says_no_event(plain(text)) else Read(text)


def read_contraindications(value: Value, words: Words) -> Read:
    """What was found, or "none"; "?" and the like are not documented."""
    common = _common(value, words, UNKNOWN_WORDS)
    if common is not None:
        return common
    text = _as_text(value).strip()
    return Read("none") if says_none(plain(text)) else Read(text)


def read_medication(value: Value, words: Words) -> Read:
    """What was taken, as it stands; "none" too: it says that nothing was."""
    common = _common(value, words, UNKNOWN_WORDS)
    return common if common is not None else Read(_as_text(value).strip())


def read_given(value: Value, words: Words) -> Read:
    """A waiver: its text, or nothing where it says that there is none."""
    read = read_contraindications(value, words)
    return BLANK if read.value == "none" else read


def read_clearance(value: Value, words: Words) -> Read:
    """A clearance: its text, or nothing where it says that there is none (yet)."""
    read = read_given(value, words)
    lacking = read.value is not None and words.clearances.says_none(plain(read.value))
    return BLANK if lacking else read


def read_choice(value: Value, words: Words, choices: Mapping[str, Sequence[str]]) -> Read:
    """One of a few answers, in any of the words for it."""
    common = _common(value, words, MISSING)
    if common is not None:
        return common
    text = unaccented(plain(_as_text(value)))
    found = (name for name, known in choices.items() if text in known)
    name = next(found, None)
    return Read(name) if name else Read(rule="bad-value", detail=" or ".join(choices))


def read_person(value: Value, words: Words, digest: Callable[[Value], str]) -> Read:
    """A name or a birth as a digest (see :mod:`clinicreport.log.people`)."""
    return _common(value, words, MISSING) or Read(digest(value))


READERS: dict[str, Callable[[Value, Words], Read]] = {
    "id": read_id,
    "label": read_label,
    "score": read_score,
    "minutes": read_minutes,
    "yes_no": read_yes_no,
    "visit_type": read_visit_type,
    "time": read_time,
    "text": read_text,
    "contraindications": read_contraindications,
    "event": read_event,
    "medication": read_medication,
    "given": read_given,
    "clearance": read_clearance,
    "severity": partial(read_choice, choices=SEVERITIES),
    "relation": partial(read_choice, choices=RELATIONS),
    "name": partial(read_person, digest=name_digest),
    "birth_date": partial(read_person, digest=birth_date_digest),
    "birth_year": partial(read_person, digest=birth_year_digest),
}


def reader(field_: Field) -> Callable[[Value, Words], Read]:
    """The reader of a field's cells (dates have their own, see :mod:`clinicreport.log.dates`)."""
    if field_.kind == "number":
        return partial(read_number, field_=field_)
    return READERS[field_.kind]
