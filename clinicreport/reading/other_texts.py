"""Texts that are no table: links, mails, exports of other kinds. What was seen, and what to do."""

from __future__ import annotations

import re

from clinicreport.reading import RefusedError

_HEAD = 4000  # characters that are looked at
_TO_DO = "export it as .csv or .xlsx"
_SHEETS = (
    "is only a link to a Google spreadsheet: open it there and download it as Microsoft Excel "
    "(.xlsx)"
)
_LINK = "is only a link to a page or a file: open it, and download or copy the spreadsheet itself"
_MAIL = "is an e-mail: save the spreadsheet that is attached to it, and give that"
_MAIL_LINE = r"(?:[A-Z][A-Za-z]*(?:-[A-Za-z]+)*:[^\n]*\n(?:[ \t][^\n]*\n)*)"
_OF_MAIL = r"(?:mime-version|received|message-id|return-path|delivered-to|content-type):"
# In their order: what comes first is the closer description.
_KINDS = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), sentence)
    for pattern, sentence in (
        (r'\s*\{.*(?:docs\.google\.com|"doc_id"\s*:)', _SHEETS),
        (r'\s*(?:\[\s*)?\{\s*["}]', f"is a JSON file, not a table: {_TO_DO} where it was made"),
        (r'\s*\[\s*(?:\[|"[^"]*"\s*[,\]])', f"is a JSON file, not a table: {_TO_DO}"),
        (r"\s*\[(?:InternetShortcut|Desktop Entry)\]", _LINK),
        (r"\s*<\?xml.*<plist.*<key>URL</key>", _LINK),
        (
            r"\s*<\?xml.*<office:document\b.*opendocument\.spreadsheet",
            "is a flat OpenDocument spreadsheet (.fods): open it in LibreOffice and save it as "
            ".xlsx or .ods",
        ),
        (
            rf"\s*{_MAIL_LINE}*?content-type:\s*multipart/related",
            "is a web archive (MHTML), not a spreadsheet: open it in Excel and save it as .xlsx",
        ),
        (rf"\s*(?:From \S+@\S+[^\n]*\n)?{_MAIL_LINE}*?{_OF_MAIL}", _MAIL),
        (r"\s*BEGIN:VCALENDAR", f"is a calendar, not a table of visits: {_TO_DO}"),
        (r"\s*BEGIN:VCARD", "is an address card, not a spreadsheet: ask for the log itself"),
        (
            r"\s*-----BEGIN PGP",
            "is encrypted (PGP): decrypt it first, and give the spreadsheet inside",
        ),
        (
            r"ID;P\w*[^\n]*\n(?:[A-Z]{1,2};[^\n]*\n)+",
            "is a SYLK file: open it in Excel and save it as .xlsx",
        ),
        (
            r"TABLE\r?\n0,1\r?\n\"",
            "is a DIF file: open it in Excel and save it as .xlsx",
        ),
        (
            r"\s*(?:(?:--|/\*).{0,2000}?\n\s*)?(?:CREATE TABLE|INSERT INTO|DROP TABLE)\b",
            f"is a dump of a database: {_TO_DO} there",
        ),
        (
            r"version https://git-lfs",
            "is only a pointer to a file that is stored elsewhere: download the file itself",
        ),
    )
)


def check_kind(text: str) -> None:
    """Raises RefusedError where a text is known to be something else than a table."""
    head = text[:_HEAD]
    for pattern, sentence in _KINDS:
        if pattern.match(head):
            raise RefusedError(sentence)
