"""What became of findings, in words: on sheets, on the status page and in messages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from clinicreport.outcomes.finding_life import MENDED
from clinicreport.workbook.words import count, listing, month

if TYPE_CHECKING:
    from clinicreport.ground.period import Period
    from clinicreport.outcomes.finding_life import FindingLife

STATES = {"new": "new", "open": "still open", "answered": "answered", MENDED: MENDED}
NAMED = 5  # therapists named in one line
MONTHS = 6  # months told in one line


def quality_line(life: FindingLife, period: Period | None = None) -> str:
    """As in "23 of 25 findings of Aug 2026 mended; 4 new, 1 still open". Numbers only, no names.

    ``period``: what the report itself is about: where the earlier one is about the same, that is
    its version before.
    """
    counts = life.counts()
    now = ", ".join(f"{counts[state]:,} {STATES[state]}" for state in _told(counts)) or "none now"
    if life.before is None:
        return f"no earlier report to compare with; {now}"
    if not life.before:
        return f"no finding {_of(life.of, period)}; {now}"
    mended = f"{counts[MENDED]:,} of {count(life.before, 'finding')}"
    return f"{mended} {_of(life.of, period)} mended; {now}"


def _told(counts: Mapping[str, int]) -> list[str]:
    return [state for state in STATES if state != MENDED and counts.get(state)]


def _of(earlier: str, period: Period | None) -> str:
    if period is not None and earlier == period.text:
        return "of the version before"
    if re.fullmatch(r"\d{4}-\d{2}", earlier):
        return f"of {month(earlier)}"
    return f"of the report of {earlier}" if earlier else "of the earlier report"


def life_line(counts: Mapping[str, int], answered: Mapping[str, int] | None = None) -> str:
    """As in "4 new, 2 answered (A. B. 2), 23 mended"; "none" where all are 0.

    ``answered``: how many each person has answered for.
    """
    told = []
    for state, words in STATES.items():
        if counts.get(state):
            by = f" ({answered_by(answered)})" if state == "answered" and answered else ""
            told.append(f"{counts[state]:,} {words}{by}")
    return ", ".join(told) or "none"


def answered_by(people: Mapping[str, int]) -> str:
    """As in "A. B. 2, C. D. 1": who has answered for how many findings."""
    return ", ".join(f"{who} {number:,}" for who, number in sorted(people.items()))


def state_words(life: FindingLife, at: int) -> str:
    """What became of one finding, as in "still open since Aug 2026", "answered by A. B.: why"."""
    state, since, answer = life.states[at], life.since[at], life.answers[at]
    if answer is not None:
        return f"answered by {answer.who}: {answer.why}"
    return f"{STATES[state]} since {month(since)}" if state == "open" and since else STATES[state]


def whose_line(life: FindingLife) -> str:
    """Whose rows have the most findings that wait, for the clinic itself; empty where none."""
    waiting = life.still_to_do()
    if not waiting:
        return ""
    told = [f"{who} {number:,}" for who, number in waiting[:NAMED]]
    rest = len(waiting) - NAMED
    more = [count(rest, "other therapist")] if rest > 0 else []
    return f"Not answered yet, by the therapist in the row: {listing([*told, *more])}."


def months_table(life: FindingLife, name: str) -> list[list[str]]:
    """How many of each state the reports of the months had, that of ``name`` (as in "2026-10")
    last; headings first."""
    head = ["Report of", *STATES.values()]
    months = [*life.months, (name, life.counts())]
    return [
        head,
        *(
            [month(of), *(f"{counts.get(state, 0):,}" for state in STATES)]
            for of, counts in months[-MONTHS:]
        ),
    ]


def months_line(life: FindingLife) -> str:
    """How many of each state the reports of the last months had; empty where none is known."""
    told = [f"{month(name)}: {life_line(counts)}" for name, counts in life.months[-MONTHS:]]
    return f"Earlier reports: {'; '.join(told)}." if told else ""
