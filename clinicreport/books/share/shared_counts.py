"""What is counted for sharing, and which counts add up to which.

Counts that no sheet shows stand here too where anybody could work them out, such as the patients
who did not respond: they must stay hidden as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from clinicreport.books.share.conditions import NOT_WRITTEN, OTHER, known
from clinicreport.books.share.suppression import FEWEST, LinkedCounts, Sum
from clinicreport.outcomes.course_outcomes import REASONS

if TYPE_CHECKING:
    import pandas as pd

    from clinicreport.outcomes.analysis import Analysis
    from clinicreport.outcomes.figures import ClinicFigures

CLASSES = ("substantial", "moderate", "little-or-none", "worse")
STATUSES = ("completed", "in-progress", "dropout")
AFTER = ("sustained", "relapsed", "not-known")
WORTH = {
    "evaluable": 1000.0,
    "responder_30": 400.0,
    "substantial": 300.0,
    "sessions": 500.0,
    "documented": 200.0,
    "weeks_judged": 100.0,
    "weeks_in_band": 90.0,
    "started": 40.0,
    "mcid": 60.0,
    "events": 50.0,
    "completed": 30.0,
    "dropout": 30.0,
}
UNSHOWN = 0.1  # worth of a count that no sheet shows
_CONDITION = 20.0


@dataclass(slots=True)
class SharedCounts:
    """Counts under construction; ``conditions``: those with rows of their own."""

    values: dict[str, int] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    worth: dict[str, float] = field(default_factory=lambda: dict(WORTH))
    conditions: list[str] = field(default_factory=list)

    def add(self, values: Mapping[str, int], worth: float | None = None) -> None:
        """More counts, all worth the same."""
        self.values |= values
        if worth is not None:
            self.worth |= dict.fromkeys(values, worth)

    def sum(self, total: str, *parts: str) -> None:
        """A total and its parts; a last part that is not counted yet is the rest."""
        if parts[-1] not in self.values:
            rest = self.values[total] - sum(self.values[part] for part in parts[:-1])
            self.add({parts[-1]: rest}, UNSHOWN)
        self.sums.append(Sum(total, parts))

    @property
    def counts(self) -> LinkedCounts:
        """For :func:`clinicreport.books.share.suppression.suppress`."""
        return LinkedCounts(self.values, self.sums, self.worth)


def tally(analysis: Analysis, *, by_condition: bool = True) -> SharedCounts:
    """Every count of the report for sharing; ``by_condition``: those of each condition too."""
    made = SharedCounts()
    latest, evaluable = analysis.latest.to_pandas(), analysis.evaluable.to_pandas()
    _patients(made, analysis.clinic, latest, evaluable)
    _process(made, analysis.clinic, latest)
    if by_condition:
        _by_condition(made, evaluable)
    return made


def _patients(
    made: SharedCounts, clinic: ClinicFigures, latest: pd.DataFrame, evaluable: pd.DataFrame
) -> None:
    """Who started, who is evaluable, who responded."""
    made.add({"started": len(latest), "evaluable": len(evaluable)})
    made.add({reason: clinic.not_evaluable[reason] for reason in REASONS}, 5)
    made.add({"responder_30": clinic.responder_30.count, "mcid": clinic.mcid.count})
    made.add(_of(evaluable["response"], CLASSES))
    made.sum("started", "evaluable", *REASONS)
    made.sum("evaluable", "responder_30", "under 30")
    made.sum("responder_30", "substantial", "moderate")
    made.sum("under 30", "little-or-none", "worse")
    made.sum("evaluable", "mcid", "under 2 points")
    made.sum("evaluable", "worse", "not worse")
    made.sum("started", "responder_30", "not 30 of all")
    made.sum("started", "substantial", "not 50 of all")
    made.sum("started", "mcid", "not 2 points of all")
    made.sum("evaluable", "substantial", "under 50")
    _beside(made, clinic, latest)


def _beside(made: SharedCounts, clinic: ClinicFigures, latest: pd.DataFrame) -> None:
    """Confirmed responders, change beyond a score's own error, change before treatment, grades."""
    error, events = clinic.measurement_error, clinic.adverse_events
    for name, confirmed in (
        ("responder_30", clinic.responder_30.confirmed),
        ("substantial", clinic.responder_50.confirmed),
        ("mcid", clinic.mcid.confirmed),
    ):
        made.add({f"{name} confirmed": confirmed}, 20)
        made.sum(name, f"{name} confirmed", f"{name} once")
        made.sum("evaluable", f"{name} confirmed", f"{name} not confirmed")
    made.add({"improved": error.improved, "within": error.within, "worsened": error.worse}, 15)
    made.sum("evaluable", "improved", "within", "worsened")
    if error.mdc is not None and error.mdc >= 2:
        made.sum("mcid", "improved", "2 points to the error")
        made.sum("worse", "worsened", "worse within the error")
    made.add({"important": clinic.important_by_baseline.count}, 15)
    made.sum("evaluable", "important", "not important")
    made.add({"screened": int(latest["change_before"].notna().sum())}, 10)
    made.sum("started", "screened", "not screened")
    made.add({"followed": clinic.follow_up.n}, 10)
    made.sum("evaluable", "followed", "not followed")
    if events.by_severity is not None:
        made.add({"events": events.sessions_with_event})
        grades = {graded(word): number for word, number in events.by_severity.items()}
        made.add(grades, 5)
        made.sum("events", *grades, "not graded")


