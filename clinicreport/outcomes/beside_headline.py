"""What stands beside the headline: measurement error, what is important, before and after."""

from __future__ import annotations

import numpy as np

from clinicreport.ground.frame import Floats, Frame, codes, known
from clinicreport.log.exact import at_least_zero
from clinicreport.outcomes.figures import (
    FollowUpScore,
    MeanChange,
    MeasurementError,
    Proportion,
)
from clinicreport.outcomes.intervals import mean_interval
from clinicreport.protocol.in_force import Protocol

BEFORE_FROM = 5  # patients; of fewer no change before the treatment is told
DURABILITY = ("sustained", "relapsed", "not-known")


def mdcs(evaluable: Frame, protocol: Protocol) -> Floats:
    """Each course's minimal detectable change in points, by its condition."""
    number, conditions = codes(evaluable["condition"])
    own = [protocol.outcome.mdc_of(condition) for condition in [*conditions, None]]
    return np.array(own, dtype=float)[number]  # number -1 (no condition) is the last


def measurement_error(evaluable: Frame, protocol: Protocol) -> MeasurementError:
    """Patients by whether their reduction reaches the minimal detectable change, on either side."""
    limit = mdcs(evaluable, protocol)
    baseline, latest = evaluable["baseline"], evaluable["latest"]
    improved = int(at_least_zero((1, baseline), (-1, latest), (-1, limit)).sum())
    worse = int(at_least_zero((1, latest), (-1, baseline), (-1, limit)).sum())
    alike = len(limit) > 0 and bool((limit == limit[0]).all())
    return MeasurementError(
        float(limit[0]) if alike else None, improved, len(limit) - improved - worse, worse
    )


def important_by_baseline(evaluable: Frame, protocol: Protocol) -> Proportion:
    """Patients with a reduction that is important for where they began."""
    baseline, latest = evaluable["baseline"], evaluable["latest"]
    steps = protocol.outcome.important_by_baseline
    tests = [baseline <= step.up_to for step in steps]
    needed = np.select(tests, [step.points for step in steps], steps[-1].points)
    enough = at_least_zero((1, baseline), (-1, latest), (-1, needed))
    return Proportion.of_evaluable(int(enough.sum()), len(evaluable))


def before_treatment(latest: Frame) -> MeanChange | None:
    """The mean fall from the last screening to the first treatment; None of fewer than five."""
    changes = known(latest["change_before"])
    if len(changes) < BEFORE_FROM:
        return None
    return MeanChange(len(changes), float(changes.mean()), mean_interval(changes))


def follow_up(evaluable: Frame) -> FollowUpScore:
    """The last follow-up scores of the evaluable patients who have one."""
    scores = known(evaluable["follow_up_score"])
    return FollowUpScore(len(scores), float(scores.mean()) if len(scores) else None)
