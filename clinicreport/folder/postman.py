"""Sends what waits in the outbox.

*queued* → *sending* (from the moment the server may have it) → *sent*, on the server's acceptance.
A message that is found *sending*, or whose answer was lost, is *unsure*: it may have arrived, so it
is never repeated without asking.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from clinicreport.folder import clock, message_words, put_aside
from clinicreport.folder.guards import why
from clinicreport.folder.hold_reasons import hold_reason
from clinicreport.folder.ledger_rows import MessageRow
from clinicreport.folder.logfile import where
from clinicreport.folder.message_state import recipient_of, tell
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.steps import fault
from clinicreport.folder.whole_files import holds
from clinicreport.ground.errors import UserError
from clinicreport.ground.held_files import bytes_of, opened
from clinicreport.mail.conversation import Refused, Stopped
from clinicreport.mail.smtp import Connection, Unsure

FIRST, LONGEST = timedelta(minutes=5), timedelta(hours=4)
GIVE_UP, ENOUGH_TRIES = timedelta(days=5), 10  # both, since a clock may jump
PLACEHOLDER = "manager@clinic.example"  # as in the template of clinic.toml


def pause(tries: int) -> timedelta:
    """How long to wait after so many tries: 5 minutes, doubled, up to 4 hours."""
    doubled: int = 2 ** min(max(tries - 1, 0), 10)
    return min(LONGEST, FIRST * doubled)


def mark_unsure(clinic: OpenFolder) -> None:
    """What was being sent when the program was stopped may have arrived."""
    for row in clinic.ledger.messages_in("sending"):
        _unsure(clinic, row, "the program was stopped while the server took the message")


def send_waiting(
    clinic: OpenFolder, *, now: bool = False, only: Callable[[MessageRow], bool] | None = None
) -> None:
    """Send every queued message that is due; with ``now`` whatever its pause; ``only``: those."""
    mark_unsure(clinic)
    rows = [row for row in clinic.ledger.messages_in("queued") if only is None or only(row)]
    due = [row for row in rows if now or clock.is_due(row.next_utc, LONGEST)]
    for row in rows:
        if row not in due:
            clinic.done.mail_problems.append(message_words.of_row(clinic.ledger, row))
    due = [row for row in due if _can_be_read(clinic, row) and _may_go(clinic, row)]
    if not due:
        return
    if not clinic.request.config.mail.server:
        clinic.done.mail_problems.append("no mail server is set in clinic.toml: nothing was sent")
        return
    _send_all(clinic, due)
    put_aside.move_sent(clinic)


def _send_all(clinic: OpenFolder, due: list[MessageRow]) -> None:
    """One connection for all, until the server says that nothing more goes."""
    try:
        with Connection(clinic.request.config.mail, clinic.folder.root) as connection:
            for row in due:
                _send(clinic, connection, row)
    except Stopped as stop:
        _stopped(clinic, due, str(stop), alarm=stop.alarm)
    except Unsure as error:
        clinic.done.mail_problems.append(str(error))
    except UserError:
        raise
    except Exception as error:  # noqa: BLE001 (each message keeps why it waits; watch goes on)
        _stopped(
            clinic, due, f"sending stopped ({where(error)}): tell who looks after it", alarm=True
        )


def _stopped(clinic: OpenFolder, due: list[MessageRow], why: str, *, alarm: bool) -> None:
    """What was due and is still queued waits, with the reason."""
    clinic.log.warning("mail stopped: %s", why)
    clinic.done.mail_problems.append(why)
    for row in clinic.ledger.messages_in("queued"):
        if any(row.id == one.id for one in due):
            _later(clinic, row, why, alarm=alarm)


def _can_be_read(clinic: OpenFolder, row: MessageRow) -> bool:
    """Whether nobody holds the stored message; one that is lost is made again elsewhere."""
    path = clinic.folder.root / row.path
    try:
        if path.is_file():
            opened(path).close()
    except OSError as error:
        _problem(clinic, row, f"it waits, since {path.name} cannot be opened: {why(error)}")
        return False
    return True


def _may_go(clinic: OpenFolder, row: MessageRow) -> bool:
    """The gate once more, right before sending: the allow-list, the findings, the very bytes."""
    recipient = recipient_of(clinic, row)
    if recipient is None or not clinic.request.config.mail.allows(row.address):
        _end(clinic, row, "not-sent", "the recipient is no longer in clinic.toml")
        return False
    if row.address == PLACEHOLDER and clinic.request.config.mail.server != "localhost":
        _problem(
            clinic,
            row,
            f"{PLACEHOLDER} is the example from the template: put the real "
            "address into clinic.toml",
        )
        return False
    report = clinic.ledger.report(row.report)
    reason = hold_reason(clinic, report) if report else "its report is gone"
    if reason:
        _end(clinic, row, "held", reason)
        return False
    if not holds(clinic.folder.root / row.path, row.sha256):
        _end(clinic, row, "planned", "the stored message was changed or lost; it is made again")
        return False
    return True


def _send(clinic: OpenFolder, connection: Connection, row: MessageRow) -> None:
    content = bytes_of(clinic.folder.root / row.path)
    fault("send: begun")

    def at_the_end() -> None:
        fault("send: transmitted")
        with clinic.ledger.change() as change:
            change.sending(row)
        fault("send: sending")

    try:
        answer = connection.send(row.address, content, at_the_end)
    except Refused as refusal:
        if refusal.later:
            _later(clinic, row, str(refusal))
            _problem(clinic, row, str(refusal))
        else:
            _end(clinic, row, "failed", str(refusal))
    except Stopped as stop:
        if stop.alarm or _state(clinic, row) == "queued":
            raise
        _later(clinic, row, str(stop))  # refused at the end: it is certain that it was not taken
        raise
    except Unsure as error:
        _unsure(clinic, row, str(error))
        raise
    else:
        fault("send: accepted")
        _sent(clinic, row, answer)


def _state(clinic: OpenFolder, row: MessageRow) -> str:
    now = clinic.ledger.message(row.id)
    return now.state if now else ""


def _sent(clinic: OpenFolder, row: MessageRow, answer: str) -> None:
    with clinic.ledger.change() as change:
        change.record_sent(row, answer)
    clinic.log.info("message %s sent", row.id)
    tell(clinic, row.id)
    fault("send: recorded")


def _later(clinic: OpenFolder, row: MessageRow, reason: str, *, alarm: bool = False) -> None:
    """Back into the queue, with a pause; after days of it the message fails."""
    moment = clock.now()
    waited = moment - datetime.fromisoformat(row.queued_utc or row.utc)
    if waited > GIVE_UP and row.tries >= ENOUGH_TRIES:
        _end(clinic, row, "failed", f"not taken for {GIVE_UP.days} days; the last answer: {reason}")
        return
    tries = row.tries + 1
    next_utc = clock.stamp(moment + (LONGEST if alarm else pause(tries)))[0]
    with clinic.ledger.change() as change:
        change.queue_again(row, tries, next_utc, reason)
    clinic.log.warning("message %s waits: %s", row.id, reason.partition(" (the server said")[0])
    tell(clinic, row.id)


def _end(clinic: OpenFolder, row: MessageRow, state: str, reason: str) -> None:
    with clinic.ledger.change() as change:
        change.end_message(row, state, reason)
    clinic.log.warning("message %s is now %s", row.id, state)
    tell(clinic, row.id)


def _unsure(clinic: OpenFolder, row: MessageRow, reason: str) -> None:
    _end(clinic, row, "unsure", f"{reason}: it may have arrived")


def _problem(clinic: OpenFolder, row: MessageRow, text: str) -> None:
    clinic.done.mail_problems.append(f"message {row.id} to {row.address}: {text}")


def say_unsettled(clinic: OpenFolder) -> None:
    """What only a person can settle is said at every run until then, whatever the mode."""
    for row in (*clinic.ledger.messages_in("unsure"), *clinic.ledger.messages_in("failed")):
        clinic.done.mail_problems.append(message_words.of_row(clinic.ledger, row))


def settle(clinic: OpenFolder, row: MessageRow, *, repeat: bool) -> None:
    """What a person decided: send it again under the same identity, or it did arrive. One that
    failed for good is seen to."""
    if row.state == "failed":
        _end(clinic, row, "not-sent", "settled: a person saw to it")
        return
    state = "queued" if repeat else "sent"
    said = "repeated on request" if repeat else "arrived, as a person found out"
    with clinic.ledger.change() as change:
        change.settle_message(row, state, said)
    clinic.log.warning("message %s: %s", row.id, said)
    tell(clinic, row.id)
