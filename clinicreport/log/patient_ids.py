"""A patient's id as it is compared, and what is no id: one that a spreadsheet has changed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time, timedelta

from clinicreport.reading.spreadsheet import Percent, Value

MOST_DIGITS = 15  # of a number, that a spreadsheet keeps
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+e[+-]?\d+|e[+-]\d+)", re.IGNORECASE)
_KEPT_AS_TEXT = re.compile(r'="(?:""|[^"])*"|=\s*""[^"]*""|\'.*', re.DOTALL)
_TRUTH = frozenset(
    [
        "true",
        "false",
        "wahr",
        "falsch",
        "vrai",
        "faux",
        "verdadero",
        "falso",
        "vero",
        "waar",
        "onwaar",
    ]
)
# As spreadsheets shorten the months (English, German, French, Spanish), without accents.
_SHORT = (
    "jan feb mar apr may jun jul aug sep sept oct nov dec mrz marz mai juni juli okt dez "
    "janv fevr mars avr juin juil aout ene abr ago dic mag"
)
_LONG = (
    "january february march april may june july august september october november december "
    "januar februar marz april mai juni juli august september oktober november dezember "
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre "
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
)
_ANY_MONTH = rf"(?:{'|'.join(sorted({*_SHORT.split(), *_LONG.split()}, key=len, reverse=True))})"
_SHORT_MONTH = rf"(?:{'|'.join(sorted(_SHORT.split(), key=len, reverse=True))})"
_BY = r"[\s./-]*"
_CLOCK = r"(?:[ t]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_DATE_OF_NUMBERS = re.compile(
    rf"(?:\d{{4}}([-/.])\d{{1,2}}\1\d{{1,2}}|\d{{1,2}}([-/.])\d{{1,2}}\2(?:19|20)\d{{2}}){_CLOCK}"
)
_DATE_WITH_MONTH = (
    rf"(?:\d{{1,2}}(?:\.|-|/|\s){_BY}{_ANY_MONTH}\.?(?:[\s./-]+(?:\d{{4}}|\d{{2}}))?"
    rf"|{_SHORT_MONTH}\.?[\s./-]+(?:\d{{4}}|\d{{2}})"
    rf"|{_ANY_MONTH}\.?[\s./-]+(?:\d{{1,2}}(?:,\s*|[\s./-]+))?(?:19|20)\d{{2}}){_CLOCK}"
)
_SHORTEST = re.compile("[a-z]{3}")  # no month has fewer letters
_CODE = r"[A-Z]+[\s./-]*\d+"  # no spreadsheet writes a month in capitals: a code


def written_id(text: str) -> str:
    """An id without outer blanks, invisible characters, and what keeps Excel from changing it."""
    kept = visible(text)
    if _KEPT_AS_TEXT.fullmatch(kept):
        kept = visible(kept.removeprefix("=").strip("\"'"))
    return kept


def visible(text: str) -> str:
    """Text without zero-width characters, soft hyphens and the like, and without outer blanks."""
    if text.isascii():
        return text.strip()
    return "".join(char for char in text if unicodedata.category(char) != "Cf").strip()


def why_no_id(value: Value) -> str:
    """Why a cell holds no id that can be trusted, in words; empty where it does.

    A number is one up to 15 digits without decimals; a text is one unless it is what a program
    makes of a longer number, of a date or of a truth value.
    """
    if isinstance(value, str):
        return _why_no_text(value)
    if isinstance(value, bool):
        return "it is TRUE or FALSE"
    if isinstance(value, date | time | timedelta):
        return "the cell holds a date or a time; Excel turns an id such as 1-3 into one"
    if isinstance(value, Percent):
        return "it is a percentage"
    if isinstance(value, int | float):
        if value != int(value):
            return "it is a number with decimals; an id such as 12.10 becomes 12.1"
        if abs(value) >= 10**MOST_DIGITS:
            return f"a number of more than {MOST_DIGITS} digits has lost the last ones"
    return ""


def _why_no_text(text: str) -> str:
    if _SCIENTIFIC.fullmatch(text):
        return "the number has lost its last digits when the file was saved"
    low = text.casefold()
    if not low.isascii():
        low = unicodedata.normalize("NFKD", low)
        low = "".join(char for char in low if not unicodedata.combining(char))
    if low in _TRUTH:
        return "it is TRUE or FALSE"
    if _is_date(low) and not re.fullmatch(_CODE, text):
        return "it is a date; Excel turns an id such as 1-3 into one"
    return ""


def _is_date(low: str) -> bool:
    """Whether a text is a date as a spreadsheet writes it: of numbers, or with its month's name."""
    if _DATE_OF_NUMBERS.fullmatch(low):
        return True
    return bool(_SHORTEST.search(low) and re.fullmatch(_DATE_WITH_MONTH, low))


# --------------------------------------------------------------------- ids that look alike

_FOREIGN = str.maketrans(
    "АВЕЅІЈКМНОРСТУХавеѕіјкмнорстухΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχ",
    "ABESIJKMHOPCTYXabesijkmhopctyxABEZHIKMNOPTYXaiknoptyx",
)
_DIGITS = str.maketrans("OoIl|", "00111")
_REMARK = re.compile(
    r"\s*[(\[{].*$|[\s*#†!?.,;:]+$|(?<=\d)\s+[^\W\d_]{3,}$|(?<=\d)\s*[-–:;,]\s+\D+$"
)
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")


def alike_keys(patient: str) -> tuple[str, str]:
    """What remains of an id when the usual slips are taken away; ids that share one are alike.

    The first without case, blanks, kinds of dash, foreign look-alike letters, leading zeros, a
    ".0" and a remark behind; the second with O as 0, and I and l as 1, too.
    """
    text = visible(unicodedata.normalize("NFKC", patient))
    if not text.isascii():
        text = text.translate(_FOREIGN)
    text = "".join(_DASHES.sub("-", _without_remark(text)).split()).removesuffix(".0")
    bare = text.lstrip("0") or "0"
    digits = bare.translate(_DIGITS)
    if digits.isdigit():
        digits = digits.lstrip("0") or "0"
    return bare.casefold(), digits.casefold()


def _without_remark(text: str) -> str:
    return _REMARK.sub("", text) or text
