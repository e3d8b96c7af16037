"""xlsx and xlsm: the parser's values, made exact by a look at each sheet's XML."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinicreport.reading import RefusedError
from clinicreport.reading.exact_cells import look
from clinicreport.reading.parsed import Workbook, check_any
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
_PERCENT_BUILT_IN = frozenset({9, 10})
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


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
    styles = percent_styles(package.read("xl/styles.xml"))
    looks = [
        look(package.read(part.part), styles) if part.table and part.visible else Look()
        for part in parts
    ]
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


def shows_percent(form: str) -> bool:
    """Whether a number format such as ``0.0%`` multiplies by 100; a quoted % does not."""
    return "%" in _QUOTED.sub("", form)


def percent_styles(xml: bytes) -> frozenset[int]:
    """Numbers of the cell styles that show a percentage."""
    if b"%" not in xml and b"numFmtId" not in xml:
        return frozenset()
    formats = set(_PERCENT_BUILT_IN)
    styles = []
    inside = ""
    for name, attributes in elements(xml, "numFmt", "cellXfs", "cellStyleXfs", "dxfs", "xf"):
        if name == "numFmt" and inside != "dxfs":
            if shows_percent(attributes.get("formatCode", "")):
                formats.add(int(attributes.get("numFmtId", "0")))
        elif name == "xf" and inside == "cellXfs":
            styles.append(int(attributes.get("numFmtId", "0")))
        elif name != "xf":
            inside = name
    return frozenset(index for index, form in enumerate(styles) if form in formats)


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
