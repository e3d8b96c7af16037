"""A patient as a version for sharing is compared by: fingerprints of what the counts rest on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """A patient's fingerprints. ``outcome``, ``status``: empty where no course is counted."""

    outcome: str
    status: str
    visits: str  # days and events of those in scope
    log: str  # all visits up to the report's day
    condition: str  # by its name on the list; empty where they are not evaluable
    low: bool  # whether the score at the start is low
