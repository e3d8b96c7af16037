"""Today, as a day that notices whether a later one would have given something else.

What a log gives depends on the day on which it is read: no visit lies in the future. Where every
day that is compared with today is no later, each later today says the same of it.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Self


class WatchedDay(date):
    """A day whose ``matters`` turns true as soon as a later day might make a difference.

    It does where it is compared with a later day, and where anything else is asked of it.
    """

    matters = False

    @classmethod
    def of(cls, day: date) -> Self:
        """The same day, watched."""
        return cls(day.year, day.month, day.day)

    def __lt__(self, other: date) -> bool:
        return self._noted(date.__lt__(self, other), may_change=True)

    def __ge__(self, other: date) -> bool:
        return self._noted(date.__ge__(self, other), may_change=False)

    def __le__(self, other: date) -> bool:
        return self._noted(date.__le__(self, other), may_change=True)

    def __gt__(self, other: date) -> bool:
        return self._noted(date.__gt__(self, other), may_change=False)

    def __eq__(self, other: object) -> bool:
        self.matters = True
        return date.__eq__(self, other)

    def __hash__(self) -> int:
        self.matters = True
        return date.__hash__(self)

    def __sub__(self, other: Any) -> Any:
        self.matters = True
        return date.__sub__(self, other)

    def __rsub__(self, other: Any) -> Any:
        self.matters = True
        return date.__rsub__(self, other)  # type: ignore[attr-defined]

    def __add__(self, other: Any) -> Any:
        self.matters = True
        return date.__add__(self, other)

    __radd__ = __add__

    def __getattribute__(self, name: str) -> Any:
        if name not in ("matters", "_noted"):
            object.__setattr__(self, "matters", True)
        return super().__getattribute__(name)

    def _noted(self, told: bool, *, may_change: bool) -> bool:  # noqa: FBT001
        """What was told; ``may_change``: the answer that a later today may turn."""
        if told is may_change:
            self.matters = True
        return told
