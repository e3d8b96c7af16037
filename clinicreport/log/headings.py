"""Column headings: which field a heading means. Through the alias table only, never by likeness."""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from clinicreport.ground.resources import resource
from clinicreport.ground.strict_toml import read_toml
from clinicreport.log.fields import SESSION_FIELDS, Field

# Headings that number the rows in many sheets: they mean the patient only where no other does.
WEAK = frozenset(
    {"id", "idno", "idnumber", "identifier", "recordid", "recordno", "identificador", "identifiant"}
)
# Units that may stand in brackets. A unit of another kind is not ignored: "Duration (s)".
_UNITS: dict[str, frozenset[str]] = {
    "duration": frozenset({"min", "mins", "minute", "minutes", "minuten", "minutos"}),
    "pain_years": frozenset(
        {"y", "yr", "yrs", "year", "years", "jahre", "jahren", "ans", "annees", "anos"}
    ),
    "wavelength": frozenset({"nm"}),
    "irradiance": frozenset({"mwcm2", "mwpercm2", "mwcm"}),
    "fluence": frozenset({"jcm2", "jpercm2", "jcm"}),
    "mobility": frozenset({"cm"}),
    "medication": frozenset({"mg"}),
}
_OTHER_UNITS = frozenset(
    {
        "s",
        "sec",
        "secs",
        "seconds",
        "sekunden",
        "h",
        "hr",
        "hrs",
        "hours",
        "months",
        "monate",
        "mois",
        "meses",
        "weeks",
        "wochen",
        "days",
        "um",
        "μm",
        "wcm2",
        "wm2",
        "mw",
        "w",
        "j",
        "mjcm2",
        "mm",
        "inch",
        "inches",
        "m",
        "g",
        "0to100",
        "0100",
        "outof100",
        "100",
    }
)


_BRACKET = re.compile(r"[(\[{]")
LONGEST = 120  # characters: longer text is no heading


def key(heading: str) -> str:
    """A heading as it is compared: no case, accents, spaces or punctuation."""
    if not heading.isascii():
        heading = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", heading))
    return "".join(filter(str.isalnum, heading.casefold()))


def _without_brackets(heading: str) -> tuple[str, str]:
    """The heading's key without what stands in brackets, and the brackets' key."""
    inside = re.findall(r"[(\[{]([^)\]}]*)[)\]}]?", heading)
    return key(re.sub(r"[(\[{][^)\]}]*[)\]}]?", " ", heading)), key(" ".join(inside))


@cache
def packaged_aliases() -> dict[str, tuple[str, ...]]:
    """Field -> headings of the packaged table, all languages together."""
    aliases: dict[str, list[str]] = {}
    for language in read_toml(resource("templates/headings.toml")).values():
        for name, headings in language.items():
            aliases.setdefault(name, []).extend(headings)
    return {name: tuple(headings) for name, headings in aliases.items()}


@dataclass(frozen=True)
class Aliases:
    """The packaged table with the clinic's own headings before it."""

    own: Mapping[str, Sequence[str]] = field(default_factory=dict)
    table: dict[str, str] = field(init=False)
    _known: dict[str, str | None] = field(init=False, default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        table: dict[str, str] = {}
        for source in (packaged_aliases(), self.own):
            for name, headings in source.items():
                for heading in (name, *headings):
                    table[key(heading)] = name
        table.pop("", None)
        object.__setattr__(self, "table", table)

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
        if not _BRACKET.search(heading):
            return None
        bare, unit = _without_brackets(heading)
        name = self.table.get(bare) if bare else None
        if name is None or not unit:
            return name
        return None if self._foreign_unit(name, unit) else name

    def _foreign_unit(self, name: str, unit: str) -> bool:
        every = frozenset().union(*_UNITS.values()) | _OTHER_UNITS
        return unit in every and unit not in _UNITS.get(name, frozenset())

    def suggestion(self, heading: object, wanted: Mapping[str, Field] = SESSION_FIELDS) -> str:
        """What to do about a heading that nothing maps to, in words; empty where nothing helps.

        ``wanted``: the fields that the table could still use: another one would change nothing.
        """
        if not isinstance(heading, str) or not key(heading) or len(heading) > LONGEST:
            return ""
        bare, unit = _without_brackets(heading)
        if unit and bare in self.table:
            return "Its unit is another one than is expected there; convert it and rename it."
        near = difflib.get_close_matches(key(heading), self.table, n=1, cutoff=0.72)
        name = self.table[near[0]] if near else ""
        if name not in wanted:
            return "If it is needed, add it in clinic.toml under [aliases]." if wanted else ""
        headings = json.dumps([*self.own.get(name, ()), heading.strip()], ensure_ascii=False)
        line = f"{name} = {headings}"
        return f"If it means {wanted[name].label}, write in clinic.toml under [aliases]: {line}"


@dataclass(frozen=True)
class HeadingRow:
    """One heading row read: which column holds which field."""

    columns: dict[str, int]  # field -> column, from 1
    unknown: list[int]  # columns whose heading nothing maps to
    duplicates: list[tuple[int, str]]  # later column, field that has one already
    astray: tuple[int, ...] = ()  # columns of a visit's field that belong to no visit (wide logs)


def map_row(row: Sequence[object], aliases: Aliases, fields: Mapping[str, object]) -> HeadingRow:
    """A row of heading cells (column A first) as field -> column. Only ``fields`` count."""
    named = [(column, aliases.field(cell)) for column, cell in enumerate(row, 1)]
    strong = {name for column, name in named if name and key(str(row[column - 1])) not in WEAK}
    columns: dict[str, int] = {}
    unknown: list[int] = []
    duplicates: list[tuple[int, str]] = []
    for column, name in named:
        text = row[column - 1]
        if not str(text).strip():
            continue
        weak = isinstance(text, str) and key(text) in WEAK
        if name is None or (weak and name in strong):
            unknown.append(column)
        elif name not in fields:
            continue  # known, but of another table
        elif name in columns:
            duplicates.append((column, name))
        else:
            columns[name] = column
    return HeadingRow(columns, unknown, duplicates)
