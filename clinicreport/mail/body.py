"""The words of a message, and its little chart: plain text, and HTML that every mail program shows.

The chart is a table with coloured cells, since mail programs block pictures from elsewhere and
leave out SVG. The templates are ``templates/mail/report.txt`` and ``report.html``; a clinic's own
in a folder ``mail/`` of the clinic folder take their place.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clinicreport.ground import pages
from clinicreport.mail.headline import bars, figure_rows

WIDTH = 320  # pixels of a full bar
IN_THE_WORKBOOK = "The figures are in the attachment, in which small counts are hidden."


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message says."""

    clinic: str
    month: str
    name: str  # of the recipient, may be empty
    about: str
    version: int
    replaces: str  # day of the report before, or empty
    changes: str  # "2 values changed", or empty
    attachment: str
    encrypted: bool
    acknowledged: int
    figures: dict[str, Any]


def text(letter: Letter, folder: Path) -> str:
    """The message as plain text."""
    rows = figure_rows(letter.figures)
    words = _words(letter)
    width = max((len(label) for label, _ in rows), default=0)
    told = [f"{label + ':':<{width + 2}}{value}" for label, value in rows]
    words["figures"] = "\n".join(told) or IN_THE_WORKBOOK
    words["changes"] = f"\n{words['changes']}\n" if words["changes"] else ""
    return pages.page("mail/report.txt", words, folder)


def html_text(letter: Letter, folder: Path) -> str:
    """The message as HTML."""
    words = _words(letter)
    rows = {"rows": figure_rows(letter.figures), "otherwise": IN_THE_WORKBOOK}
    words["figures"] = pages.piece("mail/figures.html", rows)
    chart = {"groups": _chart(letter.figures), "full": WIDTH}
    words["bars"] = pages.piece("mail/bars.html", chart)
    if words["changes"]:
        words["changes"] = pages.piece("mail/changes.html", words)
    return pages.page("mail/report.html", words, folder)


def _words(letter: Letter) -> dict[str, object]:
    clinic = f" of {letter.clinic}" if letter.clinic else ""
    opening = f"attached is {letter.about}{clinic} for {letter.month}."
    if letter.replaces:
        opening += f" It replaces the one of {letter.replaces} (this is version {letter.version})."
    attachment = f"Attachment: {letter.attachment}"
    if letter.encrypted:
        attachment += ", encrypted; you get its password by another channel, never by mail"
    closing = "Made by clinicreport from the clinic's session logs."
    if letter.acknowledged:
        count = letter.acknowledged
        closing += f" {count} error finding{'s were' if count > 1 else ' was'} acknowledged first."
    return {
        "month": letter.month,
        "clinic": letter.clinic,
        "title": f"{letter.clinic + ': ' if letter.clinic else ''}report for {letter.month}",
        "greeting": f"Hello{' ' + letter.name if letter.name else ''},",
        "opening": opening,
        "attachment": f"{attachment}.",
        "changes": f"Changed since the version before: {letter.changes}." if letter.changes else "",
        "caveat": str(letter.figures.get("caveat") or ""),
        "closing": closing,
    }


def _chart(figures: dict[str, Any]) -> list[tuple[str, list[tuple[str, int, str]]]]:
    """Horizontal bars by title: label, pixels and shown value; none if nobody can be evaluated."""
    return [
        (title, [(label, _pixels(value / full), shown) for label, value, shown in rows])
        for title, full, rows in bars(figures)
    ]


def _pixels(share: float) -> int:
    return round(WIDTH * min(1.0, max(0.0, share)))
