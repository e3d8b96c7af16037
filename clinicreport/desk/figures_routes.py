"""A month's figures, and a patient by id."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    abort,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from markupsafe import Markup

from clinicreport.desk.desk_here import asked_by_script, desk_here
from clinicreport.ground.errors import UsageError
from clinicreport.workbook.words import month as month_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from clinicreport.books.patient import Facts
    from clinicreport.desk.figures_model import FiguresPage, Kind
    from clinicreport.workbook.shapes import Drawing

pages = Blueprint("figures", __name__)


@pages.get("/figures")
def latest() -> ResponseReturnValue:
    """The figures of the newest report."""
    from clinicreport.desk.figures_model import months

    desk = desk_here()
    if desk.folder is None:
        return redirect(url_for("start.choose"), 303)
    there = months(desk)
    if not there:
        return render_template("no_figures.html")
    return redirect(url_for(".month", month=there[-1]), 303)


@pages.get("/figures/<month>")
def month(month: str) -> ResponseReturnValue:
    """The first page of a month's report, its trend, what became of findings."""
    page = _figures(month)
    return _shown(page) if page and not asked_by_script() else _how_far(page)


@pages.get("/month/<number>/figures")
def of_report(number: str) -> ResponseReturnValue:
    """The figures of a report; ``number``: of it, as the ledger counts them."""
    from clinicreport.desk.month_page import report_row

    row = report_row(desk_here().place(), number)
    if row is None:
        return redirect(url_for("month.month", changed=1), 303)
    return redirect(url_for(".month", month=row.month), 303)


@pages.post("/patient")
def patient() -> ResponseReturnValue:
    """A patient by id, of a month; the answer's address tells nobody who it is."""
    from clinicreport.desk.figures_model import handle

    month = request.form.get("month", "")
    page = _figures(month)
    if page is None:
        return redirect(url_for(".month", month=month), 303)
    who, clinic = request.form.get("patient", "").strip(), request.form.get("clinic")
    try:
        found = page.named(who, clinic)
    except UsageError as error:
        return _shown(page, str(error), who)
    if len(found) > 1:
        return _shown(page, who=who, several=found)
    name = handle(desk_here(), page.name, found[0].patient, found[0].clinic)
    return redirect(url_for(".one", name=name), 303)


@pages.get("/patient/<name>")
def one(name: str) -> ResponseReturnValue:
    """One patient's page; ``name``: a handle."""
    from clinicreport.books.patient import notes, patient_page
    from clinicreport.desk.figures_model import month_of, shown

    page = _figures(month_of(name))
    if page is None or asked_by_script():
        return _how_far(page)
    return render_template(
        "patient.html",
        month=page.name,
        month_words=month_words(page.name),
        patient=shown(page, _meant(page, name)),
        name=name,
        picture=_picture,
        safety=notes,
        nothing_to_draw=patient_page.NOTHING_TO_DRAW,
    )


@pages.get("/patient/<name>/<any(page, letter):kind>")
def document(name: str, kind: Kind) -> ResponseReturnValue:
    """The patient's page for Excel, or the letter for Word."""
    from clinicreport.desk import figures_model

    page = _figures(figures_model.month_of(name))
    if page is None:
        return redirect(url_for(".one", name=name), 303)
    content, called = figures_model.document(page, _meant(page, name), kind)
    return send_file(BytesIO(content), as_attachment=True, download_name=called)


def _figures(month: str) -> FiguresPage | None:
    """The month's page; None while it is being made. 404 for a month without a report."""
    from clinicreport.desk.figures_model import figures, months

    desk = desk_here()
    if month not in months(desk):
        abort(404)
    return figures(desk, month)


def _meant(page: FiguresPage, name: str) -> Facts:
    """Whom a handle means. 404 where it means nobody any more."""
    from clinicreport.desk.figures_model import find_patient

    return find_patient(desk_here(), page, name) or abort(404)


def _how_far(page: FiguresPage | None) -> ResponseReturnValue:
    """The page that waits for the figures, and the answer to its script."""
    if asked_by_script():
        here = request.script_root + request.path
        return jsonify(working=page is None, then=here, note="")
    return render_template("waiting.html", note="")


def _shown(
    page: FiguresPage, fault: str = "", who: str = "", several: Sequence[Facts] = ()
) -> ResponseReturnValue:
    """``fault``: what was amiss with the id ``who``; ``several``: clinics in which somebody has it."""
    from clinicreport.books.report import first_lines
    from clinicreport.desk.figures_model import handle, months

    desk = desk_here()
    words = render_template(
        "figures.html",
        page=page,
        months=[(name, month_words(name)) for name in reversed(months(desk))],
        month_words=month_words(page.name),
        fault=fault,
        who=who,
        several=several,
        lines=first_lines,
        picture=_picture,
        address=lambda key: url_for(".one", name=handle(desk, page.name, *key)),
    )
    return make_response(words, 422 if fault else 200)


def _picture(drawing: Drawing) -> Markup:
    """A chart as SVG; its texts are escaped where it is made."""
    from clinicreport.workbook.shapes_svg import svg
    from clinicreport.workbook.theme import Theme

    text = svg(drawing, f"{Theme.load().font}, Carlito, sans-serif")
    return Markup(text)  # noqa: S704 (its texts are escaped where it is made)
