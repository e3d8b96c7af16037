"""Column headings: which field a heading means. Through the alias table only, never by likeness."""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from clinicreport.ground.strict_toml import packaged_toml
from clinicreport.log.field import Field
from clinicreport.log.fields import REGISTER_FIELDS, SCORES, SESSION_FIELDS
from clinicreport.log.scales import named_scale
from clinicreport.log.units import UNITS, Unit

# Headings that number the rows in many sheets, or are a date in one language and mere data in
# another: they mean their field only where no other does.
WEAK = frozenset(
    [
        *("id", "idno", "idnumber", "identifier", "recordid", "recordno"),
        *("identificador", "identifiant", "data"),
    ]
)
_BRACKET = r"[(\[{]"
_VISUAL = r"\b(?:vas|eva)\b"
LONGEST = 120  # characters: longer text is no heading


def key(heading: str) -> str:
    """A heading as it is compared: no case, accents, spaces or punctuation."""
    if not heading.isascii():
        heading = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", heading))
    return "".join(filter(str.isalnum, heading.casefold()))


def is_heading(text: str) -> bool:
    """Whether a cell can be found by this text: letters or digits, and not too many."""
    return bool(key(text)) and len(text) <= LONGEST


@cache
def _units() -> dict[str, Unit]:
    """What may stand in brackets -> the unit that it means."""
    return {
        key(word): unit
        for unit in UNITS.values()
        for word in (unit.name, *unit.words, *unit.in_headings)
    }


def _without_brackets(heading: str) -> tuple[str, str]:
    """The heading's key without what stands in brackets, and what stands in them."""
    inside = re.findall(r"[(\[{]([^)\]}]*)[)\]}]?", heading)
    return key(re.sub(r"[(\[{][^)\]}]*[)\]}]?", " ", heading)), " ".join(inside)


def _foreign_unit(name: str, text: str) -> bool:
    """Whether the text beside a field's heading names a unit that is not the field's.

    Beside a field that has no unit a single letter is none: "Therapist(s)".
    """
    field_ = SESSION_FIELDS.get(name) or REGISTER_FIELDS.get(name)
    own = UNITS.get(field_.unit) if field_ else None
    whole = _units().get(key(text))
    if whole:
        return whole != own and (own is not None or len(key(text)) > 1)
    if own is None:
        return False
    found = (unit for part in re.split(r"[\s,;|]+", text) for unit in _units_in(part))
    return any(unit.quantity == own.quantity and unit != own for unit in found)


def _units_in(word: str) -> list[Unit]:
    """The unit of a word such as "20min", or those of its parts: "°C/°F"."""
    for parts in ([word], word.split("/")):
        named = (_units().get(key(part).lstrip("0123456789")) for part in parts)
        if found := [unit for unit in named if unit]:
            return found
    return []


@cache
def headings_by_language() -> dict[str, dict[str, tuple[str, ...]]]:
    """Language ("en") -> field -> headings of the packaged table."""
    return {
        language: {name: tuple(texts) for name, texts in fields.items()}
        for language, fields in packaged_toml("templates/headings.toml").items()
    }


@cache
def packaged_aliases() -> dict[str, tuple[str, ...]]:
    """Field -> headings of the packaged table, all languages together."""
    aliases: dict[str, dict[str, None]] = {}
    for language in headings_by_language().values():
        for name, headings in language.items():
            aliases.setdefault(name, {}).update(dict.fromkeys(headings))
    return {name: tuple(headings) for name, headings in aliases.items()}


