"""Counts after hiding, and lines of them as they may be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clinicreport.books.share.shared_counts import SharedCounts
from clinicreport.books.share.suppression import Marks
from clinicreport.ground.rounding import points, share, shown_share
from clinicreport.outcomes.intervals import rate_interval

SMALL, HIDDEN, NOBODY = "<5", "not shown", "nobody"


@dataclass(frozen=True, slots=True)
class HeadlineLine:
    """One headline figure as it may be read."""

    label: str
    value: str
    interval: str
    out_of: str
    code: str = ""  # where another part of the report picks the line


class Shown:
    """Counts after hiding: as text, as a number for a chart, and rates of them."""

    def __init__(self, made: SharedCounts, marks: Marks) -> None:
        self._values, self._marks = made.values, marks

    def all(self, *names: str) -> bool:
        """Whether all of these may be read."""
        return all(self._marks.get(name) == "shown" for name in names)

    def number(self, name: str) -> int | None:
        """The count; None where hidden."""
        return self._values[name] if self.all(name) else None

    def text(self, name: str) -> str:
        """The count, or the mark that stands for it."""
        if self.all(name):
            return f"{self._values[name]:,}"
        return SMALL if self._marks[name] == "primary" else HIDDEN

    def of(self, hits: str, total: str) -> str:
        """Both, as in "20 of 40"; once where both are hidden the same way."""
        words = [self.text(hits), self.text(total)]
        return HIDDEN if words == [HIDDEN, HIDDEN] else " of ".join(words)

    def rate(self, hits: str, total: str) -> float | None:
        """A share from 0 to 1, to a tenth of a per cent; None where hidden or of nobody."""
        if not self.all(hits, total) or not self._values[total]:
            return None
        return shown_share(self._values[hits] / self._values[total])

    def interval(self, hits: str, total: str) -> tuple[float, float] | None:
        """The 95 % Wilson interval of that share."""
        if self.rate(hits, total) is None:
            return None
        ends = rate_interval(self._values[hits], self._values[total])
        return (shown_share(ends[0]), shown_share(ends[1])) if ends else None

    def rate_line(self, label: str, hits: str, total: str, whom: str) -> HeadlineLine:
        """A rate with its interval, in words."""
        rate, ends = self.rate(hits, total), self.interval(hits, total)
        return HeadlineLine(
            label,
            HIDDEN if rate is None else share(rate),
            f"{share(ends[0])} to {share(ends[1])}" if ends else "–",
            f"{self.of(hits, total)} {whom}",
            f"{hits}/{total}",
        )


def count_line(shown: Shown, label: str, name: str, total: str, whom: str) -> HeadlineLine:
    return HeadlineLine(label, shown.text(name), "–", f"of {shown.text(total)} {whom}")


def shown_ends(interval: Sequence[float] | None) -> str:
    return " to ".join(points(end) for end in interval) if interval else "–"
