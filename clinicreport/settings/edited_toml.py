"""A TOML text changed into one that says something else: every other line and remark stays.

Only what differs is touched. A value is put in the place of the old one, its remark behind it. A
new line stands under its remark (``# logo = "logo.png"``) where the file has one, else behind the
table's last. A line that goes and has a remark becomes a remark.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from clinicreport.ground.errors import UsageError
from clinicreport.settings.toml_lines import (
    TomlLine,
    TomlPath,
    remark_of,
    remarks_in,
    toml_lines,
    value_at,
)

Change = tuple[TomlPath, Any]
Kept = Mapping[str, Sequence[int]]  # list of tables -> the entries that stay, from 0

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_WIDE = 90  # characters of a list that still stands in one line


class _Gone:
    """Stands for the value of a key that is taken out."""


class NotPlacedError(UsageError):
    """The change cannot be made without touching other lines."""


def edited_toml(text: str, wanted: Mapping[str, Any], kept: Kept | None = None) -> str:
    """The text that says what is ``wanted``.

    ``kept``: of a list of tables, which of its entries stay; further ones are new. Raises
    NotPlacedError, and tomllib.TOMLDecodeError where the text is no TOML.
    """
    before = tomllib.loads(text)
    for name, entries in (kept or {}).items():
        for at in reversed(range(len(before.get(name, ())))):
            if at not in entries:
                text = _changed(text, (name, at), _Gone)
        before = tomllib.loads(text)
    for path, value in list(_differences(before, wanted, ())):
        text = _changed(text, path, value)
    if not same_toml(filled(tomllib.loads(text)), filled(wanted)):
        raise NotPlacedError(
            "this cannot be written between the lines that are there; change the file by hand"
        )
    return text


def filled(data: Mapping[str, Any]) -> dict[str, Any]:
    """The entries without tables that hold nothing."""
    return {name: value for name, value in data.items() if value != {}}


def same_toml(one: Any, other: Any) -> bool:
    """Whether two values are the same, their kinds too: 1 is not 1.0 and not true."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same_toml(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_toml, one, other))
    return type(one) is type(other) and bool(one == other)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _differences(
    before: Mapping[str, Any], wanted: Mapping[str, Any], path: TomlPath
) -> Iterator[Change]:
    """What is to be changed; what goes first, the last of it first."""
    for key in reversed([key for key in before if key not in wanted]):
        yield (*path, key), _Gone
    for key, value in wanted.items():
        there = before.get(key)
        if isinstance(value, Mapping) and (isinstance(there, Mapping) or (not path and value)):
            yield from _differences(
                there if isinstance(there, Mapping) else {}, value, (*path, key)
            )
        elif _is_tables(value) and (_is_tables(there) or (key not in before and not path)):
            yield from _entries(there or [], value, (*path, key))
        elif key not in before or not same_toml(there, value):
            yield (*path, key), value


def _entries(
    before: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]], path: TomlPath
) -> Iterator[Change]:
    for at in reversed(range(len(wanted), len(before))):
        yield (*path, at), _Gone
    for at, entry in enumerate(wanted):
        if at < len(before):
            yield from _differences(before[at], entry, (*path, at))
        else:
            yield (*path, at), entry


def _changed(text: str, path: TomlPath, value: Any) -> str:
    """One change made."""
    lines = toml_lines(text)
    exact = next((line for line in lines if line.key and line.path == path), None)
    if exact:
        return _without(text, [exact]) if value is _Gone else _replaced(text, exact, value)
    above = next((line for line in lines if line.key and line.path == path[: len(line.path)]), None)
    if above:
        return _inside(text, above, path[len(above.path) :], value)
    if value is _Gone:
        return _without(text, [line for line in lines if line.path[: len(path)] == path])
    if isinstance(path[-1], int):
        return _appended(text, _entry_text(path[0], value))
    return _placed(text, lines, path, value)


def _newline(text: str) -> str:
    return "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"


def _appended(text: str, more: str) -> str:
    """The text with a table at its end, a blank line before it."""
    new = _newline(text)
    text = _whole(text)
    between = new if text and not text.endswith(new * 2) else ""
    return text + between + more.replace("\n", new)


def _whole(text: str) -> str:
    return text + _newline(text) if text and not text.endswith("\n") else text


def _without(text: str, lines: Sequence[TomlLine]) -> str:
    """The text without these lines; one with a remark becomes one."""
    for line in reversed(lines):
        own = text[line.start : line.end]
        remarked = remark_of(text, line).strip() or any(remarks_in(text, line))
        kept = re.sub(r"(?m)^(?=[ \t]*[^\s#])", "# ", own) if remarked else ""
        text = text[: line.start] + kept + text[line.end :]
    return text


def _replaced(text: str, line: TomlLine, value: Any) -> str:
    """The value in the place of the old one; a remark behind it stays in its column."""
    first, last = line.value
    old, remark = text[first:last], remark_of(text, line)
    new = value_text(value, wide="\n" in old).replace("\n", _newline(text))
    if remark.strip() and "\n" not in old:
        remark = " " * max(1, len(old + remark) - len(new + remark.lstrip())) + remark.lstrip()
    behind = text[last : line.end]
    ending = behind[len(behind.rstrip("\r\n")) :]
    above = "".join(f"{one}{_newline(text)}" for one in remarks_in(text, line))
    return (
        text[: line.start]
        + above
        + text[line.start : first]
        + new
        + remark
        + ending
        + text[line.end :]
    )


