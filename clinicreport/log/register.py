"""The register of patients: what is known of a patient beside the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from clinicreport.log.reporter import Spot
from clinicreport.reading.spreadsheet import column_letters


class RegisterTable(NamedTuple):
    """Where register rows come from."""

    file: str
    sheet: str
    columns: dict[str, int]


class RegisterEntry(NamedTuple):
    """One register cell: its value and its place."""

    value: Any
    spot: Spot


@dataclass(slots=True)
class Register:
    """Field values by patient. Where two rows disagree the later one holds.

    Keys are (clinic, patient); a register without a clinic column holds for every clinic.
    """

    patients: dict[tuple[str | None, str], dict[str, RegisterEntry]] = field(default_factory=dict)
    columns: set[str] = field(default_factory=set)

    def add(self, values: Mapping[str, Any], table: RegisterTable, row: int) -> None:
        """One row of a register."""
        patient = str(values["patient_id"])
        clinic = values.get("clinic")
        self.columns |= set(table.columns)
        known = self.patients.setdefault((clinic, patient), {})
        for name, value in values.items():
            if value is not None:
                cell = f"{column_letters(table.columns[name])}{row}"
                spot = Spot(table.file, table.sheet, cell, row, name, patient, clinic)
                known[name] = RegisterEntry(value, spot)

    def entry(self, clinic: str | None, patient: str, name: str) -> RegisterEntry | None:
        """A patient's register cell, of the patient's own clinic first; None where blank."""
        own = self.patients.get((clinic, patient), {}).get(name)
        return own or self.patients.get((None, patient), {}).get(name)
