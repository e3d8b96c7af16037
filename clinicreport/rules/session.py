"""Rules about a single session: its length and its dose."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from clinicreport.ground import rounding
from clinicreport.log.exact import fraction
from clinicreport.rules.case import Bools, Case, Floats, Hits, points


def _ramp_up(case: Case) -> Bools:
    """The first treatments of each course, which may be shorter."""
    nth = case.visits["nth"]
    return (nth >= 0) & (nth < case.limit(lambda session, _: session.ramp_up_treatments))


def _this_session(minutes: Floats) -> list[str]:
    return [f"this session {text}" for text in points(minutes)]


def session_too_short(case: Case) -> Iterator[Hits]:
    """A session under the protocol's minutes, outside the first sessions of the course.

    Two sessions on one day count as two. A blank cell is no finding.
    """
    minutes = case.numbers("duration")
    low = case.limit(lambda session, _: session.minutes.min)
    short = case.treatment & (minutes < low) & ~_ramp_up(case)
    yield Hits(short, "duration", limit=low[short], actual=_this_session(minutes[short]))


def session_too_long(case: Case) -> Iterator[Hits]:
    """A session over the protocol's minutes, the first sessions of a course included."""
    minutes = case.numbers("duration")
    high = case.limit(lambda session, _: session.minutes.max)
    long = case.treatment & (minutes > high)
    yield Hits(long, "duration", limit=high[long], actual=_this_session(minutes[long]))


def ramp_up_too_long(case: Case) -> Iterator[Hits]:
    """One of the first sessions of a course that is longer than these should be."""
    minutes = case.numbers("duration")
    high = case.limit(lambda session, _: session.ramp_up_max_minutes)
    long = case.treatment & _ramp_up(case) & (minutes > high)
    yield Hits(long, "duration", limit=high[long], actual=_this_session(minutes[long]))


def dose_mismatch(case: Case) -> Iterator[Hits]:
    """A written dose that differs from irradiance times time by more than the tolerance.

    J/cm² = mW/cm² · s / 1000; compared exactly in decimals.
    """
    dose, power, minutes = (case.numbers(n) for n in ("fluence", "irradiance", "duration"))
    expected = power * minutes * 60 / 1000
    share = case.protocol.dose.tolerance_percent / 100
    excess = np.abs(dose - expected) - share * expected
    off = case.treatment & (excess > 0)
    near = np.flatnonzero(case.treatment & (np.abs(excess) <= 1e-6 * np.maximum(1, expected)))
    for at in near.tolist():
        exact = fraction(power[at]) * fraction(minutes[at]) * 60 / 1000
        tolerance = fraction(case.protocol.dose.tolerance_percent) / 100
        off[at] = abs(fraction(dose[at]) - exact) > tolerance * exact
    yield Hits(
        off,
        "fluence",
        limit=[rounding.dose(*pair) for pair in zip(expected[off], dose[off], strict=True)],
        actual=_how_far(dose[off], expected[off], case.protocol.dose.tolerance_percent),
    )


def _how_far(dose: Floats, expected: Floats, tolerance: float) -> list[str]:
    """By how much each dose is off, in per cent of the product."""
    return [
        f"this dose {rounding.percent_over(100 * abs(own - right) / right, tolerance)} off"
        if right
        else "this dose is not 0"
        for own, right in zip(dose.tolist(), expected.tolist(), strict=True)
    ]
