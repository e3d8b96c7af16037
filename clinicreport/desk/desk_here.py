"""What a page's routes ask first: the desk that answers, and who asks."""

from __future__ import annotations

from flask import current_app, request

from clinicreport.desk.desk_state import Desk


def desk_here() -> Desk:
    """The start of the desk that answers."""
    desk: Desk = current_app.extensions["desk"]
    return desk


def asked_by_script() -> bool:
    """Whether it is the script of a page that waits, which asks how far it is."""
    return request.accept_mimetypes.best == "application/json"
