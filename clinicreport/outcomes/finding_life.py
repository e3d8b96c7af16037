"""The life of a finding: new, still open, answered, mended; from one report to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from clinicreport.log.finding_ids import finding_ids
from clinicreport.outcomes.analysis import Checked

State = Literal["new", "open", "answered"]
STATES: tuple[State, ...] = ("new", "open", "answered")


@dataclass(frozen=True, slots=True)
class FindingLife:
    """For each of a run's findings its id and state, and what an earlier report had beside."""

    ids: tuple[str, ...]
    states: tuple[State, ...]
    mended: tuple[Mapping[str, Any], ...]  # the earlier report's findings, as in its JSON

    def counts(self) -> dict[str, int]:
        """How many findings are new, open and answered, and how many mended; 0 included."""
        number = Counter(self.states)
        return {state: number[state] for state in STATES} | {"mended": len(self.mended)}


def finding_life(
    checked: Checked, earlier: Mapping[str, Any] | None = None, answered: Container[str] = ()
) -> FindingLife:
    """The findings of a run beside those of an ``earlier`` report (its JSON).

    ``answered``: ids of what somebody has acknowledged. Without an earlier report, or with one
    that knew no ids, every finding is new. A finding on days that this run leaves out, or in a
    file that it could not read, is not mended.
    """
    every = dict(
        zip(
            (id(item.finding) for item in checked.located),
            finding_ids(checked.located, checked.log),
            strict=True,
        )
    )
    ids = tuple(every[id(finding)] for finding in checked.findings)
    before: Sequence[Mapping[str, Any]] = (earlier or {}).get("findings") or ()
    known = {entry.get("id") for entry in before}
    states = tuple(_state(name, known, answered) for name in ids)
    still = set(every.values())
    unread = {entry.file for entry in checked.inputs if entry.reason}
    mended = tuple(
        entry
        for entry in before
        if entry.get("id") and entry["id"] not in still and entry.get("file") not in unread
    )
    return FindingLife(ids, states, mended)


def _state(name: str, known: Container[str | None], answered: Container[str]) -> State:
    if name in answered:
        return "answered"
    return "open" if name in known else "new"
