"""What a run's findings say about a log as a whole, asked where its columns did not tell it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from clinicreport.log.fields import SESSION_FIELDS
from clinicreport.log.findings import Finding
from clinicreport.log.fit.learnt import Choice, Learnt, Question
from clinicreport.log.fit.question_words import TWO_ROWS, order_words
from clinicreport.log.fit.word_questions import word_questions
from clinicreport.log.scales import named_scale

MANY = 10  # findings of one rule, after which it is no slip


def finding_questions(findings: Sequence[Finding], learnt: Learnt) -> None:
    """Questions for what the findings say that no question is about yet."""
    by_table: dict[int, list[Finding]] = {}
    for finding in findings:
        by_table.setdefault(learnt.about(finding), []).append(finding)
    for at, own in by_table.items():
        learnt.layout = at
        _questions(own, learnt)


def _questions(findings: Sequence[Finding], learnt: Learnt) -> None:
    for finding in findings:
        if finding.rule == "other-scale":
            _scale(finding, learnt)
        elif finding.rule == "unread-attendance":
            _attendance(finding, learnt)
    counts = Counter(finding.rule for finding in findings)
    again = [finding for finding in findings if finding.rule == "same-day-scores"]
    if any(finding.patient is None for finding in again) or len(again) >= MANY:
        _same_day(again, learnt)
    if counts["ambiguous-date"]:
        _order(next(each for each in findings if each.rule == "ambiguous-date"), learnt)
    word_questions(findings, learnt)


def _asked(learnt: Learnt, *keys: str) -> bool:
    """Whether a question is about one of the keys already."""
    return any(
        choice.key in keys
        for one in learnt.questions
        if one.layout == learnt.layout
        for choice in one.choices
    )


def _scale(finding: Finding, learnt: Learnt) -> None:
    name = finding.field or ""
    key = f"reading.scale.{name}"
    if name not in SESSION_FIELDS or _asked(learnt, key):
        return
    heading = str(finding.value or "")
    named = named_scale(heading)
    scales = dict.fromkeys([*([named.declared] if named else []), "0-100", "percent"])
    label = SESSION_FIELDS[name].label
    learnt.ask(
        Question(
            cell=finding.cell,
            heading=heading,
            question=f"Which scale is {label}?",
            choices=(
                *(Choice(key, scale, f'{label} on a scale: "{scale}"') for scale in scales),
                Choice("", None, "it is no pain score"),
            ),
            why=finding.plain,
            typed=key,
        )
    )


def _attendance(finding: Finding, learnt: Learnt) -> None:
    if _asked(learnt, "aliases.visit_type") or not isinstance(finding.value, str):
        return
    learnt.ask(
        Question(
            cell=finding.cell,
            heading=finding.value,
            question=f"Does “{finding.value}” say whether the patient came?",
            choices=(
                Choice("aliases.visit_type", [finding.value.strip()], "yes: kind of visit"),
                Choice("", None, "no"),
            ),
            why=finding.plain,
        )
    )


def _same_day(findings: Sequence[Finding], learnt: Learnt) -> None:
    if _asked(learnt, "reading.rows", "reading.two_sessions_a_day"):
        return
    learnt.ask(
        Question(
            cell=findings[0].cell,
            heading="",
            question="Two rows of one patient on one day: what are they?",
            choices=TWO_ROWS,
            why=findings[0].plain,
        )
    )


def _order(finding: Finding, learnt: Learnt) -> None:
    if _asked(learnt, "date_order", "reading.swapped_dates", "reading.year"):
        return
    question, words = order_words([str(finding.value)])
    words |= {"year-first": "the year stands first"}
    learnt.ask(
        Question(
            cell=finding.cell,
            heading="",
            question=question,
            choices=tuple(Choice("date_order", order, said) for order, said in words.items()),
            why=finding.plain,
        )
    )
