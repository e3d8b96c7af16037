"""What the parts of a patient's page share while it is written."""

from __future__ import annotations

from dataclasses import dataclass

from clinicreport.books.analysis_book import AnalysisBook
from clinicreport.books.patient.facts import Facts


@dataclass(slots=True)
class PatientBook(AnalysisBook):
    """The canvas of one patient's page. The caveat stands on the page itself."""

    facts: Facts
