"""What a clinic does beside reports: a run beside a full archive, a marked copy, the desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.cases import Bench, Line, figure, line
from benchmarks.measure import script

ARCHIVED = (1, 36, 240)  # months


def archive(bench: Bench) -> Iterator[Line]:
    """A new month of 100 visits beside the archived ones."""
    group = "A run with a new month of 100 visits"
    folders = {months: _folder(bench, months) for months in ARCHIVED}
    taken = bench.take(
        group,
        **{str(months): script("archive.py", "run", str(at)) for months, at in folders.items()},
    )
    least = min(ARCHIVED)
    for months in ARCHIVED:
        if months != least:
            most = 2 if months == max(ARCHIVED) else None
            what = f"beside {months} archived months over beside {least}"
            yield line(group, what, taken[str(months)], taken[str(least)], most=most)
            more = taken[str(months)].work - taken[str(least)].work
            what = f"processor milliseconds an archived month, of {months}"
            yield figure(group, what, 1000 * more / (months - least))


def _folder(bench: Bench, months: int) -> Path:
    """The folder with so many archived months, made once."""
    path = bench.folder / f"clinic-{months}"
    if not path.exists():
        bench.take_once(script("archive.py", "make", str(path), str(months)))
    return path


def marked_copy(bench: Bench) -> Iterator[Line]:
    """Every finding of 10,000 rows marked in a copy of the log."""
    group, log = "A marked copy of 10,000 rows", bench.log(10_000)
    copies = bench.folder / "copies"
    words = ("--marked-copy", str(copies), "--force", "-q")
    taken = bench.take(
        group,
        check=bench.check(log, more=("-q",)),
        marked=bench.check(log, more=words),
        resaved=script("floors.py", "resave", str(log), str(bench.out("resaved"))),
    )
    resaved, checked, marked = taken["resaved"], taken["check"], taken["marked"]
    what = "the copy alone over openpyxl's load and save, processor time"
    yield figure(group, what, (marked.work - checked.work) / resaved.work, 0.15)
    yield line(group, "check with the copy over openpyxl's load and save", marked, resaved)


def desk(bench: Bench) -> Iterator[Line]:
    """From the command to the first page."""
    group, folder = "The desk", _folder(bench, min(ARCHIVED))
    taken = bench.take(group, desk=script("desk_start.py", str(folder)))
    yield figure(group, "seconds from the command to its first page", taken["desk"].seconds, 1)
