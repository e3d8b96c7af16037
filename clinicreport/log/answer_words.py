"""Cells that hold no value though something is written there: placeholders, and sentences that say
that there was nothing. The words stand in ``templates/answers.toml``.

Every text is given as :func:`clinicreport.log.cells.plain` leaves it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from clinicreport.ground.strict_toml import packaged_toml

_BETWEEN_SENTENCES = re.compile(r"[,;!\n]+|\.(?:\s+|$)|\s+(?:and|und|et|y|e|en)\s+|\s+[-–—]\s+")


@cache
def answers() -> dict[str, Any]:
    """The packaged words."""
    return packaged_toml("templates/answers.toml")


def _in_brackets(words: Iterable[str]) -> frozenset[str]:
    """Words as they are compared, each also in <> and in ()."""
    forms = ((word, f"<{word}>", f"({word})") for word in map(str.casefold, words))
    return frozenset(form for three in forms for form in three)


NONE_WORDS = frozenset(word.casefold() for word in answers()["none"])
MISSING = _in_brackets(answers()["placeholders"])
# In these fields "none" is an answer.
UNKNOWN_WORDS = (MISSING | _in_brackets(answers()["not_documented"])) - _in_brackets(["none"])

_PARTS = r"[,;:()\n]+\s*|\.\s+|\s+(?:[-–—]|and|but|then|und|aber|dann|et|mais|puis|y|pero)\s+"


class NoEvent(NamedTuple):
    """A language's words of a sentence that says that there was no adverse event: ``whole`` ones, or
    one that begins with a ``no``, goes on with a ``what`` and may end with a ``said``."""

    whole: tuple[str, ...]
    no: tuple[str, ...]
    what: tuple[str, ...]
    said: tuple[str, ...]

    def says_so(self, sentence: str) -> bool:
        """Whether a sentence without accents says so."""
        if sentence in self.whole:
            return True
        if not sentence.startswith(self.no):
            return False
        told = [sentence[len(no) :].lstrip() for no in self.no if sentence.startswith(no)]
        ends = [part[len(what) :] for part in told for what in self.what if part.startswith(what)]
        return any(not end or (end[0].isspace() and end.lstrip() in self.said) for end in ends)


@cache
def _no_event() -> tuple[NoEvent, ...]:
    languages = answers()["no_event"].values()
    return tuple(
        NoEvent(*(tuple(map(_unaccented, words[kind])) for kind in NoEvent._fields))
        for words in languages
    )


def _says_no_event(sentence: str) -> bool:
    return any(words.says_so(sentence) for words in _no_event())


def _unaccented(text: str) -> str:
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def says_none(text: str) -> bool:
    """Whether a text is one of the words for none."""
    return text.strip("()<>").rstrip(".!") in NONE_WORDS


def says_no_event(text: str) -> bool:
    """Whether a text says that there was no adverse event, and nothing else."""
    if says_none(text):
        return True
    whole = _unaccented(text).replace("’", "'").strip("()<> .!")
    if _says_no_event(whole):
        return True
    parts = [part.strip(" .") for part in _BETWEEN_SENTENCES.split(whole)]
    told = [part for part in parts if part]
    return bool(told) and all(_says_no_event(part) or says_none(part) for part in told)


class Clearances(NamedTuple):
    """The protocol's words: ``none``, that nobody has cleared (yet); ``given``, that somebody has."""

    none: tuple[str, ...] = ()
    given: tuple[str, ...] = ()

    def says_none(self, text: str) -> bool:
        """Whether a text says that there is no clearance (yet), or asks for one.

        A part that says that there is one outweighs it: "requested 1 Oct, approved 3 Oct".
        """
        parts = re.split(_PARTS, text)
        lacking = [part for part in parts if self._lacks(part)]
        cleared = (part for part in parts if part not in lacking and _named(part, self.given))
        return bool(lacking) and not any(cleared)

    def _lacks(self, part: str) -> bool:
        if part.endswith("?") or _named(part, self.none):
            return True
        first = part.split(maxsplit=1)
        return bool(first) and first[0] in _negations() and not _named(part, self.given)


@cache
def _negations() -> frozenset[str]:
    return frozenset(answers()["denied"]["before"])


@cache
def _words(words: tuple[str, ...]) -> re.Pattern[str]:
    found = sorted((word.casefold() for word in words), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, found))})(?!\w)")


def _named(text: str, words: tuple[str, ...]) -> bool:
    return bool(words) and _words(words).search(text) is not None
