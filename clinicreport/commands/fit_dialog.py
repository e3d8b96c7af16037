"""The questions of ``clinicreport fit`` on a terminal: numbers to choose, Enter for what is certain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from clinicreport.commands.fit_shown import seen_table
from clinicreport.ground.unsafe_text import on_screen
from clinicreport.log.fit.learnt import Choice, Question
from clinicreport.log.fit.typed_answers import typed_value
from clinicreport.settings.own_lines import problem_of

if TYPE_CHECKING:
    from clinicreport.fitting import Fitting

ROUNDS = 4  # of questions that answers have led to
WAYS = "a number; s skips, ? says why, b goes back, q quits, r another heading row, t another sheet"
_ON_ONE_LINE = 100  # characters
_YES = frozenset(["y", "yes", "j", "ja", "o", "oui", "s", "si", "sí", "sì"])

Known = Sequence[tuple[int, str, Any]]  # answers as table, dotted key, value
Problem = Callable[[Known], str]  # why the settings cannot have the lines of some answers


class GiveUp(Exception):  # noqa: N818 (it is no error: a person has had enough)
    """The person leaves: nothing is written."""


@dataclass
class Elsewhere(Exception):  # noqa: N818
    """The log stands on another sheet, or its headings in another row."""

    what: str  # "r" or "t"


@dataclass(frozen=True, slots=True)
class Given:
    """One choice, or None for a question that was skipped."""

    choice: Choice | None
    layout: int = 0


def ask_all(work: Fitting) -> None:
    """Ask, read with the answers, and ask what that leaves open. Raises GiveUp."""
    while True:
        try:
            _ask_rounds(work)
        except Elsewhere as way:
            _choose_place(work, way.what)
        else:
            return


def _ask_rounds(work: Fitting) -> None:
    work.answers = work.certain
    work.left = 0
    for table in work.tables:
        click.echo(seen_table(table, work.learnt, asks=True))
    asked: list[Question] = []
    questions = work.learnt.questions or work.next_questions([])
    for _ in range(ROUNDS):
        if not questions:
            return
        answers = ask(
            questions, lambda more: problem_of(work.request.config, work.lines_with(more))
        )
        work.left += sum(answer.choice is None for answer in answers)
        work.answers = [*work.answers, *_known(answers)]
        asked += questions
        questions = work.next_questions(asked)


def _choose_place(work: Fitting, what: str) -> None:
    """Another heading row, or another sheet, from the person. Raises GiveUp."""
    work.__dict__.pop("first", None)
    if what == "r":
        while True:
            said = _line("Row with the headings: ")
            if said.isdecimal() and int(said) > 0:
                work.heading_row = int(said)
                return
            click.echo("     Type the row's number.")
    names = [sheet.name for book in work.books for sheet in book.sheets if sheet.name]
    if not names:
        click.echo("     The file has only one table.")
        return
    for at, name in enumerate(names, 1):
        click.echo(f"     {at}) {on_screen(name)}")
    while True:
        said = _line("Sheet with the log: ")
        if said.isdecimal() and 1 <= int(said) <= len(names):
            work.sheet, work.heading_row = names[int(said) - 1], None
            return
        click.echo("     Type one of the numbers.")


def ask(questions: Sequence[Question], problem: Problem = lambda _known: "") -> list[Given]:
    """An answer for each question. ``problem``: why the settings cannot have the answers so far.

    Raises GiveUp for q and for the end of the input, Elsewhere for another row or sheet.
    """
    given: list[Given] = []
    while len(given) < len(questions):
        question = questions[len(given)]
        answer = _ask_one(question, f"{len(given) + 1} of {len(questions)}")
        if answer is None:
            given = given[:-1]
            continue
        why = problem(_known([*given, answer]))
        if why:
            click.echo(f"     {why}")
            continue
        given.append(answer)
    return given


def _known(answers: Sequence[Given]) -> list[tuple[int, str, Any]]:
    """What the answers say, those that change nothing left out."""
    chosen = [(answer.layout, answer.choice) for answer in answers if answer.choice]
    return [(layout, choice.key, choice.value) for layout, choice in chosen if choice.key]


def _ask_one(question: Question, number: str) -> Given | None:
    """The answer; None to go back to the question before."""
    prompt = _prompt(question, number)
    while True:
        said = _line(prompt)
        if said in ("", "s", "skip"):
            return Given(None, question.layout)
        if said in ("b", "back"):
            return None
        if said in ("q", "quit"):
            raise GiveUp
        if said in ("r", "t"):
            raise Elsewhere(said)
        if said == "?":
            click.echo(f"     {question.why}")
            continue
        if said.isdecimal() and 1 <= int(said) <= len(question.choices):
            return Given(question.choices[int(said) - 1], question.layout)
        value = typed_value(question, said)
        if value is not None:
            return Given(Choice(question.typed, value, said), question.layout)
        click.echo(f"     Type {WAYS}.")


def _prompt(question: Question, number: str) -> str:
    """The question with its choices, on one line where they fit."""
    letter = question.cell.rstrip("0123456789")
    heading = f" “{on_screen(question.heading)}”" if question.cell and question.heading else ""
    about = f"{letter}{heading}: " if question.cell else ""
    head = f"{number}  {about}{on_screen(question.question, 400)}"
    choices = [
        f"{at}) {on_screen(choice.words, 120)}" for at, choice in enumerate(question.choices, 1)
    ]
    typed = " or type it" if question.typed else ""
    line = f"{'  '.join([head, *choices])}  s) skip{typed}: "
    if len(line) <= _ON_ONE_LINE:
        return line
    return "\n".join([head, *(f"     {choice}" for choice in choices), f"     s) skip{typed}: "])


def yes(question: str) -> bool:
    """Whether the person says yes. Raises GiveUp at the end of the input."""
    return _line(f"{question} y/n: ").casefold() in _YES


def _line(prompt: str) -> str:
    click.echo(prompt, nl=False)
    try:
        return input().strip()
    except (EOFError, KeyboardInterrupt, UnicodeDecodeError) as end:
        click.echo()
        raise GiveUp from end
