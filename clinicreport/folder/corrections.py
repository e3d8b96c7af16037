"""A new log that holds mostly the visits of one in force, under another name, is *held*: it counts
nowhere and its months are mailed to nobody, until a person says what it is.

It replaces the other (put into the inbox under that one's name, or ``run --replaces``), both count
(``both`` under ``[folder]``), or it is left out (``run --replaces`` the other way round).
"""

from __future__ import annotations

import hashlib
import json
import shlex
import sys
from collections.abc import Sequence
from typing import Any

from clinicreport.folder.examine import AT_ONCE, Examined, examine
from clinicreport.folder.ledger_rows import FileRow, HeldLog
from clinicreport.folder.logfile import where
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.overlap import Overlap, overlap, repeats, sentence
from clinicreport.folder.places import Folder
from clinicreport.folder.visits_in_force import folded
from clinicreport.folder.whole_files import free_name, write_whole
from clinicreport.ground.held_files import rename
from clinicreport.mail.note import note_bytes
from clinicreport.settings.marks import reading_marks

MANAGER = "manager"  # who is asked by mail, too: the one role that may know of the clinic's files
QUESTION = "question"  # how the names of these drafts begin


def same_name(one: str, other: str) -> bool:
    """Whether two file names are the same to people: case and form of accents do not count."""
    return folded(one) == folded(other)


def keep_step(clinic: OpenFolder) -> None:
    """Before files are judged: what is in force is what the ledger says, read as it is now."""
    marks = reading_marks(clinic.request.config)
    clinic.in_force.keep_step(clinic.ledger.contents_in_force(), marks)


def get_to_know(clinic: OpenFolder, months: set[str]) -> None:
    """Read every log in force that has visits of these months, each once in a run."""
    keep_step(clinic)
    if months <= clinic.in_force.months:
        return
    rows = [
        row
        for row in clinic.ledger.files_in_force()
        if months & set(row.months) and not clinic.in_force.is_known(row.id)
    ]
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        found = examine([clinic.folder.root / row.path for row in part], clinic.request)
        for row in part:
            read = found.get(row.sha256) or _as_it_is(clinic, row)
            clinic.in_force.put_visits(row.id, read.days)
    clinic.in_force.months |= months


def _as_it_is(clinic: OpenFolder, row: FileRow) -> Examined:
    """What an archived log holds that is no longer what came, or is twice in the archive."""
    path = clinic.folder.root / row.path
    if not path.is_file():
        return Examined()
    return next(iter(examine([path], clinic.request).values()), Examined())


def repeated(
    clinic: OpenFolder, row: FileRow, found: Examined, instead: Sequence[FileRow] = ()
) -> tuple[FileRow, Overlap] | None:
    """The log in force that holds most of the new one's visits; else of the logs that hold most of
    them together, or all of whose visits it holds, the first. None where both are to count.

    ``instead``: logs that the new one replaces.
    """
    replaced = {old.id for old in instead}
    others = [
        number
        for number, _ in clinic.in_force.shared(found.treated)
        if number not in replaced
        and not both_count(clinic, row.name, clinic.in_force.name_of(number))
    ]
    numbers = repeats(clinic.in_force, found, others)
    olds = list(filter(None, map(clinic.ledger.file, numbers)))
    if not olds:
        return None
    root = clinic.folder.root
    paths, beside = [root / old.path for old in olds], [old.name for old in olds[1:]]
    return olds[0], overlap(root / row.path, paths, clinic.request, beside)


def both_count(clinic: OpenFolder, new: str, old: str) -> bool:
    """Whether ``clinic.toml`` says that the two logs count beside each other."""
    pairs = clinic.request.config.folder.both
    return any(
        same_name(one, new) and same_name(other, old)
        for pair in pairs
        for one, other in (pair, pair[::-1])
    )


def hold(
    clinic: OpenFolder, row: FileRow, found: Examined, old: FileRow, measured: Overlap
) -> None:
    """The log waits until somebody says what it is."""
    log = HeldLog(
        file=row.id,
        name=row.name,
        old=old.name,
        months=tuple(found.months),
        found=measured,
        asked=_asked(clinic),
        drafted=False,
        local=row.local,
    )
    known = clinic.ledger.held_log(row.id)
    with clinic.ledger.change() as change:
        change.hold_file(log)
        if known is None or known.found != log.found:
            change.note("held", f"{row.name}: {said(log)}", file=row.id)
    clinic.log.warning("file %s is held: it may be a correction of file %s", row.id, old.id)


def said(log: HeldLog) -> str:
    """What was found about a held log, for the clinic's own pages."""
    return sentence(log.found, " and ".join([log.old, *log.found.beside]))


def told(log: HeldLog, folder: Folder) -> dict[str, Any]:
    """A held log as ``run --json`` and ``status --json`` print it; ``drafts``: that ask about it."""
    drafts = sorted(folder.outbox.glob(f"{QUESTION}-{log.file}-*.eml"))
    return {
        "file": log.name,
        "old": log.old,
        "months": list(log.months),
        "why": said(log),
        "do": what_to_do(log),
        "drafts": [folder.relative(path) for path in drafts],
        "received": log.local,
    }


