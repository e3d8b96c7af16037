"""The pages of the settings: their fields, made from the models that check the files.

``templates/settings-pages.toml`` says what stands where and what it is called; what a setting means
is the remark behind it in ``templates/clinic.toml``, a limit's is its model's description.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from clinicreport.desk.settings_remarks import remarks, roles
from clinicreport.ground.strict_toml import merged, packaged_toml
from clinicreport.protocol import in_force
from clinicreport.protocol.in_force import Protocol
from clinicreport.settings.config import ORDERS, Config, Recipient
from clinicreport.settings.edited_toml import value_text

OWN_LIMITS = (
    "A limit here is not the one that the source below speaks of. Say there where yours comes from: "
    "findings cite it."
)
NEW = "new"  # stands for the number of an entry that is not there yet
SETTINGS, PROTOCOL = "clinic.toml", "protocol.toml"


@dataclass(frozen=True, slots=True)
class SettingField:
    """One field of a form. ``key``: where it stands in the file, dotted; ``kind``: text, long,
    number, day, lines, pairs, choice or fixed; ``value``: as it is shown, empty where it is not set;
    ``usual``: what holds then, in words; ``choices``: values and their words."""

    key: str
    label: str
    kind: str
    value: str
    hint: str = ""
    usual: str = ""
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        """Its id on the page."""
        return field_id(self.key)


def field_id(key: str) -> str:
    """The id of a key's field on the page."""
    return "f-" + re.sub(r"\W", "-", key)


@dataclass(frozen=True, slots=True)
class SettingGroup:
    """Fields under one title. ``folded``: shown on a click; ``entry``: of a list, its number or
    ``new``; ``said``: what is said of them."""

    title: str
    fields: tuple[SettingField, ...]
    folded: bool = False
    entry: str = ""
    said: tuple[str, ...] = ()


@cache
def _told() -> dict[str, Any]:
    return packaged_toml("templates/settings-pages.toml")


@cache
def _delivered() -> dict[str, Any]:
    """The protocol as it is delivered; nobody changes it here."""
    return in_force.as_delivered()


def parts() -> dict[str, str]:
    """The pages: part -> title."""
    return {page["part"]: page["title"] for page in _told()["pages"]}


def said_of(part: str) -> str:
    """What is said of a page as a whole; empty for nothing."""
    return str(_page(part).get("said", ""))


def file_of(part: str) -> str:
    """The name of the file that a page is about."""
    return PROTOCOL if "limits" in _page(part) else SETTINGS


def by_hand() -> dict[str, str]:
    """What stands on no page: key -> why."""
    return dict(_told()["by_hand"])


def _page(part: str) -> dict[str, Any]:
    return next(page for page in _told()["pages"] if page["part"] == part)


def groups(part: str, data: Mapping[str, Any]) -> tuple[SettingGroup, ...]:
    """What a page shows of its file's entries."""
    page = _page(part)
    if "limits" in page:
        whole = merged(_delivered(), data)
        return tuple(_limits(section, whole) for section in page["limits"])
    return tuple(one for group in page["groups"] for one in _groups(group, data))


