"""Results between runs: a file beside the generated logs, so that cases can be run one by one."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from benchmarks.cases import Line

NAME = "results.json"
ORDER = ("start", "month", "log", "busy", "files", "network", "cost")

Found = dict[str, list[Line]]  # case -> its lines


def load(folder: Path) -> Found:
    """What earlier runs left; nothing at first."""
    path = folder / NAME
    if not path.exists():
        return {}
    told = json.loads(path.read_text(encoding="utf-8"))
    return {case: [Line(**line) for line in lines] for case, lines in told.items()}


def save(folder: Path, found: Found) -> None:
    """Keep them after every case: a run of all sizes takes long, and may be stopped."""
    told = {case: [asdict(line) for line in lines] for case, lines in found.items()}
    (folder / NAME).write_text(json.dumps(told, indent=1), encoding="utf-8")


def in_order(found: Found) -> list[Line]:
    """All lines, from start-up to the network, small before large."""

    def place(case: str) -> tuple[int, int]:
        name, _, size = case.partition(" ")
        return ORDER.index(name), int(size or 0)

    return [line for case in sorted(found, key=place) for line in found[case]]
