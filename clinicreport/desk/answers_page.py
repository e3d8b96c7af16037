"""What of a report waits for somebody's word: its error findings, and its version for sharing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinicreport.desk.button_words import by_button
from clinicreport.desk.month_page import looked_over
from clinicreport.folder import shared_again
from clinicreport.folder.hold_reasons import read_acknowledged

if TYPE_CHECKING:
    from clinicreport.desk.desk_state import Desk
    from clinicreport.folder.ledger_rows import ErrorFinding, ReportRow
    from clinicreport.outcomes.finding_life import Reply


@dataclass(frozen=True, slots=True)
class AnsweredFinding:
    """A finding, what stands for it in an address, and what somebody said of it."""

    error: ErrorFinding
    handle: str
    reply: Reply | None

    @property
    def words(self) -> str:
        """What was found, with the page's button where a command is named."""
        return by_button(self.error.message)

    @property
    def is_sharing(self) -> bool:
        """Whether it is a version for sharing that waits, and no finding in a log."""
        return self.error.rule == shared_again.RULE


@dataclass(frozen=True, slots=True)
class AnswersPage:
    """The newest report of a month, what is open about it, and what is answered."""

    report: ReportRow
    open: tuple[AnsweredFinding, ...]
    answered: tuple[AnsweredFinding, ...]

    @property
    def errors(self) -> int:
        """Open error findings; with any of them nothing of the month is mailed."""
        return sum(not one.is_sharing for one in self.open)


def answers_page(desk: Desk, number: str) -> AnswersPage | None:
    """The page as things stand; of the newest report of the month that the report of
    this number is of; None where there is none. Raises UserError."""
    with looked_over(desk.place(), desk.request()) as clinic:
        meant = clinic.ledger.report(int(number)) if number.isdecimal() else None
        report = meant and clinic.ledger.last_report(meant.month)
        if report is None:
            return None
        waits = clinic.ledger.marks(shared_again.HELD_BACK, report.id)
        name = waits["name"] if waits else ""
        pending = [one for one in shared_again.pending(clinic) if one.finding == name]
        errors = [*clinic.ledger.error_findings(report.id), *pending]
        said = read_acknowledged(clinic)
    found = [
        (said.covers(error), AnsweredFinding(error, desk.handle(error.finding), said.reply(error)))
        for error in errors
    ]
    return AnswersPage(
        report,
        tuple(one for covered, one in found if not covered),
        tuple(one for covered, one in found if covered),
    )