def _groups(group: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[SettingGroup]:
    if "entries" in group:
        yield from _entries(group, data)
        return
    title, folded = group["title"], group.get("folded", False)
    if "table" in group:
        yield SettingGroup(title, tuple(_headings(group["table"], data)))
        return
    fields = tuple(_field(Config, key, label, data) for key, label in group["fields"].items())
    yield SettingGroup(title, fields, folded)


def _entries(group: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[SettingGroup]:
    """A group an entry of a list of tables, and one for a new entry."""
    name = group["entries"]
    there = data.get(name, [])
    there = there if isinstance(there, list) else []
    for at in [*map(str, range(len(there))), NEW]:
        entry = there[int(at)] if at != NEW else {}
        entry = entry if isinstance(entry, Mapping) else {}
        fields = []
        for key, label in group["fields"].items():
            field = _field(Recipient, key, label, entry, about=f"{name}.{key}")
            fields.append(replace(field, key=f"{name}.{at}.{key}"))
        title = (
            f"One more {group['title'].lower()}" if at == NEW else f"{group['title']} {int(at) + 1}"
        )
        said = tuple(f"{role}: {words}" for role, words in roles().items()) if at == NEW else ()
        yield SettingGroup(title, tuple(fields), entry=at, said=said)


def _headings(table: str, data: Mapping[str, Any]) -> Iterator[SettingField]:
    """The clinic's own headings by field, and two fields for one more."""
    from clinicreport.log.chosen_headings import CHOICES
    from clinicreport.log.fit.candidates import field_words

    there = data.get(table)
    there = there if isinstance(there, Mapping) else {}
    for name, headings in there.items():
        yield SettingField(f"{table}.{name}", field_words(name), "lines", shown(headings))
    choices = tuple((name, label) for label, name in CHOICES.items() if name not in there)
    yield SettingField(
        f"{NEW}.field", "One more field", "choice", "", choices=(("", "none"), *choices)
    )
    yield SettingField(f"{NEW}.headings", "Its headings in your logs", "lines", "")


def _limits(section: str, whole: Mapping[str, Any]) -> SettingGroup:
    """A section of the protocol: its limits and where they come from."""
    model = Protocol.model_fields[section].annotation
    usual = _delivered()[section]
    entries = whole.get(section)
    entries = entries if isinstance(entries, Mapping) else {}
    fields = list(_numbers(model, section, entries, usual, ""))
    source = SettingField(
        f"{section}.source", "Where they come from", "long", shown(entries.get("source"))
    )
    own = any(field.kind == "number" and field.value != field.usual for field in fields)
    said = (OWN_LIMITS,) if own and source.value == usual["source"] else ()
    return SettingGroup(section.capitalize(), (*fields, source), said=said)


def _numbers(
    model: Any, above: str, entries: Mapping[str, Any], usual: Mapping[str, Any], said: str
) -> Iterator[SettingField]:
    """The limits that are one number, or two ends."""
    for name, info in model.model_fields.items():
        key, words = f"{above}.{name}", info.description or ""
        value, annotation = entries.get(name), _plain(info.annotation)
        if said:
            words = f"{said}, {_told()['ends'][name]}"
        if hasattr(annotation, "model_fields"):
            inner = value if isinstance(value, Mapping) else {}
            yield from _numbers(annotation, key, inner, usual[name], words)
        elif annotation in (int, float) or get_origin(annotation) is Literal:
            kind = "number" if annotation in (int, float) else "fixed"
            label = words[:1].upper() + words[1:]
            yield SettingField(key, label, kind, shown(value), usual=shown(usual[name]))


def _field(
    model: type[BaseModel], key: str, label: str, data: Mapping[str, Any], about: str = ""
) -> SettingField:
    """A field made from its model, with what the file holds."""
    annotation, usual = model_at(model, key)
    kind, choices = _kind(annotation)
    value = _at(data, key)
    if key == "date_order":
        choices = tuple(ORDERS)
        value = {short: word for word, short in ORDERS.items()}.get(value, value)
    told = remarks()
    hint = told.get(about or key) or told.get(key.rpartition(".")[0], "")
    words = _told()["words"]
    if kind == "choice":
        pairs = tuple((one, words.get(one, one)) for one in choices)
        first = (
            ""
            if _is_needed(model, key)
            else f"as delivered: {words.get(shown(usual), shown(usual)) or 'not said'}"
        )
        return SettingField(
            key, label, kind, shown(value), hint, "", (("", first or "choose"), *pairs)
        )
    return SettingField(key, label, kind, shown(value), hint, shown(usual))


def _is_needed(model: type[BaseModel], key: str) -> bool:
    return "." not in key and model.model_fields[key].is_required()


def model_at(model: type[BaseModel], key: str) -> tuple[Any, Any]:
    """A key's type, without Annotated and None, and its default."""
    current: Any = model
    usual: Any = None
    for name in key.split("."):
        if hasattr(current, "model_fields"):
            info = current.model_fields[name]
            usual = None if info.is_required() else info.get_default()
            current = _plain(info.annotation)
        else:  # a table of free names
            usual, current = None, _plain(get_args(current)[1])
    return current, usual


def _plain(annotation: Any) -> Any:
    """A type without Annotated and None; of several that which a list or a text is."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _plain(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        inner = [_plain(one) for one in get_args(annotation) if one is not type(None)]
        return inner[0]
    return annotation


def _kind(annotation: Any) -> tuple[str, tuple[str, ...]]:
    """How a type is asked for, and what can be chosen."""
    origin = get_origin(annotation)
    if origin is Literal:
        return "choice", tuple(map(str, get_args(annotation)))
    if annotation is bool:
        return "choice", ("true", "false")
    if annotation in (int, float):
        return "number", ()
    if annotation is date:
        return "day", ()
    if origin is list:
        return "lines", ()
    return ("pairs", ()) if origin is dict else ("text", ())


def _at(data: Mapping[str, Any], key: str) -> Any:
    value: Any = data
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def shown(value: Any) -> str:
    """A value as a field holds it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(shown(one) for one in value)
    if isinstance(value, Mapping):
        return "\n".join(f"{name} = {shown(one)}" for name, one in value.items())
    return value_text(value)
