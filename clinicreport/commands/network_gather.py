"""All units through an Executor, in order; the clinics' own reports put in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from clinicreport.commands.network_clinics import PART, read_units
from clinicreport.commands.network_units import NetworkUnit
from clinicreport.ground.errors import OutputError, UsageError
from clinicreport.ground.held_files import remove, replace
from clinicreport.ground.period import no_visit_in
from clinicreport.outcomes.network.sums import UnitResult
from clinicreport.settings.request import Request

MOST_UNITS = 16  # that are read by one child, one after another
MOST_PROCESSES = 61  # Windows waits for no more at a time
PARTS = 32  # at least, where there are as many units: what is shared out evenly


class InThisProcess(Executor):
    """An Executor that does the work at once, where it is asked for."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """A future that is done already."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 (it is raised where the result is asked for)
            future.set_exception(error)
        return future


@contextmanager
def executor(jobs: int, dask: str | None = None) -> Iterator[Executor]:
    """Where units are read: here, in ``jobs`` processes, or on a Dask cluster.

    Raises UsageError where there is no cluster at the address, or no Dask.
    """
    if dask is not None:
        yield from _on_dask(dask)
    elif jobs > 1:
        with ProcessPoolExecutor(
            min(jobs, MOST_PROCESSES), mp_context=get_context("spawn")
        ) as pool:
            yield pool
    else:
        yield InThisProcess()


def _on_dask(address: str) -> Iterator[Executor]:
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise UsageError(
            '--dask needs Dask: pip install "clinicreport[dask]", here and on every worker'
        ) from None
    try:
        client = distributed.Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(f"--dask {address}: there is no scheduler at this address") from error
    with client, client.get_executor(pure=False) as made:
        yield made


def read_all(
    units: Sequence[NetworkUnit], pool: Executor, progress: Callable[[str], None] | None = None
) -> list[UnitResult]:
    """The units' results in their order. What a worker raises is raised here, the rest stopped.

    Raises OutputError where a worker ended.
    """
    size = min(MOST_UNITS, max(1, len(units) // PARTS))
    parts = [units[at : at + size] for at in range(0, len(units), size)]
    here = isinstance(pool, InThisProcess)  # then each is read when its result is asked for
    sent = [] if here else [pool.submit(read_units, part) for part in parts]
    results: list[UnitResult] = []
    try:
        for at, part in enumerate(parts):
            future = pool.submit(read_units, part) if here else sent[at]
            results += future.result()
            if progress:
                progress(f"{len(results)} of {len(units)}: {part[-1].name}")
    except BrokenExecutor as error:
        raise OutputError(
            "a process that was reading has ended, for want of memory perhaps, or a virus scanner "
            "ended it. Nothing was written; try again with --jobs 1"
        ) from error
    finally:
        for future in sent:
            future.cancel()  # says nothing to those that are done
    return results


def refuse_empty_period(results: Sequence[UnitResult], request: Request) -> None:
    """Raises UsageError where the logs hold visits, but none in the period that is asked for."""
    months = sorted({month for result in results for month in result.months})
    if request.period and months and not any(result.in_period for result in results):
        raise UsageError(no_visit_in(request.period, months))


def place(reports: Sequence[str]) -> None:
    """Put the clinics' own reports in their place, each that can be. Raises OutputError."""
    held = []
    for report in reports:
        path = Path(report)
        try:
            replace(path.with_name(path.name + PART), path)
        except OSError:
            held.append(str(path))
    if held:
        raise OutputError(
            f"{', '.join(held)} could not be written: close it if it is open in Excel, and try "
            "again; the others were written"
        )


def discard(beside: str) -> None:
    """Take away reports that wait to be put in place. ``beside``: how their paths begin."""
    path = Path(beside)
    for left in path.parent.iterdir() if path.parent.is_dir() else ():
        if left.name.startswith(f"{path.name}-") and left.name.endswith(f".xlsx{PART}"):
            with suppress(OSError):
                remove(left)
