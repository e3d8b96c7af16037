"""The protocol's page as one HTML file that needs nothing else: made for A4 and the staff room."""

from __future__ import annotations

from html import escape

from clinicreport import __version__
from clinicreport.books.protocol_page.page_content import Content, RuleLine
from clinicreport.log.findings import SYMBOLS
from clinicreport.workbook.theme import Theme

STYLE = """
@page { size: A4 portrait; margin: 14mm 14mm 16mm;
  @bottom-right { content: "page " counter(page) " of " counter(pages); color: %(muted)s;
    font: 8pt sans-serif; } }
* { box-sizing: border-box; }
body { font: 10.5pt/1.4 "%(font)s", Carlito, Arial, sans-serif; color: %(ink)s; margin: 0 auto;
  max-width: 186mm; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
header { border-bottom: 1.2mm solid %(primary)s; padding-bottom: 3mm; margin-bottom: 5mm; }
h1 { font-size: 27pt; line-height: 1.12; margin: 0 0 1.5mm; color: %(primary)s; }
h2 { font-size: 15pt; color: %(primary)s; margin: 6mm 0 2.5mm; break-after: avoid; }
p { margin: 0 0 1.5mm; }
.quiet { color: %(muted)s; font-size: 9.5pt; }
.cards { display: flex; flex-wrap: wrap; gap: 3mm; }
.card { background: %(paper)s; border-top: 1.2mm solid %(primary)s; padding: 3mm 4mm 3.5mm;
  width: calc((100%% - 6.2mm) / 3); min-height: 32mm; }
.card b { display: block; font-size: 24pt; line-height: 1.2; color: %(primary)s; }
.card span { font-size: 12pt; line-height: 1.3; display: block; }
.lists { display: flex; gap: 3mm; }
.list { flex: 1; border-left: 1.2mm solid %(accent)s; background: %(accent_light)s;
  padding: 3mm 4mm; }
.list h3 { margin: 0 0 1.5mm; font-size: 13pt; color: %(ink)s; }
.list ul { margin: 0; padding-left: 4.5mm; font-size: 12.5pt; }
.list li { margin-bottom: 1.2mm; }
.caveat { border: 0.3mm solid %(rule)s; padding: 2.5mm 4mm; margin-top: 6mm; }
.rules { break-before: page; }
table { border-collapse: collapse; width: 100%%; font-size: 9pt; line-height: 1.3; }
th { text-align: left; background: %(primary)s; color: %(white)s; padding: 1.5mm 2mm; }
td { border-bottom: 0.25mm solid %(rule)s; padding: 1.5mm 2mm; vertical-align: top; }
.own { font-size: 11.5pt; }
tr { break-inside: avoid; }
thead { display: table-header-group; }
td.rule { font-weight: bold; width: 40mm; }
td.severity { white-space: nowrap; width: 20mm; }
.error { color: %(error)s; background: %(error_light)s; font-weight: bold; }
.warning { color: %(warning)s; background: %(warning_light)s; }
.note { color: %(note)s; background: %(note_light)s; }
.off { color: %(muted)s; }
"""


def html(page: Content) -> str:
    """The whole file. Every text of the protocol is escaped; there is no script and no link."""
    theme = Theme.load()
    style = STYLE % {"font": theme.font, **{name: theme.colour(name) for name in theme.colours}}
    title = escape(page.title)
    return "\n".join(
        (
            "<!DOCTYPE html>",
            '<html lang="en"><head><meta charset="utf-8">',
            f"<title>{title}</title><style>{style}</style></head><body>",
            f"<header><h1>{title}</h1>",
            f"<p>Treatment protocol, version {escape(page.version)}</p>",
            f'<p class="quiet">{escape(page.source)}</p></header>',
            *_at_a_glance(page),
            *_rules(page),
            "</body></html>",
            "",
        )
    )


def _at_a_glance(page: Content) -> list[str]:
    """The first sheet of paper: what everybody should know by heart."""
    cards = "".join(
        f'<div class="card"><b>{escape(card.big)}</b><span>{escape(card.words)}</span></div>'
        for card in page.cards
    )
    lines = [
        f'<section class="cards">{cards}</section>',
        "<h2>Safety</h2>",
        f'<section class="lists">{_list("Before the first treatment", page.before)}'
        f"{_list('At every treatment', page.always)}</section>",
    ]
    if page.conditions:
        own = "".join(
            f'<tr><td class="rule">{escape(name)}</td><td>{escape(words)}</td></tr>'
            for name, words in page.conditions
        )
        lines.append("<h2>Conditions with limits of their own</h2>")
        lines.append(f'<table class="own">{own}</table>')
    return [*lines, f'<p class="caveat">{escape(page.caveat)}</p>']


def _list(heading: str, items: tuple[str, ...]) -> str:
    entries = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f'<div class="list"><h3>{escape(heading)}</h3><ul>{entries}</ul></div>'


def _rules(page: Content) -> list[str]:
    """The other sheets: rule by rule."""
    lines = ['<section class="rules"><h2>The rules, and where each comes from</h2>']
    if page.read:
        lines.append(f'<p class="quiet">{escape(page.read)}</p>')
    found = "<th>Found</th>" if page.read else ""
    head = f"<tr><th>Rule</th><th>Severity</th><th>Clause and source</th>{found}</tr>"
    for heading, rules in page.rules.items():
        rows = "".join(_rule(line, with_found=bool(page.read)) for line in rules)
        lines.append(
            f"<h2>{escape(heading)}</h2><table><thead>{head}</thead><tbody>{rows}</tbody></table>"
        )
    made = f"Made with clinicreport {escape(__version__)}. † marks a choice of the program's own."
    return [*lines, f'<p class="quiet">{made}</p></section>']


def _rule(line: RuleLine, *, with_found: bool) -> str:
    severity = escape(line.severity)
    symbol = SYMBOLS.get(line.severity, "○")
    clauses = "<br>".join(escape(clause) for clause in line.clauses)
    found = f"<td>{escape(line.found_words)}</td>" if with_found else ""
    return (
        f'<tr><td class="rule">{escape(line.rule)}</td>'
        f'<td class="severity {severity}">{symbol} {severity}</td>'
        f'<td>{clauses}<br><span class="quiet">{escape(line.source)}</span></td>{found}</tr>'
    )
