"""What each rule found in the given logs: "14 of 312 sessions, 9 patients"."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from clinicreport.log.findings import Finding
from clinicreport.outcomes.analysis import Checked


@dataclass(frozen=True, slots=True)
class RuleFound:
    """One rule's findings: how many, on how many of the sessions, with how many patients.

    ``other_rows``: rows with a finding that are no session (screening, follow-up, set aside,
    register); ``files``: files with a finding on no row.
    """

    findings: int
    sessions: int
    of_sessions: int
    other_rows: int
    files: int
    patients: int
    waived: int

    @property
    def words(self) -> str:
        """The same in words."""
        if not self.findings:
            return "nothing"
        parts = []
        if self.sessions:
            parts.append(f"{self.sessions} of {_count(self.of_sessions, 'session')}")
        if self.other_rows:
            parts.append(_count(self.other_rows, "other row" if self.sessions else "row"))
        if self.files:
            parts.append(_count(self.files, "file"))
        if self.patients:
            parts.append(_count(self.patients, "patient"))
        if self.waived:
            parts.append(f"{self.waived} waived")
        return ", ".join(parts)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def what_was_read(checked: Checked) -> str:
    """What the counts rest on, in one sentence."""
    read = [entry for entry in checked.inputs if not entry.reason]
    files = list(dict.fromkeys(entry.file for entry in read))
    names = ", ".join(files[:3]) + (f" and {len(files) - 3} more" if len(files) > 3 else "")
    used = sum(entry.used for entry in read)
    period = f", period {checked.request.period.text}" if checked.request.period else ""
    return f"Found in {names or 'nothing that could be read'}: {_count(used, 'visit')}{period}."


def found(checked: Checked) -> dict[str, RuleFound]:
    """For each rule of the protocol what it found; a session is a treatment row in scope."""
    visits = checked.courses.visits
    treated = visits.only(visits["treatment"] & visits["looked_at"])
    sources = [(source.file, source.sheet) for source in checked.log.sources]
    sessions = {
        (*sources[source], row)
        for source, row in zip(treated["source"].tolist(), treated["row"].tolist(), strict=True)
    }
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for finding in checked.findings:
        by_rule[finding.rule].append(finding)
    return {
        rule: _tally(by_rule[rule], sessions, len(treated))
        for rule in checked.request.protocol.rules
    }


def _tally(
    findings: list[Finding], sessions: set[tuple[str, str, int]], of_sessions: int
) -> RuleFound:
    rows = {(item.file, item.sheet, item.row) for item in findings if item.row is not None}
    hit = rows & sessions
    return RuleFound(
        findings=len(findings),
        sessions=len(hit),
        of_sessions=of_sessions,
        other_rows=len(rows) - len(hit),
        files=len({item.file for item in findings if item.row is None}),
        patients=len({(item.clinic, item.patient) for item in findings if item.patient}),
        waived=sum(item.waived for item in findings),
    )
