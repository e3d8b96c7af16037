"""Numbers as people read them: the one place that rounds, for every screen, message and cell.

A figure is rounded half away from zero of its decimal value, the shortest text of the number at 15
significant digits, as a spreadsheet shows it; each kind of figure has one number of decimals. No
percentage crosses 30 or 50 by rounding: it gets more decimals instead.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

THRESHOLDS = (30, 50)  # per cent; a shown figure stays on its side of them
MOST_DIGITS = 9  # decimals; what differs from a threshold by less is it
POINTS, PERCENT, RATIO, PER_100, DOSE = 1, 1, 2, 2, 2  # decimals of each kind of figure
MEGABYTE, GIGABYTE = 1_000_000, 1_000_000_000


def fixed(value: float | Decimal, digits: int = 1) -> str:
    """A number with so many decimals, rounded as a spreadsheet does, halves away from zero.

    >>> fixed(0.25), f"{0.25:.1f}", fixed(2.675, 2), fixed(-0.04)
    ('0.3', '0.2', '2.68', '0.0')
    """
    return str(_decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0)


def rounded(value: float, digits: int = 1) -> float:
    """The number as :func:`fixed` shows it, where a cell or a file holds no more than is shown."""
    return float(fixed(value, digits))


def written(value: float) -> str:
    """A number as people write it: no noise, no needless decimals, not rounded.

    >>> written(12.0), written(0.1 + 0.2), written(5.1 - 3.1), written(-0.0)
    ('12', '0.3', '2', '0')
    """
    return f"{value + 0.0:.15g}"


def _decimal(value: float | Decimal) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(f"{value:.15g}")


def percent(value: float | Decimal) -> str:
    """A percentage with one decimal, with more where that would cross a threshold.

    >>> percent(29.97), percent(30.0), percent(-4)
    ('29.97 %', '30.0 %', '−4.0 %')
    """
    return bare_percent(value) + " %"


def bare_percent(value: float | Decimal) -> str:
    """The same without its sign, for the first end of an interval."""
    return minus(fixed(value, percent_digits(value)))


@lru_cache(maxsize=4096, typed=True)
def percent_digits(value: float | Decimal) -> int:
    """How many decimals show a percentage on its side of 30 and 50."""
    true = Decimal(fixed(value, MOST_DIGITS))
    for digits in range(PERCENT, MOST_DIGITS):
        shown = Decimal(fixed(value, digits))
        if all((shown >= limit) == (true >= limit) for limit in THRESHOLDS):
            return digits
    return MOST_DIGITS


def percent_over(value: float, limit: float) -> str:
    """A percentage that is over a limit, and is shown over it.

    >>> percent_over(33.333333, 5), percent_over(5.04, 5)
    ('33.3 %', '5.04 %')
    """
    digits = PERCENT
    while digits < MOST_DIGITS and Decimal(fixed(value, digits)) <= _decimal(limit):
        digits += 1
    return f"{fixed(value, digits)} %"


def digits_apart(one: float, other: float, digits: int) -> int:
    """So many decimals, or as many more as tell two different numbers apart.

    >>> digits_apart(2.31, 2.34, 1), digits_apart(2.3, 2.4, 1)
    (2, 1)
    """
    while digits < MOST_DIGITS and fixed(one, digits) == fixed(other, digits):
        digits += 1
    return digits


def share(value: float) -> str:
    """A share from 0 to 1 as a percentage.

    >>> share(69 / 240), share(1 / 16), share(0.29996)
    ('28.8 %', '6.3 %', '29.996 %')
    """
    return percent(_decimal(value).scaleb(2))


def bare_share(value: float) -> str:
    """The same without the sign of per cent."""
    return bare_percent(_decimal(value).scaleb(2))


def share_digits(value: float) -> int:
    """How many decimals show a share in per cent on its side of 30 and 50."""
    return percent_digits(_decimal(value).scaleb(2))


def shown_share(value: float) -> float:
    """A share from 0 to 1 to the digits shown, for a cell that may hold no more."""
    return float(Decimal(share(value).removesuffix(" %")).scaleb(-2))


def points(value: float) -> str:
    """Points of the pain scale where they are a mean, a change of means or an interval's end."""
    return minus(fixed(value, POINTS))


def ratio(value: float) -> str:
    """A standardised mean change."""
    return minus(fixed(value, RATIO))


def per_100(value: float) -> str:
    """Adverse events per 100 sessions, and their upper bound."""
    return fixed(value, PER_100)


def dose(value: float, other: float) -> str:
    """A dose in J/cm² that was worked out, not to be mistaken for the ``other``, which was written.

    >>> dose(54.0, 50), dose(13.333333, 14), dose(13.333333, 13.33)
    ('54', '13.33', '13.333')
    """
    return written(rounded(value, digits_apart(value, other, DOSE)))


def file_size(number: float) -> str:
    """Bytes in words: 3.0 GB, 200 MB, 4 kB."""
    if number >= GIGABYTE:
        return f"{fixed(number / GIGABYTE)} GB"
    if number >= MEGABYTE:
        return f"{fixed(number / MEGABYTE, 0)} MB"
    return f"{max(1, int(number) // 1000)} kB"


def score(value: float) -> str:
    """A pain score as it was written, without a needless decimal.

    >>> score(7.0), score(6.5)
    ('7', '6.5')
    """
    return minus(written(value))


def scored_points(value: float) -> str:
    """A difference of two scores, as in "1 point", "2.5 points"."""
    return f"{score(value)} point{'' if value == 1 else 's'}"


def minus(text: str) -> str:
    """A number's text with a real minus sign, and no minus before zero."""
    if not text.strip("-0."):
        return text.lstrip("-")
    return text.replace("-", "−")
