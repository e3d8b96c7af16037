"""What was checked, without the logs' names: a file may be called after a patient, and somebody who
gets some patients' report is not to read another's name there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clinicreport.log.findings import Finding
    from clinicreport.outcomes.analysis import Checked


def without_names(checked: Checked) -> Checked:
    """The same with its files numbered, and without the sheets that none of its visits stand in."""
    log = checked.log
    names = {
        file: f"Log {number}"
        for number, file in enumerate(dict.fromkeys(one.file for one in log.sources), 1)
    }

    def nameless(finding: Finding) -> Finding:
        message, said, advice = finding.message, finding.said, finding.advice
        for file, name in names.items():  # of another file that is spoken of
            message, said, advice = (text.replace(file, name) for text in (message, said, advice))
        name = names.get(finding.file, "")
        return finding._replace(file=name, message=message, said=said, advice=advice)

    located = [item._replace(finding=nameless(item.finding)) for item in log.located]
    theirs = {(one.file, one.sheet) for one in log.sources if one.used}
    return checked._replace(
        log=replace(
            log,
            sources=[replace(one, file=names[one.file]) for one in log.sources],
            located=located,
        ),
        inputs=tuple(
            one._replace(file=names[one.file])
            for one in checked.inputs
            if (one.file, one.sheet) in theirs
        ),
        findings=tuple(map(nameless, checked.findings)),
        located=tuple(one._replace(finding=nameless(one.finding)) for one in checked.located),
        repeated=(),
    )
