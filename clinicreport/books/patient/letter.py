"""A letter to the referring doctor: the page's words and its chart, as a document of Word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clinicreport.books.patient import notes, sentences
from clinicreport.books.patient.now_words import now
from clinicreport.books.patient.patient_cards import key_figures
from clinicreport.books.patient.score_shapes import drawing
from clinicreport.workbook.shapes_png import png
from clinicreport.workbook.word_document import WordDocument
from clinicreport.workbook.words import count, covers

if TYPE_CHECKING:
    from clinicreport.books.patient.facts import Facts
    from clinicreport.outcomes.analysis import Analysis
    from clinicreport.workbook.theme import Theme

TITLE = "Report on a course of treatment"
MOST_NOTES = 6
SIGNED = ("Doctor or therapist: name, signature", "Date")


def content(analysis: Analysis, facts: Facts, theme: Theme) -> bytes:
    """The letter's bytes; the same facts give the same bytes."""
    made = analysis.as_of or analysis.run_day
    clinic = analysis.clinic_name or ""
    letter = WordDocument(theme, f"{TITLE} · {clinic}" if clinic else TITLE, clinic, made)
    _head(letter, analysis, facts)
    _result(letter, analysis, facts, theme)
    _safety(letter, analysis, facts)
    letter.lines_to_sign(SIGNED)
    letter.subtitle(analysis.protocol.caveat)
    return letter.content()


def _head(letter: WordDocument, analysis: Analysis, facts: Facts) -> None:
    letter.title(facts.heading)
    clinic = analysis.clinic_name or TITLE
    told = (clinic, analysis.protocol.name, covers(analysis.as_of, analysis.period))
    letter.subtitle(" · ".join(told))
    letter.subtitle(sentences.standing(facts, analysis.protocol))


def _result(letter: WordDocument, analysis: Analysis, facts: Facts, theme: Theme) -> None:
    """Start, end of the course and now: in words, in figures, as a chart."""
    letter.heading("Pain at the start, at the end of the course, and now")
    for text in filter(None, (sentences.change(facts), now(facts.course))):
        letter.text(text, bold=True)
    for text in filter(None, (*sentences.details(facts), sentences.earlier(facts))):
        letter.text(text)
    figures = key_figures(facts, analysis.protocol, analysis.as_of)
    letter.boxes([(one.label, one.figure, "; ".join(one.below)) for one in figures])
    drawn = drawing(facts, theme.colour, analysis.protocol.course.interruption_days)
    if drawn is not None:
        letter.picture(png(drawn), drawn.alt)


def _safety(letter: WordDocument, analysis: Analysis, facts: Facts) -> None:
    """Safety first; what does not fit is counted, never dropped."""
    letter.heading(notes.TITLE)
    told = notes.notes(facts, analysis.protocol)
    if not told:
        letter.text(notes.NOTHING)
    for note in told[:MOST_NOTES]:
        letter.entry(note.line, bold=note.severity == "error")
    if len(told) > MOST_NOTES:
        letter.text(f"and {count(len(told) - MOST_NOTES, 'more note')}: {notes.WHERE}")
    letter.text(f"{notes.documented(facts)}  {notes.LEGEND}")
