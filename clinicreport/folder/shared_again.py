"""Versions for sharing, compared with those given before: where few patients differ, whoever has
both could tell by subtraction what became of them. Such a one is held, until more patients changed
or somebody releases it knowing that (``clinicreport acknowledge``, or ``--release``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from clinicreport.books.share.differencing import given_away
from clinicreport.books.share.suppression import FEWEST
from clinicreport.books.share.told import Told
from clinicreport.folder.gate import acknowledged
from clinicreport.folder.ledger_rows import ErrorFinding, ReportRow
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.shared_memory import given_in
from clinicreport.log.finding_ids import digest

HELD_BACK = "shared-held"  # what the ledger keeps marks of, by report
RULE = "shared-again"


class Shareable(Protocol):
    """A version for sharing, of a clinic or a network."""

    @property
    def told(self) -> Told:
        """What it tells, of whom."""
        ...


Version = TypeVar("Version", bound=Shareable)


class HeldBack(Exception):  # noqa: N818 (a sentence for people, no fault)
    """A version that would give few patients away: how many, and its name."""

    def __init__(self, few: int, name: str) -> None:
        super().__init__(few, name)
        self.few, self.name = few, name


def chosen(
    given: Sequence[Told], versions: Iterable[Version], released: Callable[[Told], bool]
) -> Version:
    """The first of the versions that may be given. Raises HeldBack where none may."""
    first: tuple[int, Version] | None = None
    for version in versions:
        few = given_away(given, version.told)
        if not few:
            return version
        first = first or (few, version)
    assert first is not None
    few, version = first
    if released(version.told):
        return version
    raise HeldBack(few, version.told.name)


def waits(clinic: OpenFolder, report: ReportRow) -> str:
    """Why the report's version for sharing is held, as far as is known without making it."""
    kept = clinic.ledger.marks(HELD_BACK, report.id)
    if kept is None or kept["name"] in _released(clinic):
        return ""
    return _reason(kept)


def compared(clinic: OpenFolder, report: ReportRow, versions: Iterable[Version]) -> Version | str:
    """The version that may go beside those given before; or why none may, which is kept."""
    said = _released(clinic)

    def released(told: Told) -> bool:
        return _acknowledged_as(report, told.name) in said

    try:
        return chosen(given_in(clinic.ledger), versions, released)
    except HeldBack as held:
        kept = {"name": _acknowledged_as(report, held.name), "count": str(held.few)}
        with clinic.ledger.change() as change:
            change.keep_marks(HELD_BACK, report.id, kept)
        return _reason(kept)


def _acknowledged_as(report: ReportRow, name: str) -> str:
    """By what a line of acknowledged.csv names this version."""
    return f"{digest(RULE, report.month)}-{digest(name)[:9]}"


def _released(clinic: OpenFolder) -> set[str]:
    return acknowledged(clinic.folder.acknowledged, clinic.request.config.date_order).findings


def why_held(few: int | str, release: str) -> str:
    """Why a version waits, in words. ``release``: what is typed to give it all the same."""
    patients = f"{few} patient{'' if str(few) == '1' else 's'}"
    return (
        f"this version for sharing differs from one given before, or from several together, by "
        f"{patients}, fewer than {FEWEST}: whoever has both could tell what became of them. It goes "
        f"once more patients changed; or somebody releases it, knowing that: {release}"
    )


def _reason(kept: dict[str, str]) -> str:
    return why_held(kept["count"], f"clinicreport acknowledge {kept['name']} --who NAME --why TEXT")


def pending(clinic: OpenFolder) -> list[ErrorFinding]:
    """Versions for sharing that are held, as what can be acknowledged."""
    found = []
    for number, kept in clinic.ledger.marks_of(HELD_BACK).items():
        report = clinic.ledger.report(number)
        if report is not None:
            where = f"the version for sharing of {report.month}"
            found.append(ErrorFinding(RULE, "", "", where, _reason(kept), kept["name"]))
    return found
