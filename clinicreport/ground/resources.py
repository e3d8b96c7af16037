"""The files that come with the package: templates and samples.

An installed wheel holds them inside the package; a checkout or an editable install has them
beside it.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def resource(name: str) -> Path:
    """The path of a packaged file or folder, as in ``resource("templates/protocol.toml")``.

    Raises FileNotFoundError where the installation is incomplete.
    """
    for root in (_PACKAGE, _PACKAGE.parent):
        path = root / name
        if path.exists():
            return path
    raise FileNotFoundError(f"{name} is missing from this installation: install clinicreport again")
