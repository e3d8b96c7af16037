"""Waivers: recorded reasons for a deliberate deviation, and who used them.

A waiver turns the protocol's warnings on its own row into notes that quote it. Safety rules are
never waived: see :data:`clinicreport.log.reporter.WAIVABLE`.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from clinicreport.log.visit_table import Visits

NOBODY = "not recorded"


@dataclass(frozen=True, slots=True)
class TherapistWaivers:
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
    used = treated.frame[treated["waiver"].notna()]
    if used.empty:
        return ()
    who = used["therapist"].fillna(NOBODY).map(lambda text: " ".join(str(text).split()))
    found = (
        TherapistWaivers(
            therapist=who.loc[rows.index].iloc[0],
            sessions=len(rows),
            patients=int(rows["who"].nunique()),
            reasons=_reasons(rows["waiver"]),
        )
        for _, rows in used.groupby(who.str.casefold())
    )
    return tuple(sorted(found, key=lambda entry: (-entry.sessions, entry.therapist)))


def _reasons(written: pd.Series[str]) -> dict[str, int]:
    plain = written.map(lambda text: " ".join(str(text).split()))
    folded = plain.str.casefold()
    counts = folded.value_counts()  # most frequent first
    return {str(plain[folded == reason].iloc[0]): int(n) for reason, n in counts.items()}
