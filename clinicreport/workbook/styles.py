"""The theme's named styles as formats of one workbook, each made once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from clinicreport.ground.rounding import PERCENT
from clinicreport.workbook.page import Cell, Formula
from clinicreport.workbook.percents import Percents
from clinicreport.workbook.theme import Theme

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook


@dataclass(slots=True)
class Styles:
    """Formats by the name of their style; KeyError for a name that the theme does not know."""

    workbook: Workbook
    theme: Theme
    _made: dict[str, Format] = field(default_factory=dict)
    _kinds: dict[str, Percents | None] = field(default_factory=dict)
    _laid: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Format:
        if name not in self._made:
            self._made[name] = self.workbook.add_format(self._properties(name))
        return self._made[name]

    def laid(self, name: str, **more: str | float | bool) -> str:
        """The name of a style with more properties laid over it; colours by the theme's names."""
        own = " ".join([name, *(f"{key}={value}" for key, value in sorted(more.items()))])
        if own not in self._laid:
            colours = {key: value for key, value in more.items() if key.endswith("color")}
            named = {key: self.theme.colour(str(value)) for key, value in colours.items()}
            self._laid[own] = self._properties(name) | more | named
        return own

    def _properties(self, name: str) -> dict[str, Any]:
        return self._laid[name] if name in self._laid else self.theme.properties(name)

    def kind(self, name: str) -> Percents | None:
        """How a style shows percentages; None where it shows none."""
        if name not in self._kinds:
            code = str(self._properties(name).get("num_format", ""))
            self._kinds[name] = Percents(code) if "%" in code else None
        return self._kinds[name]

    def shown(self, name: str, value: Cell) -> Format:
        """The style, with more decimals where a percentage would seem to cross a threshold."""
        kind = self.kind(name)
        digits = kind.digits(value.value if isinstance(value, Formula) else value) if kind else 0
        if kind is None or digits == PERCENT:
            return self[name]
        return self[self.laid(name, num_format=kind.code(digits))]

    def steady(self, name: str, value: Cell) -> Cell:
        """A value whose share is shown alike by every program, see :meth:`Percents.steady`."""
        kind = self.kind(name)
        if kind is None:
            return value
        if isinstance(value, Formula):
            return replace(value, value=kind.steady(value.value))
        return kind.steady(value)  # type: ignore[no-any-return]

    def decimals(self, kind: Percents, digits: int) -> Format:
        """Nothing but a number of decimals, for a conditional format."""
        code = kind.code(digits)
        if code not in self._made:
            self._made[code] = self.workbook.add_format({"num_format": code})
        return self._made[code]
