"""Which code page wrote a text that is not UTF-8: the one in which its words look like words.

Every answer is a guess, and is said to be one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

_WESTERN = frozenset("àâäáãåæçèéêëìíîïñòóôöõøœùúûüßªº")
_CENTRAL = _WESTERN | frozenset("ąćęłńśźżčďěňřšťůýžőűôĺľŕăţşđ")
_TURKISH = _WESTERN | frozenset("ğışİ")
_QUOTES = "’‘“”„‚–—…«»‹›€£§·•"
_BEFORE, _BEHIND = f"{_QUOTES}°µ±×≤≥¿¡", f"{_QUOTES}°™®©"  # signs that stand around words
_SQUARE = re.compile("(?<=m)[²³]$")
_DOUBLE = re.compile("[ÃÂ][\u0080-\u00bfŒœŠšŸŽžƒˆ˜\u2010-\u2122]")  # UTF-8, taken for this
_SHORTENED = re.compile("^(?:[dlnmtsjc]|qu)’|’(?:s|t|re|ve|ll|d|m)$", re.IGNORECASE)
_INSIDE = "’–"  # between the letters of a word
MOST = 100_000  # characters of evidence that are looked at
_THREE = re.compile(r"[^\x00-\x7f]{3}")  # letters with accents in a row: no word
_WIDE = ("IDEOGRAPHIC", "FULLWIDTH")
_WORD = re.compile(r"[A-Za-z\u0080-\U0010ffff]+")


@dataclass(frozen=True, slots=True)
class CodePage:
    """One candidate. ``letters``: those it is used for, or ``scripts``: the first words of the
    Unicode names of its letters. ``together``: these stand among Latin letters."""

    codec: str
    name: str  # as people know it
    letters: frozenset[str] = frozenset()
    scripts: tuple[str, ...] = ()
    together: bool = False


_JAPANESE = ("HIRAGANA", "KATAKANA", "CJK")
# Where two do as well, the first is taken.
CODE_PAGES = (
    CodePage("cp1252", "Windows-1252 (Western Europe)", _WESTERN),
    CodePage("mac_roman", "Mac Roman", _WESTERN),
    CodePage("cp850", "DOS code page 850", _WESTERN),
    CodePage("cp1250", "Windows-1250 (Central Europe)", _CENTRAL),
    CodePage("iso8859_2", "ISO 8859-2 (Central Europe)", _CENTRAL),
    CodePage("cp1254", "Windows-1254 (Turkish)", _TURKISH),
    CodePage("cp1251", "Windows-1251 (Cyrillic)", scripts=("CYRILLIC",)),
    CodePage("koi8_r", "KOI8-R (Cyrillic)", scripts=("CYRILLIC",)),
    CodePage("cp866", "DOS code page 866 (Cyrillic)", scripts=("CYRILLIC",)),
    CodePage("cp1253", "Windows-1253 (Greek)", scripts=("GREEK",)),
    CodePage("cp1255", "Windows-1255 (Hebrew)", scripts=("HEBREW",)),
    CodePage("cp1256", "Windows-1256 (Arabic)", scripts=("ARABIC",)),
    CodePage("cp932", "Shift-JIS (Japanese)", scripts=_JAPANESE, together=True),
    CodePage("euc_jp", "EUC-JP (Japanese)", scripts=_JAPANESE, together=True),
    CodePage("gb18030", "GB 18030 (Chinese)", scripts=("CJK",), together=True),
    CodePage("cp949", "EUC-KR (Korean)", scripts=("HANGUL",), together=True),
    CodePage("big5", "Big5 (Chinese)", scripts=("CJK",), together=True),
)
LAST_RESORT = CodePage("latin-1", "ISO 8859-1 (Western Europe)")


def guess(data: bytes, evidence: bytes) -> CodePage:
    """The code page of ``data``, by the words of those of its lines that are not UTF-8."""
    best, chosen = -1.0, LAST_RESORT
    for page in CODE_PAGES:
        likely = plausibility(evidence, page)
        if likely > best and _decodes(data, page):
            best, chosen = likely, page
    return chosen


def plausibility(evidence: bytes, page: CodePage) -> float:
    """0 to 1: the share of the words with other than ASCII letters that look like words."""
    text = evidence[:MOST].decode(page.codec, "replace")
    words = {word for word in _WORD.findall(text) if not word.isascii()}
    found = [_likely(word, page) for word in words]
    return sum(found) / len(found) if found else 0.5


def _decodes(data: bytes, page: CodePage) -> bool:
    try:
        data.decode(page.codec)
    except UnicodeDecodeError:
        return False
    return True


def _likely(word: str, page: CodePage) -> float:
    if page.together:
        return _of_east_asia(word, page)
    if _DOUBLE.search(word):
        return 0.0
    return min(_one_word(part, page) for part in word.split("\xa0"))


def _one_word(word: str, page: CodePage) -> float:
    bare = _SQUARE.sub("", word.lstrip(_BEFORE).rstrip(_BEHIND))
    foreign = [char for char in bare if not char.isascii()]
    if not foreign:
        return 0.9  # nothing but signs
    if _cases_mixed(bare):
        return 0.0
    if page.scripts:
        if len(foreign) < len(bare) or not _scripts(bare) <= set(page.scripts):
            return 0.0
        return 0.5 if bare.isupper() and len(bare) > 1 else 1.0
    letters = [char for char in foreign if char not in _INSIDE]
    if any(char not in page.letters and char.lower() not in page.letters for char in letters):
        return 0.0
    if _THREE.search(bare):
        return 0.0
    return 1.0 if len(letters) == len(foreign) or _SHORTENED.search(bare) else 0.5


def _of_east_asia(word: str, page: CodePage) -> float:
    """These code pages share most of their bytes: kana tell Japanese, Hangul Korean, and Chinese
    is written with the characters of GB 2312."""
    scripts = _scripts(word)
    if not scripts <= {*page.scripts, *_WIDE}:
        return 0.0
    if scripts & {"HIRAGANA", "KATAKANA", "HANGUL"}:
        return 0.65
    if page.codec == "gb18030" and word != word.encode("gb2312", "ignore").decode("gb2312"):
        return 0.3
    return 0.6 if page.scripts == ("CJK",) else 0.55


def _scripts(word: str) -> set[str]:
    """The first words of the Unicode names of the letters beyond ASCII."""
    return {unicodedata.name(char, "").split(" ")[0] for char in word if not char.isascii()}


def _cases_mixed(word: str) -> bool:
    """Whether a capital stands behind a small letter."""
    return any(before.islower() and after.isupper() for before, after in pairwise(word))
