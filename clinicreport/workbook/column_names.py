"""A table's columns in formulas: written ``patients[Percent]``, in the file a defined name.

Programs that know no tables would show a formula's text instead of its value; a defined name, such
as ``patients_percent``, reads as well and is known to all of them. The cell of the same row,
``patients[[#This Row],[Percent]]``, stands in the file as its address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from string import ascii_lowercase

_COLUMN = re.compile(r"\b([a-z_]+)\[([^\[\]]+)\]")
_OWN = re.compile(r"\[\[#This Row\],\[([^\[\]]+)\]\]")  # behind the table's name
_NAME = f"{ascii_lowercase}_"  # what a table's name is made of
THIS_ROW = "[#This Row]"

Named = tuple[str, str]  # a table, and the heading of a column


@lru_cache(maxsize=1024)
def column_name(table: str, heading: str) -> str:
    """The defined name of a column: ``patients_30_less`` for "30 % less"."""
    return f"{table}_{'_'.join(re.findall('[a-z0-9]+', heading.lower()))}"


@lru_cache(maxsize=1024)
def own_cells(text: str) -> tuple[str, ...]:
    """A formula cut at the cells of its own row: text, heading, text, heading, …, text."""
    *parts, last = _OWN.split(text)
    parts[::2] = [part.rstrip(_NAME) for part in parts[::2]]
    return (*parts, last)


@dataclass(slots=True)
class ColumnNames:
    """The columns that formulas of one workbook name, and where the tables' columns are."""

    areas: dict[Named, str] = field(default_factory=dict)  # as in "Patients!$G$6:$G$64"
    _asked: dict[str, Named] = field(default_factory=dict)
    _texts: dict[str, str] = field(default_factory=dict)

    def written(self, text: str) -> str:
        """A formula as it stands in the file."""
        if "[" not in text:
            return text
        if text not in self._texts:
            self._texts[text] = _COLUMN.sub(self._name, text)
        return self._texts[text]

    def _name(self, found: re.Match[str]) -> str:
        column = found[1], found[2]
        name = column_name(*column)
        if self._asked.setdefault(name, column) != column:
            message = f"two columns would be called {name}: {column} and {self._asked[name]}"
            raise ValueError(message)
        return name

    def defined(self) -> Iterator[tuple[str, str]]:
        """(name, area) of each column that a formula names; KeyError for one that is nowhere."""
        for name, column in self._asked.items():
            yield name, self.areas[column]
