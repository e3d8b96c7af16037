"""The parts of a plain workbook beside its sheets: one style for dates, written straight as XML."""

from __future__ import annotations

from collections.abc import Iterable

_OOXML = "http://schemas.openxmlformats.org"
_OFFICE = f"{_OOXML}/officeDocument/2006/relationships"
_PACKAGE = f"{_OOXML}/package/2006"
MAIN = f"{_OOXML}/spreadsheetml/2006/main"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def parts(names: Iterable[str], *, shared_strings: bool) -> dict[str, str]:
    """The parts of a workbook with these sheets by name, the sheets themselves left out."""
    sheets = {f"worksheets/sheet{number}": name for number, name in enumerate(names, 1)}
    kinds = dict.fromkeys(sheets, "worksheet") | {"styles": "styles"}
    if shared_strings:
        kinds["sharedStrings"] = "sharedStrings"
    listed = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(sheets.values(), 1)
    )
    return {
        "[Content_Types].xml": _types({"workbook": "sheet.main", **kinds}),
        "_rels/.rels": _relations({"xl/workbook": "officeDocument"}),
        "xl/workbook.xml": (
            f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets>'
            "</workbook>"
        ),
        "xl/_rels/workbook.xml.rels": _relations(kinds),
        "xl/styles.xml": _STYLES,
    }


def _types(kinds: dict[str, str]) -> str:
    media = "application/vnd.openxmlformats"
    lines = "".join(
        f'<Override PartName="/xl/{part}.xml"'
        f' ContentType="{media}-officedocument.spreadsheetml.{kind}+xml"/>'
        for part, kind in kinds.items()
    )
    return (
        f'{HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        f' ContentType="{media}-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{lines}</Types>'
    )


def _relations(kinds: dict[str, str]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{part}.xml"/>'
        for number, (part, kind) in enumerate(kinds.items(), 1)
    )
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'
