"""What is compared with what, and the target of each ratio."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import logs
from benchmarks.measure import Command, Taken, in_turns, once, program, python, ratio, script

TODAY = ("--today", "2027-06-30")
IMPORTS = "import pandas, xlsxwriter, python_calamine, click"
SIZES = (1_000, 10_000, 100_000)  # --all adds a million, and 2,000 files
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Line:
    """One result: a ratio of times, the same of processor times, and the target."""

    group: str
    what: str
    ratio: float
    work: float | None = None
    target: str = ""
    met: bool | None = None


def line(
    group: str,
    what: str,
    one: Taken,
    other: Taken,
    *,
    most: float | None = None,
    least: float | None = None,
) -> Line:
    """One command over another, run by run where both ran as often."""
    value = ratio(one.wall, other.wall)
    return _judged(Line(group, what, value, ratio(one.processor, other.processor)), most, least)


def figure(group: str, what: str, value: float, most: float | None = None) -> Line:
    """A figure that is no ratio of two commands."""
    return _judged(Line(group, what, value), most, None)


def _judged(found: Line, most: float | None, least: float | None) -> Line:
    if most is not None:
        return replace(found, target=f"at most {most:g}", met=found.ratio <= most)
    if least is not None:
        return replace(found, target=f"at least {least:g}", met=found.ratio >= least)
    return found


@dataclass(slots=True)
class Bench:
    """A folder of generated logs, and how often each command runs."""

    folder: Path
    runs: int
    say: Say
    usual: bool = True  # whether the usual script runs, too, which takes minutes of a large log

    def log(self, visits: int) -> Path:
        """A log of so many visits, made once; a month's is of 80 patients."""
        path = self.folder / f"log-{visits}.xlsx"
        return path if path.exists() else logs.write_log(path, visits)

    def files(self, number: int, *, in_folders: bool = False) -> Path:
        """The logs of a network, made once."""
        path = self.folder / f"network-{number}{'-folders' if in_folders else ''}"
        return path if path.exists() else logs.network(path, number, in_folders=in_folders)

    def busy(self) -> Path:
        """Twelve logs of a busy clinic, made once."""
        path = self.folder / "busy"
        return path if path.exists() else logs.busy_clinic(path)

    def report(self, *paths: Path, more: tuple[str, ...] = ()) -> Command:
        """The report on these logs."""
        words = ("report", *map(str, paths), "-o", str(self.out("report")), "--force", "-q")
        return program(*words, *TODAY, *more)

    def check(self, *paths: Path, more: tuple[str, ...] = ()) -> Command:
        """The findings of these logs; findings are no failure here."""
        words = ("check", *map(str, paths), "--fail-on", "never")
        return program(*words, *TODAY, *more)

    def take_once(self, command: Command) -> None:
        """Run a command that makes what others need."""
        once(command)

    def out(self, name: str) -> Path:
        """A file to write to."""
        return self.folder / f"out-{name}.xlsx"

    def take(self, title: str, **commands: Command) -> dict[str, Taken]:
        """Run the commands in turns."""
        self.say(title)
        return in_turns(commands, self.runs, self.say)


def start_up(bench: Bench) -> Iterator[Line]:
    """Help and a wrong option over importing Click."""
    group = "Start-up"
    taken = bench.take(
        group,
        click=python("import click"),
        help=program("--help"),
        usage=program("report", "--nonsense", statuses="2"),
    )
    base = taken["click"]
    yield line(group, "--help over `import click`", taken["help"], base, most=1.15)
    yield line(group, "a usage error over `import click`", taken["usage"], base, most=1.3)


def month(bench: Bench) -> Iterator[Line]:
    """A month of 1,000 visits and 80 patients."""
    group, log = "A month: 1,000 visits, 80 patients", bench.log(1_000)
    taken = bench.take(
        group,
        imports=python(IMPORTS),
        report=bench.report(log),
    )
    yield line(group, f"report over `{IMPORTS}`", taken["report"], taken["imports"], most=1.5)
    yield from _against_others(bench, group, [log], large=False)


def one_log(bench: Bench, visits: int) -> Iterator[Line]:
    """One log: its steps over their floors, the whole over the usual script."""
    group, log, out = f"{visits:,} visits", bench.log(visits), bench.out("report")
    taken = bench.take(
        group,
        parser=script("floors.py", "read", str(log)),
        check=bench.check(log, more=("-q",)),
        listed=bench.check(log),
        report=bench.report(log),
    )
    sheets = bench.take(
        f"{group}: writing",
        cells=script("floors.py", "cells", str(out)),
        write=script("floors.py", "write", str(out), str(bench.out("floor"))),
    )
    parser, check, report = taken["parser"], taken["check"], taken["report"]
    large = visits >= 100_000
    reading = "check over python-calamine reading the log"
    yield line(group, reading, check, parser, most=1.5 if large else None)
    yield line(group, "check with its table over check -q", taken["listed"], check)
    writing = sheets["write"].work - sheets["cells"].work
    yield figure(
        group,
        "outcomes and writing over XlsxWriter writing the values, processor time",
        (report.work - check.work) / writing,
    )
    yield figure(
        group,
        "report over the sum of both floors, processor time",
        report.work / (parser.work + writing),
    )
    yield figure(group, "peak memory of report, MB", report.peak / 1e6)
    yield from _against_others(bench, group, [log], large=large)


