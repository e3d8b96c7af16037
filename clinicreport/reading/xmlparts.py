"""Small XML parts read with a parser that knows no entities: one function a shape."""

from __future__ import annotations

import re
from xml.parsers import expat

from clinicreport.reading import RefusedError

Attributes = dict[str, str]


_DECLARED = re.compile(r"""^(<\?xml[^>]*?encoding\s*=\s*)(["'])([^"']+)\2""")
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}


def as_utf8(xml: bytes) -> bytes:
    """A part in UTF-8, whatever it is written in; the same object where it is already.

    Raises UnicodeError or LookupError.
    """
    codec = _WIDE.get(xml[:2], "")
    if not codec:
        found = _DECLARED.match(xml[:200].decode("latin-1").removeprefix("\xef\xbb\xbf"))
        codec = found[3].lower() if found else "utf-8"
    if codec in ("utf-8", "utf8", "us-ascii"):
        return xml
    return _DECLARED.sub(r"\1\2UTF-8\2", xml.decode(codec), count=1).encode()


class _ForbiddenError(Exception):
    """A document type was declared."""


def local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2]


def parser() -> expat.XMLParserType:
    """An XML parser that refuses document types and fetches nothing."""
    made = expat.ParserCreate()
    made.buffer_text = True

    def forbid(*_: object) -> None:
        raise _ForbiddenError

    made.StartDoctypeDeclHandler = forbid
    made.EntityDeclHandler = forbid
    return made


def parse(xml: bytes, made: expat.XMLParserType) -> None:
    """Run a parser over a whole part. Raises RefusedError where it is not well formed."""
    try:
        made.Parse(xml, True)  # noqa: FBT003 (this is all of it)
    except _ForbiddenError:
        raise RefusedError(
            "declares its own XML entities, which no spreadsheet program writes: it "
            "was not opened, ask the sender for a fresh export"
        ) from None
    except (expat.ExpatError, UnicodeError, LookupError, ValueError):
        raise RefusedError(
            "is damaged inside: open it in Excel and save it as a new .xlsx file"
        ) from None


def elements(xml: bytes, *names: str) -> list[tuple[str, Attributes]]:
    """Every element of one of these local names, in order, with its attributes."""
    found: list[tuple[str, Attributes]] = []
    if not xml:
        return found

    def start(name: str, attributes: Attributes) -> None:
        if local(name) in names:
            found.append((local(name), {local(key): value for key, value in attributes.items()}))

    made = parser()
    made.StartElementHandler = start
    parse(xml, made)
    return found


def text_of(xml: bytes, name: str) -> str:
    """The text inside the first element of this local name; empty where there is none."""
    pieces: list[str] = []
    state = {"open": False, "done": False}

    def start(tag: str, _: Attributes) -> None:
        state["open"] = local(tag) == name and not state["done"]

    def end(_: str) -> None:
        if state["open"]:
            state.update(open=False, done=True)

    def data(text: str) -> None:
        if state["open"]:
            pieces.append(text)

    if xml:
        made = parser()
        made.StartElementHandler, made.EndElementHandler = start, end
        made.CharacterDataHandler = data
        parse(xml, made)
    return "".join(pieces)
