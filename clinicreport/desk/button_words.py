"""The sentences of the command line on a page: where they name a command, the page names its button.

Everything else in them is the same; a test says so.
"""

from __future__ import annotations

import re

# What a terminal is told, and the button of a page that does it.
COMMANDS = (
    (re.compile(r"Run clinicreport fit( with the file)?"), "Press “Answer questions”"),
    (re.compile(r"run clinicreport fit( with the file)?"), "press “Answer questions”"),
    (re.compile(r"`clinicreport fit`|clinicreport fit"), "“Answer questions”"),
    (
        re.compile(r"\bwrite in clinic\.toml under \[aliases\]:"),
        "choose it under “Change how it is read”, or write in clinic.toml under [aliases]:",
    ),
    (
        re.compile(r"\badd your headings in clinic\.toml under \[aliases\]"),
        "choose what each heading holds under “Change how it is read”",
    ),
    (
        re.compile(r"\bName the column in clinic\.toml under"),
        "Choose it under “Change how it is read”, or name the column in clinic.toml under",
    ),
    (re.compile(r"give it with --password-file"), "drop it on this page and type it there"),
    (re.compile(r" \(with a password: clinicreport run --retry --password-file FILE\)"), ""),
    (re.compile(r"run: clinicreport run --retry"), "press “Try rejected files again”"),
    (re.compile(r"clinicreport run --remake [\d-]+"), "“Make it again” beside its report"),
    (
        re.compile(
            r"put one into a file and name that in clinic\.toml \(\[mail\] "
            r"attachment_password_file\), or set the variable \w+"
        ),
        "set one under “Mail”",
    ),
    (re.compile(r"; at once: clinicreport run --retry"), ""),
    (re.compile(r"at once: clinicreport mail --send"), "at once: press “Mail”"),
    (
        re.compile(r"If it did: clinicreport mail --arrived; if not: clinicreport mail \S+"),
        "Then say so under “Mail”",
    ),
    (
        re.compile(
            r"then: clinicreport mail (\".*?\"|\S+) --to \S+?( --send)?; or hand the report over "
            r"another way, then: clinicreport mail --settled"
        ),
        "then press “Mail”; or hand the report over another way, and say so there",
    ),
    (
        re.compile(r"acknowledge them in acknowledged\.csv( \(lines to copy are in [^)]*\))?"),
        "answer for them under “What is open”",
    ),
    (re.compile(r"STATUS\.html says what to do"), "the month's page says what to do"),
    (re.compile(r"clinicreport mail (\S+ --to \S+( --send)?$|--send$)"), "press “Mail”"),
    (
        re.compile(r"somebody releases it, knowing that: clinicreport acknowledge .* --why TEXT"),
        "somebody releases it, knowing that, under “What is open”",
    ),
    (
        re.compile(r"into the folder inbox and run: clinicreport run$"),
        "on this page, or choose it and press “Look at it”",
    ),
    (
        re.compile(r"Is it a correction\? Then .*clinicreport run --replaces .*\. Until then"),
        "Is it a correction? Then press “Yes, use it instead”. Do both count? Then press “No, both "
        "count”. Is it a mere copy? Then press “A mere copy: leave it out”. Until then",
    ),
)


def by_button(words: str) -> str:
    """A sentence for people without a terminal: with the button in the command's place."""
    for command, button in COMMANDS:
        words = command.sub(button, words)
    return words
