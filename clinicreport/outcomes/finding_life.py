"""The life of a finding: new, still open, answered, mended; from one report to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from clinicreport.log.finding_ids import finding_ids, visits_at

if TYPE_CHECKING:
    from clinicreport.outcomes.analysis import Checked

State = Literal["new", "open", "answered"]
STATES: tuple[State, ...] = ("new", "open", "answered")
MENDED = "mended"


class Reply(NamedTuple):
    """Who has answered for a finding that stays as it is, and why."""

    who: str
    why: str


class Known(NamedTuple):
    """What a clinic folder knows of findings, beside the last report.

    ``answers``: by id; ``since``: by id the first month ("2026-08") whose report had it;
    ``months``: how many findings of each state the reports of earlier months had.
    """

    answers: Mapping[str, Reply]
    since: Mapping[str, str]
    months: Sequence[tuple[str, Mapping[str, int]]] = ()


class FindingLife(NamedTuple):
    """For each of a run's findings its id and state, and what an earlier report had beside.

    ``since``: the first month whose report had it, empty where that is not known; ``whose``: the
    therapist in its row, empty where none is named or it is of no visit. ``before``: how many
    findings the earlier report had, None where there is none to compare with; ``of``: its period.
    """

    ids: tuple[str, ...]
    states: tuple[State, ...]
    mended: tuple[Mapping[str, Any], ...]  # the earlier report's findings, as in its JSON
    since: tuple[str, ...]
    answers: tuple[Reply | None, ...]
    whose: tuple[str, ...]
    before: int | None = None
    of: str = ""
    months: Sequence[tuple[str, Mapping[str, int]]] = ()

    def counts(self) -> dict[str, int]:
        """How many findings are new, open and answered, and how many mended; 0 included."""
        number = Counter(self.states)
        return {state: number[state] for state in STATES} | {MENDED: len(self.mended)}

    def answered_by(self) -> dict[str, int]:
        """How many findings each person has answered for."""
        return dict(Counter(answer.who for answer in self.answers if answer))

    def still_to_do(self) -> list[tuple[str, int]]:
        """How many findings nobody has answered, by the therapist of their rows; most first."""
        waiting = Counter(
            who
            for who, state in zip(self.whose, self.states, strict=True)
            if who and state != "answered"
        )
        return sorted(waiting.items(), key=lambda entry: (-entry[1], entry[0]))


def finding_life(
    checked: Checked, earlier: Mapping[str, Any] | None = None, known: Known | None = None
) -> FindingLife:
    """The findings of a run beside those of an ``earlier`` report (its JSON).

    Without an earlier report, or with one that knew no ids, every finding is new that nobody has
    answered. A finding on days that this run leaves out, or in a file that it could not read, is
    not mended.
    """
    known = known or Known({}, {})
    every = dict(
        zip(
            (id(item.finding) for item in checked.located),
            finding_ids(checked.located, checked.log),
            strict=True,
        )
    )
    ids = tuple(every[id(finding)] for finding in checked.findings)
    before: Sequence[Mapping[str, Any]] = (earlier or {}).get("findings") or ()
    had = {entry.get("id") for entry in before}
    answers = tuple(known.answers.get(name) for name in ids)
    compared = earlier is not None and "findings" in earlier and had != {None}
    return FindingLife(
        ids,
        tuple(
            "answered" if answer else "open" if name in had else "new"
            for name, answer in zip(ids, answers, strict=True)
        ),
        _mended(checked, before, set(every.values())),
        tuple(known.since.get(name, "") for name in ids),
        answers,
        _whose(checked),
        len(before) if compared else None,
        str((earlier or {}).get("period") or ""),
        known.months,
    )


def _mended(
    checked: Checked, before: Sequence[Mapping[str, Any]], still: set[str]
) -> tuple[Mapping[str, Any], ...]:
    unread = {entry.file for entry in checked.inputs if entry.reason}
    return tuple(
        entry
        for entry in before
        if entry.get("id") and entry["id"] not in still and entry.get("file") not in unread
    )


def _whose(checked: Checked) -> tuple[str, ...]:
    """For each finding the therapist in its row."""
    places = {id(item.finding): (item.source, item.row) for item in checked.located}
    wanted = [places[id(finding)] for finding in checked.findings]
    visits = visits_at(wanted, checked.log)
    columns = (visits[name].tolist() for name in ("source", "row", "therapist"))
    named = {
        (source, row): " ".join(who.split())
        for source, row, who in zip(*columns, strict=True)
        if isinstance(who, str)
    }
    return tuple(named.get(place, "") for place in wanted)
