"""Who gets what of a month's report: shown first, then drafted or sent on a yes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinicreport.desk.month_page import UNSETTLED, looked_over
from clinicreport.desk.runs import when_free
from clinicreport.folder import mailing, postman
from clinicreport.folder.hold_reasons import hold_reason
from clinicreport.folder.mail_preview import SENDABLE, basis, shown
from clinicreport.folder.mailing import WOULD_GO
from clinicreport.folder.whole_files import holds
from clinicreport.ground.errors import UsageError

if TYPE_CHECKING:
    from clinicreport.desk.desk_state import Desk
    from clinicreport.folder.ledger_rows import MessageRow, ReportRow
    from clinicreport.folder.mail_preview import ShownRecipient
    from clinicreport.folder.open_folder import Done, OpenFolder

NO_MORE = "What was shown does not hold any more."
ANSWERS = {"arrived": "unsure", "again": "unsure", "seen": "failed"}  # to messages in which state


class PreviewChangedError(UsageError):
    """What was shown does not hold any more."""


class NoReportError(UsageError):
    """The ledger has no report of this number."""


@dataclass(frozen=True, slots=True)
class MailPage:
    """The preview of a report's mail, and what it rests on (``basis``).

    ``newest``: the number of the month's newest report; of another one nothing is mailed any more.
    ``server``: mail can be sent from here; ``automatic``: the automatic run sends what waits, without
    asking; ``nobody``: why there is nobody to send it to.
    """

    report: ReportRow
    recipients: tuple[ShownRecipient, ...]
    basis: str
    newest: int
    server: bool
    automatic: bool
    nobody: str
    unsettled: tuple[MessageRow, ...]

    @property
    def to_draft(self) -> list[int]:
        """The numbers, from 0, of those for whom a draft can be made."""
        return self._those([WOULD_GO])

    @property
    def to_send(self) -> list[int]:
        """The numbers of those who can be sent something that they do not have."""
        return self._those([WOULD_GO, "queued"])

    @property
    def sendable(self) -> list[int]:
        """The numbers of those who can be sent something where they are named: a draft, too."""
        return self._those(SENDABLE)

    def _those(self, codes: Sequence[str]) -> list[int]:
        return [
            at
            for at, one in enumerate(self.recipients)
            if one.anew is not None and one.line.code in codes
        ]

    def can_be_sent(self, wanted: str) -> list[int]:
        """Which of the numbers in a text ("0,2") something can be sent to; :attr:`to_send` for an
        empty one."""
        if not wanted:
            return self.to_send
        return sorted({int(one) for one in wanted.split(",") if one.isdecimal()} & {*self.sendable})

    def drafts_among(self, whom: Sequence[int]) -> bool:
        """Whether a draft was made for one of them, which somebody may have sent."""
        return any(self.recipients[at].line.code == "drafted" for at in whom)


def mail_page(desk: Desk, name: str, number: int) -> MailPage:
    """The preview, in the worker: what a recipient would get is made for it. Raises UserError."""

    def look() -> MailPage:
        from clinicreport.folder.open_folder import opened

        with opened(desk.place(), desk.request()) as clinic:
            return _looked(clinic, number)

    return when_free(desk, name, "a run", look)


def _looked(clinic: OpenFolder, number: int) -> MailPage:
    report = clinic.ledger.report(number)
    if report is None:
        raise NoReportError("There is no such report.")
    nobody = ""
    try:
        recipients = mailing.chosen(clinic, ())
    except UsageError as error:
        recipients, nobody = [], str(error)
    postman.mark_unsure(clinic)  # nobody else is at work: what is being sent was stopped
    newest = clinic.ledger.last_report(report.month)
    about = clinic.ledger.messages_about(report.id)
    return MailPage(
        report,
        tuple(shown(clinic, report, recipients)) if newest and newest.id == report.id else (),
        basis(clinic, report, recipients),
        newest.id if newest else 0,
        bool(clinic.request.config.mail.server),
        clinic.request.config.mail.mode == "send",
        nobody,
        tuple(row for row in about if row.state in UNSETTLED),
    )


def still_holds(desk: Desk, page: MailPage) -> bool:
    """Whether a preview that was made earlier is that of now."""
    with looked_over(desk.place(), desk.request()) as clinic:
        report = clinic.ledger.report(page.report.id)
        newest = clinic.ledger.last_report(page.report.month)
        recipients = clinic.request.config.recipients
        return (
            report is not None
            and newest is not None
            and newest.id == page.newest
            and basis(clinic, report, recipients) == page.basis
        )


@dataclass(frozen=True, slots=True)
class MailOrder:
    """What somebody said yes to: the report, whom of the list (numbers from 0), and what they were
    shown (its basis)."""

    report: int
    whom: tuple[int, ...]
    shown: str
    send: bool


def carry_out(desk: Desk, name: str, order: MailOrder) -> Done:
    """Draft it or send it, as ``mail`` does, if what was shown still holds: else nothing leaves,
    and PreviewChangedError raised. Raises UserError too."""

    def deliver() -> Done:
        from clinicreport.folder import status_page
        from clinicreport.folder.open_folder import opened
        from clinicreport.folder.recover import recover

        with opened(desk.place(), desk.request()) as clinic:
            recover(clinic)  # what it takes up may change what was shown
            report = clinic.ledger.report(order.report)
            everybody = clinic.request.config.recipients
            if report is None or basis(clinic, report, everybody) != order.shown:
                raise PreviewChangedError(NO_MORE)
            whom = [everybody[at] for at in order.whom if at < len(everybody)]
            lines = mailing.preview(clinic, [report], whom)
            if any(line.code not in (SENDABLE if order.send else [WOULD_GO]) for line in lines):
                raise PreviewChangedError(NO_MORE)
            for again in (False, True):  # a draft is sent once more, being named
                some = [
                    one
                    for one, line in zip(whom, lines, strict=True)
                    if (line.code == "drafted") == again
                ]
                if some:
                    mailing.deliver(
                        clinic, [report], some, send=order.send, again=again, repeat=set()
                    )
            status_page.write(clinic)
            return clinic.done

    return when_free(desk, name, "a run", deliver)


def draft_lies(clinic: OpenFolder, row: MessageRow) -> bool:
    """Whether a message is a draft that lies in the outbox as it was made, and may be sent."""
    report = clinic.ledger.report(row.report)
    return (
        row.state == "drafted"
        and report is not None
        and not hold_reason(clinic, report)
        and holds(clinic.folder.root / row.path, row.sha256)
    )


def settle(desk: Desk, number: int, answer: str) -> int | None:
    """What somebody found out about a message: see :func:`postman.settle`. The number of its report;
    None where the answer is not about the message's state as it is now. Raises UserError."""
    from clinicreport.folder import status_page
    from clinicreport.folder.open_folder import opened

    with opened(desk.place(), desk.request()) as clinic:
        postman.mark_unsure(clinic)
        row = clinic.ledger.message(number)
        if row is None or row.state != ANSWERS.get(answer):
            return None
        postman.settle(clinic, row, repeat=answer == "again")
        status_page.write(clinic)
        return row.report


def draft_instead(desk: Desk, number: int) -> int | None:
    """A message that waits to be sent becomes a draft. The number of its report; None where it does
    not wait. Raises UserError."""
    from clinicreport.folder import status_page
    from clinicreport.folder.open_folder import opened

    with opened(desk.place(), desk.request()) as clinic:
        row = clinic.ledger.message(number)
        if row is None or row.state != "queued":
            return None
        mailing.as_a_draft(clinic, row)
        status_page.write(clinic)
        return row.report
