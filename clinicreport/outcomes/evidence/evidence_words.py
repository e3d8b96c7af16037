"""Parts of the evidence's sentences."""

from __future__ import annotations

from clinicreport.ground.rounding import bare_share, points, share
from clinicreport.workbook.words import count


def span(low: float, high: float) -> str:
    """An interval in points or centimetres: "2.1 to 3.4"."""
    return f"{points(low)} to {points(high)}"


def share_text(rate: float, low: float, high: float) -> str:
    """A share with its interval, in per cent."""
    return f"{share(rate)}, 95 % {bare_share(low)} to {share(high)}"


def people(number: int) -> str:
    """A number of patients in words."""
    return count(number, "patient")
