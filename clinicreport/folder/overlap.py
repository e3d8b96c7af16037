"""How far a new log tells the visits of one that is counted already: a correction, or a copy?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clinicreport.folder.changes import Change, between
from clinicreport.folder.examine import Examined, keys, log_of
from clinicreport.folder.visits_in_force import InForce

if TYPE_CHECKING:
    from clinicreport.log.session_log import Log
    from clinicreport.settings.request import Request

MOSTLY = 0.5  # of the one log's visits are in the other
AT_LEAST = 3  # so many visits; fewer may be two people's day
CELLS = 3  # that a sentence names


@dataclass(frozen=True, slots=True)
class Overlap:
    """A new log beside one in force, or beside several (``beside``: names of the others) that hold
    most of its visits together. Visits are counted, but for ``treatments`` and ``shared``."""

    treatments: int  # treatment rows of the new log
    shared: int  # of these: patient and day stand in the other log
    same: int
    differ: int
    added: int
    removed: int  # visits of the other logs that are not in the new one
    cells: tuple[str, ...]  # of the new log's values that differ
    beside: tuple[str, ...] = ()

    @property
    def mostly(self) -> bool:
        """Whether the new log holds mostly the same visits."""
        return mostly(self.shared, self.treatments)


def mostly(shared: int, treatments: int) -> bool:
    """Whether so many of a log's treatment rows are most of them."""
    return shared >= max(AT_LEAST, MOSTLY * treatments)


def repeats(index: InForce, found: Examined, others: Sequence[int]) -> list[int]:
    """Which of these logs (most shared first) a new one sends again: the one that holds most of its
    visits; else all that hold most of them together; else one all of whose visits it holds."""
    shared, size = dict(index.shared(found.treated)), len(found.treated)
    alone = [one for one in others if mostly(shared[one], size)]
    together = list(others) if mostly(index.held_by(others, found.treated), size) else []
    whole = [
        one for one in others if shared[one] >= AT_LEAST and index.share_kept(one, found.days) == 1
    ]
    return alone[:1] or together or whole[:1]


def overlap(
    new: Path, olds: Sequence[Path], request: Request, beside: Sequence[str] = ()
) -> Overlap:
    """A log compared with others together, visit by visit."""
    before, after, found = _compared(new, olds, request)
    changed = [change for change in found if change.what == "changed"]
    differ = len({(change.patient, change.day) for change in changed})
    added = sum(change.what == "added" for change in found)
    kept = {key for log in before for key in keys(log.visits)}
    treated = keys(after.visits.where(after.visits["visit_type"] == "treatment"))
    return Overlap(
        treatments=len(treated),
        shared=sum(key in kept for key in treated),
        same=len(after.visits) - added - differ,
        differ=differ,
        added=added,
        removed=sum(change.what == "removed" for change in found),
        cells=tuple(dict.fromkeys(change.cell for change in changed if change.cell)),
        beside=tuple(beside),
    )


def differences(new: Path, olds: Sequence[Path], request: Request) -> list[Change]:
    """What is different in a log beside others together, one by one."""
    return _compared(new, olds, request)[2]


def _compared(
    new: Path, olds: Sequence[Path], request: Request
) -> tuple[list[Log], Log, list[Change]]:
    """The others, the new log, and the differences."""
    before = [log_of(old, request) for old in olds]
    after = log_of(new, request)
    return before, after, between(new.name, before, after)


def sentence(found: Overlap, old: str, *, cells: bool = True) -> str:
    """What was found; the cells' addresses name sheets, so they are for the clinic's own pages."""
    total = found.same + found.differ + found.added
    parts = [f"{found.same} of its {total} visits stand in {old} as they are"]
    if found.differ:
        named = ", ".join(found.cells[:CELLS]) + (" …" if len(found.cells) > CELLS else "")
        where = f" ({named})" if named and cells else ""
        parts.append(f"{found.differ} differ{'s' if found.differ == 1 else ''}{where}")
    if found.added:
        parts.append(f"{found.added} {'is' if found.added == 1 else 'are'} new")
    if found.removed:
        parts.append(f"{_visits(found.removed)} of {old} {_are(found.removed)} not in it")
    return ", ".join(parts)


def _visits(count: int) -> str:
    return f"{count} visit{'' if count == 1 else 's'}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
