"""From the command to the desk's first page, and its end: ``python benchmarks/desk_start.py FOLDER``."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import urllib.request


def main() -> None:
    """Start it, come in by the address that it says, and get the page."""
    with tempfile.TemporaryDirectory() as home:
        words = [sys.executable, "-m", "clinicreport", "desk", sys.argv[1], "--no-browser"]
        own = {"HOME": home, "XDG_STATE_HOME": home, "PYTHONPATH": ":".join(filter(None, sys.path))}
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=own)
        try:
            assert process.stdout is not None
            lines = iter(process.stdout.readline, "")
            address = next(line.strip() for line in lines if line.startswith("http"))
            with urllib.request.urlopen(address) as page:
                assert b"Go on to the desk" in page.read()
        finally:
            process.kill()
            process.wait()


if __name__ == "__main__":
    main()
