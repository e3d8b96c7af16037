"""Runs in a process of their own that is killed on the way.

The processes come from a server without threads, which is what Python asks of a fork; it has the
modules loaded that the tests have loaded, so that each of them starts at once.
"""

import multiprocessing
import os
import signal
import sys
import time
from collections import Counter

import pytest
from clinic_folders import make_fast, run

from clinicreport.folder import steps

needs_a_server = pytest.mark.skipif(
    "forkserver" not in multiprocessing.get_all_start_methods(), reason="needs fork"
)


def killed_at(folder, name, nth=1):
    """Whether the run was killed: it is, when it passes a point for the n-th time."""
    child = _started(_run_up_to, folder, name, nth)
    child.join()
    return child.exitcode == -signal.SIGKILL


def killed_after(folder, seconds):
    """Whether the run was still at work when it was killed after so many seconds."""
    here, there = multiprocessing.Pipe(duplex=False)
    child = _started(_run_from_a_signal, folder, there)
    here.recv()
    time.sleep(seconds)
    child.kill()
    child.join()
    return child.exitcode == -signal.SIGKILL


def _started(work, *arguments):
    context = multiprocessing.get_context("forkserver")
    loaded = [name for name in sys.modules if name.partition(".")[0] in ("clinicreport", "pytest")]
    context.set_forkserver_preload(loaded)  # before the first process starts; later without effect
    child = context.Process(target=work, args=arguments)
    child.start()
    return child


def _run_up_to(folder, name, nth):
    seen = Counter()

    def hook(passed):
        seen[passed] += 1
        if passed == name and seen[passed] == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    steps.hook = hook
    _run(folder)


def _run_from_a_signal(folder, ready):
    ready.send("ready")
    _run(folder)


def _run(folder):
    make_fast(pytest.MonkeyPatch())
    run(folder)


def killed_randomly(folder, chance, passed):
    """Kill a run at a point by chance, of those that an undisturbed one goes through."""
    at = chance.randrange(len(passed))
    return killed_at(folder, passed[at], passed[: at + 1].count(passed[at]))
