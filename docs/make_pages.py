# ruff: noqa: INP001 (docs are no package)
"""The pages in ``docs/`` that are made from the code and the protocol.

``python -m docs.make_pages`` writes them; ``--check`` only says which are out of date.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable
from pathlib import Path

from clinicreport.books.protocol_page.page_content import GROUPS
from clinicreport.ground.resources import resource
from clinicreport.ground.strict_toml import read_toml
from clinicreport.log.reporter import WAIVABLE, Reporter, Spot
from clinicreport.outcomes.evidence.claim_checks import TESTS
from clinicreport.outcomes.evidence.claims import load as load_evidence
from clinicreport.protocol import in_force
from clinicreport.protocol.in_force import Protocol
from clinicreport.protocol.limits import Example, Rule, limit_text
from clinicreport.rules import RULES
from docs.fields_page import fields_page

MADE = "<!-- Made by: python -m docs.make_pages. Changes here are lost. -->"


def rules_page(in_force: Protocol) -> str:
    """One section a rule, in the order of the protocol's page."""
    lines = [
        MADE,
        "# The rules",
        "",
        "Every rule of the default protocol. Limits, severities, sources and messages stand in "
        "`protocol.toml`, where a clinic changes them: see [protocol.md](protocol.md). "
        "† marks this project's own choice.",
    ]
    for heading, sections in GROUPS.items():
        own = [
            line
            for name, rule in in_force.rules.items()
            if rule.clause.split(".")[0] in sections
            for line in _rule(in_force, name, rule)
        ]
        lines += ["", f"## {heading}", *own] if own else []
    return "\n".join(lines) + "\n"


def _rule(in_force: Protocol, name: str, rule: Rule) -> list[str]:
    waived = "a waiver on the row makes it a note" if name in WAIVABLE else "no"
    return [
        "",
        f"### {name}",
        "",
        _looks_at(name, rule),
        "",
        f"- Severity: {rule.severity}",
        f"- Clause: `{in_force.clause_text(rule.clause)}`",
        f"- Source: {rule.source}",
        f"- Can be waived: {waived}",
        f"- Message: {_code(rule.message)}",
        f"- Example: {_code(_example(in_force, name, rule))}",
    ]


def _looks_at(name: str, rule: Rule) -> str:
    """The docstring of the rule's function; for rules on the reading of files, their ``when``."""
    if name in RULES:
        return _docstring(RULES[name])
    return rule.when


def _docstring(function: Callable[..., object]) -> str:
    return (inspect.getdoc(function) or "").strip()


def _example(in_force: Protocol, name: str, rule: Rule) -> str:
    """The message of a made-up finding, worded by the protocol as a real one is."""
    example = rule.example or Example()
    digits = re.sub(r"\D", "", example.cell)
    row = example.row or (int(digits) if digits else None)
    sheet = example.sheet if row else ""
    spot = Spot(example.file, sheet, example.cell, row, example.field)
    on = in_force.model_copy(
        update={"rules": {name: rule.model_copy(update={"severity": "note"})}}
    )  # a rule that is switched off has an example all the same
    clause = in_force.clause_text(rule.clause)
    finding = Reporter(on).finding(
        name,
        spot,
        example.value,
        detail=example.detail,
        limit=example.limit,
        clause=f"{clause}; {example.actual}" if example.actual else clause,
    )
    return finding.message if finding else ""


def _code(text: str) -> str:
    """A text as code in Markdown, whatever it holds."""
    mark = "``" if "`" in text else "`"
    return f"{mark}{text}{mark}"


def glossary_page() -> str:
    """The field's words in alphabetical order."""
    words = read_toml(resource("templates/glossary.toml"))["words"]
    lines = [MADE, "# Glossary", "", "The words of the field, as this program uses them.", ""]
    ordered = sorted(words.items(), key=lambda item: item[0].casefold())
    return "\n".join([*lines, *(f"- **{word}**: {said}" for word, said in ordered)]) + "\n"


def evidence_page() -> str:
    """The article's claims, what speaks for and against each, how a log is asked; the sources."""
    evidence = load_evidence()
    lines = [
        MADE,
        "# The evidence",
        "",
        "What the article says, where it has that from, what speaks for it and against it, and how "
        "the clinic's own log is asked. The answer is *supported by this log*, *against it* or "
        "*cannot tell*. A log has no control group: it shows no cause, whatever the answer, and "
        "gives no number needed to treat, which takes the shares of responders of two groups.",
        "",
        "A claim is supported only where the whole 95 % interval lies on its side, and spoken "
        "against only where the whole interval lies on the other. Else the answer is *cannot tell*, "
        f"and so it is with fewer than {evidence.enough_patients} patients to look at, or where all "
        "are alike and there is no interval. Nothing is printed here that was not seen in its "
        "source: most were read as an abstract, as the list at the end says.",
    ]
    for entry in evidence.claim:
        lines += [
            "",
            f"## {entry.claim}",
            "",
            f"- Source: {entry.source}",
            f"- For it: {_in_one(evidence.in_favour(entry))}",
            f"- Against it: {_in_one(evidence.contrary(entry))}",
            f"- The test: {_in_one(_docstring(TESTS[entry.test]))}",
        ]
    for topic in evidence.topic:
        lines += [
            "",
            f"## {topic.title}",
            "",
            *(f"- {x}" for x in evidence.told(topic).split("\n")),
        ]
    lines += ["", "## The sources, and what was read of each", ""]
    lines += [f"- {study.described}" for study in evidence.study]
    return "\n".join(lines) + "\n"


def _in_one(text: str) -> str:
    """Lines as one."""
    return " ".join(text.split())


def limits_table(in_force: Protocol) -> str:
    """Every limit with what it is, as a Markdown table (for protocol.md)."""
    rows = ["| key | default | what it is |", "|---|---|---|"]
    for section, part in in_force:
        for name, field in getattr(type(part), "model_fields", {}).items():
            if field.description:
                shown = limit_text(getattr(part, name)) or "a list of words"
                rows.append(f"| `{section}.{name}` | {shown} | {field.description} |")
    return "\n".join(rows)


def pages() -> dict[str, str]:
    """File name below ``docs/`` -> its text."""
    usual = in_force.load()
    return {
        "rules.md": rules_page(usual),
        "fields.md": f"{MADE}\n{fields_page()}",
        "glossary.md": glossary_page(),
        "evidence.md": evidence_page(),
        "limits.md": f"{MADE}\n# The limits of the default protocol\n\n{limits_table(usual)}\n",
    }


def main(folder: Path, *, check: bool = False) -> int:
    """Writes the pages, or with ``check`` only compares them; 1 where one is out of date."""
    old = []
    for name, text in pages().items():
        path = folder / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        old.append(name)
        if not check:
            path.write_text(text, encoding="utf-8")
    said = "out of date" if check else "written"
    sys.stdout.write("".join(f"docs/{name}: {said}\n" for name in old))
    return int(check and bool(old))


if __name__ == "__main__":
    docs = Path(__file__).resolve().parent
    sys.exit(main(docs, check="--check" in sys.argv[1:]))
