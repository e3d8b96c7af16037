"""A page that takes a moment to make: made in the worker, and waited for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from clinicreport.desk.jobs import Jobs

PATIENCE = 1.5  # seconds that a page waits for work that may end soon
Made = TypeVar("Made")


def prepared(jobs: Jobs, name: str, make: Callable[[], Made]) -> Made | None:
    """What ``make`` makes, under the name of the work; None while that goes on.

    Raises what the work raised; it is begun anew then, at the next request.
    """
    if jobs.result(name) is None:
        jobs.start(name, make)
        jobs.wait(PATIENCE)
    ended = jobs.result(name)
    if ended is None:
        return None
    if ended.error:
        jobs.forget(name)
        raise ended.error
    made: Made = ended.value
    return made
