"""The article's claims, and how the clinic's own log answers each.

A clinic's log has no control group: it can be consistent with a claim or not, it can show no
cause. Where an interval spans both, or too few patients can be looked at, the answer is "cannot
tell".

===============  ==================================================================
``claims``       the claims with their sources, from ``templates/evidence.toml``
``tests``        how a log is asked, one function a claim
``shared``       whom the tests look at, and how a figure becomes a verdict
``medication``   whether a text says that an opioid was taken
``words``        figures in sentences
===============  ==================================================================
"""

from __future__ import annotations

from dataclasses import dataclass

from clinicreport.outcomes.analysis import Analysis
from clinicreport.outcomes.evidence.claim_checks import TESTS
from clinicreport.outcomes.evidence.claims import Verdict, load

__all__ = ["Answer", "Verdict", "answers"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A claim with its evidence, and what the clinic's log says about it, in a plain sentence."""

    claim: str
    source: str
    contrary: str
    verdict: Verdict
    why: str
    id: str = ""


def answers(analysis: Analysis) -> list[Answer]:
    """Every claim with the answer of the clinic's log, in the order of the file."""
    evidence = load()
    return [
        Answer(
            entry.claim,
            entry.source,
            entry.contrary,
            *TESTS[entry.test](analysis, evidence),
            entry.id,
        )
        for entry in evidence.claim
    ]
