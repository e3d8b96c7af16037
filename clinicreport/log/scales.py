"""Scales that a heading names beside its field: "Pain before (0-5)", "VAS (mm)", "Douleur /100".

A score is read as 0 to 10. A heading that says otherwise is no heading of such a score, unless the
clinic declares the scale.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from clinicreport.log.cells import plain, unaccented

_LEAD = r"(?:\b(?:from|von|van|da|de|del|auf|on|scale|skala|echelle|escala|schaal|scala)\s*)*"
_TAIL = (
    r"(?:\s*-?(?:scale|skala|echelle|escala|schaal|scala|points?|punkten?|puntos|punten|pontos|"
    r"punti))?"
)
_TO = r"(?:-|–|—|\.{2,3}|to|bis|a|al|ate|tot|hasta|and|und)"
_RANGE = rf"{_LEAD}(?<![\d.,/–-])(\d{{1,3}})\s*{_TO}\s*(\d{{1,3}})(?![.,/–-]?\d){_TAIL}"
_OF = (
    r"(?<!\d)(?:/|(?<!\d )\b(?:out of|of|von|van|sur|sobre|su|em|de|maximum|maximal|max)(?![a-z])\.?)"
    r"\s*(\d{1,4})(?!\d)"
)
_STEPS = r"\b(\d{1,3})\s*-?\s*(?:point|punkt|punt|pont|stufig)\w*"
_UPSIDE = r"10\s*=\s*(?:no|none|kein|keine|aucun|aucune|pas de|sans|sin|ningun|nada|geen|nessun|senza|sem|nenhuma)\b.*"
_UNITS = {
    "0-100": re.compile(r"\b(?:in\s+)?(?:mm|millimet(?:er|re|ro)s?|milimetros?|millimetri)\b"),
    "percent": re.compile(
        r"(?:\b(?:in|en)\s+)?(?:%|\b(?:percent|per cent|prozent|pour ?cent|pourcentage|por ?ciento|"
        r"porcentaje|procent|percento|per cento|percentuale|por cento|porcentagem|percentagem)\b)"
    ),
}
_ALONE = r"[(\[{]\s*(\d{2,3})\s*[)\]}]"  # "Pain (100)"
OWN = frozenset({0, 10})  # the ends of the numeric rating scale


class Named(NamedTuple):
    """A scale as a heading names it, as ``clinic.toml`` writes it, and the heading without it."""

    words: str
    declared: str
    rest: str


@lru_cache(maxsize=4096)
def named_scale(heading: str) -> Named | None:
    """The scale that a heading names; None where it names none, or 0 to 10."""
    text = unaccented(plain(heading))
    if not any(map(str.isdecimal, text)):
        return _in_units(text)
    if found := re.search(_UPSIDE, text):
        return _named(text, found, "10-0")
    if found := next(filter(_is_scale, re.finditer(_RANGE, text)), None):
        low, high = int(found[1]), int(found[2])
        return None if (low, high) == (0, 10) else _named(text, found, f"{low}-{high}")
    for pattern, ends in ((_OF, "0-{}"), (_STEPS, "1-{}"), (_ALONE, "0-{}")):
        if found := re.search(pattern, text):
            worst = int(found[1])
            own = worst == 10 or (pattern == _STEPS and worst == 11)
            return None if own or worst < 2 else _named(text, found, ends.format(worst))
    return _in_units(text)


def _in_units(text: str) -> Named | None:
    for declared, pattern in _UNITS.items():
        if found := pattern.search(text):
            return _named(text, found, declared)
    return None


def _is_scale(found: re.Match[str]) -> bool:
    """Whether two numbers are a scale's ends, and no day and month."""
    ends = {int(found[1]), int(found[2])}
    return len(ends) == 2 and bool(ends & {0, 1})


def _named(text: str, found: re.Match[str], declared: str) -> Named:
    rest = text[: found.start()] + " " + text[found.end() :]
    for pattern in _UNITS.values():  # "0-100 mm"
        rest = pattern.sub(" ", rest)
    return Named(found.group().strip(" ()[]{}"), declared, rest)
