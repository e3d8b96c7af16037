"""Cells that show percentages: more decimals where one would show them beyond 30 or 50."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from clinicreport.ground.rounding import (
    MOST_DIGITS,
    PERCENT,
    THRESHOLDS,
    bare_percent,
    bare_share,
    percent_digits,
    share_digits,
)
from clinicreport.workbook.words import missing

FOLLOWED = (5, 4, 3, 2)  # decimals that a percentage gets when a formula's value changes


class Percents(NamedTuple):
    """A number format with one decimal that shows percentages, of shares too."""

    plain: str

    @property
    def of_shares(self) -> bool:
        """Whether the program that shows it multiplies by 100."""
        return '" %"' not in self.plain

    def digits(self, held: Any) -> int:
        """How many decimals keep a cell's value on its side of 30 and 50 per cent."""
        if isinstance(held, bool) or not isinstance(held, int | float) or missing(held):
            return PERCENT
        return share_digits(held) if self.of_shares else percent_digits(held)

    def steady(self, held: Any) -> Any:
        """A share that a program which multiplies it by 100 in binary shows rounded as here.

        0.2875 times 100 is 28.749999999999996 there. A number that is larger in the 16th digit is
        the same one at the 15 digits that count, and is shown as 28.8 everywhere.
        """
        if not self.of_shares or not isinstance(held, int | float) or missing(held) or held <= 0:
            return held
        if bare_percent(Decimal(100 * held)) == bare_share(held):
            return held
        true = Decimal(f"{held:.15g}")
        return float(true + Decimal(1).scaleb(true.adjusted() - 15))

    def code(self, digits: int) -> str:
        """The number format with so many decimals."""
        return self.plain.replace("0.0", f"0.{'0' * digits}", 1)

    def crosses(self, cell: str, digits: int) -> str:
        """Whether so many decimals would show a cell beyond a threshold, as a formula."""
        value = f"100*{cell}" if self.of_shares else cell
        tests = ",".join(
            f"AND(ROUND({value},{MOST_DIGITS})<{limit},ROUND({value},{digits})>={limit})"
            for limit in THRESHOLDS
        )
        return f"=IF(ISNUMBER({cell}),OR({tests}),FALSE)"
