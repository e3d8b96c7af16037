"""What hangs on the cells of emptied rows: comments, threads of them, their boxes, and links."""

from __future__ import annotations

from clinicreport.editing.comments import without_boxes
from clinicreport.editing.emptied_rows import Links
from clinicreport.editing.package import Archive
from clinicreport.editing.splice import EditedPart, NotEditableError, as_utf8, tree
from clinicreport.reading.seen import area, place

_KINDS = ("comments", "threadedComment", "vmlDrawing")


def take_remarks(archive: Archive, sheet: str, rows: frozenset[int]) -> None:
    """Take comments and their boxes off the rows of a sheet (``sheet``: its part)."""
    for relation in archive.relations(sheet):
        if relation.kind not in _KINDS or relation.part not in archive:
            continue
        before = archive.read(relation.part)
        if relation.kind == "vmlDrawing":
            after = without_boxes(before, lambda where: where[0] in rows)
        else:
            after = _without_comments(as_utf8(before), rows)
        if after != before:
            archive.put(relation.part, after)


def _without_comments(xml: bytes, rows: frozenset[int]) -> bytes:
    """The part with comments, or that with threads of them, without those on the rows."""
    part = EditedPart(xml)
    root = tree(xml)
    for holder in (root, *root.every("commentList")):
        for comment in holder.children:
            where = place(comment.get("ref"))
            if where and where[0] in rows:
                part.remove(comment)
    return part.result()


def take_links(archive: Archive, sheet: str, links: Links, rows: frozenset[int]) -> None:
    """Take out where the links of emptied cells led to, unless another cell leads there too."""
    gone: set[str] = set()
    kept: set[str] = set()
    for link in links.each:
        spans = area(link.get("ref"))
        target = link.get("id")
        (gone if spans and spans[0] in rows else kept).add(target)
    for target in gone - kept - {""}:
        archive.drop_relation(sheet, target)


def check_tables(archive: Archive, sheet: str, rows: frozenset[int]) -> None:
    """Raises NotEditableError where a row is the heading of a table: it cannot be empty."""
    for relation in archive.relations(sheet):
        if relation.kind == "table" and relation.part in archive:
            root = tree(archive.xml(relation.part))
            spans = area(root.get("ref"))
            if spans and root.get("headerRowCount", "1") != "0" and spans[0] in rows:
                raise NotEditableError(f"row {spans[0]} is the heading of a table")
