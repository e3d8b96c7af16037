"""The desk's pages as one application: every request comes through the door, then to its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, Response, abort, request
from jinja2 import StrictUndefined
from markupsafe import Markup

from clinicreport.desk import (
    answers_routes,
    ask_routes,
    figures_routes,
    held_routes,
    kept_routes,
    look_routes,
    mail_password_routes,
    mail_routes,
    month_routes,
    open_routes,
    settings_routes,
    shared_routes,
    start_routes,
    trouble,
    work_routes,
)
from clinicreport.desk.button_words import by_button
from clinicreport.desk.door import Door, same
from clinicreport.desk.server import TOO_LARGE
from clinicreport.desk.upload import LARGEST, DeskRequest, drop_the_rest
from clinicreport.ground.resources import resource

if TYPE_CHECKING:
    from clinicreport.desk.desk_state import Desk

PARTS = (
    open_routes,
    start_routes,
    month_routes,
    held_routes,
    answers_routes,
    mail_routes,
    mail_password_routes,
    shared_routes,
    kept_routes,
    work_routes,
    look_routes,
    ask_routes,
    figures_routes,
    settings_routes,
)
PASSING = {
    "open.alive",
    "open.static_file",
    "kept.state",
    "work.state",
    "held.state",
    "mail.state",
    "mail.at_work",
    "shared.state",
}  # asked for without a click


def make_app(state: Desk) -> Flask:
    """The application of one start; ``app.extensions["desk"]`` is its state."""
    app = Flask("clinicreport", static_folder=None, template_folder=str(resource("templates/desk")))
    app.request_class = DeskRequest
    app.extensions["desk"] = state
    app.config["MAX_CONTENT_LENGTH"] = LARGEST
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals |= {"token": lambda: _token(state), "megabytes": LARGEST // 1_000_000}
    app.jinja_env.filters["by_button"] = by_button
    for part in PARTS:
        app.register_blueprint(part.pages)
    app.before_request(lambda: _before(state))
    app.teardown_request(lambda _: drop_the_rest())
    app.register_error_handler(Exception, trouble.page)
    app.wsgi_app = Door(state, app.wsgi_app)  # type: ignore[method-assign, assignment]
    return app


def _token(state: Desk) -> Markup:
    """The field that every form of ours carries."""
    return Markup('<input type="hidden" name="token" value="{}">').format(state.form_token)


def _before(state: Desk) -> Response | None:
    """The last check at the door; then somebody is here."""
    if request.method == "POST":
        if size := request.environ.get(TOO_LARGE):
            return trouble.too_large(size, request.environ["wsgi.input"].read())
        given = request.headers.get("X-Desk-Token") or request.form.get("token", "")
        if not same(given, state.form_token):
            abort(403)
    if request.endpoint not in PASSING:
        state.click()
    return None
