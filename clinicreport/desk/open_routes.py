"""Coming in and going: the one-time key, whether the desk is alive, and the button that closes it."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    abort,
    jsonify,
    make_response,
    render_template,
    request,
    send_from_directory,
    url_for,
)

from clinicreport.desk.desk_here import desk_here
from clinicreport.desk.door import cookie_name
from clinicreport.desk.one_time_keys import proof
from clinicreport.ground.resources import resource

pages = Blueprint("open", __name__)
WARNED = 5  # minutes before the end


@pages.get("/enter")
def enter() -> Response:
    """The key becomes a cookie. A page that goes on, since a strict cookie is lost on a redirect."""
    desk = desk_here()
    if not desk.keys.use(request.args.get("key", "")):
        abort(403)
    answer = make_response(render_template("enter.html"))
    answer.set_cookie(
        cookie_name(desk), desk.cookie, httponly=True, samesite="Strict", path=f"/{desk.prefix}"
    )
    return answer


@pages.get("/here")
def here() -> Response:
    """The proof to a second start that this is the desk whose secret it read."""
    said = request.args.get("said", "")[:100]
    return make_response(proof(desk_here().keys.secret, f"here {said}"))


@pages.get("/alive")
def alive() -> Response:
    """Asked by the open page: how long the desk stays without a click."""
    left = desk_here().minutes_left
    return jsonify(warned=left <= WARNED, minutes=max(0, int(left)))


@pages.post("/stay")
def stay() -> Response:
    """Somebody wants the desk to stay; being asked is a click."""
    return make_response("", 204)


@pages.get("/static/<name>")
def static_file(name: str) -> Response:
    """The stylesheet, the script, the icon."""
    return send_from_directory(resource("templates/desk/static"), name)


@pages.get("/theme.css")
def theme_colours() -> Response:
    """The report's font and colours, for the stylesheet."""
    from clinicreport.workbook.theme import Theme

    theme = Theme.load()
    words = {"font": f'"{theme.font}"', **theme.colours}
    lines = [f"  --{name.replace('_', '-')}: {value};" for name, value in words.items()]
    answer = make_response("\n".join([":root {", *lines, "}", ""]))
    answer.mimetype = "text/css"
    return answer


@pages.get("/help")
def help_page() -> str:
    """What the desk does, in a page."""
    from clinicreport.folder.looked_at import DAYS
    from clinicreport.log.findings import SYMBOLS

    return render_template("help.html", symbols=SYMBOLS, days=DAYS)


@pages.post("/close")
def close() -> Response:
    """End the desk; the browser forgets it."""
    desk = desk_here()
    answer = make_response(render_template("closed.html"))
    answer.delete_cookie(cookie_name(desk), path=f"/{desk.prefix}")
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    answer.call_on_close(desk.ended.set)
    return answer


@pages.get("/")
def start() -> Response:
    """The first page."""
    goes = "month.month" if desk_here().folder else "start.choose"
    return make_response("", 303, {"Location": url_for(goes)})
