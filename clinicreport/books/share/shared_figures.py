"""The figures that may be shown, rounded to the digits shown; words where one is hidden.

A rate, an interval or a mean is given only where every count it is made of is shown. Means need 5
patients, the median 10 (it is one patient's figure or the middle of two).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clinicreport.books.share.shared_beside import beside, graded
from clinicreport.books.share.shared_counts import SharedCounts, condition_of
from clinicreport.books.share.shared_lines import (
    HIDDEN,
    NOBODY,
    HeadlineLine,
    Shown,
    count_line,
    shown_ends,
)
from clinicreport.books.share.suppression import FEWEST, small
from clinicreport.ground.rounding import (
    POINTS,
    per_100,
    percent,
    points,
    ratio,
    rounded,
    share,
)
from clinicreport.outcomes.intervals import mean_interval
from clinicreport.outcomes.trend import JUDGED_FROM
from clinicreport.workbook.words import FIELDS, completed, covers, missing, month

if TYPE_CHECKING:
    import pandas as pd

    from clinicreport.books.share.shared_version import SharedVersion
    from clinicreport.ground.frame import Frame
    from clinicreport.outcomes.figures import ClinicFigures

AGAIN = "  the same, of all who started"
MEDIAN_FROM = 10  # patients
MOST_MONTHS, MOST_WEEKS = 24, 26
BANDS = ((0.95, "95 % or more"), (0.8, "80 % to under 95 %"), (0.5, "50 % to under 80 %"))
BANDS_FROM = 20  # sessions: with fewer a band would tell a count

Row = dict[str, Any]  # heading -> text, number or None


@dataclass(frozen=True, slots=True)
class Aggregates:
    """All that the report for sharing shows."""

    covers: str
    as_of: Any
    figures: list[HeadlineLine]
    counts: list[tuple[str, str]]
    filled: list[tuple[str, str]]
    classes: list[Row]
    conditions: list[Row]
    weeks: list[Row]
    months: list[Row]
    several_clinics: bool  # which are not told apart


def aggregate(version: SharedVersion) -> Aggregates:
    """Everything that may leave the clinic."""
    analysis, made, shown = version.analysis, version.made, version.shown
    return Aggregates(
        covers=covers(analysis.as_of, analysis.period),
        as_of=analysis.as_of,
        figures=_figures(shown, analysis.clinic, len(analysis.evaluable)),
        counts=[
            (label.format(completed=completed(analysis.protocol).capitalize()), shown.text(name))
            for name, label in COUNTED
        ],
        filled=_filled(analysis.clinic),
        classes=_classes(shown),
        conditions=_conditions(shown, made, analysis.evaluable.to_pandas()),
        weeks=_weeks(shown, analysis.by_week),
        months=_months(shown, analysis.clinic),
        several_clinics=bool(analysis.by_clinic),
    )


COUNTED = (
    ("started", "Started treatment"),
    ("evaluable", "Evaluable"),
    ("no-baseline", "Not evaluable: no score at the start"),
    ("zero-baseline", "Not evaluable: started at 0"),
    ("single-day", "Not evaluable: came on one day only"),
    ("no-later-score", "Not evaluable: no later score"),
    ("completed", "{completed}, or discharged"),
    ("in-progress", "In progress"),
    ("dropout", "Dropped out"),
    ("sustained", "Responders: sustained at follow-up"),
    ("relapsed", "Responders: relapsed at follow-up"),
    ("not-known", "Responders: no follow-up"),
)


def _figures(shown: Shown, clinic: ClinicFigures, n: int) -> list[HeadlineLine]:
    return [
        *_means(shown, clinic, n),
        *(
            shown.rate_line(label if total == "evaluable" else AGAIN, name, total, whom)
            for label, name in (
                ("Pain down by 30 % or more", "responder_30"),
                ("Pain down by 50 % or more", "substantial"),
                ("Pain down by 2 points or more", "mcid"),
            )
            for total, whom in (("evaluable", "evaluable patients"), ("started", "who started"))
        ),
        shown.rate_line("Worse by 2 points or more", "worse", "evaluable", "evaluable patients"),
        *beside(shown, clinic),
        *_events(shown, clinic),
        shown.rate_line(
            "Weeks with the planned number of sessions",
            "weeks_in_band",
            "weeks_judged",
            "full weeks",
        ),
        shown.rate_line("Dropped out", "dropout", "ended", "ended courses"),
    ]


def _means(shown: Shown, clinic: ClinicFigures, n: int) -> list[HeadlineLine]:
    """Means over the evaluable, where there are enough of them."""
    people = f"{shown.text('evaluable')} evaluable patients"
    fine = shown.all("evaluable") and n >= FEWEST
    instead = HIDDEN if n else NOBODY

    def one(value: float | None, words: Callable[[float], str] = points) -> str:
        return words(value) if fine and value is not None else instead

    ci = clinic.mean_reduction_ci
    return [
        HeadlineLine("Mean pain at the start", one(clinic.mean_baseline), "–", f"of 10; {people}"),
        HeadlineLine("Mean pain, latest score", one(clinic.mean_latest), "–", f"of 10; {people}"),
        HeadlineLine(
            "Mean reduction",
            one(clinic.mean_reduction, lambda value: f"{points(value)} points"),
            shown_ends(ci if fine else None),
            people,
            "reduction",
        ),
        HeadlineLine(
            "Median of the patients' percentages",
            one(clinic.median_percent_reduction, percent) if n >= MEDIAN_FROM else instead,
            "–",
            people,
        ),
        HeadlineLine(
            "Ratio of the means",
            one(clinic.ratio_of_means, percent),
            "–",
            "fall of the mean score, as a share of the mean at the start",
        ),
        HeadlineLine(
            "Standardised mean change",
            one(clinic.standardised_mean_change, ratio),
            shown_ends(clinic.standardised_mean_change_ci if fine else None),
            "mean reduction over the spread (SD) of the scores at the start",
        ),
    ]


def _events(shown: Shown, clinic: ClinicFigures) -> list[HeadlineLine]:
    """Adverse events per 100 sessions with the field filled in."""
    events = clinic.adverse_events
    known = shown.all("events", "documented")
    rate, bound = events.per_100, events.upper_bound_per_100
    value = HIDDEN if not known else "not documented" if rate is None else per_100(rate)
    upper = "–"
    if known and events.per_100_ci is not None:
        low, high = events.per_100_ci
        upper = f"{per_100(low)} to {per_100(high)}"
        upper = upper if bound is None else f"up to {per_100(bound)}"
    whom = (
        f"{shown.text('events')} in {shown.text('documented')} sessions with the field filled"
        f" in, of {shown.text('sessions')}"
    )
    return [
        HeadlineLine("Adverse events per 100 sessions", value, upper, whom, "events"),
        *graded(shown, clinic),
        count_line(
            shown, "Patients with an adverse event", "patients with event", "started", "who started"
        ),
    ]


def _filled(clinic: ClinicFigures) -> list[tuple[str, str]]:
    """How much of each field is filled in, in bands that tell no count.

    Whether an event is written is told by the counts themselves.
    """
    told = []
    for name, label in FIELDS.items():
        value = clinic.completeness.get(name)
        if name in ("baseline_and_latest", "adverse_event") or value is None:
            continue
        band = next((words for least, words in BANDS if value >= least), "under 50 %")
        told.append((label, band if clinic.sessions >= BANDS_FROM else HIDDEN))
    return told


def _classes(shown: Shown) -> list[Row]:
    labels = {
        "substantial": "50 % less or more",
        "moderate": "30 % to under 50 % less",
        "little-or-none": "under 30 % less",
        "worse": "worse by 2 points or more",
    }
    return [
        {"Response": label, "Patients": shown.text(name), "Drawn": shown.number(name)}
        for name, label in labels.items()
    ]


def _conditions(shown: Shown, made: SharedCounts, evaluable: pd.DataFrame) -> list[Row]:
    names = condition_of(evaluable)
    rows = []
    for name in made.conditions:
        n = f"{name}: evaluable"
        row: Row = {"Condition": name, "Evaluable": shown.text(n)}
        reductions = evaluable.loc[names == name, "reduction"].to_numpy(dtype=float)
        fine = shown.all(n) and len(reductions) >= FEWEST
        row["Mean reduction"] = rounded(float(reductions.mean()), POINTS) if fine else HIDDEN
        row["Interval"] = shown_ends(mean_interval(reductions)) if fine else "–"
        for heading, what in (("30 % less", "responder_30"), ("50 % less", "substantial")):
            rate = shown.rate(f"{name}: {what}", n)
            row |= {heading: HIDDEN if rate is None else rate, f"{heading} drawn": rate}
            ends = shown.interval(f"{name}: {what}", n)
            row[f"{heading}, interval"] = f"{share(ends[0])} to {share(ends[1])}" if ends else "–"
        rows.append(row)
    return rows


def _weeks(shown: Shown, by_week: Frame) -> list[Row]:
    """Mean NRS by week; of how many patients only in fives, since weeks differ by single ones."""
    if not shown.all("evaluable"):
        return []
    rows: list[Row] = []
    own = by_week.where((by_week["group"] == "attending") & (by_week["n"] >= FEWEST))
    for week in own.where(own["week"] <= MOST_WEEKS).rows():
        known = not missing(week["low"])
        rows.append(
            {
                "Week": "start" if week["week"] == 0 else f"week {week['week']}",
                "Patients": f"{int(week['n']) // 5 * 5} or more",
                "Mean": rounded(week["mean"], POINTS),
                "From": rounded(week["low"], POINTS) if known else None,
                "To": rounded(week["high"], POINTS) if known else None,
            }
        )
    return rows


def _months(shown: Shown, clinic: ClinicFigures) -> list[Row]:
    """Mean reduction by month; of how many patients only in fives, and no share: months hold many
    of the same patients. A month that differs from the whole by fewer than five is hidden."""
    if not shown.all("evaluable"):
        return []
    rows: list[Row] = []
    for entry in clinic.trend[-MOST_MONTHS:]:
        fine = entry.n >= JUDGED_FROM and not small(abs(clinic.evaluable - entry.n))
        mean = (
            rounded(entry.mean_reduction, POINTS)
            if fine and entry.mean_reduction is not None
            else None
        )
        rows.append(
            {
                "Month": month(entry.month),
                "Patients": f"{entry.n // 5 * 5} or more" if fine else HIDDEN,
                "Mean reduction": HIDDEN if mean is None else mean,
                "Drawn": mean,
            }
        )
    return rows
