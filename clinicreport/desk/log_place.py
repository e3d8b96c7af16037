"""Where a log stands in a file, as a person said; and that things stand otherwise by now."""

from __future__ import annotations

from dataclasses import dataclass

from clinicreport.ground.errors import UsageError


class StandsElsewhereError(UsageError):
    """Since the page was made, the settings or the questions have changed."""


@dataclass(frozen=True, slots=True)
class LogPlace:
    """Where a person said that the log stands: a sheet (from 1) and a row of headings; 0: neither."""

    sheet: int = 0
    row: int = 0
