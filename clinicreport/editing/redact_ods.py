"""Rows of an OpenDocument spreadsheet emptied in its content."""

from __future__ import annotations

import re

from clinicreport.editing.emptied_rows import Rows
from clinicreport.editing.package import Archive
from clinicreport.editing.splice import (
    EditedPart,
    NotEditableError,
    local,
    parser,
    run,
    tag_at,
    tree,
    with_attributes,
)

_CONTENT, _MANIFEST, _PREVIEW = "content.xml", "META-INF/manifest.xml", "Thumbnails/thumbnail.png"
_VALUE = frozenset(
    {
        "value-type",
        "value",
        "date-value",
        "time-value",
        "boolean-value",
        "string-value",
        "currency",
        "formula",
        "number-matrix-columns-spanned",
        "number-matrix-rows-spanned",
    }
)
_ASIDE = frozenset({"annotation", "shapes", "frame", "tracked-changes"})  # as the reader has it
_CELLS = ("table-cell", "covered-table-cell")
_CORNER = re.compile(r"(?:\$?(?:'((?:[^']|'')+)'|([^\s.':$]+)))?\.?\$?[A-Z]+\$?(\d+)")


def redact_ods(data: bytes, rows: Rows) -> bytes:
    """The spreadsheet with these rows emptied. Raises NotEditableError."""
    archive = Archive(data)
    for name in archive.names():
        if name.endswith("/content.xml"):
            _check_object(archive.xml(name), rows)
    archive.put(_CONTENT, _Emptied(archive.xml(_CONTENT), rows).part.result())
    if _PREVIEW in archive:  # the small picture of the first sheet
        archive.leave_out(_PREVIEW)
        manifest = EditedPart(archive.xml(_MANIFEST))
        for entry in tree(manifest.xml).every("file-entry"):
            if entry.get("full-path") == _PREVIEW:
                manifest.remove(entry)
        archive.put(_MANIFEST, manifest.result())
    return archive.result()


def _check_object(xml: bytes, rows: Rows) -> None:
    """Raises NotEditableError for a chart that keeps values of the rows."""
    made = parser()

    def start(_: str, attributes: dict[str, str]) -> None:
        for key, value in attributes.items():
            if local(key).endswith(("cell-range-address", "cell-address")) and value:
                _check_range(value, rows)

    made.StartElementHandler = start
    run(made, xml)


def _check_range(address: str, rows: Rows) -> None:
    sheet, numbers = "", []
    for found in _CORNER.finditer(address):
        sheet = sheet or (found[1] or found[2] or "").replace("''", "'")
        numbers.append(int(found[3]))
    if not numbers or not rows.get(sheet, frozenset()).isdisjoint(
        range(min(numbers), max(numbers) + 1)
    ):
        raise NotEditableError("a chart keeps values of the rows too: save it once they are gone")


class _Emptied:
    """The content with the cells of some rows emptied; they keep their style and number."""

    def __init__(self, xml: bytes, rows: Rows) -> None:
        self.part = EditedPart(xml)
        self._all = rows
        self._rows: frozenset[int] | None = None  # of the table that is being looked at
        self._last = 0  # its last row so far
        self._emptying = False
        self._depth = self._aside = self._cell = self._removed_at = 0
        self._from = 0
        self._table = ""
        made = self._parser = parser()
        made.StartElementHandler, made.EndElementHandler = self._start, self._end
        run(made, xml)

    def _start(self, qname: str, given: dict[str, str]) -> None:
        self._depth += 1
        name = local(qname)
        if name == "tracked-changes" and self._rows is None:
            self._check_history()
        within = self._emptying and self._cell and self._depth == self._cell + 1
        if within and name in ("p", "annotation"):
            self._removed_at, self._from = self._depth, self._parser.CurrentByteIndex
        if self._aside or name in _ASIDE:
            self._aside += 1
        elif name == "table" and self._rows is None:
            self._table = given.get("table:name", "")
            self._rows, self._last = self._all.get(self._table, frozenset()), 0
        elif name == "table-row" and self._rows is not None:
            self._start_row(self._rows, given)
        elif name in _CELLS and self._emptying:
            self._start_cell(given)

    def _check_history(self) -> None:
        at = self._parser.CurrentByteIndex
        if not tag_at(self.part.xml, at).endswith(b"/>"):
            raise NotEditableError("it records changes: accept them and stop recording first")

    def _start_row(self, rows: frozenset[int], given: dict[str, str]) -> None:
        first, self._last = self._last + 1, self._last + _number(given, "number-rows-repeated")
        hit = len(rows & set(range(first, min(self._last, max(rows, default=0)) + 1)))
        if 0 < hit < self._last - first + 1:
            raise NotEditableError(
                f"in the sheet “{self._table}” rows {first} to {self._last} are written as one"
            )
        self._emptying = hit > 0

    def _start_cell(self, given: dict[str, str]) -> None:
        self._cell = self._depth
        high = _number(given, "number-matrix-rows-spanned")
        if (
            high > 1
            and self._rows is not None
            and not self._rows.issuperset(range(self._last, self._last + high))
        ):
            raise NotEditableError(
                f"in the sheet “{self._table}” a formula in row {self._last} fills rows of others"
            )
        at = self._parser.CurrentByteIndex
        tag = tag_at(self.part.xml, at)
        plain = with_attributes(tag, {key: None for key in given if local(key) in _VALUE})
        if plain != tag:
            self.part.replace(at, at + len(tag), plain)

    def _end(self, qname: str) -> None:
        name = local(qname)
        if self._removed_at == self._depth:
            at = self._parser.CurrentByteIndex
            self.part.replace(self._from, at + len(tag_at(self.part.xml, at)), b"")
            self._removed_at = 0
        if self._aside:
            self._aside -= 1
        elif self._cell == self._depth:
            self._cell = 0
        elif name == "table-row":
            self._emptying = False
        elif name == "table":
            self._rows = None
        self._depth -= 1


def _number(given: dict[str, str], name: str) -> int:
    text = next((value for key, value in given.items() if local(key) == name), "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 10 else 1
