"""Lines put into ``clinic.toml`` and taken back: every remark in it stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from datetime import date
from pathlib import Path
from typing import Any

from clinicreport.ground.errors import UsageError
from clinicreport.ground.strict_toml import read_toml, validated
from clinicreport.ground.whole_file import put_whole
from clinicreport.settings.config import Config

KEPT = 10  # earlier versions beside the file
Lines = Mapping[str, Any]  # dotted key -> value


def put_line(
    table: MutableMapping[str, Any],
    key: str,
    value: Any,
    below: Callable[[int], MutableMapping[str, Any]],
) -> None:
    """Set a dotted key. A list gets what it lacks; ``below`` makes a table of a depth (from 1)."""
    *way, last = key.split(".")
    for depth, name in enumerate(way, 1):
        if name not in table:
            table[name] = below(depth)
        table = table[name]
    if isinstance(value, list) and isinstance(table.get(last), list):
        there = table[last]
        for entry in value:
            if entry not in there:
                there.append(entry)
    else:
        table[last] = value


def with_lines(config: Config, lines: Lines) -> Config:
    """The settings with these lines. Raises UsageError where one cannot be."""
    data = config.model_dump()
    for key, value in lines.items():
        put_line(data, key, value, lambda _depth: {})
    return validated(Config, data, "clinic.toml")


def text_with_lines(text: str, lines: Lines) -> str:
    """The file's text with these lines, everything else as it was."""
    import tomlkit

    document = tomlkit.parse(text)
    for key, value in lines.items():
        inner = tomlkit.inline_table
        put_line(
            document,
            key,
            _item(value),
            lambda depth, inner=inner: tomlkit.table() if depth == 1 else inner(),  # type: ignore[misc]
        )
    return tomlkit.dumps(document)


def _item(value: Any) -> Any:
    import tomlkit

    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        table.update(value)
        return table
    return tomlkit.item(value)


def shown_line(key: str, value: Any) -> str:
    """One line as it would stand in the file."""
    text = _item(value).as_string() if not isinstance(value, date) else value.isoformat()
    return f"{key} = {text}"


def write_lines(path: Path, lines: Lines) -> None:
    """Put the lines into the file, making it where there is none; the earlier one is kept.

    Raises UsageError where the result would be no settings, OSError where it cannot be written.
    """
    before = path.read_bytes() if path.exists() else b""
    if before:
        read_toml(path)
    after = text_with_lines(before.decode("utf-8-sig"), lines)
    for number in range(KEPT - 1, 0, -1):
        if _earlier(path, number).exists():
            _earlier(path, number).replace(_earlier(path, number + 1))
    put_whole(_earlier(path, 1), [before])
    put_whole(path, [after.encode()])


def undo(path: Path) -> bool:
    """Put the file back as it was before the last lines; True where there was none.

    Raises UsageError where nothing can be taken back.
    """
    last = _earlier(path, 1)
    if not last.exists():
        raise UsageError(f"{path.name}: nothing was written into it that could be taken back")
    before = last.read_bytes()
    if before:
        put_whole(path, [before])
    else:
        path.unlink(missing_ok=True)
    last.unlink()
    for number in range(2, KEPT + 1):
        if _earlier(path, number).exists():
            _earlier(path, number).replace(_earlier(path, number - 1))
    return not before


def _earlier(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.before-{number}")
