"""The protocol's page on a terminal, and as the object that ``--json`` prints."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from clinicreport import __version__
from clinicreport.books.protocol_page.page_content import Content, RuleLine
from clinicreport.log.findings import SYMBOLS
from clinicreport.protocol.in_force import Protocol

NARROWEST = 60
INDENT = " " * 13


def text(page: Content, width: int) -> str:
    """The page as lines of at most ``width`` columns."""
    width = max(NARROWEST, width)
    lines = [f"{page.title}, version {page.version}"]
    lines += _wrapped(f"Source: {page.source}", width, "")
    if page.read:
        lines += ["", *_wrapped(page.read, width, "")]
    for heading, rules in page.rules.items():
        lines += ["", heading.upper()]
        for rule in rules:
            lines += _rule(rule, width)
    lines += ["", "LIMITS"]
    for limit in page.limits:
        lines += _wrapped(f"{limit.clause}: {limit.limit}  ({limit.words})", width, "  ")
        lines += [f"    {own}" for own in limit.own]
    if page.conditions:
        lines += ["", "CONDITIONS WITH LIMITS OF THEIR OWN"]
        for name, words in page.conditions:
            lines += _wrapped(f"{name}: {words}", width, "  ")
    return "\n".join([*lines, "", *_wrapped(page.caveat, width, "")])


def _rule(line: RuleLine, width: int) -> Iterator[str]:
    symbol = SYMBOLS.get(line.severity, "○")
    yield f"  {symbol} {line.severity:<8} {line.rule}"
    for clause in line.clauses:
        yield from _wrapped(clause, width, INDENT)
    yield from _wrapped(f"Source: {line.source}", width, INDENT)
    if line.found_words:
        yield from _wrapped(f"Found: {line.rule}: {line.found_words}", width, INDENT)


def _wrapped(words: str, width: int, indent: str) -> list[str]:
    return textwrap.wrap(words, width, initial_indent=indent, subsequent_indent=f"{indent}  ")


def json_object(protocol: Protocol, page: Content, inputs: list[dict[str, Any]]) -> dict[str, Any]:
    """The protocol in force for other programs. ``found`` is null where no logs were given."""
    return {
        "schema": 1,
        "version": __version__,
        "protocol": {"name": page.title, "version": page.version, "source": page.source},
        "inputs": inputs,
        "limits": [asdict(limit) for limit in page.limits],
        "conditions": {
            name: entry.model_dump(exclude_none=True) for name, entry in protocol.conditions.items()
        },
        "reference": [arm.model_dump() for arm in protocol.reference],
        "rules": [
            asdict(line)
            | {"found": {**asdict(line.found), "words": line.found.words} if line.found else None}
            for rules in page.rules.values()
            for line in rules
        ],
    }
