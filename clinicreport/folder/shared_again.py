"""Versions for sharing, compared with those given before: where few patients differ, whoever has
both could tell by subtraction what became of them. Such a one is held, until more patients changed
or somebody releases it knowing that (``clinicreport acknowledge``)."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

from clinicreport.books.share.suppression import FEWEST
from clinicreport.folder.gate import acknowledged
from clinicreport.folder.ledger_rows import ErrorFinding, ReportRow
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.log.finding_ids import digest

if TYPE_CHECKING:
    from clinicreport.folder.month import Month

GIVEN, HELD_BACK = "shared", "shared-held"  # what the ledger keeps marks of, by report
RULE = "shared-again"
# What a shared figure may rest on. No id: a digest is of values alone.
TOLD = (
    "date",
    "visit_type",
    "nrs_before",
    "nrs_after",
    "duration",
    "adverse_event",
    "condition",
    "status",
)
Patients = dict[str, int]  # digest of a patient's visits -> how many patients have it


def patients_of(month: Month) -> Patients:
    """What the patients' figures rest on, up to the report's day."""
    visits = month.checked.log.visits
    as_of = month.analysis.as_of
    if as_of:
        visits = visits[visits["date"].dt.date <= as_of]
    names = [name for name in TOLD if name in visits.columns]
    rows = [repr(row) for row in visits[names].itertuples(index=False, name=None)]
    told: dict[tuple[str, str], list[str]] = {}
    for patient, site, row in zip(visits["patient_id"], visits["clinic"], rows, strict=True):
        told.setdefault((str(patient), str(site)), []).append(row)
    texts = ("\n".join(sorted(lines)) for lines in told.values())
    return dict(Counter(hashlib.sha256(text.encode()).hexdigest()[:16] for text in texts))


def differing(one: Patients, other: Patients) -> int:
    """How many patients at least differ: changed, only here, or only there."""
    first, second = Counter(one), Counter(other)
    return max((first - second).total(), (second - first).total())


def waits(clinic: OpenFolder, report: ReportRow) -> str:
    """Why the report's version for sharing is held, as far as is known without making it."""
    kept = clinic.ledger.marks(HELD_BACK, report.id)
    if kept is None or kept["name"] in _released(clinic):
        return ""
    return _reason(kept)


def compared(clinic: OpenFolder, report: ReportRow, now: Patients) -> str:
    """Why it is held beside those given before; empty where it may go. What is held is kept."""
    few = min(
        (
            count
            for marks in clinic.ledger.marks_of(GIVEN).values()
            if 0 < (count := differing(now, {key: int(n) for key, n in marks.items()})) < FEWEST
        ),
        default=0,
    )
    if not few:
        return ""
    bound = digest(*(f"{key} {count}" for key, count in sorted(now.items())))[:9]
    kept = {"name": f"{digest(RULE, report.month)}-{bound}", "count": str(few)}
    if kept["name"] in _released(clinic):
        return ""
    with clinic.ledger.change() as change:
        change.keep_marks(HELD_BACK, report.id, kept)
    return _reason(kept)


def _released(clinic: OpenFolder) -> set[str]:
    return acknowledged(clinic.folder.acknowledged, clinic.request.config.date_order).findings


def _reason(kept: dict[str, str]) -> str:
    return (
        f"this version for sharing differs from one given before by {kept['count']} "
        f"patient{'' if kept['count'] == '1' else 's'}, fewer than {FEWEST}: whoever has both could "
        "tell what became of them. It goes once more patients changed; or somebody releases it, "
        f"knowing that: clinicreport acknowledge {kept['name']} --who NAME --why TEXT"
    )


def pending(clinic: OpenFolder) -> list[ErrorFinding]:
    """Versions for sharing that are held, as what can be acknowledged."""
    found = []
    for number, kept in clinic.ledger.marks_of(HELD_BACK).items():
        report = clinic.ledger.report(number)
        if report is not None:
            where = f"the version for sharing of {report.month}"
            found.append(ErrorFinding(RULE, "", "", where, _reason(kept), kept["name"]))
    return found
