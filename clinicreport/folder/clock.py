"""The time of day, in one place. What happened before what is told by numbers, never by times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> tuple[str, str]:
    """A moment as kept in the ledger: UTC, and local time with its offset."""
    utc = moment.astimezone(UTC).isoformat(timespec="seconds")
    return utc, moment.astimezone().isoformat(timespec="seconds")


def shown(local: str) -> str:
    """A moment that was kept in local time, as people read it: day, hour and minute."""
    return local[:16].replace("T", " ")


def is_behind(local: str) -> bool:
    """Whether what was written down last (its local time) lies ahead of this computer's clock."""
    return datetime.fromisoformat(local) - now() > timedelta(hours=1)


def is_due(next_utc: str | None, longest: timedelta) -> bool:
    """Whether a moment set earlier has come, or lies further off than any pause could put it
    (then a clock was changed)."""
    if not next_utc:
        return True
    left = datetime.fromisoformat(next_utc) - now()
    return left <= timedelta(0) or left > longest
