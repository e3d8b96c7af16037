"""The article's claims, and how the clinic's own log answers each.

A clinic's log has no control group: it can support a claim or speak against it, it can show no
cause. Both take a whole 95 % interval on one side; where it reaches over the claim, where there is
none, or where too few patients can be looked at, the answer is "cannot tell".

================  =================================================================
``claims``        the claims with their sources, from ``templates/evidence.toml``
``claim_checks``  how a log is asked, one function a claim
``verdicts``      whom the checks look at, and how a figure becomes a verdict
``answers``       what a check found: codes and numbers (the words are books.report's)
``opioids``       whether a text says that an opioid was taken
================  =================================================================
"""

from __future__ import annotations

from clinicreport.outcomes.analysis import Analysis
from clinicreport.outcomes.evidence.answers import Answer
from clinicreport.outcomes.evidence.claim_checks import TESTS
from clinicreport.outcomes.evidence.claims import load

__all__ = ["Answer", "answers"]


def answers(analysis: Analysis) -> list[Answer]:
    """Every claim with the answer of the clinic's log, in the order of the file."""
    evidence = load()
    return [
        Answer(claim, TESTS[claim.test](analysis, evidence), evidence) for claim in evidence.claim
    ]
