"""The words of a message, and its little chart: plain text, and HTML that every mail program shows.

The chart is a table with coloured cells, since mail programs block pictures from elsewhere and
leave out SVG. The templates are ``templates/mail/report.txt`` and ``report.html``; a clinic's own
in a folder ``mail/`` of the clinic folder take their place.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from clinicreport.ground.resources import resource
from clinicreport.mail.headline import bars, figure_rows

WIDTH = 320  # pixels of a full bar
IN_THE_WORKBOOK = "The figures are in the attachment, in which small counts are hidden."
COLOUR, PALE = "#1f3a5f", "#e4e7eb"


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
    return _fill(folder, "report.txt", words)


def html_text(letter: Letter, folder: Path) -> str:
    """The message as HTML."""
    words = {key: html.escape(value) for key, value in _words(letter).items()}
    told = [
        f'<tr><td style="border-bottom:1px solid {PALE};color:#52606d;">{html.escape(label)}</td>'
        f'<td style="border-bottom:1px solid {PALE};"><b>{html.escape(value)}</b></td></tr>'
        for label, value in figure_rows(letter.figures)
    ]
    words["figures"] = "\n".join(told) or f"<tr><td>{IN_THE_WORKBOOK}</td></tr>"
    words["bars"] = _chart(letter.figures)
    if words["changes"]:
        words["changes"] = f'<p style="margin:8px 0;">{words["changes"]}</p>'
    return _fill(folder, "report.html", words)


def _words(letter: Letter) -> dict[str, str]:
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


def _chart(figures: dict[str, Any]) -> str:
    """Horizontal bars; nothing where nobody can be evaluated."""
    groups = bars(figures)
    parts = []
    for title, full, rows in groups:
        parts.append(f'<p style="margin:8px 0 4px 0;"><b>{html.escape(title)}</b></p>')
        parts.append(
            '<table role="presentation" cellpadding="0" cellspacing="0" border="0" '
            'style="font-size:14px;">'
        )
        parts += [_bar(label, value / full, shown) for label, value, shown in rows]
        parts.append("</table>")
    return "\n".join(parts)


def _bar(label: str, share: float, shown: str) -> str:
    """One bar as a row of cells, none of them without a width: it would be drawn all the same."""
    filled = round(WIDTH * min(1.0, max(0.0, share)))
    cells = [(filled, COLOUR), (WIDTH - filled, PALE)]
    drawn = "".join(
        f'<td width="{width}" height="14" bgcolor="{colour}" '
        f'style="background-color:{colour};width:{width}px;height:14px;line-height:14px;font-size:1px;">&nbsp;</td>'
        for width, colour in cells
        if width
    )
    return (
        f'<tr><td width="150" style="width:150px;padding:3px 8px 3px 0;">{html.escape(label)}</td>'
        f'<td><table role="presentation" width="{WIDTH}" cellpadding="0" cellspacing="0" '
        f'border="0"><tr>{drawn}</tr></table></td>'
        f'<td style="padding-left:8px;">{html.escape(shown)}</td></tr>'
    )


def _fill(folder: Path, name: str, words: dict[str, str]) -> str:
    own = folder / "mail" / name
    path = own if own.is_file() else resource(f"templates/mail/{name}")
    return Template(path.read_text(encoding="utf-8-sig")).safe_substitute(words)
