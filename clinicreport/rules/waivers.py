"""Waivers: recorded reasons for a deliberate deviation, and who used them.

A waiver turns the protocol's warnings on its own row into notes that quote it. Safety rules are
never waived: see :data:`clinicreport.log.reporter.WAIVABLE`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from clinicreport.ground.frame import as_column, codes, groups, missing
from clinicreport.log.visit_table import Visits

NOBODY = "not recorded"


class TherapistWaivers(NamedTuple):
    """A therapist's waivers. ``therapist``: "not recorded" where the rows have none;
    ``sessions``: rows with a waiver; ``reasons``: reason -> rows, most frequent first (reasons
    that differ in case or spaces are one)."""

    therapist: str
    sessions: int
    patients: int
    reasons: dict[str, int]


def waivers(treated: Visits) -> tuple[TherapistWaivers, ...]:
    """Who used how many waivers for what: one entry a therapist, most waivers first.

    ``treated``: treatment rows (of all courses in scope).
    """
    used = treated.frame.where(~missing(treated["waiver"]))
    named = _plain(NOBODY if name is None else name for name in used["therapist"].tolist())
    folded, _ = codes(as_column([name.casefold() for name in named]))
    found = (
        TherapistWaivers(
            therapist=named[rows[0]],
            sessions=len(rows),
            patients=len(set(used["who"][rows].tolist())),
            reasons=_reasons(used["waiver"][rows].tolist()),
        )
        for _, rows in groups(folded)
    )
    return tuple(sorted(found, key=lambda entry: (-entry.sessions, entry.therapist)))


def _reasons(written: Iterable[str]) -> dict[str, int]:
    """How many rows give each reason, as its first row has it."""
    plain = _plain(written)
    first: dict[str, str] = {}
    for text in plain:
        first.setdefault(text.casefold(), text)
    counts = Counter(text.casefold() for text in plain)
    return {first[reason]: count for reason, count in counts.most_common()}


def _plain(texts: Iterable[str]) -> list[str]:
    """Texts without line breaks and doubled blanks."""
    return [" ".join(str(text).split()) for text in texts]
