"""The program as a process of its own: ``clinicreport`` and ``python -m clinicreport``."""

from __future__ import annotations

from clinicreport.cli import main
from clinicreport.process import settle


def run() -> None:
    """Runs the command."""
    settle()
    main(prog_name="clinicreport")


if __name__ == "__main__":
    run()
