"""One page of the settings: what its file holds, what is wrong in it, and what a form changes.

The file is checked by the models that check it at every run, in the same words; what is written
leaves every other line as it is.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from clinicreport.desk import settings_pages
from clinicreport.desk.ask_model import stamp_of
from clinicreport.desk.log_place import StandsElsewhereError
from clinicreport.desk.settings_faults import (
    Fault,
    FileLine,
    faults_of,
    other_lines,
    unread_lines,
)
from clinicreport.desk.settings_pages import NEW, PROTOCOL, SettingField, SettingGroup
from clinicreport.ground.errors import OutputError, UsageError
from clinicreport.ground.held_files import bytes_of
from clinicreport.ground.strict_toml import merged, read_toml
from clinicreport.settings.earlier_settings import (
    ChangedMeanwhileError,
    decoded,
    put_settings,
    steps_back,
)
from clinicreport.settings.edited_toml import edited_toml, filled, same_toml

NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """What a page shows. ``stamp``: tells the file as it stands; ``steps``: how many changes can be
    taken back; ``unread``: lines around one that is no TOML (there are no groups then); ``others``:
    lines of the file that stand on no page."""

    part: str
    title: str
    file: str
    groups: tuple[SettingGroup, ...]
    faults: tuple[Fault, ...]
    stamp: str
    steps: int
    unread: tuple[FileLine, ...] = ()
    others: tuple[FileLine, ...] = ()

    @property
    def fields(self) -> list[SettingField]:
        """All fields."""
        return [field for group in self.groups for field in group.fields]


class NotSavedError(UsageError):
    """What was filled in is not in order; ``faults`` say why."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """With what is wrong."""
        self.faults = tuple(faults)
        super().__init__("\n".join(fault.words for fault in self.faults))


def settings_page(path: Path, part: str, under: Mapping[str, Any]) -> SettingsPage:
    """A page as its file stands, mistakes and all. ``under``: the entries that the file stands over.

    Raises OSError where it cannot be read.
    """
    name, title = path.name, settings_pages.parts()[part]
    stamp, steps = stamp_of(path, part), steps_back(path)
    content = bytes_of(path) if path.exists() else b""
    try:
        data = read_toml(path) if content else {}
    except UsageError as error:
        lines = tuple(unread_lines(content, str(error)))
        return SettingsPage(part, title, name, (), (Fault(str(error)),), stamp, steps, lines)
    text = decoded(content)
    groups = settings_pages.groups(part, data)
    faults = tuple(faults_of(part, text, merged(under, data), groups))
    others = tuple(other_lines(text, data)) if settings_pages.file_of(part) != PROTOCOL else ()
    return SettingsPage(part, title, name, groups, faults, stamp, steps, (), others)


def save(path: Path, part: str, given: Mapping[str, str], under: Mapping[str, Any]) -> bool:
    """Write what was filled in; whether anything is different by it.

    ``given``: the form's fields by their keys, ``remove`` with the numbers of entries that go, and
    ``stamp``; ``under``: the entries that the file stands over. Raises StandsElsewhereError, NotSavedError, UsageError, OutputError.
    """
    if given.get("stamp") != stamp_of(path, part):
        raise StandsElsewhereError(f"{path.name}: it changed meanwhile")
    before = bytes_of(path) if path.exists() else b""
    text = decoded(before)
    data = read_toml(path) if before else {}
    wanted, kept = copy.deepcopy(data), {}
    groups = settings_pages.groups(part, data)
    for field in (one for group in groups if not group.entry for one in group.fields):
        _take(wanted, field, given)
    _take_heading(wanted, given)
    if any(group.entry for group in groups):
        kept["recipients"] = _take_entries(wanted, groups, given)
    if same_toml(filled(wanted), filled(data)):
        return False
    faults = list(faults_of(part, text, merged(under, wanted), groups, kept.get("recipients")))
    if faults:
        raise NotSavedError(faults)
    try:
        put_settings(path, before, edited_toml(text, wanted, kept))
    except ChangedMeanwhileError as error:
        raise StandsElsewhereError(str(error)) from error
    except OSError as error:
        raise OutputError(f"{path.name}: cannot be written ({error.strerror})") from error
    return True


def not_kept(page: SettingsPage, given: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was filled in and stands otherwise in the file now: label and words."""
    told = ((field.label, _said(field, given)) for field in page.fields)
    return [(label, words) for label, words in told if words is not None]


def _said(field: SettingField, given: Mapping[str, str]) -> str | None:
    """What was filled in; None where it is what was there."""
    text = given.get(field.key)
    if text is None or field.kind == "fixed":
        return None
    text = text.replace("\r\n", "\n").strip()
    return None if text == field.value.strip() else text


def _take(wanted: dict[str, Any], field: SettingField, given: Mapping[str, str]) -> None:
    """Put one field into the entries; an empty one takes its key out."""
    text = _said(field, given)
    if text is None or field.key.startswith(f"{NEW}."):
        return
    *way, last = field.key.split(".")
    tables = [wanted]
    for name in way:
        below = tables[-1].setdefault(name, {})
        if not isinstance(below, dict):
            return  # which its model says
        tables.append(below)
    if text:
        tables[-1][last] = value_of(field, text)
        return
    tables[-1].pop(last, None)
    for at in range(len(way) - 1, 0, -1):  # a table in a line that holds nothing any more
        if not tables[at + 1]:
            del tables[at][way[at]]


def _take_heading(wanted: dict[str, Any], given: Mapping[str, str]) -> None:
    """One more heading of a log, where its field and its words are filled in."""
    name, words = given.get(f"{NEW}.field", ""), _lines(given.get(f"{NEW}.headings", ""))
    if name and words and isinstance(wanted.setdefault("aliases", {}), dict):
        wanted["aliases"][name] = words


def _take_entries(
    wanted: dict[str, Any], groups: Iterable[SettingGroup], given: Mapping[str, str]
) -> list[int]:
    """The list with its changes; which of its entries stay."""
    there = wanted.setdefault("recipients", [])
    if not isinstance(there, list) or not all(isinstance(one, dict) for one in there):
        return []  # which their model says
    gone = set(given.get("remove", "").split())
    for group in (one for one in groups if one.entry):
        entry = {} if group.entry == NEW else there[int(group.entry)]
        for field in group.fields:
            text = _said(field, given)
            name = field.key.rpartition(".")[2]
            if text:
                entry[name] = value_of(field, text)
            elif text is not None:
                entry.pop(name, None)
        if group.entry == NEW and entry:
            there.append(entry)
    count = len([one for one in groups if one.entry]) - 1
    kept = [at for at in range(count) if str(at) not in gone]
    wanted["recipients"] = [there[at] for at in kept] + there[count:]
    if not wanted["recipients"]:
        del wanted["recipients"]
    return kept


def value_of(field: SettingField, text: str) -> Any:
    """A field's text as its file holds it; as it is where it cannot be that: its model says so."""
    if field.kind == "number" and NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    if field.kind == "day":
        with suppress(ValueError):
            return date.fromisoformat(text)
    if field.kind == "choice" and text in ("true", "false"):
        return text == "true"
    if field.key == "reading.patient_from" and text == "row":
        return text
    if field.kind == "lines":
        return _lines(text)
    if field.kind == "pairs":
        pairs = {name.strip(): _number(value) for name, _, value in map(_halves, _lines(text))}
        return pairs if len(pairs) == len(_lines(text)) else text
    return text


def _halves(line: str) -> tuple[str, str, str]:
    return line.rpartition("=") if "=" in line else (line, "", "")


def _number(text: str) -> int | str:
    text = text.strip()
    return int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else text


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
