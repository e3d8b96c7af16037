"""The gate before mail: error findings hold a report back until each is corrected in the log, or
acknowledged in ``acknowledged.csv`` by someone who says who they are and why.

A line is copied from ``to-acknowledge.csv``, with who and why filled in. It holds for the finding
that its last column names, while the cell holds what it held then. A line without that column holds
for a rule, a patient and a day; Excel may have turned the days into its own form, so several are
understood.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from clinicreport.folder.ledger_rows import ErrorFinding
from clinicreport.folder.places import ACKNOWLEDGED_HEAD
from clinicreport.folder.text_table import harmless, table_bytes
from clinicreport.ground.held_files import bytes_of
from clinicreport.log.finding_ids import days_of, digest, finding_ids
from clinicreport.outcomes.finding_life import Reply

if TYPE_CHECKING:
    from clinicreport.log.findings import Finding
    from clinicreport.outcomes.analysis import Checked

COLUMNS = tuple(ACKNOWLEDGED_HEAD.strip().split(","))
NAME = re.compile(r"f[0-9a-f]{15}-f[0-9a-f]{8}")  # see _bound
LONGEST_DATE = 40
NEEDED = ("rule", "patient", "date", "who", "why")


@dataclass(slots=True)
class Acknowledged:
    """What people have acknowledged, and the lines that cannot be used."""

    findings: set[str] = field(default_factory=set)  # each with what stood in its cell
    cells: set[tuple[str, str]] = field(default_factory=set)  # rule, and a finding's second half
    entries: set[tuple[str, str, str]] = field(default_factory=set)  # rule, patient, day
    faults: list[str] = field(default_factory=list)
    replies: dict[object, Reply] = field(default_factory=dict)  # by what the line holds for

    def reply(self, finding: ErrorFinding) -> Reply | None:
        """Who has acknowledged the finding and why; None where nobody has."""
        by_day = (finding.rule, finding.patient, finding.day)
        otherwise = self.replies.get(
            by_day if finding.day else _cell(finding.rule, finding.finding)
        )
        return self.replies.get(finding.finding) or otherwise

    def covers(self, finding: ErrorFinding) -> bool:
        """Whether someone has acknowledged the finding."""
        if not finding.finding:  # of a report that came from elsewhere
            return any(entry[:2] == (finding.rule, finding.patient) for entry in self.entries)
        if finding.finding in self.findings:
            return True
        if not finding.day:  # its number among those alike may be another beside another log
            return _cell(finding.rule, finding.finding) in self.cells
        return (finding.rule, finding.patient, finding.day) in self.entries

    def lapsed(self, finding: ErrorFinding) -> bool:
        """Whether someone has acknowledged it while its cell held something else."""
        name = finding.finding.partition("-")[0]
        return bool(finding.day) and any(one.partition("-")[0] == name for one in self.findings)


def _cell(rule: str, name: str) -> tuple[str, str]:
    """The rule and what a finding without a day is bound to: its file's content and its cell."""
    return rule, name.partition("-")[2]


def error_findings(checked: Checked) -> list[ErrorFinding]:
    """The error findings of a month."""
    if not any(finding.severity == "error" for finding in checked.findings):
        return []
    kept = {id(finding) for finding in checked.findings if finding.severity == "error"}
    names = finding_ids(checked.located, checked.log)
    days = days_of(checked.located, checked.log)
    contents = {source.file: source.sha256 for source in checked.log.sources}
    return [
        ErrorFinding(
            found.rule,
            found.patient or "",
            day,
            " ".join(filter(None, (found.file, found.sheet, found.cell))),
            found.message,
            _bound(name, found, day, contents.get(found.file, "")),
        )
        for (found, *_), name, day in zip(checked.located, names, days, strict=True)
        if id(found) in kept
    ]


def _bound(name: str, found: Finding, day: str, content: str) -> str:
    """A finding's id and what stands in its cell; without a day its file's content and cell too."""
    stands = str(found.value if found.value is not None else "")
    where = () if day else (content, found.sheet, found.cell)
    return f"{name}-{digest(stands, *where)[:9]}"


def acknowledged(path: Path, date_order: str | None = None) -> Acknowledged:
    """What stands in ``acknowledged.csv``; nothing where there is no such file."""
    result = Acknowledged()
    try:
        raw = bytes_of(path)
    except FileNotFoundError:
        return result
    except OSError as error:
        result.faults.append(f"{path.name} cannot be opened ({error.strerror}): close it in Excel")
        return result
    lines = _lines(raw)
    if not lines:
        return result
    head = head_of(lines[0].cells)
    if not set(NEEDED) <= set(head):
        result.faults.append(f"{path.name}: its first line must be {','.join(COLUMNS)}")
        return result
    for line in lines[1:]:
        where = f"{path.name}, line {line.number}"
        cells = dict(zip(head, (cell.strip() for cell in line.cells), strict=False))
        if line.broken:
            result.faults.append(
                f"{where}: a quotation mark is open or stands in the wrong place; "
                "the line does not count"
            )
        elif any(cells.values()):
            _add(result, cells, where, date_order)
    return result


