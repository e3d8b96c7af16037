"""xlsx and xlsm: the parser's values, made exact by a look at each sheet's XML."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinicreport.reading import RefusedError
from clinicreport.reading.exact_cells import filled_places, look
from clinicreport.reading.links import Contents, mark_empty
from clinicreport.reading.ooxml_styles import BookParts, cell_styles, defined_names
from clinicreport.reading.parsed import Workbook, check_any
from clinicreport.reading.richtext import rich_texts
from clinicreport.reading.seen import Look
from clinicreport.reading.xmlparts import elements, text_of

if TYPE_CHECKING:
    from clinicreport.reading.guard import Package
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


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One entry of the workbook's list of sheets."""

    name: str
    part: str  # its place in the archive
    visible: bool
    table: bool  # False for chart, dialog and macro sheets


def read(package: Package, data: bytes, book: Spreadsheet) -> None:
    """Fill ``book`` with the sheets of an OOXML workbook. Raises RefusedError."""
    parts = sheet_parts(package)
    common = _common_parts(package)
    looks = [
        look(package.read(part.part), common) if part.table and part.visible else Look()
        for part in parts
    ]
    _follow_links(package, parts, looks, common)
    book.calculated = is_calculated(package)
    book.active_content = active_content(package)
    package.check_rest()
    workbook = Workbook(data)
    if [told.name for told in workbook.listed] != [part.name for part in parts]:
        raise RefusedError(
            "lists its sheets in an unusual way: open it in Excel and save it as a new .xlsx file"
        )
    for index, (part, seen) in enumerate(zip(parts, looks, strict=True)):
        if part.table:
            if book.calculated:
                seen.formulas.clear()
            workbook.add_sheet(index, seen, book)
    check_any(book)


def _common_parts(package: Package) -> BookParts:
    """Styles, common texts and names, each where the workbook says that it stands."""
    workbook = workbook_part(package)
    kinds = dict(relations(package, workbook).values())
    styles = package.read(kinds.get("styles", "xl/styles.xml"))
    texts = package.read(kinds.get("sharedStrings", "xl/sharedStrings.xml"))
    names = defined_names(package.read(workbook))
    return BookParts(cell_styles(styles), rich_texts(texts, "si"), names)


def _follow_links(
    package: Package, parts: list[SheetPart], looks: list[Look], common: BookParts
) -> None:
    """Note the links that lead to empty cells, be it on a hidden sheet."""
    named = {part.name: seen for part, seen in zip(parts, looks, strict=True) if seen.links}
    if not named:
        return
    known = {part.name.casefold(): (part, seen) for part, seen in zip(parts, looks, strict=True)}

    def contents(name: str) -> Contents | None:
        if name.casefold() not in known:
            return None
        part, seen = known[name.casefold()]
        xml = package.read(part.part)
        links = seen.links if part.visible else look(xml, common).links
        return Contents(filled_places(xml), links) if part.table else None

    mark_empty(named, contents)


def relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Id to (kind, part) of what a part refers to inside the archive."""
    folder, name = posixpath.split(part)
    xml = package.read(f"{folder}/_rels/{name}.rels")
    found = {}
    for _, attributes in elements(xml, "Relationship"):
        if attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            full = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
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
    """The workbook's sheets in its own order."""
    workbook = workbook_part(package)
    targets = relations(package, workbook)
    parts = []
    for _, attributes in elements(package.read(workbook), "sheet"):
        kind, part = targets.get(attributes.get("id", ""), ("", ""))
        visible = attributes.get("state", "visible") == "visible"
        parts.append(SheetPart(attributes.get("name", ""), part, visible, kind == "worksheet"))
    return parts


def is_calculated(package: Package) -> bool:
    """Whether a program that calculates formulas saved the workbook last."""
    for _, attributes in elements(package.read(workbook_part(package)), "calcPr"):
        if attributes.get("fullCalcOnLoad") in ("1", "true"):
            return False
    program = text_of(package.read("docProps/app.xml"), "Application").lower()
    return not any(writer in program for writer in _WRITERS)


def active_content(package: Package) -> list[str]:
    """Macros and links to other files that the workbook carries."""
    found = []
    if any(part.endswith("vbaproject.bin") or "/macrosheets/" in part for part in package):
        found.append("macros")
    links = ("xl/externallinks/", "xl/connections.")
    if any(part.startswith(links) for part in package):
        found.append("external links")
    return found
