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

from clinicreport.desk.log_place import LogPlace, StandsElsewhereError
from clinicreport.desk.look_sheets import one_cell
from clinicreport.fitting import Fitting
from clinicreport.ground.errors import OutputError, UsageError
from clinicreport.ground.held_files import bytes_of
from clinicreport.log.fit.typed_answers import typed_value
from clinicreport.settings.earlier_settings import steps_back, undo
from clinicreport.settings.own_lines import problem_of, shown_line, with_lines, write_lines
from clinicreport.workbook.first_visits import came_of

if TYPE_CHECKING:
    from clinicreport.desk.look_model import LookedAt
    from clinicreport.log.fit.learnt import Question
    from clinicreport.settings.request import Request

Known = tuple[int, str, Any]  # an answer: table, dotted key, value


@dataclass(frozen=True, slots=True)
class AskChoice:
    """One answer of a card. ``lines``: the log as it would be read with it, none where it cannot be
    read yet; ``likely``: the other questions had to be given their likeliest answers; ``problem``:
    why the settings cannot have it; ``line``: what it writes."""

    number: int
    words: str
    line: str
    lines: tuple[str, ...] = ()
    problem: str = ""
    likely: bool = False


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
    work = fitting(look, request, spot)
    questions = work.learnt.questions
    card = _card(work, at, target) if 1 <= at <= len(questions) else None
    return Asked(
        card,
        tuple(shown_line(key, value) for key, value in work.lines.items()),
        tuple(came_of(work.log)),
        steps_back(target),
        stamp_of(target, ""),
        tuple(sheet.name for sheet in look.sheets),
        len(questions),
    )


def fitting(look: LookedAt, request: Request, spot: LogPlace) -> Fitting:
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
    return AskCard(at, len(questions), question, choices, stamp_of(target, repr(question)))


def _choice(work: Fitting, question: Question, number: int) -> AskChoice:
    """A choice, with the log read as it says; where that is not enough to read it, with the
    likeliest answers to the other questions."""
    choice = question.choices[number - 1]
    if not choice.key:
        return AskChoice(number, choice.words, "")
    line = shown_line(choice.key, choice.value)
    given = [(question.layout, choice.key, choice.value)]
    problem = problem_of(work.request.config, work.lines_with(given))
    if problem:
        return AskChoice(number, choice.words, line, (), problem)
    others = [_likeliest(one) for one in work.learnt.questions if one is not question]
    for more, likely in ((given, False), ([*given, *filter(None, others)], True)):
        lines = _would_read(work, more)
        if lines:
            return AskChoice(number, choice.words, line, lines, "", likely)
    return AskChoice(number, choice.words, line)


def _likeliest(question: Question) -> Known | None:
    """The answer that stands first."""
    first = next((one for one in question.choices if one.key), None)
    return (question.layout, first.key, first.value) if first else None


def _would_read(work: Fitting, more: list[Known]) -> tuple[str, ...]:
    """The log as it would be read with more answers; nothing where it cannot be."""
    from clinicreport.path import typed

    lines = work.lines_with(more)
    if problem_of(work.request.config, lines):
        return ()
    request = work.request._replace(config=with_lines(work.request.config, lines))
    log = typed(work.books, request)
    return tuple(came_of(log)) if any(source.used for source in log.sources) else ()


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
    work = fitting(look, request, spot)
    questions = work.learnt.questions
    question = questions[at - 1] if 1 <= at <= len(questions) else None
    if question is None or given.get("stamp") != stamp_of(target, repr(question)):
        raise StandsElsewhereError
    known = _known(question, given)
    if known is None:
        return False
    write(work, target, [known])
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
    work = fitting(look, request, spot)
    if given.get("stamp") != stamp_of(target, ""):
        raise StandsElsewhereError
    write(work, target, [])


def write(work: Fitting, target: Path, more: list[Known]) -> None:
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


def take_back(target: Path, stamp: str, page: str = "") -> None:
    """The settings as they were before the last answer.

    ``stamp``: of the ``page`` that shows them. Raises StandsElsewhereError, UsageError, OutputError.
    """
    if stamp != stamp_of(target, page):
        raise StandsElsewhereError
    try:
        undo(target)
    except OSError as error:
        raise OutputError(f"{target.name}: cannot be written ({error.strerror})") from error


def stamp_of(target: Path, question: str) -> str:
    """Tells one question, under the settings as they stand, from another."""
    try:
        settings = bytes_of(target)
    except OSError:
        settings = b""
    return sha256(settings + b"\0" + question.encode("utf-8", "surrogatepass")).hexdigest()[:32]