def tell_held(clinic: OpenFolder) -> None:
    """Put every held log among what the run reports."""
    clinic.done.held = [told(log, clinic.folder) for log in clinic.ledger.held_logs()]


def what_to_do(log: HeldLog) -> str:
    """The ways out, for people without a terminal first."""
    olds = [log.old, *log.found.beside]
    by_name = (
        f"put it into the inbox again under the name {log.old} (or run: "
        if len(olds) == 1
        else "run: "
    )
    replaces = " ".join(f"--replaces {_typed(f'{log.name}={old}')}" for old in olds)
    end = ")" if len(olds) == 1 else ""
    both = ", ".join(json.dumps([log.name, old], ensure_ascii=False) for old in olds)
    return (
        f"Is it a correction? Then {by_name}clinicreport run {replaces}{end}. Do both count? Then "
        f"write in clinic.toml, under [folder]: both = [{both}]. Is it a mere "
        f"copy? Then run: clinicreport run --replaces {_typed(f'{log.old}={log.name}')}. Until then it is in "
        f"no report, and nothing from {min(log.months)} on is mailed."
    )


def _typed(text: str) -> str:
    """As it is typed in this computer's terminal, whatever stands in a file's name."""
    special = sys.platform != "win32" and set(text) & set('"$`!\\')
    return shlex.quote(text) if special else f'"{text}"'


def still_held(clinic: OpenFolder, row: FileRow) -> bool:
    """Whether the log is held and nothing that decides about it is different since."""
    log = clinic.ledger.held_log(row.id)
    return log is not None and log.asked == _asked(clinic)


def _asked(clinic: OpenFolder) -> str:
    """What the question rests on, in one word: logs in force, wishes, and how logs are read."""
    facts = [
        clinic.in_force.mark,
        clinic.ledger.wishes(),
        clinic.request.config.folder.both,
        reading_marks(clinic.request.config),
    ]
    return hashlib.sha256(repr(facts).encode("utf-8", "surrogatepass")).hexdigest()


def answered(clinic: OpenFolder, row: FileRow, name: str) -> bool:
    """Whether a held log came again under the name of the log that it corrects: the answer."""
    log = clinic.ledger.held_log(row.id)
    if log is None or not same_name(name, log.old):
        return False
    with clinic.ledger.change() as change:
        change.wish(log.name, log.old)
        change.ask_anew(log.file)
        change.note("wished", f"{log.name} is to replace {log.old}: it came under its name")
    return True


def kept_instead(clinic: OpenFolder, row: FileRow) -> FileRow | None:
    """The log in force that a person wants in place of this held one."""
    if clinic.ledger.held_log(row.id) is None:
        return None
    wanted = [wish.new for wish in clinic.ledger.wishes() if same_name(wish.old, row.name)]
    numbers = {number for name in wanted for number in clinic.in_force.named(name)}
    return clinic.ledger.file(min(numbers)) if numbers else None


def held_back(held_logs: Sequence[HeldLog], month: str) -> str:
    """Why a month's report is mailed to nobody: a held log may correct it. Names no file."""
    held = [log for log in held_logs if min(log.months) <= month]
    if not held or not month[:4].isdigit():
        return ""
    return (
        "a log is held that may be a correction, and may count twice: STATUS.html says what to do"
    )


def ask_by_mail(clinic: OpenFolder) -> None:
    """A draft to each manager about every held log, once; drafts of what is settled go aside."""
    held = clinic.ledger.held_logs()
    managers = [one for one in clinic.request.config.recipients if one.role == MANAGER]
    if clinic.request.config.mail.mode != "off":
        for log in held:
            if not log.drafted:
                text = _text(log, clinic.request.config.name)
                for number, one in enumerate(managers, 1):
                    path = clinic.folder.outbox / f"{QUESTION}-{log.file}-{MANAGER}-{number}.eml"
                    content = note_bytes(one.address, "A session log is held", text, clinic.request)
                    write_whole(path, content, "question")
                with clinic.ledger.change() as change:
                    change.asked_by_mail(log)
                tell_held(clinic)
    _put_aside(clinic, {log.file for log in held})


def _text(log: HeldLog, clinic: str) -> str:
    """The question in words. A file may be named after a patient: no name leaves the folder."""
    olds = f"{len(log.found.beside) + 1} logs that are" if log.found.beside else "a log that is"
    told = sentence(log.found, f"{olds} counted already", cells=False)
    return (
        f"A session log that came on {log.local[:10]} ({', '.join(log.months)}) is held: {told}.\n\n"
        "Is it a correction, a copy, or do both count? Until somebody says so, it is in no report, "
        f"and nothing from {min(log.months)} on is mailed. STATUS.html in the clinic folder names "
        f"the files and says what to do.\n\n{clinic}\n"
    )


def _put_aside(clinic: OpenFolder, held: set[int]) -> None:
    """Questions that have been answered are not asked any more."""
    for path in clinic.folder.outbox.glob(f"{QUESTION}-*.eml"):
        number = path.name.split("-")[1]
        if not number.isdigit() or int(number) in held:
            continue
        try:
            clinic.folder.replaced.mkdir(exist_ok=True)
            rename(path, free_name(clinic.folder.replaced, path.name))
        except OSError as error:
            clinic.log.warning("a question cannot be put aside: %s", where(error))
