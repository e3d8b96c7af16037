"""Cell values of OpenDocument spreadsheets, from the attributes that state them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from clinicreport.reading.spreadsheet import CellError, Percent, Uncached, Value, rounded

if TYPE_CHECKING:
    from clinicreport.reading.xmlparts import Attributes

_DURATION = re.compile(r"(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d*)?)S)?)?")
_DAY = timedelta(days=1)


def _duration(text: str) -> Value:
    """A time of day below 24 hours, else a duration; the text itself where it is neither."""
    found = _DURATION.fullmatch(text)
    if not found:
        return text
    sign, days, hours, minutes, seconds = found.groups()
    length = timedelta(
        days=int(days or 0),
        hours=int(hours or 0),
        minutes=int(minutes or 0),
        seconds=float((seconds or "0").replace(",", ".")),
    )
    if sign or length >= _DAY:
        return -length if sign else length
    return (datetime.min + length).time()


def _moment(text: str) -> Value:
    """A date, a date with a time, or the text itself."""
    try:
        if "T" not in text:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return text
    return moment.date() if moment.time() == time() else moment


def _float(text: str) -> Value:
    try:
        return float(text)
    except ValueError:
        return text


def _percent(text: str) -> Value:
    number = _float(text)
    return Percent(rounded(number)) if isinstance(number, float) else number


def _boolean(text: str) -> Value:
    return text == "true"


_TYPES: dict[str, tuple[str, Callable[[str], Value]]] = {
    "float": ("value", _float),
    "currency": ("value", _float),
    "percentage": ("value", _percent),
    "date": ("date-value", _moment),
    "time": ("time-value", _duration),
    "boolean": ("boolean-value", _boolean),
}


def cell_value(attributes: Attributes, text: str) -> Value:
    """The value of a cell from its attributes (local names) and the text it shows."""
    if attributes.get("calcext:value-type") == "error":
        return CellError(text.strip() or "#ERROR!")
    kind = attributes.get("value-type", "")
    if kind in _TYPES:
        name, read_value = _TYPES[kind]
        return read_value(attributes[name]) if name in attributes else text
    if attributes.get("formula") and not kind and not text:
        return Uncached(attributes["formula"])
    return attributes.get("string-value", text) or text
