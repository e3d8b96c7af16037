"""Edits on the Sessions sheet against a run on the edited log: every figure follows, or is marked.

LIVE_EDITS says how many edits are tried (4 unless said otherwise), LIVE_FROM the first one's seed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from live_edits import Edit, edit
from live_shown import AS_MADE, Areas, Key, choice, chosen, shown, tables
from test_report_live import RECALCULATE

from clinicreport.books.report import report_workbook

pytestmark = [
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
    pytest.mark.filterwarnings("ignore:.*extension is not supported"),
]

FIRST, EDITS = int(os.environ.get("LIVE_FROM", "0")), int(os.environ.get("LIVE_EDITS", "4"))
BATCH = 40  # workbooks that one run of LibreOffice recalculates
MARKED = "EDITED"
# Where a log's row holds several visits, an emptied one is gone in a new run; the line says so.
COUNTED = {
    "Sessions",
    "Lines",
    "First line",
    "Evaluable",
    "Adverse events per 100 sessions",
    "Last treatment",
}
VISITS = ("patient_visits", "patient_points", "patient_lines_drawn")  # of the patient chosen
NOBODY = "no patient"  # where a new run has no row


def recalculated(folder: Path, contents: list[bytes]) -> list[bytes]:
    """The workbooks as LibreOffice saves them."""
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(RECALCULATE)
    sources = [folder / f"{at}.xlsx" for at in range(len(contents))]
    for source, content in zip(sources, contents, strict=True):
        source.write_bytes(content)
    for at in range(0, len(sources), BATCH):
        command = [
            "soffice",
            f"-env:UserInstallation=file://{folder / 'profile'}",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(folder / "out"),
            *map(str, sources[at : at + BATCH]),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=60 + 10 * BATCH)
    return [(folder / "out" / source.name).read_bytes() for source in sources]


def with_choice(content: bytes, patient: str) -> tuple[bytes, Areas]:
    """The workbook with another patient chosen, and where its tables are."""
    book = openpyxl.load_workbook(BytesIO(content))
    cell = choice(book)
    if cell is not None and patient:
        cell.value = patient
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue(), tables(book)


def test_every_figure_follows_or_is_marked(tmp_path: Path) -> None:
    edits = [each for seed in range(FIRST, FIRST + EDITS) if (each := edit(seed)).what]
    again = [report_workbook.content(each.logs.analysis()) for each in edits]
    edited = [
        with_choice(each.content, chosen(report)) for each, report in zip(edits, again, strict=True)
    ]
    live = recalculated(tmp_path, [content for content, _ in edited])
    silently: list[Any] = []
    followed = 0
    for each, report, content, (_, areas) in zip(edits, again, live, edited, strict=True):
        now, new = shown(content, areas), shown(report)
        wrong = [key for key in {*now, *new} - {("line",)} if not same(now.get(key), new.get(key))]
        unsaid = [key for key in wrong if not says_so(each, key, now)]
        silently += [(each.clinic, each.what, key, now.get(key), new.get(key)) for key in unsaid]
        followed += each.scores_only and all(told_as_made(now, key) for key in wrong)
    assert silently == [], "\n".join(map(str, silently))
    assert followed


def same(one: Any, other: Any) -> bool:
    """Numbers to 1e-9; an empty text is an empty cell."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= 1e-9 * max(1, abs(other))
    return bool((one or "") == (other or "")) or (one == NOBODY and other is None)


def told_as_made(now: dict[Key, Any], key: Key) -> bool:
    """Whether the figure itself says so."""
    return AS_MADE in str(now.get(key)).lower()


def says_so(each: Edit, key: Key, now: dict[Key, Any]) -> bool:
    """Whether the workbook says that a figure is not a new run's."""
    line = str(now["line",])
    if not line.startswith(MARKED):
        return False
    if not each.scores_only or "and charts are missing" in line:
        return "run again" in line
    if told_as_made(now, key):
        return True
    if "one without a score is none" in line and (COUNTED & set(key) or key[0] in VISITS):
        return True
    if key[0] == "patient_visits" and key[2] == "NRS before":
        return now[key] in ("n/a", "6-7", 11, -1)  # listed as typed, and counted nowhere
    return "are not shown" in line and ("Week" in " ".join(key) or key[0].startswith("by_week"))
