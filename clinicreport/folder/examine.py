"""What a log holds: how many usable rows, in which months, or why it cannot be used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from clinicreport.folder.logfile import where
from clinicreport.folder.visits_in_force import Visit
from clinicreport.folder.whole_files import sha256_of
from clinicreport.log.inputs import NO_ROWS, RowCounts, counted_rows
from clinicreport.path import check_logs

if TYPE_CHECKING:
    from clinicreport.ground.frame import Frame
    from clinicreport.log.session_log import Log
    from clinicreport.outcomes.analysis import Checked
    from clinicreport.settings.request import Request


AT_ONCE = 20  # files that are examined together
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
    errors: int = 0  # error findings
    treated: tuple[Visit, ...] = ()  # of each treatment row
    days: frozenset[Visit] = frozenset()  # of every visit

    @property
    def rows(self) -> int:
        """How many visits could be used."""
        return sum(self.months.values())

    def without_visits(self) -> Examined:
        """The same, without what takes room."""
        return replace(self, treated=(), days=frozenset())

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
    import numpy as np

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
    visits = visits.where(np.isin(visits["source"], sources))
    months = Counter(visits["date"].astype("datetime64[M]").astype(str).tolist())
    if months:
        return Examined(
            months=dict(sorted(months.items())),
            counts=counted_rows(entry for entry in checked.inputs if entry.sha256 == sha256),
            ahead=ahead,
            errors=sum(
                item.finding.severity == "error" and item.source in sources
                for item in checked.log.located
            ),
            treated=tuple(keys(visits.where(visits["visit_type"] == "treatment"))),
            days=frozenset(keys(visits)),
        )
    name = checked.log.sources[sources[0]].file
    return Examined(reason=f"{name}: it has headings but no visits yet; enter them first")


def keys(visits: Frame) -> list[Visit]:
    """Clinic, patient and day of each visit."""
    return [
        (clinic or "", str(patient), day)
        for clinic, patient, day in zip(
            visits["clinic"].tolist(),
            visits["patient_id"].tolist(),
            visits["date"].astype("datetime64[D]").tolist(),
            strict=True,
        )
    ]


def log_of(path: Path, request: Request) -> Log:
    """One file as a log."""
    return check_logs([path], request).log
