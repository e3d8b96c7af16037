"""Whether the program installs from wheels alone, without a compiler, on systems that are not here.

    python -m benchmarks.wheels

Asks pip to resolve the dependencies of ``pyproject.toml`` for each system and Python, and downloads
nothing but their descriptions. It prints a table; of what cannot be resolved the packages that have
no wheel. That something installs does not say that it runs: nothing is run. pip looks at conditions
such as ``sys_platform`` as they are here, so what only Windows needs (``colorama``) is added by hand.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
SYSTEMS = {
    "Windows x64": "win_amd64",
    "Windows ARM64": "win_arm64",
    "macOS Intel": "macosx_14_0_x86_64",
    "macOS ARM": "macosx_14_0_arm64",
}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
ON_WINDOWS = ("colorama", "tzdata")


def wanted() -> list[str]:
    """What the program stands on, as ``pyproject.toml`` bounds it."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        found: list[str] = tomllib.load(file)["project"]["dependencies"]
    return found


def resolves(packages: list[str], platform: str, python: str) -> bool:
    """Whether pip finds wheels for all of them and for what they need."""
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet"]
        command += ["--disable-pip-version-check", "--ignore-installed", "--only-binary=:all:"]
        command += ["--platform", platform, "--python-version", python, "--implementation", "cp"]
        command += ["--target", place, *packages]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0


def result(system: str, python: str) -> str:
    """One cell of the table."""
    platform = SYSTEMS[system]
    packages = wanted() + list(ON_WINDOWS if platform.startswith("win") else ())
    if resolves(packages, platform, python):
        return "all"
    lacking = [one for one in packages if not resolves([one], platform, python)]
    return f"not {', '.join(lacking)}" if lacking else "not together"


def main() -> None:
    print(f"| | {' | '.join(f'Python {python}' for python in PYTHONS)} |")
    print(f"|---|{'---|' * len(PYTHONS)}")
    for system in SYSTEMS:
        cells = [result(system, python) for python in PYTHONS]
        print(f"| {system} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
