"""Everything that stands between a clinic's tables and a log, as proposals and questions.

A line is certain only where nothing else is possible: a needed field without a heading, and exactly
one column that can hold it. The patient, a scale, a pair of rows, swapped dates never are.
"""

from __future__ import annotations

from collections.abc import Sequence

from clinicreport.log.fit.candidates import Candidate
from clinicreport.log.fit.column_questions import (
    PARTS,
    date_question,
    day_parts,
    patient_question,
    score_question,
)
from clinicreport.log.fit.learnt import Learnt
from clinicreport.log.fit.reading_questions import (
    attendance_question,
    day_questions,
    fill_down_questions,
    missing_codes_question,
    pairs_of_rows_question,
    scale_questions,
)
from clinicreport.log.fit.sheet_questions import logs_among
from clinicreport.log.session_log import Reading


def day_is_possible(table: Candidate) -> bool:
    """Whether some column, the layout or the names of visits can tell the day. Where none can,
    nothing that a person declares makes a log of the table, and nothing is asked."""
    dated = any(column.look.may_be_date or column.field == "week" for column in table.columns)
    return dated or table.wide or "date" in table.by_layout or len(day_parts(table)) == len(PARTS)


def learn(tables: Sequence[Candidate], reading: Reading) -> Learnt:
    """What is proposed and asked about these tables, in the order in which a person answers."""
    learnt = Learnt()
    for table in logs_among(tables, learnt, reading):
        if not day_is_possible(table):
            continue
        patient_question(table, learnt)
        date_question(table, learnt)
        score_question(table, learnt)
        scale_questions(table, learnt, reading)
        day_questions(table, learnt, reading)
        fill_down_questions(table, learnt, reading)
        pairs_of_rows_question(table, learnt, reading)
        attendance_question(table, learnt)
        missing_codes_question(table, learnt)
    return learnt
