"""A patient's page as texts and shapes, for a page that is no workbook: the same words and figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinicreport.books.patient import notes, patient_page, sentences
from clinicreport.books.patient.now_words import now
from clinicreport.books.patient.patient_book import PatientBook
from clinicreport.books.patient.patient_cards import key_figures
from clinicreport.books.patient.score_shapes import drawing
from clinicreport.workbook.cards import ShownCard
from clinicreport.workbook.shown_text import shown_text
from clinicreport.workbook.theme import Theme

if TYPE_CHECKING:
    from clinicreport.books.patient.facts import Facts
    from clinicreport.books.patient.notes import Note
    from clinicreport.outcomes.analysis import Analysis
    from clinicreport.workbook.shapes import Drawing


@dataclass(frozen=True, slots=True)
class ShownPatient:
    """The page from top to bottom; ``drawing`` is None where no score was written. ``visits``:
    headings, then a row each."""

    heading: str
    lead: tuple[str, ...]
    change: tuple[str, ...]
    details: tuple[str, ...]
    cards: tuple[ShownCard, ...]
    drawing: Drawing | None
    visits: tuple[tuple[str, ...], ...]
    notes: tuple[Note, ...]
    documented: str
    caveat: str


def shown_patient(analysis: Analysis, facts: Facts) -> ShownPatient:
    """What the patient's page says."""
    theme, protocol = Theme.load(), analysis.protocol
    book = PatientBook(analysis, facts, theme=theme)
    return ShownPatient(
        facts.heading,
        (patient_page.about(book), sentences.standing(facts, protocol)),
        tuple(filter(None, (sentences.change(facts), now(facts.course)))),
        tuple(filter(None, (*sentences.details(facts), sentences.earlier(facts)))),
        tuple(ShownCard(*one) for one in key_figures(facts, protocol, analysis.as_of)),
        drawing(facts, theme.colour, protocol.course.interruption_days),
        _visits(book),
        tuple(notes.notes(facts, protocol)),
        notes.documented(facts),
        protocol.caveat,
    )


def _visits(book: PatientBook) -> tuple[tuple[str, ...], ...]:
    columns, visits = patient_page.visit_columns(book), book.facts.visits
    held = [
        [shown_text(value, str(column.style)) for value in column.values(visits)]
        for column in columns
    ]
    return tuple(column.heading for column in columns), *zip(*held, strict=True)
