"""The questions of ``clinicreport fit`` on a terminal: numbers to choose, Enter for what is certain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import click

from clinicreport.log.fields import SESSION_FIELDS
from clinicreport.log.fit.candidates import Candidate
from clinicreport.log.fit.learnt import Choice, Question


class GiveUp(Exception):  # noqa: N818 (it is no error: a person has had enough)
    """The person leaves: nothing is written."""


@dataclass(slots=True)
class Answers:
    """What a person has answered: dotted key -> value. ``skipped``: questions without an answer."""

    lines: dict[str, Any] = field(default_factory=dict)
    skipped: int = 0


def seen_table(table: Candidate) -> str:
    """What was seen of a table, a heading a line."""
    names = ", ".join(f'"{sheet.name}"' for sheet in table.sheets if sheet.name)
    where = f"Sheet {names}, headings" if names else "Headings"
    lines = [f"{table.book.name}: {where} in row {table.heading_row}, {table.rows} rows"]
    width = max((len(column.heading) for column in table.columns), default=0)
    for column in table.columns:
        name = SESSION_FIELDS[column.field].label if column.field in SESSION_FIELDS else "not read"
        examples = ", ".join(f"“{text[:20]}”" for text in column.look.examples)
        said = f"{column.look.words}{f': {examples}' if examples else ''}"
        lines.append(f"  {column.cell:<5} {column.heading:<{min(width, 40)}}  {name:<16} {said}")
    return "\n".join(lines)


def ask(questions: Sequence[Question]) -> Answers:
    """Ask one after the other. Raises GiveUp for q and for the end of the input."""
    given: list[Choice | None] = []
    at = 0
    while at < len(questions):
        answer = _ask_one(questions[at], f"{at + 1} of {len(questions)}")
        if answer == "back":
            given = given[:-1]
            at = max(at - 1, 0)
            continue
        given.append(answer if isinstance(answer, Choice) else None)
        at += 1
    return _answers(given)


def _answers(given: Sequence[Choice | None]) -> Answers:
    from clinicreport.settings.own_lines import put_line

    answers = Answers()
    for choice in given:
        if choice is None:
            answers.skipped += 1
        elif choice.key:
            flat: dict[str, Any] = {}
            put_line(flat, "value", choice.value, lambda _depth: {})
            known = answers.lines.get(choice.key)
            both = isinstance(known, list) and isinstance(choice.value, list)
            answers.lines[choice.key] = [*known, *choice.value] if both else choice.value  # type: ignore[misc]
    return answers


def _ask_one(question: Question, number: str) -> Choice | str | None:
    """The choice; None for skipped; "back"."""
    about = f"{question.cell} “{question.heading}”: " if question.cell else ""
    click.echo(f"{number}  {about}{question.question}")
    for at, choice in enumerate(question.choices, 1):
        click.echo(f"     {at}) {choice.words}")
    typed = ", or type it" if question.typed else ""
    while True:
        said = _line(f"     1-{len(question.choices)}{typed}; Enter skips, ? why, b back, q quit: ")
        if said == "":
            return None
        if said in ("b", "back"):
            return "back"
        if said in ("q", "quit"):
            raise GiveUp
        if said == "?":
            click.echo(f"     {question.why}")
            continue
        if said.isdigit() and 1 <= int(said) <= len(question.choices):
            return question.choices[int(said) - 1]
        value = _typed(question.typed, said) if question.typed else None
        if value is not None:
            return Choice(question.typed, value, said)
        click.echo("     Type one of the numbers.")


def _typed(key: str, said: str) -> Any:
    """What was typed as a value of the key; None where it is none."""
    try:
        if key == "start_date":
            return date.fromisoformat(said)
        if key == "reading.year":
            return int(said) if len(said) == 4 else None
    except ValueError:
        return None
    return said


def yes(question: str) -> bool:
    """Whether the person says yes. Raises GiveUp at the end of the input."""
    return _line(f"{question} y/n: ").casefold() in (
        "y",
        "yes",
        "j",
        "ja",
        "o",
        "oui",
        "s",
        "si",
        "sí",
    )


def _line(prompt: str) -> str:
    try:
        return input(prompt).strip()
    except (EOFError, KeyboardInterrupt) as end:
        click.echo()
        raise GiveUp from end
