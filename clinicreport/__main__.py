"""The program as a process of its own: ``clinicreport`` and ``python -m clinicreport``."""

from __future__ import annotations

import atexit
import gc
import os

from clinicreport.cli import main

OBJECTS = 100_000  # made before garbage is looked for; Python's own 700 is for long-lived programs


def run() -> None:
    """Runs the command, with settings for a process that is over soon.

    Two thirds of a month's report is loading libraries, all of which stays. Without this Python
    would look through it for garbage again and again, and once more in the end. And nothing here
    does linear algebra: a pool of threads for it would be started twice for nothing.
    """
    gc.set_threshold(OBJECTS, 10, 10)
    atexit.register(gc.freeze)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    main(prog_name="clinicreport")


if __name__ == "__main__":
    run()
