"""Measure, print, and on request renew ``docs/performance.md``: ``python -m benchmarks --help``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.cases import SIZES, Bench, every_size
from benchmarks.chores import archive, desk, marked_copy
from benchmarks.page import renew, table

CASES = ("start", "month", "log", "busy", "files", "network", "cost", "archive", "copy", "desk")


def say(text: str) -> None:
    """What is being run, beside the table."""
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Every case asked for, side by side."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="of each command, in turns")
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES), help="visits of a log")
    parser.add_argument("--files", type=int, nargs="*", default=[200], help="files of a network")
    parser.add_argument("--all", action="store_true", help="also a million visits, 2,000 files")
    parser.add_argument("--no-usual", action="store_true", help="leave the usual script out")
    parser.add_argument("--only", nargs="*", default=[], choices=CASES)
    parser.add_argument("--keep", type=Path, help="where generated logs stay for the next time")
    parser.add_argument("--write", action="store_true", help="renew docs/performance.md")
    given = parser.parse_args()
    sizes = sorted({*given.sizes, *([1_000_000] if given.all else [])})
    files = sorted({*given.files, *([2_000] if given.all else [])})
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        bench = Bench(folder, given.runs, say, usual=not given.no_usual)
        cases = every_size(bench, sizes, files)
        cases += [("archive", archive(bench)), ("copy", marked_copy(bench)), ("desk", desk(bench))]
        wanted = set(given.only or CASES)
        lines = [line for name, case in cases if name in wanted for line in case]
    print(table(lines, given.runs))
    if given.write:
        renew(lines, given.runs)


if __name__ == "__main__":
    main()
