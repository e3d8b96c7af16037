"""OpenDocument spreadsheets and binary workbooks, made of the least they need."""

from __future__ import annotations

import struct

from workbooks import OFFICE, PACKAGE, archive

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


NAMESPACES = (
    " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in [
            ("office", "office"),
            ("table", "table"),
            ("text", "text"),
            ("style", "style"),
        ]
    )
    + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def ods(rows: str, before: str = "", more: str = "", **parts: str) -> bytes:
    content = (
        f"<office:document-content {NAMESPACES}><office:automatic-styles>"
        '<style:style style:name="gone"><style:table-properties table:display="false"/>'
        "</style:style></office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="Log">{before}{rows}</table:table>{more}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    named = {name.replace("__", "/"): content for name, content in parts.items()}
    return archive({"mimetype": ODS_TYPE, "content.xml": content, **named})


def ods_cell(attributes: str, shown: str = "") -> str:
    inside = f"<text:p>{shown}</text:p>" if shown else ""
    return f"<table:table-cell {attributes}>{inside}</table:table-cell>"


def ods_row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def typed(kind: str, name: str, value: str) -> str:
    return f'office:value-type="{kind}" office:{name}="{value}"'


def record(number: int, content: bytes = b"") -> bytes:
    head = bytes([number]) if number < 0x80 else bytes([number & 0x7F | 0x80, number >> 7])
    return head + bytes([len(content)]) + content


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(sheet: bytes, styles: bytes = b"") -> bytes:
    bundle = record(156, struct.pack("<II", 0, 1) + wide("r1") + wide("Log"))
    workbook = record(131) + record(143) + bundle + record(144) + record(132)
    types = "<Types>application/vnd.ms-excel.sheet.binary.macroEnabled.main</Types>"
    relations = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>'
    )
    return archive(
        {
            "[Content_Types].xml": types,
            "xl/workbook.bin": workbook,
            "xl/_rels/workbook.bin.rels": relations,
            **({"xl/styles.bin": styles} if styles else {}),
            "xl/worksheets/sheet1.bin": record(129)
            + record(148, bytes(16))
            + record(145)
            + sheet
            + record(146)
            + record(130),
        }
    )


def xlsb_row(number: int, *, hidden: bool = False) -> bytes:
    return record(0, struct.pack("<IIHBB", number, 0, 300, 0, 0x10 if hidden else 0) + bytes(5))


def xlsb_cell(number: int, column: int, content: bytes) -> bytes:
    return record(number, struct.pack("<II", column, 0) + content)
