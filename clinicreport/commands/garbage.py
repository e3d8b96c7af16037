"""What a process that is over soon does without, and how Python looks for garbage where one stays."""

from __future__ import annotations

import atexit
import gc
import os
import sys

OBJECTS = 400_000  # made before garbage is looked for, in a process that is over soon
TURN = 0.0002  # seconds after which a thread that waits for its turn gets it
USUAL = gc.get_threshold()  # as Python began


def settle() -> None:
    """Look for garbage seldom, and not in the end; no threads for linear algebra, no plugins; turns
    that change quickly.

    More than half of a month's report is loading libraries, all of which stays: without this Python
    would look through it for garbage again and again, and once more in the end. And nothing here
    does linear algebra, for which a pool of threads would be started, or is checked by other
    packages' plugins of pydantic, for which every package that is installed would be looked at. Two
    threads never run Python side by side here: one makes a workbook's text, the other has it
    compressed, and needs a moment of Python between two pieces, for which it would wait 5 ms.
    """
    gc.set_threshold(OBJECTS, 10, 10)
    sys.setswitchinterval(TURN)
    atexit.register(gc.freeze)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def stay() -> None:
    """Look for garbage as usual: this process makes one report after another, each of which leaves
    objects that refer to each other."""
    gc.set_threshold(*USUAL)
