"""xlsx and xlsm: the parser's values, made exact by a look at each sheet's XML."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from clinicreport.reading import RefusedError
from clinicreport.reading.exact_cells import filled_places, look
from clinicreport.reading.links import Contents, distinct, mark_empty
from clinicreport.reading.ooxml_styles import BookParts, cell_styles, defined_names
from clinicreport.reading.parsed import Workbook, check_any, finish
from clinicreport.reading.pieces import SHARED, cut, read_pieces
from clinicreport.reading.plain_workbook import (
    ORDINARY,
    packed,
    plain_sheet,
    plain_workbook,
)
from clinicreport.reading.richtext import rich_texts
from clinicreport.reading.seen import Look
from clinicreport.reading.xmlparts import as_utf8, elements, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clinicreport.reading.guard import Package
    from clinicreport.reading.pieces import Cut
    from clinicreport.reading.plain_workbook import PackedPart
    from clinicreport.reading.spreadsheet import Spreadsheet

# Programs that write workbooks without calculating them, as they name themselves in app.xml.
# (XlsxWriter and openpyxl call themselves Microsoft Excel, but ask for a full calculation.)
_WRITERS = (
    "xlsxwriter",
    "openpyxl",
    "sheetjs",
    "excelize",
    "apache poi",
    "epplus",
    "closedxml",
    "phpspreadsheet",
    "phpexcel",
)
_HIDDEN = ("hidden", "veryhidden")
LOST = "is damaged ({part} is missing inside): ask for it again, or open it in Excel and save it \
as a new .xlsx file"


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One entry of the workbook's list of sheets."""

    name: str
    part: str  # its place in the archive
    visible: bool
    table: bool  # False for chart, dialog and macro sheets


def read(package: Package, book: Spreadsheet) -> None:
    """Fill ``book`` with the sheets of an OOXML workbook. Raises RefusedError."""
    tables = [part for part in sheet_parts(package) if part.table]
    styles = _part(package, _shared_part(package, "styles"))
    strings = _part(package, _shared_part(package, "sharedStrings"))
    names = defined_names(package.read(workbook_part(package)))
    common = BookParts(cell_styles(styles.xml), rich_texts(strings.xml, "si"), names)
    pays = package.unpacked <= ORDINARY and len(strings.xml) <= SHARED
    looks, plain, cuts = [], [], []
    for part in tables:
        seen, content, whole = _looked_at(package, part, common, pays=pays)
        looks.append(seen)
        plain.append(content)
        cuts.append(whole)
    _follow_links(package, tables, looks, common)
    book.calculated = is_calculated(package)
    book.active_content = active_content(package)
    package.check_rest()
    from_1904 = has_1904_dates(package)

    def workbook_of(sheets: Sequence[PackedPart | None]) -> list[bytes | memoryview]:
        return plain_workbook(sheets, strings.packed, styles.packed, dates_1904=from_1904)

    @cache
    def workbook() -> Workbook:
        return Workbook(b"".join(workbook_of(plain)))

    for index, (part, seen, whole) in enumerate(zip(tables, looks, cuts, strict=True)):
        if book.calculated:
            seen.formulas.clear()
        if whole and (grid := read_pieces(whole, workbook_of, seen)):
            book.sheets.append(finish(part.name, grid, seen))
        else:
            workbook().add_sheet(index, seen, book, part.name, visible=part.visible)
    check_any(book)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part in UTF-8, and as the parser gets it; nothing of either where there is none."""

    xml: bytes
    packed: PackedPart | None


def _part(package: Package, part: str) -> _Part:
    if not part:
        return _Part(b"", None)
    content = package.read(part)
    xml = _utf8(content)
    return _Part(xml, package.packed(part) if xml is content else packed(xml))


def _utf8(xml: bytes) -> bytes:
    """An XML part in UTF-8; the same object where it is already. Raises RefusedError."""
    try:
        return as_utf8(xml)
    except (UnicodeError, LookupError):
        raise RefusedError(
            "is written in an unusual encoding inside: open it in Excel and save it as a new "
            ".xlsx file"
        ) from None


def _shared_part(package: Package, kind: str) -> str:
    """Where the styles or strings of all sheets stand; empty where the workbook has none.

    Raises RefusedError where the styles are lost, that say which numbers are days or per cent.
    Strings may be named without being there, where no cell needs one.
    """
    for told, part in relations(package, workbook_part(package)).values():
        if told == kind and part in package:
            return part
        if told == kind == "styles":
            raise RefusedError(LOST.format(part=part))
    usual = f"xl/{kind}.xml"
    return usual if usual in package else ""


def _looked_at(
    package: Package, part: SheetPart, common: BookParts, *, pays: bool
) -> tuple[Look, PackedPart | None, Cut | None]:
    """What was seen of a sheet, and the sheet for the parser, as a whole and, where it is large
    and that ``pays``, cut; hidden ones are not looked at."""
    if not part.visible or not part.part:
        return Look(), None, None
    content = _part(package, part.part)
    seen = look(content.xml, common)
    plain = plain_sheet(content.xml, seen)
    whole = cut(plain) if pays else None
    return seen, content.packed if plain is content.xml else packed(plain), whole


def _follow_links(
    package: Package, tables: list[SheetPart], looks: list[Look], common: BookParts
) -> None:
    """Note the links that lead to empty cells, be it on a hidden sheet."""
    names = distinct([part.name for part in tables])
    known = dict(zip(names, zip(tables, looks, strict=True), strict=True))

    def contents(name: str) -> Contents | None:
        if name not in known:
            return None
        part, seen = known[name]
        xml = _utf8(package.read(part.part))
        links = seen.links if part.visible or not xml else look(xml, common).links
        return Contents(filled_places(xml), links)

    mark_empty(dict(zip(names, looks, strict=True)), contents)


def relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Id to (kind, part) of what a part refers to inside the archive."""
    folder, name = posixpath.split(part)
    xml = package.read(f"{folder}/_rels/{name}.rels")
    found = {}
    for _, attributes in elements(xml, "Relationship"):
        if attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            full = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
            full = full if full in package else unquote(full)
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = (kind, full)
    return found


