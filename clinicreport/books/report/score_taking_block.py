"""How scores are taken: a block of notes on the sheet Adherence and safety."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clinicreport.books.report.report_book import ReportBook
from clinicreport.ground.rounding import points, scored_points, share
from clinicreport.outcomes.score_taking import (
    FEWEST,
    SCORES,
    WHOLE,
    Digits,
    ScoreTaking,
    TherapistScores,
    score_taking,
)
from clinicreport.workbook.page import Cell, Page
from clinicreport.workbook.table import Column, Table, keyed, place
from clinicreport.workbook.words import as_made, count

TITLE = f"{as_made('How scores are taken')}, to look at: each can have a good reason"
AS_FREQUENT = 4 / 9  # even scores among those from 1 to 9, were each as frequent


def write(book: ReportBook, page: Page, row: int, widths: Sequence[float]) -> int:
    """The block; its tables are ``digits`` and ``score_taking``. The row for what follows."""
    found = score_taking(book.analysis)
    row = page.section(row, TITLE, len(widths))
    if not found.digits.n:
        page.put(row, 0, "No session has a score before it.")
        return row + 2
    for line in _sentences(found):
        row = page.prose(row, line, sum(widths) * 0.9)
    row = book.add(_digits(page, row, found.digits)).below + 1
    if found.therapists:
        row = book.add(_therapists(page, row, found.therapists)).below + 1
    return row


def _digits(page: Page, row: int, digits: Digits) -> Table:
    told: dict[str, Cell] = {"Score before": "Sessions", "Decimal": digits.decimals}
    told |= {str(at): digits.counts[at] for at in WHOLE}
    names = [*(str(at) for at in WHOLE), "Decimal"]
    columns = [keyed("Score before", "cell_strong"), *(keyed(name, "cell_count") for name in names)]
    return place(page, row, columns, [told], "digits", widths=False)


def _therapists(page: Page, row: int, therapists: Sequence[TherapistScores]) -> Table:
    columns: list[Column[TherapistScores]] = [
        Column("Therapist", lambda t: t.therapist, "cell_strong"),
        Column("Scored before and after", lambda t: t.sessions, "cell_count"),
        Column("Usual change", lambda t: -t.usual, "cell_mean"),
        Column("Sessions with it", lambda t: t.usual_count, "cell_count"),
        Column("Share with it", lambda t: t.usual_share, "cell_share"),
        Column("Unchanged", lambda t: t.unchanged, "cell_count"),
        Column("Mean change, first half", lambda t: _half(t, "first"), "cell_mean"),
        Column("Mean change, second half", lambda t: _half(t, "second"), "cell_mean"),
    ]
    return place(page, row, columns, therapists, "score_taking", widths=False)


def _half(therapist: TherapistScores, which: str) -> Cell:
    """The mean change from before to after; what is less is negative."""
    if therapist.drift is None:
        return "too few"
    return -float(getattr(therapist.drift, which))


def _sentences(found: ScoreTaking) -> Iterator[str]:
    yield _preference(found.digits)
    if found.courses:
        yield (
            f"{found.steady} of {count(found.courses, 'course')} with {SCORES} scores or more"
            f" {'has' if 1 in (found.steady, found.courses) else 'have'} the same score before every session."
        )
    if not found.therapists:
        yield "No session has a score before and after."
    for therapist in found.therapists:
        if therapist.always:
            yield (
                f"{therapist.therapist}: nearly always {_change(therapist.usual)} right after"
                f" ({therapist.usual_count} of {count(therapist.sessions, 'session')})."
            )
        yield from _drift(therapist)


def _preference(digits: Digits) -> str:
    text = f"{count(digits.n, 'score')} before a session; {digits.decimals} with decimals."
    if digits.n < FEWEST:
        return text
    if digits.even == digits.even:  # there are scores from 1 to 9
        text += (
            f" Of those from 1 to 9, {share(digits.even)} are even ({share(AS_FREQUENT)} if each"
            " were as frequent)."
        )
    at = digits.heaped
    if at is not None:
        beside = digits.counts[at - 1] + digits.counts[at + 1]
        text += (
            f" {at} stands out: {digits.counts[at]} times, {at - 1} and {at + 1} together {beside}."
        )
    return text


def _change(usual: float) -> str:
    if not usual:
        return "unchanged"
    return f"exactly {scored_points(abs(usual))} {'less' if usual > 0 else 'more'}"


def _drift(therapist: TherapistScores) -> Iterator[str]:
    """Where the interval of the change leaves out 0."""
    drift = therapist.drift
    if drift is None or drift.interval is None:
        return
    low, high = drift.interval
    if low <= 0 <= high:
        return
    yield (
        f"{therapist.therapist}: the mean relief right after went from {points(drift.first)} points"
        f" in the first half of the sessions to {points(drift.second)} in the second, 0"
        f" outside the 95 % interval of the change ({points(low)} to {points(high)})."
    )
