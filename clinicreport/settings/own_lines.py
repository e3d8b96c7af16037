"""Lines put into ``clinic.toml``: every remark in it stays."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Any

from clinicreport.ground.errors import UsageError
from clinicreport.ground.held_files import bytes_of
from clinicreport.ground.odd_toml import parsed_toml
from clinicreport.ground.strict_toml import read_toml, validated
from clinicreport.log.fields import SESSION_FIELDS
from clinicreport.settings.config import Config
from clinicreport.settings.earlier_settings import decoded, put_settings
from clinicreport.settings.edited_toml import edited_toml, value_text

TABLES = frozenset({"visits", "values", *SESSION_FIELDS})  # keys that get what they lack
Lines = Mapping[str, Any]  # dotted key -> value


def put_line(table: MutableMapping[str, Any], key: str, value: Any) -> None:
    """Set a dotted key. A list gets what it lacks, a table too."""
    if key == "forms":
        _put_forms(table, value)
        return
    *way, last = key.split(".")
    for name in way:
        table = table.setdefault(name, {})
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
                put_line(known, key, copy.deepcopy(value))


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
    put_line(holder, key.rpartition(".")[2], copy.deepcopy(value))
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
        put_line(data, key, value)
    return validated(Config, data, "clinic.toml")


def text_with_lines(text: str, lines: Lines) -> str:
    """The file's text with these lines, everything else as it was."""
    wanted = tomllib.loads(text)
    for key, value in lines.items():
        put_line(wanted, key, copy.deepcopy(value))
    return edited_toml(text, wanted)


def shown_line(key: str, value: Any) -> str:
    """One line as it would stand in the file; of forms a line each."""
    if key == "forms":
        return "; ".join(
            f"forms “{form['name']}”: "
            + ", ".join(shown_line(name, one) for name, one in _dotted(form) if name != "name")
            for form in value
        )
    return f"{key} = {value_text(value)}"


def write_lines(path: Path, lines: Lines) -> None:
    """Put the lines into the file, making it where there is none; the earlier one is kept.

    Raises UsageError where the result would be no settings, OSError where it cannot be written.
    """
    before = bytes_of(path) if path.exists() else b""
    if before:
        read_toml(path)
    after = text_with_lines(decoded(before), lines)
    first_problem = _problem_of_text(after, path.name)
    if first_problem:
        raise UsageError(first_problem)
    put_settings(path, before, after)


def _problem_of_text(text: str, name: str) -> str:
    """Why a text is no settings; empty where it is."""
    try:
        validated(Config, parsed_toml(text, name), name)
    except UsageError as error:
        return str(error)
    return ""
