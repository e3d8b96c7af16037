"""What a file is, by its content. Its name is never asked: exports carry wrong endings."""

from __future__ import annotations

import re

from clinicreport.reading import NoSpreadsheetError, RefusedError

_SAVE = "open it in Excel and save it as .xlsx"
_OTHER = (
    (b"%PDF", "is a PDF document: ask for the spreadsheet itself"),
    (b"\x89PNG", "is a picture: ask for the spreadsheet itself"),
    (b"\xff\xd8\xff", "is a picture: ask for the spreadsheet itself"),
    (b"GIF8", "is a picture: ask for the spreadsheet itself"),
    (b"{\\rtf", "is a text document: ask for the spreadsheet itself"),
    (b"\x1f\x8b", "is a compressed file: unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "is an archive: unpack it first"),
    (b"Rar!", "is an archive: unpack it first"),
    (b"SQLite format 3\x00", "is a database: export it as .xlsx or .csv"),
    (b"bplist00", "is a file of macOS's own, often a link: ask for the spreadsheet itself"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "is only a shortcut: copy the spreadsheet itself"),
    (b"\x78\x9f\x3e\x22", "is an Outlook attachment (winmail.dat): ask for the spreadsheet itself"),
    (b"!BDN", "is a mailbox of Outlook: save the attached spreadsheet, and give that"),
    (b"$FL", "is an SPSS file: export it as .xlsx or .csv"),
    (b"PK\x05\x06", "is an empty archive: ask for the file again"),
)
_OLD_EXCEL = re.compile(rb"\x09[\x00\x02\x04\x08][\x04\x06\x08\x10]\x00")
_MARKUP = re.compile(
    r"<\s*(?:!doctype|html|head|body|meta|title|style|link|script|table|div|span|center|font"
    r"|\?xml|!--|\w+:|workbook)",
    re.IGNORECASE,
)


def kind(data: bytes) -> str:
    """``zip``, ``xls``, ``encrypted`` or ``text``. RefusedError for anything else."""
    if not data:
        raise RefusedError("is empty (0 bytes): ask for it again")
    if not data.strip(b"\x00"):
        raise RefusedError("holds nothing but zeros: it was not fully copied, copy it once more")
    if data.startswith(b"PK\x03\x04"):
        return "zip"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole(data)
    for magic, sentence in _OTHER:
        if data.startswith(magic):
            raise NoSpreadsheetError(sentence)
    if _OLD_EXCEL.match(data):
        raise RefusedError(f"was made by a very old Excel: {_SAVE}")
    return "text"


def _ole(data: bytes) -> str:
    """Excel 97 to 2003, or an encrypted workbook: told by the names of the streams."""
    names = _names(data)

    def has(name: str) -> bool:
        return name.lower() in names

    if has("EncryptionInfo") and has("EncryptedPackage"):
        return "encrypted"
    if has("Workbook") or has("Book"):
        return "xls"
    if has("__properties_version1.0"):
        raise NoSpreadsheetError(_MAIL)
    if has("WordDocument"):
        raise NoSpreadsheetError("is a Word document: ask for the spreadsheet itself")
    if has("PowerPoint Document"):
        raise NoSpreadsheetError("is a presentation: ask for the spreadsheet itself")
    if has("\x06DataSpaces"):
        raise RefusedError("is protected by rights management: ask its author for an open copy")
    raise NoSpreadsheetError("is not a spreadsheet: ask for it as .xlsx or .csv")


def _names(data: bytes) -> set[str]:
    """The names of the streams. Raises RefusedError where there are none."""
    from clinicreport.reading.ole import DAMAGED, stream_names

    try:
        names = stream_names(data)
    except RefusedError:
        if _OF_A_MAIL in data:  # a part of one, or one that is damaged
            raise NoSpreadsheetError(_MAIL) from None
        raise
    if not names:
        raise RefusedError(DAMAGED)
    return names


def check_markup(text: str) -> None:
    """Refuse a web page or an XML file that was given a spreadsheet's name."""
    start = text[:2000].lstrip("\ufeff \t\r\n")
    if not _MARKUP.match(start):
        return
    if "urn:schemas-microsoft-com:office:spreadsheet" in text[:4000]:
        raise RefusedError(f"is an XML spreadsheet of Excel 2003: {_SAVE}")
    if start.lower().startswith("<?xml") and "<html" not in text[:4000].lower():
        raise NoSpreadsheetError(f"is an XML file, not a spreadsheet: {_SAVE}")
    raise NoSpreadsheetError(f"is a web page that was saved under a spreadsheet's name: {_SAVE}")


_WORKBOOKS = (
    (b"sheet.binary", "xlsb"),
    (b"spreadsheetml.sheet.main", "xlsx"),
    (b"spreadsheetml.template.main", "xlsx"),
    (b"ms-excel.sheet.macroEnabled", "xlsm"),
    (b"ms-excel.template.macroEnabled", "xlsm"),
)


_MAIL = "is an e-mail (.msg): save the attached spreadsheet, and give that"
_OF_A_MAIL = "__properties_version1.0".encode("utf-16-le")
_ODF = b"application/vnd.oasis.opendocument."


def document_type(mimetype: bytes, manifest: bytes, content: bytes) -> bytes:
    """The type of an OpenDocument archive: from its own part, the list of parts, or its content."""
    stated = mimetype.strip(b"\xef\xbb\xbf \r\n\t\0")
    if stated.startswith(_ODF):
        return stated
    found = re.search(rb"media-type\s*=\s*[\"'](" + re.escape(_ODF) + rb"[\w.-]+)", manifest)
    if found:
        return found[1]
    return _ODF + b"spreadsheet" if b":spreadsheet>" in content else b""


def package_kind(types: bytes, mimetype: bytes, parts: list[str]) -> str:
    """``xlsx``, ``xlsm``, ``xlsb`` or ``ods`` of a zip archive, else RefusedError."""
    if mimetype.startswith(_ODF):
        if b"spreadsheet" in mimetype:
            return "ods"
        raise NoSpreadsheetError("is a text document or a drawing: ask for the spreadsheet itself")
    for told, found in _WORKBOOKS:
        if told in types:
            return found
    if "xl/workbook.xml" in parts:  # whatever the list of types says
        return "xlsx"
    if b"wordprocessingml" in types:
        raise NoSpreadsheetError("is a Word document: ask for the spreadsheet itself")
    if b"presentationml" in types:
        raise NoSpreadsheetError("is a presentation: ask for the spreadsheet itself")
    if any(part.endswith(".iwa") for part in parts):
        raise RefusedError("is a Numbers document: export it as Excel")
    if types:
        raise RefusedError(f"holds no workbook: {_SAVE}")
    raise NoSpreadsheetError(
        "is a zip archive, not a spreadsheet: unpack it, and give the files inside"
    )
