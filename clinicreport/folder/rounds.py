"""All of it: once (:func:`run_once`), and again and again (:func:`watch`)."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clinicreport.folder import (
    ahead,
    corrections,
    inbox,
    intake,
    looked_at,
    mailbox_drafts,
    month_reports,
    outbox,
    postman,
    receiving,
    staleness,
    status_page,
)
from clinicreport.folder.doubtful_clock import check_clock
from clinicreport.folder.guards import guarded, why
from clinicreport.folder.lock import Busy, locked
from clinicreport.folder.logfile import where
from clinicreport.folder.open_folder import Done, OpenFolder, opened
from clinicreport.folder.places import Folder
from clinicreport.folder.private import private
from clinicreport.folder.recover import recover
from clinicreport.folder.rejection import was_changed
from clinicreport.folder.whole_files import holds
from clinicreport.ground.errors import DamagedLedger, OutputError, UsageError, UserError

if TYPE_CHECKING:
    from clinicreport.settings.request import Request


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run was asked to do beside the usual."""

    retry: bool = False
    rebuild: bool = False
    replaces: Sequence[str] = ()
    remake: Sequence[str] = ()  # months whose report is wanted anew
    send: bool | None = None  # None: as clinic.toml says


def run_once(
    folder: Folder,
    request: Request,
    wanted: Wanted = Wanted(),
    settling: inbox.Settling | None = None,
) -> Done:
    """Handle what lies in the inbox. Raises UserError where nothing could be done at all."""
    try:
        return _run(folder, request, wanted, settling or inbox.Settling())
    except (DamagedLedger, OutputError) as error:
        if not isinstance(error, Busy):  # whoever is at work writes the page
            status_page.write_trouble(folder, request.config, str(error))
        raise


def _run(folder: Folder, request: Request, wanted: Wanted, settling: inbox.Settling) -> Done:
    with opened(folder, request, rebuild=wanted.rebuild) as clinic:
        try:
            check_clock(clinic)
            _steps(clinic, wanted, settling)
        except OSError as error:
            clinic.problem(
                f"the folder cannot be used now: {error.strerror or error}; "
                "nothing is lost, the next run goes on"
            )
        except UserError as error:
            clinic.problem(str(error))
            if isinstance(error, UsageError):
                raise
        except Exception as error:  # noqa: BLE001 (what was done is told, and the next run goes on)
            clinic.problem(f"the run was not finished: {why(error)}", where(error))
        finally:
            status_page.write(clinic)
        return clinic.done


def _steps(clinic: OpenFolder, wanted: Wanted, settling: inbox.Settling) -> None:
    from clinicreport.folder import purging, rebuild

    if wanted.rebuild:
        rebuild.rebuild(clinic)
    with guarded(clinic, "What a stopped run left is not finished", "recovering"):
        recover(clinic)
    with guarded(clinic, "What was looked at is not cleared away", "looking"):
        looked_at.clear_old(clinic)
    with guarded(clinic, "A purge is not finished", "purging"):
        purging.finish(clinic)
    with guarded(clinic, "Rejected files are not tried again", "rejected files"):
        _retry_rejected(clinic, every=wanted.retry)
    with guarded(clinic, "Files with rows in the future are not looked at", "rows ahead"):
        ahead.look_again(clinic)
    look = _look(clinic, settling)
    if wanted.replaces:
        _wish(clinic, wanted.replaces, look.ready)
    intake.take(clinic, look.ready)
    with guarded(clinic, "Held logs are not told of", "held logs"):
        corrections.tell_held(clinic)
    for month in wanted.remake:
        month_reports.want(clinic, month)
    staleness.remake_stale(clinic)
    month_reports.make_due(clinic)
    with guarded(clinic, "Messages are not composed", "composing"):
        outbox.compose_due(clinic)
    with guarded(clinic, "What is out of date is not told of", "out of date"):
        clinic.done.stale = staleness.sentences(clinic.ledger, clinic.request)
    mode = clinic.request.config.mail.mode
    if wanted.send or (wanted.send is None and mode == "send"):
        with guarded(clinic, "Messages are not sent", "sending"):
            postman.send_waiting(clinic, now=wanted.retry)
    with guarded(clinic, "Drafts are not in the mailbox", "the mailbox"):
        mailbox_drafts.put_waiting(clinic, now=wanted.retry)
    with guarded(clinic, "Messages whose fate is not known are not told of", "unsure messages"):
        postman.say_unsettled(clinic)


