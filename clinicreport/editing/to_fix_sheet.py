"""The first sheet of a marked copy: everything that was found in the file, errors first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from clinicreport.editing.splice import escaped
from clinicreport.ground.unsafe_text import clean
from clinicreport.log.findings import SEVERITIES, SYMBOLS, Finding, verdict
from clinicreport.reading.spreadsheet import column_letters

if TYPE_CHECKING:
    from clinicreport.editing.headings_sheet import SeenHeading
    from clinicreport.editing.marked_styles import StyleSheet
    from clinicreport.log.headings import Aliases

NAME = "To fix"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
# No heading may mean a field of a session log: this sheet must not be read as one.
COLUMNS = (("Finding", 13), ("Where", 24), ("What to do", 88), ("Found there", 24), ("Rule", 29))
MOST_LINKS = 60_000  # a sheet takes 65,530
LONGEST = 400  # characters of a value
_LEAD = 165  # characters of a line above the table
_LINE = 13.5  # points


@dataclass(frozen=True, slots=True)
class About:
    """What stands above the table."""

    file: str
    day: date
    aliases: Aliases
    lost: tuple[str, ...] = ()  # what the copy does not hold, in sentences
    sheets: tuple[tuple[str, str], ...] = ()  # sheets with another name in the copy: old, new
    headings: tuple[SeenHeading, ...] = ()  # for a sheet of its own; none where there are none

    def moved(self, finding: Finding) -> Finding:
        """The finding as it stands in the copy."""
        new = dict(self.sheets).get(finding.sheet)
        return finding._replace(sheet=new) if new else finding


def advice(finding: Finding) -> str:
    """A finding's message without the place that it begins with."""
    return " ".join(clean(finding.advice or finding.message).split())


def to_fix(
    findings: Sequence[Finding], about: About, styles: StyleSheet, unmarked: int
) -> tuple[bytes, int]:
    """The sheet's XML, and the row of its headings.

    ``unmarked``: cells without a comment of ours, since they hold a thread of comments.
    """
    lead = [line for text in _lead(findings, about, unmarked) for line in wrap(text, _LEAD)]
    heading = len(lead) + 3
    rows = [
        sheet_row(1, [("A", text_cell(f"{NAME}: {clean(about.file)}"), styles.named("title"))], 32)
    ]
    rows += [
        sheet_row(number, [("A", text_cell(line), styles.named("lead"))])
        for number, line in enumerate(lead, 2)
    ]
    look = styles.named("heading")
    rows.append(
        sheet_row(
            heading,
            [
                (column_letters(number), text_cell(name), look)
                for number, (name, _) in enumerate(COLUMNS, 1)
            ],
            20,
        )
    )
    links: list[str] = []
    ordered = sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))
    said = [advice(finding) for finding in ordered]
    tall = {text: len(wrap(text, 102)) for text in set(said)}
    for number, (finding, text) in enumerate(zip(ordered, said, strict=True), heading + 1):
        rows.append(_finding(number, finding, text, tall[text], about, styles))
        target = _target(finding)
        if target and len(links) < MOST_LINKS:
            links.append(
                f'<hyperlink ref="B{number}" location="{escaped(target)}" '
                f'display="{escaped(_where(finding))}"/>'
            )
    return _sheet(rows, links, heading), heading


def _lead(findings: Sequence[Finding], about: About, unmarked: int) -> list[str]:
    day = f"{about.day.day} {about.day:%B %Y}"
    if not findings:
        return [f"A copy of {clean(about.file)}, checked on {day}: nothing to report.", *about.lost]
    said = [
        f"A copy of {clean(about.file)}, checked on {day}: {verdict(findings)}. Everything found "
        "is listed here, errors first, and marked on its cell; the comment there says the same.",
        "Correct the cells, save, and use this file in place of the original, which was not "
        "changed. This sheet is not read, and marks do not matter; clear them as you like.",
        f"Marks: {SYMBOLS['error']} error: plain fill, thick line. {SYMBOLS['warning']} warning: "
        f"stripes, dashed line. {SYMBOLS['note']} note: dots, dotted line.",
    ]
    if unmarked:
        said.append(
            f"Cells with a thread of comments got no comment beside it ({unmarked} of them): "
            "what was found there stands only in this list."
        )
    return [*said, *about.lost]


