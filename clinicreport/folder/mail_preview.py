"""What each recipient would get, to the letter, before anything is written; and whether what was
shown still holds when somebody says yes."""

from __future__ import annotations

import email
import email.policy
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from clinicreport.folder import shared_memory
from clinicreport.folder.composing import draft_of
from clinicreport.folder.guards import why
from clinicreport.folder.hold_reasons import read_acknowledged
from clinicreport.folder.ledger_rows import MessageRow, ReportRow
from clinicreport.folder.mailing import (
    HELD,
    NO_PASSWORD,
    WOULD_GO,
    PreviewLine,
    preview,
    without_password,
)
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.roles import NotSent, Packer, Withheld
from clinicreport.folder.whole_files import holds
from clinicreport.ground import pages
from clinicreport.ground.errors import UserError
from clinicreport.ground.held_files import bytes_of
from clinicreport.mail.compose import Draft
from clinicreport.mail.passwords import NoPassword
from clinicreport.settings.config import Recipient
from clinicreport.settings.marks import report_marks

STORED = ("drafted", "queued")  # messages that lie in outbox/ as they are
NOTHING = "nothing"  # code of who would get nothing of this report
SENDABLE = (WOULD_GO, *STORED, "failed", "not-sent")  # codes of who can be sent it


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message as its recipient would read it. ``size``: of the attachment, in bytes."""

    subject: str
    text: str
    attachment: str
    size: int


@dataclass(frozen=True, slots=True)
class ShownRecipient:
    """A recipient's line of the preview, their newest message about the report, and what it says or
    would say (None where there is nothing to be said). ``stored``: it lies in the outbox.

    ``anew``: what is sent on a yes, which is composed for it even where a message lies in the outbox
    that was made with other settings; None where nothing can be.
    """

    line: PreviewLine
    row: MessageRow | None
    message: ShownMessage | None = None
    anew: ShownMessage | None = None
    stored: bool = False

    @property
    def differs(self) -> bool:
        """Whether what is sent on a yes says something else than what lies in the outbox. A file
        that is made and encrypted anew may be a few bytes longer, and says the same."""
        lies, anew = self.message, self.anew
        if not (self.stored and lies and anew):
            return False
        return replace(lies, size=0) != replace(anew, size=0)


def shown(
    clinic: OpenFolder, report: ReportRow, recipients: Sequence[Recipient]
) -> list[ShownRecipient]:
    """Each recipient with what they would get. Raises UserError, OSError."""
    packer = Packer(clinic, report)
    return [
        _shown(clinic, packer, report, one, line)
        for one, line in zip(recipients, preview(clinic, [report], recipients), strict=True)
    ]


def _shown(
    clinic: OpenFolder, packer: Packer, report: ReportRow, one: Recipient, line: PreviewLine
) -> ShownRecipient:
    row = clinic.ledger.last_message(report.id, one.address, one.role)
    if row and line.code in STORED and (lies := _stored(clinic, row)):
        return _beside(clinic, packer, report, one, ShownRecipient(line, row, lies, stored=True))
    if line.code not in SENDABLE:
        return ShownRecipient(line, row)
    try:
        anew = _as_read(draft_of(clinic, report, one, packer.parcel(one)))
    except NotSent as reason:
        return ShownRecipient(replace(line, code=NOTHING, state=f"not-sent: {reason}"), row)
    except (NoPassword, Withheld) as reason:
        code = NO_PASSWORD if isinstance(reason, NoPassword) else HELD
        return ShownRecipient(replace(line, code=code, state=f"held back: {reason}"), row)
    return ShownRecipient(line, row, anew, anew)


def _beside(
    clinic: OpenFolder, packer: Packer, report: ReportRow, one: Recipient, lies: ShownRecipient
) -> ShownRecipient:
    """A message that lies in the outbox, and what is sent on a yes in its place."""
    if not clinic.request.config.mail.server:
        return lies
    try:
        return replace(lies, anew=_as_read(draft_of(clinic, report, one, packer.parcel(one))))
    except (NotSent, Withheld) as reason:
        said = str(reason)
    except (UserError, OSError) as error:
        said = why(error)
    state = f"{lies.line.state}; it cannot be sent from here now: {said}"
    return replace(lies, line=replace(lies.line, state=state))


def _as_read(draft: Draft) -> ShownMessage:
    return ShownMessage(draft.subject, draft.text, draft.attachment_name, len(draft.attachment))


def _stored(clinic: OpenFolder, row: MessageRow) -> ShownMessage | None:
    """A message as it lies in the outbox; None where it does not."""
    try:
        content = bytes_of(clinic.folder.root / row.path)
    except OSError:
        return None
    if hashlib.sha256(content).hexdigest() != row.sha256:
        return None
    message = email.message_from_bytes(content, policy=email.policy.default)
    text = message.get_body(("plain",))
    parts = [(str(one.get_filename()), one.get_content()) for one in message.iter_attachments()]
    name, attached = parts[0] if parts else ("", b"")
    words = text.get_content().replace("\r\n", "\n") if text else ""
    return ShownMessage(str(message["Subject"]), words, name, len(attached))


def basis(clinic: OpenFolder, report: ReportRow, recipients: Sequence[Recipient]) -> str:
    """Everything that a preview rests on, in one word: as long as it is the same, so is the mail."""
    ledger, request, root = clinic.ledger, clinic.request, clinic.folder.root
    about = ledger.messages_about(report.id)
    lying = [holds(root / one.path, one.sha256) for one in about if one.state in STORED]
    facts = [
        report,
        request.config.model_dump_json(),
        report_marks(request),
        pages.own_templates(root),
        str(request.today),
        ledger.contents_in_force(),
        ledger.held_logs(),
        [told.name for told in shared_memory.given_in(ledger)],
        about,
        [holds(root / report.path, report.sha256), *lying],
        sorted(read_acknowledged(clinic).findings),
        preview(clinic, [report], recipients),
        [without_password(clinic, one) for one in recipients],
    ]
    return hashlib.sha256(repr(facts).encode("utf-8", "surrogatepass")).hexdigest()
