"""An earlier report's JSON, as far as it is compared with a later one, looked over before use."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from clinicreport.ground.errors import UsageError
from clinicreport.ground.held_files import bytes_of
from clinicreport.ground.small_text import decoded

KEY = "reported"  # what a report keeps for later ones, in the clinic object of its JSON
_NUMBER = (int, float, type(None))
_MONTH: Mapping[str, Any] = {
    "month": str,
    "n": int,
    "mean_reduction": _NUMBER,
    "responder_30": _NUMBER,
}
_FINDING: Mapping[str, Any] = {"rule": str, "severity": str, "message": str, "file": str}
_KEPT: Mapping[str, Any] = {
    **dict.fromkeys(("started", "evaluable", "responder_30", "responder_50"), int),
    "mean_reduction": _NUMBER,
    "patients": list,
}


def load(path: Path, *, findings_only: bool = False) -> dict[str, Any]:
    """The JSON of an earlier report, or with ``findings_only`` of an earlier check too.

    Raises UsageError where it is none.
    """
    try:
        previous = json.loads(decoded(bytes_of(path)))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; name the JSON of an earlier report") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"{path} is not the JSON of an earlier report; keep what report --json prints"
        ) from error
    if not _has_findings(previous) or not (findings_only or _is_report(previous)):
        raise UsageError(f"{path}: this JSON is not that of a report (report --json prints it)")
    return dict(previous)


def _has_findings(value: Any) -> bool:
    """Whether it is an object whose findings, if it has any, are ones."""
    return isinstance(value, dict) and _all(value.get("findings", []), _FINDING)


def _is_report(value: Any) -> bool:
    """Whether an earlier report's parts that are looked at are as they should be."""
    if not {"clinic", "as_of", "period"} <= value.keys():
        return False
    clinic = value["clinic"]
    if not isinstance(clinic, dict) or not _all(clinic.get("trend") or [], _MONTH):
        return False
    known = clinic.get(KEY)
    if known is None:
        return True
    months, rows = (
        known.get(name) if isinstance(known, dict) else None for name in ("months", "rows")
    )
    if not isinstance(months, dict) or not isinstance(rows, dict):
        return False
    return _all(list(months.values()), _KEPT) and all(
        isinstance(own, dict) and all(isinstance(text, str) for text in own.values())
        for own in rows.values()
    )


def _all(entries: Any, kinds: Mapping[str, Any]) -> bool:
    """Whether all entries are objects with values of these kinds."""
    return isinstance(entries, list) and all(
        isinstance(entry, dict)
        and all(name in entry and isinstance(entry[name], kind) for name, kind in kinds.items())
        for entry in entries
    )
