"""An OOXML package in memory: its parts, how they refer to each other, and what is changed."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass, replace
from urllib.parse import unquote

from clinicreport.editing.splice import (
    EditedPart,
    Element,
    NotEditableError,
    as_utf8,
    escaped,
    tree,
)
from clinicreport.reading.guard import HONEST_RATIO, SMALL_PART

TYPES = "[Content_Types].xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_NEW = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{RELATIONS}"/>'
)
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to."""

    id: str
    kind: str  # the last word of its type
    part: str  # its place in the archive; empty for what lies outside


class Archive:
    """The parts of a package by name. Names are compared without case, as Excel does."""

    def __init__(self, data: bytes) -> None:
        """``data``: an archive that has passed the reader's guard."""
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        self._names = {_plain(entry.filename): entry.filename for entry in self._entries}
        self._changed: dict[str, bytes | None] = {}  # None: left out

    def __contains__(self, name: str) -> bool:
        plain = _plain(name)
        return self._changed.get(plain, b"") is not None and (
            plain in self._names or plain in self._changed
        )

    def names(self) -> list[str]:
        """The names of all parts, in lower case."""
        return [name for name in {**self._names, **self._changed} if name in self]

    def read(self, name: str) -> bytes:
        """A part as it is now; empty where there is none."""
        plain = _plain(name)
        if plain in self._changed:
            return self._changed[plain] or b""
        return self._zip.read(self._names[plain]) if plain in self._names else b""

    def xml(self, name: str) -> bytes:
        """An XML part in UTF-8. Raises NotEditableError where there is none."""
        content = self.read(name)
        if not content:
            raise NotEditableError(f"it has no {name}")
        return as_utf8(content)

    def put(self, name: str, content: bytes) -> None:
        """Change a part, or add one."""
        self._names.setdefault(_plain(name), name)
        self._changed[_plain(name)] = content

    def free(self, pattern: str) -> str:
        """The first name like ``xl/comments{}.xml`` that is not taken."""
        number = 1
        while _plain(pattern.format(number)) in self._names:
            number += 1
        return pattern.format(number)

    def leave_out(self, name: str) -> None:
        """Leave out a part, whoever refers to it."""
        self._changed[_plain(name)] = None

    def drop(self, name: str) -> None:
        """Leave out a part, its own relations and its content type."""
        self.leave_out(name)
        self.leave_out(_relations_of(name))
        part = EditedPart(self.xml(TYPES))
        for entry in tree(part.xml).every("Override"):
            if _plain(entry.get("PartName")) == _plain(name):
                part.remove(entry)
        self.put(TYPES, part.result())

    # ------------------------------------------------------------------ relations

    def relations(self, source: str) -> list[Relation]:
        """What a part refers to (``""`` is the package itself)."""
        content = self.read(_relations_of(source))
        root = tree(as_utf8(content)) if content else None
        found = [_relation(source, entry) for entry in root.every("Relationship")] if root else []
        return [
            each if each.part in self else replace(each, part=unquote(each.part)) for each in found
        ]

    def add_relation(self, source: str, kind: str, target: str) -> str:
        """Refer from one part to another; the new relation's id."""
        name = _relations_of(source)
        xml = as_utf8(self.read(name) or _NEW.encode())
        root = tree(xml)
        taken = {entry.get("Id") for entry in root.every("Relationship")}
        number = 1
        while f"rId{number}" in taken:
            number += 1
        where = posixpath.relpath(target, posixpath.dirname(source) or ".")
        part = EditedPart(xml)
        part.append(
            root,
            f'<{root.prefix}Relationship Id="rId{number}" Type="{OFFICE}/{kind}" '
            f'Target="{escaped(where)}"/>',
        )
        self.put(name, part.result())
        return f"rId{number}"

    def drop_relation(self, source: str, id_: str) -> None:
        """Take out one relation."""
        name = _relations_of(source)
        part = EditedPart(as_utf8(self.read(name)))
        for entry in tree(part.xml).every("Relationship"):
            if entry.get("Id") == id_:
                part.remove(entry)
        self.put(name, part.result())

    # ------------------------------------------------------------------ content types

    def set_type(self, name: str, type_: str) -> None:
        """Say what a part is."""
        part = EditedPart(self.xml(TYPES))
        root = tree(part.xml)
        for entry in root.every("Override"):
            if _plain(entry.get("PartName")) == _plain(name):
                part.set(entry, ContentType=type_)
                break
        else:
            place = escaped(f"/{name}")
            part.append(root, f'<{root.prefix}Override PartName="{place}" ContentType="{type_}"/>')
        self.put(TYPES, part.result())

    def result(self) -> bytes:
        """The package with everything changed; parts keep their order, new ones follow."""
        buffer = io.BytesIO()
        known = {_plain(entry.filename): entry for entry in self._entries}
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
            for plain, name in self._names.items():
                if plain not in self:
                    continue
                made_at = known[plain].date_time if plain in known else _LONG_AGO
                entry = zipfile.ZipInfo(name, made_at)
                entry.external_attr = 0o600 << 16
                content = self.read(name)
                entry.compress_type = _packing(content, known.get(plain))
                made.writestr(entry, content)
        return buffer.getvalue()


def _packing(content: bytes, before: zipfile.ZipInfo | None) -> int:
    """How a part is packed. What was stored stays so: an ODF's first part must be.

    Stored is also what packs so well that a guard against zip bombs would take it for one.
    Thousands of comments with the same words do.
    """
    if before and before.compress_type == zipfile.ZIP_STORED:
        return zipfile.ZIP_STORED
    if len(content) < SMALL_PART:
        return zipfile.ZIP_DEFLATED
    if before and before.file_size < HONEST_RATIO * before.compress_size:
        return zipfile.ZIP_DEFLATED
    dense = len(content) > HONEST_RATIO * len(zlib.compress(content))
    return zipfile.ZIP_STORED if dense else zipfile.ZIP_DEFLATED


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _relation(source: str, entry: Element) -> Relation:
    target = entry.get("Target").replace("\\", "/")
    folder = posixpath.dirname(source)
    full = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
    outside = entry.get("TargetMode") == "External"
    kind = entry.get("Type").rpartition("/")[2]
    return Relation(entry.get("Id"), kind, "" if outside else full)
