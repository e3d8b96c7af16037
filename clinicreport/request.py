"""What a user asked for, from options, files and defaults: one :class:`Request`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from clinicreport import config, protocol
from clinicreport.analysis import Request
from clinicreport.errors import UsageError
from clinicreport.password_file import read_password
from clinicreport.period import parse_period


def make_request(
    *,
    protocol_file: Path | None = None,
    config_file: Path | None = None,
    period: str | None = None,
    today: str | None = None,
    password_file: Path | None = None,
    jobs: int = 1,
    progress: Callable[[str], None] | None = None,
    folder: Path | None = None,
) -> Request:
    """Everything in force, strictly checked.

    The clinic folder is the one named, else the current folder if it holds a ``clinic.toml``.
    Raises UsageError with the file and key, or the option, that is not as it should be.
    """
    here = folder or (Path() if Path("clinic.toml").is_file() else None)
    settings, used = config.load(config_file, here)
    own = here / "protocol.toml" if here and (here / "protocol.toml").is_file() else None
    protocol_path = protocol_file or own
    said = [
        ("Protocol", str(protocol_path.name) if protocol_path else "built-in"),
        ("Settings", ", ".join(path.name for path in used) or "built-in"),
        ("Clinic folder", here.resolve().name if here else "none"),
        ("Date order of text dates", settings.date_order or "from the evidence in each column"),
        ("Codes for missing", ", ".join(settings.missing) or "the usual ones"),
    ]
    return Request(
        protocol=protocol.load(protocol_path),
        config=settings,
        today=_day(today),
        period=parse_period(period) if period else None,
        password=read_password(password_file),
        jobs=jobs,
        progress=progress,
        settings=tuple(said),
        folder=here or (config_file.parent if config_file else Path()),
    )


def _day(text: str | None) -> date:
    if text is None:
        return date.today()  # the clinic's own day, not UTC's
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--today {text}: write the day as 2026-10-31") from error
