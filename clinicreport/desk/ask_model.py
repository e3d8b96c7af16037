"""The questions of ``fit`` about one file, as cards: answered one at a time, each step undone.

What is answered is written to ``clinic.toml`` at once, by the functions that ``fit`` writes with, so
nothing has to be remembered from one page to the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clinicreport.desk.look_sheets import one_cell
from clinicreport.fitting import Fitting
from clinicreport.ground.errors import OutputError, UsageError
from clinicreport.log.fit.typed_answers import typed_value
from clinicreport.log.headings import is_heading
from clinicreport.settings.own_lines import problem_of, shown_line, steps_back, undo, write_lines
from clinicreport.workbook.first_visits import came_of

if TYPE_CHECKING:
    from clinicreport.desk.look_model import LookedAt
    from clinicreport.log.fit.learnt import Question
    from clinicreport.settings.request import Request

Known = tuple[int, str, Any]  # an answer: table, dotted key, value


class StandsElsewhereError(UsageError):
    """Since the page was made, the settings or the questions have changed."""


@dataclass(frozen=True, slots=True)
class LogPlace:
    """Where a person said that the log stands: a sheet (from 1) and a row of headings; 0: neither."""

    sheet: int = 0
    row: int = 0


@dataclass(frozen=True, slots=True)
class AskChoice:
    """One answer of a card. ``lines``: the log as it would be read with it; ``problem``: why the
    settings cannot have it; ``line``: what it writes."""

    number: int
    words: str
    line: str
    lines: tuple[str, ...]
    problem: str


@dataclass(frozen=True, slots=True)
class AskCard:
    """One question, ``number`` of ``of``. ``stamp``: tells whether it is still the same one."""

    number: int
    of: int
    question: Question
    choices: tuple[AskChoice, ...]
    stamp: str

    @property
    def column(self) -> str:
        """The letters of the column that it is about; empty for none."""
        return self.question.cell.rstrip("0123456789")

    @property
    def heading(self) -> str:
        """The column's heading."""
        return one_cell(self.question.heading) if self.question.cell else ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page of questions shows. ``certain``: lines that need no asking; ``lines``: the log
    as it is read with them; ``steps``: how many answers can be taken back; ``open``: how many
    questions there are."""

    card: AskCard | None
    certain: tuple[str, ...]
    lines: tuple[str, ...]
    steps: int
    stamp: str
    sheets: tuple[str, ...]
    open: int


def ask(look: LookedAt, request: Request, target: Path, spot: LogPlace, at: int = 1) -> Asked:
    """The ``at``-th question, from 1; no card behind the last one.

    Raises UsageError where there is no such sheet or row.
    """
    work = _fitting(look, request, spot)
    questions = work.learnt.questions
    card = _card(work, at, target) if 1 <= at <= len(questions) else None
    return Asked(
        card,
        tuple(shown_line(key, value) for key, value in work.lines.items()),
        tuple(came_of(work.log)),
        steps_back(target),
        _stamp(target, ""),
        tuple(sheet.name for sheet in look.sheets),
        len(questions),
    )


def _fitting(look: LookedAt, request: Request, spot: LogPlace) -> Fitting:
    """The same run of ``fit`` as on the command line, with what is certain taken."""
    sheets = look.sheets
    named = sheets[spot.sheet - 1].name if 1 <= spot.sheet <= len(sheets) else ""
    work = Fitting(look.books, request, named or None, spot.row or None)
    work.take_certain()
    return work


def _card(work: Fitting, at: int, target: Path) -> AskCard:
    questions = work.learnt.questions
    question = questions[at - 1]
    choices = tuple(
        _choice(work, question, number) for number in range(1, len(question.choices) + 1)
    )
    return AskCard(at, len(questions), question, choices, _stamp(target, repr(question)))


def _choice(work: Fitting, question: Question, number: int) -> AskChoice:
    """A choice, with the log read as it says."""
    from clinicreport.path import typed

    choice = question.choices[number - 1]
    if not choice.key:
        return AskChoice(number, choice.words, "", (), "")
    answer = (question.layout, choice.key, choice.value)
    lines = work.lines_with([answer])
    problem = problem_of(work.request.config, lines)
    shown: tuple[str, ...] = ()
    if not problem:
        tried = Fitting(work.books, work.request, work.sheet, work.heading_row)
        tried.first = work.first
        tried.answers = [*work.answers, answer]
        shown = tuple(came_of(typed(tried.books, tried.in_force)))
    return AskChoice(number, choice.words, shown_line(choice.key, choice.value), shown, problem)


def answer(
    look: LookedAt,
    request: Request,
    target: Path,
    spot: LogPlace,
    at: int,
    given: Mapping[str, str],
) -> bool:
    """Write one answer, with what is certain; whether anything was written.

    ``given``: the form's ``stamp``, ``choice`` (a number, "typed", or empty for "I do not know")
    and ``typed``. Raises StandsElsewhereError, UsageError, OutputError.
    """
    work = _fitting(look, request, spot)
    questions = work.learnt.questions
    question = questions[at - 1] if 1 <= at <= len(questions) else None
    if question is None or given.get("stamp") != _stamp(target, repr(question)):
        raise StandsElsewhereError("This changed meanwhile. Here is how it stands.")
    known = _known(question, given)
    if known is None:
        return False
    _write(work, target, [known])
    return True


def _known(question: Question, given: Mapping[str, str]) -> Known | None:
    """The answer; None where it changes nothing. Raises UsageError."""
    said = given.get("choice", "")
    if said == "typed":
        value = typed_value(question, given.get("typed", "").strip()) if question.typed else None
        if value is None or not given.get("typed", "").strip():
            raise UsageError("What you typed cannot be taken; the words above say what it may be.")
        return question.layout, question.typed, value
    if not said.isdecimal() or not 1 <= int(said) <= len(question.choices):
        return None
    choice = question.choices[int(said) - 1]
    return (question.layout, choice.key, choice.value) if choice.key else None


def keep_certain(
    look: LookedAt, request: Request, target: Path, spot: LogPlace, given: Mapping[str, str]
) -> None:
    """Write what needs no asking. Raises StandsElsewhereError, UsageError, OutputError."""
    work = _fitting(look, request, spot)
    if given.get("stamp") != _stamp(target, ""):
        raise StandsElsewhereError("This changed meanwhile. Here is how it stands.")
    _write(work, target, [])


def _write(work: Fitting, target: Path, more: list[Known]) -> None:
    lines = work.lines_with(more)
    problem = problem_of(work.request.config, lines)
    if problem:
        raise UsageError(problem)
    if not lines:
        return
    try:
        write_lines(target, lines)
    except OSError as error:
        raise OutputError(f"{target.name}: cannot be written ({error.strerror})") from error


def take_back(target: Path, stamp: str) -> None:
    """The settings as they were before the last answer.

    ``stamp``: of the page. Raises StandsElsewhereError, UsageError, OutputError.
    """
    if stamp != _stamp(target, ""):
        raise StandsElsewhereError("This changed meanwhile. Here is how it stands.")
    try:
        undo(target)
    except OSError as error:
        raise OutputError(f"{target.name}: cannot be written ({error.strerror})") from error


def _stamp(target: Path, question: str) -> str:
    """Tells one question, under the settings as they stand, from another."""
    try:
        settings = target.read_bytes()
    except OSError:
        settings = b""
    return sha256(settings + b"\0" + question.encode("utf-8", "surrogatepass")).hexdigest()[:32]


# ------------------------------------------------------------------------- headings


@dataclass(frozen=True, slots=True)
class HeadingToChoose:
    """One heading with a drop-down. ``name``: of its field in the form."""

    name: str
    sheet: str
    cell: str
    heading: str
    looks_like: str
    field: str | None
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeadingsToChoose:
    """Every heading of the tables that are learnt, and how many are not known."""

    headings: tuple[HeadingToChoose, ...]
    stamp: str
    steps: int
    lines: tuple[str, ...]

    @property
    def unknown(self) -> int:
        """How many headings nothing is read from."""
        return sum(one.field is None for one in self.headings)


def headings(look: LookedAt, request: Request, target: Path, spot: LogPlace) -> HeadingsToChoose:
    """Every heading that can be named, as it is read now. Raises UsageError."""
    work = _fitting(look, request, spot)
    found = tuple(
        HeadingToChoose(
            f"h{at}-{column.number}",
            table.sheet.name,
            column.cell,
            one_cell(column.heading),
            column.look.words,
            column.field,
            tuple(one_cell(text, 40) for text in column.look.examples),
        )
        for at, table in enumerate(work.learnt.tables)
        for column in table.columns
        if is_heading(column.heading)
    )
    return HeadingsToChoose(found, _stamp(target, ""), steps_back(target), tuple(came_of(work.log)))


def choose_headings(
    look: LookedAt, request: Request, target: Path, spot: LogPlace, given: Mapping[str, str]
) -> bool:
    """Write what was chosen for headings; whether anything was new.

    ``given``: the form: ``stamp``, and by the heading's name a field, or empty for "as it is".
    Raises StandsElsewhereError, UsageError, OutputError.
    """
    from clinicreport.log.chosen_headings import CHOICES

    work = _fitting(look, request, spot)
    if given.get("stamp") != _stamp(target, ""):
        raise StandsElsewhereError("This changed meanwhile. Here is how it stands.")
    fields = set(CHOICES.values())
    chosen: list[Known] = [
        (at, f"aliases.{given[name]}", [column.heading])
        for at, table in enumerate(work.learnt.tables)
        for column in table.columns
        if is_heading(column.heading)
        for name in [f"h{at}-{column.number}"]
        if given.get(name) in fields and given.get(name) != column.field
    ]
    named = {heading for _, _, own in chosen for heading in own}
    work.answers = [one for one in work.answers if not _names_one_of(one, named)]
    if chosen:
        _write(work, target, chosen)
    return bool(chosen)


def _names_one_of(known: Known, headings: set[str]) -> bool:
    """Whether an answer says what one of the headings is."""
    _, key, value = known
    return key.startswith("aliases.") and bool(headings & set(value))