def _finding(
    number: int, finding: Finding, said: str, tall: int, about: About, styles: StyleSheet
) -> str:
    """A finding's row. ``said``: what to do, in so many lines (``tall``)."""
    severity = finding.severity
    cells = [
        text_cell(f"{SYMBOLS[severity]} {severity}"),
        text_cell(_where(finding)),
        text_cell(said),
        _value(finding.value, about.aliases),
        text_cell(finding.rule),
    ]
    looks = (
        f"cell_{severity}",
        "cell_link" if _target(finding) else "cell",
        "cell",
        "cell",
        "cell_muted",
    )
    lines = max(tall, len(wrap(str(finding.value or ""), 24)), 1)
    return sheet_row(
        number,
        [
            (column_letters(at), cell, styles.named(look, wrap=True))
            for at, (cell, look) in enumerate(zip(cells, looks, strict=True), 1)
        ],
        lines * _LINE + 4,
    )


def _where(finding: Finding) -> str:
    if finding.sheet and finding.cell:
        return f"{clean(finding.sheet)}!{finding.cell}"
    if finding.sheet:
        row = f", row {finding.row}" if finding.row else ""
        return f"sheet {clean(finding.sheet)}{row}"
    return "the whole file"


def _target(finding: Finding) -> str:
    """The cell to jump to, as a link names it."""
    if not finding.sheet:
        return ""
    sheet = finding.sheet.replace("'", "''")
    return f"'{sheet}'!{finding.cell or f'A{finding.row or 1}'}"


def _value(value: Any, aliases: Aliases) -> str:
    """What stood in the cell; a heading is written so that it is not taken for one here."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return text_cell(str(value).upper())
    if isinstance(value, int | float):
        return f"<v>{value!r}</v>"
    text = str(value)
    text = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return text_cell(f"the text “{text}”" if aliases.field(text) else text)


def text_cell(text: str) -> str:
    """A cell's content that is a text, whatever it holds."""
    return f'<is><t xml:space="preserve">{escaped(clean(text))}</t></is>'


def sheet_row(
    number: int, cells: Iterable[tuple[str, str, int]], height: float | None = None
) -> str:
    """A row's XML, from its cells as (column, content, style)."""
    tall = f' ht="{min(height, 400):g}" customHeight="1"' if height else ""
    made = []
    for column, content, style in cells:
        kind = ' t="inlineStr"' if content.startswith("<is>") else ""
        made.append(f'<c r="{column}{number}" s="{style}"{kind}>{content}</c>')
    return f'<row r="{number}"{tall}>{"".join(made)}</row>'


def _sheet(rows: Sequence[str], links: Sequence[str], heading: int) -> bytes:
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>'
        for at, (_, width) in enumerate(COLUMNS, 1)
    )
    below = f"A{heading + 1}"
    linked = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{MAIN}"><sheetPr><tabColor rgb="FF8C1D18"/><pageSetUpPr fitToPage="1"/>'
        '</sheetPr><sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">'
        f'<pane ySplit="{heading}" topLeftCell="{below}" activePane="bottomLeft" state="frozen"/>'
        f'<selection pane="bottomLeft" activeCell="{below}" sqref="{below}"/></sheetView>'
        f'</sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols>'
        f"<sheetData>{''.join(rows)}</sheetData>{linked}"
        '<pageMargins left="0.45" right="0.45" top="0.55" bottom="0.65" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;L&amp;8To fix&amp;R&amp;8Page &amp;P of &amp;N</oddFooter>"
        "</headerFooter></worksheet>"
    ).encode()