def graded(word: str) -> str:
    """The name of the count of events that are called so: "moderate" is a response too."""
    return f"{word} event"


def _of(column: pd.Series[Any], names: tuple[str, ...]) -> dict[str, int]:
    found = column.value_counts()
    return {name: int(found.get(name, 0)) for name in names}


def _process(made: SharedCounts, clinic: ClinicFigures, latest: pd.DataFrame) -> None:
    """Courses, sessions, events, weeks, follow-up."""
    events = clinic.adverse_events
    made.add(_of(latest["status"], STATUSES))
    made.sum("started", *STATUSES)
    made.add({"ended": made.values["completed"] + made.values["dropout"]}, UNSHOWN)
    made.sum("ended", "completed", "dropout")
    made.add(
        {
            "sessions": clinic.sessions,
            "documented": events.sessions_completed,
            "events": events.sessions_with_event,
            "patients with event": events.patients,
            "weeks_judged": clinic.weeks_judged,
            "weeks_in_band": clinic.weeks_in_band,
        }
    )
    made.sum("sessions", "documented", "not documented")
    made.sum("documented", "events", "no event")
    made.sum("started", "patients with event", "patients without event")
    made.sum("weeks_judged", "weeks_in_band", "weeks out of band")
    responders = latest[latest["responder_30"].isin([True])]
    made.add(_of(responders["durability"], AFTER), 8)
    made.sum("responder_30", *AFTER)


def condition_of(evaluable: pd.DataFrame) -> pd.Series[Any]:
    """Each course's condition by its name on the list; rare ones together as "Other"."""
    names = evaluable["condition"].map(known)
    return names.map(as_shown(names))


def as_shown(names: Iterable[str]) -> dict[str, str]:
    """Condition by its name on the list -> as shown, rare ones together as "Other"."""
    sizes = Counter(names)
    return {
        name: OTHER if size < FEWEST and name != NOT_WRITTEN else name
        for name, size in sizes.items()
    }


def _by_condition(made: SharedCounts, evaluable: pd.DataFrame) -> None:
    """Evaluable patients and responders of each condition."""
    if evaluable.empty:
        return
    names = condition_of(evaluable)
    sizes = names.value_counts()
    last = (OTHER, NOT_WRITTEN)
    made.conditions = sorted(sizes.index, key=lambda name: (name in last, -sizes[name], name))
    for name in made.conditions:
        group = evaluable[names == name]
        n, hits = f"{name}: evaluable", f"{name}: responder_30"
        made.add({n: len(group), hits: _true(group["responder_30"])}, _CONDITION)
        made.add({f"{name}: substantial": _true(group["responder_50"])}, _CONDITION / 2)
        made.sum(n, hits, f"{name}: under 30")
        made.sum(hits, f"{name}: substantial", f"{name}: moderate")
    for what in ("evaluable", "responder_30", "substantial"):
        made.sum(what, *(f"{name}: {what}" for name in made.conditions))


def _true(column: pd.Series[Any]) -> int:
    return int(column.isin([True]).sum())
