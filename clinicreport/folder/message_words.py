"""A message of the outbox in words, with the way out of whatever keeps it: the same on the screen,
in the status and on the clinic's pages."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from clinicreport.folder import clock, corrections

if TYPE_CHECKING:
    from clinicreport.folder.ledger import Ledger
    from clinicreport.folder.ledger_rows import MessageRow

KEPT = ("id", "month", "address", "role", "state", "reason", "path", "next_utc", "sent_local")
BY_SERVER = "send"  # how a message leaves; else a person sends the draft


def facts(ledger: Ledger, row: MessageRow) -> dict[str, Any]:
    """What ``status --json`` prints of a message. ``report``: the file that it is about; ``wait``:
    why a draft should not be sent as things stand, empty for none."""
    report = ledger.report(row.report)
    held = corrections.held_back(ledger.held_logs(), row.month) if row.state == "drafted" else ""
    return {name: getattr(row, name) for name in KEPT} | {
        "how": row.how,
        "report": report.path if report else "",
        "wait": held,
    }


def in_words(one: dict[str, Any]) -> str:
    """Its state, why, and what to do."""
    words = {
        "drafted": f"draft, to be sent by hand: {one['path']}",
        "not-sent": "not sent",
        "queued": "waits to be sent",
    }
    state = words.get(one["state"], one["state"])
    when = f" on {clock.shown(one['sent_local'])}" if one["sent_local"] else ""
    who = f"no. {one['id']}, {one['month']} to {one['address']} ({one['role']})"
    return f"{who}: {state}{when}{_why(one)}{_way_out(one)}"


def _why(one: dict[str, Any]) -> str:
    """Why it is in its state; what a server said of one that it took is of no use to anybody."""
    if not one["reason"] or one["state"] == "sent":
        return ""
    if one["state"] == "drafted":  # the reason is about the mailbox
        before = "not in the mailbox yet: " if one["next_utc"] else ""
        return f" ({before}{one['reason']})"
    return f": {one['reason']}"


def of_row(ledger: Ledger, row: MessageRow) -> str:
    """The same of a row of the ledger."""
    return in_words(facts(ledger, row))


def _way_out(one: dict[str, Any]) -> str:
    """What a person can do, beginning a sentence; empty where nothing is to be done."""
    state = one["state"]
    if one["wait"]:
        return f". Do not send it yet: {one['wait']}"
    if state == "queued" or (state == "drafted" and one["next_utc"]):
        return _at_once(one["next_utc"], "run --retry" if state == "drafted" else "mail --send")
    if state == "unsure":
        return (
            ". Ask whether it came. If it did: clinicreport mail --arrived; "
            "if not: clinicreport mail --retry-unsure"
        )
    if state == "failed":
        send = " --send" if one["how"] == BY_SERVER else ""
        report = f'"{one["report"]}"' if " " in one["report"] else one["report"]
        return (
            f". It cannot go as it is. Mend that, then: clinicreport mail {report} "
            f"--to {one['address']}{send}; or hand the report over another way, then: "
            "clinicreport mail --settled"
        )
    return ""


def _at_once(next_utc: str | None, command: str) -> str:
    """When it is tried again, where that was put off, and how it is tried now."""
    if not next_utc:
        return f". At once: clinicreport {command}"
    later = clock.shown(datetime.fromisoformat(next_utc).astimezone().isoformat())
    return f". Not tried again before {later}; at once: clinicreport {command}"
