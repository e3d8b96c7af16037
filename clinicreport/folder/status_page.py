"""``STATUS.html``: the status for people without a terminal. One file, no scripts, no network."""

from __future__ import annotations

import html
import re

from clinicreport.folder import clock
from clinicreport.folder.folder_status import sections, status
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.whole_files import write_whole

STYLE = """
body { font-family: Calibri, Arial, sans-serif; margin: 2rem auto; max-width: 60rem;
  padding: 0 1rem; color: #1f2933; line-height: 1.45; }
h1 { color: #1f3a5f; margin-bottom: 0; } h2 { font-size: 1.1rem; margin: 1.6rem 0 .4rem; }
ul { margin: 0; padding-left: 1.2rem; } li { margin: .2rem 0; overflow-wrap: anywhere; }
.look { border-left: .4rem solid #b54708; padding: .1rem 1rem 1rem; background: #fff8ed; }
.well { border-left: .4rem solid #3f7d58; padding: .6rem 1rem; background: #eef7f1; }
.when { color: #52606d; margin-top: .2rem; }
"""
ATTENTION = (
    "Months whose log never came",
    "Rejected",
    "Reports that are still to be made",
    "Messages that wait",
)


def write(clinic: OpenFolder) -> None:
    """Write the page as things stand."""
    write_whole(clinic.folder.status_page, page(clinic).encode(), "status")


def page(clinic: OpenFolder) -> str:
    """The page's text."""
    settings = clinic.request.config
    found = status(clinic.folder, clinic.ledger, settings.folder, clinic.request.today)
    waiting = [f"{one['file']} {one['why']}" for one in clinic.done.waiting]
    told = [
        ("Could not be done", list(dict.fromkeys(clinic.done.problems))),
        ("Mail", list(dict.fromkeys(clinic.done.mail_problems))),
        ("Waits in the inbox", waiting),
    ]
    shown = sections(found)
    look = [*told, *((title, lines) for title, lines in shown if title in ATTENTION)]
    rest = [(title, lines) for title, lines in shown if title not in ATTENTION]
    head = html.escape(f"{settings.name or 'Clinic'}: reports")
    when = clock.stamp(clock.now())[1][:16].replace("T", " ")
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="refresh" content="60">'
        f"<title>{head}</title><style>{STYLE}</style></head><body>\n<h1>{head}</h1>\n"
        f'<p class="when">As of {when}. This page is written anew by each run.</p>\n'
        f"{_attention(look)}{''.join(_section(title, lines) for title, lines in rest)}"
        "</body></html>\n"
    )


def _attention(parts: list[tuple[str, list[str]]]) -> str:
    filled = "".join(_section(title, lines) for title, lines in parts if lines)
    if not filled:
        return '<p class="well">✔ Nothing needs attention.</p>\n'
    return f'<div class="look"><h2>▲ Please look at</h2>\n{filled}</div>\n'


def _section(title: str, lines: list[str]) -> str:
    items = "".join(f"<li>{_linked(html.escape(line))}</li>\n" for line in lines)
    return f"<h2>{html.escape(title)}</h2>\n<ul>\n{items}</ul>\n"


def _linked(line: str) -> str:
    """The line with a link on each report or draft, whose names the program gave itself."""
    return re.sub(r"(?:reports|outbox)/[\w./-]*\w", r'<a href="\g<0>">\g<0></a>', line)
