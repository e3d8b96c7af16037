"""What is wrong in a settings file, each with its field and its line; and lines that no page shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clinicreport.desk import settings_pages
from clinicreport.desk.settings_pages import NEW, PROTOCOL, SettingField, SettingGroup
from clinicreport.ground.strict_toml import mistakes
from clinicreport.protocol.in_force import protocol_mistakes
from clinicreport.settings.config import Config
from clinicreport.settings.toml_lines import toml_lines

Location = tuple[str | int, ...]
AROUND = 2  # lines shown before and after one that is no TOML


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong: its sentence, the id of the field that it is about and that field's page,
    both empty for none, and the line of the file that says it; 0 where none does."""

    words: str
    id: str = ""
    part: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class FileLine:
    """A line of the file by its number; ``wrong``: it is the one that cannot be read."""

    number: int
    text: str
    wrong: bool = False


def faults_of(
    part: str,
    text: str,
    data: dict[str, Any],
    groups: Iterable[SettingGroup],
    kept: Sequence[int] | None = None,
) -> Iterator[Fault]:
    """Every mistake, with its field where there is one. ``kept``: which entries of a list stay."""
    file = settings_pages.file_of(part)
    found = protocol_mistakes(data) if file == PROTOCOL else mistakes(Config, data)
    fields = {field.key: field for group in groups for field in group.fields}
    for place, words in found:
        place_shown = _as_shown(place or _named(words), kept)
        about = _field_of(place_shown, words, fields)
        if about:
            yield Fault(words, about.id, part, _line_of(text, place))
            continue
        yield Fault(words, "", _page_of(place), _line_of(text, place))


def _named(words: str) -> Location:
    """The entry that a sentence of the whole file is about."""
    found = re.match(r"recipients: number (\d+)", words)
    return ("recipients", int(found[1]) - 1, "address") if found else ()


def _as_shown(place: Location, kept: Sequence[int] | None) -> Location:
    """A place with its entry's number as the page counts it; others stand after those that stay."""
    if kept is None or len(place) < 2 or not isinstance(place[1], int):
        return place
    return (place[0], kept[place[1]] if place[1] < len(kept) else NEW, *place[2:])


def _field_of(
    place: Location, words: str, fields: Mapping[str, SettingField]
) -> SettingField | None:
    """The field that a mistake is about: its own, or the one of its table that the words name."""
    for end in range(len(place), 0, -1):
        key = ".".join(map(str, place[:end]))
        if key in fields:
            return fields[key]
    whole = ".".join(map(str, place))
    below = {key.rpartition(".")[2]: fields[key] for key in fields if key.startswith(f"{whole}.")}
    told = [*re.findall(r"needs (?:an? )?(\w+)", words), *re.findall(r"(\w+) =", words)]
    told += re.findall(r"\w+", words)
    return next((below[name] for name in told if name in below), next(iter(below.values()), None))


def _page_of(place: Location) -> str:
    """Another page that has a field for this place; empty for none."""
    key = ".".join(str(one) for one in place if isinstance(one, str))
    for part in settings_pages.parts():
        if settings_pages.file_of(part) == settings_pages.SETTINGS:
            keys = (
                field.key for group in settings_pages.groups(part, {}) for field in group.fields
            )
            if key and any(one == key or one.startswith(f"{key}.") for one in keys):
                return part
    return ""


def _line_of(text: str, place: Location) -> int:
    """The number of the line that says it; 0 where none does."""
    best, at = 0, 0
    for line in toml_lines(text):
        same = next(
            (n for n, pair in enumerate(zip(line.path, place, strict=False)) if pair[0] != pair[1]),
            min(len(line.path), len(place)),
        )
        if same > best:
            best, at = same, text.count("\n", 0, line.start) + 1
    return at


def other_lines(text: str, data: Mapping[str, Any]) -> Iterator[FileLine]:
    """The lines that stand on no page."""
    shown = [
        field.key
        for part in settings_pages.parts()
        if settings_pages.file_of(part) == settings_pages.SETTINGS
        for group in settings_pages.groups(part, data)
        for field in group.fields
    ]
    for line in toml_lines(text):
        key = ".".join(map(str, line.path))
        if line.key and not any(_overlap(key, one) for one in shown):
            number = text.count("\n", 0, line.start) + 1
            yield FileLine(number, text[line.start : line.end].strip())


def _overlap(one: str, other: str) -> bool:
    """Whether one key is the other, or stands in it."""
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def unread_lines(content: bytes, words: str) -> Iterator[FileLine]:
    """The lines around one that is no TOML."""
    lines = content.decode("utf-8-sig", "replace").split("\n")
    found = re.search(r"at line (\d+)", words)
    wrong = int(found[1]) if found else len(lines)
    for number in range(max(1, wrong - AROUND), min(len(lines), wrong + AROUND) + 1):
        yield FileLine(number, lines[number - 1].rstrip("\r"), number == wrong)
