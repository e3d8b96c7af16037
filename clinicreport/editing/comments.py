"""Comments on cells: the part that holds their text, and the old drawing that holds their boxes.

A comment that stands there already keeps its text, and ours follows below. Comments of an earlier
marked copy, known by their author, are replaced.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from clinicreport.editing.package import OFFICE, Archive, Relation
from clinicreport.editing.sheet_cells import SheetEdits
from clinicreport.editing.splice import (
    EditedPart,
    Element,
    NotEditableError,
    as_utf8,
    escaped,
    tree,
)
from clinicreport.reading.seen import Place, place
from clinicreport.reading.spreadsheet import column_letters

AUTHOR = "clinicreport"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_NO_COMMENTS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<comments xmlns="{_MAIN}"><authors></authors><commentList></commentList></comments>'
)
_NAMESPACES = (
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_NO_BOXES = (
    f'<xml{_NAMESPACES}><o:shapelayout v:ext="edit">'
    '<o:idmap v:ext="edit" data=""/></o:shapelayout></xml>'
)
_SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,'
    'l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/>'
    "</v:shapetype>"
)
# Some programs name the prefixes ns0, ns1 …
_ID_MAP = re.compile(rb"""(<\w+:idmap\s[^<>]*?\bdata=["'])([\d,]*)(["'])""")
_SHAPE = re.compile(rb"<(\w+):shape\s.*?</\1:shape>", re.DOTALL)
_BLOCK = 1024  # shape ids are given out in blocks of so many
_BOX_PIXELS = 320.0  # width of a comment's box
_LINE_LETTERS = 52  # that fit in its width
_ROW_PIXELS = 20


@dataclass(frozen=True, slots=True)
class CommentLine:
    """One line of a comment: its beginning is printed bold."""

    head: str
    text: str


Texts = Mapping[Place, Sequence[CommentLine]]


class Boxes:
    """Numbers for the shapes of new comment boxes, unlike any that the package holds."""

    def __init__(self, archive: Archive) -> None:
        used = {0}
        for name in archive.names():
            if name.endswith(".vml"):
                for found in _ID_MAP.finditer(archive.read(name)):
                    used |= {int(block) for block in found[2].split(b",") if block}
        self._next = max(used) + 1

    def take(self, count: int) -> list[int]:
        """Blocks for so many shapes."""
        blocks = list(range(self._next, self._next + 1 + count // (_BLOCK - 1)))
        self._next = blocks[-1] + 1
        return blocks


def add_comments(archive: Archive, name: str, sheet: SheetEdits, texts: Texts, boxes: Boxes) -> int:
    """Put comments on the cells of a sheet; how many cells were left out.

    Left out are cells with a thread of comments: programs show the thread instead.
    """
    related = archive.relations(name)
    threads = _threads(archive, related)
    wanted = {cell: lines for cell, lines in texts.items() if cell not in threads}
    part_name = next((each.part for each in related if each.kind == "comments"), "")
    xml = as_utf8(archive.read(part_name)) if part_name in archive else _NO_COMMENTS.encode()
    new, stale, xml = _with_comments(xml, wanted, threads)
    if new or stale or part_name:
        if not part_name:
            part_name = archive.free("xl/comments{}.xml")
            archive.add_relation(name, "comments", part_name)
            archive.set_type(part_name, _COMMENTS_TYPE)
        archive.put(part_name, xml)
        _draw(archive, name, sheet, {cell: wanted[cell] for cell in new}, stale, boxes)
    return len(texts) - len(wanted)


def _threads(archive: Archive, related: Sequence[Relation]) -> set[Place]:
    """Cells with a thread of comments."""
    found: set[Place] = set()
    for relation in related:
        if relation.kind == "threadedComment" and relation.part in archive:
            root = tree(as_utf8(archive.read(relation.part)))
            places = (place(each.get("ref")) for each in root.every("threadedComment"))
            found |= {where for where in places if where}
    return found


# ---------------------------------------------------------------------------------- the texts


def _with_comments(
    xml: bytes, wanted: Texts, threads: set[Place]
) -> tuple[list[Place], set[Place], bytes]:
    """Cells whose comment is new, cells whose earlier one of ours is gone, and the part."""
    part = EditedPart(xml)
    root = tree(xml)
    authors, listed = root.child("authors"), root.child("commentList")
    if authors is None or listed is None:
        return _with_comments(_NO_COMMENTS.encode(), wanted, threads)
    names = [_text(xml, each).strip() for each in authors.every("author")]
    ours = names.index(AUTHOR) if AUTHOR in names else len(names)
    stale: set[Place] = set()
    there: set[Place] = set()
    for comment in listed.every("comment"):
        where = place(comment.get("ref"))
        if where is None or where in threads:
            continue
        if comment.get("authorId") == str(ours):
            part.remove(comment)
            stale.add(where)
        elif where in wanted:
            there.add(where)
            _append_text(part, comment, wanted[where])
    new = [where for where in sorted(wanted) if where not in there]
    prefix = root.prefix
    made = "".join(_comment(prefix, where, ours, wanted[where]) for where in new)
    if ours == len(names):
        part.append(authors, f"<{prefix}author>{AUTHOR}</{prefix}author>")
    part.append(listed, made)
    return new, stale, part.result()


def _text(xml: bytes, element: Element) -> str:
    return xml[element.inner : element.close].decode("utf-8", "replace")


def _comment(prefix: str, where: Place, author: int, lines: Sequence[CommentLine]) -> str:
    cell = f"{column_letters(where[1])}{where[0]}"
    return (
        f'<{prefix}comment ref="{cell}" authorId="{author}"><{prefix}text>'
        f"{_runs(prefix, lines)}</{prefix}text></{prefix}comment>"
    )


def _append_text(part: EditedPart, comment: Element, lines: Sequence[CommentLine]) -> None:
    """Our lines below a text that stands there."""
    text = comment.child("text")
    if text is None:
        return
    prefix = text.prefix
    runs = _runs(prefix, lines, before="\n")
    content = [each for each in text.children if each.name in ("t", "r")]
    for each in content:
        if each.name == "t":  # plain text becomes a run, so that others may follow
            part.replace(each.start, each.start, f"<{prefix}r>")
            part.replace(each.end, each.end, f"</{prefix}r>")
    if content:
        part.replace(content[-1].end, content[-1].end, runs)
    else:
        part.append(text, runs)


def _runs(prefix: str, lines: Sequence[CommentLine], before: str = "") -> str:
    """Lines as runs of rich text, the head of each in bold."""
    runs = []
    for line in lines:
        for bold, text in ((f"<{prefix}b/>", before + line.head), ("", line.text)):
            runs.append(
                f'<{prefix}r><{prefix}rPr>{bold}<{prefix}sz val="9"/><{prefix}rFont val="Tahoma"/>'
                f'<{prefix}family val="2"/></{prefix}rPr>'
                f'<{prefix}t xml:space="preserve">{escaped(text)}</{prefix}t></{prefix}r>'
            )
        before = "\n"
    return "".join(runs)


# ---------------------------------------------------------------------------------- the boxes


def without_boxes(drawing: bytes, gone: Callable[[Place], bool]) -> bytes:
    """The old drawing without the boxes of some cells' comments."""

    def kept(shape: re.Match[bytes]) -> bytes:
        where = _cell_of(shape[0])
        return b"" if where and gone(where) else shape[0]

    return _SHAPE.sub(kept, drawing)


def _draw(
    archive: Archive, name: str, sheet: SheetEdits, new: Texts, stale: set[Place], boxes: Boxes
) -> None:
    """Boxes for new comments in the sheet's old drawing; those of stale comments are taken out."""
    found = (each.part for each in archive.relations(name) if each.id == sheet.legacy)
    drawing = next(found, "") if sheet.legacy else ""
    if sheet.legacy and (drawing not in archive or b"</xml>" not in archive.read(drawing)):
        raise NotEditableError("the drawing that holds its comments is damaged")
    xml = archive.read(drawing) if drawing else _NO_BOXES.encode()
    if stale:
        xml = without_boxes(xml, stale.__contains__)
    if not drawing:
        drawing = archive.free("xl/drawings/vmlDrawing{}.vml")
        sheet.add_legacy(archive.add_relation(name, "vmlDrawing", drawing), OFFICE)
        archive.set_type(drawing, _VML_TYPE)
    blocks = boxes.take(len(new))
    xml = _ID_MAP.sub(lambda found: found[1] + _and(found[2], blocks) + found[3], xml, count=1)
    numbers = (
        number for block in blocks for number in range(block * _BLOCK + 1, (block + 1) * _BLOCK)
    )
    shapes = "".join(
        _box(next(numbers), where, lines, sheet, order)
        for order, (where, lines) in enumerate(new.items(), 1)
    )
    made = ("" if b'"_x0000_t202"' in xml else _SHAPE_TYPE) + shapes
    end = xml.rfind(b"</xml>")
    if b"xmlns:v=" not in xml:
        made = re.sub(r"<v:shape(?:type)?\b", rf"\g<0>{_NAMESPACES}", made)
    archive.put(drawing, xml[:end] + made.encode() + xml[end:])


def _and(known: bytes, blocks: list[int]) -> bytes:
    return b",".join([*filter(None, [known]), *(str(block).encode() for block in blocks)])


def _cell_of(shape: bytes) -> Place | None:
    """The cell that a comment's box belongs to."""
    row = re.search(rb"<\w+:Row>\s*(\d+)\s*</", shape)
    column = re.search(rb"<\w+:Column>\s*(\d+)\s*</", shape)
    return (int(row[1]) + 1, int(column[1]) + 1) if row and column else None


def _box(
    number: int, where: Place, lines: Sequence[CommentLine], sheet: SheetEdits, order: int
) -> str:
    """One hidden box, beside its cell and large enough for its text."""
    row, column = where
    high = sum(1 + len(line.head + line.text) // _LINE_LETTERS for line in lines) + 1
    rows = max(3, -(-high * 13 // _ROW_PIXELS))
    right, pixels = column + 1, 0.0
    while pixels < _BOX_PIXELS and right < column + 12:
        pixels += sheet.width(right) * 7 + 5
        right += 1
    top = max(0, row - 2)
    anchor = f"{column}, 12, {top}, 4, {right - 1}, 12, {top + rows}, 8"
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;'
        f'width:240pt;height:{rows * 15}pt;z-index:{order};visibility:hidden" fillcolor="#ffffe1" '
        'o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" '
        'obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">'
        '<div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note">'
        f"<x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>"
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row - 1}</x:Row>"
        f"<x:Column>{column - 1}</x:Column></x:ClientData></v:shape>"
    )
