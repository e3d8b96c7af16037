"""A clinic folder with so many months in its archive, and a run with one new month beside them.

    python benchmarks/archive.py make FOLDER MONTHS      the folder, its logs archived and known
    python benchmarks/archive.py run FOLDER              a run with July 2026 on a copy of it

The reports of the archived months are left out: only the new one is timed. A first run with
another log, in the making, reads the archive once.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.logs import monthly_log

ALL_IN, NEW = date(2026, 6, 1), date(2026, 7, 1)
SETTINGS = 'name = "Hill Clinic"\n[folder]\nsettle_polls = 1\nsettle_seconds = 0\n'
TODAY = ("--today", "2026-08-05")


def make(root: Path, months: int) -> None:
    """A folder whose archive holds so many months of 100 visits, June 2026 the last."""
    from clinicreport.folder import intake
    from clinicreport.folder.open_folder import opened
    from clinicreport.folder.places import Folder
    from clinicreport.settings.request import make_request

    _program("init", str(root))
    (root / "clinic.toml").write_text(SETTINGS, encoding="utf-8")
    folder = Folder(root)
    last = 12 * ALL_IN.year + ALL_IN.month - 1
    logs = []
    for at, month in enumerate(range(last - months + 1, last + 1)):
        first = date(month // 12, month % 12 + 1, 1)
        logs.append(monthly_log(folder.inbox / f"log-{first:%Y-%m}.xlsx", first, at))
    with opened(folder, make_request(folder=root, today=TODAY[1])) as clinic:
        intake.take(clinic, logs)
        due = clinic.ledger.months_due()
        with clinic.ledger.change() as change:
            for one in due[:-1]:
                change.no_longer_due(one.month)
    _program("run", str(root), *TODAY)


def run(root: Path) -> None:
    """A run on a copy of the folder, with the log of July."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / "clinic"
        shutil.copytree(root, copy)
        monthly_log(copy / "inbox" / "log-2026-07.xlsx", NEW, 1_000)
        _program("run", str(copy), *TODAY)
        assert (copy / "reports" / "2026-07").is_dir()


def _program(*words: str) -> None:
    """The command in this very process."""
    from clinicreport.commands.cli import main

    try:
        main(list(words), standalone_mode=False)
    except SystemExit as ended:
        if ended.code:
            raise


def main_script() -> None:
    """One of the two."""
    step, folder, *more = sys.argv[1:]
    if step == "make":
        make(Path(folder), int(more[0]))
    else:
        run(Path(folder))


if __name__ == "__main__":
    main_script()
