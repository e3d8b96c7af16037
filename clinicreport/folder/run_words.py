"""What a run did, in words: the same on the screen and on the desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clinicreport.folder.folder_status import held_line
from clinicreport.log.inputs import RowCounts
from clinicreport.workbook.words import count

if TYPE_CHECKING:
    from clinicreport.folder.open_folder import Done

MARKS = {"rejected": "✖ ", "attention": "▲ "}


@dataclass(frozen=True, slots=True)
class RunLine:
    """One line: what kind it is (done, rejected, attention, problem, last), and its words."""

    kind: str
    words: str


def run_lines(done: Done) -> list[RunLine]:
    """Everything a run did and could not do; what the last lines warn of is at the end."""
    lines = [*_of_files(done), *_of_reports(done)]
    if not done.anything:
        lines.append(RunLine("done", "Nothing new."))
    return [*lines, *_last(done)]


def _of_files(done: Done) -> Iterator[RunLine]:
    for one in done.archived:
        said = f", replaces {one['replaces']}" if one["replaces"] else ""
        counts = _counts(one)
        yield RunLine("done", f"{one['file']}: {counts.said}, archived under {one['month']}{said}")
    for name in done.repeated:
        yield RunLine("done", f"{name}: the same content was processed already; nothing to do")
    for one in done.rejected:
        yield RunLine("rejected", f"rejected: {one['reason']}")
    for one in done.held:
        yield RunLine("attention", f"held: {held_line(one)}")


def _of_reports(done: Done) -> Iterator[RunLine]:
    for text in done.stale:
        yield RunLine("attention", text)
    for file in done.waiting:
        yield RunLine("done", f"{file['file']} waits: it {file['why']}")
    for one in done.reports:
        errors = f" ({count(one['errors'], 'error finding')})" if one["errors"] else ""
        yield RunLine("done", f"Report: {one['file']}, version {one['version']}{errors}")
    for one in done.messages:
        yield RunLine("done", message_line(one))
    for text in dict.fromkeys([*done.problems, *done.mail_problems]):
        yield RunLine("problem", text)


def _last(done: Done) -> Iterator[RunLine]:
    for one in done.archived:
        if warning := _counts(one).warning:
            yield RunLine("last", f"{one['file']}: {warning}")


def _counts(one: dict[str, Any]) -> RowCounts:
    """The rows of a log that was taken."""
    return RowCounts(one["rows"], one["used"], one["set_aside"])


def message_line(one: dict[str, Any]) -> str:
    """One message in words."""
    words = {
        "drafted": f"draft ready in {one['file']}",
        "not-sent": "not sent",
        "held": "held back",
        "queued": "waits to be sent",
    }
    state = words.get(one["state"], one["state"])
    reason = f": {one['reason']}" if one["reason"] and one["state"] != "sent" else ""
    return f"Mail to {one['address']} ({one['role']}), {one['month']}: {state}{reason}"
