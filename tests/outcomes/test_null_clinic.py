"""What the claims' answers are where the truth is known: clinics that are simulated, with a seed."""

from collections import Counter
from typing import Any

import numpy as np
import pytest
from rule_log import Row, check, days, other
from scipy.stats import binom
from test_evidence import BACK, FIELDS

from clinicreport.outcomes.analysis import Analysis, evaluate
from clinicreport.outcomes.evidence import answers
from clinicreport.outcomes.evidence.verdicts import share_found

VISITS = [day for week in range(6) for day in (7 * week, 7 * week + 2, 7 * week + 4)]
PATIENTS = 60


def scored(rng: np.random.Generator, true: float) -> int:
    """Pain as it is said on a day: the true one with noise of SD 1.2, a whole number."""
    return int(np.clip(np.rint(rng.normal(true, 1.2)), 0, 10))


def first_scored(rng: np.random.Generator, true: float) -> int:
    """Who comes for treatment has a bad day."""
    while (score := scored(rng, true)) < true + 1:
        pass
    return score


def simulated(seed: int, *, effect: float, relief: float = 0.0, more: bool = False) -> Analysis:
    """Patients whose true pain falls by ``effect`` points within three weeks and stays there.

    ``relief``: points that a session takes off for the moment. Neither: nothing works. ``more``:
    with mobility and medication that come and go at random.
    """
    rng = np.random.default_rng(seed)
    rows: list[Row] = []
    for number in range(PATIENTS):
        true, name = rng.uniform(5, 8), f"P{number}"
        change: dict[int, Row] = {}
        for day in VISITS:
            now = true - effect * min(day / 21, 1)
            before = scored(rng, now) if day else first_scored(rng, true)
            change[day] = {
                "nrs_before": before,
                "nrs_after": scored(rng, now - relief),
            }
            if more:
                change[day] |= {
                    "mobility": float(np.round(rng.normal(10, 2), 1)),
                    "medication": rng.choice(["tramadol 50 mg", "no opioids"], p=[0.3, 0.7]),
                }
        rows += days(*VISITS, patient=name, change=change, condition=BACK)
        late = scored(rng, true - effect)
        rows.append(other(VISITS[-1] + 100, "follow-up", name, nrs_before=late, condition=BACK))
    return evaluate(check(rows, fields=FIELDS))


def verdicts(result: Analysis) -> dict[str, str]:
    return {answer.claim.id: answer.found.verdict for answer in answers(result)}


@pytest.mark.parametrize("seed", range(8))
def test_a_clinic_where_nothing_works_collects_no_tick(seed: int) -> None:
    found = verdicts(simulated(seed, effect=0))
    assert "supported" not in found.values(), found
    assert found["drop"] == found["half"] == "against"


@pytest.mark.once
def test_where_nothing_works_chance_ticks_no_more_than_an_interval_does() -> None:
    """1 in 40 for each claim that is measured against nothing; none for those against a share."""
    ticks: Counter[str] = Counter()
    for seed in range(20):
        found = verdicts(simulated(seed, effect=0, more=True))
        ticks.update(name for name, verdict in found.items() if verdict == "supported")
    assert set(ticks) <= {"first-sessions", "mobility", "less-opioid-use"}
    assert all(number <= 3 for number in ticks.values()), ticks


def test_a_clinic_where_pain_falls_by_more_than_is_claimed() -> None:
    found = verdicts(simulated(1, effect=5, relief=2))
    assert {name for name, verdict in found.items() if verdict == "supported"} == {
        "drop",
        "half",
        "weeks-3-to-4",
        "first-sessions",
        "long-lasting",
    }
    assert "against" not in found.values()


def test_a_clinic_where_pain_falls_but_by_less() -> None:
    found = verdicts(simulated(2, effect=1.5, relief=-2))
    assert found["drop"] == "against"
    assert found["first-sessions"] == "against"
    assert found["no-adverse-effects"] == "cannot tell"


@pytest.mark.parametrize("n", [20, 21, 35, 60, 200])
@pytest.mark.parametrize(("true", "right"), [(0.5, ""), (0.4, "against"), (0.6, "supported")])
def test_how_often_a_share_is_told_wrongly(n: int, true: float, right: str) -> None:
    """In 1 of 25 cases at most on each side, and both sides alike."""
    chance = {"supported": 0.0, "against": 0.0, "cannot tell": 0.0}
    for count in range(n + 1):
        verdict = share_found(count, n).verdict
        chance[verdict] += float(binom.pmf(count, n, true))
        mirrored: Any = {"supported": "against", "against": "supported"}.get(verdict, verdict)
        assert share_found(n - count, n).verdict == mirrored
    wrong = {name: p for name, p in chance.items() if name not in (right, "cannot tell")}
    assert max(wrong.values()) < 0.04, wrong
