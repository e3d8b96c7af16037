"""What a log holds: how many usable rows, in which months, or why it cannot be used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from clinicreport.folder.logfile import where
from clinicreport.folder.whole_files import sha256_of
from clinicreport.log.inputs import NO_ROWS, RowCounts, counted_rows
from clinicreport.path import check_logs

if TYPE_CHECKING:
    import pandas as pd

    from clinicreport.outcomes.analysis import Checked
    from clinicreport.settings.request import Request


FUTURE = "future-date"
AGAIN = "It is looked at again by itself on another day; is this computer's clock right?"


@dataclass(frozen=True, slots=True)
class Examined:
    """One file: visits by month, or the reason why it cannot be used."""

    months: dict[str, int] = field(default_factory=dict)
    reason: str = ""
    passing: bool = False  # the reason is no fault of the file
    counts: RowCounts = NO_ROWS
    ahead: bool = False  # some rows lie in the future: another day may find more visits

    @property
    def rows(self) -> int:
        """How many visits could be used."""
        return sum(self.months.values())

    @property
    def month(self) -> str:
        """The month that most visits lie in; the later one of two."""
        return max(self.months, key=lambda month: (self.months[month], month))


def examine(paths: Sequence[Path], request: Request) -> dict[str, Examined]:
    """Each file by its SHA-256."""
    try:
        checked = check_logs(paths, request)
    except Exception as error:  # noqa: BLE001 (one odd file must not stop the others)
        if len(paths) > 1:
            return {key: found for path in paths for key, found in examine([path], request).items()}
        reason = f"{paths[0].name}: could not be read: an unexpected error ({where(error)})"
        return {sha256_of(paths[0]): Examined(reason=reason)}
    return {source.sha256: _examined(checked, source.sha256) for source in checked.log.sources}


def _examined(checked: Checked, sha256: str) -> Examined:
    """One file's part of what was read together."""
    sources = [at for at, source in enumerate(checked.log.sources) if source.sha256 == sha256]
    ahead = any(
        item.finding.rule == FUTURE and item.source in sources for item in checked.log.located
    )
    for at in sources:
        source = checked.log.sources[at]
        if source.reason:
            reason = f"{source.reason} {AGAIN}" if ahead else source.reason
            return Examined(reason=reason, passing=source.passing, ahead=ahead)
    visits = checked.log.visits
    months = Counter(visits.loc[visits["source"].isin(sources), "date"].dt.strftime("%Y-%m"))
    if months:
        counts = counted_rows(entry for entry in checked.inputs if entry.sha256 == sha256)
        return Examined(months=dict(sorted(months.items())), counts=counts, ahead=ahead)
    name = checked.log.sources[sources[0]].file
    return Examined(reason=f"{name}: it has headings but no visits yet; enter them first")


def visits_of(path: Path, request: Request) -> pd.DataFrame:
    """The used visits of one file, with ``cells``: its columns by field, for addresses."""
    checked = check_logs([path], request)
    visits = checked.log.visits
    visits.attrs["columns"] = [source.columns for source in checked.log.sources]
    visits.attrs["sheets"] = [source.sheet for source in checked.log.sources]
    return visits
