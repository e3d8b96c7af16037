"""XML changed in place: elements with their byte offsets, and edits that leave every other byte.

A parser finds where things stand, the bytes are cut and joined there. So a namespace prefix, an
attribute order or an extension that nobody here knows of survives as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from clinicreport.reading import xmlparts

_TAG = re.compile(rb"<[^<>\"']*(?:\"[^\"]*\"[^<>\"']*|'[^']*'[^<>\"']*)*>")
_NAME = re.compile(rb"<[^\s/>]+")


class NotEditableError(Exception):
    """A workbook that is not changed in place; the message is the reason, part of a sentence."""


def local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2]


def escaped(text: str) -> str:
    """Text as XML holds it, in an element or between double quotes."""
    for char, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(char, entity)
    return text


def as_utf8(xml: bytes) -> bytes:
    """The part in UTF-8, whatever it was written in. Raises NotEditableError."""
    try:
        return xmlparts.as_utf8(xml)
    except (LookupError, UnicodeError):
        raise NotEditableError("it is written in an unusual encoding") from None


def parser() -> expat.XMLParserType:
    """An XML parser that refuses document types."""
    made = expat.ParserCreate()

    def forbid(*_: object) -> None:
        raise NotEditableError("it declares XML entities of its own")

    made.StartDoctypeDeclHandler = forbid
    return made


def run(made: expat.XMLParserType, xml: bytes, *, last: bool = True) -> None:
    """Parse a whole part, or its next stretch. Raises NotEditableError where it is not well
    formed."""
    try:
        made.Parse(xml, last)
    except expat.ExpatError:
        raise NotEditableError("its XML is not well formed") from None


def tag_at(xml: bytes, start: int) -> bytes:
    """The start tag that begins at an offset."""
    found = _TAG.match(xml, start)
    if not found:
        raise NotEditableError("its XML is written in an unusual way")
    return found[0]


def with_attributes(tag: bytes, values: Mapping[str, str | None]) -> bytes:
    """A start tag with attributes set, or left out where the value is None."""
    for name, value in values.items():
        tag = re.sub(rb"\s" + name.encode() + rb"\s*=\s*(?:\"[^\"]*\"|'[^']*')", b"", tag)
        if value is not None:
            found = _NAME.match(tag)
            assert found is not None
            at = found.end()
            tag = tag[:at] + f' {name}="{escaped(value)}"'.encode() + tag[at:]
    return tag


@dataclass(slots=True)
class Element:
    """One element: where it stands, and what is in it."""

    qname: str
    attributes: dict[str, str]
    start: int
    inner: int  # behind the start tag
    close: int = 0  # where the end tag begins
    end: int = 0
    children: list[Element] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name without its prefix."""
        return local(self.qname)

    @property
    def prefix(self) -> str:
        """The prefix with its colon; empty where there is none."""
        return self.qname[: len(self.qname) - len(self.name)]

    def get(self, name: str, default: str = "") -> str:
        """An attribute by its name without prefix."""
        return next((v for k, v in self.attributes.items() if local(k) == name), default)

    def child(self, *names: str) -> Element | None:
        """The first child with one of these names."""
        return next((each for each in self.children if each.name in names), None)

    def every(self, name: str) -> Iterator[Element]:
        """All children of that name."""
        return (each for each in self.children if each.name == name)


@dataclass(slots=True)
class EditedPart:
    """An XML part and the edits made to it."""

    xml: bytes
    _edits: list[tuple[int, int, bytes]] = field(default_factory=list)

    def replace(self, start: int, end: int, new: str | bytes) -> None:
        """Put something else in the place of these bytes (nothing at ``start`` is an insertion)."""
        self._edits.append((start, end, new if isinstance(new, bytes) else new.encode()))

    def remove(self, element: Element) -> None:
        """Take out an element."""
        self.replace(element.start, element.end, b"")

    def set(self, element: Element, **values: str | None) -> None:
        """Set attributes of an element, once for each element."""
        tag = self.xml[element.start : element.inner]
        self.replace(element.start, element.inner, with_attributes(tag, values))

    def append(self, element: Element, new: str, **values: str | None) -> None:
        """Add something as the last content of an element, with attributes set."""
        tag = with_attributes(self.xml[element.start : element.inner], values)
        if tag.endswith(b"/>"):
            closed = f">{new}</{element.qname}>".encode()
            self.replace(element.start, element.inner, tag[:-2] + closed)
        else:
            self.replace(element.start, element.inner, tag)
            self.replace(element.close, element.close, new)

    def result(self) -> bytes:
        """The part with all edits, in the order of their places."""
        pieces: list[bytes] = []
        done = 0
        for start, end, new in sorted(self._edits, key=lambda edit: edit[0]):
            pieces += (self.xml[done:start], new)
            done = max(done, end)
        return b"".join((*pieces, self.xml[done:]))


def tree(xml: bytes) -> Element:
    """The root element of a part, with everything in it. Raises NotEditableError."""
    made = parser()
    top = Element("", {}, 0, 0)
    open_: list[Element] = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        at = made.CurrentByteIndex
        element = Element(name, attributes, at, at + len(tag_at(xml, at)))
        open_[-1].children.append(element)
        open_.append(element)

    def end(_: str) -> None:
        element = open_.pop()
        at = made.CurrentByteIndex
        element.close = at
        tag = xml[element.start : element.inner]
        element.end = element.inner if tag.endswith(b"/>") else at + len(tag_at(xml, at))
        if tag.endswith(b"/>"):
            element.close = element.inner

    made.StartElementHandler, made.EndElementHandler = start, end
    run(made, xml)
    return top.children[0]
