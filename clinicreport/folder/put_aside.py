"""Messages that are no longer to be sent by anybody lie aside: ``outbox/replaced/``, ``sent/``."""

from __future__ import annotations

from pathlib import Path

from clinicreport.folder.guards import why
from clinicreport.folder.logfile import where
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.whole_files import free_name
from clinicreport.ground.held_files import rename

BESIDE = (".xlsx", ".txt")  # of a draft: its attachment, and its text to paste


def move_replaced(clinic: OpenFolder) -> None:
    """Put out-of-date drafts and messages aside, so that nobody sends them."""
    _move(clinic, "replaced", clinic.folder.replaced)


def move_sent(clinic: OpenFolder) -> None:
    """Put sent messages into ``outbox/sent/``."""
    _move(clinic, "sent", clinic.folder.sent)


def _move(clinic: OpenFolder, state: str, target: Path) -> None:
    lying = f"{clinic.folder.relative(clinic.folder.outbox)}/"
    there = clinic.folder.relative(target)
    for row in clinic.ledger.messages_in(state):
        path = clinic.folder.root / row.path
        if row.path.startswith(f"{there}/") or not row.path.startswith(lying):
            continue
        try:
            moved = _moved(path, target)
        except OSError as error:
            clinic.problem(
                f"{row.path} is {state} and cannot be put into {there}: {why(error)}. Do not send "
                "it; the next run tries again",
                f"message {row.id} cannot be put aside: {where(error)}",
            )
            continue
        with clinic.ledger.change() as change:
            change.moved_message(row, clinic.folder.relative(moved))


def _moved(path: Path, target: Path) -> Path:
    """Move a message and what lies beside it; where it went."""
    target.mkdir(exist_ok=True)
    for beside in map(path.with_suffix, BESIDE):
        if beside.exists():
            rename(beside, free_name(target, beside.name))
    goal = target / path.name
    if path.exists():
        rename(path, free_name(target, path.name) if goal.exists() else goal)
    return goal
