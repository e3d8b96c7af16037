"""Words of a clinic's own that came again and again and could not be read: what each one means."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Sequence

from clinicreport.log.cells import NO, VISIT_TYPES, YES, Words, plain, reader, unaccented
from clinicreport.log.fields import SCORES, SESSION_FIELDS
from clinicreport.log.findings import Finding
from clinicreport.log.fit.learnt import Choice, Learnt, Question

AGAIN = 3  # times that a word stands there before it is taken for one of the clinic's own
MOST_WORDS = 8  # asked about of one field
_NUMBER = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]\d+)?(?![\d.,])")
_UNREAD = ("bad-value", "bad-score")
_MEANINGS = {
    "yes_no": {"yes": sorted(YES), "no": sorted(NO)},
    "visit_type": {name: sorted(words) for name, words in VISIT_TYPES.items()},
}
_MEASURED = ("minutes", "number", "score", "time")


def word_questions(findings: Sequence[Finding], learnt: Learnt) -> None:
    """One question for each word of a field that stands in many cells and was not read."""
    words: dict[str, Counter[str]] = {}
    first: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        if finding.rule in _UNREAD and finding.field and isinstance(finding.value, str):
            word = " ".join(finding.value.split())
            words.setdefault(finding.field, Counter())[word] += 1
            first.setdefault((finding.field, word), finding)
    for name, counts in words.items():
        if name not in SESSION_FIELDS:
            continue
        often = [(word, n) for word, n in counts.most_common(MOST_WORDS) if n >= AGAIN]
        for rank, (word, count) in enumerate(often):
            learnt.ask(_question(name, word, count, first[name, word], most=rank == 0))


def _question(name: str, word: str, count: int, finding: Finding, *, most: bool) -> Question:
    field = SESSION_FIELDS[name]
    key = f"reading.values.{name}"
    meanings = _likely(name, word, most=most)
    choices = [Choice(key, {word: meaning}, meaning) for meaning in meanings]
    return Question(
        cell=finding.cell,
        heading=field.label,
        question=f"What does “{word}” mean?",
        choices=(
            *choices,
            Choice("missing", [word], "that it is not known"),
            Choice("", None, "nothing: those cells are mistakes"),
        ),
        why=f"It stands in {count} cells of {field.label} and could not be read.",
        typed=key if field.kind in _MEASURED else "",
        names=(word,),
    )


def _likely(name: str, word: str, *, most: bool) -> list[str]:
    """What a word may mean in a field, the likeliest first; none where only a person can say."""
    kind = SESSION_FIELDS[name].kind
    if kind in _MEANINGS:
        known = {w: meaning for meaning, words in _MEANINGS[kind].items() for w in words}
        near = difflib.get_close_matches(unaccented(plain(word)), known, n=1, cutoff=0.75)
        usual = {"yes_no": ("yes", "no"), "visit_type": ("treatment", "not-attended")}[kind]
        first = known[near[0]] if near else usual[0 if most else 1]
        return [first, *(meaning for meaning in _MEANINGS[kind] if meaning != first)]
    numbers = _NUMBER.findall(word)
    if kind not in _MEASURED or len(numbers) != 1 or (name in SCORES and "%" in word):
        return []
    text = numbers[0].replace(",", ".")
    read = reader(SESSION_FIELDS[name])(text, Words())
    return [] if read.rule and read.rule != "score-decimal" else [text]
