"""Whether a text names a condition, and does not deny it: "no recent burns", "pregnancy: no".

The words of denial stand in ``templates/answers.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from clinicreport.log.answer_words import answers

_CLAUSE = r"[^,;.\n\r]*"
_BUT = r"(?<!\w)(?:but|aber|jedoch|mais|pero|ma|mas|maar)(?!\w)"


def _any_of(words: Sequence[str]) -> str:
    found = sorted(words, key=len, reverse=True)
    return f"(?<!\\w)(?:{'|'.join(map(re.escape, found))})(?!\\w)"


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = answers()["denied"]
    doubt, answer, said = (_any_of(words[name]) for name in ("doubt", "answer", "said"))
    mark = r"\s*(?:[:?=(]|\s[-–—]\s|[-–—]>)[\s:?=(\-–—]*"
    return {
        "doubt": re.compile(doubt),
        "before": re.compile(rf"{_any_of(words['before'])}{_CLAUSE}\Z"),
        "just before": re.compile(rf"{_any_of(words['just_before'])}\s*:?\s*\Z"),
        "doubted before": re.compile(rf"{doubt}\s+(?:be\s+)?{said}{_CLAUSE}\Z"),
        "answer": re.compile(rf"{mark}{answer}|\s+{answer}\s*[).]*\s*(?:\Z|[,;.\n\r])"),
        "said": re.compile(rf"(?:\s*,\s*|[^,;.\n\r?]*?){said}(?!\s*\?| (?:for|für|pour|para)\b)"),
        "affirmed": re.compile(rf"{mark}{_any_of(words['affirmed'])}"),
    }


@lru_cache(maxsize=4096)
def named(text: str, terms: tuple[str, ...]) -> bool:
    """Whether a text names one of the terms and does not deny it, before it or behind."""
    low = text.casefold()
    for term in terms:
        for match in re.finditer(rf"(?<!\w){re.escape(term.casefold())}(?!\w)", low):
            if not _denied(low[: match.start()], low[match.end() :]):
                return True
    return False


def _denied(before: str, after: str) -> bool:
    patterns = _patterns()
    if patterns["affirmed"].match(after):
        return False
    before = re.split(_BUT, before)[-1]
    after = re.split(_BUT, after)[0]
    if patterns["answer"].match(after):
        return True
    said = patterns["said"].match(after)
    if said and not patterns["doubt"].search(said[0]):
        return True
    if patterns["doubted before"].search(before):
        return False
    return any(patterns[name].search(before) for name in ("before", "just before"))
