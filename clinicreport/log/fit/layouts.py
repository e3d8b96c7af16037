"""What tells one layout of a clinic's logs from another: the headings that its reading rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clinicreport.log.fields import NEEDED, SCORES
from clinicreport.log.fit.candidates import Candidate
from clinicreport.log.headings import is_heading, key


def told_by(table: Candidate, lines: Sequence[tuple[str, Any]]) -> tuple[str, ...]:
    """The headings of patient, day and scores, and those that the lines (key, value) name."""
    named = {key(text) for name, value in lines for text in _texts(name, value)}
    wanted = {*NEEDED, *SCORES}
    return tuple(
        column.heading
        for column in table.columns
        if is_heading(column.heading) and (column.field in wanted or key(column.heading) in named)
    )


def _texts(name: str, value: Any) -> Iterator[str]:
    """The headings that a line names."""
    if isinstance(value, Mapping):
        yield str(value.get("column", ""))
    elif isinstance(value, list) and name.startswith(("aliases.", "reading.")):
        yield from map(str, value)
