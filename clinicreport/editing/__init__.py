"""A clinic's own files changed in place: every finding marked on its cell, or rows taken out.

================  =============================================================================
XML in place      ``package``, its parts; ``splice``, edits that leave every other byte
a marked copy     ``marked_workbook`` with ``sheet_cells``, ``marked_styles``, ``comments``;
                  ``to_fix_sheet`` first, ``headings_sheet`` last; ``rebuilt_copy`` of what is no
                  xlsx; ``original``, the input's bytes
rows taken out    ``redact`` with ``emptied_rows``, ``formula_groups``, ``remarks``,
                  ``chart_caches``; ``redact_text``, ``redact_ods``; ``traces`` that would stay
read back         ``proof``, ``compared_parts``
================  =============================================================================

An xlsx is changed in its XML, so that whatever else it holds stays byte for byte as it is, values
of formulas included.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from clinicreport.ground.errors import OutputError

if TYPE_CHECKING:
    from clinicreport.editing.headings_sheet import SeenHeading
    from clinicreport.editing.original import Original
    from clinicreport.editing.to_fix_sheet import About
    from clinicreport.outcomes.analysis import Checked
    from clinicreport.reading.spreadsheet import Spreadsheet
    from clinicreport.settings.request import Request

Say = Callable[[str], None]


def marked_copies(
    checked: Checked,
    paths: Sequence[str | Path],
    folder: Path,
    *,
    books: Mapping[str, Spreadsheet] | None = None,
    force: bool = False,
    dry_run: bool = False,
    say: Say | None = None,
) -> list[Path]:
    """Write a marked copy of each input into ``folder``; the paths of the copies.

    ``books``: inputs that are still in memory, by their SHA-256; any other is read again. ``say``
    gets a sentence for each input that has none. Nothing is written where one of the
    copies is there already (without ``force``), or one of the inputs. Raises OutputError, UsageError.
    """
    from clinicreport.workbook.output import save_each, spare_logs

    tell = say or (lambda _: None)
    originals = list(_originals(checked, paths, tell))
    targets = _targets(originals, folder)
    for target in targets:
        spare_logs(target, (original.path for original in originals), "marked copy")
    _refuse(targets, force=force)
    pairs = zip(originals, targets, strict=True)
    known = books or {}
    made = ((target, _content(checked, original, known, tell)) for original, target in pairs)
    files = ((target, content) for target, content in made if content is not None)
    if dry_run:
        return [target for target, _ in files]
    _make_folder(folder)
    return save_each(files, force=force)


def _originals(checked: Checked, paths: Sequence[str | Path], tell: Say) -> Iterator[Original]:
    """The inputs of which there can be a copy, each content once."""
    from clinicreport.editing.original import Original, open_original
    from clinicreport.reading.files import expand

    read = _read(checked)
    names: dict[str, str] = {}
    seen: set[str] = set()
    for path in expand(paths):
        if str(path) == "-":
            tell("standard input: there is no marked copy of it; save it as a file first")
            continue
        opened = open_original(path, checked.request.password)
        if not isinstance(opened, Original):
            tell(f"{path.name}: no marked copy: {opened}")
        elif opened.sha256 not in read:
            tell(f"{path.name}: no marked copy: it could not be read, or changed since")
        elif opened.sha256 not in seen:
            seen.add(opened.sha256)
            if names.setdefault(path.name, opened.sha256) != opened.sha256:
                raise OutputError(
                    f"two inputs are called {path.name}: findings cannot be told apart on a marked "
                    "copy; rename one, or check them one after the other"
                )
            yield opened


def _read(checked: Checked) -> set[str]:
    """The contents that were read. A file without a session table was: its copy says what to do."""
    told = {each.file for each in checked.findings if each.rule != "unreadable-file"}
    return {each.sha256 for each in checked.inputs if not each.reason or each.file in told}


def _targets(originals: Sequence[Original], folder: Path) -> list[Path]:
    """A file name for each copy; where two inputs differ only in their ending, it is said too."""
    stems = Counter(original.path.stem.casefold() for original in originals)
    targets = []
    for original in originals:
        path = original.path
        ending = path.suffix.lstrip(".") if stems[path.stem.casefold()] > 1 else ""
        targets.append(folder / ("-".join(filter(None, (path.stem, ending, "marked"))) + ".xlsx"))
    return targets


def _refuse(targets: Sequence[Path], *, force: bool) -> None:
    for target in targets:
        if target.exists() and not force:
            raise OutputError(
                f"{target} is there already; name another folder, or add --force to replace it"
            )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{folder}: the folder for marked copies cannot be made ({error.strerror})"
        ) from error


def _content(
    checked: Checked, original: Original, books: Mapping[str, Spreadsheet], tell: Say
) -> bytes | None:
    """One copy's bytes; none where the file could not be read."""
    from clinicreport.editing.marked_workbook import mark
    from clinicreport.editing.splice import NotEditableError
    from clinicreport.editing.to_fix_sheet import About
    from clinicreport.log.headings import Aliases

    request = checked.request
    findings = [each for each in checked.findings if each.file == original.path.name]
    book = books.get(original.sha256) or _read_again(original, request.password)
    about = About(original.path.name, request.today, Aliases(request.config.aliases))
    if not isinstance(book, str):
        about = replace(about, headings=_headings(book, request))
    why = ""
    if original.editable:
        try:
            return original.protected(mark(original.data, findings, about))
        except NotEditableError as error:
            why = f"The original could not be changed in place: {error}."
    made = book if isinstance(book, str) else _rebuilt(original, book, about, why)
    if isinstance(made, str):
        tell(f"{original.path.name}: no marked copy: {made}")
        return None
    data, about = made
    return original.protected(mark(data, [about.moved(each) for each in findings], about))


def _read_again(original: Original, password: str | None) -> Spreadsheet | str:
    """The input's cells, or why they cannot be had."""
    from clinicreport.reading.files import read_books

    book = next(read_books([original.path], password=password))
    if book.reason:
        return book.reason
    if book.sha256 != original.sha256:
        return "the file changed since it was checked; check again"
    return book


def _headings(book: Spreadsheet, request: Request) -> tuple[SeenHeading, ...]:
    """Every heading of its tables, for a sheet of its own."""
    from clinicreport.editing.headings_sheet import seen_headings_of
    from clinicreport.log.chosen_headings import chosen_headings
    from clinicreport.log.fit.candidates import candidates
    from clinicreport.settings.request import reading

    tables = candidates([book], reading(request))
    return tuple(seen_headings_of(tables, list(chosen_headings(book))))


def _rebuilt(original: Original, book: Spreadsheet, about: About, why: str) -> tuple[bytes, About]:
    """A new workbook from the input's values."""
    from clinicreport.editing.rebuilt_copy import lost, rebuild
    from clinicreport.log.chosen_headings import is_headings_sheet

    book = replace(book, sheets=[one for one in book.sheets if not is_headings_sheet(one)])
    data, names = rebuild(book, about.day)
    said = ([why] if why else []) + lost(book, original.data)
    headings = tuple(replace(one, sheet=names.get(one.sheet, one.sheet)) for one in about.headings)
    about = replace(about, lost=tuple(said), sheets=tuple(names.items()), headings=headings)
    return data, about
