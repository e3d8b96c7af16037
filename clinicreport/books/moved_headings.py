"""Headings that an earlier report read a score, a day or a patient from, and that are gone now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from clinicreport.log.fields import SESSION_FIELDS
from clinicreport.log.headings import key
from clinicreport.log.inputs import Input

if TYPE_CHECKING:
    from clinicreport.outcomes.analysis import Checked

Known = dict[str, list[str]]  # field -> the headings that it was read from


def moved_headings(earlier: Mapping[str, Any], inputs: Iterable[Input]) -> Iterator[str]:
    """A sentence for each field that no sheet has under an earlier heading any more.

    ``earlier``: an earlier report's JSON, or what a clinic folder kept of it.
    """
    before = _headings(entry.get("headings") for entry in _entries(earlier))
    now = _headings(entry.headings for entry in inputs)
    for name, headings in before.items():
        known = {key(heading) for heading in now.get(name, ())}
        still = known.intersection(map(key, headings))  # of two forms one may rest for a while
        if not known or still or name not in SESSION_FIELDS:
            continue
        old = " and ".join(f"“{heading}”" for heading in headings)
        instead = f"; {' and '.join(f'“{heading}”' for heading in now[name])} is read now"
        was = "were" if len(headings) > 1 else "was"
        label = SESSION_FIELDS[name].label
        yield f"{old} {was} {label} until {_until(earlier)}; not there now{instead}."


def inputs_in_period(checked: Checked) -> list[Input]:
    """The inputs with a visit in the period; without a period all."""
    period, visits = checked.request.period, checked.log.visits
    if period is None:
        return list(checked.inputs)
    inside = set(visits["source"][period.inside(visits["date"])].tolist())
    sources = [checked.log.sources[at] for at in inside]
    places = {(source.file, source.sha256, source.sheet) for source in sources}
    return [one for one in checked.inputs if (one.file, one.sha256, one.sheet) in places]


def _entries(earlier: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = earlier.get("inputs")
    return (
        [entry for entry in found if isinstance(entry, Mapping)] if isinstance(found, list) else []
    )


def _headings(each: Iterable[Any]) -> Known:
    found: Known = {}
    for headings in each:
        for name, heading in headings.items() if isinstance(headings, Mapping) else ():
            known = found.setdefault(str(name), [])
            if isinstance(heading, str) and key(heading) and heading not in known:
                known.append(heading)
    return found


def _until(earlier: Mapping[str, Any]) -> str:
    """The month of the earlier report's last day."""
    try:
        return f"{date.fromisoformat(str(earlier.get('as_of'))):%B %Y}"
    except ValueError:
        return "the earlier report"
