"""A kept file is read and checked as the command line does it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clinicreport.desk.kept import Kept
    from clinicreport.outcomes.analysis import Checked
    from clinicreport.settings.request import Request


def read(file: Kept, request: Request) -> Checked:
    """The first half of the path. Raises UserError."""
    from clinicreport.path import check_logs

    return check_logs([file.path], replace(request, password=file.password or request.password))
