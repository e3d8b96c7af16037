"""What the bytes of a text file mean: by their mark, as UTF-8, or by a guess that is said."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import islice

from clinicreport.reading import RefusedError

RULE = "guessed-encoding"
# A mark of UTF-32 begins like one of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le", 4),
    (codecs.BOM_UTF32_BE, "utf-32-be", 4),
    (codecs.BOM_UTF16_LE, "utf-16-le", 2),
    (codecs.BOM_UTF16_BE, "utf-16-be", 2),
)
_EVIDENCE = 2_000  # lines that a guess rests on
_HEAD = 65_536  # bytes that are looked at to tell what a file is
_AS_UTF_8 = 'save the log again as "CSV UTF-8" or as .xlsx'
_AGAIN = "copy or download it once more"
_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13, 26}
_PERHAPS_UTF8 = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
_JIS = re.compile(rb"\x1b\$[@B]")


@dataclass(frozen=True, slots=True)
class DecodedText:
    """The text of a file. ``mark`` and ``codec`` give the same bytes again.

    ``guessed``: the encoding's name where it was guessed, else empty. ``torn``: the file ends
    within a character.
    """

    text: str
    codec: str
    mark: bytes = b""
    guessed: str = ""
    torn: bool = False


def decode(data: bytes) -> DecodedText:
    """The text in the bytes. Raises RefusedError where they are no text, or not surely one."""
    for mark, codec, width in _MARKS:
        if data.startswith(mark):
            return _marked(data[len(mark) :], mark, codec, width)
    if b"\x00" in data:
        return _without_mark(data)
    head = data[:_HEAD]
    if sum(byte in _CONTROLS for byte in head) > len(head) // 50 and not _JIS.search(head):
        raise RefusedError("is not a spreadsheet: ask for it as .xlsx or .csv")
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    return _of_bytes(data[len(mark) :], mark)


def _marked(content: bytes, mark: bytes, codec: str, width: int) -> DecodedText:
    torn = len(content) % width
    try:
        text = content[: len(content) - torn].decode(codec)
    except UnicodeDecodeError as error:
        if error.end < len(content) - torn:
            raise RefusedError(
                f"says that it is {codec[:6].upper()}, but holds bytes that are none: {_AS_UTF_8}"
            ) from None
        text, torn = content[: error.start].decode(codec), 1
    if "\x00" in text:
        raise RefusedError(_zeros_in(text.partition("\x00")[0].count("\n") + 1))
    return DecodedText(text, codec, mark, torn=bool(torn))


def _without_mark(data: bytes) -> DecodedText:
    """UTF-16 or UTF-32 where that is sure: one reading gives clean and mostly plain text."""
    found = []
    for _, codec, width in _MARKS:
        torn = len(data) % width
        try:
            text = data[: len(data) - torn].decode(codec)
        except UnicodeDecodeError:
            continue
        if _is_clean(text[:_HEAD]) and "\x00" not in text:
            found.append(DecodedText(text, codec, torn=bool(torn)))
    if len(found) == 1:
        return found[0]
    first = data.find(b"\x00")
    if not data[first:].strip(b"\x00"):
        raise RefusedError(f"holds nothing but zeros at its end: it was not fully copied, {_AGAIN}")
    if data[:_HEAD].count(b"\x00") > len(data[:_HEAD]) // 5:
        raise RefusedError(
            "is not a spreadsheet, or text in an encoding that cannot be told (UTF-16 or UTF-32 "
            f"without its mark): {_AS_UTF_8}"
        )
    raise RefusedError(_zeros_in(data.count(b"\n", 0, first) + 1))


def _zeros_in(line: int) -> str:
    return (
        f"holds zero bytes (first in line {line}), which no text does. It is not a spreadsheet, or "
        f"it is damaged: {_AGAIN}, or {_AS_UTF_8}"
    )


def _is_clean(text: str) -> bool:
    plain = sum(char.isascii() for char in text)
    return (
        plain > len(text) // 4
        and any(char in text for char in "\r\n,;\t|")
        and not any(ord(char) in _CONTROLS for char in set(text))
    )


def _of_bytes(content: bytes, mark: bytes) -> DecodedText:
    """UTF-8, else a guess. Raises RefusedError where some lines are UTF-8 and some are not."""
    if not mark and _JIS.search(content):
        try:
            text = content.decode("iso2022_jp")
        except UnicodeDecodeError:
            pass
        else:
            return DecodedText(text, "iso2022_jp", guessed="ISO-2022-JP (Japanese)")
    try:
        return DecodedText(content.decode("utf-8"), "utf-8", mark)
    except UnicodeDecodeError as error:
        lacking = error.reason == "unexpected end of data"
        if lacking and (mark or not content[: error.start].isascii()):
            return DecodedText(content[: error.start].decode("utf-8"), "utf-8", mark, torn=True)
    return _guessed(content, mark)


def _guessed(content: bytes, mark: bytes) -> DecodedText:
    from clinicreport.reading import code_pages

    lines = [(at, line) for at, line in enumerate(content.splitlines(), 1) if not line.isascii()]
    good = [each for each in lines if _PERHAPS_UTF8.search(each[1]) and _is_utf8(each[1])]
    bad = list(islice((each for each in lines if not _is_utf8(each[1])), _EVIDENCE))
    evidence = b"\n".join(dict.fromkeys(line for _, line in bad))
    page = code_pages.guess(content, evidence)
    stray = next((at for at, line in good if code_pages.plausibility(line, page) < 0.5), None)
    if mark or stray:
        other = f"line {stray}" if stray else "its mark"
        raise RefusedError(
            f"is in two encodings: {other} is UTF-8, line {bad[0][0]} is not ({page.name}, it "
            f"seems), so letters and ids may be wrong. Put its parts together again: {_AS_UTF_8}",
            RULE,
        )
    return DecodedText(content.decode(page.codec), page.codec, guessed=page.name)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
