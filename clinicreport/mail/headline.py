"""The headline figures of a message: as words, and as bars."""

from __future__ import annotations

from typing import Any

from clinicreport.ground.rounding import points, share
from clinicreport.log.inputs import RowCounts
from clinicreport.workbook.life_words import life_line
from clinicreport.workbook.words import ASKED

Rows = list[tuple[str, str]]
Bars = list[tuple[str, float, list[tuple[str, float, str]]]]


def figure_rows(figures: dict[str, Any]) -> Rows:
    """Label and value of each figure, with what it rests on; none for a reader outside."""
    if "started" not in figures:
        return []
    return [
        ("Patients treated", f"{figures['started']}, of them {figures['evaluable']} evaluable"),
        ("Mean pain score (0 to 10)", _means(figures)),
        ("How pain was asked", ASKED),
        ("Pain down by 30 % or more", _share(figures, "responder_30")),
        ("Pain down by 50 % or more", _share(figures, "responder_50")),
        ("  on two visit days running", _confirmed(figures)),
        ("Worse by 2 points or more", _share(figures, "worse")),
        ("Adverse events", _events(figures.get("adverse_events") or {})),
        ("Weeks in the protocol's band", _known(figures.get("adherence"))),
        ("Start and later score known", _known(figures.get("completeness"))),
        ("Findings", _findings(figures.get("findings") or {})),
        *_life(figures.get("life") or {}, figures.get("answered_by") or {}),
        *_rows(figures.get("rows") or {}),
    ]


def _life(counts: dict[str, int], answered: dict[str, int]) -> Rows:
    """What became of findings since the report before; nothing where that was not kept."""
    return (
        [("  since the report before", life_line(counts, answered))] if any(counts.values()) else []
    )


def _rows(counts: dict[str, int]) -> Rows:
    """Rows in, used and set aside; nothing for a report that was made before they were kept."""
    if not counts:
        return []
    told = RowCounts(**counts)
    return [("Rows in the logs", f"{told.said}. {told.warning}".rstrip(". ") + ".")]


def _means(figures: dict[str, Any]) -> str:
    if not figures["evaluable"]:
        return "nobody can be evaluated yet"
    start, latest = figures["mean_baseline"], figures["mean_latest"]
    text = f"{points(start)} at the start, {points(latest)} latest"
    interval = figures.get("mean_reduction_ci")
    if interval:
        low, high = (points(end) for end in interval)
        text += f" (reduction {points(figures['mean_reduction'])}, 95 % {low} to {high})"
    return text


def _share(figures: dict[str, Any], name: str) -> str:
    rate = figures.get(name) or {}
    if rate.get("observed") is None:
        return "nobody can be evaluated yet"
    low, high = rate["observed_ci"]
    return (
        f"{rate['count']} of {figures['evaluable']} ({share(rate['observed'])}; 95 % "
        f"{share(low)} to {share(high)})"
    )


def _confirmed(figures: dict[str, Any]) -> str:
    """The 30 % responders whose response the visit before had shown too."""
    rate = figures.get("responder_30") or {}
    if rate.get("confirmed_observed") is None:
        return "cannot be told yet"
    return f"down by 30 %: {rate['confirmed']} of {figures['evaluable']} ({share(rate['confirmed_observed'])})"


def _known(value: float | None) -> str:
    return "cannot be told yet" if value is None else share(value)


def _events(events: dict[str, Any]) -> str:
    if not events.get("sessions_completed"):
        return "not documented"
    with_event, documented = events["sessions_with_event"], events["sessions_completed"]
    return f"in {with_event} of {documented} documented sessions"


def _findings(counts: dict[str, int]) -> str:
    said = [f"{count} {name}{'' if count == 1 else 's'}" for name, count in counts.items() if count]
    return ", ".join(said) or "none"


def bars(figures: dict[str, Any]) -> Bars:
    """Groups of bars: title, the value of a full bar, and label, value and shown value of each."""
    if not figures.get("evaluable"):
        return []
    groups: Bars = [
        (
            "Mean pain score, 0 to 10",
            10.0,
            [
                ("at the start", figures["mean_baseline"], points(figures["mean_baseline"])),
                ("latest", figures["mean_latest"], points(figures["mean_latest"])),
            ],
        ),
    ]
    trend = [entry for entry in figures.get("trend") or [] if entry.get("responder_30") is not None]
    if len(trend) > 1:
        rows = [
            (
                f"{entry['month']} (n = {entry['n']})",
                entry["responder_30"],
                share(entry["responder_30"]),
            )
            for entry in trend
        ]
        groups.append(("Pain down by 30 % or more, as each month was reported", 1.0, rows))
    return groups
