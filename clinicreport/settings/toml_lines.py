"""Where each line of a TOML file stands, so that one can be changed and every other stays.

Positions are characters of the text. A path is a line's dotted key with its table before it, and
the number of the entry (from 0) after the name of a list of tables: ``("recipients", 0, "role")``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

TomlPath = tuple[str | int, ...]

_PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_KEY = re.compile(rf"[ \t]*({_PART}(?:[ \t]*\.[ \t]*{_PART})*)[ \t]*=[ \t]*")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_CLOSERS = ("]", "]]", "]]]")


@dataclass(frozen=True, slots=True)
class TomlLine:
    """A key with its value, or a table's heading (``key`` is empty then).

    ``start`` to ``end``: its whole lines; ``value``: from and to where its value stands;
    ``table``: the table that it stands in, or begins.
    """

    table: TomlPath
    key: tuple[str, ...]
    start: int
    end: int
    value: tuple[int, int] = (0, 0)

    @property
    def path(self) -> TomlPath:
        """The table and the key."""
        return self.table + self.key


def toml_lines(text: str) -> list[TomlLine]:
    """The keys and headings of a text that is TOML, in their order; remarks and blanks are none.

    Raises ValueError where it is no TOML.
    """
    places = [(found.start(), found.end()) for found in _LINE.finditer(text)]
    counts: dict[TomlPath, int] = {}
    table: TomlPath = ()
    found: list[TomlLine] = []
    at = 0
    while at < len(places):
        start, end = places[at]
        at += 1
        line = text[start:end].strip(" \t\r\n")
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            table = _table(line, counts)
            found.append(TomlLine(table, (), start, end))
            continue
        while not _is_toml(text[start:end]):
            if at == len(places):
                raise ValueError(f"no value ends: {line[:60]}")
            end = places[at][1]
            at += 1
        found.append(_pair(text, table, start, end))
    return found


def value_at(text: str, line: TomlLine) -> Any:
    """The value of a key."""
    return tomllib.loads(f"x = {text[slice(*line.value)]}")["x"]


def remarks_in(text: str, line: TomlLine) -> Iterator[str]:
    """The remarks inside a value of several lines, each with its "#"."""
    value, at = text[slice(*line.value)], 0
    while "\n" in value and (at := value.find("#", at)) >= 0:
        if any(_is_toml(f"x = {value[:at]}\n{closer}") for closer in _CLOSERS):
            end = value.find("\n", at)
            yield value[at:end].rstrip()
            at = end
        at += 1


def remark_of(text: str, line: TomlLine) -> str:
    """The remark behind a value or a heading, with the blanks before it; empty for none."""
    if line.key:
        return text[line.value[1] : line.end].rstrip("\r\n")
    behind = text[line.start : line.end].rstrip("\r\n")
    starts = (at for at, one in enumerate(behind) if one == "#" and _is_toml(behind[:at]))
    return behind[next(starts, len(behind)) :]


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _table(line: str, counts: dict[TomlPath, int]) -> TomlPath:
    """The path that a heading begins; entries of lists of tables are counted."""
    inner: Any = tomllib.loads(line)
    names: list[str] = []
    while isinstance(inner, dict) and inner:
        ((name, inner),) = inner.items()
        names.append(name)
    path: TomlPath = ()
    for name in names[:-1]:
        path = _entered((*path, name), counts)
    path = (*path, names[-1])
    if not isinstance(inner, list):
        return _entered(path, counts)
    counts[path] = counts.get(path, -1) + 1
    return (*path, counts[path])


def _entered(path: TomlPath, counts: dict[TomlPath, int]) -> TomlPath:
    """The last entry, where the path is a list of tables."""
    return (*path, counts[path]) if path in counts else path


def _pair(text: str, table: TomlPath, start: int, end: int) -> TomlLine:
    found = _KEY.match(text, start)
    if not found:
        raise ValueError(f"no key: {text[start:end][:60]}")
    inner: Any = tomllib.loads(f"{found[1]} = 0")
    names: list[str] = []
    while isinstance(inner, dict):
        ((name, inner),) = inner.items()
        names.append(name)
    first = found.end()
    hashes = (at for at in range(first, end) if text[at] == "#")
    last = next((at for at in hashes if _is_toml(f"x = {text[first:at]}")), end)
    last = first + len(text[first:last].rstrip())
    return TomlLine(table, tuple(names), start, end, (first, last))
