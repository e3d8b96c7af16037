"""One workbook or letter a patient, planned before anything is written; names tell no person's name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from clinicreport.books.patient.facts import Facts
from clinicreport.ground.errors import OutputError
from clinicreport.ground.safe_names import inside, safe_name

if TYPE_CHECKING:
    from clinicreport.outcomes.analysis import Analysis


PAGE, LETTER = ".xlsx", ".docx"


def file_name(facts: Facts, ending: str = PAGE, *, shared: bool = False) -> str:
    """``patient-<safe id>.xlsx``, or with another ending; ``shared``: another clinic has the id."""
    whole = f"{facts.patient}\0{facts.clinic}" if shared else facts.patient
    return f"patient-{safe_name(whole)}{ending}"


def plan_files(
    everyone: Sequence[Facts], folder: Path, ending: str = PAGE
) -> list[tuple[Facts, Path]]:
    """Each patient with the path of the page or letter. Raises OutputError for a name that leads away."""
    owners = Counter(facts.patient for facts in everyone)
    return [
        (facts, inside(folder, file_name(facts, ending, shared=owners[facts.patient] > 1)))
        for facts in everyone
    ]


def write_all(
    analysis: Analysis, planned: Sequence[tuple[Facts, Path]], *, force: bool = False
) -> None:
    """Write the pages, or letters by their endings; nothing where one is there already.

    Raises OutputError (there already, read-only, disk full; open elsewhere: the others are written).
    """
    from clinicreport.books.patient import letter, patient_page
    from clinicreport.workbook.output import refuse, save_each
    from clinicreport.workbook.theme import Theme

    for _, path in planned:
        refuse(path, force=force)
    theme = Theme.load()
    kinds = [letter if path.suffix.lower() == LETTER else patient_page for _, path in planned]
    made = (
        (path, kind.content(analysis, facts, theme))
        for kind, (facts, path) in zip(kinds, planned, strict=True)
    )
    save_each(made, force=force)


def make_folder(folder: Path) -> None:
    """The folder for the pages. Raises OutputError where it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"{folder}: the folder cannot be made ({error.strerror}); name another one"
        raise OutputError(message) from error
