"""Makes findings: the rule's severity and words come from the protocol, the place from the cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from clinicreport.ground.rounding import written
from clinicreport.log.cells import shown
from clinicreport.log.fields import COLUMN_FIELDS, PEOPLE_FIELDS, REGISTER_FIELDS
from clinicreport.log.findings import Finding, Severity, place
from clinicreport.protocol.in_force import Protocol

# Deviations that a recorded waiver turns into notes. Safety rules are never among them.
WAIVABLE = frozenset(
    {
        "session-too-short",
        "session-too-long",
        "ramp-up-too-long",
        "too-few-sessions",
        "too-many-sessions",
        "interruption",
        "dose-mismatch",
    }
)


class Spot(NamedTuple):
    """Where a finding stands, and whom it is about."""

    file: str
    sheet: str = ""
    cell: str = ""
    row: int | None = None
    field: str | None = None
    patient: str | None = None
    clinic: str | None = None


class Advice(str):
    """Words for a message that are never cut: what is to be written stands at their end."""

    __slots__ = ()


class Reporter(NamedTuple):
    """Turns hits of rules into findings, as the protocol in force words and weighs them."""

    protocol: Protocol

    def finding(
        self, rule: str, spot: Spot, value: Any = None, *, waiver: str | None = None, **words: Any
    ) -> Finding | None:
        """One finding, or None where the rule is switched off.

        ``words`` fill the message's placeholders (``detail``, ``limit`` …); ``clause`` is what is
        cited where that is not simply the rule's clause with its limit; ``matter`` what the finding
        is about where the day of its cell does not say it.
        """
        entry = self.protocol.rules[rule]
        if entry.severity == "off":
            return None
        severity: Severity = entry.severity
        matter = str(words.pop("matter", ""))
        clause = words.pop("clause", "") or self.protocol.clause_text(entry.clause)
        seen = None if spot.field in PEOPLE_FIELDS else shown(value)
        said = entry.message.format_map(_Words(spot, seen, words)).rstrip()
        text = f"{said} [{clause}]"
        waived = bool(waiver) and rule in WAIVABLE
        if waived:
            severity = "note"
            text = f"{text} Waived: “{_short(waiver)}”"
        where = place(spot.sheet, spot.cell, spot.row)
        return Finding(
            rule=rule,
            severity=severity,
            message=f"{where}: {text}" if where else text,
            file=spot.file,
            sheet=spot.sheet,
            cell=spot.cell,
            row=spot.row,
            field=spot.field,
            patient=spot.patient,
            value=seen,
            clinic=spot.clinic,
            said=said,
            advice=text,
            waived=waived,
            matter=matter,
        )


class _Words(dict[str, str]):
    """The placeholders of one message; what is not known is left empty. ``value``: as shown."""

    def __init__(self, spot: Spot, value: Any, words: Mapping[str, Any]) -> None:
        field = COLUMN_FIELDS.get(spot.field or "") or REGISTER_FIELDS.get(spot.field or "")
        super().__init__(value=_short(value), row=str(spot.row or ""))
        self["field"] = field.label if field else spot.field or ""
        for name, word in words.items():
            whole = isinstance(word, Advice) or (isinstance(word, str) and len(word) < 200)
            self[name] = word if whole else _short(word)

    def __missing__(self, name: str) -> str:
        return ""


def _short(value: Any) -> str:
    """A value in a sentence: numbers without noise, long text cut."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return written(value)
    text = str(value)
    return text if len(text) <= 200 else f"{text[:199]}…"
