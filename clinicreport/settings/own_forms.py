"""Lines that hold for one layout of a clinic's logs only, as a form of ``clinic.toml``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clinicreport.log.fields import NEEDED
from clinicreport.log.headings import key
from clinicreport.settings.config import Config
from clinicreport.settings.own_lines import Lines, problem_of, put_line, with_line

FOR_ALL = ("missing", "reading.ignore", "reading.two_sessions_a_day")
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Layout:
    """One layout: what to call it, its headings, those that it is told by, the form it is now."""

    name: str
    headings: tuple[str, ...]
    telling: tuple[str, ...]
    form: str = ""

    @property
    def keys(self) -> frozenset[str]:
        """Its headings as they are compared."""
        return frozenset(map(key, self.headings))


def composed(
    config: Config, layouts: Sequence[Layout], answers: Sequence[tuple[int, str, Any]]
) -> dict[str, Any]:
    """The lines of the answers (layout, key, value): general ones, and under ``forms`` those of a
    layout that would be wrong for another."""
    lines: dict[str, Any] = {}
    own: dict[int, dict[str, Any]] = {at: {} for at in range(len(layouts))}
    for at, name, value in answers:
        if name in FOR_ALL or at not in own:
            lines = with_line(lines, name, value)
        else:
            own[at] = with_line(own[at], name, value)
    for at, mine in own.items():
        others = [layouts[other] for other in own if other != at]
        apart = _apart(config, lines, mine, layouts[at], [own[o] for o in own if o != at])
        if mine and (layouts[at].form or apart):
            form = _as_form(layouts[at], mine, others, _names(config, lines))
            lines = with_line(lines, "forms", [form])
            continue
        for name, value in mine.items():
            lines = with_line(lines, name, value)
    return lines


def _readings(lines: Lines) -> dict[str, Any]:
    """The lines that would change how another layout is read."""
    return {name: value for name, value in lines.items() if not name.startswith("aliases.")}


def _apart(
    config: Config, lines: Lines, own: Lines, layout: Layout, others: Sequence[Lines]
) -> bool:
    """Whether lines may not hold for every log: another layout is known, or they contradict what
    is there."""
    readings = _readings(own)
    if readings and any(_readings(other) != readings for other in others):
        return True
    if readings and _another_layout(config, layout.keys):
        return True
    if any(_another_heading(config, name, value, layout) for name, value in own.items()):
        return True
    now = {**_flat(config.model_dump(exclude_unset=True)), **lines}
    if any(name in now and now[name] != value for name, value in _scalars(readings)):
        return True
    together = dict(lines)
    for name, value in own.items():
        together = with_line(together, name, value)
    return bool(problem_of(config, together))


def _another_layout(config: Config, keys: Collection[str]) -> bool:
    """Whether the clinic has named headings of a needed field, and this layout has none of them."""
    return any(
        named and not any(key(heading) in keys for heading in named)
        for field in NEEDED
        for named in [[*config.aliases.get(field, ()), *config.reading.headings.get(field, ())]]
    )


def _another_heading(config: Config, name: str, value: Any, layout: Layout) -> bool:
    """Whether the layout has another heading that the clinic has named for the same field."""
    field = name.removeprefix("aliases.")
    mine = {key(heading) for heading in value} if field != name else set()
    return bool(mine) and any(
        key(heading) in layout.keys - mine for heading in config.aliases.get(field, ())
    )


def _scalars(lines: Lines) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in lines.items() if not isinstance(value, list | Mapping)]


def _flat(data: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in data.items():
        if isinstance(value, Mapping):
            result |= _flat(value, f"{before}{name}.")
        else:
            result[f"{before}{name}"] = value
    return result


def _names(config: Config, lines: Lines) -> list[str]:
    return [
        *(form.name for form in config.forms),
        *(form["name"] for form in lines.get("forms", ())),
    ]


def _as_form(
    layout: Layout, lines: Lines, others: Sequence[Layout], taken: Collection[str]
) -> dict[str, Any]:
    """The form: its own lines, and headings that no other of the layouts has all of."""
    if layout.form:
        form: dict[str, Any] = {"name": layout.form}
    else:
        when = list(dict.fromkeys(layout.telling))
        if not when or any(set(map(key, when)) <= other.keys for other in others):
            when = list(layout.headings)
        form = {"name": _free(layout.name, taken), "when": when}
    for name, value in lines.items():
        put_line(form, name, value)
    return form


def _free(name: str, taken: Collection[str]) -> str:
    short = name[:LONGEST_NAME] or "Log"
    known = {one.casefold() for one in taken}
    made, number = short, 1
    while made.casefold() in known:
        number += 1
        made = f"{short[: LONGEST_NAME - 4]} {number}"
    return made
