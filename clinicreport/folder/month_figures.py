"""A report's headline figures, as the ledger keeps them for mail, and a digest of all of it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from clinicreport.books import json_report
from clinicreport.books.moved_headings import inputs_in_period
from clinicreport.log.findings import tally
from clinicreport.log.inputs import counted_rows

if TYPE_CHECKING:
    from clinicreport.outcomes.analysis import Analysis, Checked

KEPT = (
    "started",
    "evaluable",
    "mean_baseline",
    "mean_latest",
    "mean_reduction",
    "mean_reduction_ci",
    "median_percent_reduction",
    "responder_30",
    "responder_50",
    "worse",
    "sessions",
    "adverse_events",
    "dropout_rate",
    "adherence",
)


def headline(analysis: Analysis, checked: Checked) -> dict[str, Any]:
    """The figures that a message shows; nothing about any one patient."""
    clinic = json_report.figures_object(analysis.clinic)
    return {name: clinic[name] for name in KEPT} | {
        "as_of": analysis.as_of.isoformat() if analysis.as_of else None,
        "clinic": analysis.clinic_name,
        "findings": tally(checked.findings),
        "rows": counted_rows(checked.inputs)._asdict(),
        "completeness": analysis.clinic.completeness["baseline_and_latest"],
        "trend": clinic["trend"][-6:],
        "caveat": analysis.protocol.caveat,
    }


def memory(checked: Checked, told: dict[str, Any]) -> str:
    """What the next version of the report needs to say what is different; no visit's text.

    ``told``: the report's JSON.
    """
    names = ("version", "protocol", "as_of", "period", "findings", "clinic")
    kept = {name: told[name] for name in names}
    kept["inputs"] = [{"headings": dict(entry.headings)} for entry in inputs_in_period(checked)]
    return json.dumps(kept)


def digest(everything: dict[str, Any]) -> str:
    """What the report says, by its JSON, in one word: the same where nothing in it would be
    different."""
    told = {name: everything[name] for name in ("findings", "courses", "clinic", "protocol")}
    return hashlib.sha256(json_report.dumps(told).encode()).hexdigest()
