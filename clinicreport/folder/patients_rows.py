"""A log without one patient: every row of theirs is emptied, everything else stays where it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from clinicreport.editing.emptied_rows import Rows
from clinicreport.editing.proof import prove, traces_of
from clinicreport.editing.redact import KINDS, redact
from clinicreport.editing.splice import NotEditableError
from clinicreport.ground.errors import OutputError
from clinicreport.ground.held_files import bytes_of
from clinicreport.log.cells import Words, read_id
from clinicreport.reading.files import read_books
from clinicreport.reading.spreadsheet import Sheet, Spreadsheet

if TYPE_CHECKING:
    from clinicreport.editing.traces import Trace
    from clinicreport.log.session_log import Log
    from clinicreport.outcomes.analysis import Checked
    from clinicreport.settings.request import Request

_THEN = (
    "Open this very file in the program it was made with, take out what is the patient's, save it "
    "under the same name and type, and purge again"
)
Say = Callable[[str], None]


def without_patient(
    path: Path, patient: str, request: Request, name: str = "", say: Say | None = None
) -> bytes | None:
    """The file's new content, in its own format; None where the patient is not in it.

    ``name``: what the file is called in sentences. ``say`` gets a sentence for each place that is
    left to look at. Raises OutputError where it cannot be told, or cannot be done here; then the
    file is as it was.
    """
    from clinicreport.path import check_logs

    if not path.stat().st_size:
        return None
    name = name or path.name
    book = next(iter(read_books([path], password=request.password)))
    if book.reason:
        raise OutputError(
            f"{name}: it cannot be searched ({book.reason.removeprefix(f'{path.name}: ').rstrip('.')}). "
            "Look yourself whether the patient is in it; if so, delete the file"
        )
    checked = check_logs([path], request)
    wanted = ids_of(patient, request)
    rows = _rows(book, checked, patient, wanted)
    data = bytes_of(path)
    if not any(rows.values()):
        _check_hidden(data, book.kind, wanted, name, say)
        return None
    if data.startswith(b"\xd0\xcf") and book.kind != "xls":
        raise OutputError(_by_hand(name, "it is encrypted"))
    if book.kind not in KINDS:
        raise OutputError(_by_hand(name, f"{book.kind} cannot be changed in place"))
    _check_taken(checked.log, rows, name)
    try:
        made = redact(data, book.kind, rows)
        prove(data, made, rows, wanted)
    except (NotEditableError, OutputError) as error:
        raise OutputError(_by_hand(name, str(error))) from None
    if say and (places := traces_of(made, book.kind, wanted)):
        say(_still_named(name, places))
    return made


def _check_hidden(data: bytes, kind: str, wanted: set[str], name: str, say: Say | None) -> None:
    """Raises OutputError where no row that is read is the patient's, but the id stands elsewhere:
    on a hidden sheet, or alone in another cell. ``say`` gets what names the patient in passing."""
    if kind not in KINDS or not (kind == "csv" or data.startswith(b"PK")):
        return
    with suppress(NotEditableError):
        places = traces_of(data, kind, wanted)
        if alone := next((place for place in places if place.alone), None):
            raise OutputError(_by_hand(name, f"{alone.where} holds the patient's id"))
        if say and places:
            say(_still_named(name, places))


def _still_named(name: str, places: Sequence[Trace]) -> str:
    more = f" (and {len(places) - 1} more like it)" if len(places) > 1 else ""
    return f"{name}: {places[0].where} still names the patient{more}. {_THEN}"


def _check_taken(log: Log, rows: Rows, name: str) -> None:
    """Raises OutputError where another patient's row takes a value from one that would be
    emptied: it would silently take the next one above."""
    for source in log.sources:
        emptied = rows.get(source.sheet, frozenset())
        for row, others in source.taken.items():
            if row not in emptied and others & emptied:
                holds = f"row {min(others & emptied)} holds what stands blank in row {row}"
                raise OutputError(_by_hand(name, holds))


def _by_hand(name: str, why: str) -> str:
    """What to do where the program cannot do it surely."""
    return f"{name}: the patient is still in it, since {why}. {_THEN}"


def ids_of(patient: str, request: Request) -> set[str]:
    """The patient's id, and others that ``clinic.toml`` says are the same patient's."""
    same = {other for group in request.config.ids.same if group[0] == patient for other in group}
    return {patient, *same}


def _rows(book: Spreadsheet, checked: Checked, patient: str, wanted: set[str]) -> Rows:
    """The rows of each sheet that are about the patient."""
    log = checked.log
    rows: dict[str, set[int]] = {sheet.name: set() for sheet in book.sheets}
    columns: dict[str, set[int]] = {sheet.name: set() for sheet in book.sheets}
    for source in log.sources:
        if source.sheet in columns and "patient_id" in source.columns:
            columns[source.sheet].add(source.columns["patient_id"])
    for sheet_name, row in _of_visits(log, patient):
        rows[sheet_name].add(row)
    for (_, id_), entries in log.register.patients.items():
        spots = [entry.spot for entry in entries.values() if id_ == patient]
        for spot in spots:
            if spot.row is not None:
                rows[spot.sheet].add(spot.row)
    for sheet in book.sheets:
        columns[sheet.name] |= set(_id_columns(sheet, rows[sheet.name], wanted))
        for column in columns[sheet.name]:
            rows[sheet.name] |= {
                row for row in range(1, sheet.rows + 1) if _id(sheet, row, column) in wanted
            }
    return {name: frozenset(numbers) for name, numbers in rows.items()}


def _of_visits(log: Log, patient: str) -> Iterator[tuple[str, int]]:
    """The sheets and rows of a patient's visits, and of rows that were set aside."""
    for source, row in log.places(log.visits.where(log.visits["patient_id"] == patient)):
        yield log.sources[source].sheet, row
    for item in log.located:
        mine = item.finding.patient == patient and item.source is not None and item.source >= 0
        if mine and item.row is not None:
            yield item.finding.sheet, item.row


def _id_columns(sheet: Sheet, rows: set[int], wanted: set[str]) -> Iterator[int]:
    """The columns in which known rows of the patient hold the id, as text or as a number."""
    for row in rows:
        for column in range(1, len(sheet.columns) + 1):
            if _id(sheet, row, column) in wanted:
                yield column
                break  # the first such column: a score may look like an id


def _id(sheet: Sheet, row: int, column: int) -> str | None:
    found = read_id(sheet.value(row, column), Words()).value
    return None if found is None else str(found)
