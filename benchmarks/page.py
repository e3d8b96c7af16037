"""The results as a table of ``docs/performance.md``, between two marks."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.cases import Line

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"
PACKAGES = ("clinicreport", "pandas", "numpy", "python-calamine", "xlsxwriter", "openpyxl")


def table(lines: Sequence[Line], runs: int) -> str:
    """The results in Markdown; nothing about the machine but its number of processors."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    rows = [
        f"Python {platform.python_version()}, {packages}; {os.cpu_count()} processors; medians of"
        f" up to {runs} interleaved runs (one where a run takes minutes).",
        "",
        "| | time | processor time | target | met |",
        "|---|---:|---:|---|---|",
    ]
    group = ""
    for line in lines:
        if line.group != group:
            group = line.group
            rows.append(f"| **{group}** | | | | |")
        met = {True: "yes", False: "**no**", None: ""}[line.met]
        work = "" if line.work is None else number(line.work)
        rows.append(f"| {line.what} | {number(line.ratio)} | {work} | {line.target} | {met} |")
    return "\n".join(rows)


def number(value: float) -> str:
    """Three digits that count."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def renew(lines: Sequence[Line], runs: int) -> None:
    """Put the results in their place on the page."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{table(lines, runs)}\n{END}{after}", encoding="utf-8")
