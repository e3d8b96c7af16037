"""A log with some rows emptied in its own format; everything else stays byte for byte.

``redact`` changes the bytes, :func:`clinicreport.editing.proof.prove` reads the result back and
compares it. Nothing is to be kept that was not proved.
"""

from __future__ import annotations

import re

from clinicreport.editing.chart_caches import without_points
from clinicreport.editing.emptied_rows import EmptiedSheet, Rows
from clinicreport.editing.marked_workbook import book_part, listed_sheets
from clinicreport.editing.package import Archive
from clinicreport.editing.remarks import check_tables, take_links, take_remarks
from clinicreport.editing.splice import (
    EditedPart,
    NotEditableError,
    as_utf8,
    parser,
    run,
    tag_at,
    tree,
)
from clinicreport.reading.seen import area

KINDS = ("xlsx", "xlsm", "ods", "csv")  # that can be changed in place
_DATA_MODEL = "xl/model/"
_HISTORY = "xl/revisions/"
_PREVIEW = re.compile(r"docprops/thumbnail\.\w+")


def redact(data: bytes, kind: str, rows: Rows) -> bytes:
    """The file with these rows emptied, in the same format (``kind``: one of ``KINDS``).

    Raises NotEditableError, whose words are part of a sentence, where that cannot be done surely.
    """
    wanted = {name: numbers for name, numbers in rows.items() if numbers}
    if kind == "csv":
        from clinicreport.editing.redact_text import redact_text

        return redact_text(data, wanted[""])
    if kind == "ods":
        from clinicreport.editing.redact_ods import redact_ods

        return redact_ods(data, wanted)
    if kind not in KINDS:
        raise NotEditableError(f"a file of the kind {kind} cannot be changed in place")
    return _redact_workbook(data, wanted)


def _redact_workbook(data: bytes, rows: Rows) -> bytes:
    archive = Archive(data)
    book = book_part(archive)
    _check_copies(archive, rows)
    gone: set[int] = set()
    kept: set[int] = set()
    formulas = False
    for sheet in listed_sheets(archive, book):
        if sheet.kind != "worksheet":
            continue
        mine = rows.get(sheet.name, frozenset())
        try:
            emptied = EmptiedSheet(archive.xml(sheet.part), mine)
            if mine:
                check_tables(archive, sheet.part, mine)
        except NotEditableError as error:
            raise NotEditableError(f"in the sheet “{sheet.name}” {error}") from None
        gone |= emptied.gone
        kept |= emptied.kept
        formulas |= emptied.formulas
        if mine:
            archive.put(sheet.part, emptied.part.result())
            take_remarks(archive, sheet.part, mine)
            take_links(archive, sheet.part, emptied.links, mine)
    _blank_strings(archive, book, frozenset(gone - kept))
    if formulas:
        _drop_chain(archive, book)
    _clean_charts(archive, rows)
    _drop_preview(archive)
    return archive.result()


def _check_copies(archive: Archive, rows: Rows) -> None:
    """Raises NotEditableError where the package keeps the rows a second time."""
    for name in archive.names():
        if name.startswith(_DATA_MODEL):
            raise NotEditableError("it holds a data model (Power Pivot) that keeps the rows too")
        if name.startswith(_HISTORY):
            raise NotEditableError("it keeps a history of changes: stop sharing it first")
        if "pivotcachedefinition" in name and name.endswith(".xml"):
            _check_pivot(archive.xml(name), rows)


def _check_pivot(xml: bytes, rows: Rows) -> None:
    """A pivot table keeps the rows it counted."""
    tables = {name.casefold(): numbers for name, numbers in rows.items()}
    for source in tree(xml).every("cacheSource"):
        for range_ in source.every("worksheetSource"):
            spans = area(range_.get("ref").replace("$", ""))
            if range_.get("id"):
                continue  # another workbook
            mine = tables.get(range_.get("sheet").casefold(), frozenset())
            if spans and range_.get("sheet") and mine.isdisjoint(range(spans[0], spans[2] + 1)):
                continue
            raise NotEditableError(
                "a pivot table keeps the rows too: refresh it after you have deleted them"
            )


def _blank_strings(archive: Archive, book: str, numbers: frozenset[int]) -> None:
    """Blank entries of the list of texts; every other keeps its number."""
    part = next((e.part for e in archive.relations(book) if e.kind == "sharedStrings"), "")
    if numbers and part in archive:
        archive.put(part, _with_blanks(archive.xml(part), numbers))


def _with_blanks(xml: bytes, numbers: frozenset[int]) -> bytes:
    part = EditedPart(xml)
    made = parser()
    state = {"depth": 0, "number": -1, "start": 0}

    def start(_: str, __: dict[str, str]) -> None:
        state["depth"] += 1
        if state["depth"] == 2:
            state["number"] += 1
            state["start"] = made.CurrentByteIndex

    def end(name: str) -> None:
        state["depth"] -= 1
        at = made.CurrentByteIndex
        if state["depth"] == 1 and state["number"] in numbers and at > state["start"]:
            prefix = name.removesuffix("si")
            blank = f"<{name}><{prefix}t/></{name}>"
            part.replace(state["start"], at + len(tag_at(xml, at)), blank)

    made.StartElementHandler, made.EndElementHandler = start, end
    run(made, xml)
    return part.result()


def _drop_chain(archive: Archive, book: str) -> None:
    """Leave out the order of calculation: it names emptied cells, and Excel makes it anew."""
    for relation in archive.relations(book):
        if relation.kind == "calcChain":
            archive.drop(relation.part)
            archive.drop_relation(book, relation.id)


def _clean_charts(archive: Archive, rows: Rows) -> None:
    for name in archive.names():
        if name.endswith(".xml") and b"chartSpace" in (content := archive.read(name)):
            cleaned = without_points(as_utf8(content), rows)
            if cleaned != content:
                archive.put(name, cleaned)


def _drop_preview(archive: Archive) -> None:
    """Leave out the small picture of the first sheet."""
    for relation in archive.relations(""):
        if _PREVIEW.fullmatch(relation.part.lower()):
            archive.drop(relation.part)
            archive.drop_relation("", relation.id)
