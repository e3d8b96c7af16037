"""Lines put into ``clinic.toml`` and taken back: every remark in it stays."""

from __future__ import annotations

import copy
import errno
import os
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from clinicreport.ground.errors import UsageError
from clinicreport.ground.held_files import bytes_of, check_free, remove, replace
from clinicreport.ground.odd_toml import parsed_toml
from clinicreport.ground.strict_toml import read_toml, validated
from clinicreport.ground.whole_file import put_whole
from clinicreport.log.fields import SESSION_FIELDS
from clinicreport.settings.config import Config

TABLES = frozenset({"visits", "values", *SESSION_FIELDS})  # keys that get what they lack
KEPT = 10  # earlier versions beside the file
Lines = Mapping[str, Any]  # dotted key -> value


def put_line(
    table: MutableMapping[str, Any],
    key: str,
    value: Any,
    below: Callable[[int], MutableMapping[str, Any]],
) -> None:
    """Set a dotted key. A list gets what it lacks, a table too; ``below`` makes a table of a depth
    (from 1)."""
    if key == "forms":
        _put_forms(table, value)
        return
    *way, last = key.split(".")
    for depth, name in enumerate(way, 1):
        if name not in table:
            table[name] = below(depth)
        table = table[name]
    there = table.get(last)
    if isinstance(value, list) and isinstance(there, list):
        there.extend(entry for entry in value if entry not in there)
    elif isinstance(value, Mapping) and isinstance(there, MutableMapping) and last in TABLES:
        there.update(value)
    else:
        table[last] = value


def _put_forms(table: MutableMapping[str, Any], forms: Sequence[Mapping[str, Any]]) -> None:
    """Add forms; to one that is there already what it lacks."""
    there = table.setdefault("forms", [])
    for form in forms:
        known = next((one for one in there if one["name"] == form["name"]), None)
        if known is None:
            there.append(copy.deepcopy(dict(form)))
            continue
        for key, value in _dotted(form):
            if key not in ("name", "when"):
                put_line(known, key, copy.deepcopy(value), lambda _depth: {})


def _dotted(form: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """A form's lines as dotted keys, down to what is a line of its own."""
    for name, value in form.items():
        if isinstance(value, Mapping) and (not before or name in ("scale", "values")):
            yield from _dotted(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def with_line(lines: Lines, key: str, value: Any) -> dict[str, Any]:
    """The lines with one more; of lists and tables of one key what both hold."""
    flat: dict[str, Any] = copy.deepcopy(dict(lines))
    holder = {key.rpartition(".")[2]: flat.pop(key)} if key in flat else {}
    put_line(holder, key.rpartition(".")[2], copy.deepcopy(value), lambda _depth: {})
    return flat | {key: holder[key.rpartition(".")[2]]}


def problem_of(config: Config, lines: Lines) -> str:
    """Why the settings cannot have these lines, in words; empty where they can."""
    try:
        with_lines(config, lines)
    except UsageError as error:
        return str(error).replace("clinic.toml: ", "")
    return ""


def with_lines(config: Config, lines: Lines) -> Config:
    """The settings with these lines. Raises UsageError where one cannot be."""
    data = config.model_dump(exclude_unset=True)
    for key, value in lines.items():
        put_line(data, key, value, lambda _depth: {})
    return validated(Config, data, "clinic.toml")


def text_with_lines(text: str, lines: Lines) -> str:
    """The file's text with these lines, everything else as it was."""
    import tomlkit

    document = tomlkit.parse(text)
    if "forms" in lines and "forms" not in document:
        document["forms"] = tomlkit.aot()
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
    """One line as it would stand in the file; of forms a line each."""
    if key == "forms":
        return "; ".join(
            f"forms “{form['name']}”: "
            + ", ".join(shown_line(name, one) for name, one in _dotted(form) if name != "name")
            for form in value
        )
    text = _item(value).as_string() if not isinstance(value, date) else value.isoformat()
    return f"{key} = {text}"


def write_lines(path: Path, lines: Lines) -> None:
    """Put the lines into the file, making it where there is none; the earlier one is kept.

    Raises UsageError where the result would be no settings, OSError where it cannot be written.
    """
    _check_free(path)
    before = bytes_of(path) if path.exists() else b""
    if before:
        read_toml(path)
        if not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, "it is read-only", str(path))
    text = before.decode("utf-8-sig")
    after = text_with_lines(text, lines)
    if "\r\n" in text:
        after = after.replace("\r\n", "\n").replace("\n", "\r\n")
    first_problem = _problem_of_text(after, path.name)
    if first_problem:
        raise UsageError(first_problem)
    for number in range(KEPT - 1, 0, -1):
        if _earlier(path, number).exists():
            replace(_earlier(path, number), _earlier(path, number + 1))
    put_whole(_earlier(path, 1), [before])
    written = put_whole(path, [after.encode()])
    _remember(path, [written, *_written(path)][:KEPT])


def _check_free(path: Path) -> None:
    """Raise OSError, before anything is changed, where a file is open in another program."""
    for one in (path, _marks(path), *(_earlier(path, number) for number in range(1, KEPT + 1))):
        if one.exists():
            check_free(one)


def _problem_of_text(text: str, name: str) -> str:
    """Why a text is no settings; empty where it is."""
    try:
        validated(Config, parsed_toml(text, name), name)
    except UsageError as error:
        return str(error)
    return ""


def steps_back(path: Path) -> int:
    """How many times :func:`undo` can take something back."""
    return next((at for at in range(KEPT) if not _earlier(path, at + 1).exists()), KEPT)


def undo(path: Path) -> bool:
    """Put the file back as it was before the last lines; True where there was none.

    Raises UsageError where nothing can be taken back, or where somebody has changed the file since:
    that change is not thrown away.
    """
    last, written = _earlier(path, 1), _written(path)
    if not last.exists():
        raise UsageError(f"{path.name}: nothing was written into it that could be taken back")
    _check_free(path)
    if written and path.exists() and sha256(bytes_of(path)).hexdigest() != written[0]:
        raise UsageError(
            f"{path.name}: somebody has changed it since the last lines were written, so it is left "
            f"as it is; take them out by hand, or put {last.name} in its place"
        )
    before = bytes_of(last)
    if before:
        put_whole(path, [before])
    else:
        remove(path, missing_ok=True)
    remove(last)
    for number in range(2, KEPT + 1):
        if _earlier(path, number).exists():
            replace(_earlier(path, number), _earlier(path, number - 1))
    _remember(path, written[1:])
    return not before


def _earlier(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.before-{number}")


def _written(path: Path) -> list[str]:
    """The SHA-256 of what was written into the file, the last first."""
    marks = _marks(path)
    return marks.read_text(encoding="ascii").split() if marks.exists() else []


def _remember(path: Path, written: Sequence[str]) -> None:
    if written:
        put_whole(_marks(path), ["\n".join(written).encode()])
    else:
        remove(_marks(path), missing_ok=True)


def _marks(path: Path) -> Path:
    return path.with_name(f"{path.name}.written")
