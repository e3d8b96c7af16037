"""What stands beside the headline, as far as its counts may be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clinicreport.books.share.shared_counts import graded as of_grade
from clinicreport.books.share.shared_lines import HeadlineLine, Shown, count_line, shown_ends
from clinicreport.books.share.suppression import FEWEST
from clinicreport.ground.rounding import points, score

if TYPE_CHECKING:
    from clinicreport.outcomes.figures import ClinicFigures


def beside(shown: Shown, clinic: ClinicFigures) -> list[HeadlineLine]:
    """What stands beside the headline, as far as its counts may be read."""
    people = "evaluable patients"
    lines = [
        shown.rate_line(
            f"  confirmed on two visit days: {label}", f"{name} confirmed", "evaluable", people
        )
        for label, name in (
            ("30 %", "responder_30"),
            ("50 %", "substantial"),
            ("2 points", "mcid"),
        )
    ]
    size = clinic.measurement_error.mdc
    error = (
        "its condition's error" if size is None else f"a score's own error ({score(size)} points)"
    )
    lines += [
        shown.rate_line(f"Improved by {error}", "improved", "evaluable", people),
        shown.rate_line("Not told apart from chance", "within", "evaluable", people),
        shown.rate_line(f"Worse by {error}", "worsened", "evaluable", people),
        shown.rate_line("Important for their baseline", "important", "evaluable", people),
    ]
    before, later = clinic.before_treatment, clinic.follow_up
    if before is not None and shown.all("screened"):
        ends, whom = shown_ends(before.mean_ci), f"{shown.text('screened')} screened before"
        fall = f"{points(before.mean)} points"
        lines.append(HeadlineLine("Fall before the treatment", fall, ends, whom))
    if later.mean is not None and later.n >= FEWEST and shown.all("followed"):
        whom = f"of 10; {shown.text('followed')} followed up"
        lines.append(HeadlineLine("Mean pain, last follow-up", points(later.mean), "–", whom))
    return lines


def graded(shown: Shown, clinic: ClinicFigures) -> list[HeadlineLine]:
    """How grave the events were, where the logs say."""
    return [
        count_line(shown, f"  {word} events", of_grade(word), "events", "sessions with an event")
        for word in clinic.adverse_events.by_severity or ()
    ]
