"""What no column says: the scale, blanks that mean the value above, two rows a visit, years."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

import numpy as np

from clinicreport.log.fields import SCORES, SESSION_FIELDS
from clinicreport.log.fit.candidates import Candidate, SeenColumn, cell_codes, rows_with_anything
from clinicreport.log.fit.column_questions import speaks_for
from clinicreport.log.fit.learnt import Choice, Learnt, Question
from clinicreport.log.fit.question_words import TWO_ROWS, order_words
from clinicreport.log.scales import named_scale
from clinicreport.log.session_log import Reading
from clinicreport.reading.spreadsheet import Value

FILLED_AT_MOST = 0.75  # a column that is filled in more rows is only forgotten here and there
OFTEN = 0.5  # patient-days with two rows, of all
FEWEST = 3  # dates, or codes, that make a pattern
SHOWN = {"patient_id": "patient", "date": "day"}


def scale_questions(table: Candidate, learnt: Learnt, reading: Reading) -> None:
    """The scale of each score column whose heading or numbers say that it is not 0 to 10."""
    for name in SCORES:
        column = table.of(name) or _proposed(name, table, learnt)
        if column is None or name in reading.declared.scale:
            continue
        named = named_scale(column.heading)
        if not named and not column.look.above_ten:
            continue
        highest = max(column.look.scores, default=0)
        counted = "0-20" if highest <= 20 else "0-100"
        scales = list(dict.fromkeys([named.declared if named else counted, "0-100", "percent"]))
        why = (
            f"The heading says “{named.words}”."
            if named
            else f"It holds {column.look.words}; above 10 is no score from 0 to 10."
        )
        key = f"reading.scale.{name}"
        label = SESSION_FIELDS[name].label
        choices = [Choice(key, scale, f'{label} on a scale: "{scale}"') for scale in scales]
        learnt.ask(
            Question(
                cell=column.cell,
                heading=column.heading,
                question=f"Which scale is {label}?",
                choices=(*choices, Choice("", None, "it is no pain score")),
                why=why,
                typed=key,
            )
        )
        _name_if_unread(name, column, table, learnt)


def _name_if_unread(name: str, column: SeenColumn, table: Candidate, learnt: Learnt) -> None:
    """With the scale, the heading: one that names another scale is read as no score by itself."""
    if table.of(name) is None:
        key = f"aliases.{name}"
        if all(proposal.key != key for proposal in learnt.proposals):
            label = SESSION_FIELDS[name].label
            learnt.ask(
                Question(
                    cell=column.cell,
                    heading=column.heading,
                    question=f"Is “{column.heading}” the {label}?",
                    choices=(
                        Choice(key, [column.heading], f"yes: {label}"),
                        Choice("", None, "no"),
                    ),
                    why="Its heading and its numbers look like it.",
                )
            )


def _proposed(name: str, table: Candidate, learnt: Learnt) -> SeenColumn | None:
    """The column that is proposed for a field; for scores also one that only its words name."""
    for proposal in learnt.proposals:
        if proposal.key == f"aliases.{name}":
            headings = proposal.value
            return next((c for c in table.columns if c.heading in headings), None)
    found = [c for c in table.free if c.look.may_be_score and speaks_for(name, c.heading)]
    pain = [c for c in found if speaks_for("pain", c.heading)]
    return pain[0] if len(pain) == 1 else None


def fill_down_questions(table: Candidate, learnt: Learnt, reading: Reading) -> None:
    """Columns of the patient or the day that are filled on the first row of a group only."""
    if table.wide:
        return
    for name, shown in SHOWN.items():
        column = table.of(name) or _proposed(name, table, learnt)
        if column is None or name in reading.declared.fill_down:
            continue
        filled = column.filled_rows
        if not len(filled) or not filled[0] or not 0 < filled.mean() <= FILLED_AT_MOST:
            continue
        groups = column.look.filled
        learnt.ask(
            Question(
                cell=column.cell,
                heading=column.heading,
                question=f"Where the {shown} is blank: is it the one above?",
                choices=(
                    Choice(
                        "reading.fill_down",
                        [name],
                        f'yes: fill_down = ["{name}"]',
                    ),
                    Choice("", None, "no, it is not known"),
                ),
                why=f"{groups} of {len(filled)} rows have it, the first one among them.",
            )
        )


def pairs_of_rows_question(table: Candidate, learnt: Learnt, reading: Reading) -> None:
    """Two rows a visit: the score before in one, the score after in the next."""
    patient, day = table.of("patient_id"), table.of("date")
    declared = reading.declared
    if table.wide or not patient or not day or declared.rows or declared.two_sessions_a_day:
        return
    of_patient = np.concatenate([_codes(table, at, patient) for at in range(len(table.sheets))])
    of_day = np.concatenate([_codes(table, at, day) for at in range(len(table.sheets))])
    both = patient.filled_rows & day.filled_rows
    days = Counter(zip(of_patient[both].tolist(), of_day[both].tolist(), strict=True))
    twice = sum(count >= 2 for count in days.values())
    if twice < 4 or twice < OFTEN * len(days):
        return
    score = table.of("nrs_before")
    learnt.ask(
        Question(
            cell=score.cell if score else "",
            heading=score.heading if score else "",
            question="Most patients have two rows a day. What are they?",
            choices=TWO_ROWS,
            why=f"On {twice} of {len(days)} patient-days two rows or more stand there.",
        )
    )


def _codes(table: Candidate, at: int, column: SeenColumn) -> np.typing.NDArray[np.int64]:
    sheet = table.sheets[at]
    codes = cell_codes(sheet, column.number, table.first)[rows_with_anything(sheet, table.first)]
    return codes.astype(np.int64) + (at << 32)


def attendance_question(table: Candidate, learnt: Learnt) -> None:
    """A column that says who came, under a heading that is not known."""
    if table.of("visit_type"):
        return
    for column in table.free:
        if column.look.mostly(column.look.attendance) and column.look.distinct >= 2:
            learnt.ask(
                Question(
                    cell=column.cell,
                    heading=column.heading,
                    question=f"Does “{column.heading}” say whether the patient came?",
                    choices=(
                        Choice("aliases.visit_type", [column.heading], "yes: kind of visit"),
                        Choice("", None, "no"),
                    ),
                    why="Most of its cells are words such as attended, DNA, cancelled.",
                )
            )
            return


def missing_codes_question(table: Candidate, learnt: Learnt) -> None:
    """Numbers in a score column that may stand for "not known"."""
    for name in SCORES:
        column = table.of(name) or _proposed(name, table, learnt)
        for code in column.look.codes_for_missing if column else []:
            text = str(int(code))
            assert column is not None
            count = column.look.numbers[code]
            learnt.ask(
                Question(
                    cell=column.cell,
                    heading=column.heading,
                    question=f"Does {text} mean that it is not known?",
                    choices=(
                        Choice("missing", [text], f'yes: missing = ["{text}"]'),
                        Choice("", None, "no, it is a mistake"),
                    ),
                    why=f"It stands {count} times in a column of {column.look.words}.",
                )
            )


# ------------------------------------------------------------------------------ days


def day_questions(
    table: Candidate, learnt: Learnt, reading: Reading, *, named_visits: bool = False
) -> None:
    """The order of text dates, their year, half-converted dates, the first day of weeks."""
    if _without_start(table, named_visits=named_visits) and not reading.start:
        start = reading.today - timedelta(weeks=12)
        start -= timedelta(days=start.weekday())
        learnt.ask(
            Question(
                cell="",
                heading="",
                question="Visits are weeks, and no day stands anywhere. Which day is week 0?",
                choices=(
                    Choice(
                        "start_date",
                        start,
                        f"{start} for everybody (differences of days stay right, the calendar "
                        "does not)",
                    ),
                ),
                why="Only the number of weeks is known; type the day where you know it.",
                typed="start_date",
            )
        )
    column = table.of("date") or _proposed("date", table, learnt)
    if column is None:
        return
    if column.look.lacks_year:
        _year_question(column, learnt, reading)
    elif _half_converted(table, column) and reading.declared.swapped_dates is None:
        _swapped_question(column, learnt)
    elif column.look.unsettled and reading.dates.order is None:
        _order_question(column, learnt)


def _without_start(table: Candidate, *, named_visits: bool) -> bool:
    """Whether visits are weeks or have names, and no day stands from which they count."""
    if named_visits and not table.wide:
        return not any(column.look.may_be_date for column in table.columns)
    return not table.has_start


def _year_question(column: SeenColumn, learnt: Learnt, reading: Reading) -> None:
    if reading.declared.year:
        return
    year = reading.today.year
    learnt.ask(
        Question(
            cell=column.cell,
            heading=column.heading,
            question="Its days have no year. Which one?",
            choices=tuple(Choice("reading.year", y, f"{y}") for y in (year, year - 1)),
            why="The days alone do not say it; this is the year of the run.",
            typed="reading.year",
        )
    )


def _order_question(column: SeenColumn, learnt: Learnt) -> None:
    question, words = order_words(column.look.examples)
    learnt.ask(
        Question(
            cell=column.cell,
            heading=column.heading,
            question=question,
            choices=tuple(Choice("date_order", order, said) for order, said in words.items()),
            why="No date of the column settles whether the day or the month stands first.",
        )
    )


def _half_converted(table: Candidate, column: SeenColumn) -> bool:
    """Native dates all up to the 12th, beside text dates that are all after it."""
    native: list[date] = []
    texts = 0
    for sheet in table.sheets:
        for value in sheet.columns[column.number - 1].values:
            native += [value] if isinstance(value, datetime | date) else []
            texts += _late_day(value)
    return len(native) >= FEWEST and texts >= FEWEST and all(day.day <= 12 for day in native)


def _late_day(value: Value) -> bool:
    """Whether a text is a date whose first or second number is over 12."""
    parts = value.replace("-", "/").replace(".", "/").split("/") if isinstance(value, str) else []
    numbers = [int(part) for part in parts[:2] if part.strip().isdigit()]
    return len(parts) == 3 and len(numbers) == 2 and max(numbers) > 12 and min(numbers) <= 12


def _swapped_question(column: SeenColumn, learnt: Learnt) -> None:
    learnt.ask(
        Question(
            cell=column.cell,
            heading=column.heading,
            question="Some dates are real dates, some are text. Are day and month of the real ones "
            "swapped?",
            choices=(
                Choice("reading.swapped_dates", value=True, words="yes, swapped"),
                Choice("reading.swapped_dates", value=False, words="no, they are right"),
            ),
            why="Every real date has a day up to 12, every text one a day after it: a program "
            "converted what it could, month first.",
        )
    )
