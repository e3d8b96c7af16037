"""One patient on one printable page: for the patient, and for the doctor who signs it.

=================  ============================================================
``facts``          what is known of each patient, picked from the analysis
``sentences``      start to end of the course in words, the next checkpoint
``now_words``      what became of the gain after it
``patient_cards``  the four figures to read at arm's length
``notes``          the findings of the patient in plain words
``patient_book``   what the parts share: the canvas and the facts
``week_plan``      sessions against the plan, week by week
``score_tables``   the chart of the scores, with the tables it is drawn from
``joined_visits``  which of them a line joins
``score_shapes``   the same chart as a list of shapes
``patient_page``   the page, from top to bottom
``shown_patient``  the same as texts and shapes, for a page that is no workbook
``letter``         the same for a referring doctor, as a document of Word
``patient_files``  one workbook or letter a patient, and its name
=================  ============================================================
"""

from __future__ import annotations

from clinicreport.books.patient.facts import Facts, gather, named
from clinicreport.books.patient.patient_files import file_name, write_all
from clinicreport.books.patient.patient_page import content

__all__ = ["Facts", "content", "file_name", "gather", "named", "write_all"]
