"""The mail of a month: a preview, then drafts, or sent on a yes to what was shown."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from clinicreport.desk import trouble
from clinicreport.desk.desk_here import desk_here
from clinicreport.desk.desk_state import Desk
from clinicreport.desk.prepared import prepared
from clinicreport.desk.work_routes import waiting
from clinicreport.ground.rounding import file_size

if TYPE_CHECKING:
    from clinicreport.desk.mail_page import MailPage

pages = Blueprint("mail", __name__)


def _name(number: int) -> str:
    """Of the work that makes the preview."""
    return f"mail-{number}"


def _found(desk: Desk, number: int) -> MailPage | None:
    """The preview as things stand; None while it is being made. Raises NoReportError."""
    from clinicreport.desk.mail_page import mail_page, still_holds

    name = _name(number)
    for _ in range(2):  # an earlier one may hold no more
        page = prepared(desk.jobs, name, lambda: mail_page(desk, name, number))
        if page is None or still_holds(desk, page):
            return page
        desk.jobs.forget(name)
    return None


@pages.get("/mail/<int:number>")
def mail(number: int) -> ResponseReturnValue:
    """Who gets what, exactly; ``number``: of the report."""
    return _shown(number, None)


@pages.get("/mail/<int:number>/send")
def ask(number: int) -> ResponseReturnValue:
    """The same, with the question whether to send it."""
    return _shown(number, request.args.get("whom", ""))


def _shown(number: int, wanted: str | None) -> ResponseReturnValue:
    from clinicreport.desk.button_words import by_button
    from clinicreport.desk.mail_page import NoReportError

    desk = desk_here()
    try:
        page = _found(desk, number)
    except NoReportError:
        return redirect(url_for("month.month", changed=1), 303)
    if page is None:
        return redirect(url_for(".state", number=number, whom=wanted), 303)
    whom = page.can_be_sent(wanted) if wanted is not None and page.server else []
    if wanted is not None and not whom:
        return redirect(url_for(".mail", number=number, changed=1), 303)
    words = render_template(
        "mail.html",
        page=page,
        told=by_button,
        file_size=file_size,
        whom=whom,
        sending=wanted is not None,
        changed=trouble.CHANGED if request.args.get("changed") == "1" else "",
    )
    return make_response(words)


@pages.get("/mail/<int:number>/state")
def state(number: int) -> ResponseReturnValue:
    """How far the preview is."""
    whom = request.args.get("whom")
    there = (
        url_for(".mail", number=number)
        if whom is None
        else url_for(".ask", number=number, whom=whom)
    )
    return waiting(_name(number), there)


@pages.post("/mail/<int:number>/draft")
def draft(number: int) -> Response:
    """Make the drafts that were shown."""
    return _ordered(number, send=False)


@pages.post("/mail/<int:number>/send")
def send(number: int) -> Response:
    """Send what was shown, on a yes."""
    return _ordered(number, send=True)


def _ordered(number: int, *, send: bool) -> Response:
    """Begin it; the page that waits for it."""
    from clinicreport.desk.mail_page import MailOrder, carry_out

    desk = desk_here()
    whom = [int(one) for one in request.form.get("whom", "").split(",") if one.isdecimal()]
    shown = request.form.get("shown", "")
    if not whom:
        return redirect(url_for(".mail", number=number, changed=1), 303)
    name, order = f"post-{secrets.token_hex(8)}", MailOrder(number, tuple(whom), shown, send)
    desk.jobs.start(name, lambda: carry_out(desk, name, order))
    return redirect(url_for(".at_work", number=number, name=name), 303)


@pages.get("/mail/<int:number>/job/<name>")
def at_work(number: int, name: str) -> ResponseReturnValue:
    """How far it is; where none of the name is known, how the mail stands."""
    if not desk_here().jobs.known(name):
        return redirect(url_for(".mail", number=number, changed=1), 303)
    return waiting(name, url_for(".done", number=number, name=name))


@pages.get("/mail/<int:number>/done/<name>")
def done(number: int, name: str) -> ResponseReturnValue:
    """What was drafted or sent, and what not."""
    from clinicreport.desk.mail_page import PreviewChangedError
    from clinicreport.folder.run_words import MARKS, run_lines

    ended = desk_here().jobs.result(name)
    if ended is None or isinstance(ended.error, PreviewChangedError):
        return redirect(url_for(".mail", number=number, changed=1), 303)
    if ended.error:
        return trouble.page(ended.error)
    return render_template(
        "mailed.html", lines=run_lines(ended.value), marks=MARKS, made=(), number=number
    )


# --------------------------------------------------------------------- one message of the outbox


@pages.post("/mail/message/<int:number>/open")
def open_draft(number: int) -> Response:
    """Open a draft in the mail program."""
    return _opened(number, itself=True)


@pages.post("/mail/message/<int:number>/folder")
def open_folder(number: int) -> Response:
    """Open the folder that a draft lies in, beside its attachment."""
    return _opened(number, itself=False)


def _opened(number: int, *, itself: bool) -> Response:
    from clinicreport.desk.mail_page import draft_lies
    from clinicreport.desk.month_page import looked_over
    from clinicreport.desk.opener import open_file

    desk = desk_here()
    folder = desk.place()
    with looked_over(folder, desk.request()) as clinic:
        row = clinic.ledger.message(number)
        if row is None:
            return redirect(url_for("month.month", changed=1), 303)
        lies = draft_lies(clinic, row)
    path = folder.root / row.path
    if not lies:
        return redirect(url_for(".mail", number=row.report, changed=1), 303)
    open_file(path if itself else path.parent)
    return redirect(url_for(".mail", number=row.report), 303)


@pages.post("/mail/message/<int:number>/settle/<answer>")
def settled(number: int, answer: str) -> Response:
    """Somebody found out about a message: it arrived, it never came, or it is seen to."""
    from clinicreport.desk.mail_page import settle

    report = settle(desk_here(), number, answer)
    if report is None:
        return redirect(url_for("month.month", changed=1), 303)
    return redirect(url_for(".mail", number=report), 303)


@pages.post("/mail/message/<int:number>/draft")
def instead(number: int) -> Response:
    """A draft of what waits to be sent, to be sent by hand."""
    from clinicreport.desk.mail_page import draft_instead

    report = draft_instead(desk_here(), number)
    if report is None:
        return redirect(url_for("month.month", changed=1), 303)
    return redirect(url_for(".mail", number=report), 303)
