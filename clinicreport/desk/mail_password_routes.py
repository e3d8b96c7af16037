"""A password for the attachments that leave encrypted only: set once, shown nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from clinicreport.desk.desk_here import desk_here
from clinicreport.ground.errors import UserError

if TYPE_CHECKING:
    from clinicreport.desk.desk_state import Desk
    from clinicreport.settings.config import Recipient

pages = Blueprint("mail_password", __name__)


def _handle(desk: Desk, one: Recipient) -> str:
    """Whom the form is about: the list may be another one when it comes back."""
    return desk.handle(f"{one.role} {one.address} {one.password_file}")


@pages.get("/mail/<int:number>/password/<int:who>")
def password(number: int, who: int) -> Response:
    """Ask for it; ``number``: of the report, ``who``: of the recipient, from 0."""
    return _shown(number, who)


def _shown(number: int, who: int, fault: str = "") -> Response:
    from clinicreport.folder.attachment_password import place_for
    from clinicreport.mail.passwords import SHORTEST, NoPassword, attachment_password

    desk = desk_here()
    config = desk.request().config
    if who >= len(config.recipients):
        return redirect(url_for("mail.mail", number=number, changed=1), 303)
    one, folder = config.recipients[who], desk.place()
    try:
        attachment_password(one, config.mail, folder.root)
    except NoPassword as error:
        why = str(error)
    else:
        return redirect(url_for("mail.mail", number=number), 303)
    words = render_template(
        "mail_password.html",
        one=one,
        number=number,
        who=who,
        why=why,
        place=place_for(one, config.mail, folder),
        handle=_handle(desk, one),
        shortest=SHORTEST,
        fault=fault,
    )
    return make_response(words, 422 if fault else 200)


@pages.post("/mail/<int:number>/password/<int:who>")
def set_one(number: int, who: int) -> Response:
    """Keep it in its file."""
    from clinicreport.folder.attachment_password import set_password

    desk = desk_here()
    config = desk.request().config
    people = config.recipients
    if who >= len(people) or request.form.get("whom") != _handle(desk, people[who]):
        return redirect(url_for("mail.mail", number=number, changed=1), 303)
    typed = request.form.get("password", "")
    if typed != request.form.get("again", ""):
        return _shown(number, who, "The two are not the same.")
    try:
        set_password(desk.place(), people[who], config.mail, typed)
    except UserError as error:
        return _shown(number, who, str(error))
    return redirect(url_for("mail.mail", number=number), 303)
