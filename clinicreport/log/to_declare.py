"""The line of ``clinic.toml`` that would say what a cell or a heading row leaves open."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from clinicreport.log.cells import plain
from clinicreport.log.fields import SESSION_FIELDS
from clinicreport.log.headings import key
from clinicreport.log.layout import LogTable
from clinicreport.log.typed_columns import TypedColumn

_TWO_SCORES = re.compile(
    r"\d+(?:[.,]\d+)?\s*(->|→|➔|➜|=>|>|/|\||;|\\\\|to|bis|auf|a|à)\s*\d+(?:[.,]\d+)?"
)
# Headings of a person's names; two of them are the patient together.
_FIRST = frozenset(
    [
        "firstname",
        "givenname",
        "forename",
        "vorname",
        "prenom",
        "nombre",
        "nombres",
        "christianname",
        "voornaam",
        "primeironome",
        "nome",
        "first",
        "given",
    ]
)
_LAST = frozenset(
    [
        "lastname",
        "surname",
        "familyname",
        "nachname",
        "zuname",
        "familienname",
        "nom",
        "nomdefamille",
        "apellido",
        "apellidos",
        "achternaam",
        "apelido",
        "apelidos",
        "sobrenome",
        "cognome",
        "last",
        "family",
    ]
)


def fill_down_line(name: str) -> str:
    """What to write where a blank cell means the value above."""
    label = SESSION_FIELDS[name].label.lower()
    return (
        f" If a blank {label} means the one above, write in clinic.toml under [reading]: "
        f'fill_down = ["{name}"]'
    )


def what_to_declare(column: TypedColumn, code: int, table: LogTable, name: str) -> str:
    """What to write where a score's cell seems to hold before and after; else nothing."""
    value = column.raw[code]
    if column.field.kind != "score" or not isinstance(value, str) or table.split:
        return ""
    found = _TWO_SCORES.fullmatch(plain(value))
    if not found:
        return ""
    heading = str(table.sheet.value(table.heading_row, table.columns[name])).strip()
    line = f"split = {{ column = {_text(heading)}, by = {_text(found[1])} }}"
    return (
        "; if it holds the score before and the one after, write in clinic.toml under [reading]: "
        f"{line}"
    )


def patient_from_line(headings: Iterable[object]) -> str:
    """What to write where names in two columns are the patient; nothing where there are none."""
    texts = [text.strip() for text in headings if isinstance(text, str)]
    first = [text for text in texts if key(text) in _FIRST]
    last = [text for text in texts if key(text) in _LAST]
    if not first or not last:
        return ""
    names = [text for text in texts if text in (first[0], last[0])]
    return (
        f" If {' and '.join(names)} are the patient together, write in clinic.toml under "
        f"[reading]: patient_from = [{', '.join(map(_text, names))}]"
    )


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
