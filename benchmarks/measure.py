"""One command in a process of its own, several in turns, and the ratio of their medians.

A wrapper process runs the command and asks the system what its children used: wall clock, user
and system time, and the largest of their peaks of memory.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LONG = 100  # seconds after which a case is not run again
WRAPPER = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
wall = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
if str(done.returncode) not in sys.argv[1].split(","):
    sys.exit(done.stderr.decode()[-2000:] or f"status {done.returncode}")
peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps([wall, used.ru_utime + used.ru_stime, peak]))
"""


@dataclass(frozen=True, slots=True)
class Command:
    """A command line; ``statuses``: exit statuses that are right."""

    words: tuple[str, ...]
    statuses: str = "0"


@dataclass(slots=True)
class Taken:
    """What the runs of one command took."""

    wall: list[float] = field(default_factory=list)  # seconds
    processor: list[float] = field(default_factory=list)  # seconds, children included
    memory: list[float] = field(default_factory=list)  # bytes, of the largest process

    @property
    def seconds(self) -> float:
        """The median wall clock."""
        return statistics.median(self.wall)

    @property
    def work(self) -> float:
        """The median processor time."""
        return statistics.median(self.processor)

    @property
    def peak(self) -> float:
        """The median peak."""
        return statistics.median(self.memory)


def once(command: Command) -> tuple[float, float, float]:
    """Wall clock, processor time, peak memory. Raises RuntimeError where it fails."""
    words = [sys.executable, "-c", WRAPPER, command.statuses, *command.words]
    # Compiled modules may be kept, as they are where the program is installed.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=kept)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command.words)}: {done.stderr.strip()}")
    wall, processor, peak = json.loads(done.stdout)
    return wall, processor, peak


def in_turns(
    commands: Mapping[str, Command], runs: int, say: Callable[[str], None]
) -> dict[str, Taken]:
    """Each command once, then each again: what disturbs one run disturbs its neighbours too.

    Where all together take minutes, they are not begun again.
    """
    taken = {name: Taken() for name in commands}
    begun = time.monotonic()
    for _ in range(runs):
        if time.monotonic() - begun > LONG:
            break
        for name, command in commands.items():
            wall, processor, peak = once(command)
            taken[name].wall.append(wall)
            taken[name].processor.append(processor)
            taken[name].memory.append(peak)
            say(f"  {name}: {wall:.2f} s, processor {processor:.2f} s, {peak / 1e6:.0f} MB")
    return taken


def program(*words: str, statuses: str = "0") -> Command:
    """The program as it is installed beside this Python, else as a module."""
    installed = Path(sys.executable).with_name("clinicreport")
    start = (str(installed),) if installed.exists() else (sys.executable, "-m", "clinicreport")
    return Command((*start, *words), statuses)


def python(code: str) -> Command:
    """One line of Python."""
    return Command((sys.executable, "-c", code))


def script(name: str, *words: str) -> Command:
    """A script beside this one."""
    return Command((sys.executable, str(Path(__file__).with_name(name)), *words))


def ratio(one: Sequence[float], other: Sequence[float]) -> float:
    """The median of the ratios of neighbouring runs; of the medians where one ran less often."""
    if len(one) != len(other):
        return statistics.median(one) / statistics.median(other)
    return statistics.median(a / b for a, b in zip(one, other, strict=True))
