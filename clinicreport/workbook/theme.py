"""The look of the report: fonts, colours and named styles from ``templates/theme.toml``.

>>> theme = Theme.load()
>>> theme.properties("title")["bold"]
True
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from clinicreport.ground.errors import UsageError
from clinicreport.ground.resources import resource

MARKS = ("mark_", "error", "warning", "note")  # styles laid over a cell: no font, no alignment


class Theme(NamedTuple):
    """Fonts, colours ("ink" -> "#1B2A41") and styles (name -> cell properties)."""

    font: str
    colours: dict[str, str]
    styles: dict[str, dict[str, Any]]

    @classmethod
    def load(cls, path: Path | None = None) -> Theme:
        """Read a theme file, the packaged one by default. Raises UsageError for a broken one."""
        path = path or resource("templates/theme.toml")
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            colours = {name: f"#{value.upper()}" for name, value in data["colours"].items()}
            return cls(data["fonts"]["body"], colours, data["styles"])
        except (OSError, tomllib.TOMLDecodeError, KeyError, AttributeError) as error:
            message = f"{path.name}: the theme cannot be used ({error}); restore the packaged file"
            raise UsageError(message) from error

    def colour(self, name: str) -> str:
        """A colour as "#RRGGBB"; a value that is one already passes through."""
        return self.colours.get(name, name)

    def properties(self, style: str) -> dict[str, Any]:
        """The cell properties of a style, colours resolved; KeyError for an unknown name."""
        chain = [style]
        while extends := self.styles[chain[-1]].get("extends"):
            chain.append(extends)
        if not style.startswith(MARKS):
            chain.append("base")
        merged: dict[str, Any] = {} if style.startswith(MARKS) else {"font_name": self.font}
        for name in reversed(chain):
            merged |= self.styles[name]
        merged.pop("extends", None)
        return {
            key: self.colour(value) if key.endswith("color") else value
            for key, value in merged.items()
        }