def workbook_part(package: Package) -> str:
    """Where the workbook itself stands, nearly always ``xl/workbook.xml``."""
    for kind, part in relations(package, "").values():
        if kind == "officeDocument":
            return part
    return "xl/workbook.xml"


def sheet_parts(package: Package) -> list[SheetPart]:
    """The workbook's sheets in its own order. Raises RefusedError where one is lost."""
    workbook = workbook_part(package)
    targets = relations(package, workbook)
    parts = []
    for _, attributes in elements(package.read(workbook), "sheet"):
        name, id_ = attributes.get("name", ""), attributes.get("id", "")
        kind, part = targets.get(id_, ("", ""))
        if (id_ and part not in package) or (not id_ and _stray_sheets(package, targets)):
            raise RefusedError(LOST.format(part=f"its sheet {name}"))
        visible = attributes.get("state", "").lower() not in _HIDDEN
        # An entry that refers to nothing is a sheet without cells.
        parts.append(SheetPart(name, part, visible, kind.lower() in ("worksheet", "")))
    return parts


def _stray_sheets(package: Package, targets: dict[str, tuple[str, str]]) -> bool:
    """Whether sheets lie in the archive that nothing refers to."""
    known = {part.lower() for _, part in targets.values()}
    return any(part.startswith("xl/worksheets/sheet") and part not in known for part in package)


def is_calculated(package: Package) -> bool:
    """Whether a program that calculates formulas saved the workbook last."""
    for _, attributes in elements(package.read(workbook_part(package)), "calcPr"):
        if attributes.get("fullCalcOnLoad") in ("1", "true"):
            return False
    program = text_of(package.read("docProps/app.xml"), "Application").lower()
    return not any(writer in program for writer in _WRITERS)


def has_1904_dates(package: Package) -> bool:
    """Whether the days are counted from 1904, as Excel did on a Macintosh."""
    found = elements(package.read(workbook_part(package)), "workbookPr")
    return any(each.get("date1904", "").lower() in ("1", "true", "on") for _, each in found)


def active_content(package: Package) -> list[str]:
    """Macros and links to other files that the workbook carries."""
    found = []
    if any(part.endswith("vbaproject.bin") or "/macrosheets/" in part for part in package):
        found.append("macros")
    links = ("xl/externallinks/", "xl/connections.")
    if any(part.startswith(links) for part in package):
        found.append("external links")
    return found
