"""Drop many logs at once, and watch the time and the memory of one run.

python benchmarks/thousand_files.py --files 1000 [--rows 20]
"""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from clinic_folders import drop, log, make_folder, request

from clinicreport.folder import intake
from clinicreport.folder.rounds import run_once


def megabytes():
    """The most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--rows", type=int, default=20)
    asked = parser.parse_args()
    seen = []
    settle = intake.settle_received

    def watched(clinic):
        settle(clinic)
        seen.append(megabytes())

    intake.settle_received = watched
    with tempfile.TemporaryDirectory() as place:
        folder = make_folder(Path(place) / "clinic")
        for number in range(asked.files):
            patients = tuple(f"P-{number}-{at}" for at in range(max(1, asked.rows // 3)))
            drop(folder, f"log {number}.csv", log(f"2026-{number % 10 + 1:02d}", patients))
        begun = time.monotonic()
        done = run_once(folder, request(folder))
        seconds = time.monotonic() - begun
    assert len(done.archived) == asked.files, done.problems
    assert len(done.reports) == min(10, asked.files)
    half = seen[len(seen) // 2]
    print(
        f"{asked.files} files in {seconds:.0f} s ({1000 * seconds / asked.files:.0f} ms a file); "
        f"memory after the first 20: {seen[0]:.0f} MB, half way {half:.0f} MB, at the end of the "
        f"intake {seen[-1]:.0f} MB, with the reports {megabytes():.0f} MB"
    )


if __name__ == "__main__":
    main()