def _against_others(bench: Bench, group: str, paths: list[Path], *, large: bool) -> Iterator[Line]:
    """The report in turns with the hand-built floor, the bare and the usual script on the same
    logs. Of a small log all mostly hold their packages."""
    names = ("by_hand", "bare", "usual") if bench.usual else ("by_hand", "bare")
    words = tuple(map(str, paths))
    scripts = {name: script(f"{name}.py", str(bench.out(name)), *words) for name in names}
    taken = bench.take(f"{group}: beside others", report=bench.report(*paths), **scripts)
    report, by_hand = taken["report"], taken["by_hand"]
    what = "report over the hand-built floor"
    yield line(group, what, report, by_hand, most=1.8 if large else None)
    for name in names[1:]:
        other, strict = taken[name], large and name == "bare"
        what = f"the {name} script over report"
        yield line(group, what, other, report, least=10 if strict else None)
        share = report.peak / other.peak
        what = f"peak memory over the {name} script's"
        yield figure(group, what, share, 0.5 if strict else None)


def many_files(bench: Bench, number: int) -> Iterator[Line]:
    """The files of a network: two processes over one, the report over the usual script."""
    group, folder = f"{number:,} files of 1,000 visits", bench.files(number)
    paths = sorted(folder.iterdir())
    taken = bench.take(
        group,
        parser=script("floors.py", "read", *map(str, paths)),
        one=bench.check(folder, more=("-q", "--jobs", "1")),
        two=bench.check(folder, more=("-q", "--jobs", "2")),
    )
    one, two = taken["one"], taken["two"]
    yield line(group, "check --jobs 1 over --jobs 2", one, two, least=1.5)
    yield line(group, "check --jobs 1 over python-calamine reading them", one, taken["parser"])
    if number <= 200:
        yield from _against_others(bench, group, paths, large=False)


def busy_year(bench: Bench) -> Iterator[Line]:
    """Twelve files of a busy clinic, 60,000 visits."""
    group, folder = "12 files of a busy clinic, 60,000 visits", bench.busy()
    yield from _against_others(bench, group, sorted(folder.iterdir()), large=False)


def network(bench: Bench, number: int) -> Iterator[Line]:
    """The network's report, with and without each clinic's own, over checking the same files."""
    group, folder = f"network of {number:,} clinics", bench.files(number, in_folders=True)
    words = ("network", str(folder), "-o", str(bench.out("network")), "--force", "-q", *TODAY)
    bare = (*words, "--no-clinic-reports", "--jobs")
    taken = bench.take(
        group,
        check=bench.check(bench.files(number), more=("-q",)),
        one=program(*bare, "1"),
        two=program(*bare, "2"),
        whole=program(*words, "--jobs", "2"),
    )
    one, two, whole = taken["one"], taken["two"], taken["whole"]
    yield line(group, "network over check of the same files", one, taken["check"])
    yield line(group, "--jobs 1 over --jobs 2", one, two)
    yield line(group, "with each clinic's own report over without", whole, two)
    yield figure(group, "processor seconds a clinic, own report included", whole.work / number)
    yield figure(group, "peak memory of the largest process, MB", whole.peak / 1e6)


def cost_per_visit(bench: Bench, sizes: list[int]) -> Iterator[Line]:
    """Nothing quadratic: processor time a visit, above what starting costs."""
    group = "Cost per visit"
    taken = bench.take(
        group,
        start=bench.report(bench.log(100)),
        **{str(size): bench.report(bench.log(size)) for size in sizes},
    )
    start = taken["start"].work
    cost = {size: (taken[str(size)].work - start) / size for size in sizes}
    for size in sizes:
        what = f"processor microseconds a visit at {size:,}"
        yield figure(group, what, 1e6 * cost[size])
    most = max(sizes)
    long = [size for size in sizes if size >= 10_000]
    least = min(long)
    for size in long:
        if size != least:
            what = f"processor time a visit at {size:,} over {least:,}"
            yield figure(group, what, cost[size] / cost[least], 1.3)
    if most >= 1_000_000:
        peak = taken[str(most)].peak / 1e9
        yield figure(group, f"peak memory at {most:,} visits, GB", peak, 2)


Cases = list[tuple[str, Iterator[Line]]]


def every_size(bench: Bench, sizes: list[int], files: list[int]) -> Cases:
    """All cases of these sizes, by name."""
    return [
        ("start", start_up(bench)),
        ("month", month(bench)),
        *(("log", one_log(bench, visits)) for visits in sizes if visits < 1_000_000),
        ("busy", busy_year(bench)),
        *(("files", many_files(bench, number)) for number in files),
        *(("network", network(bench, number)) for number in files),
        *([("cost", cost_per_visit(bench, sizes))] if max(sizes) > 10_000 else []),
    ]
