"""Rows that sum up a table or explain it, by their words: no visits."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from clinicreport.ground.strict_toml import packaged_toml
from clinicreport.log.cells import plain, unaccented
from clinicreport.reading.spreadsheet import Value

_TOTAL = (
    r"(?:grand |sub-?|monthly |overall )?(?:totals?|sum|means?|averages?|avg|counts?|medians?|"
    r"minimum|maximum|range|std\.?|std\.? ?dev\.?|standard deviation|sd|n|summe|gesamt|mittelwert|"
    r"durchschnitt|anzahl|somme|moyenne|nombre|suma|promedio|media|numero)"
    r"(?:\s*[:=(].*|\s+(?:of|for|per|nrs|pain|sessions?|visits?|patients?|minutes?|score|scores|all|"
    r"reduction|before|after|duration|month|week|der|des|de|von|du)\b.*|\s*\d*)"
)
LEGEND = 20  # characters: a single text that is longer explains the table
_AROUND = " \t:;=,.()[]"


class SummaryWords(NamedTuple):
    """The words of ``templates/summary_rows.toml``, of all languages, without accents, the longest
    first; what a page's line is, and what stands between (``between``), as patterns."""

    sums: tuple[str, ...]
    ends: tuple[str, ...]
    first: tuple[str, ...]
    page: re.Pattern[str]
    between: str


@cache
def summary_words() -> SummaryWords:
    """The words, read once."""
    languages = packaged_toml("templates/summary_rows.toml").values()
    found = {
        kind: _longest_first(word for language in languages for word in language[kind])
        for kind in ("sums", "ends", "first", "pages", "between")
    }
    page, of = (f"(?:{'|'.join(map(re.escape, found[kind]))})" for kind in ("pages", "between"))
    return SummaryWords(
        found["sums"],
        found["ends"],
        found["first"],
        re.compile(rf"{page}\s*\d{{1,4}}(?:\s*{of}?\s*\d{{1,4}})?"),
        of,
    )


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    said = {_plain(word) for word in words}
    return tuple(sorted(said, key=lambda word: (-len(word), word)))


def _plain(text: str) -> str:
    return unaccented(plain(text))


def says_total(value: Value) -> bool:
    """Whether a dateless row's first filled cell says that it is a total, a mean, a count …"""
    return isinstance(value, str) and re.fullmatch(_TOTAL, _plain(value)) is not None


def says_page(value: Value) -> bool:
    """A page's line: "Page 1 of 3", "Seite 2"."""
    return isinstance(value, str) and bool(summary_words().page.fullmatch(_bare(value)))


def sums_up(value: Value, ids: Collection[str] = (), *, whole: bool = False) -> bool:
    """Whether a cell begins or ends with a word that sums up: "P-001 Average", "Grand Max".

    A count, maximum or minimum says so only beside another such word or one of the ``ids`` of
    other rows (as :func:`id_key` gives them). ``whole``: it holds nothing beside such words and
    an id.
    """
    if not isinstance(value, str) or len(value) > 80:
        return False
    words = summary_words()
    text = _bare(value)
    for said, certain in ((words.sums, True), (words.ends, False), (words.first, False)):
        for rest in _beside(text, said, last=said is not words.first):
            if not rest:
                if certain:
                    return True
                continue
            known = _is_known(rest, ids, words)
            if known or (certain and not whole):
                return True
    return False


def _beside(text: str, words: tuple[str, ...], *, last: bool) -> list[str]:
    """What stands beside one of the words, a whole one, at the text's beginning and at its end."""
    rests = []
    if text.startswith(words):
        behind = (text[len(word) :] for word in words if text.startswith(word))
        rests += [rest for rest in behind if not rest or rest[0] in _AROUND][:1]
    if last and text.endswith(words):
        before = (text[: -len(word)] for word in words if text.endswith(word))
        rests += [rest for rest in before if not rest or rest[-1] in _AROUND][:1]
    return [rest.strip(_AROUND) for rest in rests]


def _is_known(rest: str, ids: Collection[str], words: SummaryWords) -> bool:
    """Whether the rest is another word that sums up, or another row's id ("of P-001")."""
    joined = re.match(words.between, rest)
    texts = {rest, rest[joined.end() :].strip(_AROUND) if joined else rest}
    return any(text in ids or text in words.sums or text in words.ends for text in texts)


def id_key(text: str) -> str:
    """An id as :func:`sums_up` compares it."""
    return _bare(text)


@lru_cache(maxsize=50_000)  # a table's ids are looked at three times
def _bare(text: str) -> str:
    return _plain(text).strip(_AROUND)


def is_legend(value: Value) -> bool:
    """A text that explains the table where it stands alone in its row: a legend, a footnote."""
    text = value.strip() if isinstance(value, str) else ""
    return len(text) > LEGEND and any(map(str.isspace, text))
