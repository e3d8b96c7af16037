"""Who gets what: a recipient's role decides, in this one place.

manager: the clinic report. therapist: the report on their own patients, always encrypted.
outside: only the version for sharing, which has no patients and hides small counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from clinicreport.folder import month_reports, shared_again
from clinicreport.folder.ledger_rows import ReportRow
from clinicreport.folder.month import Month, earlier_path
from clinicreport.folder.month_figures import headline
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.shared_memory import marks_of
from clinicreport.folder.whole_files import holds
from clinicreport.ground.held_files import bytes_of
from clinicreport.mail.encrypt import encrypted
from clinicreport.mail.passwords import attachment_password
from clinicreport.settings.config import Recipient

if TYPE_CHECKING:
    from clinicreport.log.findings import Finding
    from clinicreport.outcomes.analysis import Checked
    from clinicreport.path import Report


class NotSent(Exception):  # noqa: N818 (a sentence for people, no fault)
    """There is nothing that this recipient may get."""


class Withheld(Exception):  # noqa: N818 (a sentence for people, no fault)
    """It cannot be made now; it waits."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one recipient gets."""

    name: str  # of the attached file
    workbook: bytes
    encrypted: bool
    figures: dict[str, Any]
    about: str  # in words, for the message and the preview
    shared: dict[str, str] = field(default_factory=dict)  # what is remembered of it


WHAT = {
    "manager": "the clinic report",
    "therapist": "the report on their own patients, encrypted",
    "outside": "the version for sharing, without patients",
}


class Packer:
    """Makes the parcels of one report; what several recipients need is computed once."""

    def __init__(self, clinic: OpenFolder, report: ReportRow) -> None:
        self._clinic = clinic
        self._report = report

    def parcel(self, recipient: Recipient) -> Parcel:
        """What the recipient gets. Raises NotSent, Withheld, or NoPassword."""
        make = {"manager": self._manager, "therapist": self._therapist, "outside": self._outside}
        return make[recipient.role](recipient)

    def shared(self) -> Parcel:
        """The version for sharing, in the clear. Raises Withheld.

        Without figures in the message: the workbook hides small counts, and it says which.
        """
        if held := shared_again.waits(self._clinic, self._report):
            raise Withheld(held)
        versions = self._month.report.shared_versions()
        version = shared_again.compared(self._clinic, self._report, versions)
        if isinstance(version, str):
            raise Withheld(version)
        return Parcel(
            self._name("shared-report"),
            version.workbook(),
            False,  # noqa: FBT003
            {"caveat": self._clinic.request.protocol.caveat},
            "the report for sharing",
            marks_of(version.told),
        )

    def _name(self, stem: str) -> str:
        version = self._report.version
        suffix = f".v{version}" if version > 1 else ""
        return f"{stem}-{self._report.month}{suffix}.xlsx"

    def _manager(self, recipient: Recipient) -> Parcel:
        workbook = self._workbook()
        if recipient.encrypt:
            workbook = encrypted(workbook, self._password(recipient))
        name, figures = self._name("clinic-report"), self._report.figures
        return Parcel(name, workbook, recipient.encrypt, figures, "the clinic report")

    def _therapist(self, recipient: Recipient) -> Parcel:
        password = self._password(recipient)
        month = self._month
        own = own_patients(month.checked, recipient.therapist)
        if own is None:
            raise NotSent(f"no visit of the month's courses names {recipient.therapist}")
        workbook = encrypted(own.workbook(), password)
        return Parcel(
            self._name("patients"),
            workbook,
            True,  # noqa: FBT003
            headline(own.analysis, own.checked),
            "the report on your own patients",
        )

    def _outside(self, recipient: Recipient) -> Parcel:
        parcel = self.shared()
        if not recipient.encrypt:
            return parcel
        content = encrypted(parcel.workbook, self._password(recipient))
        return replace(parcel, workbook=content, encrypted=True)

    def _password(self, recipient: Recipient) -> str:
        return attachment_password(
            recipient, self._clinic.request.config.mail, self._clinic.folder.root
        )

    def _workbook(self) -> bytes:
        """The bytes that were made and recorded, never a file that somebody changed since."""
        path = self._clinic.folder.root / self._report.path
        for candidate in (path, earlier_path(path, self._report.version)):
            if holds(candidate, self._report.sha256):
                return bytes_of(candidate)
        raise Withheld(
            f"{self._report.path} is not the report that was made (changed by hand, or gone); "
            "put the log into the inbox again for a new one"
        )

    @cached_property
    def _month(self) -> Month:
        found = month_reports.compute(self._clinic, self._report.month)
        if found is None:
            raise Withheld("the month's logs are gone")
        return found


def own_patients(checked: Checked, therapist: str) -> Report | None:
    """The month for the patients whom a course in scope gives to the therapist; None for none.

    All visits of such a patient are in it, whoever gave them; nothing of anybody else is.
    """
    import numpy as np

    from clinicreport.folder.nameless_logs import without_names
    from clinicreport.ground.frame import codes
    from clinicreport.log.cells import plain
    from clinicreport.log.courses import find_courses
    from clinicreport.path import counted

    visits = checked.courses.visits
    whose, names = codes(visits["therapist"])
    same = [number for number, name in enumerate(names) if plain(name) == plain(therapist)]
    named = np.isin(whose, same)
    mine = np.isin(visits["who"], visits["who"][named & visits["in_scope"]])
    if not mine.any():
        return None
    theirs = visits.only(mine)
    people = set(zip(theirs["patient_id"], theirs["clinic"], strict=True))

    def about(finding: Finding) -> bool:
        return (finding.patient, finding.clinic) in people

    own = np.isin(np.arange(len(checked.log.visits)), theirs["place"])
    log = checked.log.only(own, about)
    findings = tuple(filter(about, checked.findings))
    courses = find_courses(log, checked.request.protocol, checked.request.period)
    theirs_alone = checked._replace(log=log, courses=courses, findings=findings)
    return counted(without_names(theirs_alone))
