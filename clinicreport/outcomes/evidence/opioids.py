"""Whether a text of the medication column says that an opioid was taken."""

from __future__ import annotations

import re

_NEGATION = r"(?<!\w)(?:no|not|non|without|stopped|off|kein|keine|ohne|pas|sans|sin)(?!\w)"
_NUMBER = r"(?i)\s*(\d+(?:[.,]\d+)?)\s*(?:mg)?\s*"


def uses_opioid(text: object, opioids: tuple[str, ...]) -> bool:
    """Whether one of the opioids is named and not denied in its part of the text.

    A bare number is read as milligrams of an opioid, as the column is meant: 0 is none.
    """
    written = str(text).casefold()
    bare = re.fullmatch(_NUMBER, written)
    if bare:
        return float(bare[1].replace(",", ".")) > 0
    return any(
        re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", part)
        for part in re.split(r"[;,+/]", written)
        if not re.search(_NEGATION, part) and not re.search(r"(?<![\d.])0+\s*mg\b", part)
        for name in opioids
    )
