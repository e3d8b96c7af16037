"""The headings of one file with what each is read as, and another field chosen for some."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clinicreport.desk.ask_model import Known, fitting, stamp_of, write
from clinicreport.desk.log_place import LogPlace, StandsElsewhereError
from clinicreport.desk.look_sheets import one_cell
from clinicreport.log.headings import is_heading
from clinicreport.settings.earlier_settings import steps_back
from clinicreport.workbook.first_visits import came_of

if TYPE_CHECKING:
    from clinicreport.desk.look_model import LookedAt
    from clinicreport.settings.request import Request


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
    work = fitting(look, request, spot)
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
    return HeadingsToChoose(
        found, stamp_of(target, ""), steps_back(target), tuple(came_of(work.log))
    )


def choose_headings(
    look: LookedAt, request: Request, target: Path, spot: LogPlace, given: Mapping[str, str]
) -> bool:
    """Write what was chosen for headings; whether anything was new.

    ``given``: the form: ``stamp``, and by the heading's name a field, or empty for "as it is".
    Raises StandsElsewhereError, UsageError, OutputError.
    """
    from clinicreport.log.chosen_headings import CHOICES

    work = fitting(look, request, spot)
    if given.get("stamp") != stamp_of(target, ""):
        raise StandsElsewhereError
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
        write(work, target, chosen)
    return bool(chosen)


def _names_one_of(known: Known, headings: set[str]) -> bool:
    """Whether an answer says what one of the headings is."""
    _, key, value = known
    return key.startswith("aliases.") and bool(headings & set(value))