def _inside(text: str, line: TomlLine, path: TomlPath, value: Any) -> str:
    """A change inside a value: an inline table, or a list of them."""
    whole = copy.deepcopy(value_at(text, line))
    inner: Any = whole
    for part in path[:-1]:
        inner = inner[part]
    if value is _Gone:
        del inner[path[-1]]
    elif isinstance(inner, list):
        inner.append(value)
    else:
        inner[path[-1]] = value
    return _replaced(text, line, whole)


def _placed(text: str, lines: list[TomlLine], path: TomlPath, value: Any) -> str:
    """A new key in its table, which is begun where there is none."""
    table, key = path[:-1], str(path[-1])
    start, end = _region(text, lines, table)
    if start < 0:
        near = [
            line
            for line in lines
            if line.key and line.path[: len(table)] == table and len(line.table) < len(path)
        ]
        if near:
            dotted = [str(part) for part in path[len(near[-1].table) :]]
            return _with_line(text, near[-1].end, dotted, value)
        text = _with_heading(text, lines, table)
        return _placed(text, toml_lines(text), path, value)
    own = [line for line in lines if line.key and start <= line.start < end]
    at = -1 if table and isinstance(table[-1], int) else _under_remark(text, own, key, start, end)
    if at < 0:
        at = own[-1].end if own else _top(text, end) if not table else start
    return _with_line(text, at, [key], value)


def _region(text: str, lines: list[TomlLine], table: TomlPath) -> tuple[int, int]:
    """From and to where a table's own keys stand; -1 where it is not begun by a heading."""
    heads = [line for line in lines if not line.key]
    starts = [
        (-1, 0, ()),
        *((line.start, line.end, line.table) for line in heads),
        (len(text), 0, None),
    ]
    for (_, end, path), (after, _, _) in pairwise(starts):
        if path == table:
            return end, after
    return -1, -1


def _remarks(text: str, lines: Sequence[TomlLine], start: int, end: int) -> Iterator[re.Match[str]]:
    """The lines that are remarks, and no part of a value."""
    for found in re.finditer(r"(?m)^[ \t]*#[ \t]*(.*?)[ \t\r]*$\n?", text[start:end]):
        at = start + found.start()
        if not any(line.start < at < line.end for line in lines):
            yield found


def _under_remark(text: str, own: Sequence[TomlLine], key: str, start: int, end: int) -> int:
    """Behind the remark that shows this key; -1 where there is none."""
    for found in _remarks(text, own, start, end):
        if found[1].startswith("["):
            break
        if re.match(rf"{re.escape(key)}[ \t]*=", found[1]):
            return start + found.end()
    return -1


def _top(text: str, end: int) -> int:
    """Where the first key of a file stands: behind the remarks that it begins with."""
    found = re.match(r"(?:[ \t]*#[^\n]*(?:\n|$))*", text[:end])
    return found.end() if found else 0


def _with_heading(text: str, lines: Sequence[TomlLine], table: TomlPath) -> str:
    """The text with a table begun: under the remark that shows it, or at the end."""
    heading = f"[{'.'.join(_key_text(str(part)) for part in table)}]"
    for found in _remarks(text, lines, 0, len(text)):
        after = next((line for line in lines if line.start >= found.end()), None)
        if found[1].partition("#")[0].strip() == heading and not (after and after.key):
            at, new = found.end(), _newline(text)
            before = _whole(text[:at])
            return before + heading + new + text[at:]
    return _appended(text, f"{heading}\n")


def _with_line(text: str, at: int, key: Sequence[str], value: Any) -> str:
    new = _newline(text)
    line = f"{'.'.join(map(_key_text, key))} = {value_text(value)}".replace("\n", new)
    return _whole(text[:at]) + line + new + (new if text[at : at + 1] == "[" else "") + text[at:]


def _entry_text(name: str | int, entry: Mapping[str, Any]) -> str:
    """An entry of a list of tables; tables in it get headings of their own."""
    named = _key_text(str(name))
    plain = {key: value for key, value in entry.items() if not isinstance(value, Mapping)}
    made = [f"[[{named}]]\n"]
    made += [f"{_key_text(key)} = {value_text(value)}\n" for key, value in plain.items()]
    for below, table in entry.items():
        if below not in plain:
            made.append(f"[{named}.{_key_text(below)}]\n")
            made += [f"{_key_text(key)} = {value_text(value)}\n" for key, value in table.items()]
    return "".join(made)


def _key_text(key: str) -> str:
    return key if _BARE.fullmatch(key) else value_text(key)


def value_text(value: Any, *, wide: bool = False) -> str:
    """A value as it stands in a file; ``wide``: a list of several lines stays one."""
    import tomlkit

    if isinstance(value, Mapping):
        pairs = ", ".join(f"{_key_text(key)} = {value_text(one)}" for key, one in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list):
        entries = [value_text(one) for one in value]
        short = f"[{', '.join(entries)}]"
        if not value or not (wide or len(short) > _WIDE):
            return short
        return "[\n" + "".join(f"    {one},\n" for one in entries) + "]"
    return value.isoformat() if isinstance(value, date) else tomlkit.item(value).as_string()
