"""The network's report as one JSON object."""

from __future__ import annotations

from typing import Any

from clinicreport import __version__
from clinicreport.books.json_report import SCHEMA, figures_object
from clinicreport.outcomes.network.funnel import FEWEST, LEVELS
from clinicreport.outcomes.network.network_result import Network, NetworkClinic


def _place(clinic: NetworkClinic) -> dict[str, Any]:
    """Where a clinic lies in the funnel: its limits, and the widest that it lies outside of."""
    limits = clinic.limits
    side, _, level = clinic.verdict.partition(" ")
    return {
        "funnel": clinic.verdict,
        "limits": limits.exact if limits else None,
        "widened_limits": limits.widened if limits else None,
        "outside": level if side in ("above", "below") else None,
    }


def json_object(result: Network, inputs: list[dict[str, Any]]) -> dict[str, Any]:
    """What ``network --json`` prints; ``inputs`` as in ``report --json``."""
    request = result.request
    return {
        "schema": SCHEMA,
        "version": __version__,
        "protocol": {"name": request.protocol.name, "version": request.protocol.version},
        "as_of": result.as_of.isoformat() if result.as_of else None,
        "period": request.period.text if request.period else None,
        "inputs": inputs,
        "overall": figures_object(result.total),
        "phi": result.phi,
        "clinics": [
            {
                "clinic": each.name,
                "as_of": each.as_of.isoformat() if each.as_of else None,
                **figures_object(each.figures),
                **_place(each),
                "expected_responder_30": each.expected,
                "findings": each.findings,
            }
            for each in result.clinics
        ],
        "strata": [
            {
                "condition": each.condition,
                "baseline": each.baseline,
                "clinics": each.clinics,
                "evaluable": each.evaluable,
                "responder_30": figures_object(each.responders),
            }
            for each in result.strata
        ],
        "funnel": {"fewest": FEWEST, "levels": list(LEVELS), "limits": list(result.funnel)},
    }
