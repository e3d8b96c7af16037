"""Synthetic analyses for the tests of the report: seeded, built without the rest of the path."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from types import SimpleNamespace
from typing import Any

import pandas as pd
from scipy import stats

from clinicreport.log.findings import Finding
from clinicreport.log.inputs import Input
from clinicreport.outcomes.analysis import Analysis
from clinicreport.outcomes.figures import (
    AdverseEvents,
    ClinicFigures,
    ConditionFigures,
    MonthFigures,
    Rate,
    SustainedStep,
    TrendLimits,
)
from clinicreport.outcomes.intervals import Interval
from clinicreport.outcomes.series import FEW
from clinicreport.rules.waivers import TherapistWaivers

AS_OF = date(2026, 10, 31)
TEXT = [
    "patient_id",
    "visit_type",
    "start_time",
    "clinic",
    "course_id",
    "condition",
    "eye_protection",
    "safe_distance",
    "skin_clean",
    "contraindications",
    "clearance",
    "adverse_event",
    "medication",
    "therapist",
    "waiver",
    "notes",
]
NUMBERS = [
    "nrs_before",
    "nrs_after",
    "duration",
    "pain_years",
    "wavelength",
    "irradiance",
    "fluence",
    "mobility",
]
CONDITIONS = (
    "chronic low back pain",
    "musculoskeletal injury",
    "menstrual",
    "postoperative",
    "inflammation",
)
REASONS = ("no-baseline", "zero-baseline", "single-day", "no-later-score")


@dataclass
class Plan:
    """How one synthetic patient fares."""

    start: int
    slope: float
    weeks: int
    days: tuple[int, ...]
    condition: str


def analysis(patients: int = 60, seed: int = 7, **changes: Any) -> Analysis:
    """A clinic of so many patients, with some of everything that a report must show."""
    return from_rows(visits(patients, seed), **changes)


def visits(patients: int, seed: int = 7) -> list[dict[str, Any]]:
    """The rows of such a clinic, to change one before :func:`from_rows`."""
    return [
        row for number in range(patients) for row in _visits(number, Random(seed * 1000 + number))
    ]


def from_rows(rows: list[dict[str, Any]], **changes: Any) -> Analysis:
    """An analysis of these visits, one course a patient, figures computed the long way."""
    sessions = _frame(rows)
    courses = pd.DataFrame(
        [_course(name, group) for name, group in sessions.groupby("patient_id", sort=True)],
        columns=COURSE_COLUMNS,
    )
    whose = {patient: at for at, patient in enumerate(courses["patient"])}
    sessions["cid"] = [whose[patient] for patient in sessions["patient_id"]]
    for name in ("day_0", "last_treatment", "latest_date"):
        courses[name] = pd.to_datetime(courses[name])
    for name in ("responder_30", "responder_50", "mcid", "low_baseline"):
        courses[name] = courses[name].astype("boolean")
    files = sorted(set(sessions["file"])) or ["log-2026-10.xlsx"]
    inputs = tuple(
        Input(
            name,
            f"{number:064x}",
            "Sessions",
            int((sessions["file"] == name).sum()) + 1 - (not rows),
            int((sessions["file"] == name).sum()),
            1 if rows else 0,
            "read",
            None,
            ("headings in row 1", "dates are native dates"),
        )
        for number, name in enumerate(files, start=11)
    )
    whole = Analysis(
        protocol=PROTOCOL,
        run_day=date(2026, 11, 2),
        as_of=sessions["date"].max().date() if rows else None,
        period=None,
        clinic_name="Harbour Pain Clinic",
        settings=(("Protocol", "built in"), ("Day of the run", "2026-11-02")),
        inputs=inputs,
        findings=tuple(_findings(sessions, courses)),
        sessions=sessions,
        courses=courses,
        weeks=_weeks(sessions, courses),
        by_week=_by_week(sessions, courses),
        clinic=_clinic(sessions, courses),
    )
    return replace(whole, **changes)


def visit(patient: str, day: date | int, before: float | None, **fields: Any) -> dict[str, Any]:
    """One row of a session log; ``day`` may count from 5 October 2026."""
    when = day if isinstance(day, date) else date(2026, 10, 5) + timedelta(day)
    return {"patient_id": patient, "date": when, "nrs_before": before, **fields}


def _visits(number: int, random: Random) -> list[dict[str, Any]]:
    plan = Plan(
        start=random.randint(3, 9),
        slope=random.choice((0.2, 0.7, 1.0, 1.4, -0.5)),
        weeks=random.randint(1, 8),
        days=random.choice(((0, 2, 4), (0, 1, 3, 4), (0, 3))),
        condition=random.choices(CONDITIONS, (6, 3, 1, 1, 1))[0],
    )
    first = date(2026, 8, 3) + timedelta(7 * random.randint(0, 8))
    rows = []
    for week in range(plan.weeks):
        for day in plan.days:
            when = first + timedelta(7 * week + day)
            pain = plan.start - plan.slope * week - 0.3 * (day > 0) + random.choice((-1, 0, 0, 1))
            before = min(10, max(0, round(pain)))
            if when > AS_OF:
                continue
            missed = random.random()
            rows.append(
                visit(
                    f"P-{number + 1:03}",
                    when,
                    None if missed < 0.03 else before,
                    nrs_after=max(0.0, before - random.choice((0, 1, 1, 2))),
                    duration=float(random.choice((12, 15, 20))),
                    condition=plan.condition,
                    therapist=random.choice(("KB", "MS")),
                    irradiance=34.7,
                    wavelength=850.0,
                    eye_protection="yes" if missed < 0.98 else "no",
                    adverse_event="skin redness"
                    if missed > 0.99
                    else "none"
                    if missed < 0.9
                    else None,
                )
            )
    if plan.slope > 0.9 and rows and first + timedelta(7 * plan.weeks + 35) <= AS_OF:
        when = first + timedelta(7 * plan.weeks + 33)
        rows.append(visit(rows[0]["patient_id"], when, 2.0, visit_type="follow-up"))
    return rows


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    columns = [
        "date",
        *TEXT,
        *NUMBERS,
        "file",
        "sheet",
        "row",
        "cell",
        "course",
        "in_scope",
        "day",
        "week",
    ]
    counts: dict[str, int] = {}
    first: dict[str, date] = {}
    for row in rows:
        row.setdefault("visit_type", "treatment")
        row["file"] = f"log-{row['date']:%Y-%m}.xlsx"
        counts[row["file"]] = counts.get(row["file"], 1) + 1
        number = counts[row["file"]]
        row |= {"sheet": "Sessions", "row": number, "cell": f"C{number}"}
        row |= {"course": 1, "in_scope": True}
        row["day"] = (row["date"] - first.setdefault(row["patient_id"], row["date"])).days
        row["week"] = row["day"] // 7
    frame = pd.DataFrame(rows, columns=columns)
    frame["date"] = pd.to_datetime(frame["date"])
    frame["day_known"] = True
    for name in NUMBERS:
        frame[name] = frame[name].astype(float)
    for name in ("course", "day", "week"):
        frame[name] = frame[name].astype("Int64")
    return frame


COURSE_COLUMNS = [
    "patient",
    "course",
    "day_0",
    "last_treatment",
    "sessions",
    "treatment_days",
    "weeks_attended",
    "baseline",
    "latest",
    "reduction",
    "percent_reduction",
    "responder_30",
    "responder_50",
    "mcid",
    "response",
    "not_evaluable",
    "low_baseline",
    "immediate_relief",
    "adherence",
    "weeks_judged",
    "status",
    "days_to_30",
    "days_to_50",
    "durability",
    "follow_up_days",
    "adverse_events",
    "condition",
    "clinic",
    "latest_date",
    "is_latest",
    "in_reference_population",
]


def _course(name: Any, rows: pd.DataFrame) -> dict[str, Any]:
    treated = rows[rows["visit_type"] == "treatment"]
    day_0, last = treated["date"].min(), treated["date"].max()
    baseline = _number(treated["nrs_before"].iloc[0])
    later = rows[(rows["date"] > day_0) & (rows["date"] < last + pd.Timedelta(28, "D"))]
    scored = later[later["nrs_before"].notna()]
    latest = None if scored.empty else float(scored["nrs_before"].iloc[-1])
    reason = (
        "no-baseline"
        if baseline is None
        else "zero-baseline"
        if baseline == 0
        else "single-day"
        if later.empty
        else "no-later-score"
        if latest is None
        else None
    )
    drop = None if None in (baseline, latest) else _exact(baseline) - _exact(latest)
    start = _exact(baseline)
    classes: dict[str, Any] = dict.fromkeys(("responder_30", "responder_50", "mcid"))
    if reason is None:
        classes = {
            "responder_30": 10 * drop >= 3 * start,
            "responder_50": 2 * drop >= start,
            "mcid": drop >= 2,
        }
    response = (
        "not-evaluable"
        if reason
        else "worse"
        if drop <= -2
        else "substantial"
        if classes["responder_50"]
        else "moderate"
        if classes["responder_30"]
        else "little-or-none"
    )
    events = treated["adverse_event"].notna() & (treated["adverse_event"] != "none")
    weeks = treated["week"].nunique()
    idle = (AS_OF - last.date()).days > 28
    follow = rows[rows["date"] >= last + pd.Timedelta(28, "D")]
    relief = (treated["nrs_before"] - treated["nrs_after"]).mean()
    return {
        "patient": name,
        "course": 1,
        "day_0": day_0,
        "last_treatment": last,
        "sessions": len(treated),
        "treatment_days": treated["date"].nunique(),
        "weeks_attended": weeks,
        "baseline": baseline,
        "latest": latest,
        "reduction": None if drop is None else float(drop),
        "percent_reduction": None if reason else float(100 * drop / start),
        **classes,
        "response": response,
        "not_evaluable": reason,
        "low_baseline": None if baseline is None else baseline < 4,
        "immediate_relief": relief,
        "adherence": None,
        "weeks_judged": 0,
        "status": "completed" if weeks >= 3 else "dropout" if idle else "in-progress",
        "days_to_30": None,
        "days_to_50": None,
        "durability": (
            "not-applicable"
            if not classes["responder_30"]
            else "not-known"
            if follow.empty
            else "sustained"
        ),
        "follow_up_days": None if follow.empty else (follow["date"].max() - last).days,
        "adverse_events": int(events.sum()),
        "condition": treated["condition"].iloc[0],
        "clinic": None,
        "latest_date": None if scored.empty else scored["date"].iloc[-1],
        "is_latest": True,
        "in_reference_population": treated["condition"].iloc[0] == CONDITIONS[0],
    }


def _exact(value: float | None) -> Fraction:
    return Fraction(str(value)) if value is not None else Fraction(0)


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _weeks(sessions: pd.DataFrame, courses: pd.DataFrame) -> pd.DataFrame:
    columns = ["patient", "clinic", "course", "week", "days", "judged", "low", "high", "in_band"]
    rows = []
    treated = sessions[sessions["visit_type"] == "treatment"]
    for index, course in courses.iterrows():
        own = treated[treated["patient_id"] == course["patient"]]
        last = int(own["day"].max())
        for week in range(last // 7 + 1):
            days = own[own["week"] == week]["date"].nunique()
            high = 7 if week == 0 else 5
            judged = 7 * week + 6 <= last
            rows.append(
                (course["patient"], None, 1, week, days, judged, 3, high, 3 <= days <= high)
            )
        mine = [row for row in rows if row[0] == course["patient"] and row[5]]
        courses.loc[index, "weeks_judged"] = len(mine)
        courses.loc[index, "adherence"] = sum(row[8] for row in mine) / len(mine) if mine else None
    return pd.DataFrame(rows, columns=columns)


def _by_week(sessions: pd.DataFrame, courses: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for group in ("all", "reference"):
        chosen = courses[courses["not_evaluable"].isna()]
        if group == "reference":
            chosen = chosen[chosen["in_reference_population"].astype(bool)]
        values: dict[int, list[float]] = {}
        for course in chosen.to_dict("records"):
            own = sessions[
                (sessions["patient_id"] == course["patient"])
                & sessions["nrs_before"].notna()
                & (sessions["date"] <= course["latest_date"])
            ].iloc[1:]
            values.setdefault(0, []).append(course["baseline"])
            for week, scores in own.groupby("week")["nrs_before"]:
                values.setdefault(int(week) + 1, []).append(float(scores.mean()))
        for week, means in sorted(values.items()):
            low, high = (_t(means) if len(means) >= FEW else None) or (None, None)
            rows.append((group, week, len(means), sum(means) / len(means), low, high))
    return pd.DataFrame(rows, columns=["group", "week", "n", "mean", "low", "high"])


def _t(values: list[float]) -> Interval | None:
    if len(values) < 2 or len(set(values)) == 1:
        return None
    interval = stats.ttest_1samp(values, 0).confidence_interval()
    return float(interval.low), float(interval.high)


def _wilson(hits: int, total: int) -> Interval | None:
    if not total:
        return None
    interval = stats.binomtest(hits, total).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)


def _rate(hits: int, evaluable: int, started: int) -> Rate:
    return Rate(
        count=hits,
        observed=hits / evaluable if evaluable else None,
        observed_ci=_wilson(hits, evaluable),
        all_started=hits / started if started else None,
        all_started_ci=_wilson(hits, started),
    )


STEPS = tuple(
    SustainedStep(day, at_risk, left)
    for day, at_risk, left in ((0, 9, 1.0), (33, 9, 1.0), (60, 4, 0.75), (90, 2, 0.75))
)
WAIVERS = (TherapistWaivers("KB", 4, 2, {"travelled": 3, "=1+1": 1}),)
TREND = tuple(
    MonthFigures(f"2026-{m:02}", 20 + m, 2 + m % 3 / 5, 0.5 + m % 4 / 20) for m in range(5, 11)
)
LIMITS = TrendLimits(2.2, 1.2, 3.2, "trial limits")


def _clinic(sessions: pd.DataFrame, courses: pd.DataFrame) -> ClinicFigures:
    good = courses[courses["not_evaluable"].isna()]
    n, started = len(good), len(courses)
    rates = {
        name: _rate(int(good[name].fillna(False).sum()), n, started)
        for name in ("responder_30", "responder_50", "mcid")
    }
    drops = [float(value) for value in good["reduction"]]
    mean_b = float(good["baseline"].mean()) if n else None
    mean_l = float(good["latest"].mean()) if n else None
    spread = float(good["baseline"].astype(float).std()) if n >= 3 else 0.0
    treated = sessions[sessions["visit_type"] == "treatment"]
    noted = int(treated["adverse_event"].notna().sum())
    events = int((treated["adverse_event"].notna() & (treated["adverse_event"] != "none")).sum())
    status = courses["status"].value_counts().to_dict()
    dropouts, completed = status.get("dropout", 0), status.get("completed", 0)
    judged = courses["weeks_judged"].sum()
    kept = (courses["weeks_judged"] * courses["adherence"].astype(float).fillna(0)).sum()
    both = courses["baseline"].notna() & courses["latest"].notna()
    return ClinicFigures(
        started=started,
        evaluable=n,
        not_evaluable={name: int((courses["not_evaluable"] == name).sum()) for name in REASONS},
        mean_baseline=mean_b,
        mean_latest=mean_l,
        mean_reduction=sum(drops) / n if n else None,
        mean_reduction_ci=_t(drops),
        median_percent_reduction=float(good["percent_reduction"].median()) if n else None,
        ratio_of_means=100 * (mean_b - mean_l) / mean_b if n else None,
        standardised_mean_change=(
            sum(drops) / n / spread * (1 - 3 / (4 * (n - 1) - 1)) if spread else None
        ),
        **rates,
        sessions=len(treated),
        adverse_events=AdverseEvents(
            sessions_with_event=events,
            sessions_completed=noted,
            per_100=100 * events / noted if noted else None,
            patients=int(courses["adverse_events"].gt(0).sum()),
            upper_bound_per_100=(100 * (1 - 0.05 ** (1 / noted)) if noted and not events else None),
        ),
        dropout_rate=dropouts / (dropouts + completed) if dropouts + completed else None,
        dropouts=dropouts,
        completed=completed,
        in_progress=status.get("in-progress", 0),
        adherence=float(kept / judged) if judged else None,
        weeks_judged=int(judged),
        weeks_in_band=round(float(kept)),
        completeness={
            "nrs_before": _filled(sessions["nrs_before"]),
            "nrs_after": _filled(treated["nrs_after"]),
            "duration": _filled(treated["duration"]),
            "adverse_event": _filled(treated["adverse_event"]),
            "eye_protection": _filled(treated["eye_protection"]),
            "safe_distance": None,
            "skin_clean": None,
            "baseline_and_latest": float(both.mean()) if started else None,
        },
        worse=int((good["response"] == "worse").sum()),
        low_baseline=int(good["low_baseline"].fillna(False).sum()),
        by_condition=tuple(
            _condition(name, group) for name, group in courses.groupby("condition", sort=True)
        ),
        sustained_response=STEPS if started > 10 else (),
        waivers=WAIVERS if started > 10 else (),
        trend=TREND if started > 10 else (),
        trend_limits=LIMITS if started > 10 else None,
    )


def _condition(name: Any, group: pd.DataFrame) -> ConditionFigures:
    good = group[group["not_evaluable"].isna()]
    drops = [float(value) for value in good["reduction"]]
    return ConditionFigures(
        condition=name,
        started=len(group),
        evaluable=len(good),
        responder_30=_rate(int(good["responder_30"].fillna(False).sum()), len(good), len(group)),
        responder_50=_rate(int(good["responder_50"].fillna(False).sum()), len(good), len(group)),
        mean_reduction=sum(drops) / len(drops) if drops else None,
        mean_reduction_ci=_t(drops),
    )


def _filled(column: pd.Series[Any]) -> float | None:
    return float(column.notna().mean()) if len(column) else None


def _findings(sessions: pd.DataFrame, courses: pd.DataFrame) -> list[Finding]:
    found = []
    for row in sessions.to_dict("records"):
        where = {
            "file": row["file"],
            "sheet": "Sessions",
            "row": row["row"],
            "patient": row["patient_id"],
        }
        treated = row["visit_type"] == "treatment"
        if pd.isna(row["nrs_before"]):
            found.append(
                Finding(
                    "missing-score",
                    "warning",
                    "No pain score before the session.",
                    cell=f"C{row['row']}",
                    field="nrs_before",
                    **where,
                )
            )
        if treated and pd.isna(row["adverse_event"]):
            found.append(
                Finding(
                    "adverse-event-not-documented",
                    "note",
                    'Nothing is written about adverse events; blank is not "none".',
                    cell=f"K{row['row']}",
                    field="adverse_event",
                    **where,
                )
            )
        if row["eye_protection"] == "no":
            found.append(
                Finding(
                    "no-eye-protection",
                    "error",
                    "The session was given without eye protection.",
                    cell=f"H{row['row']}",
                    field="eye_protection",
                    value="no",
                    **where,
                )
            )
    if len(courses):
        found.append(
            Finding(
                "unknown-column",
                "note",
                'The heading "Mood" is not known, so the column was not used.',
                "log-2026-10.xlsx",
                "Sessions",
                "N1",
                1,
                value="Mood",
            )
        )
    return found


def _rule(severity: str, message: str, clause: str = "") -> SimpleNamespace:
    return SimpleNamespace(severity=severity, source="Data quality", message=message, clause=clause)


def _arm(name: str, start: float, end: float, n: int) -> SimpleNamespace:
    return SimpleNamespace(name=name, start=start, end=end, n=n, weeks=7, source="Gale 2006")


PROTOCOL: Any = SimpleNamespace(
    name="Near-infrared light for back pain",
    version="2026.1",
    source="An article and the trial it cites",
    caveat="Uncontrolled before-after results: part of any improvement is expected without treatment.",
    evidence_note="Other evidence is mixed: Guimarães 2021 (148 patients, no better than placebo).",
    rules={
        "missing-score": _rule("warning", "No pain score before the session."),
        "no-eye-protection": _rule(
            "error", "Session without eye protection.", "Wear eye protection"
        ),
        "adverse-event-not-documented": _rule("note", "Nothing is written about adverse events."),
        "unknown-column": _rule("note", "The heading {value} is not known."),
    },
    course=SimpleNamespace(
        complete_weeks=3, checkpoint_week=4, follow_up_days=28, interruption_days=14
    ),
    outcome=SimpleNamespace(low_baseline=4.0),
    reference=[_arm("Gale 2006, treated", 6.9, 3.0, 21), _arm("Gale 2006, placebo", 7.4, 6.0, 18)],
)


def empty() -> Analysis:
    """Headings, no row."""
    return from_rows([])


def one_patient() -> Analysis:
    """From 7 to 3 in three weeks."""
    scores = {0: 7, 2: 6, 4: 6, 7: 5, 9: 5, 11: 4, 14: 3}
    return from_rows([visit("001", day, float(score)) for day, score in scores.items()])


def nobody_evaluable() -> Analysis:
    """One of each reason."""
    rows = [
        visit("A", 0, None),
        visit("A", 2, 5.0),
        visit("A", 4, 3.0),
        visit("B", 0, 0.0),
        visit("B", 2, 3.0),
        visit("C", 0, 6.0),
        visit("D", 0, 6.0),
        visit("D", 2, None),
    ]
    return from_rows(rows)
