"""Named points between the steps of a run.

A run may end at any of them, as at any other moment, and the next one finishes the work. Tests
put a function of their own in ``hook`` to stop the program there; otherwise nothing happens.
"""

from __future__ import annotations

from collections.abc import Callable


def _nothing(_name: str) -> None:
    pass


hook: Callable[[str], None] = _nothing


def fault(name: str) -> None:
    """A point at which a test may stop the program."""
    hook(name)