@dataclass(frozen=True)
class Aliases:
    """The packaged table with the clinic's own headings before it."""

    own: Mapping[str, Sequence[str]] = field(default_factory=dict)
    table: dict[str, str] = field(init=False)
    _own_keys: frozenset[str] = field(init=False, repr=False)
    _known: dict[str, str | None] = field(init=False, default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        table: dict[str, str] = {}
        for source in (packaged_aliases(), self.own):
            for name, headings in source.items():
                for heading in (name, *headings):
                    table[key(heading)] = name
        table.pop("", None)
        own = frozenset(key(heading) for headings in self.own.values() for heading in headings)
        object.__setattr__(self, "_own_keys", own)
        object.__setattr__(self, "table", table)

    def is_own(self, heading: object) -> bool:
        """Whether the clinic itself has named this heading."""
        return isinstance(heading, str) and key(heading) in self._own_keys

    def field(self, heading: object) -> str | None:
        """The field that a heading cell means, or None."""
        if not isinstance(heading, str) or len(heading) > LONGEST:
            return None
        if heading not in self._known:
            self._known[heading] = self._look_up(heading)
        return self._known[heading]

    def _look_up(self, heading: str) -> str | None:
        whole = key(heading)
        if whole in self.table:
            return self.table[whole]
        if name := self.score_of_another_scale(heading):
            return name
        if not re.search(_BRACKET, heading):
            return None
        bare, unit = _without_brackets(heading)
        name = self.table.get(bare) if bare else None
        return None if name and _foreign_unit(name, unit) else name

    def score_of_another_scale(self, heading: str) -> str | None:
        """The score that a heading means which names another scale beside it; else None.

        "VAS" and "EVA" are then words for the score: "VAS before (mm)".
        """
        named = named_scale(heading)
        if named is None:
            return None
        bare, _ = _without_brackets(named.rest)
        scored = re.sub(_VISUAL, "nrs", named.rest)
        for text in (key(named.rest), bare, key(scored), _without_brackets(scored)[0]):
            if self.table.get(text) in SCORES:
                return self.table[text]
        return None

    def _another_unit(self, heading: str) -> bool:
        """Whether an unknown heading is a field's with another unit: "Time (s)", "Dose J"."""
        bare, unit = _without_brackets(heading)
        if key(unit):
            return bare in self.table
        words = heading.split()
        pairs = ((key(" ".join(words[:at])), " ".join(words[at:])) for at in range(1, len(words)))
        return any(
            bare in self.table and _foreign_unit(self.table[bare], unit) for bare, unit in pairs
        )

    def suggestion(self, heading: object, wanted: Mapping[str, Field] = SESSION_FIELDS) -> str:
        """What to do about a heading that nothing maps to, in words; empty where nothing helps.

        ``wanted``: the fields that the table could still use: another one would change nothing.
        """
        if not isinstance(heading, str) or not key(heading) or len(heading) > LONGEST:
            return ""
        if self._another_unit(heading):
            return "Its unit is another one than is expected there; convert it and rename it."
        near = difflib.get_close_matches(key(heading), self.table, n=1, cutoff=0.72)
        name = self.table[near[0]] if near else ""
        if name not in wanted:
            return "If it is needed, add it in clinic.toml under [aliases]." if wanted else ""
        headings = json.dumps([*self.own.get(name, ()), heading.strip()], ensure_ascii=False)
        line = f"{name} = {headings}"
        return f"If it means {wanted[name].label}, write in clinic.toml under [aliases]: {line}"


class HeadingRow(NamedTuple):
    """One heading row read: which column holds which field."""

    columns: dict[str, int]  # field -> column, from 1
    unknown: list[int]  # columns whose heading nothing maps to
    duplicates: list[tuple[int, str]]  # later column, field that has one already
    astray: tuple[int, ...] = ()  # columns of a visit's field that belong to no visit (wide logs)
    texts: tuple[object, ...] = ()  # the row's cells, column A first, joined with their groups


def map_row(row: Sequence[object], aliases: Aliases, fields: Mapping[str, object]) -> HeadingRow:
    """A row of heading cells (column A first) as field -> column. Only ``fields`` count.

    Where the clinic has named one of the row's headings for a field, no built-in one means it.
    """
    named = [(column, aliases.field(cell)) for column, cell in enumerate(row, 1)]
    own = {name for column, name in named if name and aliases.is_own(row[column - 1])}
    strong = {name for column, name in named if name and key(str(row[column - 1])) not in WEAK}
    columns: dict[str, int] = {}
    unknown: list[int] = []
    duplicates: list[tuple[int, str]] = []
    for column, name in named:
        text = row[column - 1]
        if not str(text).strip():
            continue
        weak = isinstance(text, str) and key(text) in WEAK and name not in own
        outranked = name in own and not aliases.is_own(text)
        if name is None or outranked or (weak and name in strong):
            unknown.append(column)
        elif name not in fields:
            continue  # known, but of another table
        elif name in columns:
            duplicates.append((column, name))
        else:
            columns[name] = column
    return HeadingRow(columns, unknown, duplicates, texts=tuple(row))