def head_of(cells: Sequence[str]) -> list[str]:
    """The columns' names: all of ours where whole lines were copied below an older first line."""
    head = [cell.strip().casefold() for cell in cells]
    return list(COLUMNS) if tuple(head) == COLUMNS[: len(head)] else head


class _Line(NamedTuple):
    """A record of the file and the number of its first line."""

    number: int
    cells: list[str]
    broken: bool


def rows_of(raw: bytes) -> list[list[str]]:
    """The lines, whatever Excel made of the text."""
    return [line.cells for line in _lines(raw)]


def text_of(raw: bytes) -> tuple[str, str]:
    """The text, and the encoding in which a program wrote it."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace"), "utf-16"
    try:
        return raw.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace"), "cp1252"


def delimiter(text: str) -> str:
    """What stands between the cells, by the first line."""
    return max(",;\t", key=text.partition("\n")[0].count)


def _lines(raw: bytes) -> list[_Line]:
    """The records. One with an open quotation mark takes no other with it."""
    text, _ = text_of(raw)
    mark = delimiter(text)
    physical = io.StringIO(text, newline="").readlines()
    found, at = [], 0
    while at < len(physical):
        reader = csv.reader(physical[at:], delimiter=mark, strict=True)
        try:
            cells, broken, taken = next(reader), False, reader.line_num
        except csv.Error:
            cells, broken, taken = _split(physical[at], mark), True, 1
        if cells:
            found.append(_Line(at + 1, cells, broken))
        at += taken
    return found


def _split(line: str, mark: str) -> list[str]:
    """The cells of a line whose quotation marks say nothing."""
    return [cell.strip().strip('"') for cell in line.split(mark)]


def _add(result: Acknowledged, cells: dict[str, str], where: str, order: str | None) -> None:
    missing = [name for name in ("rule", "who", "why") if not cells.get(name)]
    if missing:
        result.faults.append(f"{where}: {' and '.join(missing)} missing; the line does not count")
        return
    reply = Reply(cells["who"], cells["why"])
    if name := cells.get("finding"):
        if NAME.fullmatch(name):
            cell = _cell(cells["rule"], name)
            result.findings.add(name)
            result.cells.add(cell)
            result.replies |= {name: reply, cell: reply}
        else:
            result.faults.append(
                f"{where}: its column finding holds no finding's name; copy the whole line from "
                "to-acknowledge.csv. The line does not count"
            )
        return
    text = cells.get("date", "")
    if not text:
        result.faults.append(
            f"{where}: it names no finding; copy the whole line, its last column finding too, from "
            "to-acknowledge.csv"
        )
    days = days_meant(text, order) if text else [""]
    if not days:
        result.faults.append(f"{where}: {text!r} is no date; write it as 2026-10-05")
    patient = cells.get("patient", "")
    for name in {patient, patient.removeprefix("'")}:  # see harmless
        entries = {(cells["rule"], name, day) for day in days}
        result.entries |= entries
        result.replies |= dict.fromkeys(entries, reply)


def days_meant(text: str, order: str | None = None) -> list[str]:
    """The days that a written date can mean, as ISO dates: two where its order is not known."""
    digits = re.findall(r"\d+", text[:LONGEST_DATE].partition(" ")[0])
    parts = [int(part) for part in digits]
    if len(parts) != 3:
        return []
    if parts[0] > 31:
        candidates = [parts]
    else:
        year = parts[2] + (2000 if parts[2] < 100 else 0)
        day_first, month_first = [year, parts[1], parts[0]], [year, parts[0], parts[1]]
        candidates = {"dmy": [day_first], "mdy": [month_first]}.get(
            order or "", [day_first] if "." in text else [day_first, month_first]
        )
    return sorted({day for candidate in candidates if (day := _iso(*candidate))})


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except (ValueError, OverflowError):
        return ""


def to_acknowledge(findings: Sequence[ErrorFinding]) -> bytes:
    """Lines for ``acknowledged.csv`` in which only who and why are missing, with the place."""
    return table_bytes([list(COLUMNS), *(line_of(found) for found in findings)])


def line_of(found: ErrorFinding, who: str = "", why: str = "") -> list[str]:
    """A finding's line in ``acknowledged.csv``."""
    about = map(harmless, (found.patient, found.day, who, why, found.place, found.message))
    return [found.rule, *about, found.finding]
