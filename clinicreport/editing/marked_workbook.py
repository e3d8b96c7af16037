"""A workbook marked in place: its sheets' cells, comments, and the list as its first sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import unescape

from clinicreport.editing.comments import Boxes, CommentLine, add_comments
from clinicreport.editing.headings_sheet import headings_sheet
from clinicreport.editing.marked_styles import StyleSheet
from clinicreport.editing.package import OFFICE, Archive
from clinicreport.editing.sheet_cells import SheetEdits, deselect
from clinicreport.editing.splice import EditedPart, Element, NotEditableError, escaped, tree
from clinicreport.editing.to_fix_sheet import MAIN, NAME, About, advice, to_fix
from clinicreport.ground.unsafe_text import clean
from clinicreport.log.chosen_headings import NAME as HEADINGS
from clinicreport.log.findings import SEVERITIES, SYMBOLS, Finding, Severity
from clinicreport.reading.seen import Place, place
from clinicreport.workbook.theme import Theme

# Hidden names that tell our sheets from those of the clinic.
MARKER = "clinicreport_to_fix"
HEADINGS_MARKER = "clinicreport_headings"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_AFTER_NAMES = (
    "calcPr",
    "oleSize",
    "customWorkbookViews",
    "pivotCaches",
    "smartTagPr",
    "smartTagTypes",
    "webPublishing",
    "fileRecoveryPr",
    "webPublishObjects",
    "AlternateContent",
    "extLst",
)
_TITLES = "_xlnm.Print_Titles"
_LONGEST = 1200  # characters of one line of a comment
_MOST_LINES = 12


@dataclass(slots=True)
class Listed:
    """One sheet as the workbook lists it."""

    name: str
    part: str
    kind: str
    element: Element


def mark(data: bytes, findings: Sequence[Finding], about: About) -> bytes:
    """The workbook with every finding on its cell and a first sheet that lists them.

    ``data``: an OOXML workbook that the reader has accepted. Raises NotEditableError where it is
    written in a way that cannot be changed in place.
    """
    archive = Archive(data)
    book = book_part(archive)
    sheets = listed_sheets(archive, book)
    lost = (*about.lost, *_strip(archive, book))
    related = {each.kind: each.part for each in archive.relations(book)}
    if "styles" not in related:
        raise NotEditableError("it has no list of styles")
    styles = StyleSheet(archive.xml(related["styles"]), Theme.load())
    boxes = Boxes(archive)
    unmarked = 0
    for sheet in sheets:
        own = [each for each in findings if each.sheet == sheet.name and place(each.cell)]
        if own and sheet.kind == "worksheet":
            unmarked += _mark_sheet(archive, sheet.part, own, styles, boxes)
        archive.put(sheet.part, deselect(archive.read(sheet.part)))
    about = replace(about, lost=lost or (_ALL_THERE,))
    content, heading = to_fix(findings, about, styles, unmarked)
    if about.headings:
        _add_headings(archive, book, headings_sheet(about.headings, styles))
    sheets = listed_sheets(archive, book)
    _add_sheet(archive, book, sheets, content, heading)
    archive.put(related["styles"], styles.result())
    archive.set_type(book, WORKBOOK)
    return archive.result()


_ALL_THERE = "Everything else in the file is as it was."


def book_part(archive: Archive) -> str:
    """Where the workbook itself stands. Raises NotEditableError for Strict Open XML."""
    relations = archive.relations("")
    book = next((each.part for each in relations if each.kind == "officeDocument"), "")
    root = tree(archive.xml(book or "xl/workbook.xml"))
    if MAIN not in root.attributes.values():
        raise NotEditableError("it is Strict Open XML")
    return book or "xl/workbook.xml"


def listed_sheets(archive: Archive, book: str) -> list[Listed]:
    """Its sheets in their order. Raises NotEditableError for macros of old and unclear lists."""
    root = tree(archive.xml(book))
    targets = {each.id: each for each in archive.relations(book)}
    listed = root.child("sheets")
    found = []
    for element in listed.children if listed else []:
        relation = targets.get(element.get("id"))
        if relation is None:
            raise NotEditableError("it lists a sheet that it does not hold")
        if relation.kind not in ("worksheet", "chartsheet", "dialogsheet"):
            raise NotEditableError("it holds sheets of macros")
        found.append(Listed(element.get("name"), relation.part, relation.kind, element))
    if len({sheet.name for sheet in found}) < len(found):
        raise NotEditableError("two of its sheets have the same name")
    return found


def _strip(archive: Archive, book: str) -> list[str]:
    """Take out macros and signatures; what was taken out, in sentences."""
    said = []
    for relation in archive.relations(book):
        if relation.kind == "vbaProject":
            for inner in archive.relations(relation.part):
                archive.drop(inner.part)
            archive.drop(relation.part)
            archive.drop_relation(book, relation.id)
            said.append("Not in this copy: the macros. Buttons that started one do nothing here.")
    for relation in archive.relations(""):
        if relation.kind == "origin":
            for name in archive.names():
                if name.startswith("_xmlsignatures/"):
                    archive.drop(name)
            archive.drop_relation("", relation.id)
            said.append("Not in this copy: the digital signature, which holds for the original.")
    return said


def _mark_sheet(
    archive: Archive, name: str, findings: Sequence[Finding], styles: StyleSheet, boxes: Boxes
) -> int:
    """Mark the cells of one sheet; how many could not get a comment."""
    by_cell: dict[Place, list[Finding]] = {}
    for finding in findings:
        where = place(finding.cell)
        if where:
            by_cell.setdefault(where, []).append(finding)
    worst: dict[Place, Severity] = {}
    for where, own in by_cell.items():
        own.sort(key=lambda finding: SEVERITIES.index(finding.severity))
        worst[where] = own[0].severity
    sheet = SheetEdits(
        archive.xml(name), by_cell, lambda at, style: styles.marked(style, worst[at])
    )
    texts = {where: _lines(own) for where, own in by_cell.items()}
    unmarked = add_comments(archive, name, sheet, texts, boxes)
    archive.put(name, sheet.part.result())
    return unmarked


def _lines(findings: Sequence[Finding]) -> list[CommentLine]:
    lines = []
    for finding in findings[:_MOST_LINES]:
        head = f"{SYMBOLS[finding.severity]} {finding.severity} "
        text = f"({finding.rule}): {advice(finding)}"
        lines.append(
            CommentLine(head, text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")
        )
    if len(findings) > _MOST_LINES:
        lines.append(CommentLine("and more: ", f"see the sheet “{NAME}”"))
    return lines


# ---------------------------------------------------------------------------------- the first sheet


def _add_sheet(
    archive: Archive, book: str, sheets: Sequence[Listed], content: bytes, heading: int
) -> None:
    """The list as the first sheet; that of an earlier marked copy is replaced where it stands."""
    part = EditedPart(archive.xml(book))
    root = tree(part.xml)
    names = root.child("definedNames")
    earlier = _earlier(names, sheets, part)
    if earlier is None:
        index = 0
        name = _free_name([sheet.name for sheet in sheets])
        where = archive.free("xl/worksheets/sheet{}.xml")
        _list_sheet(part, root, sheets, name, archive.add_relation(book, "worksheet", where))
    else:
        index, name, where = earlier, sheets[earlier].name, sheets[earlier].part
        for relation in archive.relations(where):
            archive.drop_relation(where, relation.id)
    archive.put(where, content)
    archive.set_type(where, _SHEET)
    _define(part, root, names, name, index, heading, shift=earlier is None)
    for views in root.every("bookViews"):
        for view in views.every("workbookView"):
            part.set(view, activeTab=str(index), firstSheet=None)
    archive.put(book, part.result())


def _add_headings(archive: Archive, book: str, content: bytes) -> None:
    """The sheet Headings as the last one; that of an earlier marked copy is replaced."""
    part = EditedPart(archive.xml(book))
    root = tree(part.xml)
    sheets = listed_sheets(archive, book)
    names = root.child("definedNames")
    earlier = _earlier(names, sheets, part, HEADINGS_MARKER)
    if earlier is not None:
        where = sheets[earlier].part
        for relation in archive.relations(where):
            archive.drop_relation(where, relation.id)
    else:
        name = _free_name([sheet.name for sheet in sheets], HEADINGS)
        where = archive.free("xl/worksheets/sheet{}.xml")
        relation_id = archive.add_relation(book, "worksheet", where)
        _list_sheet(part, root, sheets, name, relation_id, last=True)
        _put_names(part, root, names, _hidden_name(root.prefix, HEADINGS_MARKER, name))
    archive.put(where, content)
    archive.set_type(where, _SHEET)
    archive.put(book, part.result())


def _hidden_name(prefix: str, marker: str, sheet: str) -> str:
    quoted = escaped(f"'{sheet}'")
    return f'<{prefix}definedName name="{marker}" hidden="1">{quoted}!$A$1</{prefix}definedName>'


def _put_names(part: EditedPart, root: Element, names: Element | None, made: str) -> None:
    """Defined names beside those that are there."""
    if names is not None:
        part.append(names, made)
        return
    p = root.prefix
    later = (each.start for each in root.children if each.name in _AFTER_NAMES)
    before = next(later, root.close)
    part.replace(before, before, f"<{p}definedNames>{made}</{p}definedNames>")


def _earlier(
    names: Element | None, sheets: Sequence[Listed], part: EditedPart, marker: str = MARKER
) -> int | None:
    """The place of our sheet in a workbook that was marked before."""
    for entry in names.every("definedName") if names else ():
        if entry.get("name") == marker:
            text = unescape(part.xml[entry.inner : entry.close].decode())
            sheet = text.rpartition("!")[0].strip("'")
            places = [at for at, listed in enumerate(sheets) if listed.name == sheet]
            return places[0] if places else None
    return None


def _free_name(taken: Sequence[str], wanted: str = NAME) -> str:
    known = {clean(name).casefold() for name in taken}
    name, number = wanted, 1
    while name.casefold() in known:
        number += 1
        name = f"{wanted} ({number})"
    return name


def _list_sheet(
    part: EditedPart,
    root: Element,
    sheets: Sequence[Listed],
    name: str,
    relation: str,
    *,
    last: bool = False,
) -> None:
    listed = root.child("sheets")
    assert listed is not None
    ids = [int(sheet.element.get("sheetId", "0")) for sheet in sheets]
    tag = (
        f'<{root.prefix}sheet xmlns:r="{OFFICE}" name="{escaped(name)}" '
        f'sheetId="{max(ids, default=0) + 1}" r:id="{relation}"/>'
    )
    place = listed.close if last else listed.inner
    part.replace(place, place, tag)


def _define(
    part: EditedPart,
    root: Element,
    names: Element | None,
    name: str,
    index: int,
    heading: int,
    *,
    shift: bool,
) -> None:
    """Our two names: the marker, and the heading row to print on every page."""
    p = root.prefix
    quoted = escaped(f"'{name}'")
    made = "".join(
        f'<{p}definedName name="{defined}" {more}="{value}">{quoted}!{area}</{p}definedName>'
        for defined, more, value, area in (
            (_TITLES, "localSheetId", index, f"${heading}:${heading}"),
            (MARKER, "hidden", 1, "$A$1"),
        )
    )
    if names is None:
        _put_names(part, root, names, made)
        return
    for entry in names.every("definedName"):
        own = entry.get("localSheetId")
        ours = not shift and entry.get("name") == _TITLES and own == str(index)
        if entry.get("name") == MARKER or ours:
            part.remove(entry)
        elif shift and own.isdecimal():
            part.set(entry, localSheetId=str(int(own) + 1))
    part.append(names, made)