def _look(clinic: OpenFolder, settling: inbox.Settling) -> inbox.InboxLook:
    look = inbox.look(
        clinic.folder.inbox, _changed_rejects(clinic), clinic.request.config.folder, settling
    )
    for name, reason in look.waiting.items():
        clinic.wait(name, reason)
    for name in set(look.ignored) - settling.told:
        settling.told.add(name)
        clinic.log.info("one more file in the inbox is left alone: a temporary or hidden one")
    return look


def _changed_rejects(clinic: OpenFolder) -> list[Path]:
    """Files that somebody mended in ``rejected/`` itself."""
    rejected = clinic.ledger.rejected_files()
    return [clinic.folder.root / row.path for row in rejected if was_changed(clinic, row)]


def _retry_rejected(clinic: OpenFolder, *, every: bool) -> None:
    """Try again what was read with other settings, or ``every`` rejected file."""
    rows = clinic.ledger.rejected_files() if every else staleness.read_otherwise_now(clinic)
    for row in rows:
        with guarded(clinic, f"{row.path} is not tried again", f"file {row.id}"):
            if holds(clinic.folder.root / row.path, row.sha256):
                receiving.again(clinic, row, row.path)
    intake.settle_received(clinic)


def _wish(clinic: OpenFolder, wishes: Sequence[str], ready: Sequence[Path]) -> None:
    """Remember which log replaces which, before anything is done.

    Raises UsageError for names that are not there.
    """
    held = [log.name for log in clinic.ledger.held_logs()]
    coming = [*(path.name for path in ready), *held]
    counted = [row.name for row in month_reports.counted_files(clinic)]
    for text in wishes:
        new, old = _parted(text, [*coming, *counted])
        if not new:
            if len(coming) != 1:
                raise UsageError(
                    f"--replaces {text}: there are {len(ready)} files in the inbox; say which one "
                    f"replaces it: --replaces NEW.xlsx={text}"
                )
            new = coming[0]
        if not (_named(new, counted) and _named(old, held)):  # else a held copy is left out
            if not _named(new, coming):
                raise UsageError(f"--replaces {text}: there is no {new} in the inbox that is ready")
            if not _named(old, counted):
                known = ", ".join(counted) or "nothing"
                raise UsageError(f"--replaces {text}: no log {old} is counted (there is: {known})")
        with clinic.ledger.change() as change:
            change.wish(new, old)
            change.note("wished", f"{new} is to replace {old}")


def _parted(text: str, names: Sequence[str]) -> tuple[str, str]:
    """NEW and OLD of NEW=OLD: names that there are, since a name may hold "=" itself."""
    pairs = [(text[:at], text[at + 1 :]) for at, char in enumerate(text) if char == "="]
    known = [pair for pair in pairs if all(_named(name, names) for name in pair)]
    return (known or [("", text) if _named(text, names) else text.rpartition("=")[::2]])[0]


def _named(name: str, names: Sequence[str]) -> bool:
    return any(corrections.same_name(name, one) for one in names)


@dataclass(slots=True)
class Watcher:
    """Runs again and again. After trouble the pauses grow, up to the limit in clinic.toml."""

    folder: Folder
    request: Callable[[], Request]  # made anew each time: settings and the day can change
    told: Callable[[Done], None]
    trouble: Callable[[str], None]
    sleep: Callable[[float], None] = time.sleep
    pause: float = 0.0

    def run(self, rounds: int | None = None) -> None:
        """Run until stopped, or for a number of rounds."""
        settling = inbox.Settling()
        while rounds is None or rounds > 0:
            poll, longest = self._once(settling)
            self.pause = min(max(poll, self.pause), max(poll, longest))
            self.sleep(self.pause)
            rounds = None if rounds is None else rounds - 1

    def _once(self, settling: inbox.Settling) -> tuple[float, float]:
        """One round; how long to pause, and the longest pause."""
        poll, longest = 10.0, 900.0
        try:
            request = self.request()
            poll = request.config.folder.poll_seconds
            longest = request.config.folder.longest_pause_minutes * 60
            done = run_once(self.folder, request, settling=settling)
            self.told(done)
        except UserError as error:
            self.trouble(str(error))
        except OSError as error:
            self.trouble(f"{self.folder.root}: {error.strerror or error}")
        except Exception as error:  # noqa: BLE001 (it goes on watching, whatever that was)
            self.trouble(f"{self.folder.root}: {why(error)}")
        else:
            if not done.problems:
                self.pause = 0.0
                return poll, longest
        self.pause = max(poll, self.pause) * 2
        return poll, longest


def check_free(folder: Folder, request: Request) -> None:
    """Raises Busy where another program works in the folder."""
    shared = request.config.folder.shared
    with private(shared=shared), locked(folder.root, shared=shared):
        pass
