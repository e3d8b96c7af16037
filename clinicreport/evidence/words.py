"""Figures in the sentences of the evidence: rounded for reading, never across a threshold."""

from __future__ import annotations


def figure(value: float) -> str:
    """One decimal: points, per cent, centimetres."""
    text = f"{value:.1f}"
    return "0.0" if text == "-0.0" else text


def span(low: float, high: float) -> str:
    """An interval: "2.1 to 3.4"."""
    return f"{figure(low)} to {figure(high)}"


def share_text(share: float, low: float, high: float) -> str:
    """A share with its interval, in per cent; more digits where one would read as one half."""
    digits = 1
    while digits < 6 and share != 0.5 and float(f"{100 * share:.{digits}f}") == 50:
        digits += 1
    return f"{100 * share:.{digits}f} %, 95 % {100 * low:.1f} to {100 * high:.1f} %"


def people(count: int) -> str:
    """A number of patients in words."""
    return f"{count} patient{'' if count == 1 else 's'}"
